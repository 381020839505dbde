"""How often the report's 90 % intervals hold the truth, on simulated data whose truth is known.

`python -m benchmarks.coverage` writes `data/raw/facts/coverage.csv`, which chapter 00 prints.

*Bands* are those of `reconstruct.by_era`: simulated logs of which some lack the output count, each
era and the whole. The simulation stands in for the public sessions too: what they taught is what
holds in it. *Intervals* are those of `resample.interval`: of each simulated data set, the cache
share of dollars, the share of prompt tokens read from the cache, and output tokens a request,
against those of many more sessions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl
from tqdm import tqdm

from analysis import load, paths, synth
from analysis.logs.identity import resolve
from analysis.logs.store import load_logs
from analysis.measures import characters, reconstruct
from analysis.measures.published import write_nano
from analysis.measures.resample import Sums, interval
from analysis.prices import price
from analysis.synth import shapes
from analysis.synth.tables import copies

SEEDS = 200
SIZES = (4_000, 20_000)  # requests of a simulated data set; some 75 make a session
MANY = 400_000

#: Figures of sessions not seen: their parts and how they make the figure.
SUMS = {
    "cache": pl.col("read_nano").sum() + pl.col("write_nano").sum(),
    "dollars": pl.col("total_nano").sum(),
    "read": pl.col("read_tokens").sum(),
    "prompt": pl.col("read_tokens").sum() + pl.col("write_tokens").sum(),
    "output": pl.col("output_tokens").sum(),
    "requests": pl.len(),
}
FIGURES = (("cache", "dollars"), ("read", "prompt"), ("output", "requests"))


def world() -> characters.Fit:
    """Return what an answer costs in tokens in the simulation."""
    chars = [1 / shapes.CHARS[name] for name in characters.COEFFICIENTS[1:]]
    message = shapes.MESSAGE_TOKENS + 1.5 * shapes.BLOCK_TOKENS
    return characters.Fit({}, np.array([[message, *chars]]))


def bands(seed: int, folder: Path) -> tuple[int, list[bool]]:
    """Say of each era of one simulation, and of all, whether the band holds the true share."""
    truth = synth.write(folder / "logs", seed=seed)
    load_logs("coverage", str(folder / "logs"))
    priced = load("coverage").priced()
    said = pl.DataFrame(
        {"message_id": truth.outputs.keys(), "output_tokens": truth.outputs.values()},
        {"message_id": pl.String, "output_tokens": pl.Int64},
    )
    true = price(priced.drop("output_tokens").join(said, on="message_id", how="left"))
    right = dict(reconstruct.by_era(true).select("era", "logged_share").rows())
    found = reconstruct.by_era(priced, seed=seed).filter(pl.col("rest_usd") > 0)
    held = [row["low"] <= right[row["era"]] <= row["high"] for row in found.iter_rows(named=True)]
    return priced["session"].n_unique(), held


def requests(rows: int, seed: int) -> pl.DataFrame:
    """Return simulated requests, priced."""
    table = pl.concat(copies(rows, seed=seed))
    return price(resolve(table, "largest")).with_columns(write_nano())


def intervals(rows: int, seed: int, true: dict[str, float]) -> tuple[int, list[bool]]:
    """Say of each figure of one simulation whether its interval holds the true one."""
    frame = requests(rows, seed)
    held = []
    for part, whole in FIGURES:
        found = interval(frame, SUMS, _ratio(part, whole), seed=seed)
        right = true[part] / true[whole]
        held.append(found.low is not None and found.low <= right <= (found.high or 0))
    return frame["session"].n_unique(), held


def _ratio(part: str, whole: str) -> Callable[[Sums], characters.Array]:
    return lambda sums: sums[part] / sums[whole]


def measured(seeds: int) -> Iterator[tuple[str, int, list[bool]]]:
    """Yield what was made of each seed, its size, its sessions, and whether it held."""
    many = requests(MANY, seed=10**6)
    true = many.select(**SUMS).row(0, named=True)
    for seed in tqdm(range(1, seeds + 1), desc="seeds"):
        for rows in SIZES:
            yield f"interval {rows}", *intervals(rows, seed, true)
        with tempfile.TemporaryDirectory() as name, patch.object(characters, "shipped", world):
            root = Path(name)
            processed, private = root / "processed", root / "private"
            with (
                patch.object(paths, "PROCESSED", processed),
                patch.object(paths, "PRIVATE", private),
            ):
                yield "band", *bands(seed, root)


def coverage(seeds: int) -> pl.DataFrame:
    """Return how many intervals were made, by what they are, and how many held the truth."""
    rows = pl.DataFrame(list(measured(seeds)), ["what", "sessions", "held"], orient="row")
    source = pl.lit("simulated by analysis.synth; python -m benchmarks.coverage")
    return (
        rows.group_by("what")
        .agg(
            pl.lit(seeds).alias("seeds"),
            pl.col("sessions").median().cast(pl.Int64),
            pl.col("held").list.len().sum().alias("made"),
            pl.col("held").list.sum().sum().alias("covered"),
        )
        .sort("what", "sessions")
        .with_columns(pl.col("what").str.split(" ").list.first(), source=source)
    )


if __name__ == "__main__":
    coverage(SEEDS).write_csv(paths.FACTS / "coverage.csv")
