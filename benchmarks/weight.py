"""How many limit hits tell what a cache read weighs in a quota, on accounts whose weight is known.

`python -m benchmarks.weight` writes `data/raw/facts/weight-trials.csv`, which chapter 06 prints.

An account makes the requests of `analysis.synth.tables`. A server charges them to five-hour
windows, each with a budget of its own, and refuses what comes after a budget is spent. The
requests that are left and the refusals are all that `measures.weight` sees. An account's windows
are cut where so many hits have been seen, and each piece is a try, made in three ways: with the
likelihood of chapter 06 (`interval`), with a density of log use in its place (`density`), and where
some sessions leave no log (`hidden`).
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
WAYS = {"interval": 0.0, "density": 0.0, "hidden": HIDDEN}

_NARROW = 1e-3  # of log use: an interval so short that its probability is a density

Array = npt.NDArray[np.float64]
Times = npt.NDArray[np.datetime64]


def account(
    planted: float, seed: int, hidden: float = 0
) -> tuple[pl.DataFrame, pl.DataFrame, float]:
    """Return what one account logs, requests with `fresh` and `reads` and events, and its budget.

    Parameters
    ----------
    planted
        What a read weighs.
    hidden
        Share of sessions that are charged and leave no log.
    """
    rng = np.random.default_rng(seed)
    made = resolve(pl.concat(copies(REQUESTS, seed=seed)), "largest").sort("first_seen")
    output = OUTPUT_WEIGHT * pl.col("output_tokens")
    fresh = pl.col("input_tokens") + pl.col("write_tokens") + output
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
    return made.filter(pl.Series(kept) & ~unseen), _refusals(at, resets), budget


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
def known(planted: float, seed: int, hidden: float) -> tuple[Use, float]:
    """Return what an account's windows are seen to have used, and its budget."""
    requests, events, budget = account(planted, seed, hidden)
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
    for seed in count(1):
        use, budget = known(planted, seed, WAYS[way])
        for piece in pieces(use, hits):
            found = likelihood.profile(density(piece) if way == "density" else piece)
            low, high = likelihood.interval(found)
            part = likelihood.covered(low, high)
            best, true = (
                int(np.argmax(v)) for v in (found.fall, -abs(likelihood.WEIGHTS - planted))
            )
            yield {
                "covered": low <= planted <= high,
                "told": part <= likelihood.MOST,
                "part": part,
                "best": float(likelihood.WEIGHTS[best]),
                "budget": found.budget[true] / budget,
            }


def trials(tries: int) -> pl.DataFrame:
    """Return how tries ended, by way, planted weight and hits: counts, and medians."""
    rows = []
    for way, planted, hits in tqdm(list(product(WAYS, PLANTED, HITS))):
        ends = pl.DataFrame(list(islice(tried(way, planted, hits), tries)))
        of = {"way": way, "hidden": WAYS[way], "planted": planted, "hits": hits, "tries": tries}
        counts = ends.select(pl.col("covered", "told").sum().cast(pl.Int64))
        middle = ends.select(pl.col("part", "best", "budget").median().round(3))
        rows.append(of | counts.row(0, named=True) | middle.row(0, named=True))
    return pl.DataFrame(rows).with_columns(source=pl.lit("simulated by benchmarks.weight"))


def main() -> None:
    """Write the table."""
    trials(TRIES).write_csv(paths.FACTS / "weight-trials.csv")


if __name__ == "__main__":
    main()
