"""Say what was read."""

from __future__ import annotations

import polars as pl

from analysis.logs.dataset import Logs
from analysis.measures.data import unpriced
from analysis.words.numbers import count, share, usd


def opening(logs: Logs, priced: pl.DataFrame) -> str:
    """Say how much was read, and what it adds up to."""
    files, lines = logs.files.height, int(logs.files["lines"].sum())
    read = f"{count(files, 'file')} with {count(lines, 'line')} were read"
    if not priced.height:
        return f"{read}, and no request is in them for the days chosen."
    first, last = (priced["first_seen"].min(), priced["first_seen"].max())
    total = priced["total_nano"].sum() / 1e9
    return (
        f"{read}: {count(priced.height, 'request')} of "
        f"{count(priced['session'].n_unique(), 'session')}, {first:%Y-%m-%d} to {last:%Y-%m-%d} "
        f"(UTC), at list price worth {usd(total)}. {_unpriced(priced)} {_skipped(logs.files)}"
    )


def _unpriced(priced: pl.DataFrame) -> str:
    missing = unpriced(priced)
    if not missing["requests"]:
        return "Every request has a price."
    return (
        f"{count(int(missing['requests']), 'request')} "
        f"({share(missing['token_share'])} of tokens) have no list price and no dollars."
    )


def _skipped(files: pl.DataFrame) -> str:
    skipped = files["skipped"].is_not_null().sum()
    return f"{count(skipped, 'file')} could not be read." if skipped else "No file was skipped."


def flow(frame: pl.DataFrame) -> str:
    """Caption the flow from lines to requests."""
    sizes = dict(frame.group_by("stage").agg(pl.col("count").sum()).iter_rows())
    parts = {(r["stage"], r["part"]): r["count"] for r in frame.to_dicts()}
    return (
        f"{count(sizes['lines'], 'line')} hold {count(sizes['usage records'], 'usage record')}, "
        f"which are {count(parts['usage records', 'requests'], 'request')}. The rest of the usage "
        "records are copies of these; each row sums to its whole."
    )


def rejections(files: pl.DataFrame) -> str:
    """Caption the rejected lines."""
    rejected, extra = int(files["rejected"].sum()), int(files["extra_records"].sum())
    return (
        f"{count(rejected, 'line')} rejected, by reason. "
        f"{count(extra, 'extra record')} stood glued behind another or behind a broken one, "
        "and counted."
    )


def models(priced: pl.DataFrame) -> str:
    """Caption the table of models."""
    return f"Requests and tokens by model, with list-price dollars. {_unpriced(priced)}"
