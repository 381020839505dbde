"""What the rows of a team must keep: every column alone, and what several say together."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis import schema
from analysis.logs.times import EARLIEST, LATEST
from analysis.strings import whole

#: The most tokens of a request of a team, of all kinds together: several times the largest window.
#: What a person's requests cost then fits an Int64, at the dearest price that there is.
MOST_TOKENS = 10**7

#: The most of what costs more: of an answer, several times the longest, and of its searches.
MOST = {"output_tokens": 10**6, "web_searches": 10**3}

_CLASSES = ("input_tokens", "output_tokens", "write_tokens", "read_tokens")


def newest() -> dt.datetime:
    """Return the last time that a request may have now: clocks differ, and zones by a day."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=1)


def broken(
    rows: pl.DataFrame,
    before: tuple[str, str] | None = None,
    latest: dt.datetime = LATEST,
) -> str | None:
    """Say which rule rows break, and in which column; nothing where they keep all of them.

    Parameters
    ----------
    rows
        A table `team`, or the next rows of one.
    before
        Person and request of the last row that was looked at.
    latest
        The last time that a row may have; see `newest`.

    Examples
    --------
    >>> rows = pl.DataFrame(schema=schema.dtypes("team"))
    >>> broken(rows), broken(rows.cast({"final": pl.String}))
    (None, 'the columns are not those of table team')
    """
    if rows.schema != schema.dtypes("team"):
        return "the columns are not those of table team"
    rules = _of_columns() | _together(latest)
    found = rows.select(**{fault: rule.any() for fault, rule in rules.items()})
    if fault := next((name for name in rules if found[name].item()), None):
        return fault
    return _in_order(rows, before)


def _of_columns() -> dict[str, pl.Expr]:
    """Return what breaks the rules of single columns."""
    rules = {}
    for c in schema.TEAM:
        column = pl.col(c.name)
        if not c.nullable:
            rules[f"column {c.name}: a value is missing"] = column.is_null()
        if c.values is not None:
            rules[f"column {c.name}: a word that is not of its list"] = ~column.is_in(c.values)
        if c.holds:
            fault = f"column {c.name}: a text that is no {c.holds}"
            rules[fault] = ~column.str.contains(whole(c.holds))
        if c.kind == "Int64":
            most = MOST.get(c.name, MOST_TOKENS)
            fault = f"column {c.name}: a count below 0 or above {most:,}"
            rules[fault] = ~column.is_between(0, most)
    return rules


def _together(latest: dt.datetime) -> dict[str, pl.Expr]:
    hour = pl.col("hour")
    written = pl.col("write_tokens").fill_null(0)
    return {
        "column hour: not on the hour": hour != hour.dt.truncate("1h"),
        "column hour: not a time of a log": ~hour.is_between(EARLIEST, LATEST),
        "column hour: more than a day later than now": hour > latest,
        f"columns {', '.join(_CLASSES)}: more than {MOST_TOKENS:,} in one request": (
            pl.sum_horizontal(_CLASSES) > MOST_TOKENS
        ),
        "columns write_5m_tokens and write_1h_tokens: more than was written": (
            pl.sum_horizontal("write_5m_tokens", "write_1h_tokens") > written
        ),
        "column rebuilt_tokens: more than was written": pl.col("rebuilt_tokens") > written,
        "column cause: named where nothing was rebuilt, or not where something was": (
            pl.col("cause").is_null() == (pl.col("rebuilt_tokens") > 0).fill_null(False)
        ),
    }


def _in_order(rows: pl.DataFrame, before: tuple[str, str] | None) -> str | None:
    """Check that rows are of one person, and that their order tells nothing and none is twice."""
    if rows.is_empty():
        return None
    person, request = rows["person"], rows["request"]
    first, last = before if before else (person.first(), "")
    if (person != first).any():
        return "column person: several people"
    follows = request > request.shift(fill_value=last)
    if not follows.all():
        return "column request: not in order, or one twice"
    return None
