"""How many limit hits tell what a cache read weighs in a quota, on accounts whose weight is known.

`python -m benchmarks.weight` writes `data/raw/facts/weight-trials.csv`, which chapter 06 prints.

An account makes the requests of `analysis.synth.tables`. A server charges them to five-hour
windows, each with a budget of its own, and refuses what comes after a budget is spent. The
requests that are left and the refusals are all that `measures.weight` sees. An account's windows
are cut where so many hits have been seen, and each piece is a try, made in five ways: with the
likelihood of chapter 06 (`interval`), with a density of log use in its place (`density`), where
some sessions leave no log (`hidden`), where a write is taken to weigh more than it does
(`misweighed`), and from the least to the most that the right weight of a write and the wrong one
leave (`union`). All are given what no reader has: exact output, its true weight and the true rule
of windows; all but `misweighed` and `union` the true weight of a write as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count, islice, pairwise, product

import numpy as np
import numpy.typing as npt
import polars as pl
from tqdm import tqdm

from analysis import paths, schema
from analysis.logs.identity import resolve
from analysis.measures import likelihood, weight, windows
from analysis.measures.likelihood import Use
from analysis.synth.quota import OUTPUT_WEIGHT
from analysis.synth.tables import copies

PLANTED = (0.0, 0.1, 1.0)
HITS = (1, 2, 3, 5, 8, 12, 20, 40)
TRIES = 100
REQUESTS = 20_000  # of an account, in 70 days
FULL = 0.7  # quantile of what windows use without a limit, which is the budget: 3 in 10 are hit
SPREAD = 0.1  # of log budgets from window to window
HIDDEN = 0.3  # share of sessions that leave no log, where some do not
WRITTEN = 1.0  # what a write weighs
MISWEIGHED = 2.0  # what it is taken to weigh where that is wrong: as one kept for an hour is listed
#: Of each way, the share of sessions that leave no log, and what a write is taken to weigh.
WAYS: dict[str, tuple[float, tuple[float, ...]]] = {
    "interval": (0.0, (WRITTEN,)),
    "density": (0.0, (WRITTEN,)),
    "hidden": (HIDDEN, (WRITTEN,)),
    "misweighed": (0.0, (MISWEIGHED,)),
    "union": (0.0, (WRITTEN, MISWEIGHED)),
}

_NARROW = 1e-3  # of log use: an interval so short that its probability is a density

Array = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]


def account(
    planted: float, seed: int, hidden: float = 0, written: float = WRITTEN
) -> tuple[pl.DataFrame, pl.DataFrame, float]:
    """Return what one account logs, requests with `fresh` and `reads` and events, and its budget.

    Parameters
    ----------
    planted
        What a read weighs.
    hidden
        Share of sessions that are charged and leave no log.
    written
        What a write is taken to weigh in `fresh`; `WRITTEN` is what it is charged.
    """
    rng = np.random.default_rng(seed)
    made = resolve(pl.concat(copies(REQUESTS, seed=seed)), "largest").sort("first_seen")
    output = OUTPUT_WEIGHT * pl.col("output_tokens")
    fresh = pl.col("input_tokens") + WRITTEN * pl.col("write_tokens") + output
    made = made.with_columns(fresh=fresh, reads=pl.col("read_tokens"))
    used = made.select(pl.col("fresh") + planted * pl.col("reads")).to_series().to_numpy()
    times = made["first_seen"].to_numpy()
    ends = [0, *_ends(times)]
    spent = np.concatenate([[0], np.cumsum(used)])
    budget = float(np.quantile(np.diff(spent[ends]), FULL))
    kept, at, resets = np.ones(len(times), bool), [], []
    for begin, end in pairwise(ends):
        own = spent[begin] + budget * np.exp(SPREAD * rng.standard_normal())
        refused = int(np.searchsorted(spent[begin : end + 1], own)) + begin
        kept[refused:end] = False
        if refused < end:
            at.append(times[refused])
            resets.append(times[begin] + np.timedelta64(windows.LENGTH))
    unseen = _some(made["session"], hidden, rng)
    taken = made.with_columns(fresh=pl.col("fresh") + (written - WRITTEN) * pl.col("write_tokens"))
    return taken.filter(pl.Series(kept) & ~unseen), _refusals(at, resets), budget


def _ends(times: Times) -> Iterator[int]:
    """Yield where each window of a server ends."""
    end = 0
    while end < len(times):
        end = int(np.searchsorted(times, times[end] + np.timedelta64(windows.LENGTH)))
        yield end


def _some(sessions: pl.Series, share: float, rng: np.random.Generator) -> pl.Series:
    names = sessions.unique(maintain_order=True)
    return sessions.is_in(names.filter(pl.Series(rng.random(len(names)) < share)).implode())


def _refusals(at: list[np.datetime64], resets: list[np.datetime64]) -> pl.DataFrame:
    kinds = schema.dtypes("events")
    said: dict[str, object] = {
        "project": "project-01",
        "is_sidechain": False,
        "kind": "limit",
        "file": 0,
    }
    told = {"at": at, "resets_at": resets}
    times = pl.DataFrame({name: np.array(of, "datetime64[us]") for name, of in told.items()})
    rest = [pl.lit(said.get(name)).alias(name) for name in kinds if name not in times.columns]
    return times.with_columns(rest).select(pl.col(name).cast(kind) for name, kind in kinds.items())


@cache
def known(planted: float, seed: int, hidden: float, written: float) -> tuple[Use, float]:
    """Return what an account's windows are taken to have used, and its budget."""
    requests, events, budget = account(planted, seed, hidden, written)
    return weight.uses(windows.windowed(requests, events)), budget


