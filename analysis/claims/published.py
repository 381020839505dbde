"""What we compute for a claim from what is published, by the name in its column `check`.

The text's own definition comes first, then others that are in use. Percent are of 100.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import (
    Reading,
    adoption,
    capabilities,
    claims,
    context_files,
    degradation,
    funding,
    growth,
    model_costs,
    monetization,
    open_issues,
    pricing,
    quota,
    redesign,
    revenue,
    value,
    value_of,
)
from analysis.facts import case, facts
from analysis.measures.margin import accounts
from analysis.measures.published import bill, definitions, headline, readings, uncached

_PARTS = {"read": "reads", "write": "writes", "io": "input and output"}
#: The states of the published session; that the first headline row is the later one is inferred.
_STATES = {
    "session": "441-turn state",
    "snapshot": "618-turn state (inferred)",
    "issue-24147": "#24147",
}
_ALIKE = 2  # times: shares within a factor of two are called alike
_MOST = 0.5  # of something: what most of it comes from
_LARGER = 2  # times: a write that is called larger than another
_BREAK = 5  # minutes: the break of the text
_LATE = pl.col("from_minutes") >= _BREAK
_WRITTEN = pl.col("requests") * pl.col("mean_write_tokens")
_MEAN_WRITE = _WRITTEN.sum() / pl.col("requests").sum()


def _ratios(case_name: str) -> list[Reading]:
    """Return the ratios that may explain a printed one: the case's own first, the text's first."""
    own = {"issue-24147": "cache : input and output"}.get(case_name, "cache : API")
    printed = 1310 if case_name == "issue-24147" else 43
    rows = definitions().filter(pl.col("printed") == printed, pl.col("case").is_in(list(_STATES)))
    rows = rows.filter(pl.col("definition") != "reused : computed")
    first = (pl.col("unit") == "tokens", pl.col("case") != case_name, pl.col("definition") != own)
    return [
        Reading(f"{r['definition']}, {_STATES[r['case']]}, in {r['unit']}", r["ratio"])
        for r in rows.sort(*first, maintain_order=True).to_dicts()
    ]


def _session_share(parts: tuple[str, ...], first: str = "session") -> list[Reading]:
    """Return the share of some parts of the session's dollars, in both of its states if known."""
    bar = headline().filter(pl.col("case") == "session", pl.col("unit") == "dollars")
    rest = value_of(case("snapshot"), 100 * pl.col("api_cost") / pl.col("total_cost"))
    later = {("io",): rest, ("read", "write"): 100 - rest}
    shares = {
        "session": value_of(bar.filter(pl.col("part").is_in(parts)), 100 * pl.col("share").sum())
    }
    if parts in later:
        shares["snapshot"] = later[parts]
    words = " and ".join(_PARTS[p] for p in parts)
    order = sorted(shares, key=lambda name: name != first)
    return [Reading(f"{words}, of dollars, {_STATES[name]}", shares[name]) for name in order]


def _issue_rest() -> list[Reading]:
    bar = headline().filter(pl.col("case") == "issue-24147", pl.col("unit") == "tokens")
    rest = value_of(bar.filter(pl.col("part") == "io"), 100 * pl.col("share"))
    return [Reading("input and output, of all tokens", rest)]


def _issue_shares() -> list[Reading]:
    return [Reading(r["reading"], 100 * r["share"]) for r in readings().to_dicts()]


def _days() -> list[Reading]:
    first, last = case("issue-24147").select("first_day", "last_day").row(0)
    return [
        Reading("days from first to last", (last - first).days),
        Reading("calendar days, both ends counted", (last - first).days + 1),
    ]


def _tokens(name: str, column: str, definition: str) -> Callable[[], list[Reading]]:
    return lambda: [Reading(definition, case(name)[column].item())]


def _cost(*parts: str) -> Callable[[], list[Reading]]:
    """Price parts of the published session at its day's list."""

    def check() -> list[Reading]:
        nano = sum(bill(case("session"))[f"{part}_nano"].item() for part in parts)
        return [Reading("at list price, writes kept five minutes", nano / 1e9)]

    return check


def _breaks() -> list[Reading]:
    """Ask whether any entry dies in the text's break, and whether a whole prompt is written then.

    The prompts of #17084 are not published: at the highest hit rate of its classes they are as
    long as its writes allow, and what is written after a break the smallest part of them.
    """
    life = int(facts("lifetimes")["minutes"].to_numpy().max())
    highest = facts("stages").filter(pl.col("account") == "#17084")["hit_rate"].to_numpy().max()
    prompt = value_of(facts("gaps"), _MEAN_WRITE) / (1 - float(highest))
    share = value_of(facts("gaps").filter(_LATE), _MEAN_WRITE) / prompt
    return [
        Reading("longest life of an entry on the price list", life, life <= _BREAK, "minutes"),
        Reading(
            "least part of the mean prompt of #17084 that is written after a break, by mean writes",
            100 * share,
            share > _MOST,
            "percent",
        ),
    ]


def _inactivity() -> list[Reading]:
    """Ask whether cache writes come from breaks: of which tokens, and of what size."""
    gaps = facts("gaps")
    share = value_of(gaps, _WRITTEN.filter(_LATE).sum() / _WRITTEN.sum())
    times = value_of(gaps.filter(_LATE), _MEAN_WRITE) / value_of(gaps.filter(~_LATE), _MEAN_WRITE)
    return [
        Reading(
            "of tokens written, after breaks over 5 minutes", 100 * share, share > _MOST, "percent"
        ),
        Reading(
            "large writes, not writing as such: mean write after a break over that without",
            times,
            times > _LARGER,
            "multiple",
        ),
    ]


