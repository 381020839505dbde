"""Say how the prompt grows along a session."""

from __future__ import annotations

from statistics import median

import polars as pl

from analysis.measures.growth import FEWEST_ALIVE, LONG_ENOUGH, PAUSE
from analysis.measures.resample import FEWEST, LEVEL, Interval
from analysis.measures.shapes import median_interval, slowing
from analysis.words.numbers import compact, count, extent, share

_NONE = f"No stretch of these logs has {LONG_ENOUGH} requests, so nothing is said of its shape"


def within(found: Interval, write: str = "{:,.0f}", clusters: str = "session") -> str:
    r"""Write an interval, or why there is none.

    Examples
    --------
    >>> within(Interval(984.3, 1148.9, 150)).replace("\u202f", " ")
    '90 % interval by session: 984 to 1,149'
    >>> within(Interval(None, None, 3))
    '3 sessions, too few for an interval'
    """
    if found.low is None or found.high is None:
        few = found.clusters < FEWEST
        return (
            f"{count(found.clusters, clusters)}, too few for an interval" if few else "no interval"
        )
    low, high = write.format(found.low), write.format(found.high)
    return f"{share(LEVEL, 0)} interval by {clusters}: {low} to {high}"


def opening(stretched: pl.DataFrame, fitted: pl.DataFrame, seed: int = 1) -> str:
    """Say how fast prompts grow, and whether by a straight line."""
    chains = stretched["session"].n_unique()
    if not fitted.height:
        return f"{_NONE}: {count(stretched.height, 'request')} in {count(chains, 'main chain')}."
    slope = fitted["slope"]
    low, middle, high = (slope.quantile(q, "linear") or 0 for q in (0.25, 0.5, 0.75))
    known = fitted["line"].drop_nulls().to_list()
    fit = (
        f"a straight line explains {share(median(known))} of its variance (median R²)"
        if known
        else ("prompts that do not change have no variance to explain")
    )
    ratio, band = slowing(fitted, seed=seed)
    even = (
        f"Growth is not even: second halves of stretches gain {ratio:.2f} times what first halves "
        f"gain ({within(band, '{:.2f}')})"
        if ratio is not None
        else "First halves of stretches gain nothing to compare second halves with"
    )
    having = f"{fitted['session'].n_unique():,} of {count(chains, 'main chain')}"
    return (
        f"In {count(fitted.height, 'stretch', 'es')} of {LONG_ENOUGH} requests or more, which "
        f"{having} have, the prompt grows by "
        f"**{middle:,.0f} tokens a request** (median; quartiles {low:,.0f} and {high:,.0f}; "
        f"{within(median_interval(fitted, 'slope', seed=seed))}), and {fit}. {even}."
    )


def fan(frame: pl.DataFrame, cuts: pl.DataFrame) -> str:
    """Caption the fan."""
    if frame.is_empty():
        return "No main chain has a request, so there is no prompt to follow."
    first = frame.row(0, named=True)
    half = frame.filter(2 * pl.col("chains") >= first["chains"]).row(-1, named=True)
    grown = f"The median first prompt of a main chain is {compact(first['median'])} tokens"
    if half["number"] > 1:
        grown += (
            f"; in request {half['number']:,}, which half the chains reach, it is "
            f"{compact(half['median'])}"
        )
    return (
        f"{grown}. Line: the median over chains that get that far, so that the right end is of "
        "long sessions alone; bands: half and 80 % of them. Numbers below: chains that get there; "
        f"the fan ends where fewer than {FEWEST_ALIVE} do. Triangles: "
        f"{count(cuts.height, 'compaction')}, at the prompt that was cut. Subagents are left out."
    )


def fan_alt(frame: pl.DataFrame, cuts: pl.DataFrame) -> str:
    """Say what is seen in the fan."""
    if frame.is_empty():
        return "Empty axes."
    reach = f"requests 1 to {frame['number'][-1]:,}"
    low, high = (compact(value) for value in (frame["median"][0], max(frame["median"])))
    return (
        f"A line with two bands over {reach}: the median goes from {low} to at most {high} tokens; "
        f"{count(cuts.height, 'triangle')} for compactions."
    )


def shapes(frame: pl.DataFrame) -> str:
    """Caption which shape fits how many stretches best."""
    if not frame["stretches"].sum():
        return f"{_NONE}."
    best = frame.sort("stretches", descending=True).row(0, named=True)
    line = frame.row(by_predicate=pl.col("shape") == "line", named=True)
    all_of_them = count(int(frame["stretches"].sum()), "stretch", "es")
    return (
        f"Of {all_of_them} a {best['shape']} fits best in "
        f"{share(best['stretch_share'])}, a straight line in {share(line['stretch_share'])}, which "
        f"hold {share(line['request_share'])} of their requests. Slowing: of the stretches that a "
        "shape fits best, those in which growth slows, by the sign of the quadratic. Best: lowest "
        "AICc of the prompt against the request number, by least squares, so that a parameter "
        "more must earn its place. Its errors are taken for independent, which sums of steps are "
        "not: a close call says little. Median R²: of that shape over all stretches."
    )


def exponents(fitted: pl.DataFrame, seed: int = 1) -> str:
    """Caption the exponents of cumulative reads."""
    known = fitted.drop_nulls("exponent")
    if known.is_empty():
        return "No long stretch read anything from the cache, so there is no exponent."
    quartiles = [known["exponent"].quantile(q, "linear") for q in (0.25, 0.75)]
    ends = median((known["last_tokens"] / known["mean_tokens"]).to_list())
    return (
        "Along a session, reads add up as the request number to the power "
        f"{median(known['exponent']):.2f}, not to the power 2. Median of "
        f"{count(known.height, 'stretch', 'es')}; quartiles {extent(quartiles, '{:.2f}'.format)}; "
        f"{within(median_interval(known, 'exponent', seed=seed), '{:.2f}')}. "
        "A stretch runs from one cut of the prompt to the next; its exponent is the slope of the "
        "logarithm of reads so far over that of the position. Reads are quadratic only of a prompt "
        "that begins at nothing. One that begins with a standing part and grows steadily has, at "
        "its end, its last prompt over its mean one as exponent: 1 while the standing part is most "
        f"of it, towards 2 once growth is; here {ends:.2f} (median)."
    )


def exponents_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the exponents."""
    if frame.is_empty():
        return "Empty axes with marks at 1 and 2."
    top = frame.sort("stretches", descending=True)["exponent"][0]
    reach = extent(frame["exponent"], "{:.2f}".format)
    return f"Bars from {reach}, tallest at {top:.2f}, between marks at 1 and 2."


def pace(paced: pl.DataFrame) -> str:
    """Say how many requests an hour has."""

    def rate(column: str) -> str:
        found = [paced[column].quantile(q, "linear") for q in (0.25, 0.5, 0.75)]
        low, middle, high = (value or 0 for value in found)
        return f"{middle:,.0f} (quartiles {low:,.0f} and {high:,.0f})"

    if not paced["an_hour"].count():
        return "No session is long enough to say how many requests an hour has."
    return (
        f"In {count(paced.height, 'session')} of {LONG_ENOUGH} requests or more, an hour by the "
        f"clock has {rate('an_hour')} requests, and an active one, without pauses of over "
        f"{PAUSE // 60} minutes, {rate('an_active_hour')}."
    )
