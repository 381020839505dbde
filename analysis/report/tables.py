"""Tables for the report: a polars frame in, plain accessible HTML out, everything escaped."""

import html
import math
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from analysis.report.labels import check_label, check_text, publish
from analysis.report.markdown import inline
from analysis.words.numbers import NARROW_SPACE, ratio, share

NONE = '<abbr title="no value">–</abbr>'


def _tokens(value: float) -> str:
    for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{value / size:#.3g}".rstrip(".") + NARROW_SPACE + unit
    return f"{value:,.0f}"


#: How a column may be written. All but ``text`` stand right-aligned and do not break.
FORMATS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "yes-no": lambda value: "yes" if value else "no",
    "day": lambda value: f"{value:%Y-%m-%d}",
    "integer": lambda value: f"{value:,.0f}",
    "number": lambda value: f"{value:,.2f}",
    "usd": lambda value: f"{'−' if value < 0 else ''}${abs(value):,.2f}",
    "usd-fine": lambda value: f"{'−' if value < 0 else ''}${abs(value):,.4f}",
    "percent": share,  # of a share from 0 to 1
    "percent-two": lambda value: share(value, 2),
    "percent-fine": lambda value: share(value, 3),
    "ratio": ratio,  # 43.0:1
    "multiple": lambda value: f"{value:,.2f}×",
    "tokens": _tokens,  # 5.09 B, three digits
}

#: Formats of numbers that a column's name asks for.
BY_NAME = {"_usd": "usd", "share": "percent", "ratio": "ratio"}


def table(
    frame: pl.DataFrame,
    label: str,
    caption: str,
    *,
    formats: Mapping[str, str] | None = None,
    notes: str | None = None,
) -> None:
    """Display a frame as a table with label, caption and data.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per line. Its column names are the headers, its first column heads the rows.
    label : str
        ``tab-`` and lower-case words; unique in the report.
    caption : str
        One line of Markdown; may refer to others: ``[](#fig-margin-eras)``.
    formats : mapping of str to str, optional
        Column to format: ``text``, ``integer``, ``number`` (two decimals), ``usd``, ``usd-fine``
        (four decimals), ``percent`` (one decimal, of a share from 0 to 1), ``percent-fine``
        (three), ``ratio``, ``multiple`` or ``tokens``. Integers, floats and the rest have
        ``integer``, ``number`` and ``text``.
    notes : str, optional
        One line of Markdown below the table.

    Raises
    ------
    ValueError
        For a malformed label, an empty caption, an unknown column or format.

    Examples
    --------
    >>> frame = pl.DataFrame({"class": ["read", "write"], "share": [0.9, None]})
    >>> table(frame, "tab-shares", "Shares of dollars.", formats={"share": "percents"})
    Traceback (most recent call last):
    ValueError: tab-shares: no format 'percents' for column 'share'
    """
    check_label("table", label)
    check_text(label, caption=caption)
    chosen = _formats(frame, label, formats or {})
    csv = frame.write_csv()
    body = _to_html(frame, caption, chosen, notes)
    item = {"label": label, "caption": caption, "csv": csv}
    publish({"text/html": body, "text/plain": csv}, table=item)


def _formats(frame: pl.DataFrame, label: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """Give every column its format."""
    for column, name in wanted.items():
        if column not in frame.columns:
            raise ValueError(f"{label}: no column {column!r} to format")
        if name not in FORMATS:
            raise ValueError(f"{label}: no format {name!r} for column {column!r}")
    return {
        column: wanted.get(column, _default(column, kind)) for column, kind in frame.schema.items()
    }


def _default(column: str, kind: pl.DataType) -> str:
    """Return the format that a column's name or type asks for."""
    named = (name for ending, name in BY_NAME.items() if column.endswith(ending))
    if kind.is_integer():
        return next(named, "integer")
    if kind.is_numeric():
        return next(named, "number")
    if kind == pl.Boolean:
        return "yes-no"
    return "day" if kind.is_temporal() else "text"


def _to_html(
    frame: pl.DataFrame, caption: str, formats: Mapping[str, str], notes: str | None
) -> str:
    """Write the table element, and its notes after it."""
    kinds = ["" if name in ("text", "yes-no") else ' class="num"' for name in formats.values()]
    head = "".join(
        f'<th scope="col"{kind}>{html.escape(_header(name))}</th>'
        for name, kind in zip(frame.columns, kinds, strict=True)
    )
    rows = []
    for row in frame.iter_rows():
        cells = [_cell(value, name) for value, name in zip(row, formats.values(), strict=True)]
        first, *rest = zip(cells, kinds, strict=True)
        rows.append(
            f'<tr><th scope="row"{first[1]}>{first[0]}</th>'
            + "".join(f"<td{kind}>{cell}</td>" for cell, kind in rest)
            + "</tr>"
        )
    lines = [
        f"<table><caption><span>{inline(caption)}</span></caption>",
        f"<thead><tr>{head}</tr></thead>",
        "<tbody>",
        *rows,
        "</tbody></table>",
        *([f'<p class="notes">{inline(notes)}</p>'] if notes else []),
    ]
    return "\n".join(lines)


def _header(name: str) -> str:
    """Write a column's name as words; the unit of dollars stands in its cells.

    >>> _header("write_tokens"), _header("total_usd")
    ('write tokens', 'total')
    """
    return name.removesuffix("_usd").replace("_", " ")


def _cell(value: object, name: str) -> str:
    r"""Write one value; nothing, and what is not a number, is a dash.

    >>> _cell(5_090_000_000, "tokens"), _cell(0.9771, "percent"), _cell(1308.4, "ratio")
    ('5.09\u202fB', '97.7\u202f%', '1,308:1')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NONE
    return html.escape(FORMATS[name](value))
