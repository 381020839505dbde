"""When the cache expires: how long gaps are, what they lose, and what another lifetime serves.

A *gap* goes from the first line of an answer to the next request in its chain. What goes on from
the prompt before has the same model, and at least half of that prompt's length: a compaction or
another model is no pause.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.facts import facts
from analysis.measures.resample import LEVEL
from analysis.sessions import CHAIN, steps, triggered

#: Less of the prompt before read than this: the cache was lost, or the prompt cut.
LOST = 0.5

#: Shorter prompts are mostly what other sessions keep in the cache too.
LEAST_CONTEXT = 20_000

#: Where one class of gaps ends and the next begins, in seconds: around the two lifetimes, with a
#: minute after each in which an entry may or may not be found.
EDGES = {
    "under 1 min": 60,
    "1 to 5 min": 300,
    "5 to 6 min": 360,
    "6 to 15 min": 900,
    "15 to 60 min": 3_600,
    "60 to 65 min": 3_900,
    "over 65 min": None,
}

LIFETIMES = {"5m": 300, "1h": 3_600}
TRIGGERS = ("human turn", "tool result")

#: Where a log has no prompts, nobody knows which of the two it was.
ANY = "request"

#: Gaps at which curves are drawn: ten seconds to a week, thirty a decade, and the two lifetimes.
GRID = sorted({*np.geomspace(10, 604_800, 145).round().tolist(), 60.0, 300.0, 3_600.0, 86_400.0})


def went_on(priced: pl.DataFrame) -> pl.DataFrame:
    """Keep requests that go on from the prompt before them, with what of it they read.

    Returns
    -------
    pl.DataFrame
        The rows of `analysis.sessions.steps` that have one before in their chain, of the same
        model and not cut in half since; with `shared_tokens` (what a live entry would serve: the
        shorter of the two prompts), `lost_tokens` (of these, not read) and `lost` (whether less
        than half of the prompt before was read).
    """
    return _with_losses(steps(priced).filter(goes_on()))


def _with_losses(ordered: pl.DataFrame) -> pl.DataFrame:
    before = pl.col("previous_context_tokens")
    shared = pl.min_horizontal(before, "context_tokens")
    return ordered.with_columns(
        shared_tokens=shared,
        lost_tokens=(shared - pl.col("read_tokens")).clip(lower_bound=0),
        lost=pl.col("read_tokens") < LOST * before,
    )


def goes_on() -> pl.Expr:
    """Return whether a request goes on from the prompt before it; null for a chain's first."""
    long = pl.col("context_tokens") >= LOST * pl.col("previous_context_tokens")
    return long & (pl.col("model") == pl.col("previous_model"))


def losses(gone_on: pl.DataFrame) -> pl.DataFrame:
    """Measure what is lost by the length of the gap, by the lifetime of what was last written.

    Main conversations alone, and prompts of 20,000 tokens or more before the gap: shorter ones
    are mostly what other sessions keep alive too.

    Returns
    -------
    pl.DataFrame
        A row per lifetime (`5m`, `1h`) and class of gaps: `lifetime`, `gap`, `requests`, `lost`
        (requests that read less than half of the prompt before), `share` (of requests), `low`,
        `high` (Wilson interval, 90 %), `token_share` (of the tokens of the prompts before).
        Shares are null where there are no requests.
    """
    from statsmodels.stats.proportion import proportion_confint

    names, edges = list(EDGES), [edge for edge in EDGES.values() if edge is not None]
    empty = pl.DataFrame({"lifetime": list(LIFETIMES)}).join(
        pl.DataFrame({"gap": names}), how="cross"
    )
    some = gone_on.filter(
        ~pl.col("is_sidechain"), pl.col("previous_context_tokens") >= LEAST_CONTEXT
    )
    found = some.group_by(
        "lifetime",
        gap=_class(edges, names),
    ).agg(
        pl.len().cast(pl.Int64).alias("requests"),
        pl.col("lost").sum().cast(pl.Int64),
        (pl.col("lost_tokens").sum() / pl.col("shared_tokens").sum()).alias("token_share"),
    )
    rows = empty.join(
        found, on=["lifetime", "gap"], how="left", maintain_order="left"
    ).with_columns(pl.col("requests", "lost").fill_null(0))
    seen = rows.filter(pl.col("requests") > 0)
    low, high = proportion_confint(
        seen["lost"].to_numpy(), seen["requests"].to_numpy(), 1 - LEVEL, method="wilson"
    )
    bounds = seen.select("lifetime", "gap", low=pl.Series(low), high=pl.Series(high))
    share = pl.when(pl.col("requests") > 0).then(pl.col("lost") / pl.col("requests"))
    return (
        rows.with_columns(share=share)
        .join(bounds, on=["lifetime", "gap"], how="left", maintain_order="left")
        .select("lifetime", "gap", "requests", "lost", "share", "low", "high", "token_share")
    )


