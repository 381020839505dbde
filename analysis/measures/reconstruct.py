"""How long answers really were, where the log holds a placeholder or a partial count.

The rest of an answer is predicted from the lengths of its parts (`characters`), and every share of
dollars is given again with it, in a band.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from analysis.facts import case, facts
from analysis.logs.policies import POLICIES
from analysis.measures import characters
from analysis.measures.characters import COLUMNS, Array, Fit
from analysis.measures.data import NO_VERSION, era_names, with_era
from analysis.measures.finals import finals, known
from analysis.measures.learnt import errors, spread
from analysis.measures.published import write_nano
from analysis.measures.resample import FEWEST, LEVEL
from analysis.sessions import CHAIN, steps

#: A count of at least this share of what is predicted is no placeholder: it stands.
PLAUSIBLE = 0.5

#: The row of `by_era` that holds all requests.
ALL = "all"

DRAWS = 500
_ENOUGH = 100  # requests of a model before their mean length is set beside a published one


def outputs(priced: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Predict every answer's length, and price what the log leaves out of it.

    Returns
    -------
    pl.DataFrame
        The rows of `finals.known` with `predicted_tokens`; `expected_output_tokens`, which is the
        count where it is known to be the last or is at least half of what is predicted, else the
        prediction; and `rest_nano`, what the policy's count leaves out of that at the request's
        output price (null where that is not known). A policy that counts lines leaves nothing out.
    """
    rows = known(priced)
    learnt = characters.fit(characters.sums(finals(priced)), prior=characters.shipped())
    rows = (
        rows.join(learnt.of(rows["model"]), on="model", how="left", maintain_order="left")
        .with_columns(characters.predicted().alias("predicted_tokens"))
        .drop(COLUMNS)
    )
    counted, wanted = pl.col("counted_tokens"), pl.col("predicted_tokens")
    stands = pl.col("evidence").is_not_null() | (counted >= PLAUSIBLE * wanted)
    if POLICIES[policy].lines:
        stands, counted = pl.lit(True), pl.col("output_tokens")
    expected = pl.when(stands).then(counted).otherwise(wanted).cast(pl.Float64)
    rest = (pl.col("expected_output_tokens") - pl.col("output_tokens")) * _rate(rows)
    return rows.with_columns(expected.alias("expected_output_tokens")).with_columns(
        rest.round().cast(pl.Int64).alias("rest_nano")
    )


def _rate(rows: pl.DataFrame) -> pl.Series:
    """Return what an output token costs; of a request without one, as in its model's next."""
    some = pl.col("output_tokens") > 0
    rate = pl.when(some).then(pl.col("output_nano") / pl.col("output_tokens"))
    if rows.select((~some).any()).item():
        near = rate.forward_fill().backward_fill().over("model", order_by="first_seen")
        rate = pl.when(pl.col("output_nano").is_not_null()).then(pl.coalesce(rate, near))
    return rows.select(rate).to_series()


def by_era(priced: pl.DataFrame, policy: str = "largest", seed: int = 1) -> pl.DataFrame:
    """Compute the cache share of dollars by client-version era, logged and reconstructed.

    Returns
    -------
    pl.DataFrame
        One row per era of `facts/eras.csv`, one for requests without a version where there are
        any, and `ALL`: `era`, `requests` (priced), their `sessions` and `projects`,
        `final_share` (of these, with a count known to be the last), `mean_output_tokens` as
        logged and `mean_expected_tokens`, `cost_usd` as logged, `rest_usd` (output that the log
        leaves out), `logged_share` and `share` (cache, of dollars), `low` and `high` (the 90 %
        band of `share`), `logged_ratio` and `ratio` (cache : API). Null where nothing costs
        anything; a policy that counts lines has no `share`.
    """
    rows = outputs(priced, policy).filter(pl.col("total_nano").is_not_null())
    era = pl.col("era").fill_null(NO_VERSION)
    rows = with_era(rows.with_columns(write_nano())).with_columns(era)
    drawn = _drawn(rows, seed)
    each = pl.concat([_shares(rows), _shares(rows.with_columns(era=pl.lit(ALL)))])
    bands = [_band(row, drawn) for row in each.iter_rows(named=True)]
    band = pl.DataFrame(bands, {"low": pl.Float64, "high": pl.Float64}, orient="row")
    names = pl.DataFrame({"era": [*era_names(rows["era"]), ALL]})
    if POLICIES[policy].lines:
        each = each.with_columns(pl.lit(None, pl.Float64).alias(n) for n in ("share", "ratio"))
        band = band.with_columns(pl.lit(None, pl.Float64).alias(n) for n in ("low", "high"))
    return (
        names.join(each.hstack(band), on="era", how="left", maintain_order="left")
        .filter((pl.col("era") != NO_VERSION) | pl.col("requests").is_not_null())
        .with_columns(pl.col("requests").fill_null(0))
    )


