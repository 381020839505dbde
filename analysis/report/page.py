"""One page of a dataset's executed notebooks: its head and foot, its summary, its place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl

from analysis import params
from analysis.logs.files import locked, write_whole
from analysis.logs.store import read
from analysis.measures.data import span
from analysis.paths import BUILD, REPORTS
from analysis.pricebook import PriceBook, price_book
from analysis.report import inert, names
from analysis.report.bind import bind
from analysis.report.front import front
from analysis.report.inputs import inputs, lock, mixed, stale, values
from analysis.report.privacy import gate
from analysis.report.publish import RenderError, publish
from analysis.report.render import render
from analysis.words import page as words
from analysis.words.numbers import count

#: Two runs share a name, and none of them could publish what is of one run alone.
AGAIN = "another run on the same name goes on or went before; once there is none, the same again"


def build(name: str) -> Path:
    """Bind a dataset's executed notebooks, render them and publish the page.

    Returns
    -------
    Path
        The page, `reports/<name>/index.html`.
    """
    with locked(BUILD / name / ".page.lock"):
        return _build(name, BUILD / name / ".page")


def _build(name: str, draft: Path) -> Path:
    shutil.rmtree(draft, ignore_errors=True)  # of a run that was interrupted
    draft.mkdir()
    begun = draft.stat().st_mtime_ns
    try:
        home = _publish(name, draft)
    finally:
        shutil.rmtree(draft)
    os.utime(home / "index.html", ns=(begun, begun))  # what changes meanwhile is newer
    return REPORTS / name / "index.html"


def _publish(name: str, draft: Path) -> Path:
    given = values(name)
    if others := mixed(name):
        raise RenderError(f"{', '.join(others)} ran with other parameters than this run: {AGAIN}")
    everything = read(name)
    logs = everything.where(given["since"], given["until"], given["timezone"])
    priced = logs.policy(given["policy"]).priced(given["price_date"])
    book = price_book(everything.overrides)
    executed = [BUILD / name / n.name for n in params.chosen(name)]
    made = inputs(name, book)
    inert.check_notebooks(executed)
    bound = bind(
        executed,
        title=words.TITLE,
        subtitle=words.lead(priced, given),
        banner=words.banner(everything, named=names.real(name)),
        provenance=_provenance(priced, given, book) + _called(name),
        source=words.source(given, words.whose(everything)),
    )
    bound.metadata.front = front(bound, priced, everything)
    render(bound, draft, inputs=made)
    gate(draft, name, *executed)
    if changed := stale(name, made, book):
        raise RenderError(f"{' and '.join(changed)} changed meanwhile: {AGAIN}")
    # before the page: whoever is stopped between them has an old page, which make renders again
    said = words.summary(everything, priced, given, named=names.real(name))
    write_whole(BUILD / name / "summary.txt", said.encode())
    return publish(draft, REPORTS / name)


def _provenance(priced: pl.DataFrame, given: dict[str, Any], book: PriceBook) -> str:
    days = span(priced, given["timezone"])
    through = days[1] if days else "no day"
    return (
        f"Data through {through} ({given['timezone']}). Prices: {book.name} {book.version} with "
        f"{count(book.corrections, 'correction')} and {count(book.overrides, 'override')}, digest "
        f"{book.digest[:12]}. Parameters: {words.given(given)}. Environment: lock {lock()[:12]}. "
        "Every dollar is a list-price equivalent; a subscriber's invoice is something else."
    )


def _called(name: str) -> str:
    """Say how projects are called."""
    if names.real(name):
        return " Projects have the names that their owner gave them (REAL_NAMES=1)."
    return " Projects have labels, not names."
