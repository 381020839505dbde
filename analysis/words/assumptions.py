"""Say where an assumption comes from: from a source, or from the reader who set it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from analysis import params

#: The kind of a value that the reader has set.
SET = "set here"


def origins(
    frame: pl.DataFrame, known: pl.DataFrame, write: Callable[[float, str], str]
) -> list[dict[str, str | None]]:
    """Return the parameter, the kind and the reason of each assumption, as cells of a table.

    What a source says of a default it does not say of a value that the reader has set.

    Parameters
    ----------
    frame
        Assumptions as they are used: `name`, `middle`, `unit`, `kind`, `reason`, `source`.
    known
        The same as in the facts, whose middles are the defaults.
    write
        Writes a value with its unit.

    Examples
    --------
    >>> known = pl.DataFrame({"name": ["wage_usd"], "middle": [116.0], "unit": ["usd"],
    ...                       "kind": ["published"], "reason": ["a mean"], "source": ["BLS"]})
    >>> own = known.with_columns(middle=pl.lit(80.0))
    >>> for frame in (known, own):
    ...     list(origins(frame, known, lambda value, unit: f"${value:g}")[0].values())
    ['wage_usd', 'published', 'a mean (BLS)']
    ['wage_usd', 'set here', 'set by you; the default is $116']
    """
    defaults = dict(known.select("name", "middle").iter_rows())
    return [_origin(row, float(defaults[row["name"]]), write) for row in frame.to_dicts()]


def assumed(frame: pl.DataFrame, known: pl.DataFrame) -> tuple[list[str], str]:
    """Return what is assumed, as labels, and a clause on what the reader has set instead.

    Parameters
    ----------
    frame, known
        As of `origins`; with `label`.

    Examples
    --------
    >>> known = pl.DataFrame({"name": ["reach", "office"], "label": ["reach", "office tools"],
    ...                       "middle": [4.0, 9.0], "kind": ["assumed"] * 2})
    >>> assumed(known, known)
    (['reach', 'office tools'], '')
    >>> assumed(known.with_columns(middle=pl.Series([4.0, 12.0])), known)
    (['reach'], ', and 1 is set here')
    """
    defaults = dict(known.select("name", "middle").iter_rows())
    rows = [(r, r["middle"] != float(defaults[r["name"]])) for r in frame.to_dicts()]
    labels = [row["label"] for row, own in rows if row["kind"] == "assumed" and not own]
    owned = sum(own for _, own in rows)
    return labels, f", and {owned:,} {'is' if owned == 1 else 'are'} {SET}" if owned else ""


def _origin(
    row: dict[str, Any], default: float, write: Callable[[float, str], str]
) -> dict[str, str | None]:
    kind, why = row["kind"], f"{row['reason']} ({row['source']})"
    if row["middle"] != default:
        kind, why = SET, f"set by you; the default is {write(default, row['unit'])}"
    name = row["name"] if row["name"] in params.KNOWN else None
    return {"parameter": name, "kind": kind, "why this range, and source": why}
