"""Say what another tool counts of the same logs."""

from __future__ import annotations

import polars as pl

from analysis.crosscheck.result import Crosscheck
from analysis.crosscheck.rules import OURS, THEIRS, VERSION
from analysis.measures.crosscheck import CLASSES, by_rule, tokens, unexplained
from analysis.words.numbers import count

SOURCE = f"all requests of the dataset, and ccusage {VERSION} on the logs they were read from"
FORMATS = dict.fromkeys(CLASSES, "integer")


def opening(found: Crosscheck | None, dataset: str) -> str:
    """Say whether the tables were compared with another tool, and how to."""
    command = f"`make crosscheck NAME={dataset}`"
    if found is None:
        return f"No other tool was asked: {command} compares these tables with ccusage {VERSION}."
    if not found.current:
        return (
            f"The comparison with ccusage {found.version} is of an earlier load, and is not shown: "
            f"{command} makes it again."
        )
    return (
        f"ccusage {found.version}, an independent reader, was run on the same logs, offline. What "
        "it counts otherwise is taken apart below, one rule after the other: each row is what a "
        "rule adds or takes, computed by applying it, and a report's rows sum to its last. Dollars "
        "that no rule explains are in `list`, or in `rounding` if they are that few."
    )


def caption(found: Crosscheck) -> str:
    """Caption the comparison."""
    rows, left = found.rows, unexplained(found.rows)
    reports = rows["report"].unique(maintain_order=True)
    ours = tokens(rows, reports[0], OURS)
    said = " and ".join(f"{tokens(rows, r, THEIRS):,} in its report `{r}`" for r in reports)
    open_ends = ", ".join(f"{count(number, 'token')} of {name}" for name, number in left.items())
    rest = f"no rule explains {open_ends}" if left else "rules explain each difference to the token"
    return (
        f"Of the {count(ours, 'token')} counted here ccusage has {said}; {rest}. Every row but the "
        "last of a report is what one rule adds or takes, at our list prices; the last is the "
        "tool's own count, and dollars."
    )


def text(rows: pl.DataFrame) -> str:
    """Return a comparison as the terminal shows it: a line for each rule, columns aligned.

    Examples
    --------
    >>> from analysis.crosscheck.result import COLUMNS
    >>> one = ("claude-opus-4-6", 1, 2, 3, 4, 5 * 10**9)
    >>> ends = [("daily", step, *one) for step in (OURS, THEIRS)]
    >>> print(text(pl.DataFrame(ends, COLUMNS, orient="row")))
    report part   input output write read list $
    daily  ours       1      2     3    4   5.00  counted here, all requests of the dataset
    daily  theirs     1      2     3    4   5.00  counted by the tool
    """
    lines = [("report", "part", *CLASSES, "list $", "")]
    for row in by_rule(rows).iter_rows(named=True):
        numbers = [f"{row[name]:,}" for name in CLASSES]
        dollars = f"{row['list_usd']:,.2f}"
        lines.append((row["report"], row["part"], *numbers, dollars, f" {row['meaning']}"))
    sides = "<<>>>>><"
    wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
    cells = [f"{{:{side}{size}}}" for side, size in zip(sides, wide, strict=True)]
    return "\n".join(" ".join(cells).format(*line).rstrip() for line in lines)
