"""What a report is made from, as digests, and whether a report is still what was made from it."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis import params
from analysis.crosscheck import result
from analysis.logs.batches import STORED
from analysis.logs.files import folder
from analysis.logs.manifest import read_dataset
from analysis.logs.team import stamp
from analysis.paths import BUILD, REPORTS, ROOT
from analysis.pricebook import PriceBook
from analysis.report import names
from analysis.report.publish import MANIFEST, differences, digest

#: What each input is called where it differs.
_CALLED = {
    "parameters": "the parameters",
    "prices": "the prices",
    "lock": "the pins of requirements.lock",
    "names": "the names of projects",
    "tables": "the tables",
    "crosscheck": "the numbers of ccusage",
    "team": "the rows of the team",
    "notebooks": "the executed notebooks",
}


def values(name: str) -> dict[str, Any]:
    """Return the parameters of a dataset's run: what any of the notebooks was given."""
    found: dict[str, Any] = {}
    for notebook in params.chosen(name):
        found |= json.loads(params.path(name, notebook).read_text())
    return found


def lock() -> str:
    """Return the digest of the environment's lock file."""
    return digest(ROOT / "requirements.lock")


def inputs(name: str, book: PriceBook) -> dict[str, Any]:
    """Return what a dataset's report is made from, without a name or a path.

    Parameters
    ----------
    name : str
        A dataset whose notebooks have been executed.
    book : PriceBook
        What its requests were priced with.

    Returns
    -------
    dict
        As JSON can hold it: `parameters`, `prices`, `lock`, and the SHA-256 of each executed
        notebook and, by table, of each stored part, sorted; digests of the comparison with
        another tool and of a team, empty without one.
    """
    told = values(name)
    given = {key: value for key, value in told.items() if key not in ("dataset", "team")}
    found = read_dataset(name)
    batches = found.batches if found else {}
    tables = {
        table: sorted(_digest(folder(name) / batch / f"{table}.parquet") for batch in batches)
        for table in STORED
    }
    notebooks = {n.stem: _digest(BUILD / name / n.name) for n in params.chosen(name)}
    made = {
        "parameters": given,
        "prices": asdict(book),
        "lock": lock(),
        "names": "real" if names.real(name) else "labels",
        "tables": tables,
        "crosscheck": result.stamp(name),
        "team": stamp(told.get("team", "")),
        "notebooks": notebooks,
    }
    whole: dict[str, Any] = json.loads(json.dumps(made))
    return whole


def _digest(path: Path) -> str:
    try:
        return digest(path)
    except FileNotFoundError:
        return "gone"


def changed(name: str, book: PriceBook) -> list[str]:
    """Say in what a report differs from its manifest, and what of it is no more as it was.

    Returns
    -------
    list of str
        One for each file of the page and each input that differs; empty for a report that is
        whole and up to date, and where there is none.
    """
    report = REPORTS / name
    if not report.exists():
        return []
    said = differences(report)
    try:
        told = json.loads((report / MANIFEST).read_bytes())["inputs"]
        other = stale(name, told, book)
    except (OSError, ValueError, KeyError, TypeError):
        return said or ["what it was made from is gone"]
    return [*said, *(f"{called} are no more those it was made from" for called in other)]


def stale(name: str, told: Mapping[str, Any], book: PriceBook) -> list[str]:
    """Name what is no more what it was when a report was made, of which its manifest tells."""
    now = inputs(name, book)
    return [called for key, called in _CALLED.items() if told.get(key) != now[key]]


def mixed(name: str) -> list[str]:
    """Name the executed notebooks that ran with other parameters than a dataset's run now has.

    Two runs that share a name leave such: the later writes its parameters while the earlier runs.
    """
    return [
        n.stem
        for n in params.chosen(name)
        if _ran_with(BUILD / name / n.name) != json.loads(params.path(name, n).read_text())
    ]


def _ran_with(executed: Path) -> dict[str, Any]:
    """Return the parameters that papermill wrote into a notebook."""
    (cell,) = params.cells(executed, "injected-parameters")
    return {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in ast.parse(cell).body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }
