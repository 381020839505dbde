"""Say what a cache read weighs in the quota, as far as these logs tell."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.likelihood import MOST, SPREADS, WEIGHTS, Profile, covered, interval
from analysis.measures.resample import LEVEL
from analysis.measures.weight import WAYS, tells
from analysis.measures.weight_trials import fewest
from analysis.words.numbers import compact, count, share

_LAST = float(WEIGHTS[-1])


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


def opening(found: Profile) -> str:
    """Say what the weight is here, or that it cannot be told."""
    if not found.hits:
        return (
            "**These logs cannot tell what a cache read weighs.** They hold no refusal by the "
            "five-hour limit. A window without one says only that its budget was larger than what "
            "it used, and whatever a read weighs, some budget is."
        )
    low, high = interval(found)
    seen = (
        f"{count(found.hits, 'window')} that ran out and {found.quiet:,} that did not leave a "
        f"{share(LEVEL, 0)} interval of {_between(low, high)}"
    )
    if tells(found):
        best = int(np.argmax(found.fall))
        return (
            f"**A cache read weighs {_weight(float(WEIGHTS[best]))} of an input token in this "
            f"quota** ({seen}): {_verdict(low, high)}. The budget of a window would be "
            f"{compact(float(found.budget[best]))} weighed tokens, with a spread of "
            f"{share(float(found.spread[best]), 0)}."
        )
    why = (
        f"over more than {share(MOST, 0)} of the way from 0 to 1"
        if covered(low, high) > MOST
        else f"from fewer than the {fewest()} hits that trials took to hold it often enough "
        "([](#tab-quota-trials))"
    )
    return (
        f"**These logs cannot tell what a cache read weighs.** {seen[0].upper()}{seen[1:]}, {why}."
    )


def profile(found: Profile) -> str:
    """Caption the likelihood."""
    if not found.hits:
        title = (
            "Without a limit hit these logs cannot tell what a cache read weighs: every weight is "
            "equally likely"
        )
    elif tells(found):
        title = (
            f"These logs put the weight of a cache read in the quota at "
            f"{_between(*interval(found))} of an input token ({share(LEVEL, 0)} interval)"
        )
    else:
        title = (
            f"{count(found.hits, 'limit hit')} cannot tell what a cache read weighs: "
            f"{_between(*interval(found))} of an input token ({share(LEVEL, 0)} interval)"
        )
    return (
        f"{title}. Line: the profile likelihood, at the budget and spread that suit each weight "
        "best; a limit hit has the probability that the budget lies between what was used before "
        "the last answered request and after it, a window without one that it lies above. Shaded: "
        f"the interval, where the likelihood is above the dashed line. Spreads of log budgets are "
        f"kept above {_weight(SPREADS[0])}: no log knows better what was used. Marks: weights that "
        "others published, by day, which have no part in the line."
    )


def profile_alt(found: Profile, published: pl.DataFrame) -> str:
    """Say what is seen of the likelihood."""
    if not found.hits:
        seen = "A level line at 1 from weight 0 to 1.25."
    else:
        best = float(WEIGHTS[int(np.argmax(found.fall))])
        seen = f"A curve with its top at {_weight(best)}, shaded over {_between(*interval(found))}."
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
        f"{title}. What they weigh is not published; the first row is used above. The list price "
        "of a write goes by its lifetime ([](#02-pricing)); that models weigh alike is assumed "
        "in the first two rows. *spread*: of log budgets at the best weight; the smaller it is, "
        "the better the way explains where windows ran out. *told*: from enough hits, and over "
        f"at most {share(MOST, 0)} of 0 to 1."
    )
