"""Say what the five-hour windows of these logs are."""

from __future__ import annotations

import polars as pl

from analysis.measures.windows import LENGTH, RULES
from analysis.words.numbers import count, usd

_NAMES = {"server": "the server's", "tools": "the tools'"}
_WHOSE = {"all": "all projects one", "project": "each its own"}
_HOURS = f"{LENGTH.total_seconds() / 3600:.0f} hours"


def opening(frame: pl.DataFrame, events: pl.DataFrame, projects: int) -> str:
    """Say how many windows there are, how many saw a limit, and whose they are taken for.

    Parameters
    ----------
    frame
        `measures.windows.per_window` under the server's rule.
    events
        The events of the same logs.
    projects
        How many projects they have.
    """
    if frame.is_empty():
        return "These logs have no requests, so they have no windows."
    refused = events.filter(pl.col("kind") == "limit").height
    hits = frame["hit_at"].count()
    whose = (
        "Limits were hit in windows that overlap, which one account's cannot: each project is "
        "taken for an account of its own"
        if _own(frame)
        else f"One account is **assumed** for all {count(projects, 'project')}: a log does not "
        "name its account, and logs of several people have no windows in common"
    )
    return (
        f"Under the server's rule these logs fall into **{count(frame.height, 'window')}** of "
        f"{_HOURS}, {hits or 'none'} of which saw a limit; refusals in the logs, of all limits: "
        f"{refused:,}. {whose}."
    )


def windows(frame: pl.DataFrame, projects: int) -> str:
    """Caption what windows used, under the assumption that it rests on.

    Parameters
    ----------
    frame
        `measures.windows.per_window` under the server's rule.
    projects
        How many projects the logs have.
    """
    priced = frame.filter(pl.col("cost_usd") > 0)
    if priced.is_empty():
        return "No window has a request with a price, so there is nothing to draw."
    hit = priced.filter(pl.col("hit_at").is_not_null())
    middle = priced.filter(pl.col("hit_at").is_null())["cost_usd"].median()
    if hit.height and middle is not None:
        low, high = min(hit["cost_usd"]), max(hit["cost_usd"])
        over = priced.filter(pl.col("hit_at").is_null(), pl.col("cost_usd") > low).height
        found = (
            f"Limits were hit after {usd(low)} to {usd(high)} of list price in a window; "
            f"{count(over, 'window')} that saw no limit used more than the least of these"
        )
    elif hit.height:
        found = f"Every one of {count(hit.height, 'window')} saw a limit"
    else:
        found = f"No limit is seen in {count(priced.height, 'window')} of {_HOURS}"
    if _own(frame):
        found = f"If each of {count(projects, 'project')} is an account, {_lower(found)}"
    elif projects > 1:
        found = f"If all {count(projects, 'project')} are one account's, {_lower(found)}"
    return (
        f"{found}. A mark per window of {_HOURS} under the server's rule, where it begins; dollars "
        "are list-price equivalents with output reconstructed where it was not logged, on a "
        "logarithmic axis."
    )


def _own(frame: pl.DataFrame) -> bool:
    """Tell whether each project is taken for an account."""
    return bool((frame["account"] != "all").any())


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def windows_alt(frame: pl.DataFrame) -> str:
    """Say what is seen of the windows."""
    priced = frame.filter(pl.col("cost_usd") > 0)
    if priced.is_empty():
        return "Empty axes."
    hits = priced["hit_at"].count()
    days = " to ".join(f"{end:%Y-%m-%d}" for end in (min(priced["begins"]), max(priced["begins"])))
    return (
        f"{count(priced.height, 'mark')} over {days}, {count(hits, 'of them a triangle', '')}; "
        f"from {usd(min(priced['cost_usd']))} to {usd(max(priced['cost_usd']))}."
    )


def rules(frame: pl.DataFrame) -> pl.DataFrame:
    """Name the rows and columns of the table on rules."""
    names = {"hits": "with a limit", "cost_usd": "list_price_usd"}
    names |= {f"{name}_tokens": f"{name}s" for name in ("read", "write")}
    names |= {f"{name}_tokens": name for name in ("input", "output")}
    rule, whose = pl.col("rule").replace_strict(_NAMES), pl.col("account").replace_strict(_WHOSE)
    return (
        frame.select(
            pl.format("{}, {}", rule, whose).alias("rule, account"), pl.exclude("rule", "account")
        )
        .drop("requests", "most_usd")
        .rename(names)
    )


def rules_caption(frame: pl.DataFrame) -> str:
    """Caption the table on rules."""
    together = {
        r["rule"]: r["windows"] for r in frame.filter(pl.col("account") == "all").to_dicts()
    }
    apart = frame.filter(pl.col("account") == "project", pl.col("rule") == "server")["windows"]
    server, tools = (RULES[name] for name in ("server", "tools"))
    if together["server"] == together["tools"]:
        found = f"Both published rules find {count(together['server'], 'window')}"
    else:
        both = f"{together['server']:,} and {together['tools']:,}"
        found = f"The two published rules find {both} windows"
    return (
        f"{found} in "
        f"these logs; if every project were an account, the server's would find {apart.item():,}. "
        f"The server's: a window {server}, and where a refusal tells its reset, it began "
        f"{_HOURS} before that. The tools' (ccusage, ccusage_go): it {tools}. Tokens and dollars "
        "are medians of a window; dollars at list price, with output reconstructed."
    )
