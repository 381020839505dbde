"""Tables as CSV files that a spreadsheet opens as text and numbers, never as formulas."""

import polars as pl

#: What a spreadsheet may take for the beginning of a formula, also as full-width signs.
_FORMULA = "^[=+\\-@\t\r＝＋－＠]"

#: A signed quantity, with or without words; nothing that calls or quotes.
_QUANTITY = r"^[+-]\d[\w\s.,;:%$()×+–-]*$"

_CHOICES = (pl.Enum, pl.Categorical)


def to_csv(frame: pl.DataFrame) -> str:
    r"""Write a frame as CSV; text that would be a formula has an apostrophe before it.

    Numbers, and text such as ``+5 points``, stay as they are.

    Examples
    --------
    >>> to_csv(pl.DataFrame({"=name": ["=cmd|' /C calc'!A0", "+5 points"], "n": [-1, 2]}))
    "'=name,n\n'=cmd|' /C calc'!A0,-1\n+5 points,2\n"
    """
    names = dict(zip(frame.columns, _text(pl.Series(frame.columns, dtype=pl.String)), strict=True))
    words = [name for name, kind in frame.schema.items() if kind in (pl.String, *_CHOICES)]
    return (
        frame.with_columns(_text(frame[name]).alias(name) for name in words)
        .rename(names)
        .write_csv()
    )


def _text(values: pl.Series) -> pl.Series:
    values = values.cast(pl.String)
    formula = values.str.contains(_FORMULA) & ~values.str.contains(_QUANTITY)
    return pl.select(pl.when(formula).then("'" + values).otherwise(values)).to_series()
