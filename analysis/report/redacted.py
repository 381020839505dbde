"""Requests and events as a bundle holds them: labels for ids, minutes for times.

The columns are listed here, and nothing else is let through: a column that is new in the store
stays out until somebody has thought about it. Left out are ids of messages, requests, sessions and
agents, and the numbers of log files. Lengths and token counts stay, since every number of the
report comes from them; who has the logs can find the row of a request by them.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.logs.dataset import Logs

LABELS = ("project", "session", "agent")

NANO = tuple(
    f"{part}_nano"
    for part in ("input", "output", "write_5m", "write_1h", "read", "search", "total")
)

#: Columns of `requests.parquet`: of the table `requests`, and nano-dollars at list price.
REQUESTS = (
    *LABELS,
    *("origin", "source", "is_sidechain", "requested_at", "first_seen", "last_seen"),
    *("model", "version", "service_tier", "speed", "geo", "stop_reason", "cache_miss_reason"),
    *("input_tokens", "output_tokens", "output_first_tokens", "output_last_tokens"),
    *("output_sum_tokens", "write_tokens", "write_5m_tokens", "write_1h_tokens", "read_tokens"),
    *("context_tokens", "web_searches", "text_chars", "tool_chars", "tools", "thinking_chars"),
    *("signature_chars", "lines", "copies"),
    *NANO,
)

#: Columns of `events.parquet`.
EVENTS = (*LABELS, "is_sidechain", "at", "kind", "chars", "tokens", "detail", "resets_at")


def requests(
    whole: Logs, chosen: Logs, *, price_date: str = "", exact: bool = False
) -> pl.DataFrame:
    """Return the requests of a report, priced, without what tells whose they are.

    Parameters
    ----------
    whole
        All of a dataset: labels of sessions do not hang on the days that were chosen.
    chosen
        The part of it that the report is of, by its policy.
    price_date
        As in `Logs.priced`.
    exact
        Whether times stay as they are; by default to the minute, rounded down.

    Returns
    -------
    pl.DataFrame
        `REQUESTS`, one row per request in order of time.
    """
    ordered = chosen.priced(price_date).sort("first_seen", "message_id")
    return _minutes(_labelled(ordered, whole), exact=exact).select(REQUESTS)


def events(whole: Logs, chosen: Logs, *, exact: bool = False) -> pl.DataFrame:
    """Return the events of a report without what tells whose they are: `EVENTS`, by time."""
    ordered = chosen.events.sort("at", "file", "kind", nulls_last=True, maintain_order=True)
    return _minutes(_labelled(ordered, whole), exact=exact).select(EVENTS)


def _labelled(rows: pl.DataFrame, whole: Logs) -> pl.DataFrame:
    """Replace ids by labels that stay when logs are added, and are the same after a fresh load."""
    seen = pl.concat(
        [
            whole.copies.select("session", "agent", at="first_seen"),
            whole.events.select("session", "agent", "at"),
        ]
    )
    began = pl.col("at").dt.strftime("%Y%m%d-%H%M").fill_null("undated")
    twin = pl.int_range(1, pl.len() + 1).over(began, order_by=("at", "session"))
    sessions = (
        seen.drop_nulls("session")
        .group_by("session")
        .agg(pl.col("at").min())
        .with_columns(label=pl.format("session-{}", began), twin=twin)
        .select(
            "session",
            label=pl.when(pl.col("twin") > 1)
            .then(pl.format("{}-{}", "label", "twin"))
            .otherwise("label"),
        )
    )
    number = pl.int_range(1, pl.len() + 1).over("session", order_by=("at", "agent"))
    agents = (
        seen.drop_nulls("agent")
        .group_by("session", "agent")
        .agg(pl.col("at").min())
        .select("session", "agent", name=pl.format("agent-{}", _padded(number)))
    )
    joined: Any = {"how": "left", "nulls_equal": True, "maintain_order": "left"}
    return (
        rows.join(agents, on=["session", "agent"], **joined)
        .join(sessions, on="session", **joined)
        .with_columns(session="label", agent="name")
    )


def _padded(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.zfill(2)


def _minutes(rows: pl.DataFrame, *, exact: bool) -> pl.DataFrame:
    if exact:
        return rows
    return rows.with_columns(pl.col(pl.Datetime("us", "UTC")).dt.truncate("1m"))
