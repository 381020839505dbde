"""Rows by column to polars frames."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis import schema


def frame(columns: list[list[Any]], table: str) -> pl.DataFrame:
    """Make a table's frame of its columns.

    Parameters
    ----------
    columns
        Values in the order of the schema, times in microseconds of UTC; empty without rows.
    table
        `copies`, `events` or `files`.

    Examples
    --------
    >>> frame([], "events").height
    0
    """
    types = schema.dtypes(table)
    if not columns:
        return pl.DataFrame(schema=types)
    named = zip(types.items(), columns, strict=True)
    return pl.DataFrame([_series(name, kind, values) for (name, kind), values in named])


def _series(name: str, kind: pl.DataType, values: list[Any]) -> pl.Series:
    if kind == schema.UTC:
        return pl.Series(name, values, pl.Int64).cast(kind)
    return pl.Series(name, values, kind)
