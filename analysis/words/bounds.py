"""Say what one gross margin leaves open about the margin of each token class."""

from __future__ import annotations

import polars as pl

from analysis.measures.bounds import STEPS, of_class
from analysis.measures.gross_margins import margins
from analysis.measures.mixes import case_mix
from analysis.words.numbers import count, share
from analysis.words.serving import CLASSES, NO_REVENUE, reach, signed_share
from analysis.words.sources import published

BOUNDS = f"these logs and {published('margins')}"


def bounds(frame: pl.DataFrame, margin: float) -> str:
    """Caption the bounds by class."""
    reads = frame.filter(pl.col("class") == "read").sort("step").to_dicts()
    if not reads:
        return f"{NO_REVENUE}."
    names = "; ".join(f"{n}: {step.name}" for n, step in enumerate(STEPS, 1))
    return (
        f"A gross margin of {share(margin, 0)} over all leaves the margin on cached reads anywhere "
        f"from {reach(reads[0])}, and with every assumption from {reach(reads[-1])}. Four costs "
        "are unknown, of which one sum is; a bar spans every value that a class's margin can have, "
        f"by linear programme. Added one by one: {names}. As if a dollar of these logs, at list "
        "price and with output reconstructed, had the margin that is reported of the whole firm: "
        "an assumption, since subscriptions are not billed at list price. Costs are taken to be in "
        "proportion to a model's input price. An arrow: the range goes on below."
    )


def bounds_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the bounds."""
    parts = [
        f"{CLASSES[name]} {reach(rows.row(0, named=True))}, at last "
        f"{reach(rows.row(-1, named=True))}"
        for (name,), rows in frame.sort("step", maintain_order=True).group_by(
            "class", maintain_order=True
        )
    ]
    return f"Bars, three for each token class: {'; '.join(parts)}." if parts else "Empty axes."


def free_reads(frame: pl.DataFrame, margin: float) -> str:
    """Say what the other classes would have to lose if reads cost nothing."""
    reads = frame.filter(pl.col("class") == "read", pl.col("step") == 0)["share"].to_list()
    if not reads:
        return f"{NO_REVENUE}."
    if reads[0] >= 1:
        return "Reads are all of these dollars, so their margin is that of all."
    others = 1 - (1 - margin) / (1 - reads[0])
    start = (
        "If serving a read cost nothing at all, all cost would fall on the other classes. They are "
        f"{share(1 - reads[0])} of these dollars, and their margin would be {signed_share(others)}"
    )
    if others >= 0:
        whole = share(margin, 0)
        return f"{start}: free reads and a margin of {whole} over all do not exclude each other."
    return (
        f"{start}: they would be sold below cost. So reads that are nearly free to serve and a "
        f"margin of {share(margin, 0)} over all go together only if the rest is sold at a loss, or "
        "if revenue is not list price times these tokens."
    )


def session(margin: float) -> str:
    """Say what the text's own session implies, if its mix were that of all revenue."""
    rows = of_class(case_mix("session"), margin, "read")
    start = (
        "In the mix of the write-up's session, where reads are "
        f"{share(rows[0]['share'])} of dollars, the same margin leaves reads {reach(rows[0])}, and "
        f"with every assumption {reach(rows[-1])}."
    )
    rule = f"all cost is {share(1 - margin, 0)} of revenue if all of it earns {share(margin, 0)}"
    if rows[0]["low"] <= 0:
        return f"{start} Whether reads earn anything there is not identified: {rule}."
    return (
        f"{start} So if all revenue looked like that session, reads would earn something whatever "
        f"they cost to serve: not because of the cache, but because {rule}, and a class that is "
        "more of revenue than that cannot be sold below cost."
    )


def identified(frame: pl.DataFrame, margin: float) -> str:
    """Say in how many published accounts the same margin settles that reads earn something.

    Parameters
    ----------
    frame
        `measures.bounds.accounts`.
    margin
        The gross margin of all.
    """
    must, cannot = (int((frame["above_zero"] == state).sum()) for state in ("must be", "cannot be"))
    start = (
        f"Of {count(frame.height, 'published account')} with token counts, {must or 'none'} must "
        f"have a margin on reads above zero at {share(margin, 0)} over all, {cannot or 'none'} "
        "cannot have one"
    )
    if frame.height in (must, cannot):
        return f"{start}."
    return (
        f"{start}, and in {frame.height - must - cannot:,} it may be either: there the sign of the "
        "margin on reads is not identified. That is no evidence against a margin; it says that "
        "the gross margin is no evidence for one. No account is a sample of customers."
    )


def margins_table(frame: pl.DataFrame) -> str:
    """Caption the gross margins."""
    own = frame.filter(pl.col("whose") == "Anthropic")["margin"]
    return (
        f"Gross margins that are told of the firm go from {signed_share(float(own.min()))} "  # type: ignore[arg-type]
        f"to {signed_share(float(own.max()))}, and none is by token class. "  # type: ignore[arg-type]
        "Reported, planned or estimated by others, not published by the firm. Least on reads: if "
        "all cost were theirs, in the mix of these logs."
    )


def gross(reads: float | None) -> pl.DataFrame:
    """Return the gross margins as a table, with the least margin they leave to reads.

    Parameters
    ----------
    reads
        Their share of dollars in these logs.
    """
    floor = 1 - (1 - pl.col("margin")) / reads if reads else pl.lit(None, pl.Float64)
    return margins().select(
        "whose",
        "covers",
        "status",
        "margin",
        floor.alias("least on reads"),
        pl.format("{}; {}", "what", "source").alias("what it is, and where it was seen"),
    )
