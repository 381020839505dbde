"""Two sets of requests beside each other: what differs, and by more than such sessions do anyway.

A set is what it is; whether the next sessions like these would differ as well is a question of
sampling, so the difference has an interval: whole sessions are drawn, days for what is a day's, and
whole projects where there are enough.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.counted import prompt, tell_writes
from analysis.measures.published import write_nano
from analysis.measures.rebuilds import NEW_CHAIN
from analysis.measures.resample import DRAWS, FEWEST, Interval, Sums, Value, intervals


class Measure(NamedTuple):
    """One sum over another, of a set's requests; `unit` is usd, share or tokens."""

    name: str
    unit: str
    part: str
    whole: str
    cluster: str = "session"


_REBUILT = Measure("premium of rebuilds, of dollars", "share", "premium", "nano")

OUTPUT = "output tokens a request"

#: What is compared.
MEASURES = (
    Measure("dollars a day with requests", "usd", "nano", "days", "day"),
    Measure("dollars a session", "usd", "nano", "sessions"),
    Measure("cache, of dollars", "share", "cache", "nano"),
    Measure("hit rate, of prompt tokens", "share", "read", "prompt"),
    _REBUILT,
    Measure(OUTPUT, "tokens", "output", "requests"),
    Measure("prompt tokens a request", "tokens", "prompt", "requests"),
)

_SUMS = ("nano", "cache", "premium", "read", "prompt", "output", "requests", "sessions")
_MANY, _FEWER = 2_000, 500  # clusters from which on so many draws do
_NANO = {"usd": 1e9}

_ENDS = ("low", "high", "change_low", "change_high", "project_low", "project_high")
_FIRST = ("measure", "unit", "a", "b", "difference", "low", "high", "beyond")
_SCHEMA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("measure", "unit", "drawn"), pl.String),
    **dict.fromkeys(("a", "b", *_ENDS), pl.Float64),
}


def compare(a: pl.DataFrame, b: pl.DataFrame, timezone: str = "UTC", seed: int = 1) -> pl.DataFrame:
    """Compare two sets of requests by each of `MEASURES`.

    Parameters
    ----------
    a, b
        `analysis.measures.rebuilds.rebuilt`, or some of its rows. A session may be in both.
    timezone
        Whose days.

    Returns
    -------
    pl.DataFrame
        A row per measure: `measure`, `unit`, `drawn` (session or day), `a`, `b`, `difference` (b
        less a) with its 90 % interval `low` and `high`, and `beyond` (whether that is all on one
        side of 0); `change` (b over a, less 1) with `change_low` and `change_high`;
        `project_low`, `project_high` and `project_beyond`, of the difference with projects drawn;
        `of_a` and `of_b` (sessions or days of each). Intervals are null where either set has
        fewer than `FEWEST` of what is drawn, values where nothing has a price, or of rebuilds where
        nobody counted what a set wrote.

    Examples
    --------
    >>> from analysis import load
    >>> from analysis.measures.rebuilds import rebuilt
    >>> logs = load("sample")
    >>> rows = rebuilt(logs.priced(), logs.events)
    >>> found = compare(rows, rows)
    >>> found["difference"].to_list() == [0.0] * found.height, found["beyond"].any()
    (True, False)
    """
    sides = {"a": _sums(a), "b": _sums(b)}
    by_day = {"a": _days(a, timezone), "b": _days(b, timezone)}
    both, days = _beside(sides, ("project", "session")), _beside(by_day, ("day",))
    totals = both.select(pl.col("^[ab]_.*$").sum()).row(0, named=True)
    totals |= days.select(pl.col("a_days", "b_days").sum()).row(0, named=True)
    drawn = {
        "session": _drawn(both, sides, "session", seed),
        "day": _drawn(days, by_day, "day", seed),
        "project": _drawn(both, sides, "project", seed),
    }
    unknown = () if tell_writes(a) and tell_writes(b) else (_REBUILT,)
    rows = [_none(one) if one in unknown else _row(one, totals, drawn) for one in MEASURES]
    count = {"day": [days.height for days in by_day.values()]}
    count["session"] = [frame["session"].n_unique() for frame in sides.values()]
    more, beyond = pl.col("b") - pl.col("a"), (pl.col("low") > 0) | (pl.col("high") < 0)
    wider = (pl.col("project_low") > 0) | (pl.col("project_high") < 0)
    found = pl.DataFrame(rows, _SCHEMA, orient="row").with_columns(
        difference=more,
        change=pl.when(pl.col("a") > 0).then(more / pl.col("a")),
        beyond=beyond,
        project_beyond=wider,
        of_a=pl.Series([count[one.cluster][0] for one in MEASURES]),
        of_b=pl.Series([count[one.cluster][1] for one in MEASURES]),
    )
    return found.select(*_FIRST, pl.exclude(_FIRST))


