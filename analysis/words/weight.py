"""Say what a cache read weighs in the quota, as far as these logs tell."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.facts import facts
from analysis.measures.likelihood import MOST, SPREADS, WEIGHTS, Profile, covered, interval
from analysis.measures.resample import LEVEL
from analysis.measures.weight import WAYS, Span, tells, union
from analysis.measures.weight_trials import fewest, held
from analysis.words.numbers import compact, count, extent, share

_LAST = float(WEIGHTS[-1])
_NEAR = 1.001  # of the floor: on it


def _weight(value: float) -> str:
    """Write a weight.

    >>> _weight(0.0719), _weight(1.0)
    ('0.07', '1.00')
    """
    return f"{value:.2f}"


def _between(low: float, high: float) -> str:
    """Write an interval of the weight; what ends where weights do has no end.

    >>> _between(0.0719, 0.126), _between(0.4, 1.25)
    ('0.07 to 0.13', '0.40 and more')
    """
    return f"{_weight(low)} to {_weight(high)}" if high < _LAST else f"{_weight(low)} and more"


def _verdict(low: float, high: float) -> str:
    """Say which of the two answers an interval leaves."""
    free, full = low <= 0, high >= 1
    if free and full:
        return "neither free reads nor reads at full weight are excluded"
    if full:
        return "free reads are excluded, full weight is not"
    if free:
        return "full weight is excluded, free reads are not"
    return "both free reads and reads at full weight are excluded"


def taken() -> str:
    """Say what other tokens weigh in the way that the meter had once.

    >>> taken()
    'writes weigh 1 and output 5'
    """
    weight = dict(facts("quota-classes").select("token", "weight").rows())
    return f"writes weigh {float(weight['cache write']):.3g} and output {weight['output']:g}"


def opening(found: dict[str, Profile]) -> str:
    """Say what the weight is here over all ways to weigh other tokens, or that nothing tells it.

    Parameters
    ----------
    found
        `measures.weight.profiles`.
    """
    span = union(found)
    if not span.hits:
        return (
            "**These logs cannot tell what a cache read weighs.** They hold no refusal by the "
            "five-hour limit. A window without one says only that its budget was larger than what "
            "it used, and whatever a read weighs, some budget is."
        )
    seen = (
        f"{count(span.hits, 'window')} that ran out and {span.quiet:,} that did not leave "
        f"{_between(span.low, span.high)}, over the {share(LEVEL, 0)} intervals of "
        f"{count(len(WAYS), 'way')} to weigh other tokens"
    )
    if tells(span):
        said = (
            f"**A cache read weighs {_between(span.low, span.high)} of an input token in this "
            f"quota, if one of {count(len(WAYS), 'way')} to weigh other tokens is right** "
            f"({count(span.hits, 'window')} that ran out and {span.quiet:,} that did not): "
            f"{_verdict(span.low, span.high)}."
        )
    else:
        why = (
            f"over more than {share(MOST, 0)} of the way from 0 to 1"
            if covered(span.low, span.high) > MOST
            else f"from fewer than the {fewest()} hits that trials took to hold it often enough "
            "([](#tab-quota-trials))"
        )
        said = f"**These logs cannot tell what a cache read weighs.** {seen}, {why}."
    return f"{said} {_one_way(found['headers'])} {_held(span)}"


def _one_way(found: Profile) -> str:
    """Say what is found if other tokens weigh as the meter had it."""
    best = int(np.argmax(found.fall))
    spread = share(float(found.spread[best]), 0)
    floor = found.spread[best] <= SPREADS[0] * _NEAR
    spread = (
        f"at the floor of {spread}, which sets how wide the interval is" if floor else f"{spread}"
    )
    return (
        f"If {taken()}, as one reading of the meter had it, the likeliest is "
        f"{_weight(float(WEIGHTS[best]))} ({_between(*interval(found))}), with a budget of "
        f"{compact(float(found.budget[best]))} weighed tokens a window; the spread of log budgets "
        f"is {spread}."
    )


def _whole(value: float) -> str:
    return share(value, 0)


def _held(span: Span) -> str:
    """Say how often the like of it held the weight in trials."""
    (hits, *right), (_, *wrong), (_, *both) = (
        held(span.hits, way) for way in ("interval", "misweighed", "union")
    )
    return (
        f"In trials of {count(hits, 'hit')} {extent(right, _whole)} of {share(LEVEL, 0)} intervals "
        f"held the weight if writes were weighed right, {extent(wrong, _whole)} if they were taken "
        f"for twice as heavy, and {extent(both, _whole)} of the spans over both."
    )


def profile(found: dict[str, Profile]) -> str:
    """Caption the likelihood."""
    span = union(found)
    between = (
        f"{_between(span.low, span.high)} of an input token, over {count(len(WAYS), 'way')} to "
        "weigh other tokens"
    )
    if not span.hits:
        title = (
            "Without a limit hit these logs cannot tell what a cache read weighs: every weight is "
            "equally likely"
        )
    elif tells(span):
        title = f"These logs put the weight of a cache read in the quota at {between}"
    else:
        hits = count(span.hits, "limit hit")
        title = f"{hits} cannot tell what a cache read weighs: {between}"
    return (
        f"{title}. Lines: the profile likelihood of each way, at the budget and spread that suit "
        "each weight best; a limit hit has the probability that the budget lies between what was "
        "used before the last answered request and after it, a window without one that it lies "
        f"above. Shaded: the {share(LEVEL, 0)} interval if {taken()}, where the likelihood is "
        "above the dashed line. Spreads of log budgets are "
        f"kept above {_weight(SPREADS[0])}, because no log knows better what was used; a line at "
        "that floor is as wide as the floor makes it. Marks: weights that others published, by "
        "day, which have no part in the lines."
    )


def profile_alt(profiles: dict[str, Profile], published: pl.DataFrame) -> str:
    """Say what is seen of the likelihood."""
    found, span = profiles["headers"], union(profiles)
    if not found.hits:
        seen = "A level line at 1 from weight 0 to 1.25."
    else:
        best = float(WEIGHTS[int(np.argmax(found.fall))])
        seen = (
            f"A curve with its top at {_weight(best)}, shaded over {_between(*interval(found))}; "
        )
        seen += f"beside it those of other ways, {_between(span.low, span.high)} over all."
    zero = published.filter(pl.col("weight") < 0.5).height
    return (
        f"{seen} Below it {count(published.height, 'published weight')}: {zero} at or near 0, "
        f"{published.height - zero} at 1."
    )


def ways(frame: pl.DataFrame) -> pl.DataFrame:
    """Name the rows of the table of ways."""
    return frame.with_columns(
        pl.col("way").replace_strict(WAYS),
        told=pl.when("told").then(pl.lit("yes")).otherwise(pl.lit("no")),
    ).rename({"way": "input, output and writes weigh", "told": "told", "quiet": "quiet windows"})


def ways_caption(frame: pl.DataFrame) -> str:
    """Caption the table of ways."""
    known = frame.drop_nulls("best")
    if known.is_empty():
        title = "Without a limit hit no way to weigh other tokens gives a weight of reads"
    else:
        best = [_weight(value) for value in (min(known["best"]), max(known["best"]))]
        title = (
            "The weight of a read depends on what other tokens are taken to weigh: "
            f"{' to '.join(dict.fromkeys(best))}"
        )
    return (
        f"{title}. What they weigh is not published; the headline spans all rows, and the "
        "first is shaded above. The list price of a write goes by its lifetime "
        "([](#02-pricing)); that models weigh alike is assumed in the first "
        "two rows. *spread*: of log budgets at the best weight; the smaller it is, "
        f"the better the way explains where windows ran out, down to {_weight(SPREADS[0])}, the "
        "floor, where ways cannot be told apart. *told*: from enough hits, and over "
        f"at most {share(MOST, 0)} of 0 to 1."
    )
