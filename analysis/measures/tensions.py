"""Where the texts contradict themselves: pairs of claims that do not go together."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts

_OF_A_CLAIM = ("claim", "says", "verdict")


def tensions(card: pl.DataFrame) -> pl.DataFrame:
    """Set the two claims of each tension side by side.

    Parameters
    ----------
    card
        The scorecard.

    Returns
    -------
    pl.DataFrame
        One row per tension, in the order of the text: `first` and `second` (claims), what each
        says and its verdict (`first_says`, `first_verdict`, ...), `clash` in our words, `source`.
    """
    known = card.select(_OF_A_CLAIM)
    frame = facts("tensions")
    for side in ("first", "second"):
        named = known.rename({"claim": side, "says": f"{side}_says", "verdict": f"{side}_verdict"})
        frame = frame.join(named, on=side, how="left", maintain_order="left")
    return frame
