"""From our dollars to the tool's for the same tokens, a rule at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

Price = Callable[[pl.DataFrame], pl.DataFrame]

_ROUNDED = 10  # nano-dollars a request: ours are rounded by class, the tool's are floats


def steps(
    requests: pl.DataFrame,
    theirs: Mapping[str, int],
    price: Price,
    logged: Mapping[int, int],
) -> list[tuple[str, dict[str, int]]]:
    """Apply the rules of prices one after the other.

    Parameters
    ----------
    requests
        What the tool counts, with `entry`.
    theirs
        Its nano-dollars by model, as the tables name it.
    price
        Gives requests nano-dollars as `total_nano`, null where no price is known.
    logged
        Nano-dollars that the log gives, by entry.

    Returns
    -------
    list
        A rule, and nano-dollars by model after it; the last are the tool's, because `list` has
        whatever is left.
    """
    found: list[tuple[str, dict[str, int]]] = []
    rows = requests.with_columns(web_searches=pl.lit(0, pl.Int64))
    found.append(("searches", _sums(price(rows))))
    rows = rows.with_columns(geo=pl.lit(None, pl.String))
    found.append(("places", _sums(price(rows))))
    rows = rows.with_columns(service_tier=pl.lit(None, pl.String))
    found.append(("batch", _sums(price(rows))))
    rows = price(rows.with_columns(aggregate=pl.lit(True)))
    found.append(("long-prompts", _sums(rows)))
    given = pl.col("entry").replace_strict(logged, default=None, return_dtype=pl.Int64)
    rows = rows.with_columns(pl.coalesce(given, "total_nano").alias("total_nano"))
    last = _sums(rows)
    found.append(("logged", last))
    missing = set(rows.filter(pl.col("total_nano").is_null().all().over("model"))["model"])
    count = dict(rows.group_by("model").len().iter_rows())
    close = {m for m in theirs if abs(theirs[m] - last.get(m, 0)) <= _ROUNDED * count.get(m, 0)}
    for rule, models in (("unpriced", missing), ("rounding", close), ("list", {*last, *theirs})):
        last = last | {model: theirs.get(model, 0) for model in models}
        found.append((rule, last))
    return found


def _sums(priced: pl.DataFrame) -> dict[str, int]:
    return dict(priced.group_by("model").agg(pl.col("total_nano").sum()).iter_rows())
