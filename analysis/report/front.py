"""The first screen of the page: its findings, its figure, the count of verdicts."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
from nbformat import NotebookNode

from analysis.facts import facts
from analysis.logs.dataset import Logs
from analysis.measures import front as measure
from analysis.words import front as words
from analysis.words.findings import Finding

VERDICTS, TILES = "tab-scorecard-verdicts", "fig-scorecard-tiles"


def front(bound: NotebookNode, priced: pl.DataFrame, logs: Logs) -> dict[str, Any]:
    """Write what the front says, as the template takes it.

    Parameters
    ----------
    bound : NotebookNode
        What ``bind`` returned: its figures and tables have the reader's numbers.
    priced : polars.DataFrame
        The requests that the chapters are of.
    logs : Logs
        The dataset; whether it is synthetic.

    Returns
    -------
    dict
        ``cache``, ``invoice``, ``public`` and ``own`` (title, findings and what they are of;
        ``same``, said instead of findings where these are the public ones), ``hero``,
        ``verdicts``.
    """
    found = shown(bound)
    eras = facts("public-eras")
    public = words.findings(facts(words.PUBLIC), eras, "these sessions")
    numbers = measure.numbers(priced, found)
    own = words.findings(numbers, found.get(measure.ERAS), "these logs")
    again = (
        measure.ERAS in found
        and measure.same(numbers, facts(words.PUBLIC))
        and measure.same(found[measure.ERAS], eras)
    )
    return {
        "cache": words.CACHE,
        "invoice": words.INVOICE,
        "hero": words.hero(eras),
        "public": {
            "title": words.public_title(),
            "of": words.of_public(),
            "findings": [_finding(f, bound, figures=False) for f in public],
        },
        "own": {
            "title": words.own_title(logs.synthetic, logs.reconstruction),
            "same": words.SAME if again else "",
            "findings": [_finding(f, bound, figures=True) for f in own],
        },
        "verdicts": _verdicts(found.get(TILES)),
    }


def shown(bound: NotebookNode) -> dict[str, pl.DataFrame]:
    """Read what the front needs of the figures and tables, as published beside the page."""
    wanted = {measure.ERAS, measure.LOSSES, measure.WAYS, measure.WEIGHTS, measure.BOUNDS, TILES}
    items = [
        item
        for cell in bound.cells
        for output in cell.get("outputs", [])
        for kind in ("figure", "table")
        if (item := output.get("metadata", {}).get(kind))
    ]
    return {item.label: table(item.csv) for item in items if item.label in wanted}


def table(csv: str) -> pl.DataFrame:
    r"""Read a table back; a column without a value has no type.

    Examples
    --------
    >>> table("step,low\n1,\n").dtypes
    [Int64, Null]
    """
    frame = pl.read_csv(io.StringIO(csv), infer_schema_length=None)
    empty = [name for name in frame.columns if frame[name].null_count() == frame.height]
    return frame.with_columns(pl.col(empty).cast(pl.Null))


def _finding(finding: Finding, bound: NotebookNode, *, figures: bool) -> dict[str, Any]:
    """Give a finding its links: of the reader's to figures, of the public ones to chapters."""
    names = {item["label"]: f"Figure {item['number']}" for item in bound.metadata.figures}
    links = []
    for label in finding.labels:
        chapter = _chapter(bound, label)
        if label in names and chapter:
            number = chapter["number"]
            links.append(
                {"to": label, "text": f"{names[label]}, chapter {number}"}
                if figures
                else {"to": chapter["id"], "text": f"Chapter {number}"}
            )
    return finding._asdict() | {"links": links}


def _chapter(bound: NotebookNode, label: str) -> dict[str, Any] | None:
    """Find the chapter of a label: both have the same word."""
    word = label.split("-")[1]
    toc: list[dict[str, Any]] = bound.metadata.toc
    return next((c for c in toc if c["id"].partition("-")[2] == word), None)


def _verdicts(card: pl.DataFrame | None) -> dict[str, Any] | None:
    if card is None:
        return None
    given = card.group_by("verdict", maintain_order=True).agg(claims=pl.len())
    return {
        "title": words.verdicts_title(card),
        "said": words.verdicts_said(card),
        "to": VERDICTS,
        "words": given.to_dicts(),
    }
