"""Numbers and tables as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def seconds(value: float | None) -> str:
    """Return seconds as they are said.

    Examples
    --------
    >>> seconds(12.345), seconds(1.2345), seconds(0.0123), seconds(None)
    ('12.3 s', '1.23 s', '12 ms', '')
    """
    if value is None:
        return ""
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s"


def mib(value: float | None) -> str:
    """Return memory as it is said."""
    return "" if value is None else f"{value:.0f} MiB"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table that reads well both as text and rendered.

    Examples
    --------
    >>> print(table(["tool", "wall"], [["ours", "1 s"]]))
    | tool | wall |
    | ---- | ---- |
    | ours | 1 s  |
    """
    cells = [list(head), *map(list, lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    rows = ([c.ljust(w) for c, w in zip(row, widths, strict=True)] for row in cells)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
