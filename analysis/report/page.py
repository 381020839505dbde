"""One page of a dataset's executed notebooks: its head and foot, its summary, its place."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from analysis import params
from analysis.logs.files import locked, write_whole
from analysis.logs.store import read
from analysis.measures.data import span
from analysis.paths import BUILD, REPORTS, ROOT
from analysis.pricebook import PriceBook, price_book
from analysis.report.bind import bind
from analysis.report.privacy import gate
from analysis.report.publish import publish
from analysis.report.render import render
from analysis.words import page as words
from analysis.words.numbers import count


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
    values = _values(name)
    everything = read(name)
    logs = everything.where(values["since"], values["until"], values["timezone"])
    priced = logs.policy(values["policy"]).priced(values["price_date"])
    book = price_book(everything.overrides)
    notebooks = [BUILD / name / n.name for n in params.notebooks()]
    bound = bind(
        notebooks,
        title=words.TITLE,
        subtitle=words.lead(priced, values),
        banner=words.banner(everything),
        provenance=_provenance(priced, values, book),
        source=words.source(values, words.whose(everything)),
    )
    published = {k: v for k, v in values.items() if k != "dataset"}
    render(bound, draft, inputs={"parameters": published, "prices": asdict(book), "lock": _lock()})
    gate(draft, name, *notebooks)
    # before the page: whoever is stopped between them has an old page, which make renders again
    write_whole(BUILD / name / "summary.txt", words.summary(everything, priced, values).encode())
    home = publish(draft, REPORTS / name)
    os.utime(home / "index.html", ns=(begun, begun))  # what changes meanwhile is newer
    shutil.rmtree(draft)
    return REPORTS / name / "index.html"


def _values(name: str) -> dict[str, Any]:
    """Return the parameters of the run: what any of the notebooks was given."""
    values: dict[str, Any] = {}
    for notebook in params.notebooks():
        values |= json.loads(params.path(name, notebook).read_text())
    return values


def _provenance(priced: pl.DataFrame, values: dict[str, Any], book: PriceBook) -> str:
    days = span(priced, values["timezone"])
    through = days[1] if days else "no day"
    return (
        f"Data through {through} ({values['timezone']}). Prices: {book.name} {book.version} with "
        f"{count(book.corrections, 'correction')} and {count(book.overrides, 'override')}, digest "
        f"{book.digest[:12]}. Parameters: {words.given(values)}. Environment: lock {_lock()[:12]}. "
        "Every dollar is a list-price equivalent; a subscriber's invoice is something else."
    )


def _lock() -> str:
    return hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
