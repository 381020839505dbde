"""How often the report's 90 % intervals hold the truth, on data whose truth is known.

`python -m benchmarks.coverage public` writes `data/raw/facts/coverage.csv`, which chapter 00
prints; `public` is the name of a dataset of real logs, and can be left out.

*Bands* are those of `reconstruct.by_era`: simulated logs of which some lack the output count, each
era and the whole. What public sessions taught is taken for what holds in the simulation (`band`),
or left as it is, though simulated text costs more tokens than theirs (`strange`). Of real logs,
final counts of one project at a time are hidden, and nothing is known beside what the other
projects teach (`hidden`).

*Intervals* are those of `resample.interval`: of each simulated data set, the cache share of
dollars, the share of prompt tokens read from the cache, and output tokens a request, against those
of many more sessions.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl
from tqdm import tqdm

from analysis import load, paths, synth
from analysis.logs.identity import resolve
from analysis.logs.store import load_logs
from analysis.measures import characters, margin, reconstruct
from analysis.measures.finals import finals
from analysis.measures.learnt import FEW
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


def simulated(seed: int, folder: Path) -> tuple[pl.DataFrame, dict[str, float]]:
    """Return the priced requests of one simulation, and the true share of each era and of all."""
    truth = synth.write(folder / "logs", seed=seed)
    load_logs("coverage", str(folder / "logs"))
    priced = load("coverage").priced()
    said = pl.DataFrame(
        {"message_id": truth.outputs.keys(), "output_tokens": truth.outputs.values()},
        {"message_id": pl.String, "output_tokens": pl.Int64},
    )
    true = price(priced.drop("output_tokens").join(said, on="message_id", how="left"))
    return priced, dict(reconstruct.by_era(true).select("era", "logged_share").rows())


def bands(priced: pl.DataFrame, right: dict[str, float], seed: int) -> list[bool]:
    """Say of each era that needs it, and of all, whether the band holds the true share."""
    found = reconstruct.by_era(priced, seed=seed).filter(pl.col("rest_usd") > 0)
    return [row["low"] <= right[row["era"]] <= row["high"] for row in found.iter_rows(named=True)]


def hidden(priced: pl.DataFrame) -> Iterator[bool]:
    """Say of each project with final counts whether the band holds what they are, were they not.

    Its requests are given a version that logs a placeholder.
    """
    told = finals(priced).drop("evidence", "counted_tokens")
    counts = ("output_tokens", "output_first_tokens", "output_last_tokens")
    many = told.group_by("project").len().filter(pl.col("len") >= FEW)["project"].sort()
    for project in tqdm(many, desc="projects"):
        of = pl.col("project") == project
        rest, gone = told.filter(~of), told.filter(of)
        blind = gone.with_columns(
            pl.lit(None, pl.String).alias("stop_reason"),
            pl.lit("2.1.20").alias("version"),
            *(pl.lit(3, pl.Int64).alias(name) for name in counts),
            (pl.col("output_nano") * 3 // pl.col("output_tokens")).alias("output_nano"),
        ).with_columns(
            total_nano=pl.col("total_nano") - gone["output_nano"] + pl.col("output_nano")
        )
        learnt = characters.fit(characters.sums(finals(rest)))
        with patch.object(characters, "shipped", lambda learnt=learnt: learnt):
            row = reconstruct.by_era(pl.concat([rest, blind])).filter(era="2.1.12 to 2.1.29")
        true = margin.totals(gone)["share"]
        yield bool(row["low"].item() <= true <= row["high"].item())


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
        with tempfile.TemporaryDirectory() as name:
            processed, private = Path(name) / "processed", Path(name) / "private"
            with (
                patch.object(paths, "PROCESSED", processed),
                patch.object(paths, "PRIVATE", private),
            ):
                priced, right = simulated(seed, Path(name))
        sessions = priced["session"].n_unique()
        yield "strange", sessions, bands(priced, right, seed)
        with patch.object(characters, "shipped", world):
            yield "band", sessions, bands(priced, right, seed)


def coverage(found: Iterable[tuple[str, int, list[bool]]], source: str) -> pl.DataFrame:
    """Return how many intervals were made, by what they are, and how many held the truth."""
    rows = pl.DataFrame(list(found), ["what", "sessions", "held"], orient="row")
    return (
        rows.group_by("what")
        .agg(
            pl.len().alias("tries"),
            pl.col("sessions").median().cast(pl.Int64),
            pl.col("held").list.len().sum().alias("made"),
            pl.col("held").list.sum().sum().alias("covered"),
        )
        .sort("what", "sessions")
        .with_columns(pl.col("what").str.split(" ").list.first(), source=pl.lit(source))
    )


def main(words: list[str]) -> None:
    """Write the table; the name of a dataset of real logs adds what was hidden in it."""
    tables = [coverage(measured(SEEDS), "simulated by analysis.synth")]
    for name in words:
        priced = load(name).priced()
        tried = ("hidden", priced["session"].n_unique(), list(hidden(priced)))
        tables.append(coverage([tried], "final counts of 208 public sessions"))
    pl.concat(tables).write_csv(paths.FACTS / "coverage.csv")


if __name__ == "__main__":
    main(sys.argv[1:])
