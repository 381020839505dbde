"""Say how much of the bill is the prompt cache."""

from __future__ import annotations

import polars as pl

from analysis.facts import case, facts
from analysis.logs.policies import POLICIES
from analysis.measures.margin import YOU, final, other, totals
from analysis.measures.published import bill, published_share, uncached, undercounts
from analysis.words.numbers import count, ratio, share, usd

HEADLINE_ALT = (
    "Five stacked bars. Cache reads fill nearly all of the token bars and two thirds to four "
    "fifths of the dollar bars; input and output are a sliver."
)
ERAS_TABLE = (
    "The eras of [](#fig-margin-eras). Mean output tokens: as logged, a "
    "request. Share: cache reads and writes, of list-price dollars, as logged; ratio: these to "
    "uncached input and output. Final: whether the count is the answer's last."
)
UNDERCOUNTS = (
    "Published measurements of how far logged output falls short: the true count as a multiple of "
    "the logged."
)
POSITIONS_ALT = "Dots and ranges for published accounts, with these logs marked among them."
SOURCES = "Where the cases of [](#fig-margin-positions) come from, and what was assumed of each."


def opening(priced: pl.DataFrame, policy: str = "largest") -> str:
    """Say the reader's own share, with its definition: first where it needs no correction."""
    own, sure = totals(priced), totals(final(priced, policy))
    rest = other(priced.filter(pl.col("total_nano").is_not_null()), policy)
    if own["share"] is None:
        return "No request of these logs has a price, so there is no share of dollars."
    pooled = (
        f"Over all {_requests(own)}, worth {usd(own['total'])}, the logs say {share(own['share'])} "
        f"({ratio(own['ratio'])}), and {share(own['token_share'])} of tokens"
    )
    if POLICIES[policy].lines:
        return f"{pooled}. This policy counts every line as a request, so none of it was used so."
    if sure["share"] is None:
        return f"{pooled}. {_caution(rest)} ([](#fig-margin-eras))."
    certain = (
        f"In the {_requests(sure)} and a final output count, cache reads and writes are "
        f"**{share(sure['share'])} of list-price dollars**, {ratio(sure['ratio'])} to uncached "
        "input and output"
    )
    if not any(rest.values()):
        return (
            f"{certain}, worth {usd(own['total'])} in all, and {share(own['token_share'])} of "
            "tokens."
        )
    return f"{certain}. {pooled}; that pools them with {_others(rest)} ([](#fig-margin-eras))."


def _requests(own: dict[str, float | None]) -> str:
    return f"{count(int(own['priced'] or 0), 'request')} with a price"


def _others(rest: dict[str, int]) -> str:
    """Name the requests whose output is not known to be counted in full."""
    short, unknown = rest["short"], rest["unknown"]
    parts = [
        f"{short:,} whose log holds a placeholder or a partial count" if short else "",
        f"{unknown:,} of versions whose counting is not known" if unknown else "",
    ]
    return " and ".join(part for part in parts if part)


def _caution(rest: dict[str, int]) -> str:
    """Say what a share is worth where no priced request has a final output count."""
    worth = "is too high" if rest["short"] and not rest["unknown"] else "may be too high"
    whose = f": {_others(rest)}" if any(rest.values()) else ""
    return f"No priced request is known to have a final output count, so this {worth}{whose}"


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
        "In tokens the two rows are alike, in dollars less so. In tokens, input and output are "
        f"{share(io['session', 'tokens', None], 2)} of the session and "
        f"{share(io['issue-24147', 'tokens', None], 2)} of the account; in dollars they are "
        f"{share(io['session', 'dollars', None], 2)}, and {share(low, 2)} to {share(high, 2)}, "
        "because the account's input and output are published as one sum. The session's tokens "
        "seem to be of an earlier state, the only one published; writes are priced at five minutes."
    )


