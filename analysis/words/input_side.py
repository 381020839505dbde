"""Say how much of usage is on the input side."""

from __future__ import annotations

import polars as pl

from analysis.measures.input_side import YOU, weights
from analysis.words.numbers import count, extent, share
from analysis.words.sources import published

SOURCE = f"these logs and {published('cases', 'quota-classes')}"


def inputs(frame: pl.DataFrame) -> str:
    """Caption the input side."""
    others = frame.filter(pl.col("case") != YOU)
    own = frame.filter(pl.col("case") == YOU)

    def over(rows: pl.DataFrame, way: str) -> str:
        return extent([*rows[f"{way}_low"], *rows[f"{way}_high"]])

    if frame.is_empty():
        return "No account is published, and these logs have no tokens."
    first = own if own.height else others
    whose = "of these logs" if own.height else "of the published accounts"
    beside = (
        f" The {count(others.height, 'published account')} lie at {over(others, 'dollars')} of "
        f"dollars and {over(others, 'quota')} of that quota."
        if own.height and others.height
        else ""
    )
    read = weights()["read"]
    return (
        f"The input side is {over(first, 'tokens')} of tokens {whose}, {over(first, 'dollars')} of "
        f"list-price dollars and {over(first, 'quota')} of a quota by the one published reading of "
        f"its weights.{beside} Input side: input, cache writes and cache reads; the rest is "
        f"output. A cache read weighs {read:g} of an input token in that reading "
        "([](#tab-quota-disclosed)); if it weighs more, the share is higher. Logged output falls "
        "short in most accounts ([](#fig-margin-undercount)), so theirs are upper ends; these logs "
        "have it reconstructed."
    )


def inputs_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the input side."""
    if frame.is_empty():
        return "Empty axes."
    listed = "; ".join(
        f"{r['label']} {share(r['dollars_low'])} of dollars" for r in frame.to_dicts()
    )
    return (
        "In each row a square for tokens near the right edge, a dot for dollars left of it and a "
        f"diamond for the quota further left. {listed}."
    )


def tied(frame: pl.DataFrame) -> str:
    """Say what the shares mean for the write-up's sentence."""
    dollars, quota = frame["dollars_low"].min(), frame["quota_low"].min()
    return (
        "The write-up says that usage limits are highly tied to inputs, and to outputs only by way "
        "of dearer models and reasoning. Of a quota it holds for most accounts, not for all: their "
        f"least share is {share(quota)}. Of dollars it holds for each, from {share(dollars)} up. "  # type: ignore[arg-type]
        f"A token of output weighs {weights()['output']:g} of input in that reading, so output is "
        "tied directly as well. And most of that input is the conversation itself, sent again, "
        "with earlier answers and what tools brought. If by inputs the write-up means resources "
        "and not results, no count of tokens can test it."
    )
