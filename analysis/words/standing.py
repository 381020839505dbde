"""Say what standing at the head of every prompt costs in the logs."""

from __future__ import annotations

from statistics import mean, median

import polars as pl

from analysis.measures.rebuilds import LEAST
from analysis.measures.resample import Interval
from analysis.plots.standing import MOST
from analysis.words.growth import within
from analysis.words.numbers import compact, count, share, usd

_NOTHING = "No request of these logs has a price, so nothing can be said of what a prefix costs."
_NO_SESSION = (
    "No session of these logs has a price, so nothing can be said of what a file would cost."
)


def opening(projects: pl.DataFrame) -> str:
    """Say what carrying the prefix cost in all."""
    total = int(projects["total_nano"].sum())
    if not total:
        return _NOTHING
    carry = int(projects["carry_nano"].sum())
    tokens = int(projects.select(pl.sum_horizontal("^(read|begun|again)_tokens$").sum()).item())
    read = int(projects["read_nano"].sum())
    told = projects["begun_nano"].count() > 0
    written = (
        f"{share((carry - read) / total)} for writing them, as chains began and again when a "
        "prompt was rebuilt."
        if told
        else "what it cost to write them nobody counted."
    )
    return (
        f"In these logs the standing prefixes came to {compact(tokens)} tokens, and to "
        f"{usd(carry / 1e9)} or **{share(carry / total)} of the bill**: {share(read / total)} for "
        f"reading them again, {written} No log tells the context files in it from the system "
        "prompt and the tools, so that a file's own part is smaller."
    )


def projects(frame: pl.DataFrame) -> str:
    """Caption the prefix by project."""
    rows = frame.filter(pl.col("total_nano") > 0)
    if rows.is_empty():
        return _NOTHING
    shares, lengths = rows["share"].to_list(), rows["prefix_tokens"].to_list()
    whole = int(rows["carry_nano"].sum()) / int(rows["total_nano"].sum())
    shown = f", the {MOST} of {rows.height} whose prefix cost most" if rows.height > MOST else ""
    return (
        "What stands first in every prompt (system prompt, tools, context files) takes "
        f"{share(whole)} of the bill, and {share(median(shares))} of a median project's, at a "
        f"median length of {compact(median(lengths))} tokens. By "
        f"project{shown}; output as logged. "
        "This standing prefix: the shortest first prompt among chains of a project, model and "
        "kind, as in [](#tab-counterfactual-spend); of a project with one chain it holds the first "
        "message too. Its length: of main chains, where there are any. Hatched: what of it was "
        "written again, after expiry or for another cause."
    )


def projects_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the prefix by project."""
    rows = frame.filter(pl.col("total_nano") > 0).head(MOST).to_dicts()
    listed = "; ".join(f"{r['project']} {share(r['share'])}" for r in rows)
    return f"A bar for each project in three parts: {listed or 'none'}."


def every_turn(filed: pl.DataFrame) -> str:
    """Say in how many requests the prefix is read, as the text says of all."""
    if filed.is_empty():
        return "There is no request of which to say whether it reads the prefix."
    covers = filed["covers"]
    main = filed.filter(pl.col("agent").is_null(), ~pl.col("is_sidechain"))
    some = 0 < main.height < filed.height
    own = f"; of main chains' alone {share(mean(main['covers']))}" if some else ""
    return (
        f"*Every token in CLAUDE.md is re-sent as Cache Read on every turn*: of "
        f"{count(filed.height, 'request')} here, {share(mean(covers))} read the whole "
        f"prefix, but for a tail of at most {LEAST:,} tokens{own}. The others begin a chain or "
        "rebuild a prompt, and write it, which costs more than a read. It is re-sent "
        "on every turn, but not always read."
    )


def sessions(frame: pl.DataFrame, file_tokens: int, band: Interval) -> str:
    """Caption what a file would cost by session."""
    if not frame["text_usd"].sum():
        return _NO_SESSION
    requests, messages = int(frame["requests"].sum()), int(frame["messages"].sum())
    cost, bill = float(frame["cost_usd"].sum()), float(frame["bill_usd"].sum())
    times = cost / float(frame["text_usd"].sum())
    written = int(frame["written"].sum())
    return (
        f"A context file of {file_tokens:,} tokens would cost {times:.1f} times what the text "
        f"reckons ({within(band, '{:.1f}')}), one request a message: here a message makes "
        f"{requests / messages:.1f}. Of {count(requests, 'request')} {written:,} would write the "
        f"file instead of reading it. In all {usd(cost)}, {share(cost / bill)} on top of what "
        f"{count(frame.height, 'main chain')} cost; median session "
        f"{usd(median(frame['cost_usd']))}. "
        "Dots: sessions, at their own prices, each request reading the file or, where its reads "
        f"end more than {LEAST:,} tokens before its prefix does, writing it. Dashed: the text's "
        "reckoning, at Opus 4.6. A message: what a person typed, and a session's first request. "
        "Subagents, which carry the file too in some versions, are left out and come on top; "
        "dearer long prompts are left out."
    )


def sessions_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the cost by session."""
    axes = "Two log axes, messages across and dollars up"
    dashed = "A dashed line, that of the text at Opus 4.6, rises from left to right."
    if frame.is_empty():
        return f"{axes}, with no session on them. {dashed}"
    above = (frame["cost_usd"] > frame["text_usd"]).sum()
    return (
        f"{axes}: {count(frame.height, 'circle')}, of which {above} cost more than the text's "
        f"reckoning at the session's own prices. {dashed}"
    )