def _sums(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum requests by session."""
    priced = pl.col("total_nano").is_not_null()
    found = rows.select(
        "project",
        "session",
        nano="total_nano",
        cache=pl.when(priced).then(pl.col("read_nano") + write_nano()),
        premium=pl.when((pl.col("cause") != NEW_CHAIN).fill_null(False)).then("premium_nano"),
        read="read_tokens",
        prompt=prompt(),
        output="output_tokens",
        requests=pl.lit(1, pl.Int64),
        sessions=priced,
    )
    return found.group_by("project", "session").agg(
        pl.col(_SUMS[:-1]).sum(), pl.col("sessions").any().cast(pl.Int64)
    )


def _days(rows: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """Sum the dollars of days that have any request with a price."""
    local = pl.col("first_seen").dt.convert_time_zone(timezone)
    priced = rows.filter(pl.col("total_nano").is_not_null())
    days = priced.select(day=local.dt.date(), nano="total_nano").group_by("day").agg(pl.sum("nano"))
    return days.with_columns(days=pl.lit(1, pl.Int64))


def _beside(sides: dict[str, pl.DataFrame], by: tuple[str, ...]) -> pl.DataFrame:
    """Set the sums of both sets beside each other; 0 where one has none."""
    named = [
        frame.rename({name: f"{side}_{name}" for name in frame.columns if name not in by})
        for side, frame in sides.items()
    ]
    joined = named[0].join(named[1], on=list(by), how="full", coalesce=True, nulls_equal=True)
    return joined.with_columns(pl.col("^[ab]_.*$").fill_null(0))


def _drawn(
    both: pl.DataFrame, sides: dict[str, pl.DataFrame], cluster: str, seed: int
) -> dict[str, Interval]:
    """Draw clusters, and return the intervals of what can be had of them."""
    count = both[cluster].n_unique()
    if min(frame[cluster].n_unique() for frame in sides.values()) < FEWEST:
        return {}
    names = [name for name in both.columns if name.startswith(("a_", "b_"))]
    values: dict[str, Value] = {}
    for one in MEASURES:
        if {f"a_{one.part}", f"a_{one.whole}"} <= set(names):
            values[one.name] = partial(_difference, one=one)
            values[_changing(one)] = partial(_change, one=one)
    sums = {name: pl.col(name).sum() for name in names}
    draws = DRAWS if count <= _MANY else _FEWER
    return intervals(both, sums, values, cluster=cluster, seed=seed, draws=draws)


def _ratio(sums: Sums, side: str, one: Measure) -> npt.NDArray[np.float64]:
    found = sums[f"{side}_{one.part}"] / sums[f"{side}_{one.whole}"]
    return np.asarray(found / _NANO.get(one.unit, 1))


def _difference(sums: Sums, one: Measure) -> npt.NDArray[np.float64]:
    return np.asarray(_ratio(sums, "b", one) - _ratio(sums, "a", one))


def _change(sums: Sums, one: Measure) -> npt.NDArray[np.float64]:
    return np.asarray(_ratio(sums, "b", one) / _ratio(sums, "a", one) - 1)


def _row(
    one: Measure, totals: dict[str, int], drawn: dict[str, dict[str, Interval]]
) -> tuple[str | float | None, ...]:
    """Return one measure's name, values, and the ends of its intervals."""
    a, b = (_value(totals, side, one) for side in ("a", "b"))
    own, wider = drawn[one.cluster], drawn["project"]
    found = (own.get(one.name), own.get(_changing(one)), wider.get(one.name))
    ends = [end for drawn in found for end in (drawn[:2] if drawn else (None, None))]
    return (one.name, one.unit, one.cluster, a, b, *ends)


def _none(one: Measure) -> tuple[str | float | None, ...]:
    """Return a measure of which nothing is known."""
    return (one.name, one.unit, one.cluster, *[None] * (len(_SCHEMA) - 3))


def _value(totals: dict[str, int], side: str, one: Measure) -> float | None:
    part, whole = totals[f"{side}_{one.part}"], totals[f"{side}_{one.whole}"]
    return part / whole / _NANO.get(one.unit, 1) if whole else None


def _changing(one: Measure) -> str:
    return f"change of {one.name}"
