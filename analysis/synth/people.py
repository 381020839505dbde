"""A team of people who never were: their files for a team, as an export writes them.

Each has the requests of `tables.copies`, and likes one model more than others. How many requests
people make is drawn from a log-normal distribution: a few make most of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from analysis import schema
from analysis.logs import team_file, team_footer
from analysis.logs.dataset import Logs
from analysis.logs.team_labels import SYNTHETIC, Labels
from analysis.measures.handed import for_team
from analysis.synth.folder import SynthError
from analysis.synth.tables import copies

#: Requests of a person in the mean, and how far people are from each other: of log requests.
REQUESTS = 2_000
SPREAD = 1.2

MODELS = ("claude-opus-4-5", "claude-opus-4-6", "claude-sonnet-4-5", "claude-haiku-4-5")
_LIKES = 0.7  # share of a person's sessions with one model

_NAME = "person-{:05d}.parquet"


def sizes(people: int, requests: int, seed: int) -> list[int]:
    """Draw how many requests people make: about `requests` in the mean, and one at least.

    Examples
    --------
    >>> drawn = sizes(1_000, 2_000, seed=1)
    >>> 1_900 < sum(drawn) / 1_000 < 2_100, max(drawn) > 10 * sorted(drawn)[500]
    (True, True)
    """
    drawn = np.exp(SPREAD * np.random.default_rng(seed).standard_normal(people))
    scaled = drawn * people * requests / drawn.sum()
    return [max(1, int(each)) for each in np.minimum(scaled, team_footer.MOST_ROWS)]


def person(number: int, requests: int, seed: int) -> pl.DataFrame:
    """Return the table `team` of one person; the same arguments give the same rows.

    Examples
    --------
    >>> person(7, 100, seed=1).select("person", "source").n_unique()
    1
    """
    rng = np.random.default_rng((seed, number))
    made = pl.concat(copies(requests, seed=int(rng.integers(2**62))))
    sessions = made["session"].unique(maintain_order=True)
    favourite, other = rng.integers(len(MODELS), size=(2, len(sessions)))
    chosen = np.where(rng.random(len(sessions)) < _LIKES, favourite[0], other)
    model = dict(zip(sessions, (MODELS[which] for which in chosen), strict=True))
    made = made.with_columns(model=pl.col("session").replace_strict(model))
    none = {name: pl.DataFrame(schema=schema.dtypes(name)) for name in ("events", "files")}
    labels = Labels(sha256(f"{seed} {number}".encode()).digest())
    logs = Logs("synthetic", made, none["events"], none["files"], synthetic=True)
    return for_team(logs, labels, f"{SYNTHETIC}{number:08x}", {})


def write_people(to: Path, people: int, seed: int, requests: int = REQUESTS) -> Iterator[int]:
    """Write a file for each of some people, and yield how many requests it has.

    Raises
    ------
    SynthError
        When anything else is in the folder.
    """
    for path in to.glob("*"):
        if not path.match("person-*.parquet"):
            raise SynthError(f"{to} holds what is not synthetic: choose another folder")
    to.mkdir(parents=True, exist_ok=True)
    for path in to.glob("*"):
        path.unlink()
    for number, size in enumerate(sizes(people, requests, seed), 1):
        rows = person(number, size, seed)
        (to / _NAME.format(number)).write_bytes(team_file.encode(rows))
        yield len(rows)
