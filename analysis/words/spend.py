"""Say where each dollar went."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import share, usd

_NOTHING = "No request of these logs has a price, so there is no bill to split."


def spend(frame: pl.DataFrame) -> str:
    """Caption the parts of the bill."""
    total = int(frame["nano"].sum())
    if not total:
        return _NOTHING
    first = frame.sort("nano", descending=True).row(0, named=True)
    again = _nano(frame, pl.col("part").str.starts_with("written again"))
    expired = _nano(frame, pl.col("part") == "written again after expiry")
    kept = _nano(frame, pl.col("class") == "read")
    return (
        f"The largest part of {usd(total / 1e9)} is {first['part']}: {share(first['share'])} of "
        f"list-price dollars. All that was read from the cache is {share(kept / total)}; what was "
        f"written again though it had been there is {share(again / total)}, and "
        f"{share(expired / total)} because it had expired. The parts sum to the bill to the "
        "nano-dollar; the standing prefix is an estimate, and output is as logged."
    )


def _nano(frame: pl.DataFrame, which: pl.Expr) -> int:
    return int(frame.filter(which)["nano"].sum())


def spend_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the parts of the bill."""
    seen = frame.filter(pl.col("nano") > 0).sort("nano", descending=True).to_dicts()
    listed = ", ".join(f"{r['part']} {share(r['share'])}" for r in seen)
    return f"Bars by part, dearest first: {listed.replace(', written', ' written') or 'none'}."


def spend_table(frame: pl.DataFrame) -> str:
    """Caption the parts in figures."""
    total = int(frame["nano"].sum())
    whole = f"sum to {usd(total / 1e9)}" if total else "are all of nothing"
    return (
        f"{frame.height} parts {whole}, with nothing left over. Class: whose price the part "
        "paid. Tokens: searches in their number. Share: of list-price dollars. New content: "
        "what no earlier request of its chain had in its prompt. Written again: what an earlier "
        "request had, by cause; a tail is under 1,000 tokens that no breakpoint covered. Standing "
        "prefix: the shortest first prompt among the chains of a project, model and kind (main or "
        "subagent), an estimate; of a project with one chain it holds the first message as well."
    )
