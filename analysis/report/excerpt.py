# mypy: disable-error-code="import-untyped"
"""What a disclosure below a figure shows: its data as a small table, the code in few spans."""

import csv
import html
import io
import math
import re
from itertools import groupby

from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token

from analysis.words.numbers import count

ROWS = 20  # a table of so many is shown whole
_FIRST = 8  # rows of a longer one
_WIDEST = 60  # letters of a cell; the file has the rest
_DIGITS = 4
_WORD = re.compile(r"\w+(?!\w)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")

#: The inks of code, and what is written in each; the rest is plain.
_INKS = {
    "k": (Keyword, Operator.Word, Name.Builtin),
    "s": (String, Number),
    "c": (Comment,),
}


def data(text: str) -> dict[str, str]:
    r"""Make a table of a figure's CSV, or of its first rows.

    Parameters
    ----------
    text : str
        CSV with a head.

    Returns
    -------
    dict of str to str
        ``table``, HTML in which everything is escaped, and ``says``, how much of the data it is.

    Examples
    --------
    >>> shown = data("day,share\nMonday,0.123456\n")
    >>> shown["says"]
    'The 1 row of the data'
    >>> "<td>Monday</td><td class=\"num\">0.1235</td>" in shown["table"]
    True
    """
    head, *rows = csv.reader(io.StringIO(text))
    shown = rows if len(rows) <= ROWS else rows[:_FIRST]
    numeric = [all(_is_number(row[n]) for row in shown) for n in range(len(head))]
    kinds = [' class="num"' if number else "" for number in numeric]
    top = "".join(
        f'<th scope="col"{kind}>{_broken(name)}</th>'
        for name, kind in zip(head, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{k}>{_cell(value)}</td>" for value, k in zip(row, kinds, strict=True))
        + "</tr>"
        for row in shown
    )
    says = f"The {count(len(rows), 'row')} of the data"
    if len(shown) < len(rows):
        says = f"The first {len(shown)} of {len(rows):,} rows of the data"
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return {"table": table, "says": says}


def _is_number(value: str) -> bool:
    return not value or bool(_NUMBER.fullmatch(value))


def _broken(name: str) -> str:
    """Write a column's name so that it may break where it has an underscore."""
    return html.escape(name).replace("_", "_<wbr>")


def _cell(value: str) -> str:
    """Write a value in short; the file has all digits and letters of it.

    >>> _cell("0.123456789"), _cell("123456.7"), _cell("-0.5"), _cell("<b>"), _cell("")
    ('0.1235', '123457', '−0.5', '&lt;b&gt;', '')
    """
    if _NUMBER.fullmatch(value) and not value.lstrip("-").isdigit():
        number = float(value)
        whole = len(str(int(abs(number)))) if math.isfinite(number) else _DIGITS
        value = f"{number:.{max(_DIGITS, whole)}g}"
    if _NUMBER.fullmatch(value):
        return value.replace("-", "−")
    return html.escape(value if len(value) <= _WIDEST else _cut(value))


def _cut(value: str) -> str:
    """Cut a text where a word ends: half a word could be a whole one, and somebody's name.

    >>> _cut("the output is corrupted and then " * 2)
    'the output is corrupted and then the output is corrupted…'
    """
    ends = [end.end() for end in _WORD.finditer(value, 0, _WIDEST) if end.end() < _WIDEST]
    return f"{value[: ends[-1]] if ends else ''}…"


def code(source: str) -> str:
    """Write Python as HTML: keywords, literals and comments have an ink, the rest is plain.

    >>> code("import x  # <why>")
    '<pre><span class="k">import</span> x  <span class="c"># &lt;why&gt;</span></pre>'
    """
    parts = []
    for ink, run in groupby(PythonLexer().get_tokens(source), lambda token: _ink(token[0])):
        text = html.escape("".join(value for _, value in run), quote=False)
        parts.append(f'<span class="{ink}">{text}</span>' if ink and text.strip() else text)
    return f"<pre>{''.join(parts).rstrip()}</pre>"


def _ink(token: type[Token]) -> str:
    return next((ink for ink, kinds in _INKS.items() if any(token in k for k in kinds)), "")
