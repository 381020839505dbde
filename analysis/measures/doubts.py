"""What a bill computed from logs leaves open, in dollars: a measurement band, no sampling error."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.logs.dataset import Logs
from analysis.measures.rates import rates
from analysis.measures.reconstruct import ALL

KINDS = {"source": pl.String, "count": pl.Int64, "of": pl.String}
KINDS |= {"low_usd": pl.Float64, "high_usd": pl.Float64, "how": pl.String}


def doubts(logs: Logs, priced: pl.DataFrame, eras: pl.DataFrame) -> pl.DataFrame:
    """List what could move the list-price bill, and by how much.

    Parameters
    ----------
    logs
        What `priced` was made of, counted by its policy.
    eras
        `measures.reconstruct.by_era` of `priced`.

    Returns
    -------
    pl.DataFrame
        `source`, `count` and what it is `of`, `low_usd` and `high_usd` (to be added to the bill;
        null where no dollars can be put on it), `how` they were found. After what can be added
        stands the bill with it, and then what is a choice, or cannot be put in dollars.
    """
    total = int(priced["total_nano"].sum()) / 1e9
    rows = [_output(eras), _unsplit(priced), _compactions(logs.events, priced)]
    low, high = (total + sum(row[end] or 0 for row in rows) for end in ("low_usd", "high_usd"))
    bill = {"source": "the bill, with these", "count": priced.height, "of": "requests"}
    how = f"${total:,.2f} as logged, and the sums of the above"
    rows.append(bill | {"low_usd": low, "high_usd": high, "how": how})
    return pl.DataFrame([*rows, _progress(priced), _unpriced(priced), _rejected(logs.files)], KINDS)


def _row(source: str, count: int, of: str, low: float | None, high: float | None, how: str) -> Any:
    return dict(zip(KINDS, (source, count, of, low, high, how), strict=True))


def _output(eras: pl.DataFrame) -> Any:
    whole = eras.filter(pl.col("era") == ALL).row(0, named=True)
    source, how = "output that the log leaves out", "predicted; low and high are the 90 % band"
    if whole["cost_usd"] is not None and whole["share"] is None:
        return _row(source, whole["requests"], "requests", None, None, "not by this policy")
    if whole["share"] is None or not whole["rest_usd"]:
        return _row(source, 0, "requests", 0, 0, how)
    short = round(whole["requests"] * (1 - whole["final_share"]))
    low, high = (
        whole["cost_usd"] * (whole["logged_share"] / whole[end] - 1) for end in ("high", "low")
    )
    return _row(source, short, "requests", low, high, how)


def _unsplit(priced: pl.DataFrame) -> Any:
    rows = priced.filter(pl.col("write_1h_tokens").is_null(), pl.col("write_tokens") > 0)
    rows = rows.filter(rates(rows)["write_1h_rate"].is_not_null()) if rows.height else rows
    hour = (rows["write_tokens"] * rates(rows)["write_1h_rate"]).sum() if rows.height else 0
    more = (float(hour) - int(rows["write_5m_nano"].sum())) / 1e9
    how = "priced at five minutes; high: at an hour"
    return _row("writes without a lifetime", rows.height, "requests", 0, max(more, 0), how)


def _compactions(events: pl.DataFrame, priced: pl.DataFrame) -> Any:
    """Price the prompts of requests that summarise, which leave no line: all read, or written."""
    found = events.filter(pl.col("kind") == "compaction")
    tokens = int(found["tokens"].sum())
    prices = rates(priced).select(pl.col("read_rate", "write_1h_rate").mean().fill_null(0))
    read, write = prices.row(0) if found.height and priced.height else (0, 0)
    source = "compactions, whose own request is not logged"
    how = "the prompt before each; low: all of it read, high: all written for an hour"
    low, high = tokens * read / 1e9, tokens * write / 1e9
    return _row(source, found.height, "events", low, high, f"{how}; without the summary's output")


def _progress(priced: pl.DataFrame) -> Any:
    source, of = "requests known from agent progress alone", "requests"
    alone = priced.filter(pl.col("origin") == "agent_progress")
    how = "in the bill; some tools leave them out. A choice, so no part of the sums"
    return _row(source, alone.height, of, -int(alone["total_nano"].sum()) / 1e9, 0, how)


def _unpriced(priced: pl.DataFrame) -> Any:
    rows = priced.filter(pl.col("total_nano").is_null())
    return _row(
        "requests without a price", rows.height, "requests", None, None, "no price is known"
    )


def _rejected(files: pl.DataFrame) -> Any:
    count, how = int(files["rejected"].sum()), "what they said is not known"
    return _row("lines that could not be read", count, "lines", None, None, how)
