"""A team's sums as they may be shown: nothing of few people, or of one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.measures.resample import intervals
from analysis.measures.suppress import FEWEST, Parts, safe, withheld
from analysis.measures.team import AGAIN, CLASSES
from analysis.measures.team_plans import months
from analysis.measures.team_shares import heads

_ENDS = ("low", "high")


def enough(people: pl.DataFrame) -> bool:
    """Tell whether a team has people enough for anything of it to be shown."""
    return people.height >= FEWEST


def sums(people: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Sum what a team used and paid, as logged.

    Parameters
    ----------
    people
        `measures.team.everyone`.

    Returns
    -------
    pl.DataFrame
        A row for each of `requests`, `sessions`, `tokens`, `dollars`, and `dollars a person a
        month`: `figure`, `value`, and for the last `low` and `high` (90 %, people drawn); null
        where one person makes it up.
    """
    usd = people["total_nano"].to_numpy() / 1e9
    tokens = people.select(pl.sum_horizontal("prompt_tokens", "output_tokens")).to_series()
    parts = {
        "requests": people["requests"].to_numpy().astype(float),
        "sessions": people["sessions"].to_numpy().astype(float),
        "tokens": tokens.to_numpy().astype(float),
        "dollars": usd,
    }
    mean = _mean(people, seed) if safe(usd) else (None, None, None)
    rows: list[tuple[str, float | None, float | None, float | None]] = [
        *((name, float(of.sum()) if safe(of) else None, None, None) for name, of in parts.items()),
        ("dollars a person a month", *mean),
    ]
    head: dict[str, type[pl.DataType]] = {"figure": pl.String}
    return pl.DataFrame(rows, head | dict.fromkeys(("value", *_ENDS), pl.Float64), orient="row")


def _mean(people: pl.DataFrame, seed: int) -> tuple[float | None, float | None, float | None]:
    span = months(people) * 1e9
    drawn = intervals(
        people,
        {"nano": pl.col("total_nano").sum(), "people": pl.len()},
        {"mean": lambda s: s["nano"] / s["people"] / span},
        cluster="label",
        seed=seed,
    )["mean"]
    value = float(people["total_nano"].sum()) / max(people.height, 1) / span
    return value, drawn.low, drawn.high


def classes(people: pl.DataFrame) -> pl.DataFrame:
    """Sum tokens and dollars by token class, as logged.

    Returns
    -------
    pl.DataFrame
        A row per class, and `all`: `class`, `tokens` (null of web searches, which are none),
        `cost_usd`, `share` (of dollars); null where they would tell of one person or of few.
    """
    tokens = _matrix(people, [f"{name}_tokens" for name in CLASSES[:-1]])
    dollars = _matrix(people, [f"{name}_nano" for name in CLASSES]) / 1e9
    padded = np.column_stack([tokens, np.zeros(len(tokens))])
    hidden = withheld([dollars, padded]).cells
    whole = safe(dollars.sum(axis=1)) and safe(tokens.sum(axis=1))
    rows = [
        (
            name,
            None if hidden[n] or not whole or name == "search" else int(tokens[:, n].sum()),
            None if hidden[n] or not whole else float(dollars[:, n].sum()),
        )
        for n, name in enumerate(CLASSES)
    ]
    rows.append(("all", int(tokens.sum()) if whole else None, _sum(dollars) if whole else None))
    frame = pl.DataFrame(
        rows, {"class": pl.String, "tokens": pl.Int64, "cost_usd": pl.Float64}, orient="row"
    )
    return frame.with_columns(share=_of_last("cost_usd"))


def causes(people: pl.DataFrame) -> pl.DataFrame:
    """Sum what was written to the cache again, by cause.

    Returns
    -------
    pl.DataFrame
        A row per cause, dearest first, those that are withheld after them, then `all`: `cause`,
        `people` (who has it), `rebuilt_tokens`, `premium_usd` (above the price of a read), `share`
        (of all list-price dollars); null where they would tell of one person or of few.
    """
    tokens = _matrix(people, [f"{cause}_tokens" for cause in AGAIN])
    dollars = _matrix(people, [f"{cause}_nano" for cause in AGAIN]) / 1e9
    hidden = withheld([dollars, tokens]).cells
    whole = safe(dollars.sum(axis=1)) and safe(tokens.sum(axis=1))
    rows = [
        (
            name,
            heads(int((tokens[:, n] > 0).sum()), people.height),
            None if hidden[n] or not whole else int(tokens[:, n].sum()),
            None if hidden[n] or not whole else float(dollars[:, n].sum()),
        )
        for n, name in enumerate(AGAIN)
    ]
    some = heads(int((tokens.sum(axis=1) > 0).sum()), people.height)
    every = ("all", some, int(tokens.sum()), _sum(dollars)) if whole else ("all", some, None, None)
    kinds = {"cause": pl.String, "people": pl.Int64, "rebuilt_tokens": pl.Int64}
    total = people["total_nano"].to_numpy() / 1e9
    bill = float(total.sum()) if safe(total) else 0.0
    frame = pl.DataFrame(rows, kinds | {"premium_usd": pl.Float64}, orient="row")
    last = pl.DataFrame([every], frame.schema, orient="row")
    known = pl.when(pl.lit(bill) > 0).then(pl.col("premium_usd") / bill)
    return pl.concat(
        [frame.sort("premium_usd", descending=True, nulls_last=True, maintain_order=True), last]
    ).with_columns(share=known)


def _matrix(people: pl.DataFrame, columns: Sequence[str]) -> Parts:
    wanted = people.select(pl.col(list(columns)).fill_null(0).cast(pl.Float64))
    return wanted.to_numpy()


def _sum(parts: Parts) -> float:
    return float(parts.sum())


def _of_last(column: str) -> pl.Expr:
    whole = pl.col(column).last()
    return pl.when(whole > 0).then(pl.col(column) / whole)
