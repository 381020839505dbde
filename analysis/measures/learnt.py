"""How well output is predicted: on final counts whose session, or model, was left out."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures import characters
from analysis.measures.characters import COEFFICIENTS, COLUMNS, predicted
from analysis.measures.data import NO_VERSION, with_era
from analysis.measures.finals import finals

#: Final counts that a session, or a group, needs before its own error means anything.
FEW = 20
_MEDIAN_OF_NORMAL = 0.6745  # of its absolute value, in standard deviations
_USUAL = 0.15  # relative error of a request where too few final counts tell it


def _left_out(told: pl.DataFrame) -> pl.DataFrame:
    """Predict each final count by what other sessions teach, and by what other models do."""
    found = characters.sums(told)
    kinds = dict.fromkeys(COLUMNS, pl.Float64)
    by_session = found.groups.hstack(pl.DataFrame(characters.left_out(found), kinds, orient="row"))
    by_model = pl.DataFrame(
        [(model, *characters.without(found, model)) for model in found.models],
        {"model": pl.String, **kinds},
        orient="row",
    )
    for name, table, on in (
        ("by_sessions", by_session, ["session", "model"]),
        ("by_models", by_model, ["model"]),
    ):
        told = (
            told.join(table, on=on, how="left", nulls_equal=True, maintain_order="left")
            .with_columns(predicted().alias(name))
            .drop(COLUMNS)
        )
    return told


def errors(told: pl.DataFrame) -> pl.DataFrame:
    """Return how far each session's final counts are from what other sessions teach.

    Returns
    -------
    pl.DataFrame
        `session`, `project`, `model` (its commonest), `version` (its last), `requests`, `error`
        (counted : predicted, of sessions with twenty final counts or more), the largest miss first.
    """
    return (
        _left_out(told)
        .group_by("session", "project")
        .agg(
            pl.col("model").mode().sort().first(),
            pl.col("version").sort_by("first_seen").last(),
            pl.len().cast(pl.Int64).alias("requests"),
            (pl.col("counted_tokens").sum() / pl.col("by_sessions").sum()).alias("error"),
        )
        .filter(pl.col("requests") >= FEW)
        .sort(pl.col("error").log().abs(), "session", descending=[True, False])
    )


def spread(told: pl.DataFrame) -> float:
    """Return the relative error of a request beside its session's: as a normal's, by its median."""
    off = _left_out(told).select(
        (pl.col("by_sessions") / pl.col("counted_tokens")).log().alias("e")
    )
    middle = (pl.col("e") - pl.col("e").median()).abs().median()
    found = off.select(middle / _MEDIAN_OF_NORMAL).item() if told.height >= FEW else None
    return float(found) if found is not None else _USUAL


def validation(priced: pl.DataFrame) -> pl.DataFrame:
    """Say how well output is predicted, of final counts that were left out of learning.

    Returns
    -------
    pl.DataFrame
        One row for all final counts, one by model, era and kind of evidence: `of`, `value`,
        `requests`, `sessions`, `mean_tokens`, `r2` (of requests, their session left out), `bias`
        (predicted over counted, less one, their session left out), `typical_error` (the median
        request's), `other_models_bias` (predicted by other models alone; null but by model).
    """
    told = _left_out(with_era(finals(priced)).with_columns(pl.col("era").fill_null(NO_VERSION)))
    y, p, q = pl.col("counted_tokens"), pl.col("by_sessions"), pl.col("by_models")
    spread = ((y - y.mean()) ** 2).sum()
    said = {"all": "all", "model": "model", "era": "era", "evidence": "evidence"}
    rows = []
    for of, column in said.items():
        keyed = told.with_columns(all=pl.lit("all final counts"))
        rows.append(
            keyed.group_by(pl.col(column).alias("value"))
            .agg(
                pl.len().cast(pl.Int64).alias("requests"),
                pl.col("session").n_unique().cast(pl.Int64).alias("sessions"),
                y.mean().alias("mean_tokens"),
                pl.when(spread > 0).then(1 - ((y - p) ** 2).sum() / spread).alias("r2"),
                (p.sum() / y.sum() - 1).alias("bias"),
                (p / y - 1).abs().median().alias("typical_error"),
                (q.sum() / y.sum() - 1).alias("other_models_bias"),
            )
            .with_columns(of=pl.lit(of))
            .sort("requests", "value", descending=[True, False])
        )
    alone = pl.when(pl.col("of") == "model").then("other_models_bias")
    return (
        pl.concat(rows)
        .with_columns(alone.alias("other_models_bias"))
        .select("of", "value", *[c for c in rows[0].columns if c not in ("of", "value")])
    )


def coefficients(priced: pl.DataFrame) -> pl.DataFrame:
    """Return tokens a message and a character, by model, learnt from these requests alone.

    Returns
    -------
    pl.DataFrame
        `model`, `requests`, `sessions`, then `COEFFICIENTS`; the first row, `all`, is
        pooled. `session_spread` is that of the logarithm of sessions' errors, in the first row.
    """
    told = finals(priced)
    found = characters.sums(told)
    learnt = characters.fit(found)
    spread = errors(told)["error"].log().std() if told.height else None
    counts = told.group_by("model").agg(
        pl.len().cast(pl.Int64).alias("requests"),
        pl.col("session").n_unique().cast(pl.Int64).alias("sessions"),
    )
    of_all = ("all", told.height, told["session"].n_unique(), *learnt.pooled[0], spread)
    rows = [of_all] if told.height else []
    for model, requests, sessions in counts.sort("requests", "model", descending=True).rows():
        rows.append((model, requests, sessions, *learnt.own[model][0], None))
    kinds = {"model": pl.String, "requests": pl.Int64, "sessions": pl.Int64}
    kinds |= dict.fromkeys((*COEFFICIENTS, "session_spread"), pl.Float64)
    return pl.DataFrame(rows, kinds, orient="row")


def taught(priced: pl.DataFrame) -> pl.DataFrame:
    """Set what these requests teach beside what public sessions taught.

    Returns
    -------
    pl.DataFrame
        The columns of `coefficients` but `session_spread`, and `by`: these logs or public sessions.
    """
    own = coefficients(priced).with_columns(by=pl.lit("these logs"))
    public = facts("output-tokens").with_columns(by=pl.lit("public sessions"))
    kept = ["by", "model", "requests", "sessions", *COEFFICIENTS]
    return pl.concat(
        [own.select(kept), public.select(own.select(kept).columns)], how="vertical_relaxed"
    )


def misses(priced: pl.DataFrame, most: int = 8) -> pl.DataFrame:
    """Return the sessions that are predicted worst, without their ids.

    Returns
    -------
    pl.DataFrame
        The columns of `errors` but `session`; at most `most` rows.
    """
    return errors(finals(priced)).head(most).drop("session")
