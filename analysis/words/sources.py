"""Say where numbers come from."""

from __future__ import annotations

#: Every line that was read: what a count of lines rests on, whatever is chosen.
ALL_LINES = "these logs, every line read, whatever days and policy are chosen"


def published(*names: str) -> str:
    """Name tables of published figures, as the source of what is drawn from them.

    Parameters
    ----------
    *names
        Files of `data/raw/facts`, each row of which has its own source.

    Examples
    --------
    >>> published("cases")
    'published figures, row by row in `data/raw/facts/cases.csv`'
    """
    files = " and ".join(f"`data/raw/facts/{name}.csv`" for name in names)
    return f"published figures, row by row in {files}"
