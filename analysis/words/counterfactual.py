"""Say what the same work would have cost otherwise."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.measures.pings import MARGIN_SECONDS
from analysis.words.numbers import NARROW_SPACE, compact, count, extent, money, share, usd
from analysis.words.sources import published

AMONG_PUBLISHED = f"these logs and {published('cases')}"

_MILLION = 1e6
_CENTS = 1_000  # dollars: below, steps are written to the cent and add up but for one

NO_BILL = "No request of these logs has a price, so there is no bill to compare with."


def times(value: float | None) -> str:
    """Write a multiple of the bill.

    Examples
    --------
    >>> times(6.336), times(0.0766), times(None), times(1234.5)
    ('6.34×', '0.077×', 'no ratio', '1,234×')
    """
    if value is None:
        return "no ratio"
    if value >= 100:
        return f"{value:,.0f}×"
    return f"{value:.2f}×" if value >= 0.1 else f"{value:.2g}×"


def brief(dollars: float) -> str:
    r"""Write dollars as they stand at a bar.

    Examples
    --------
    >>> brief(9824.1), brief(41.12), brief(0.5), brief(12_345_678)
    ('$9,824', '$41.12', '$0.50', '$12.3\u202fM')
    """
    if abs(dollars) >= _MILLION:
        return f"${compact(dollars)}"
    whole = abs(dollars) >= 100 or not dollars
    return f"${dollars:,.0f}" if whole else f"${dollars:,.2f}"


def written(frame: pl.DataFrame) -> Callable[[float], str]:
    r"""Return how all dollars of a waterfall are written: cents for all, or for none.

    Examples
    --------
    >>> for end in (9824.1, 142.14, 12_345_678):
    ...     write = written(pl.DataFrame({"start_usd": [0.5], "end_usd": [end]}))
    ...     write(end), write(0.5)
    ('$9,824', '$0')
    ('$142.14', '$0.50')
    ('$12.35\u202fM', '$0.00\u202fM')
    """
    largest = max([0.0, *frame["start_usd"], *frame["end_usd"]])
    if largest >= _MILLION:
        return lambda dollars: f"${dollars / _MILLION:,.2f}{NARROW_SPACE}M"
    return usd if 1 <= largest < _CENTS else money(largest)


def change(dollars: float, write: Callable[[float], str]) -> str:
    """Write what is added or taken away.

    Examples
    --------
    >>> change(8273.6, "${:,.0f}".format), change(-12.5, "${:,.2f}".format)
    ('+$8,274', '−$12.50')
    """
    return f"{'−' if dollars < 0 else '+'}{write(abs(dollars))}"


def opening(readings: pl.DataFrame, outputs: pl.DataFrame) -> str:
    """Say both readings of the cache, with output as it really was, and as logged.

    Parameters
    ----------
    readings
        `measures.counterfactual.readings`.
    outputs
        `measures.reconstruct.outputs`.
    """
    own, session = readings.row(0, named=True), readings.row(1, named=True)
    theirs = (
        f"Of the published session, cache reads and writes are {share(session['cache share'])} of "
        f"{usd(session['bill_usd'])}, and without a cache it would have cost "
        f"{usd(session['without_usd'])}."
    )
    if own["cache share"] is None:
        return f"{NO_BILL} {theirs}"
    rest = int(outputs["rest_nano"].sum()) / 1e9
    bill, without = own["bill_usd"] + rest, own["without_usd"] + rest
    cache = own["cache share"] * own["bill_usd"]
    took = f"{share(1 - bill / without)} less than" if bill <= without else "more than"
    logged = (
        f" As logged: {share(own['cache share'])}, and {usd(own['without_usd'])} against "
        f"{usd(own['bill_usd'])}, {times(own['low'])}."
        if rest
        else ""
    )
    means = " with output reconstructed" if rest else ""
    return (
        f"Read as overhead, cache reads and writes are **{share(cache / bill)} of list-price "
        f"dollars**{means}. Read as a saving, the work cost {took} the same tokens without a "
        f"cache, which would have come to **{times(without / bill)}** the bill. Both are one "
        f"number, seen from the bill and from what it replaced.{logged} {theirs}"
    )


def readings(frame: pl.DataFrame) -> str:
    """Caption both readings beside each other."""
    own, cases = frame.row(0, named=True), frame.slice(1)
    # an issue whose day is counted in two ways stands twice
    accounts = cases["label"].str.replace(",.*", "").n_unique()
    rest = f"{count(accounts, 'published account')} that give token counts"
    reach = extent([*cases["low"], *cases["high"]], times)
    found = (
        f"Without a cache the same tokens would have cost {times(own['low'])} the bill in these "
        f"logs as logged, and {reach} in {rest}"
        if own["low"] is not None
        else f"Without a cache the same tokens would have cost {reach} the bill in {rest}"
    )
    return (
        f"{found}. Cache share: reads and writes, of the bill's list-price dollars (the overhead "
        "reading). Saved share: of what every prompt token would have cost as uncached input (the "
        "saving reading). Low and high: times the bill, over what an account does not publish, the "
        "lifetime of its writes and how its input and output split; its dollars are those of "
        "five-minute writes with all of an unsplit sum as output."
    )


def ratios(frame: pl.DataFrame) -> str:
    """Caption the ratios to the bill."""
    bill, others = frame.row(0, named=True), frame.slice(1).filter(pl.col("ratio") > 0)
    if not others.height:
        return NO_BILL
    none = others.filter(scenario="without a cache")["ratio"]
    rest = others.filter(pl.col("scenario") != "without a cache", ~pl.col("bound"))
    return (
        f"As logged, the same work would have cost {times(none.item())} the bill without a cache, "
        f"and {extent(rest['ratio'], times)} in the other ways. The bill is "
        f"{usd(bill['total_nano'] / 1e9)} at list price, output as logged. Hollow: a bound that "
        "nobody can reach, since it knows every pause beforehand. Shorter contexts look cheap "
        "because what they forget, and what it costs to find it again, is not counted. "
        "[](#tab-counterfactual-scenarios) says what each way assumes."
    )


def ratios_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the ratios."""
    seen = [
        f"{r['scenario']} {times(r['ratio'])}"
        for r in frame.slice(1).filter(pl.col("ratio") > 0).to_dicts()
    ]
    return (
        f"A dot for each way, on a logarithmic axis around the bill: {'; '.join(seen) or 'none'}."
    )