def pieces(use: Use, hits: int) -> Iterator[Use]:
    """Cut an account's windows after every so many hits."""
    begin = 0
    for last in np.flatnonzero(np.isfinite(use.high_fresh))[hits - 1 :: hits]:
        yield Use(*(column[begin : last + 1] for column in use))
        begin = last + 1


def density(use: Use) -> Use:
    """Narrow what is known of each hit's budget to a point of log use, whatever the weight."""
    part = np.where(np.isfinite(use.high_fresh), np.exp(-_NARROW), 1)
    fresh = np.where(part < 1, part * use.high_fresh, use.low_fresh)
    read = np.where(part < 1, part * use.high_read, use.low_read)
    return Use(fresh, read, use.high_fresh, use.high_read)


def tried(way: str, planted: float, hits: int) -> Iterator[dict[str, float]]:
    """Yield of each try whether its interval held the weight, how long it was, what was found."""
    hidden, taken = WAYS[way]
    true = int(np.argmin(abs(likelihood.WEIGHTS - planted)))
    for seed in count(1):
        seen = [known(planted, seed, hidden, written) for written in taken]
        for some in zip(*(pieces(use, hits) for use, _ in seen), strict=True):
            found = [likelihood.profile(density(p) if way == "density" else p) for p in some]
            lows, highs = zip(*map(likelihood.interval, found), strict=True)
            part = likelihood.covered(min(lows), max(highs))
            yield {
                "covered": min(lows) <= planted <= max(highs),
                "told": part <= likelihood.MOST,
                "part": part,
                "best": float(likelihood.WEIGHTS[np.argmax(found[0].fall)]),
                "budget": found[0].budget[true] / seen[0][1],
            }


def trials(tries: int) -> pl.DataFrame:
    """Return how tries ended, by way, planted weight and hits: counts, and medians."""
    rows = []
    for way, planted, hits in tqdm(list(product(WAYS, PLANTED, HITS))):
        ends = pl.DataFrame(list(islice(tried(way, planted, hits), tries)))
        of = {"way": way, "hidden": WAYS[way][0], "planted": planted, "hits": hits, "tries": tries}
        counts = ends.select(pl.col("covered", "told").sum().cast(pl.Int64))
        middle = ends.select(pl.col("part", "best", "budget").median().round(3))
        rows.append(of | counts.row(0, named=True) | middle.row(0, named=True))
    return pl.DataFrame(rows).with_columns(source=pl.lit("simulated by benchmarks.weight"))


def main() -> None:
    """Write the table."""
    trials(TRIES).write_csv(paths.FACTS / "weight-trials.csv")


if __name__ == "__main__":
    main()
