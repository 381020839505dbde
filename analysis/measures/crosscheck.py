"""What a comparison with another tool comes to, over all models."""

from __future__ import annotations

import polars as pl

from analysis.crosscheck.rules import OURS, RULES, THEIRS, UNEXPLAINED

CLASSES = ("input", "output", "write", "read")

#: What a row is, beside the rules.
ENDS = {
    OURS: "counted here, all requests of the dataset",
    UNEXPLAINED: "explained by no rule",
    THEIRS: "counted by the tool",
}


def by_rule(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum a comparison over models.

    Parameters
    ----------
    rows
        `analysis.crosscheck.compare.compare`.

    Returns
    -------
    pl.DataFrame
        Of each report `report`, `part` (ours, each rule that makes a difference, unexplained,
        theirs), tokens by class, `list_usd`, `meaning`. The rows before the last of a report sum
        to it, in tokens and in dollars.
    """
    meaning = ENDS | {name: rule.meaning for name, rule in RULES.items()}
    return (
        rows.group_by("report", part="step", maintain_order=True)
        .agg(pl.col(*CLASSES, "nano").sum())
        .with_columns(list_usd=pl.col("nano") / 1e9, meaning=pl.col("part").replace_strict(meaning))
        .drop("nano")
    )


def unexplained(rows: pl.DataFrame) -> dict[str, int]:
    """Return how many tokens no rule explains, whichever way, by report; none where all is."""
    left = rows.filter(pl.col("step") == UNEXPLAINED)
    sums = left.group_by("report", maintain_order=True).agg(
        pl.sum_horizontal(pl.col(CLASSES).abs()).sum().alias("tokens")
    )
    return {report: tokens for report, tokens in sums.iter_rows() if tokens}


def tokens(rows: pl.DataFrame, report: str, step: str) -> int:
    """Return all tokens of one step of a report."""
    found = rows.filter(pl.col("report") == report, pl.col("step") == step)
    return int(found.select(pl.sum_horizontal(pl.col(CLASSES).sum())).item())
