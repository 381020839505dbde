"""One page of a dataset's executed notebooks: its head and foot, its summary, its place."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from analysis import params
from analysis.logs.dataset import OVERRIDES, Logs
from analysis.logs.store import read
from analysis.measures.data import span, unpriced
from analysis.measures.margin import totals
from analysis.overrides import read_overrides
from analysis.paths import BUILD, REPORTS, ROOT
from analysis.pricebook import PriceBook, price_book
from analysis.report.bind import bind
from analysis.report.render import publish, render
from analysis.words.numbers import count, ratio, share, usd

TITLE = "What coding agents cost, and how much of it is the prompt cache"
SUBTITLE = (
    "Published figures computed again, and the same measures on {whose}. "
    "List-price dollars, not an invoice."
)
SYNTHETIC = (
    "**These logs are synthetic.** They were made by a seeded simulation to show what the report "
    "looks like; what is said of *these logs* is about nobody. The published figures are real."
)


def build(name: str) -> Path:
    """Bind a dataset's executed notebooks, render them and publish the page.

    Returns
    -------
    Path
        The page, `reports/<name>/index.html`.
    """
    values = _values(name)
    logs = read(name).where(values["since"], values["until"], values["timezone"])
    logs = logs.policy(values["policy"])
    priced = logs.priced(values["price_date"])
    book = price_book(read_overrides(OVERRIDES) if OVERRIDES.exists() else None)
    bound = bind(
        [BUILD / name / n.name for n in params.notebooks()],
        title=TITLE,
        subtitle=SUBTITLE.format(whose="synthetic logs" if logs.synthetic else "your logs"),
        banner=SYNTHETIC if logs.synthetic else "",
        provenance=_provenance(priced, values, book),
    )
    with tempfile.TemporaryDirectory(dir=BUILD / name) as folder:
        out = Path(folder) / "page"
        render(bound, out, inputs={"parameters": values, "prices": asdict(book), "lock": _lock()})
        home = publish(out, REPORTS / name)
    os.utime(home / "index.html")  # the same page again is still newer than what it was made from
    (BUILD / name / "summary.txt").write_text(summary(logs, priced))
    return REPORTS / name / "index.html"


def summary(logs: Logs, priced: pl.DataFrame) -> str:
    """Return what the command line says of a dataset: a line a fact."""
    rejected = int(logs.files["rejected"].sum())
    lines = [f"dataset    {logs.name}{' (synthetic)' if logs.synthetic else ''}"]
    if days := span(priced):
        own, missing = totals(priced), unpriced(priced)
        lines += [
            f"span       {days[0]} to {days[1]} (UTC)",
            f"requests   {priced.height:,} in {count(priced['session'].n_unique(), 'session')}",
            f"dollars    {usd(own['total'])} at list price, not an invoice",
            f"cache      {share(own['share'])} of dollars are cache reads and writes, as logged "
            f"({ratio(own['ratio'])} to uncached input and output)",
            f"unpriced   {count(int(missing['requests']), 'request')}, "
            f"{share(missing['token_share'])} of tokens",
        ]
    else:
        lines.append("requests   none for the days chosen")
    lines.append(f"rejected   {rejected:,} of {count(int(logs.files['lines'].sum()), 'line')}")
    return "\n".join(lines) + "\n"


def _values(name: str) -> dict[str, Any]:
    """Return the parameters of the run: what any of the notebooks was given."""
    values: dict[str, Any] = {}
    for notebook in params.notebooks():
        values |= json.loads(params.path(name, notebook).read_text())
    return values


def _provenance(priced: pl.DataFrame, values: dict[str, Any], book: PriceBook) -> str:
    days = span(priced)
    through = days[1] if days else "no day"
    given = ", ".join(f"{k} {v}" for k, v in sorted(values.items()) if v != "" and k != "dataset")
    return (
        f"Data through {through} (UTC). Prices: {book.name} {book.version} with "
        f"{count(book.corrections, 'correction')} and {count(book.overrides, 'override')}, digest "
        f"{book.digest[:12]}. Parameters: {given}. Environment: lock {_lock()[:12]}. "
        "Every dollar is a list-price equivalent; a subscriber's invoice is something else."
    )


def _lock() -> str:
    return hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