def returns(priced: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Estimate how many answers are followed by another request, by gap and by what led to it.

    Two kinds of return compete: a prompt that a person typed, and the result of a tool. A
    conversation that is not gone on with has not returned; it is watched until the last line of
    these logs, and leaves the count there (Aalen and Johansen, 1978). Were its end taken for the
    end of watching instead, every conversation would go on for ever. Main conversations alone.

    Returns
    -------
    pl.DataFrame
        A row per gap of `GRID` that is no longer than these logs, and trigger: `gap_seconds`,
        `trigger` (`request` for all of them where the log has no prompts), `share` (of answers,
        followed by a request so led to within the gap), `answers` (how many are counted).
    """
    from statsmodels.duration.survfunc import CumIncidenceRight

    main = priced.filter(~pl.col("is_sidechain"))
    led = triggered(steps(main), events)
    if not led.height:
        return pl.DataFrame(schema=_RETURNS)
    end = priced["last_seen"].max()
    watched = (pl.lit(end) - pl.col("first_seen")).dt.total_milliseconds() / 1000
    follows = pl.col("step").shift(-1) > 0  # the next row is of the same chain
    told = (events["kind"] == "prompt").any()
    triggers = TRIGGERS if told else (ANY,)
    led = led if told else led.with_columns(trigger=pl.lit(ANY))
    numbers = range(1, len(triggers) + 1)
    kind = pl.col("trigger").shift(-1).replace_strict(triggers, numbers, default=0)
    spans = led.select(
        time=pl.when(follows).then(pl.col("gap_seconds").shift(-1)).otherwise(watched),
        kind=pl.when(follows).then(kind).otherwise(0),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        found = CumIncidenceRight(spans["time"].to_numpy(), spans["kind"].to_numpy())
    at = np.searchsorted(found.times, GRID, side="right")
    curves = [np.concatenate([[0.0], curve])[at] for curve in found.cinc]
    curves += [np.zeros(len(GRID))] * (len(triggers) - len(curves))
    rows = [
        pl.DataFrame({"gap_seconds": GRID, "share": curve}).with_columns(trigger=pl.lit(name))
        for name, curve in zip(triggers, curves, strict=True)
    ]
    seen = pl.col("gap_seconds") <= led.select(watched.max()).item()
    counted = pl.concat(rows).filter(seen).with_columns(answers=pl.lit(led.height, pl.Int64))
    return counted.select(list(_RETURNS))


_RETURNS = {
    "gap_seconds": pl.Float64(),
    "trigger": pl.String(),
    "share": pl.Float64(),
    "answers": pl.Int64(),
}


def mean_writes(priced: pl.DataFrame) -> pl.DataFrame:
    """Set the mean cache write by gap, as one account published it, beside that of these logs.

    Returns
    -------
    pl.DataFrame
        A row per class of gaps: `gap`, `published_requests`, `published_mean_tokens`, and of
        these logs `requests` and `mean_tokens` by lifetime (`5m_requests`, `5m_mean_tokens`,
        ...). Main conversations; whatever the prompt before was.
    """
    table = facts("gaps").with_columns(gap=_minutes())
    later = steps(priced).filter(pl.col("step") > 0, ~pl.col("is_sidechain"))
    edges = [60.0 * minutes for minutes in table["from_minutes"].to_list()[1:]]
    own = later.group_by(
        "lifetime",
        gap=_class(edges, table["gap"].to_list()),
    ).agg(pl.len().cast(pl.Int64).alias("requests"), pl.col("write_tokens").mean().alias("mean"))
    rows = table.select("gap", published_requests="requests", published_mean="mean_write_tokens")
    for name in LIFETIMES:
        some = own.filter(pl.col("lifetime") == name)
        some = some.select("gap", pl.col("requests", "mean").name.prefix(f"{name}_"))
        rows = rows.join(some, on="gap", how="left", maintain_order="left")
    return rows.with_columns(pl.col("^.*_requests$").fill_null(0))


def _class(edges: Sequence[float], names: Sequence[str]) -> pl.Expr:
    """Return the name of the class of gaps: each begins with its edge."""
    number = pl.sum_horizontal(pl.col("gap_seconds") >= edge for edge in edges)
    return number.replace_strict(range(len(names)), names, return_dtype=pl.String)


def _minutes() -> pl.Expr:
    low, high = pl.col("from_minutes"), pl.col("to_minutes")
    between = pl.concat_str(low, pl.lit(" to "), high, pl.lit(" min"))
    return (
        pl.when(low == 0)
        .then(pl.concat_str(pl.lit("under "), high, pl.lit(" min")))
        .when(high.is_null())
        .then(pl.concat_str(pl.lit("over "), low, pl.lit(" min")))
        .otherwise(between)
    )


def breaks(gone_on: pl.DataFrame) -> pl.DataFrame:
    """Keep what came after a gap of five minutes to an hour, both included."""
    return gone_on.filter(pl.col("gap_seconds").is_between(LIFETIMES["5m"], LIFETIMES["1h"]))


def kept_alive(priced: pl.DataFrame, lifetime: str) -> pl.DataFrame:
    """Keep requests whose prompt before was begun longer ago than it lives, and used since.

    In an unbroken stretch, one without a gap longer than the lifetime, those that come later than
    a lifetime after its first answer: did an entry's life count from its writing, they would
    find nothing.

    Parameters
    ----------
    lifetime
        `5m` or `1h`, that of what was last written.

    Returns
    -------
    pl.DataFrame
        Rows of `went_on`.
    """
    seconds = LIFETIMES[lifetime]
    broken = pl.col("gap_seconds").is_null() | (pl.col("gap_seconds") > seconds)
    begun = pl.when(broken).then("first_seen").forward_fill().over(CHAIN)
    asked = pl.coalesce("requested_at", "first_seen")
    rows = _with_losses(steps(priced)).with_columns(age=asked - begun)
    return rows.filter(
        goes_on(),
        pl.col("lifetime") == lifetime,
        pl.col("gap_seconds") <= seconds,
        pl.col("age") > pl.duration(seconds=seconds),
    )


def whole_prompts() -> float:
    """Return how often the published session can have written its whole mean prompt, at most.

    Everything it wrote, over what its requests sent on average.

    Examples
    --------
    >>> round(whole_prompts(), 1)
    7.3
    """
    row = facts("cases").filter(pl.col("case") == "session").row(0, named=True)
    prompt = row["read_tokens"] + row["write_tokens"] + row["input_tokens"]
    return float(row["write_tokens"] * row["requests"] / prompt)
