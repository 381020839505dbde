"""What the same tokens cost on other models: the list, by line-up and by token class."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.counted import tell_writes
from analysis.facts import facts
from analysis.measures.lists import LIST_DAY, at_list, current_models
from analysis.measures.monetization import text_day
from analysis.overrides import CLASSES
from analysis.pricebook import rates
from analysis.prices import price

#: The families that the write-up names, and the one between: dearest first, at two days.
_NAMED = (
    (None, ("claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5")),
    ("claude-opus-4-1", ("claude-opus-4-1", "claude-sonnet-4", "claude-haiku-3-5")),
)
_MODES = ("speed", "geo", "service_tier")


def names() -> dict[str, str]:
    """Return the names that models on the price list go by."""
    return dict(facts("models").select("model", "name").rows())


def named(model: str) -> str:
    """Return the name that a model goes by.

    Examples
    --------
    >>> named("claude-opus-4-6"), named("other-01")
    ('Opus 4.6', 'other-01')
    """
    return names().get(model, model)


def line_ups() -> list[tuple[dt.date, tuple[str, ...]]]:
    """Return families of models on sale together: a day, and its models, dearest first.

    The write-up's day, the day of Opus 4.1, and the price book's.

    Examples
    --------
    >>> [len(models) for _, models in line_ups()]
    [3, 3, 4]
    """
    since = dict(facts("models").select("model", "since").rows())
    dated = [
        (dt.date.fromisoformat(since[first]) if first else text_day(), models)
        for first, models in _NAMED
    ]
    return [*dated, (LIST_DAY, tuple(reversed(current_models())))]


def list_ratios() -> pl.DataFrame:
    """Compute what the same tokens cost on each model of a line-up, over its cheapest.

    Returns
    -------
    pl.DataFrame
        One row per line-up and model: `day`, `model` (its name), `input`, `output` ($ per million
        tokens), `low`, `high` (times the cheapest of the line-up, over token classes).

    Examples
    --------
    >>> rows = list_ratios().filter(pl.col("day") == text_day())
    >>> rows.select("model", "low", "high").rows()
    [('Opus 4.6', 5.0, 5.0), ('Sonnet 4.6', 3.0, 3.0), ('Haiku 4.5', 1.0, 1.0)]
    """
    found = []
    for day, models in line_ups():
        listed = rates(models, [day]).filter(pl.col("above") == 0)
        times = [pl.col(c) / pl.col(c).last() for c in CLASSES]
        found.append(
            listed.select(
                pl.lit(day).alias("day"),
                pl.Series("model", [named(m) for m in models]),
                "input",
                "output",
                low=pl.min_horizontal(times).round(6),
                high=pl.max_horizontal(times).round(6),
            )
        )
    return pl.concat(found)


def same_tokens(priced: pl.DataFrame) -> pl.DataFrame:
    """Price the tokens of these requests on each model of the write-up's day, by class.

    Output is as logged; long prompts pay the tier of that day, if there is one.

    Returns
    -------
    pl.DataFrame
        One row per model, dearest first: `model`, `read_usd`, `write_usd`, `input_usd`,
        `output_usd`, `total_usd`; no rows where there are no requests. Writes are null where
        nobody counted them.
    """
    day, models = line_ups()[0]
    flat = priced.with_columns(pl.lit(None, pl.String).alias(m) for m in _MODES)
    sums = {
        "read_usd": ("read",),
        "write_usd": ("write_5m", "write_1h"),
        "input_usd": ("input",),
        "output_usd": ("output",),
    }
    rows = []
    for model in models if priced.height else ():
        paid = price(at_list(flat, model), date=day)
        parts = {n: sum(int(paid[f"{p}_nano"].sum()) for p in ps) / 1e9 for n, ps in sums.items()}
        told = {} if tell_writes(priced) else {"write_usd": None}
        rows.append({"model": named(model), **parts, "total_usd": sum(parts.values()), **told})
    dollars = dict.fromkeys([*sums, "total_usd"], pl.Float64)
    return pl.DataFrame(rows, {"model": pl.String, **dollars})