def scenarios(frame: pl.DataFrame) -> str:
    """Caption the table of all ways."""
    ways = frame.height - 1
    return (
        f"{count(ways, 'way')} to have done the same work, each with its assumption and a total "
        "that is the sum of its token classes to the nano-dollar. List-price dollars, output as "
        "logged; requests without a price have no part, and a write whose lifetime is not in the "
        "log has the price of five minutes. Every multiple is of the whole bill. "
        "[](#04-growth) has the same carry-over, prompts alone, and every fresh prompt written."
    )


def waterfall(frame: pl.DataFrame, rest_nano: int = 0) -> str:
    """Caption steps from the bill to other totals.

    Parameters
    ----------
    frame
        `measures.counterfactual.waterfall`.
    rest_nano
        What of it the log leaves out, in the bill and in each total.
    """
    if not frame.height:
        return NO_BILL
    totals = frame.filter(pl.col("class").is_null(), pl.col("step") != "the bill")
    ends, bill, rest = totals.select("step", "end_usd").rows(), frame["end_usd"][0], rest_nano / 1e9
    found = " and ".join(f"{times(end / bill)} the bill {_with(step)}" for step, end in ends)
    logged = " and ".join(
        f"{usd(end - rest)} ({times((end - rest) / (bill - rest))}) {_with(step)}"
        for step, end in ends
    )
    said = f"The same work would have cost {found}"
    if rest:
        said += (
            f", output reconstructed in both. As logged: {logged}, beside a bill of "
            f"{usd(bill - rest)}"
        )
    return (
        f"{said}. Each step is what one token class would have cost more or less than in the bill "
        f"of {usd(bill)}, in list-price dollars; grey: totals. What is printed is rounded by "
        "itself, so that steps may miss a total by the last digit."
    )


def _with(step: str) -> str:
    """Write a way after what it costs.

    >>> _with("without a cache"), _with("a cache that never expires")
    ('without a cache', 'with a cache that never expires')
    """
    return step if step.startswith("with") else f"with {step}"


def waterfall_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in a waterfall."""
    write = written(frame)
    seen = [
        f"{r['step']} "
        + (change(r["end_usd"] - r["start_usd"], write) if r["class"] else write(r["end_usd"]))
        for r in frame.to_dicts()
    ]
    return f"Bars from top to bottom, each from where the last ended: {', '.join(seen) or 'none'}."


def pings(frame: pl.DataFrame) -> str:
    """Caption keeping prompts alive, by the longest pause that is bridged."""
    tried = frame.drop_nulls("times the bill")
    if not tried.height:
        return NO_BILL
    best = tried.sort("times the bill", "minutes").row(0, named=True)
    off = best["times the bill"] - 1
    said = (
        f"Keeping prompts alive {'saves' if off < 0 else 'costs'} {share(abs(off))} of the bill as "
        f"logged at best, where pauses are bridged for up to {best['minutes']} minutes"
        if off
        else "There is no prompt here to keep alive"
    )
    return (
        f"{said}. A ping reads the whole prompt {MARGIN_SECONDS} seconds before it would expire, "
        "on main chains, also after the last request, since nobody knows that it was; a ping's own "
        "answer is left out. Kept: prompts that had expired in the logs and are read. List-price "
        "dollars, pings in the total."
    )
