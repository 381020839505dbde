"""Say what the published session's totals allow."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.paths import totals
from analysis.words.numbers import compact, count, extent
from analysis.words.sources import published

SOURCE = f"{published('cases')}; the path between the totals is a reconstruction by assumption"


def paths(frame: pl.DataFrame) -> str:
    """Caption the band of paths."""
    known, sure = totals(), frame.filter("possible")
    once = sure.filter(pl.col("rewritten") == 0)["compactions"].to_list()
    straight = sure.filter(pl.col("compactions") == 0)
    return (
        f"The published totals fix the mean prompt, {known['mean']:,.0f} tokens, and leave the "
        "path open: a reconstruction by assumption. All that is drawn has these totals: straight "
        "lines from a constant prompt to one that begins at nothing and ends at "
        f"{compact(max(straight['end'], default=0))}, which rewrite "
        f"{extent(straight['prompts_rewritten'], '{:.1f}'.format)} mean prompts, as after "
        "expiries; or nothing was rewritten, and the prompt was cut "
        f"{extent(once, '{:.0f}'.format)} times (dashed). The totals cannot tell them apart."
    )


def paths_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the band of paths."""
    n = count(frame.filter("possible").height, "path")
    return f"A band like a bow tie, narrow half-way, with {n}: one rising line and several saws."


def table(frame: pl.DataFrame) -> str:
    """Caption the paths in figures."""
    known = totals()
    never = frame.filter(~pl.col("possible"))
    end = compact(max(never["end"])) if never.height else ""
    ruled_out = (
        f"Written once and never cut, the prompt would end at {end} tokens and begin below "
        "nothing: so parts of it were written again, or it was cut"
        if never.height
        else "No path is ruled out"
    )
    return (
        f"{ruled_out}. Paths with {known['requests']:,} requests, {known['read']:,} tokens read "
        f"and {known['written']:,} written. Growth: tokens a request; prompts rewritten: tokens "
        "written again, in mean prompts; best length: requests by the square-root rule with "
        "that path's first prompt and growth, and five-minute writes. Each rewrite "
        f"needs a pause longer than the entries lived: {_lives()}; the totals do not say which "
        "they had."
    )


def _lives() -> str:
    return " or ".join(f"{m:,} minutes" for m in facts("lifetimes").sort("minutes")["minutes"])
