"""Rows of a team made by hand, as the table `team` has them."""

import datetime as dt

import polars as pl

from analysis import schema
from analysis.prices import price

AT = dt.datetime(2026, 4, 20, 12, tzinfo=dt.UTC)


def hour(number):
    return AT + dt.timedelta(hours=number)


def row(person=0, session=0, **values):
    """One request of Opus 4.7 (5, 6.25, 10, 0.50, 25 $ per MTok) with what is given."""
    made = {c.name: 0 if c.dtype.is_integer() else None for c in schema.TEAM}
    made |= {"person": f"p-{person:016x}", "request": f"r-{id(values):016x}"}
    made |= {"session": f"s-{person:08x}{session:08x}", "source": "claude-code"}
    made |= {"model": "claude-opus-4-7", "hour": AT, "is_sidechain": False, "final": True}
    made |= {"write_5m_tokens": values.get("write_tokens", 0)}
    return made | values


def rows(*made):
    """Return hand-made rows as the table."""
    return pl.DataFrame(made, schema=schema.dtypes("team"))


def pricing(frame):
    """Price rows as `Logs.pricing` does without prices of one's own."""
    return price(frame)