def whole(priced: pl.DataFrame, policy: str = "largest") -> dict[str, float | None]:
    """Return the row `ALL` of `by_era` without its band, which takes most of the time."""
    rows = outputs(priced, policy).filter(pl.col("total_nano").is_not_null())
    found = _shares(rows.with_columns(write_nano(), era=pl.lit(ALL))).to_dicts()
    row: dict[str, float | None] = found[0] if found else {"share": None, "ratio": None}
    return row | {"share": None, "ratio": None} if POLICIES[policy].lines else row


def witnessed(priced: pl.DataFrame) -> pl.DataFrame:
    """Ask the next prompt, which holds what was answered, whether it grew by as much.

    Returns
    -------
    pl.DataFrame
        `counted` (true: the answer's length is a final count; false: it is predicted), `requests`
        of main chains whose next prompt is longer and of the same model, and `fits_share` (those
        whose answer is no longer than it grew by, with a twentieth and twenty tokens to spare).
    """
    after = (pl.col(name).shift(-1).over(CHAIN) for name in ("context_tokens", "model"))
    rows = steps(outputs(priced)).with_columns(
        value.alias(name) for name, value in zip(("next_tokens", "next_model"), after, strict=True)
    )
    grown, said = pl.col("next_tokens") - pl.col("context_tokens"), pl.col("expected_output_tokens")
    return (
        rows.filter(~pl.col("is_sidechain"), grown > 0, pl.col("next_model") == pl.col("model"))
        .group_by(pl.col("evidence").is_not_null().alias("counted"))
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            (said <= 1.05 * grown + 20).mean().alias("fits_share"),
        )
        .sort("counted", descending=True)
    )


def as_long(priced: pl.DataFrame) -> dict[str, Any] | None:
    """Return how long main chains' answers of the published session's model are here.

    Returns
    -------
    dict or None
        `model`, `requests`, `tokens` (expected, a request), `published` (logged, a turn), `times`
        (one over the other); None where there are fewer than a hundred.
    """
    session = case("session").row(0, named=True)
    rows = outputs(priced).filter(~pl.col("is_sidechain"), pl.col("model") == session["model"])
    if rows.height < _ENOUGH:
        return None
    said = {"model": session["model"], "requests": rows.height}
    tokens = rows.select(pl.col("expected_output_tokens").mean()).item()
    published = session["output_tokens"] / session["requests"]
    return said | {"tokens": tokens, "published": published, "times": tokens / published}


def _shares(rows: pl.DataFrame) -> pl.DataFrame:
    cache = (pl.col("read_nano") + pl.col("write_nano")).sum()
    total, rest = pl.col("total_nano").sum(), pl.col("rest_nano").sum()
    api = (pl.col("input_nano") + pl.col("output_nano")).sum()
    return rows.group_by("era").agg(
        pl.len().cast(pl.Int64).alias("requests"),
        pl.col("session", "project").n_unique().cast(pl.Int64).name.suffix("s"),
        pl.col("evidence").is_not_null().mean().alias("final_share"),
        pl.col("output_tokens").mean().alias("mean_output_tokens"),
        pl.col("expected_output_tokens").mean().alias("mean_expected_tokens"),
        (total / 1e9).alias("cost_usd"),
        (rest / 1e9).alias("rest_usd"),
        pl.when(total > 0).then(cache / total).alias("logged_share"),
        pl.when(total + rest > 0).then(cache / (total + rest)).alias("share"),
        pl.when(api > 0).then(cache / api).alias("logged_ratio"),
        pl.when(api + rest > 0).then(cache / (api + rest)).alias("ratio"),
    )


