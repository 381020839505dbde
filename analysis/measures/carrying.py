"""What carrying a context file costs by the list: the text's example, and other sizes.

One request writes the file to the cache for five minutes, each that follows reads it; nothing
expires in between. That is the text's reckoning, with the write that it leaves out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from analysis.facts import facts
from analysis.prices import price

#: The day of the text, whose list prices are used.
DAY = dt.date(2026, 3, 25)
#: The model that most of the text's own session is priced at.
MODEL = "claude-opus-4-6"
#: Sizes of a file in tokens: the text's own among them.
SIZES = (1_000, 5_000, 15_000, 30_000, 60_000)
#: Requests of a session.
REQUESTS = (10, 20, 50, 100, 200, 500, 1_000)
#: Messages of a session, one request each: the text's reckoning.
MESSAGES = (1, 2, 5, 10, 20, 50, 100)
#: Models that a reader of the text could choose, dearest first.
MODELS = ("claude-opus-4-1", "claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5")


def carried(
    sizes: Sequence[int] = SIZES,
    requests: Sequence[int] = REQUESTS,
    models: Sequence[str] = (MODEL,),
    day: dt.date = DAY,
) -> pl.DataFrame:
    """Price a file that is written once and read in every request that follows.

    Returns
    -------
    pl.DataFrame
        One row for each of `models`, `sizes` and `requests`: `model`, `file_tokens`, `requests`,
        `write_tokens`, `read_tokens`, `write_usd`, `read_usd`, `cost_usd` (list price of the day,
        without the dearer tier of long prompts; null without a price).

    Examples
    --------
    >>> carried([15_000], [100]).select("read_tokens", pl.col("cost_usd").round(2)).row(0)
    (1485000, 0.84)
    """
    made = pl.DataFrame({"model": list(models)})
    made = made.join(pl.DataFrame({"file_tokens": list(sizes)}), how="cross")
    made = made.join(pl.DataFrame({"requests": list(requests)}), how="cross").with_columns(
        write_tokens=pl.col("file_tokens"),
        read_tokens=pl.col("file_tokens") * (pl.col("requests") - 1),
        aggregate=pl.lit(True),
    )
    dollars = {"write_usd": "write_5m_nano", "read_usd": "read_nano", "cost_usd": "total_nano"}
    return (
        price(made, date=day)
        .with_columns((pl.col(nano) / 1e9).alias(usd) for usd, nano in dollars.items())
        .select("model", "file_tokens", "requests", "write_tokens", "read_tokens", *dollars)
    )


def example() -> pl.DataFrame:
    """Return the text's own example, priced.

    Examples
    --------
    >>> example().select("file_tokens", "requests", "read_tokens").row(0)
    (15000, 100, 1485000)
    """
    size, messages = facts("examples").select("file_tokens", "messages").row(0)
    return carried([size], [messages])


def by_model() -> pl.DataFrame:
    """Return what the text's file costs by model, for each number of requests in a column.

    Returns
    -------
    pl.DataFrame
        `model`, then one column of dollars for each of 10, 100 and 1,000 requests.
    """
    size = facts("examples")["file_tokens"].item()
    rows = carried([size], [10, 100, 1_000], MODELS)
    wide = rows.pivot("requests", index="model", values="cost_usd")
    return wide.rename({name: f"{int(name):,} requests" for name in wide.columns[1:]})
