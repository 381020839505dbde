"""A frame that is shown whole, in a terminal and in a notebook."""

from __future__ import annotations

import polars as pl


class Whole(pl.DataFrame):
    """A frame that leaves nothing out where it is printed; all else is a frame's.

    Examples
    --------
    >>> long = Whole({"n": range(40), "text": "x" * 99})
    >>> "…" in str(long), "…" in long._repr_html_(), "…" in str(pl.DataFrame(long))
    (False, False, True)
    """

    def __str__(self) -> str:
        """Return all rows, each text whole."""
        with _all():
            return super().__str__()

    def __repr__(self) -> str:
        """Return all rows, each text whole."""
        return str(self)

    def _repr_html_(self, *, _from_series: bool = False) -> str:
        """Return what a notebook shows: all rows, each text whole."""
        with _all():
            return super()._repr_html_(_from_series=_from_series)


def _all() -> pl.Config:
    """Cut no row and no text; a column's name says what it holds."""
    return pl.Config(tbl_rows=-1, fmt_str_lengths=1_000, tbl_hide_dataframe_shape=True)