def _band(row: dict[str, Any], drawn: pl.DataFrame) -> tuple[float | None, float | None]:
    """Return the band of an era's share, by the rests that were drawn for it."""
    if row["logged_share"] is None:
        return None, None
    rest = drawn[row["era"]].to_numpy() if row["era"] in drawn.columns else np.zeros(1)
    share = row["logged_share"] * row["cost_usd"] / (row["cost_usd"] + rest)
    low, high = np.quantile(share, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _drawn(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Draw the dollars that the log leaves out, by era and of all: a column each, a row a draw.

    Each draw learns from other projects, and gives every project an error of its own, as large as
    those of projects that were left out, and every request one beside. A model of which no final
    count was seen takes what public sessions taught of it, and its error, or another model's
    coefficients. Where too few projects have final counts, sessions are drawn, or nothing is, and
    the errors are those of public projects.
    """
    rng = np.random.default_rng(seed)
    told = finals(rows.drop("evidence", "counted_tokens"))
    learnt, error = _learnt(told, rng)
    parts = [part.sum().alias(of) for part, of in zip(characters.parts(), COLUMNS, strict=True)]
    short = rows.filter(pl.col("expected_output_tokens") > pl.col("output_tokens"))
    groups = (
        short.group_by("era", "project", "model")
        .agg(
            *parts,
            pl.col("output_tokens", "expected_output_tokens", "rest_nano").sum(),
            (pl.col("predicted_tokens") ** 2).sum().sqrt().alias("norm"),
        )
        .sort("era", "project", "model", nulls_last=True)
    )
    project = groups["project"].rank("dense").fill_null(0).to_numpy().astype(int)
    own = rng.choice(error, size=(DRAWS, project.max(initial=0) + 1))[:, project]
    found = np.zeros((DRAWS, groups.height))
    for model in groups["model"].unique().sort():
        of = (groups["model"] == model).to_numpy()
        found[:, of] = _coefficients(learnt, model, rng) @ groups.select(COLUMNS).to_numpy()[of].T
    logged, expected, rest, norm = (
        groups[name].to_numpy().astype(float)
        for name in ("output_tokens", "expected_output_tokens", "rest_nano", "norm")
    )
    found += spread(told) * norm * rng.standard_normal(found.shape)
    dollars = np.maximum(found * own - logged, 0) * rest / np.maximum(expected - logged, 1) / 1e9
    eras = groups["era"].to_numpy()
    table = {name: dollars[:, eras == name].sum(axis=1) for name in sorted(set(eras))}
    return pl.DataFrame(table | {ALL: dollars.sum(axis=1)})


def _learnt(told: pl.DataFrame, rng: np.random.Generator) -> tuple[Fit, Array]:
    """Return coefficients, a row a draw, and the errors of projects left out."""
    usual = facts("output-tokens").filter(pl.col("model") == "all")["project_spread"].item()
    error = errors(told, "project")["error"].to_numpy()
    if error.size < FEWEST:
        error = np.exp(usual * rng.standard_normal(DRAWS))
    cluster = "project" if told["project"].n_unique() >= FEWEST else "session"
    found = characters.sums(told, cluster)
    many = int(found.clusters.max(initial=-1)) + 1
    times = np.ones((DRAWS, many))
    if many >= FEWEST:
        times = rng.multinomial(many, np.full(many, 1 / many), size=DRAWS).astype(float)
    prior = characters.shipped()
    off = {m: b * np.exp(usual * rng.standard_normal((DRAWS, 1))) for m, b in prior.own.items()}
    return characters.fit(found, times[:, found.clusters], Fit(off, prior.pooled)), error


def _coefficients(learnt: Fit, model: str, rng: np.random.Generator) -> Array:
    """Return a model's coefficients, a row a draw; of a model without any, another's."""
    if model in learnt.own:
        return np.broadcast_to(learnt.own[model], (DRAWS, len(COLUMNS)))
    others = np.stack([np.broadcast_to(b, (DRAWS, len(COLUMNS))) for b in learnt.own.values()])
    return np.asarray(others[rng.integers(len(others), size=DRAWS), np.arange(DRAWS)])
