"""Tables for the report: a polars frame in, plain accessible HTML out, everything escaped."""

import html
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

import polars as pl

from analysis.report.formats import WORDS, cell, choose, header
from analysis.report.labels import (
    check_label,
    check_source,
    check_text,
    publish,
    row_label,
    source_line,
)
from analysis.report.markdown import for_notebook, inline, title_and_rest
from analysis.report.sheets import to_csv

_SENTENCE = 80  # letters of a cell that is more than a name


def table(
    frame: pl.DataFrame,
    label: str,
    caption: str,
    *,
    formats: Mapping[str, str] | None = None,
    notes: str | None = None,
    source: str | None = None,
    anchors: str | None = None,
) -> None:
    """Display a frame as a table with label, caption, data and source.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per line. Its column names are the headers, its first column heads the rows. Of
        a frame without rows the caption alone is shown, which says why there are none.
    label : str
        ``tab-`` and lower-case words; unique in the report.
    caption : str
        One line of Markdown. Its first sentence is the finding, with number, unit and
        definition: it is the title, also in the list of tables. May refer to others:
        ``[](#fig-margin-eras)``.
    formats : mapping of str to str, optional
        Column to format, one of ``formats.FORMATS``; the CSV has every value as it is. Of
        ``markdown`` one line, links to others included; a ``percent`` is of a share from 0 to 1.
        By default what a column's name or type asks for: of ``_usd`` dollars, of a share a
        percent, of dates days.
    notes : str, optional
        One line of Markdown below the table.
    source : str, optional
        Where the numbers come from: a phrase of Markdown without a full stop. By default the
        logs at hand; the page adds by which policy and of which days.
    anchors : str, optional
        A column whose values name the rows, so that ``[](#claim-t4-1)`` leads to the row where
        the column ``claim`` has ``T4.1``, and reads as that value.

    Raises
    ------
    ValueError
        For a malformed label, an empty caption, an unknown column or format, or anchors that
        name no row or two.

    Examples
    --------
    >>> frame = pl.DataFrame({"class": ["read", "write"], "share": [0.9, None]})
    >>> table(frame, "tab-shares", "Shares of dollars.", formats={"share": "percents"})
    Traceback (most recent call last):
    ValueError: tab-shares: no format 'percents' for column 'share'
    """
    check_label("table", label)
    check_text(label, caption=caption)
    check_source(label, source)
    chosen = choose(frame, label, formats or {})
    rows = _row_labels(frame, label, anchors)
    csv = to_csv(frame)
    body = _to_html(frame, caption, chosen, notes, list(rows))
    item = {"label": label, "caption": caption, "csv": csv, "source": source, "rows": rows}
    publish({"text/html": body, "text/plain": csv}, table=item)
    publish({"text/markdown": for_notebook(source_line(source))}, caption_of=label)


def _row_labels(frame: pl.DataFrame, label: str, anchors: str | None) -> dict[str, str]:
    """Give each row of a table with anchors its label, and the name that links show."""
    if anchors is None:
        return {}
    if anchors not in frame.columns:
        raise ValueError(f"{label}: no column {anchors!r} for anchors")
    rows: dict[str, str] = {}
    for value in frame[anchors]:
        name = row_label(anchors, value)
        if name in rows:
            raise ValueError(f"{label}: two rows are labelled {name!r}")
        rows[name] = str(value)
    return rows


def _to_html(
    frame: pl.DataFrame,
    caption: str,
    formats: Mapping[str, str],
    notes: str | None,
    labels: Sequence[str],
) -> str:
    """Write the table element, and its notes after it."""
    kinds = ["" if name in WORDS else ' class="num"' for name in formats.values()]
    written = [
        [cell(value, name) for value, name in zip(row, formats.values(), strict=True)]
        for row in frame.iter_rows()
    ]
    heads = [
        kind or (' class="long"' if _long(column) else "")
        for kind, column in zip_longest(kinds, zip(*written, strict=True), fillvalue=())
    ]
    head = "".join(
        f'<th scope="col"{kind}>{html.escape(header(name))}</th>'
        for name, kind in zip(frame.columns, heads, strict=True)
    )
    rows = []
    for cells, anchor in zip_longest(written, labels):
        place = f' id="{anchor}"' if anchor else ""
        first, *rest = zip(cells, kinds, strict=True)
        rows.append(
            f'<tr{place}><th scope="row"{first[1]}>{first[0]}</th>'
            + "".join(f"<td{kind}>{cell}</td>" for cell, kind in rest)
            + "</tr>"
        )
    title, reading = map(inline, title_and_rest(caption))
    body = [f"<thead><tr>{head}</tr></thead>", "<tbody>", *rows, "</tbody>"] if rows else []
    lines = [
        f"<table><caption><span>{f'<b>{title}</b> {reading}'.strip()}</span></caption>",
        *body,
        "</table>",
        *([f'<p class="notes">{inline(notes)}</p>'] if notes else []),
    ]
    return "\n".join(lines)


def _long(cells: Sequence[str]) -> bool:
    """Whether a column holds sentences, which want width."""
    return any(len(re.sub("<[^>]*>", "", text)) >= _SENTENCE for text in cells)
