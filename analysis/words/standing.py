"""Say what standing at the head of every prompt costs in the logs."""

from __future__ import annotations

from statistics import mean, median

import polars as pl

from analysis.measures.resample import Interval
from analysis.plots.standing import MOST
from analysis.words.growth import within
from analysis.words.numbers import compact, count, share, usd

_NOTHING = "No request of these logs has a price, so nothing can be said of what a prefix costs."


def opening(projects: pl.DataFrame) -> str:
    """Say what carrying the prefix cost in all."""
    total = int(projects["total_nano"].sum())
    if not total:
        return _NOTHING
    carry = int(projects["carry_nano"].sum())
    tokens = int(projects.select(pl.sum_horizontal("^(read|begun|again)_tokens$").sum()).item())
    read = int(projects["read_nano"].sum())
    return (
        f"In these logs the standing prefixes came to {compact(tokens)} tokens, and to "
        f"{usd(carry / 1e9)} or **{share(carry / total)} of the bill**: {share(read / total)} for "
        f"reading them again, {share((carry - read) / total)} for writing them, as chains began "
        "and again when a prompt was rebuilt. No log tells the context files in it from the system "
        "prompt and the tools, so that a file's own part is smaller."
    )


def projects(frame: pl.DataFrame) -> str:
    """Caption the prefix by project."""
    rows = frame.filter(pl.col("total_nano") > 0)
    if rows.is_empty():
        return _NOTHING
    shares, lengths = rows["share"].to_list(), rows["prefix_tokens"].to_list()
    whole = int(rows["carry_nano"].sum()) / int(rows["total_nano"].sum())
    shown = f", the {MOST} with the dearest of {rows.height}" if rows.height > MOST else ""
    return (
        f"The standing prefix takes {share(whole)} of the bill, and {share(median(shares))} of a "
        f"median project's, at a median length of {compact(median(lengths))} tokens. By "
        f"project{shown}; output as logged. "
        "Prefix: the shortest first prompt among chains of a project, model and kind, as in "
        "[](#tab-counterfactual-spend); of a project with one chain it holds the first message "
        "too. Hatched: what of it was written again, after expiry or for another cause."
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
    covers = mean(filed["covers"])
    main = filed.filter(pl.col("agent").is_null(), ~pl.col("is_sidechain"))
    own = f", and of main chains' {share(mean(main['covers']))}" if main.height else ""
    return (
        f"*Every token in CLAUDE.md is re-sent as Cache Read on every turn*: of "
        f"{count(filed.height, 'request')} here, {share(covers)} read their whole prefix{own}. The "
        "others begin a chain or rebuild a prompt, and write it, which costs more than a read. "
        "It is re-sent on every turn, but not always read."
    )


def sessions(frame: pl.DataFrame, file_tokens: int, band: Interval) -> str:
    """Caption what a file would cost by session."""
    if not frame["text_usd"].sum():
        return _NOTHING
    requests, messages = int(frame["requests"].sum()), int(frame["messages"].sum())
    cost, bill = float(frame["cost_usd"].sum()), float(frame["bill_usd"].sum())
    times = cost / float(frame["text_usd"].sum())
    written = int(frame["written"].sum())
    return (
        f"A file of {file_tokens:,} tokens would cost {times:.1f} times what one request a message "
        f"would ({within(band, '{:.1f}')}): here a message makes {requests / messages:.1f} "
        f"requests, and {count(written, 'request')} of {requests:,} would write the file instead "
        f"of reading it. In all {usd(cost)}, {share(cost / bill)} on top of what "
        f"{count(frame.height, 'main chain')} cost; median session "
        f"{usd(median(frame['cost_usd']))}. "
        "Dots: sessions, at their own prices, each request reading the file or, where its reads do "
        "not reach to the end of its prefix, writing it. Dashed: the text's reckoning, at Opus "
        "4.6. A message: what a person typed, and a session's first request. Subagents, which "
        "carry the file too in some versions, come on top; dearer long prompts are left out."
    )


def sessions_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the cost by session."""
    above = (frame["cost_usd"] > frame["text_usd"]).sum()
    return (
        f"A cloud of {count(frame.height, 'circle')} on two log axes, rising with messages, with a "
        f"dashed line below most of it: {above} cost more than the text's reckoning at their own "
        "prices."
    )
