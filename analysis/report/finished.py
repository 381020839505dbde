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
from analysis.report.bind import bind
from analysis.report.publish import MANIFEST, RenderError, whole
from analysis.report.render import _beside
from analysis.words import page as words


class Finished(NamedTuple):
    """A report's folder, what it was made from, and the logs and notebooks it is of."""

    name: str
    folder: Path
    inputs: dict[str, Any]
    logs: Logs
    notebooks: list[Path]
    bound: NotebookNode


def finished(name: str) -> Finished:
    """Return a report, once it has been seen to be whole and not older than its notebooks.

    Raises
    ------
    RenderError
        When there is none, a file of it was changed, or a notebook has run since; says how to
        make it.
    """
    first = f"make report NAME={check_name(name)}"
    folder = (REPORTS / name).resolve()
    if not folder.exists():
        raise RenderError(f"no report of {name!r} yet: {first}")
    if not whole(folder):
        raise RenderError(f"the report of {name!r} is not as it was made: {first}")
    inputs = json.loads((folder / MANIFEST).read_bytes())["inputs"]
    logs = read(name)
    notebooks = [BUILD / name / notebook.name for notebook in params.notebooks()]
    bound = bind(
        notebooks,
        title=words.TITLE,
        subtitle="",
        banner=words.banner(logs),
        provenance="",
        source=words.source(inputs["parameters"], words.whose(logs)),
    )
    beside = _beside(bound)
    there = {str(p.relative_to(folder)) for p in folder.glob("*/*")}
    if there != beside.keys() or any(
        (folder / file).read_bytes() != text.encode() for file, text in beside.items()
    ):
        raise RenderError(f"the report of {name!r} is older than its notebooks: {first}")
    return Finished(name, folder, inputs, logs, notebooks, bound)
