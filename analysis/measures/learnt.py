"""How well output is predicted: on final counts whose session, or model, was left out."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures import characters
from analysis.measures.characters import COEFFICIENTS, predicted
from analysis.measures.data import NO_VERSION, with_era
from analysis.measures.finals import finals

#: Final counts that a session, or a group, needs before its own error means anything.
FEW = 20
_MEDIAN_OF_NORMAL = 0.6745  # of its absolute value, in standard deviations
_USUAL = 0.15  # relative error of a request where too few final counts tell it


def left_out(told: pl.DataFrame, cluster: str) -> pl.Series:
    """Predict each final count by what all clusters but its own teach; null where none is left."""
    learnt = characters.left_out(characters.sums(told, cluster))
    return (
        told.with_columns(pl.col(cluster).alias("cluster"))
        .join(learnt, on=["cluster", "model"], how="left", maintain_order="left")
        .select(predicted())
        .to_series()
    )


def errors(told: pl.DataFrame, cluster: str = "session") -> pl.DataFrame:
    """Return how far the final counts of each session, or project, are from what others teach.

    Returns
    -------
    pl.DataFrame
        The cluster, `project`, `model` (its commonest), `version` (its last), `requests`, `error`
        (counted : predicted) of those with twenty final counts or more, the largest miss first.
    """
    return (
        told.with_columns(left_out(told, cluster).alias("predicted"))
        .drop_nulls("predicted")
        .group_by(list(dict.fromkeys((cluster, "project"))))
        .agg(
            pl.col("model").mode().sort().first(),
            pl.col("version").sort_by("first_seen").last(),
            pl.len().cast(pl.Int64).alias("requests"),
            (pl.col("counted_tokens").sum() / pl.col("predicted").sum()).alias("error"),
        )
        .filter(pl.col("requests") >= FEW)
        .sort(pl.col("error").log().abs(), cluster, descending=[True, False])
    )


def spread(told: pl.DataFrame) -> float:
    """Return the relative error of a request beside its session's: as a normal's, by its median."""
    off = (left_out(told, "session") / told["counted_tokens"]).log().drop_nulls()
    if off.len() < FEW:
        return _USUAL
    return float((off - off.median()).abs().median() / _MEDIAN_OF_NORMAL)  # type: ignore[arg-type, operator]


def validation(priced: pl.DataFrame) -> pl.DataFrame:
    """Say how well output is predicted, of final counts that were left out of learning.

    Returns
    -------
    pl.DataFrame
        One row for all final counts, one by model, era and kind of evidence: `of`, `value`,
        `requests`, `sessions`, `projects`, `mean_tokens`; of predictions with a request's session
        left out, `r2`, `bias` (predicted over counted, less one) and `typical_error` (the median
        request's); `stranger_bias`, the bias where the whole project, model or era was left out
        (of all final counts their project; null for kinds of evidence). Null where nothing is
        left to learn from.
    """
    told = with_era(finals(priced)).with_columns(
        pl.col("era").fill_null(NO_VERSION), all=pl.lit("all final counts")
    )
    told = told.with_columns(left_out(told, "session").alias("predicted"))
    y, p = pl.col("counted_tokens"), pl.col("predicted")
    known, spread = p.is_not_null(), ((y - y.mean()) ** 2).sum()
    rows = []
    for of, other in (("all", "project"), ("model", "model"), ("era", "era"), ("evidence", None)):
        strange = left_out(told, other) if other else pl.lit(None, pl.Float64)
        q = pl.col("strange")
        rows.append(
            told.with_columns(strange.alias("strange"))
            .group_by(pl.col(of).alias("value"))
            .agg(
                pl.len().cast(pl.Int64).alias("requests"),
                pl.col("session", "project").n_unique().cast(pl.Int64).name.suffix("s"),
                y.mean().alias("mean_tokens"),
                pl.when(known.all() & (spread > 0))
                .then(1 - ((y - p) ** 2).sum() / spread)
                .alias("r2"),
                (p.sum() / y.filter(known).sum() - 1).fill_nan(None).alias("bias"),
                (p / y - 1).abs().median().alias("typical_error"),
                (q.sum() / y.filter(q.is_not_null()).sum() - 1)
                .fill_nan(None)
                .alias("stranger_bias"),
            )
            .with_columns(of=pl.lit(of))
            .sort("requests", "value", descending=[True, False])
        )
    table = pl.concat(rows)
    return table.select("of", "value", *[c for c in table.columns if c not in ("of", "value")])


def coefficients(priced: pl.DataFrame) -> pl.DataFrame:
    """Return tokens a message and a character, by model, learnt from these requests alone.

    Returns
    -------
    pl.DataFrame
        `model`, `requests`, `sessions`, then `COEFFICIENTS`; the first row, `all`, is
        pooled. `project_spread`, in the first row, is that of the logarithm of projects' errors.
    """
    told = finals(priced)
    found = characters.sums(told)
    learnt = characters.fit(found)
    spread = errors(told, "project")["error"].log().std() if told.height else None
    counts = told.group_by("model").agg(
        pl.len().cast(pl.Int64).alias("requests"),
        pl.col("session").n_unique().cast(pl.Int64).alias("sessions"),
    )
    of_all = ("all", told.height, told["session"].n_unique(), *learnt.pooled[0], spread)
    rows = [of_all] if told.height else []
    for model, requests, sessions in counts.sort("requests", "model", descending=True).rows():
        rows.append((model, requests, sessions, *learnt.own[model][0], None))
    kinds = {"model": pl.String, "requests": pl.Int64, "sessions": pl.Int64}
    kinds |= dict.fromkeys((*COEFFICIENTS, "project_spread"), pl.Float64)
    return pl.DataFrame(rows, kinds, orient="row")


def taught(priced: pl.DataFrame) -> pl.DataFrame:
    """Return what these requests teach, and of other models what public sessions taught.

    Returns
    -------
    pl.DataFrame
        The columns of `coefficients` but `project_spread`, and `by`: these logs or public sessions.
    """
    own = coefficients(priced).with_columns(by=pl.lit("these logs"))
    public = facts("output-tokens").with_columns(by=pl.lit("public sessions"))
    kept = ["by", "model", "requests", "sessions", *COEFFICIENTS]
    strange = public.filter(~pl.col("model").is_in(own["model"].to_list()))
    return pl.concat([own.select(kept), strange.select(kept)], how="vertical_relaxed")


def misses(priced: pl.DataFrame, most: int = 8) -> pl.DataFrame:
    """Return the sessions that are predicted worst, without their ids.

    Returns
    -------
    pl.DataFrame
        The columns of `errors` but `session`; at most `most` rows.
    """
    return errors(finals(priced)).head(most).drop("session")
