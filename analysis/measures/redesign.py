"""What the simulated plans rest on: personas, line-ups and assumptions, with the reader's own."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts

#: Today's line-up, with which others are compared, and the write-up's proposal.
TODAY, PROPOSAL = "caps", "proposal"
#: Line-ups that differ enough to be followed along the elasticity.
FOLLOWED = ("overage", "degrade", "checkpoint", "knowledge", "metered", PROPOSAL)
#: Personas that do not write code.
KNOWLEDGE = ("occasional", "steady")


def assumptions(**chosen: float) -> pl.DataFrame:
    """Return what the simulation assumes, with the reader's own middle values.

    Parameters
    ----------
    **chosen
        Middle values by name. A range that does not hold one reaches as far as it.

    Returns
    -------
    pl.DataFrame
        `name`, `label`, `low`, `middle`, `high`, `unit`, `kind` (published, computed or assumed),
        `reason`, `source`.

    Raises
    ------
    KeyError
        A name is not one of an assumption.

    Examples
    --------
    >>> assumptions(quality=0.2).filter(name="quality").select("low", "middle", "high").row(0)
    (0.2, 0.2, 0.9)
    """
    known = facts("redesign-assumptions").cast(dict.fromkeys(("low", "middle", "high"), pl.Float64))
    if unknown := set(chosen) - set(known["name"]):
        raise KeyError(f"no such assumption: {', '.join(sorted(unknown))}")
    own = {name: float(value) for name, value in chosen.items()}
    middle = pl.col("name").replace_strict(own, default=pl.col("middle"), return_dtype=pl.Float64)
    return known.with_columns(middle=middle).with_columns(
        low=pl.min_horizontal("low", "middle"), high=pl.max_horizontal("high", "middle")
    )


def personas(knowledge_share: float | None = None) -> pl.DataFrame:
    """Return the personas, with the reader's own share of knowledge workers among users.

    Parameters
    ----------
    knowledge_share
        Share of users that do not write code; within either part shares keep their proportions.
        As in the facts by default.

    Returns
    -------
    pl.DataFrame
        Columns as in `data/raw/facts/README.md`; `share` sums to 1.

    Examples
    --------
    >>> personas(0).filter(pl.col("share") > 0).height
    3
    """
    known = facts("personas")
    apart = pl.col("persona").is_in(KNOWLEDGE)
    if knowledge_share is None:
        return known
    wanted = pl.when(apart).then(knowledge_share).otherwise(1 - knowledge_share)
    return known.with_columns(share=pl.col("share") / pl.col("share").sum().over(apart) * wanted)


def line_ups(review_usd: float | None = None) -> pl.DataFrame:
    """Return the plans of every line-up, with the reader's own price of a review.

    Parameters
    ----------
    review_usd
        Price of a review where it is sold per checkpoint; as in the facts by default.

    Returns
    -------
    pl.DataFrame
        Columns as in `data/raw/facts/README.md`.

    Examples
    --------
    >>> line_ups(45)["review_usd"].drop_nulls().unique().to_list()
    [45.0]
    """
    known = facts("line-ups").cast({"review_usd": pl.Float64})
    if review_usd is None:
        return known
    sold = pl.col("review_usd").is_not_null()
    return known.with_columns(review_usd=pl.when(sold).then(pl.lit(float(review_usd))))


def knowledge_share() -> float:
    """Return the share of users that are knowledge workers, as assumed.

    Examples
    --------
    >>> round(knowledge_share(), 2)
    0.6
    """
    return float(facts("personas").filter(pl.col("persona").is_in(KNOWLEDGE))["share"].sum())
