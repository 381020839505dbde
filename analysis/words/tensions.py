"""Say where the texts contradict themselves."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import count
from analysis.words.sources import published

SOURCE = published("claims", "tensions")
_HOLD = ["exact", "rounding"]

FORMATS = dict.fromkeys(("it says", "and it says"), "markdown")


def tensions(frame: pl.DataFrame) -> str:
    """Caption the pairs."""
    hold = [pl.col(f"{side}_verdict").is_in(_HOLD) for side in ("first", "second")]
    both = frame.filter(*hold).height
    apart = f"; in {both} of them each holds by itself" if both else ""
    return (
        f"In {count(frame.height, 'place')} the texts say two things that do not go together"
        f"{apart}. What clashes, in our words, and the two claims, each with its verdict."
    )


def pairs(frame: pl.DataFrame) -> pl.DataFrame:
    """Write the pairs as a table: each claim with its link and its verdict."""

    def side(name: str) -> pl.Expr:
        anchor = pl.col(name).str.to_lowercase().str.replace(".", "-", literal=True)
        return pl.format("{} ([](#claim-{}), {})", f"{name}_says", anchor, f"{name}_verdict")

    return frame.select(
        pl.col("clash").alias("what clashes"),
        side("first").alias("it says"),
        side("second").alias("and it says"),
    )
