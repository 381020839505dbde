"""What partners put in, what was committed in return, and when that would repay them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analysis.facts import facts
from analysis.measures.carrying import DAY

#: Parts of a commitment that may be paid, for the curve.
PAID = tuple(n / 100 for n in range(1, 101))
#: Times from which one sum far exceeds another: the excess is then as much again.
FAR = 2


def partners() -> pl.DataFrame:
    """Return the partner table of the text, and what was announced after it.

    Returns
    -------
    pl.DataFrame
        The rows of `facts/partners.csv`, with `ratio` (commitment over investment; null where
        one of them is not in dollars), and with the lower estimate of the same, where there is
        one, `committed_low_usd` and `low_ratio`.

    Examples
    --------
    >>> partners().filter(pl.col("state") == "text")["ratio"].to_list()
    [6.0, 3.5, None, None]
    """
    invested = pl.col("invested_usd")
    low = pl.col("low_whole_usd") * pl.col("low_part")
    return facts("partners").with_columns(
        ratio=pl.col("committed_usd") / invested,
        committed_low_usd=low,
        low_ratio=low / invested,
        assured_usd=pl.col("assured_usd").cast(pl.Float64),
    )


def sums(state: str = "text") -> dict[str, float]:
    """Sum the partners' investments and commitments, under every way to count.

    `overlap` counts the smaller commitment of Microsoft and Nvidia as a part of the larger: the
    capacity runs on that cloud, and announcement and estimates do not say what is counted twice.

    Returns
    -------
    dict
        Ratios: `both` (partners with dollars on both sides), `overlap` (the same if one
        commitment holds the other), `all` (what is known over all investments, as if what is
        not in dollars were nothing), `all_overlap`, `all_low` (`all` with the lower estimate).

    Examples
    --------
    >>> {name: round(value, 2) for name, value in sums().items()}
    {'both': 4.33, 'overlap': 2.33, 'all': 2.5, 'all_overlap': 1.35, 'all_low': 1.68}
    """
    rows = partners().filter(pl.col("state") == state)
    both = rows.drop_nulls("ratio")
    known = both["committed_usd"].to_list()
    invested = {"both": float(both["invested_usd"].sum()), "all": float(rows["invested_usd"].sum())}
    lower = float(both.select(pl.coalesce("committed_low_usd", "committed_usd").sum()).item())
    return {
        "both": sum(known) / invested["both"],
        "overlap": max(known) / invested["both"],
        "all": sum(known) / invested["all"],
        "all_overlap": max(known) / invested["all"],
        "all_low": lower / invested["all"],
    }


def latest() -> pl.DataFrame:
    """Return each partner's last known row: after the text where there is one.

    Examples
    --------
    >>> latest()["ratio"].null_count()
    0
    """
    return partners().unique("partner", keep="last", maintain_order=True)


def margins() -> pl.DataFrame:
    """Return the gross margin at which a commitment that is paid in full repays the investment.

    Returns
    -------
    pl.DataFrame
        One row per partner of the text with dollars on both sides, and `state` text: `partner`,
        `margin` (investment over commitment), `high_margin` (with the lower estimate).

    Examples
    --------
    >>> margins()["margin"].round(3).to_list()
    [0.167, 0.286]
    """
    rows = partners().filter(pl.col("state") == "text").drop_nulls("ratio")
    return rows.select("partner", margin=1 / pl.col("ratio"), high_margin=1 / pl.col("low_ratio"))


def recovery(paid: Sequence[float] = PAID) -> pl.DataFrame:
    """Return the margin that repays an investment, by the part of the commitment that is paid.

    Returns
    -------
    pl.DataFrame
        `partner`, `estimate` (as in the text, or lower), `paid` (part of the commitment),
        `margin` (needed; over 1 means that no margin repays it).

    Examples
    --------
    >>> recovery([0.5]).select("partner", pl.col("margin").round(3)).rows()[0]
    ('Microsoft', 0.333)
    """
    long = margins().unpivot(
        ["margin", "high_margin"], index="partner", variable_name="estimate", value_name="full"
    )
    named = {"margin": "text", "high_margin": "lower"}
    return (
        long.drop_nulls("full")
        .with_columns(pl.col("estimate").replace_strict(named))
        .join(pl.DataFrame({"paid": [float(p) for p in paid]}), how="cross")
        .with_columns(margin=pl.col("full") / pl.col("paid"))
        .select("partner", "estimate", "paid", "margin")
    )


def assured(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the partners of the text whose investment comes back whatever becomes of Anthropic.

    That is where a sum that covers it is published as paid ahead, or as guaranteed by others: a
    commitment of Anthropic's alone is worth what Anthropic can pay.

    Parameters
    ----------
    frame
        `partners`.

    Examples
    --------
    >>> assured(partners()).height
    0
    """
    covers = pl.col("assured_usd") >= pl.col("invested_usd")
    return frame.filter(pl.col("state") == "text", covers)


def rounds() -> pl.DataFrame:
    """Return the rounds before, series G, and both together.

    Returns
    -------
    pl.DataFrame
        `rounds`, `number`, `raised_usd`, `valuation_usd`, `over_run_rate` (valuation over run-rate
        revenue), `kind` (announcement or press), `source`; the last row is the sum.

    Examples
    --------
    >>> rounds().select("number", pl.col("raised_usd") / 1e9).row(-1)
    (17, 67.3)
    """
    rows = facts("rounds").with_columns(
        rounds=pl.col("rounds_of"),
        over_run_rate=pl.col("valuation_usd") / pl.col("run_rate_usd"),
    )
    columns = ("rounds", "number", "raised_usd", "valuation_usd", "over_run_rate", "kind")
    whole = rows.select(
        pl.lit("all").alias("rounds"), pl.col("number", "raised_usd").sum(), kind=pl.lit("sum")
    )
    return pl.concat([rows.select(columns), whole], how="diagonal")


def statements() -> pl.DataFrame:
    """Return what partners and investors said, by day."""
    return facts("partner-statements").sort("said_day", maintain_order=True)


def ranking(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the public statements of strategic partners, before the text, that rank a model.

    Parameters
    ----------
    frame
        `statements`.

    Examples
    --------
    >>> ranking(statements())["partner"].to_list()
    ['Amazon']
    """
    return frame.filter(
        pl.col("strategic") == "yes",
        pl.col("public") == "yes",
        pl.col("ranks") == "yes",
        pl.col("about") == "technology",
        pl.col("said_day") <= DAY,
    )
