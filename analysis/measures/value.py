"""What a Code Review is worth beside its price: hours it spares, times what an hour costs.

No study has measured what a review spares. So hours, wage and success are parameters: each has a
range in `data/raw/facts/value-assumptions.csv`, and a reader's own middle moves its range along.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.facts import facts

Array = npt.NDArray[np.float64]

DRAWS = 10_000
MINUTES = 60
#: What part of the worth a price may take, at most: even, half, and what is called cheap here.
PARTS = (1.0, 0.5, 0.1)
_ENDS = {"low": 0.05, "median": 0.5, "high": 0.95}
_SUCCESS = [round(0.05 * n, 2) for n in range(2, 21)]


def assumptions(**own: float) -> pl.DataFrame:
    """Return what the worth of a review rests on.

    Parameters
    ----------
    own
        A reader's own middles by name. A range moves with its middle, in proportion; a share ends
        at one.

    Returns
    -------
    pl.DataFrame
        `name`, `label`, `low`, `middle`, `high`, `unit`, `kind` (published, or assumed), `reason`,
        `source`.

    Examples
    --------
    >>> assumptions(wage_usd=58.0).row(0)[2:5]
    (45.5, 58.0, 72.5)
    """
    return moved(facts("value-assumptions"), own)


def moved(frame: pl.DataFrame, own: Mapping[str, float]) -> pl.DataFrame:
    """Put a reader's own middles into a table of assumptions, their ranges with them."""
    middle = pl.col("name").replace_strict(dict(own), default=pl.col("middle")).cast(pl.Float64)
    ends = [(pl.col(end) * middle / pl.col("middle")).alias(end) for end in ("low", "high")]
    capped = [
        pl.when(pl.col("unit") == "share").then(pl.col(end).clip(upper_bound=1)).otherwise(end)
        for end in ("low", "middle", "high")
    ]
    return frame.with_columns(middle.alias("middle"), *ends).with_columns(capped)


def middles(known: pl.DataFrame) -> dict[str, float]:
    """Return the middle of each assumption by name."""
    return dict(known.select("name", "middle").iter_rows())


def worth_per_dollar(a: Mapping[str, Array]) -> Array:
    """Compute the dollars of work that a dollar of a review's price spares.

    Examples
    --------
    >>> worth_per_dollar({"wage_usd": np.array([100.0]), "hours_spared": np.array([0.5]),
    ...                   "success_rate": np.array([0.8]), "review_usd": np.array([20.0])})
    array([2.])
    """
    return np.asarray(a["wage_usd"] * a["hours_spared"] * a["success_rate"] / a["review_usd"])


def draw(known: pl.DataFrame, seed: int = 1, draws: int = DRAWS) -> dict[str, Array]:
    """Draw every assumption from its range, each by itself, most often near its middle.

    The distribution is the triangle on low, middle and high.

    Examples
    --------
    >>> drawn = draw(assumptions(), draws=100)["success_rate"]
    >>> bool(0.38 <= drawn.min() < drawn.max() <= 0.84)
    True
    """
    rng = np.random.default_rng(seed)
    return {
        row["name"]: rng.triangular(row["low"], row["middle"], row["high"], draws)
        for row in known.to_dicts()
    }


def simulated(known: pl.DataFrame, seed: int = 1) -> dict[str, float]:
    """Summarise the drawn worth of a dollar of a review's price.

    Returns
    -------
    dict
        `low`, `median`, `high` (5, 50 and 95 % of draws), `below` (share of draws in which a
        review costs more than it spares), `half` and `cheap` (in which its price takes at most
        half, and at most a tenth, of what it spares).
    """
    worth = worth_per_dollar(draw(known, seed))
    ends = np.quantile(worth, list(_ENDS.values()))
    below, half, cheap = ((worth >= 1 / part).mean() for part in PARTS)
    return dict(zip(_ENDS, map(float, ends), strict=True)) | {
        "below": float(1 - below),
        "half": float(half),
        "cheap": float(cheap),
    }


def break_even(known: pl.DataFrame) -> pl.DataFrame:
    """Compute how long a review that succeeds must spare for its price to come back.

    Returns
    -------
    pl.DataFrame
        `price` (low, high), `review_usd`, `success_rate` (0.1 to 1), `minutes` (at the middle
        wage), `least` and `most` (at the highest and the lowest wage).

    Examples
    --------
    >>> found = break_even(assumptions(wage_usd=100.0)).filter(pl.col("success_rate") == 0.5)
    >>> found["minutes"].round(1).to_list()
    [18.0, 30.0]
    """
    rows = {r["name"]: r for r in known.to_dicts()}
    wage, price = rows["wage_usd"], rows["review_usd"]
    prices = pl.DataFrame({"price": ["low", "high"], "review_usd": [price["low"], price["high"]]})
    worked = pl.col("review_usd") / pl.col("success_rate") * MINUTES
    return prices.join(pl.DataFrame({"success_rate": _SUCCESS}), how="cross").with_columns(
        minutes=worked / wage["middle"], least=worked / wage["high"], most=worked / wage["low"]
    )


def needs(known: pl.DataFrame) -> pl.DataFrame:
    """Compute the hours that a successful review must spare for its price to be a part of them.

    Returns
    -------
    pl.DataFrame
        `part` (of the worth, that the price takes), `low`, `high`: hours at the low and the high
        price, wage and success in the middle.
    """
    rows = {r["name"]: r for r in known.to_dicts()}
    hourly = rows["wage_usd"]["middle"] * rows["success_rate"]["middle"]
    price = rows["review_usd"]
    return pl.DataFrame(
        {
            "part": PARTS,
            "low": [price["low"] / hourly / part for part in PARTS],
            "high": [price["high"] / hourly / part for part in PARTS],
        }
    )


def swings(known: pl.DataFrame) -> pl.DataFrame:
    """Move one assumption at a time to its ends, all others in the middle.

    Returns
    -------
    pl.DataFrame
        Widest swing first: `name`, `label`, `kind`, `low`, `high` (ends of the assumption),
        `unit`, `at_low`, `middle`, `at_high` (dollars of work spared, per dollar of price), `flips`
        (the value at which a review just pays; null where its range holds none).
    """
    middle = {name: np.array([value]) for name, value in middles(known).items()}
    rows = []
    for row in known.to_dicts():
        ends = middle | {row["name"]: np.array([row["low"], row["middle"], row["high"]])}
        at_low, at, at_high = map(float, worth_per_dollar(ends))
        even = row["middle"] * at if row["name"] == "review_usd" else row["middle"] / at
        flips = even if row["low"] <= even <= row["high"] else None
        rows.append((row["name"], at_low, at, at_high, flips))
    schema = {"name": pl.String} | dict.fromkeys(
        ("at_low", "middle", "at_high", "flips"), pl.Float64
    )
    found = pl.DataFrame(rows, schema, orient="row")
    columns = known.select("name", "label", "kind", "low", "high", "unit")
    wide = (pl.col("at_low") - pl.col("at_high")).abs()
    return columns.join(found, on="name", maintain_order="left").sort(
        wide, descending=True, maintain_order=True
    )
