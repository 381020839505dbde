"""What a notebook shows of logs: a card with their sums, each with its unit and definition."""

from __future__ import annotations

from html import escape

import polars as pl

from analysis.counted import tell_writes
from analysis.logs.dataset import Logs
from analysis.measures.data import span, unpriced
from analysis.measures.hits import OURS, formulas
from analysis.measures.margin import PARTS, totals
from analysis.measures.reconstruct import ALL, by_era
from analysis.words.numbers import count, extent, share, usd
from analysis.words.page import banner

_NAMES = {
    "read": "cache read",
    "write": "cache write",
    "input": "uncached input",
    "output": "output, as logged",
}
_LEFT, _RIGHT = "text-align:left", "text-align:right"


def card(logs: Logs) -> str:
    """Return logs as HTML: span, requests, tokens and dollars by class, shares, rejected lines.

    Examples
    --------
    >>> from analysis import load
    >>> "of dollars are cache reads and writes" in card(load("sample"))
    True
    """
    priced = logs.priced()
    said = "".join(
        f"<tr><th style='{_LEFT}'>{name}</th><td style='{_LEFT}'>{text}</td></tr>"
        for name, text in _facts(logs, priced).items()
    )
    made = f"<p>{_plain(banner(logs))}</p>" if banner(logs) else ""
    return f"<h4>{escape(logs.name)}</h4>{made}<table>{said}</table>{_classes(priced)}"


def _facts(logs: Logs, priced: pl.DataFrame) -> dict[str, str]:
    lines, rejected = int(logs.files["lines"].sum()), int(logs.files["rejected"].sum())
    ledger = {"lines": f"{count(lines, 'line')} read, {rejected:,} rejected"}
    days = span(priced)
    if days is None:
        return {"requests": "none"} | ledger
    missing = unpriced(priced)
    sessions = count(priced["session"].n_unique(), "session")
    of = count(logs.files.height, "file")
    return {
        "span": f"{days[0]} to {days[1]} (UTC)",
        "requests": f"{priced.height:,} in {sessions}, {of}; policy {logs.counted}",
        **_shares(logs, priced),
        "unpriced": f"{count(int(missing['requests']), 'request')}, "
        f"{share(missing['token_share'])} of tokens",
        **ledger,
    }


def _shares(logs: Logs, priced: pl.DataFrame) -> dict[str, str]:
    row = by_era(priced, logs.counted).filter(pl.col("era") == ALL).row(0, named=True)
    hits = formulas(priced).filter(pl.col("formula") == OURS).row(0, named=True)
    band = f" (90 % band: {extent((row['low'], row['high']))})" if row["rest_usd"] else ""
    true = f"{share(row['share'])}{band}" if row["share"] is not None else "no share"
    logged = share(totals(priced)["share"])
    return {
        "cache": f"{true} of dollars are cache reads and writes, output reconstructed where "
        f"the log holds a placeholder; {logged} as logged",
        "hits": f"{share(hits['value'])}: {escape(hits['definition'])}",
    }


def _classes(priced: pl.DataFrame) -> str:
    """Return tokens and list dollars by class as a table; the classes sum to the last row."""
    own = totals(priced)
    tokens = {part: int(priced[f"{part}_tokens"].sum()) for part in PARTS}
    rows = [(_NAMES[part], f"{tokens[part]:,}", usd(own[part])) for part in PARTS]
    if not tell_writes(priced):
        rows[PARTS.index("write")] = (_NAMES["write"], "not counted", "")
    if own["search"]:
        rows.append(("web searches", "", usd(own["search"])))
    rows.append(("in all", f"{sum(tokens.values()):,}", usd(own["total"])))
    body = "".join(
        f"<tr><td style='{_LEFT}'>{name}</td><td style='{_RIGHT}'>{said}</td>"
        f"<td style='{_RIGHT}'>{cost}</td></tr>"
        for name, said, cost in rows
    )
    head = "<tr><th></th><th>tokens</th><th>list price, not an invoice</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _plain(markdown: str) -> str:
    return escape(markdown.replace("**", "").replace("*", ""))
