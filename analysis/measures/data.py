"""What was read, what was dropped and why, and what it adds up to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from analysis.counted import known_sum
from analysis.facts import facts
from analysis.logs.dataset import Logs
from analysis.logs.identity import held_alone, resolve
from analysis.logs.sources import CLAUDE_CODE, labels
from analysis.schema import LINE_CLASSES, REASONS

TOKENS = ("input_tokens", "output_tokens", "write_tokens", "read_tokens")

#: The era of requests whose client version is not logged.
NO_VERSION = "version unknown"

#: What becomes of a line, in words, by its class.
CLASS_MEANING = {
    "usage": "an answer's usage",
    "event": "a prompt, tool error, compaction or API error",
    "synthetic": "written by the client in the model's name",
    "other": "tool results, progress, snapshots, titles",
    "blank": "nothing",
    "rejected": "could not be read",
}


def span(requests: pl.DataFrame, timezone: str = "UTC") -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of any requests."""
    if not requests.height:
        return None
    seen = requests["first_seen"].dt.convert_time_zone(timezone).dt.date().sort()
    return seen[0], seen[-1]


def cost_usd(priced: pl.DataFrame) -> float | None:
    """Return what has a price, in list-price dollars; None where nothing has."""
    known = priced["total_nano"].drop_nulls()
    return int(known.sum()) / 1e9 if known.len() else None


def ledger(files: pl.DataFrame) -> pl.DataFrame:
    """Count every line read by its class.

    Returns
    -------
    pl.DataFrame
        `class`, `lines`, `share` (of all lines), `meaning`; the counts sum to the lines read.
    """
    total = files["lines"].sum()
    rows = [(name, files[name].sum(), CLASS_MEANING[name]) for name in LINE_CLASSES]
    return (
        pl.DataFrame(rows, ["class", "lines", "meaning"], orient="row")
        .with_columns(share=pl.col("lines") / max(total, 1))
        .sort("lines", "class", descending=[True, False])
        .select("class", "lines", "share", "meaning")
    )


def rejections(files: pl.DataFrame) -> pl.DataFrame:
    """Count rejected lines by reason, all reasons there are.

    Returns
    -------
    pl.DataFrame
        `reason`, `lines`, `meaning`.
    """
    rows = [(name, files[f"rejected_{name}"].sum(), text) for name, text in REASONS.items()]
    return pl.DataFrame(rows, ["reason", "lines", "meaning"], orient="row")


def flow(logs: Logs) -> pl.DataFrame:
    """Follow lines to requests, counted by the default policy, so that each step adds up.

    Usage records are the usage lines and what was glued to them or saved from a broken line. A
    request's further lines in one file are streamed copies; read again from another file, or
    as agent progress, it is a repeat. What another report sums up is neither.

    Returns
    -------
    pl.DataFrame
        `stage` (lines or usage records), `part`, `count`; each stage sums to its whole.
    """
    said = logs.copies.filter(pl.col("origin").is_in(["assistant", "agent_progress"]))
    records, copies = int(said["lines"].sum()), said.height
    requests = logs.policy("largest").requests
    own = requests.filter(pl.col("origin").is_in(["assistant", "agent_progress"])).height
    lines = [("lines", row["class"], row["lines"]) for row in ledger(logs.files).to_dicts()]
    usage = [
        ("usage records", "requests", own),
        ("usage records", "streamed copies", records - copies),
        ("usage records", "repeats", copies - own),
    ]
    if sums := int(logs.copies.filter(pl.col("origin") == "sum")["lines"].sum()):
        usage.append(("usage records", "sums of requests", sums))
    return pl.DataFrame(lines + usage, ["stage", "part", "count"], orient="row")


def by_model(priced: pl.DataFrame) -> pl.DataFrame:
    """Sum requests by model, dearest first.

    Returns
    -------
    pl.DataFrame
        `model`, `requests`, tokens by class, `total_usd` (null without a price).
    """
    return (
        priced.group_by("model")
        .agg(pl.len().cast(pl.Int64).alias("requests"), *map(known_sum, TOKENS), _dollars())
        .sort("total_usd", "requests", "model", descending=[True, True, False], nulls_last=True)
    )


def only_here(logs: Logs) -> dict[str, Any]:
    """Count what this dataset has and no log that its last load found.

    Returns
    -------
    dict
        `gone` (files), `since` (day of the load that first missed one), `imported` (files), and of
        what these and rewritten files alone say: `requests` and their `first` and `last` day (UTC).
        A day is None where there is none.
    """
    own = logs.files.filter(pl.col("imported").is_null())
    here = own.filter(pl.col("gone").is_null())["file"]
    away = set(logs.copies["file"]) - set(here)
    requests = resolve(held_alone(logs.copies, away))
    first, last = span(requests) or (None, None)
    return {
        "gone": own["gone"].count(),
        "since": own["gone"].min(),
        "imported": logs.files["imported"].count(),
        "requests": requests.height,
        "first": first,
        "last": last,
    }


