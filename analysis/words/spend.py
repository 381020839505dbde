"""Say where each dollar went."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import share, usd

_NOTHING = "No request of these logs has a price, so there is no bill to split."
_IN_BILL = pl.col("class") != "beyond"


def spend(frame: pl.DataFrame) -> str:
    """Caption the parts of the bill, and what it leaves out."""
    total, rest = _nano(frame, _IN_BILL), _nano(frame, ~_IN_BILL)
    if not total:
        return _NOTHING
    parts = frame.filter(_IN_BILL).sort("nano", descending=True, nulls_last=True)
    first = parts.row(0, named=True)
    again = _nano(frame, pl.col("part").str.starts_with("written again"))
    expired = _nano(frame, pl.col("part") == "written again after expiry")
    read = _nano(frame, pl.col("class") == "read")
    corrected = share(first["corrected share"])
    written = frame.filter(pl.col("class") == "write")["nano"]
    rewritten = (
        f"What was written again though it had been there is {share(again / total)}: after expiry "
        f"{share(expired / total)}, for other causes {share((again - expired) / total)}. That is "
        "its full price, and a compaction's new summary is in it; [](#tab-expiry-causes) has only "
        "what it cost above a read."
        if written.count()
        else "What was written to it nobody counted: that is in uncached input."
    )
    left = (
        f" Hollow: {usd(rest / 1e9)} of output that the log leaves out ([](#03-margin)), on top."
        if rest > 0
        else ""
    )
    return (
        f"The largest part of {usd(total / 1e9)} is {first['part']}: {share(first['share'])} of "
        f"the bill as logged{f' ({corrected} with output reconstructed)' if rest > 0 else ''}. Of "
        f"the same bill, all that was read from the cache is {share(read / total)}. {rewritten} "
        "The parts "
        "sum to the bill to the nano-dollar; the standing prefix is an estimate, and output is as "
        f"logged.{left}"
    )


def _nano(frame: pl.DataFrame, which: pl.Expr) -> int:
    return int(frame.filter(which)["nano"].sum())


def spend_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the parts of the bill."""
    seen = frame.filter(pl.col("nano") > 0).sort("nano", descending=True).to_dicts()
    listed = "; ".join(f"{r['part']} {usd(r['nano'] / 1e9)}" for r in seen)
    return f"Bars by part, dearest first: {listed or 'none'}."


def spend_table(frame: pl.DataFrame) -> str:
    """Caption the parts in figures."""
    total, parts = _nano(frame, _IN_BILL), frame.filter(_IN_BILL).height
    whole = f"sum to {usd(total / 1e9)}" if total else "split no bill"
    return (
        f"{parts} parts {whole}, with nothing left over. Class: whose price the part "
        "paid; beyond: not in the bill. Tokens: searches in their number. Share: of the bill's "
        "list-price dollars; corrected: of the bill and the rest of the output. New content: what "
        "no earlier request of its chain had in its prompt. Written again: what an earlier "
        "request had, by cause; a tail is under 1,000 tokens that no breakpoint covered. Standing "
        "prefix: the shortest first prompt among the chains of a project, model and kind (main or "
        "subagent), an estimate; of a project with one chain it holds the first message as well."
    )
