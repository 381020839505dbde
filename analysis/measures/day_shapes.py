"""What a day of work looks like in logs: its dollars by hour, and the context that stands.

Sessions are not users: a day of one project stands for a day of one user, whoever worked in it.
Where a limit cut a day short, its log ends there. Nobody in logs of a coding agent is a knowledge
worker: only when they work and how unlike their days are is taken from here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from analysis.measures.wanted import HOURS, Array
from analysis.prices import price

#: Fewer days than these have no shapes: a population would be made of a handful of days.
FEWEST = 10

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "project": pl.String,
    "day": pl.Date,
    "requests": pl.Int64,
    "usd": pl.Float64,
    "hours": pl.Array(pl.Float64, HOURS),
    "context": pl.Array(pl.Float64, HOURS),
}


class Profiles(NamedTuple):
    """Days as arrays."""

    usd: Array  #: (days,): list-price dollars of each
    hours: Array  #: (days, 24): share of them by hour
    context: Array  #: (days, 24): writing what stands once again, as a share of them


def day_shapes(priced: pl.DataFrame) -> pl.DataFrame:
    """Return each day of each project by its hours.

    Parameters
    ----------
    priced
        Requests with `total_nano` (`analysis.prices.price`); those without a price are left out.

    Returns
    -------
    pl.DataFrame
        One row per project and UTC day with any dollars: `project`, `day`, `requests`, `usd` (list
        price, output as logged), `hours` (Array of 24: share of those dollars by hour, sum 1) and
        `context` (Array of 24: writing the prompt of that hour's mean request to a cache of five
        minutes, as a share of those dollars; 0 in an hour without requests). A switch is taken to
        meet one session at a time. No rows where there are fewer days than `FEWEST`.

    Examples
    --------
    >>> from analysis import load
    >>> days = day_shapes(load("sample").priced())
    >>> days.height >= FEWEST, float(days["hours"].explode().sum()) - days.height < 1e-9
    (True, True)
    """
    at = pl.col("first_seen").dt.convert_time_zone("UTC")
    asked = priced.drop_nulls(["total_nano", "first_seen"])
    hourly = (
        asked.select(
            "project",
            "total_nano",
            at.dt.date().alias("day"),
            at.dt.hour().cast(pl.Int64).alias("hour"),
            _written(asked).alias("written_nano"),
        )
        .group_by("project", "day", "hour")
        .agg(pl.len().alias("requests"), pl.col("total_nano").sum(), pl.col("written_nano").mean())
        .with_columns(day_nano=pl.col("total_nano").sum().over("project", "day"))
        .filter(pl.col("day_nano") > 0)
        .sort("project", "day", "hour")
    )
    days = hourly.group_by("project", "day", maintain_order=True).agg(
        pl.col("requests").sum().cast(pl.Int64), usd=pl.col("total_nano").sum() / 1e9
    )
    if days.height < FEWEST:
        return pl.DataFrame(schema=_SCHEMA)
    row = hourly.select(pl.struct("project", "day").rle_id()).to_series().to_numpy()
    clocks = {}
    for name, part in (("hours", "total_nano"), ("context", "written_nano")):
        clock = np.zeros((days.height, HOURS))
        clock[row, hourly["hour"].to_numpy()] = (hourly[part] / hourly["day_nano"]).to_numpy()
        clocks[name] = pl.Series(name, clock, dtype=_SCHEMA[name])
    return days.with_columns(**clocks)


def profiles(shapes: pl.DataFrame) -> Profiles:
    """Return `day_shapes` as arrays.

    Examples
    --------
    >>> from analysis import load
    >>> profiles(day_shapes(load("sample").priced())).hours.shape[1]
    24
    """
    return Profiles(*(shapes[name].to_numpy().astype(float) for name in Profiles._fields))


def _written(asked: pl.DataFrame) -> pl.Series:
    """Return what writing each request's whole prompt once again would cost, in nano-dollars.

    Where the list has no price for a write it is sent as uncached input.
    """
    modes = [name for name in ("speed", "geo", "service_tier") if name in asked.columns]
    prompts = asked.select("model", "first_seen", *modes, write_5m_tokens="context_tokens")
    written = price(prompts)["write_5m_nano"]
    if written.null_count():
        sent = price(prompts.rename({"write_5m_tokens": "input_tokens"}))["input_nano"]
        written = written.fill_null(sent)
    return written