def with_era(requests: pl.DataFrame) -> pl.DataFrame:
    """Add the client-version era of `facts/eras.csv` as column `era`; null without a version.

    Another tool's versions count otherwise: all its requests are of one era, called as the tool.
    """
    bounds = facts("eras").select("era", _low=_version_number("first")).sort("_low")
    versions = (
        requests.select(pl.col("version").unique())
        .with_columns(_at=_version_number("version"))
        .sort("_at")
        .join_asof(bounds, left_on="_at", right_on="_low", strategy="backward")
        .select("version", "era")
    )
    found = requests.join(
        versions, on="version", how="left", nulls_equal=True, maintain_order="left"
    )
    if "source" not in found.columns or (found["source"] == CLAUDE_CODE).all():
        return found
    other = pl.col("source").replace_strict(labels(), default=None)
    own = pl.col("source") == CLAUDE_CODE
    return found.with_columns(pl.when(own).then("era").otherwise(other).alias("era"))


def era_names(eras: pl.Series) -> list[str]:
    """Return the names of all eras in order: of versions, without one, and other tools' in `eras`.

    Examples
    --------
    >>> era_names(pl.Series(["Codex CLI"]))[-2:]
    ['version unknown', 'Codex CLI']
    """
    known = [*facts("eras")["era"], NO_VERSION]
    return known + sorted(set(eras.drop_nulls()) - set(known))


def _version_number(column: str) -> pl.Expr:
    """Return a version as one sortable number."""
    parts = pl.col(column).str.split(".").list
    major, minor, patch = (parts.get(n, null_on_oob=True).cast(pl.Int64) for n in range(3))
    return major * 10**12 + minor * 10**6 + patch


def by_era(requests: pl.DataFrame, timezone: str = "UTC") -> pl.DataFrame:
    """Sum requests by era of client versions, oldest first.

    Returns
    -------
    pl.DataFrame
        `era`, `requests`, `versions` (how many), `first`, `last` (day), `stop_reason_share` (of
        requests whose log line says why the answer ended), `mean_output_tokens` (as logged).
    """
    day = pl.col("first_seen").dt.convert_time_zone(timezone).dt.date()
    found = (
        with_era(requests)
        .with_columns(pl.col("era").fill_null(NO_VERSION))
        .group_by("era")
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("version").drop_nulls().n_unique().cast(pl.Int64).alias("versions"),
            day.min().alias("first"),
            day.max().alias("last"),
            pl.col("stop_reason").is_not_null().mean().alias("stop_reason_share"),
            pl.col("output_tokens").mean().alias("mean_output_tokens"),
        )
    )
    order = era_names(found["era"])
    return found.sort(pl.col("era").replace_strict(order, range(len(order))))


def by_count(logs: Logs, price_date: str = "") -> pl.DataFrame:
    """Sum the same logs with and without usage found only in agent-progress lines.

    Returns
    -------
    pl.DataFrame
        Two rows: `counted`, `requests`, tokens by class, `total_usd`.
    """
    ways = {"without agent progress": "no-progress", "with agent progress": "largest"}
    rows = [
        logs.policy(policy)
        .priced(price_date)
        .select(
            pl.lit(way).alias("counted"),
            pl.len().cast(pl.Int64).alias("requests"),
            *map(known_sum, TOKENS),
            _dollars(),
        )
        for way, policy in ways.items()
    ]
    return pl.concat(rows)


def unpriced(priced: pl.DataFrame) -> dict[str, float]:
    """Measure what has no price.

    Returns
    -------
    dict
        `requests`, `tokens`, and their shares `request_share`, `token_share`.
    """
    without = priced.filter(pl.col("total_nano").is_null())
    tokens = _tokens(priced)
    return {
        "requests": without.height,
        "tokens": _tokens(without),
        "request_share": without.height / max(priced.height, 1),
        "token_share": _tokens(without) / max(tokens, 1),
    }


def share_of(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return a part of a whole; null where the whole is nothing."""
    return pl.when(whole > 0).then(part / whole)


def _tokens(frame: pl.DataFrame) -> int:
    return int(sum(frame[name].sum() for name in TOKENS))


def _dollars() -> pl.Expr:
    """Return the sum of dollars; null where nothing has a price."""
    known = pl.col("total_nano").is_not_null().any()
    return pl.when(known).then(pl.col("total_nano").sum() / 1e9).alias("total_usd")
