"""Say who was simulated, how much of it is luck, and what is so by construction."""

from __future__ import annotations

import polars as pl

from analysis.measures.built_in import never_better, same_but_for
from analysis.measures.noise import told
from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.words.conclusions import dollars
from analysis.words.frontier import TOO_FEW
from analysis.words.numbers import count, minus, share


def basis(frame: pl.DataFrame, seed: int) -> str:
    """Say how many users were simulated, and how a difference's noise is known.

    Parameters
    ----------
    frame
        `Simulated.basis`.
    """
    if frame.is_empty():
        return f"{TOO_FEW}."
    row = frame.row(0, named=True)
    return (
        f"With every assumption in its middle, {count(row['users'], 'user')} are simulated over "
        f"{count(row['days'], 'day')}; {row['walked']:,} as one assumption moves, and "
        f"{row['drawn']:,} at each of {count(row['draws'], 'draw')} of all assumptions. All come "
        f"from seed {seed}. Each persona has as many users, weighed by its share. They are made in "
        f"{count(row['groups'], 'group')}, each a whole population: behind ± stands twice the "
        "standard error over these groups, and what lies within it is no difference that so many "
        "users can tell. Other users, other seeds: that is what ± covers; other logs, with days of "
        "another shape, it does not. A user chooses knowing what all these days will bring, so few "
        "are blocked: who would be has taken a larger plan."
    )


def today(frame: pl.DataFrame) -> str:
    """Say how today's line-up comes out, and what of it is not to be read as a finding."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    row = frame.row(0, named=True)
    if row["margin"] is None:
        return "Nobody pays anything under today's line-up: it has no margin."
    cost, at = (f"${row[name]:.2f}" for name in ("cost_share", "calibrated"))
    noise = "" if row["margin_noise"] is None else f" ± {100 * row['margin_noise']:.1f} points"
    return (
        f"Today's line-up comes out at a gross margin of {minus(share(row['margin'], 0))}{noise}, "
        f"where the firm planned {share(row['planned'], 0)}. The cost to serve is taken from "
        f"margins on what was paid and applied to list price, {cost} a dollar: pure metering then "
        "has 1 less that by construction, and plans, which sell work below list price, have less. "
        f"At {at} a list-price dollar today's line-up would have the planned margin. So only "
        f"differences to today are meant. Reviews are {share(row['reviews_share'], 0)} of today's "
        "revenue here."
    )


def _least(plans: pl.DataFrame, column: str) -> float:
    """Return the least of a column, nan where there is none."""
    return min(plans[column].drop_nulls().to_list(), default=float("nan"))


def _either(labels: list[str]) -> str:
    """Join labels.

    >>> _either(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join([*([", ".join(labels[:-1])] if labels[1:] else []), labels[-1]])


def built_in(plans: pl.DataFrame, assumptions: pl.DataFrame) -> str:
    """Say what is so by the line-ups' terms, whatever is simulated.

    Parameters
    ----------
    plans, assumptions
        `measures.redesign`.
    """
    listed = assumptions.filter(pl.col("name") == "review_list")["middle"].item()
    said = [
        f"Nobody can gain by {_either(lost)}: for each plan, today's line-up has one that is "
        "as good in every term."
        for lost in [never_better(plans, listed)]
        if lost
    ]
    if same_but_for(plans, "degrade", ["at_cap"]):
        said.append(
            "Caps that degrade differ from today's in what happens at the cap alone, and what is "
            "refused today is then done: that users gain is all but built in."
        )
    own = plans.filter(pl.col("line_up") == PROPOSAL)
    now = plans.filter(pl.col("line_up") == TODAY)
    seat, pro = (_least(of.filter(pl.col("office") == "yes"), "fee_usd") for of in (own, now))
    if seat > pro:
        said.append(
            f"In the proposal the office tools cost ${seat:g} with a seat, and come with a plan "
            f"for ${pro:g} today: that part of what users lose is built in, too."
        )
    rate = _least(plans.filter(pl.col("line_up") == "token"), "rate")
    price = _least(plans.filter(pl.col("line_up") == "checkpoint"), "review_usd")
    if price == rate * listed:
        said.append(
            f"Reviews at a premium per token and per checkpoint cost the same in the middle, "
            f"${price:g}: these two rows are equal there, and differ only in draws, where the "
            "tokens of a review do."
        )
    return " ".join(said)


def told_apart(frame: pl.DataFrame) -> str:
    """Say which differences to today cannot be told from none.

    Parameters
    ----------
    frame
        `Simulated.apart`.
    """
    if frame.is_empty():
        return f"{TOO_FEW}."
    most = [frame[f"{key}_noise"].max() for key in ("profit", "net")]
    if None in most:
        return "Of one group of users nothing is known of the noise."
    none = {
        what: [r["label"] for r in frame.to_dicts() if not told(r[f"{key}_usd"], r[f"{key}_noise"])]
        for key, what in (("profit", "profit"), ("net", "what users are left"))
    }
    firm, users = (dollars(0, value).removeprefix("under $1 ") for value in most)  # type: ignore[arg-type]
    unlike = [f"in {what}: {'; '.join(labels)}" for what, labels in none.items() if labels]
    rest = (
        f"No difference to today's can be told {' and '.join(unlike)}."
        if unlike
        else "All differences to today's are larger than their noise."
    )
    return (
        f"Profit less today's is known to {firm} or better, and what users gain to {users}. {rest}"
    )