def _two_rows(unit: str) -> tuple[float, float]:
    """Return the lowest and the highest cache share of the two headline rows, in one unit."""
    rest = headline().filter(pl.col("part") == "io", pl.col("unit") == unit)
    return 100 - value_of(rest, 100 * pl.col("share").max()), 100 - value_of(
        rest, 100 * pl.col("share").min()
    )


def _pattern() -> list[Reading]:
    """Ask whether the two headline rows show the same in one unit: by what the cache leaves."""
    rest = headline().filter(pl.col("part") == "io", pl.col("unit") == "tokens")
    times = value_of(rest, pl.col("share").max() / pl.col("share").min())
    text = "input and output as a share of tokens, one row over the other"
    return [Reading(text, times, times < _ALIKE, "multiple")]


def _similar() -> list[Reading]:
    """Ask whether the two headline rows can be compared as printed, and in one unit."""
    printed = facts("headlines")
    units = printed["unit"].n_unique()
    return [Reading("units of the two rows, as printed", units, units == 1, "units"), *_pattern()]


def _representative() -> list[Reading]:
    """Ask whether other published accounts lie where the two headline rows do."""
    low, high = _two_rows("dollars")
    others = accounts().filter(~pl.col("case").is_in(list(_STATES)))
    inside = (100 * pl.col("high") >= low) & (100 * pl.col("low") <= high)
    share = value_of(others, inside.mean())
    text = f"of {others.height} other accounts, within {low:.1f} to {high:.1f} % of dollars"
    return [Reading(text, 100 * share, share > _MOST, "percent")]


def _overhead() -> list[Reading]:
    """Ask whether the tokens would have cost less without a cache."""
    session = case("session")
    times = value_of(uncached(session), pl.col("total_nano")) / value_of(
        bill(session), pl.col("total_nano")
    )
    return [
        Reading("times the cost, the same tokens without a cache", times, times <= 1, "multiple")
    ]


def _shortest_break() -> list[Reading]:
    """Find the break from which on most is written, and that at which the mean write jumps."""
    rows = facts("gaps").sort("from_minutes")
    later = _WRITTEN.reverse().cum_sum().reverse() > _MOST * _WRITTEN.sum()
    most = rows.filter(later)["from_minutes"][-1]
    jump = pl.col("mean_write_tokens") / pl.col("mean_write_tokens").shift()
    at = rows.sort(jump, nulls_last=True, descending=True)["from_minutes"][0]
    return [
        Reading("longest break from which on most tokens of #17084 are written", most),
        Reading("large writes, not writing as such: break at which the mean write jumps", at),
    ]


def _standing() -> list[Reading]:
    """Multiply the example: tokens of a context file by messages of a session."""
    tokens, messages = facts("examples").select("file_tokens", "messages").row(0)
    return [
        Reading("read in every message", tokens * messages),
        Reading("written in the first, read in the rest", tokens * (messages - 1)),
    ]


def _private() -> list[Reading]:
    """Count the technical write-up's numbers that nobody but its author can have seen."""
    numbers = claims().filter(pl.col("claim").str.starts_with("T"), pl.col("printed").is_not_null())
    alone = numbers.filter(pl.col("source") == "the author's own account").height
    return [Reading("printed numbers that only the author can have seen", alone, alone == 0)]


def _own_tool() -> list[Reading]:
    share = value_of(facts("headlines"), pl.col("label").str.starts_with("My account").mean())
    text = "of its headline rows are the author's own count"
    return [Reading(text, 100 * share, share == 1, "percent")]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = (
    pricing.PUBLISHED
    | capabilities.PUBLISHED
    | open_issues.PUBLISHED
    | {
        "cache-share": lambda: _session_share(("read", "write"), "snapshot"),
        "rest-share": lambda: _session_share(("io",), "snapshot"),
        "session-cache-share": lambda: _session_share(("read", "write")),
        "session-rest-share": lambda: _session_share(("io",)),
        "read-share": lambda: _session_share(("read",)),
        "write-share": lambda: _session_share(("write",)),
        "cache-ratio": lambda: _ratios("snapshot"),
        "session-ratio": lambda: _ratios("session"),
        "issue-share": _issue_shares,
        "issue-rest": _issue_rest,
        "issue-ratio": lambda: _ratios("issue-24147"),
        "issue-days": _days,
        "issue-reads": _tokens("issue-24147", "read_tokens", "cache reads"),
        "issue-io": _tokens("issue-24147", "io_tokens", "input and output"),
        "pattern": _pattern,
        "similar": _similar,
        "representative": _representative,
        "overhead": _overhead,
        "shortest-break": _shortest_break,
        "standing": _standing,
        "private": _private,
        "own-tool": _own_tool,
        "inactivity": _inactivity,
        "breaks": _breaks,
        "read-cost": _cost("read"),
        "write-cost": _cost("write"),
        "api-cost": _cost("input", "output"),
        "total-cost": _cost("total"),
        "overhead-cost": _cost("read", "write"),
    }
    | growth.PUBLISHED
    | value.PUBLISHED
    | monetization.PUBLISHED
    | model_costs.PUBLISHED
    | adoption.PUBLISHED
    | degradation.PUBLISHED
    | quota.PUBLISHED
    | context_files.PUBLISHED
    | funding.PUBLISHED
    | revenue.PUBLISHED
    | redesign.PUBLISHED
)
