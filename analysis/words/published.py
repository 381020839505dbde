"""Say what others published, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from analysis.facts import case, facts
from analysis.measures import published as measure
from analysis.measures.published import bill, uncached, undercounts
from analysis.words.numbers import count, extent, ratio, share, usd
from analysis.words.sources import published

CASES = published("cases")
RATIOS = published("cases", "headlines")
FACTORS = published("undercounts")
CURVE = published("cases", "undercounts")

HEADLINE_ALT = (
    "Five stacked bars. Cache reads fill nearly all of the token bars and two thirds to four "
    "fifths of the dollar bars; input and output are a sliver."
)


def headline(bars: pl.DataFrame) -> str:
    """Caption the two published rows in two units."""
    io = {
        (r["case"], r["unit"], r["io_split"]): r["share"]
        for r in bars.filter(pl.col("part") == "io").to_dicts()
    }
    low, high = (
        io["issue-24147", "dollars", "all input"],
        io["issue-24147", "dollars", "all output"],
    )
    return (
        "In the two published cases, input and output are "
        f"{share(io['session', 'tokens', None], 2)} and "
        f"{share(io['issue-24147', 'tokens', None], 2)} of tokens, but "
        f"{share(io['session', 'dollars', None], 2)} and {share(low, 2)} to {share(high, 2)} of "
        "list-price dollars. The session is the write-up's own; issue #24147 publishes its input "
        "and output (I/O) as one sum. The session's tokens seem to be of an "
        "earlier state, the only one published; writes are priced at five minutes."
    )


def recomputed() -> str:
    """Caption the session's bill."""
    session, bare = bill(case("session")), uncached(case("session"))
    with_cache, without = session["total_nano"].item() / 1e9, bare["total_nano"].item() / 1e9
    return (
        f"The published session comes to {usd(with_cache)} at list price, and without a cache to "
        f"{usd(without)}, {without / with_cache:.1f} times as much. Dollars: computed again from "
        "its tokens. Without a cache: every prompt token at the input price."
    )


def definitions(frame: pl.DataFrame) -> str:
    """Caption the ratios by definition."""
    whose = {"session": "of the session", "snapshot": "of its later state"}
    near = frame.filter(pl.col("ratio").round(0) == pl.col("printed")).to_dicts()
    names = [
        f"*{r['definition']}* {whose.get(r['case'], 'of #24147')} ({r['ratio']:,.1f})" for r in near
    ]
    rows = facts("headlines").to_dicts()
    divided = [f"{100 * r['cache_share']:g} by {100 * r['rest_share']:g}" for r in rows]
    return (
        f"Of {frame.height} ratios that could be meant, {len(near)} round to a printed one, "
        f"{_printed(rows)}. These "
        f"are {', '.join(names[:-1])} and {names[-1]}. "
        "Cache: reads and writes. API: uncached input and output. Printed "
        f"shares: {' and '.join(divided)}. Reused to computed sets reads against writes, input and "
        "output, since writing a cache entry is fresh compute too."
    )


def _printed(rows: Iterable[Mapping[str, Any]]) -> str:
    return " or ".join(f"{r['ratio']:,}:1" for r in rows)


def definitions_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the ratios by definition."""
    seen = frame.sort("ratio").to_dicts()
    listed = ", ".join(f"{r['definition']} {ratio(r['ratio'])}" for r in seen)
    return f"Dots on a log axis, from the smallest ratio to the largest: {listed}."


def readings() -> str:
    """Caption the readings of the 30-day issue's share."""
    printed = facts("headlines").filter(pl.col("row") == 2)["cache_share"].item()
    found = dict(measure.readings().rows())
    alike = [name for name, value in found.items() if share(value, 2) == share(printed, 2)]
    return (
        f"The {share(printed, 2)} of tokens that issue #24147 prints are "
        f"{' or '.join(alike)}; reads alone are "
        f"{share(found['reads, of all tokens'], 2)}. The issue's words are "
        f"*cache reads, of total*; {len(found)} readings of its own totals, as shares of tokens."
    )


def undercount(frame: pl.DataFrame) -> str:
    """Caption the session's share by factor."""
    five = frame.filter(pl.col("lifetime") == "5m").sort("k")
    first, last = five.row(0, named=True), five.row(-1, named=True)
    return (
        "The published session's cache share of list-price dollars falls from "
        f"{share(first['share'])} as logged to {share(last['share'])} if its true output was "
        f"{last['k']:.0f} times the logged. At the dots, of five-minute writes: the share, and "
        "cache to uncached input and output. One-hour writes cost more and raise the share. Red: "
        f"how far others found logs to fall short.{_beyond()}"
    )


def undercount_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the session's share by factor."""
    known = [f"{r['label']} at {r['low']:g} to {r['high']:g}" for r in undercounts().to_dicts()]
    ends = frame.group_by("lifetime", maintain_order=True).agg(pl.col("share").last())
    low = " and ".join(f"{share(value)} for {name} writes" for name, value in ends.rows())
    return f"Two falling curves that end at {low}. Marked below: {', '.join(known)}."


def _beyond() -> str:
    """Name the published undercounts that lie outside the figure."""
    far = facts("undercounts").join(undercounts(), on="label", how="anti").to_dicts()
    listed = ", ".join(f"{r['high']:.0f} times ({r['label']})" for r in far)
    return f" Outside the figure: about {listed}." if far else ""


def undercounts_table(frame: pl.DataFrame) -> str:
    """Caption the published undercounts."""
    reach = extent([*frame["low"], *frame["high"]], "{:g}".format)
    return (
        f"{count(frame.height, 'published measurement')} put the true output at "
        f"{reach} times the logged. Low and high: the true count of output tokens as a multiple "
        "of the logged one."
    )


def undercount_range() -> str:
    """Say how far published measurements of the undercount go."""
    known = undercounts()
    low, high = known.select(pl.col("low").min(), pl.col("high").max()).row(0)
    far = facts("undercounts").join(known, on="label", how="anti")["high"]
    once = "".join(f", and one of {k:.0f}" for k in far)
    return (
        "The tool behind the first row keeps the first line of an answer, whose output count is "
        "partial, and logs of some versions fall short themselves. How far is not known for this "
        "session; published measurements of the fault range from "
        f"{low:g} to {high:g} times{once} ([](#tab-margin-undercounts))."
    )
