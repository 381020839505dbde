"""What AI coding-agent usage costs, and how much of it is the prompt cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from analysis.logs.dataset import Logs

__all__ = ["describe", "load"]

#: The oldest Python that will do.
OLDEST = (3, 11)


def load(name: str = "sample") -> Logs:
    """Read the tables of a dataset that `make data` or `make report` has loaded.

    Parameters
    ----------
    name
        `sample`, `mine`, or what `NAME=` said.

    Returns
    -------
    Logs
        Frames `copies`, `events`, `files` and `requests`; `.where(...)`, `.policy(...)` and
        `.priced(...)` narrow, recount and price them.

    Raises
    ------
    StoreError
        When there is no such dataset; lists those there are.
    """
    from analysis.logs.store import read
    from analysis.report import names

    names.choose(name)
    return read(name)


def describe(table: str) -> pl.DataFrame:
    """Return the data dictionary of a table: copies, requests, events or files.

    Examples
    --------
    >>> describe("requests").columns
    ['column', 'type', 'unit', 'meaning', 'nullable']
    """
    from analysis.schema import describe

    return describe(table)
