"""What AI coding-agent usage costs, and how much of it is the prompt cache."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from analysis.logs.dataset import Logs

__all__ = ["describe", "load"]

#: The oldest Python that will do.
OLDEST = (3, 11)


def load(
    logs: str | PathLike[str] = "sample",
    name: str = "",
    *,
    cluster: Any = None,
    partials: str = "",
) -> Logs:
    """Return the tables of a dataset, or load a folder of logs and return its tables.

    Parameters
    ----------
    logs
        A dataset that is there, such as `mine`, or `sample`, which is shipped; or where logs are,
        as `LOGS=` of `make report` takes it: a path or an address such as `s3://bucket/logs`,
        several separated by commas, or `auto`. Of a folder that was loaded before, only what is
        new is read.
    name
        What the dataset of a folder is called. Without it, the one that holds the folder's logs,
        else `mine`, or `mine-2` and so on where that is taken.
    cluster
        Reads the logs on a Dask cluster: a `distributed.Client`, the address of a scheduler, or
        `local:4` for four workers on this machine.
    partials
        Where the machines of a cluster hand each other what they read: a folder that all share,
        or an address.

    Returns
    -------
    Logs
        Frames `copies`, `events`, `files` and `requests`; `.where(...)`, `.policy(...)` and
        `.priced(...)` narrow, recount and price them.

    Raises
    ------
    StoreError
        When there is no such dataset; lists those there are.
    NoLogsError
        When there are no logs in the folder.
    FleetError
        When a cluster cannot go on; what it did is kept.

    Examples
    --------
    >>> load("sample")
    Logs('sample': 516 requests in 56 files)
    >>> load("~/no/such/folder")
    Traceback (most recent call last):
    ...
    analysis.logs.discover.NoLogsError: no such folder: ...
    """
    from analysis.environment import installed

    with installed():
        from analysis import paths
        from analysis.logs import store
        from analysis.report import names

        wanted = fspath(logs)
        if (wanted, name) == ("sample", "") and "sample" not in store.datasets():
            wanted, name = str(paths.SAMPLE), "sample"
        if name or isinstance(logs, PathLike) or store.is_place(wanted):
            dataset = name or store.name_of(wanted)
            store.load_logs(dataset, wanted, cluster=cluster, partials=partials)
        else:
            dataset = wanted
        names.choose(dataset)
        return store.read(dataset)


def describe(table: str) -> pl.DataFrame:
    """Return the data dictionary of a table: copies, requests, events or files.

    It is a frame, and shows all of its rows.

    Raises
    ------
    SchemaError
        When there is no such table; says which there are.

    Examples
    --------
    >>> describe("requests").columns
    ['column', 'type', 'unit', 'meaning', 'nullable']
    >>> describe("sessions")
    Traceback (most recent call last):
    ...
    analysis.schema.SchemaError: no table 'sessions': there are copies, ...
    """
    from analysis.environment import installed

    with installed():
        from analysis.schema import describe

        return describe(table)
