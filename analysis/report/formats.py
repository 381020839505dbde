"""How a table writes its columns: numbers with their units, days, words."""

import html
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from analysis.report import names
from analysis.report.markdown import inline, unbroken
from analysis.words.numbers import compact, minus, ratio, share, signed

NONE = '<abbr title="no value">–</abbr>'


#: Names with a number behind a hyphen, as models and labels have.
_NAMED = re.compile(r"\b[a-z]+(?:-[a-z0-9.]+)*-\d[\w.]*")

#: Formats of words; all others stand right-aligned and do not break.
WORDS = ("text", "markdown", "yes-no")


def _list_price(value: float) -> str:
    """Write a price with the digits that it has, and two of them at least.

    >>> _list_price(0.125), _list_price(37.5)
    ('$0.125', '$37.50')
    """
    whole, _, rest = f"{value:,.4f}".partition(".")
    return f"${whole}.{rest.rstrip('0').ljust(2, '0')}"


#: How a column may be written: a function to text, which is escaped, but for ``markdown``.
FORMATS: dict[str, Callable[[Any], str]] = {
    "text": lambda value: unbroken(str(value)),
    "markdown": inline,
    "yes-no": lambda value: "yes" if value else "no",
    "day": lambda value: f"{value:%Y-%m-%d}",
    "minute": lambda value: f"{value:%Y-%m-%d %H:%M}",
    "integer": lambda value: minus(f"{value:z,.0f}"),
    "number": lambda value: minus(f"{value:z,.2f}"),
    "number-one": lambda value: minus(f"{value:z,.1f}"),
    "number-three": lambda value: minus(f"{value:z,.3f}"),
    "usd": lambda value: f"{'−' if value < 0 else ''}${abs(value):,.2f}",
    "usd-fine": lambda value: f"{'−' if value < 0 else ''}${abs(value):,.4f}",
    "usd-list": _list_price,
    "percent": share,  # of a share from 0 to 1
    "percent-two": lambda value: share(value, 2),
    "percent-fine": lambda value: share(value, 3),
    "percent-signed": signed,
    "ratio": ratio,  # 43.0:1
    "multiple": lambda value: f"{value:,.2f}×" if abs(value) >= 0.1 else f"{value:.2g}×",
    "tokens": compact,  # 5.09 B, three digits
}

#: Formats of numbers that a column's name asks for.
BY_NAME = {"_usd": "usd", "share": "percent", "ratio": "ratio"}


def choose(frame: pl.DataFrame, label: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """Give every column its format: the one that is wanted, or what its name or type asks for.

    Raises
    ------
    ValueError
        For a column or a format that there is not; `label` names the table in the message.
    """
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


def header(name: str) -> str:
    """Write a column's name as words; the unit of dollars stands in its cells.

    >>> header("write_tokens"), header("total_usd")
    ('write tokens', 'total')
    """
    return name.removesuffix("_usd").replace("_", " ")


def cell(value: object, name: str) -> str:
    r"""Write one value; nothing, and what is not a number, is a dash. Names of models stay whole.

    >>> cell(5_090_000_000, "tokens"), cell(0.9771, "percent"), cell(1308.4, "ratio")
    ('5.09\u202fB', '97.7\u202f%', '1,308:1')
    >>> cell("claude-opus-4-6, all", "text")
    '<span class="unbroken">claude-opus-4-6</span>, all'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NONE
    text = FORMATS[name](value)
    if name == "markdown":
        return text
    text = html.escape(text)
    return _NAMED.sub(r'<span class="unbroken">\g<0></span>', text) if name == "text" else text


def plain(value: object, name: str) -> str:
    """Write one value as text that sorts as the values do: nothing is empty, a minus a hyphen.

    >>> plain(-1234.5, "usd"), plain(None, "usd"), plain("a", "text")
    ('-$1,234.50', '', 'a')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = names.text(str(value)) if name in WORDS else FORMATS[name](value)
    return text.replace("−", "-")
