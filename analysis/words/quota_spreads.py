"""Say how far a quota's published rates lie apart."""

from __future__ import annotations

import polars as pl

from analysis.measures.quota import session_hours
from analysis.words.numbers import count
from analysis.words.quota_labels import multiple
from analysis.words.sources import published

RATES = published("burn-rates")
SPREADS = published("burn-rates", "quota-windows", "quota-spreads")
WINDOWS = published("quota-windows", "quota-classes")


def rates(frame: pl.DataFrame) -> str:
    """Caption the burn rates of #22435."""
    whole, short = frame["rate"], frame.filter("fits")["rate"]
    least = frame["at_least"]
    early = frame.filter(pl.col("reset_hours") < session_hours()).height
    return (
        f"The rates of the account that reports variance lie {_apart(whole)} apart by the hour of "
        f"wall clock, and {_apart(short)} in the stretches that fit in a five-hour window. They "
        f"are the {count(frame.height, 'rate')} of #22435, {short.len():,} of which fit. The "
        f"{count(frame.height - short.len(), 'other')} last up to "
        f"{frame['hours'].to_numpy().max():.1f} hours, nights included: of each, five hours at "
        "most belong to the window that its last reading is of, so its rate was at least what the "
        f"column says, and the spread at this bound is {_apart(least)}. When anybody worked is not "
        "published, so no rate of an hour of work can be had. Nor do the stretches fit the rule: "
        f"{count(early, 'reset')} came sooner than five hours after the one before. Points are "
        "percent of the five-hour quota; the last stretch has no end, and its printed hours stand."
    )


def _spread(values: pl.Series) -> float:
    known = values.to_numpy()
    return float(known.max() / known.min())


def _apart(values: pl.Series) -> str:
    return multiple(_spread(values))


def rate_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the burn rates as a table."""
    return frame.select(
        "window",
        pl.col("begins").dt.strftime("%d %b %H:%M"),
        "hours",
        "points",
        pl.col("printed_rate").alias("an hour, printed"),
        pl.col("rate").alias("an hour, ours"),
        pl.col("at_least").alias("an hour of its window, at least"),
        pl.col("reset_hours").alias("hours to the next reset"),
    )


def spreads(frame: pl.DataFrame, mix: float) -> str:
    """Caption the spreads."""
    found = {row["label"]: row for row in frame.to_dicts()}
    quoted = found["#22435, as #29000 quotes it"]
    hour = found["#22435, an hour of wall clock"]
    five, eight = (
        found[f"ArkNill, {which}"] for which in ("the five windows it counts", "all eight windows")
    )
    return (
        f"The report that is cited for a quota that differs {multiple(quoted['printed'])} shows "
        f"{multiple(hour['spread'])} by its own rates, in points an hour. A point is "
        "a percent of the quota, as the meter shows it. The report is issue #22435, "
        f"cited for {multiple(hour['printed'])} as well; two extremes quoted from it lie "
        f"{multiple(quoted['spread'])} apart in tokens a point. An hour says nothing of what was "
        "done in it: tokens a point would show a rule that changes. A proxy saw "
        f"{multiple(five['spread'])} over the five windows that its author counts, "
        f"{multiple(eight['spread'])} over all eight. No spread here shows by itself that a rule "
        "was broken: under one fixed rule raw tokens a point differ with their mix and model. "
        f"By the weights of the headers of December 2025 mix alone would allow {multiple(mix)} "
        "for one model (a point all of output, one all of reads). That rests on one pair of calls "
        "for the read and on what was told for the output, and were reads free there would be no "
        "bound. Accounts, plans and ways of weighing "
        "differ from row to row; two accounts rest on budgets that are inferred. Diamonds: as "
        "printed."
    )


def spreads_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the spreads."""
    listed = "; ".join(f"{r['label']}: {multiple(r['spread'])}" for r in frame.to_dicts())
    return f"A dot in each row on a log axis from one, how far rates lie apart. {listed}."


def windows(frame: pl.DataFrame) -> str:
    """Caption the windows that a proxy saw."""
    kept = frame.filter("chosen")
    split = (_spread(kept["free"]) > _spread(kept["full"])) != (
        _spread(frame["free"]) > _spread(frame["full"])
    )
    says = "the choice of windows decides" if split else "both choices of windows agree"
    return (
        f"Cache reads a point lie {_apart(kept['reads'])} apart over the five windows that the "
        f"author counts and {_apart(frame['reads'])} over all eight. A right weight would bring "
        f"points together. With reads near free, as headers had them in December 2025, the five "
        f"lie {_apart(kept['free'])} apart, with reads in full {_apart(kept['full'])}; all eight "
        f"{_apart(frame['free'])} and {_apart(frame['full'])}: {says}. Windows of few points are "
        "rounded most, and cache writes and thinking are not in the table, so no weight can be "
        "told from it. Output weighs five times input in both columns, as then (assumed to hold "
        "still)."
    )


def window_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the proxy's windows as a table."""
    return frame.select(
        "window",
        "points",
        "requests",
        pl.col("chosen").alias("counted by its author"),
        pl.col("reads").alias("reads a point"),
        pl.col("output").alias("output a point"),
        pl.col("free").alias("weighted, reads near free"),
        pl.col("full").alias("weighted, reads in full"),
    )
