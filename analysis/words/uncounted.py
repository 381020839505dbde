"""Say what a source does not count, where a number rests on it."""

from __future__ import annotations

import polars as pl

from analysis.counted import tell_writes
from analysis.logs.sources import labels
from analysis.measures.suppress import safe
from analysis.words.numbers import count, share


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
    >>> known(made.head(1), "None.")
    'Not known: what was written to the cache is not counted by Codex CLI.'
    >>> known(made, "None."), known(made.tail(1), "None.")
    ('None. Writes are known of 1 of 2 requests; Codex CLI did not count the rest.', 'None.')
    """
    if not tell_writes(requests):
        return f"Not known: what was written to the cache is not counted by {_tools(requests)}."
    return f"{said} {of_how_many(requests)}".strip()


def of_how_many(requests: pl.DataFrame) -> str:
    """Say in short of how many requests writes are known; nothing where of all."""
    without = requests.filter(pl.col("write_tokens").is_null())
    if without.is_empty():
        return ""
    told = f"{requests.height - without.height:,} of {count(requests.height, 'request')}"
    return f"Writes are known of {told}; {_tools(without)} did not count the rest."


def of_people(people: pl.DataFrame) -> str:
    """Say of a team's people what is not known of their writes; of no few of them how much.

    Parameters
    ----------
    people
        `measures.team.everyone`.

    Examples
    --------
    >>> team = pl.DataFrame({"write_tokens": [4, None], "requests": 2, "uncounted": [0, 2]})
    >>> of_people(team)[:75]
    'Some requests are of tools that do not count what they write to the cache: '
    >>> of_people(team.head(1)), of_people(team.tail(1))[:10]
    ('', 'Not known:')
    """
    if not tell_writes(people):
        return "Not known: what was written to the cache is counted by no tool of this team."
    without = people["uncounted"].cast(pl.Float64).to_numpy()
    if not without.any():
        return ""
    rest = people["requests"].cast(pl.Float64).to_numpy() - without
    some = "Some"
    if safe(without) and safe(rest):
        some = f"{share(float(without.sum() / (without + rest).sum()))} of"
    return (
        f"{some} requests are of tools that do not count what they write to the cache: it is "
        "inside uncached input there, and not among writes or what was written again."
    )


def _tools(requests: pl.DataFrame) -> str:
    named = labels()
    return ", ".join(named[name] for name in requests["source"].unique().sort())
