"""A report that is finished: whole, and made of the notebooks that lie in `build/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from nbformat import NotebookNode

from analysis import params
from analysis.logs.dataset import Logs
from analysis.logs.files import check_name
from analysis.logs.store import read
from analysis.paths import BUILD, REPORTS
from analysis.pricebook import price_book
from analysis.report.bind import bind
from analysis.report.inputs import stale
from analysis.report.publish import MANIFEST, RenderError, whole
from analysis.words import page as words


class Finished(NamedTuple):
    """A report's folder, what it was made from, and the logs and notebooks it is of."""

    name: str
    folder: Path
    inputs: dict[str, Any]
    logs: Logs
    notebooks: list[Path]
    bound: NotebookNode

    @property
    def chosen(self) -> Logs:
        """The part of the logs that it is of, as its policy counts them."""
        given = self.inputs["parameters"]
        days = self.logs.where(given["since"], given["until"], given["timezone"])
        return days.policy(given["policy"])

    @property
    def named(self) -> bool:
        """Whether it has the real names of projects."""
        return bool(self.inputs["names"] == "real")


def finished(name: str) -> Finished:
    """Return a report, once it has been seen to be whole and made of what lies there now.

    Raises
    ------
    RenderError
        When there is none, a file of it was changed, or what it was made from has: a notebook,
        a table, a parameter, a price; says how to make it.
    """
    first = f"make report NAME={check_name(name)}"
    folder = (REPORTS / name).resolve()
    if not folder.exists():
        raise RenderError(f"no report of {name!r} yet: {first}")
    if not whole(folder):
        raise RenderError(f"the report of {name!r} is not as it was made: {first}")
    inputs = json.loads((folder / MANIFEST).read_bytes())["inputs"]
    logs = read(name)
    if newer := stale(name, inputs, price_book(logs.overrides)):
        raise RenderError(f"the report of {name!r} is older than {' and '.join(newer)}: {first}")
    notebooks = [BUILD / name / notebook.name for notebook in params.chosen(name)]
    bound = bind(
        notebooks,
        title=words.TITLE,
        subtitle="",
        banner=words.banner(logs, named=inputs["names"] == "real"),
        provenance="",
        source=words.source(inputs["parameters"], words.whose(logs)),
    )
    return Finished(name, folder, inputs, logs, notebooks, bound)
