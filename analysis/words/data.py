"""Say what was read."""

from __future__ import annotations

import polars as pl

from analysis.logs.dataset import Logs
from analysis.measures.data import cost_usd, span, unpriced
from analysis.words.numbers import count, day, share, usd

FLOW_ALT = "Two stacked bars: all lines by class, and usage records as requests and their copies."
LEDGER = (
    "Every line has one class, and the classes sum to the lines read, whatever days are chosen."
)
PROGRESS = (
    "The same logs with and without usage found only in agent-progress lines, by the default "
    "policy. Dollars are list-price equivalents."
)
ERAS = (
    "Client versions by era, oldest first. Stop reason share: of requests whose log line says why "
    "the answer ended. Mean output tokens: as logged, a request."
)


def opening(everything: Logs, priced: pl.DataFrame, chosen: str, timezone: str) -> str:
    """Say how much was read, what of it was chosen, and what it adds up to."""
    files, lines = everything.files.height, int(everything.files["lines"].sum())
    read = f"Read: {count(files, 'file')}, {count(lines, 'line')}. {_skipped(everything)}"
    what = f"Chosen here: {chosen}. These" if chosen else "They"
    days = span(priced, timezone)
    if days is None:
        return f"{read} {what} hold no request."
    return (
        f"{read} {what} hold {count(priced.height, 'request')} of "
        f"{count(priced['session'].n_unique(), 'session')}, {day(days[0])} to {day(days[1])} "
        f"({timezone}), at list price worth {usd(cost_usd(priced))}. {_unpriced(priced)}"
    )


def _unpriced(priced: pl.DataFrame) -> str:
    missing = unpriced(priced)
    if not missing["requests"]:
        return "Every request has a price."
    return (
        "Without a list price, and so without dollars: "
        f"{count(int(missing['requests']), 'request')} ({share(missing['token_share'])} of tokens)."
    )


def _skipped(logs: Logs) -> str:
    skipped = logs.files["skipped"].drop_nulls().len()
    return f"{count(skipped, 'file')} could not be read." if skipped else "No file was skipped."


def flow(frame: pl.DataFrame) -> str:
    """Caption the flow from lines to requests."""
    sizes = dict(frame.group_by("stage").agg(pl.col("count").sum()).iter_rows())
    parts = {(r["stage"], r["part"]): r["count"] for r in frame.to_dicts()}
    return (
        f"{count(sizes['lines'], 'line')} hold {count(sizes['usage records'], 'usage record')}, "
        f"which are {count(parts['usage records', 'requests'], 'request')}. The rest of the usage "
        "records are copies of these. Each row sums to its whole; days and policy do not matter "
        "here."
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
