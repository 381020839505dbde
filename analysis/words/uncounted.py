"""Say what a source does not count, where a number rests on it."""

from __future__ import annotations

import polars as pl

from analysis.logs.sources import labels
from analysis.words.numbers import count


def writes(requests: pl.DataFrame) -> str:
    """Say which requests' cache writes are not known; nothing where all are.

    Examples
    --------
    >>> made = {"source": ["codex", "claude-code"], "write_tokens": [None, 4]}
    >>> writes(pl.DataFrame(made))[:65]
    'Of 2 requests, 1 is of a tool that does not count what it writes '
    >>> writes(pl.DataFrame(made).tail(1))
    ''
    """
    without = requests.filter(pl.col("write_tokens").is_null())
    if without.is_empty():
        return ""
    one = "is of a tool that does" if without.height == 1 else "are of tools that do"
    return (
        f"Of {count(requests.height, 'request')}, {without.height:,} {one} not count what it "
        f"writes to the cache ({_tools(without)}). There it is inside uncached input, and in no "
        "sum of reads and writes. What is said here of "
        "writes, of what was written again, and of lifetimes leaves them out."
    ).replace("tools that do not count what it writes", "tools that do not count what they write")


def known(requests: pl.DataFrame, said: str) -> str:
    """Say what rests on writes: that it is not known where none is, else of how many requests.

    Parameters
    ----------
    requests
        `source` and `write_tokens` of all requests that it is of.
    said
        What is said of those whose writes are known.

    Examples
    --------
    >>> made = pl.DataFrame({"source": ["codex", "claude-code"], "write_tokens": [None, 4]})
    >>> known(made.head(1), "No rebuild.")
    'Not known: what was written to the cache is not counted by Codex CLI.'
    >>> known(made, "No rebuild."), known(made.tail(1), "No rebuild.")
    ('No rebuild. Writes are known of 1 of 2 requests.', 'No rebuild.')
    """
    without = requests.filter(pl.col("write_tokens").is_null())
    if without.is_empty():
        return said
    if without.height == requests.height:
        return f"Not known: what was written to the cache is not counted by {_tools(without)}."
    told = requests.height - without.height
    return f"{said} Writes are known of {told:,} of {count(requests.height, 'request')}."


def _tools(requests: pl.DataFrame) -> str:
    named = labels()
    return ", ".join(named[name] for name in requests["source"].unique().sort())
