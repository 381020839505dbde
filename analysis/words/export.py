"""Say what was written of a view, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.paths import GENERATED

NOTHING = "Nothing was written: a table goes as CSV or Parquet, and there must be one."


def exported(written: Sequence[Path], *, named: bool) -> str:
    """Say which files were written, and whether projects have their names in them.

    >>> exported([GENERATED / "x" / "days.csv", GENERATED / "x" / "days.svg"], named=False)
    'Written: x/days.csv and .svg. Projects have their labels.'
    """
    if not written:
        return NOTHING
    first = written[0]
    own = first.is_relative_to(GENERATED)
    kinds = [str(first.relative_to(GENERATED) if own else first), *(p.suffix for p in written[1:])]
    several = f"{', '.join(kinds[:-1])} and {kinds[-1]}" if kinds[1:] else kinds[0]
    said = (
        "Projects have their names: think of that before you hand it on."
        if named
        else "Projects have their labels."
    )
    return f"Written: {several}. {said}"