def recomputed() -> str:
    """Caption the session's bill."""
    session, bare = bill(case("session")), uncached(case("session"))
    with_cache, without = session["total_nano"].item() / 1e9, bare["total_nano"].item() / 1e9
    return (
        f"The published session, computed again: {usd(with_cache)}. Without a cache, every prompt "
        f"token at the input price, the same tokens cost {usd(without)}, "
        f"{without / with_cache:.1f} times as much."
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
        f"{frame.height} ratios, {len(rows)} printed numbers. Rounded, only "
        f"{', '.join(names[:-1])} and {names[-1]} give a printed one. "
        "Cache: reads and writes. API: uncached input and output. Printed "
        f"shares: {' and '.join(divided)}. Reused to computed sets reads against writes, input and "
        "output, since writing a cache entry is fresh compute too."
    )


def definitions_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the ratios by definition."""
    seen = frame.sort("ratio").to_dicts()
    listed = ", ".join(f"{r['definition']} {ratio(r['ratio'])}" for r in seen)
    return f"Dots on a log axis, from the smallest ratio to the largest: {listed}."


def readings() -> str:
    """Caption the readings of the 30-day issue's share."""
    printed = facts("headlines").filter(pl.col("row") == 2)["cache_share"].item()
    return (
        f"Issue #24147 prints {share(printed, 2)} as *cache reads, of total*. Three readings of "
        "its own totals, shares of tokens; the first gives the printed digits."
    )


def eras(frame: pl.DataFrame) -> str:
    """Caption the shares by era."""
    seen = frame.drop_nulls("share").sort("share").to_dicts()
    if not seen:
        return "No request with a price: no share by client version."
    low, high = seen[0], seen[-1]
    if low is high:
        said = f"{share(low['share'])} ({low['era']}): "
    else:
        said = (
            f"From {share(low['share'])} ({low['era']}) to {share(high['share'])} ({high['era']}): "
        )
    return (
        f"{said}the cache share of list-price dollars by client version, as logged. Filled: "
        "versions that log the final output count. Hollow: versions that log a placeholder or a "
        "partial count, or a policy that keeps one; there the share is too high. Grey: what these "
        "counts are is not known, or the policy multiplies them. Dashed: the published share."
    )


def eras_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the shares by era."""
    seen = [f"{r['era']} {share(r['share'])}" for r in frame.drop_nulls("share").to_dicts()]
    listed = ", ".join(seen) or "none"
    return f"One dot for each era with requests: {listed}; a line at {share(published_share())}."


def undercount(frame: pl.DataFrame) -> str:
    """Caption the session's share by factor."""
    five = frame.filter(pl.col("lifetime") == "5m").sort("k")
    first, last = five.row(0, named=True), five.row(-1, named=True)
    return (
        f"From {share(first['share'])} as logged to {share(last['share'])} if true output was "
        f"{last['k']:.0f} times the logged: the published session's cache share of dollars. "
        f"One-hour writes cost more and raise the share.{_beyond()}"
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


def positions(frame: pl.DataFrame) -> str:
    """Caption the reader's place among published cases."""
    own, sure = ({r["case"]: r for r in frame.to_dicts()}[name] for name in YOU)
    cases = frame.filter(~pl.col("case").is_in(YOU))
    text = (
        f"Cache reads and writes as a share of list-price dollars: {cases.height} published cases"
    )
    if own["low"] is None:
        return f"{text}; these logs have no priced request."
    higher = cases.filter(pl.col("low") > own["high"]).height
    lower = cases.filter(pl.col("high") < own["low"]).height
    return (
        f"{text} and these logs, at {share(own['low'])} as logged and {share(sure['low'])} where "
        f"the output counts are final. As logged: {count(higher, 'case')} above, "
        f"{lower:,} below, {cases.height - higher - lower:,} around. Where a case publishes token "
        "counts, the dot has five-minute writes and the bar goes to one-hour writes; a bar without "
        "a dot leaves open how parts split. Most cases are counts of logs, with the faults of "
        "their versions; [](#tab-margin-sources) says which are not."
    )
