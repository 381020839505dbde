"""Requests made by hand, as the measures take them."""

import datetime as dt

import polars as pl

from analysis import schema

AT = dt.datetime(2026, 4, 20, 12, tzinfo=dt.UTC)


def request(**values):
    """One request of Opus 4.7 (5, 6.25, 10, 0.50, 25 $ per MTok) with what is given."""
    row = {c.name: 0 if c.dtype.is_numeric() else None for c in schema.REQUESTS}
    row |= {"message_id": f"msg_{id(values)}", "origin": "assistant", "source": "claude-code"}
    row |= {"session": "s", "project": "project-01", "is_sidechain": False, "lines": 1, "copies": 1}
    row |= {"first_seen": AT, "last_seen": AT, "model": "claude-opus-4-7", "version": "2.1.112"}
    row |= {"write_5m_tokens": values.get("write_tokens", 0), "write_1h_tokens": 0}
    return row | values


def requests(*rows):
    """Return hand-made requests as the table."""
    return pl.DataFrame([request(**r) for r in rows], schema=schema.dtypes("requests"))
