"""The issues that the write-up cites: when they were filed, and in what state they were read."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts

#: Every state in which an issue was read, in the order drawn.
STATES = ("open", "closed", "not found")


def issues() -> pl.DataFrame:
    """Return the issues that the write-up cites, those it lists as open first, then by number.

    Returns
    -------
    pl.DataFrame
        The columns of `data/raw/facts/issues.csv`, with `state` one of `STATES` (no state was
        read of what was not reached).

    Examples
    --------
    >>> issues()["issue"].head(5).to_list()
    [22435, 24147, 24185, 26193, 26761]
    """
    return (
        facts("issues")
        .drop_nulls("section")
        .with_columns(pl.col("state").fill_null(pl.lit("not found")))
        .sort(pl.col("listed") != "yes", "issue")
    )


def listed() -> pl.DataFrame:
    """Return the issues that the write-up lists as open without reply.

    Examples
    --------
    >>> listed()["state"].to_list()
    ['open', 'open', 'closed', 'not found', 'not found']
    """
    return issues().filter(pl.col("listed") == "yes")


def rules() -> pl.DataFrame:
    """Return the rules by which the tracker's robot closes issues, in order.

    Returns
    -------
    pl.DataFrame
        The columns of `data/raw/facts/closing-rules.csv`. `applies_to` is `idle` or a label;
        without days, nothing is closed.

    Examples
    --------
    >>> rules()["known"].to_list().count("inferred")
    1
    """
    return facts("closing-rules").sort("from_day", maintain_order=True)


def idle_rules() -> pl.DataFrame:
    """Return the rules for issues without activity, in order, each until the next begins.

    Examples
    --------
    >>> idle_rules()["closed_days"].to_list()
    [60, None, 60, 44, 28]
    """
    return rules().filter(pl.col("applies_to") == "idle")


def states(cited: pl.DataFrame) -> pl.DataFrame:
    """Count issues by state as read, those that are listed and all that are cited.

    Parameters
    ----------
    cited
        `issues`.

    Returns
    -------
    pl.DataFrame
        `state`, `listed`, `cited`; a row for each of `STATES`.

    Examples
    --------
    >>> states(issues()).row(0)
    ('open', 2, 3)
    """
    of = pl.DataFrame({"state": STATES})
    found = cited.group_by("state").agg(
        listed=(pl.col("listed") == "yes").sum().cast(pl.Int64), cited=pl.len().cast(pl.Int64)
    )
    return of.join(found, on="state", how="left", maintain_order="left").fill_null(0)
