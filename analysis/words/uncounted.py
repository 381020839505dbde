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
    named = labels()
    tools = ", ".join(named[name] for name in without["source"].unique().sort())
    one = "is of a tool that does" if without.height == 1 else "are of tools that do"
    return (
        f"Of {count(requests.height, 'request')}, {without.height:,} {one} not count what it "
        f"writes to the cache ({tools}). There it is inside uncached input. What is said here of "
        "writes, of what was written again, and of lifetimes leaves them out."
    ).replace("tools that do not count what it writes", "tools that do not count what they write")
