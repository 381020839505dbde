"""What we compute for a claim from the reader's own logs, by the name in its column `check`.

Each takes priced requests and the policy that counted them, and gives no reading where the logs
hold nothing to compute it from. Percent are of 100.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import (
    Reading,
    context_files,
    degradation,
    growth,
    model_costs,
    redesign,
    revenue,
    value_of,
    weight,
)
from analysis.counted import tell_writes
from analysis.measures.counterfactual import times_bare
from analysis.measures.expiry import LIFETIMES, breaks, kept_alive, went_on
from analysis.measures.margin import final, totals
from analysis.measures.published import write_nano
from analysis.measures.reconstruct import whole
from analysis.sessions import steps

_LIVES = {"five-minute": "5m", "one-hour": "1h"}


def _shares(
    key: str, scale: float = 1, rest: float = 0, unit: str = ""
) -> Callable[..., list[Reading]]:
    """Return one of `totals`, scaled, or what it leaves of `rest`: as counted in three ways."""

    def own(priced: pl.DataFrame, policy: str) -> list[Reading]:
        frames = {"final output counts": final(priced, policy), "all, as logged": priced}
        values = {name: totals(frame)[key] for name, frame in frames.items()}
        if key in ("share", "ratio"):
            values = {"all, output reconstructed": whole(priced, policy)[key]} | values
        known = {name: scale * v for name, v in values.items() if v is not None}
        return [Reading(name, rest - v if rest else v, unit=unit) for name, v in known.items()]

    return own


def _part_share(*parts: str) -> Callable[..., list[Reading]]:
    """Return the share of some parts of list-price dollars."""

    def own(priced: pl.DataFrame, policy: str) -> list[Reading]:
        total = int(priced["total_nano"].sum())
        if not total or ("write_5m" in parts and not tell_writes(priced)):
            return []
        return [
            Reading(
                "all, as logged", 100 * sum(int(priced[f"{p}_nano"].sum()) for p in parts) / total
            )
        ]

    return own


def _input_rate() -> pl.Expr:
    """Return what an input token costs; where a request has none, as in its model's next one."""
    rate = pl.when(pl.col("input_tokens") > 0).then(pl.col("input_nano") / pl.col("input_tokens"))
    return rate.forward_fill().backward_fill().over("model", order_by="first_seen")


def _paid(part: str, *, apart: bool = False) -> Callable[..., list[Reading]]:
    """Return what a token class costs here, as a share of what the same tokens cost as input."""

    def own(priced: pl.DataFrame, policy: str) -> list[Reading]:
        known = priced.filter(pl.col("total_nano") > 0)
        known = known.with_columns(write_nano(), rate=_input_rate()).drop_nulls("rate")
        if not known[f"{part}_tokens"].sum():
            return []
        as_input = (pl.col("rate") * pl.col(f"{part}_tokens")).sum()
        share = value_of(known, pl.col(f"{part}_nano").sum() / as_input)
        return [Reading("paid at list", abs(100 * share - 100) if apart else 100 * share)]

    return own


def _uncached(priced: pl.DataFrame, policy: str) -> list[Reading]:
    """Set the same tokens at the input price beside what they cost."""
    times = times_bare(priced)
    if times is None:
        return []
    return [Reading("times the cost, the same tokens without a cache", times, unit="multiple")]


def _one_hour(priced: pl.DataFrame, policy: str) -> list[Reading]:
    written = priced.drop_nulls("write_1h_tokens")
    if not written["write_tokens"].sum():
        return []
    share = value_of(written, pl.col("write_1h_tokens").sum() / pl.col("write_tokens").sum())
    return [
        Reading("of tokens written, where split, are kept one hour", 100 * share, unit="percent")
    ]


def _resent(priced: pl.DataFrame, policy: str) -> list[Reading]:
    later = steps(priced).drop_nulls("previous_context_tokens")
    grown = later.select((pl.col("context_tokens") >= pl.col("previous_context_tokens")).mean())
    if not later.height:
        return []
    return [
        Reading(
            "of requests with one before, prompt no shorter", 100 * grown.item(), unit="percent"
        )
    ]


def _lost(priced: pl.DataFrame, policy: str) -> list[Reading]:
    """Return how often the cache is lost in a break, by the lifetime of what was last written."""
    away = breaks(went_on(priced))
    found = []
    for name, kept in _LIVES.items():
        if (some := away.filter(pl.col("lifetime") == kept)).height:
            text = f"lost in {some.height:,} breaks of 5 to 60 minutes after {name} writes"
            found.append(Reading(text, 100 * value_of(some, pl.col("lost").mean()), unit="percent"))
    return found


def _after_breaks(priced: pl.DataFrame, policy: str) -> list[Reading]:
    away = went_on(priced).filter(pl.col("gap_seconds") > LIFETIMES["5m"])
    total = int(priced["write_tokens"].sum())
    if not total:
        return []
    share = int(away["write_tokens"].sum()) / total
    return [Reading("of tokens written, after breaks over 5 minutes", 100 * share, unit="percent")]


def _kept_alive(priced: pl.DataFrame, policy: str) -> list[Reading]:
    """Return how often a prompt written longer ago than its lifetime is read, if used since."""
    found = []
    for name, kept in _LIVES.items():
        if (some := kept_alive(priced, kept)).height:
            text = f"still read of {some.height:,} prompts older than {name} writes, used since"
            share = value_of(some, (~pl.col("lost")).mean())
            found.append(Reading(text, 100 * share, unit="percent"))
    return found


YOURS: dict[str, Callable[[pl.DataFrame, str], list[Reading]]] = (
    {
        "write-price": _paid("write"),
        "write-premium": _paid("write", apart=True),
        "read-price": _paid("read"),
        "read-discount": _paid("read", apart=True),
        "lifetime": _one_hour,
        "resend": _resent,
        "overhead": _uncached,
        "cache-share": _shares("share", 100),
        "rest-share": _shares("share", 100, 100),
        "representative": _shares("share", 100, unit="percent"),
        "session-cache-share": _shares("share", 100),
        "session-rest-share": _shares("share", 100, 100),
        "cache-ratio": _shares("ratio"),
        "session-ratio": _shares("ratio"),
        "issue-share": _shares("token_share", 100),
        "issue-rest": _shares("token_share", 100, 100),
        "issue-ratio": _shares("token_ratio"),
        "inactivity": _after_breaks,
        "breaks": _lost,
        "last-use": _kept_alive,
        "read-share": _part_share("read"),
        "write-share": _part_share("write_5m", "write_1h"),
    }
    | growth.YOURS
    | context_files.YOURS
    | revenue.YOURS
    | model_costs.YOURS
)

#: The same for what takes the events of the logs as well: priced requests and events.
LOGGED: dict[str, Callable[[pl.DataFrame, pl.DataFrame], list[Reading]]] = (
    weight.LOGGED | degradation.LOGGED | model_costs.LOGGED | redesign.LOGGED
)
