"""What the front of the report says of public sessions, measured on their logs.

`python -m benchmarks.findings FOLDER` writes `data/raw/facts/public-sessions.csv` and
`public-eras.csv`. The folder holds `index.csv`, which names the public repository of each session,
and the logs. These are not part of the project: the tables are what the front shows of them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analysis import paths
from analysis.logs import store
from analysis.logs.dataset import Logs
from analysis.measures import (
    bounds,
    counterfactual,
    expiry,
    front,
    gross_margins,
    mixes,
    rebuilds,
    reconstruct,
    weight,
    windows,
)
from analysis.measures.data import span
from analysis.measures.rewrites import Reprice
from analysis.prices import price

_ROUNDED = pl.selectors.float().round(6)


class Measure(NamedTuple):
    """What a number is measured in, what `count` counts, and how the number is defined."""

    unit: str
    of: str
    definition: str


_DOLLARS = ("share of list-price dollars", "requests with a price")
_BAND = "low and high: the 90 % band of the reconstruction"
_GAPS = ("share of requests", "requests")
_LOST = "that read less than half of the prompt before; low and high: Wilson interval at 90 %"

#: Every number, its unit and its definition.
MEASURES = {
    "cache-share": Measure(
        *_DOLLARS,
        "cache reads and writes, output reconstructed where its final count is not logged; "
        f"{_BAND}",
    ),
    "logged-share": Measure(*_DOLLARS, "cache reads and writes, all output as logged"),
    "token-share": Measure(
        "share of tokens", "requests", "cache reads and writes, all output as logged"
    ),
    "without-cache": Measure(
        "times the bill",
        "requests with a price",
        "every prompt token at the list price of uncached input, over list-price dollars; output "
        f"reconstructed in both; {_BAND}",
    ),
    "lost-5m-within": Measure(*_GAPS, f"after five-minute writes and up to 5 minutes: {_LOST}"),
    "lost-5m-past": Measure(*_GAPS, f"after five-minute writes and 6 minutes or more: {_LOST}"),
    "lost-1h-within": Measure(*_GAPS, f"after one-hour writes and up to 60 minutes: {_LOST}"),
    "lost-1h-past": Measure(*_GAPS, f"after one-hour writes and 65 minutes or more: {_LOST}"),
    "read-weight": Measure(
        "weight, an input token being 1",
        "windows with a limit hit",
        "what a cache read weighs in the five-hour quota; low and high: what the 90 % intervals "
        "of all ways to weigh other tokens leave; empty without a limit hit",
    ),
    "read-margin": Measure(
        "share of the list price of cache reads",
        "requests with a price",
        "the provider's gross margin on cache reads, from one reported margin over all tokens; "
        "low and high: the bounds if no cost is below zero",
    ),
}


def shown(
    priced: pl.DataFrame,
    events: pl.DataFrame,
    reprice: Reprice = price,
    policy: str = "largest",
) -> dict[str, pl.DataFrame]:
    """Compute what chapters show, by label, with every other parameter as it is by default."""
    logged = reconstruct.outputs(priced, policy)
    inside = windows.windowed(logged, events, account=windows.account(events))
    rebuilt = rebuilds.rebuilt(priced, events)
    mixed, margin = mixes.mix(priced, policy), gross_margins.planned()
    return {
        front.ERAS: reconstruct.by_era(priced, policy),
        front.LOSSES: expiry.losses(expiry.went_on(priced)),
        front.WAYS: counterfactual.scenarios(rebuilt, reprice),
        front.WEIGHTS: weight.by_way(weight.profiles(weight.fullest(inside))),
        front.BOUNDS: bounds.bounds(mixed, margin),
    }


def tables(logs: Logs, source: str) -> dict[str, pl.DataFrame]:
    """Return both tables by name, rounded to six digits behind the point.

    Parameters
    ----------
    source
        Where the sessions are public.
    """
    priced = logs.priced()
    found, days = shown(priced, logs.events, logs.pricing()), span(priced)
    if days is None:
        raise ValueError("no request in these logs")
    of = {
        "sessions": logs.files.height,
        "all_requests": priced.height,
        "from_day": days[0],
        "until_day": days[1],
        "source": source,
    }
    whose = [pl.lit(value).alias(name) for name, value in of.items()]
    said = [
        pl.col("measure")
        .replace_strict({name: getattr(row, field) for name, row in MEASURES.items()})
        .alias(field)
        for field in ("of", "unit", "definition")
    ]
    return {
        "public-sessions": front.numbers(priced, found).with_columns(_ROUNDED, *said, *whose),
        "public-eras": found[front.ERAS].with_columns(_ROUNDED, pl.lit(source).alias("source")),
    }


def read(folder: Path) -> Logs:
    """Load the logs of a folder, priced without the reader's own prices."""
    with tempfile.TemporaryDirectory() as name:
        paths.PROCESSED, paths.PRIVATE = Path(name) / "processed", Path(name) / "private"
        paths.PRICES = Path(name) / "none.csv"
        store.load_logs("public", str(folder))
        return store.read("public")


def repositories(folder: Path) -> str:
    """Name the public repositories that the sessions are in."""
    names = pl.read_csv(folder / "index.csv")["source_repo"].unique().sort()
    return f"sessions in the public repositories {', '.join(names)}"


def main(folder: Path) -> None:
    """Write both tables."""
    for name, table in tables(read(folder), repositories(folder)).items():
        table.write_csv(paths.FACTS / f"{name}.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
