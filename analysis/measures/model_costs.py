"""How fast each model uses up a cap: by list price, and by what the reader's requests cost.

Two models at list price differ by one factor if their token counts are alike. They need not be: a
larger model may need fewer tokens or steps for the same work, or be given harder work.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.list_ratios import names
from analysis.measures.lists import LIST_DAY
from analysis.measures.reconstruct import outputs
from analysis.measures.resample import Sums, interval
from analysis.pricebook import known_models, rates
from analysis.sessions import CHAIN, steps, triggered

#: Fewer human turns than these give a model no mean; fewer sessions or projects, no interval.
FEWEST = 10
#: What is drawn again for an interval; the wider of the two is given.
CLUSTERS = ("session", "project")


def turns(priced: pl.DataFrame, events: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Sum what each human turn of a main chain cost, output reconstructed.

    A turn is a chain's first request, or one that follows a prompt somebody typed, and the
    requests after it that follow the results of tools. What subagents did in it is not in it.

    Returns
    -------
    pl.DataFrame
        One row per turn whose requests have one model and a price: `session`, `project`, `model`,
        `requests`, `tokens`, `usd`.
    """
    rows = outputs(priced, policy).filter(pl.col("agent").is_null(), ~pl.col("is_sidechain"))
    made = triggered(steps(rows), events)
    begins = pl.col("trigger").is_null() | (pl.col("trigger") == "human turn")
    parts = ("read_tokens", "write_tokens", "input_tokens", "expected_output_tokens")
    usd = (pl.col("total_nano") + pl.col("rest_nano").fill_null(0)) / 1e9
    return (
        made.with_columns(turn=begins.cast(pl.Int64).cum_sum())
        .group_by(*CHAIN, "turn", maintain_order=True)
        .agg(
            pl.col("project", "model").first(),
            pl.col("model").n_unique().alias("models"),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.sum_horizontal(pl.col(parts)).sum().alias("tokens"),
            usd.sum().alias("usd"),
            usd.null_count().alias("unpriced"),
        )
        .filter(pl.col("models") == 1, pl.col("unpriced") == 0)
        .select("session", "project", "model", "requests", "tokens", "usd")
    )


def by_model(done: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Compare models by what their human turns cost, with the model of most turns as the measure.

    Parameters
    ----------
    done
        `turns`.

    Returns
    -------
    pl.DataFrame
        One row per model with turns enough, dearest list first: `model` (its name), `turns`,
        `sessions`, `projects`, `top_share` (of its turns, in the project that has most of them),
        `requests_a_turn`, `tokens_a_request`, `request_usd`, `turn_usd`, and over the measure's:
        `listed` (the same tokens at list price), `request`, `turn` (what was paid, for a request
        and a turn), `low` and `high` (90 percent interval of `turn`: the wider of those with
        sessions and with projects drawn again; null where either model has few), `measure`
        (whether it is the measure).
    """
    known = (
        done.group_by("model")
        .agg(
            pl.len().cast(pl.Int64).alias("turns"),
            pl.col("session").n_unique().cast(pl.Int64).alias("sessions"),
            pl.col("project").n_unique().cast(pl.Int64).alias("projects"),
            (pl.col("project").unique_counts().max() / pl.len()).alias("top_share"),
            (pl.col("requests").sum() / pl.len()).alias("requests_a_turn"),
            (pl.col("tokens").sum() / pl.col("requests").sum()).alias("tokens_a_request"),
            (pl.col("usd").sum() / pl.col("requests").sum()).alias("request_usd"),
            pl.col("usd").mean().alias("turn_usd"),
        )
        .filter(pl.col("turns") >= FEWEST, pl.col("turn_usd") > 0)
        .filter(pl.col("model").is_in(known_models()))
        .sort("turns", "model", descending=[True, False])
    )
    if known.is_empty():
        return known.with_columns(
            *(pl.lit(None, pl.Float64).alias(n) for n in ("listed", "request", "turn")),
            *(pl.lit(None, pl.Float64).alias(n) for n in ("low", "high")),
            measure=pl.lit(False),
        )
    first = known["model"][0]
    spans = [_interval(done, model, first, seed) for model in known["model"]]
    listed = rates(known["model"], [LIST_DAY]).filter(pl.col("above") == 0)["input"]
    return (
        known.with_columns(
            listed / listed[0],
            *(
                (pl.col(f"{n}_usd") / pl.col(f"{n}_usd").first()).alias(n)
                for n in ("request", "turn")
            ),
            pl.Series("low", [s[0] for s in spans], pl.Float64),
            pl.Series("high", [s[1] for s in spans], pl.Float64),
            measure=pl.col("model") == first,
        )
        .rename({"input": "listed"})
        .sort("listed", "turns", descending=True)
        .with_columns(pl.col("model").replace(names()))
    )


def _interval(
    done: pl.DataFrame, model: str, first: str, seed: int
) -> tuple[float | None, float | None]:
    """Draw sessions and projects again; return the wider interval of a mean turn over another."""
    both = done.filter(pl.col("model").is_in([model, first]))
    few = both.group_by("model").agg(pl.col(CLUSTERS).n_unique()).select(pl.min(*CLUSTERS))
    if model == first or min(few.row(0)) < FEWEST:
        return None, None
    sums = {}
    for name, one in (("own", model), ("other", first)):
        is_one = pl.col("model") == one
        sums[f"{name}_usd"] = pl.col("usd").filter(is_one).sum()
        sums[f"{name}_turns"] = is_one.sum()

    def times(s: Sums) -> npt.NDArray[np.float64]:
        return (s["own_usd"] / s["own_turns"]) / (s["other_usd"] / s["other_turns"])

    found = [interval(both, sums, times, cluster=name, seed=seed) for name in CLUSTERS]
    lows, highs = zip(*((f.low, f.high) for f in found if f.known), strict=True)
    return min(lows), max(highs)
