"""What an answer's characters cost in tokens: learnt from final counts, and how well.

Two models may cut the same text into different tokens, so each model has coefficients of its own,
drawn to those of all models where its final counts are few, and to what public sessions taught
where there are none. Every fit is made of sums, so that leaving sessions out is a subtraction.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.facts import facts

#: What is learnt: tokens of a message beside its parts, and of a character of each part.
COEFFICIENTS = ("message", "text", "tool", "signature")

_SHRINK = 20.0  # requests that what is known of other models weighs against a model's own
_MOST = 100.0  # requests that a session teaches as much as, at most
_USUAL, _CHARS_A_TOKEN = 50, 4  # roughly, tokens beside the parts, and of them: for weights only
_N = len(COEFFICIENTS)

#: Columns of coefficients beside requests.
COLUMNS = tuple(f"of_{name}" for name in COEFFICIENTS)

Array = npt.NDArray[np.float64]


def parts() -> tuple[pl.Expr, ...]:
    """Return what a count is predicted from, as `COEFFICIENTS` name it.

    Thinking counts by its signature, which is logged when the text is not; without one it is text.
    """
    unsigned = pl.when(pl.col("signature_chars") == 0).then("thinking_chars").otherwise(0)
    chars = (pl.col("text_chars") + unsigned, pl.col("tool_chars"), pl.col("signature_chars"))
    message = (pl.col("text_chars") * 0 + 1).cast(pl.Float64)  # a column, so that it can be summed
    return (message, *(part.cast(pl.Float64) for part in chars))


def predicted() -> pl.Expr:
    """Return an answer's tokens by the coefficients in `COLUMNS`; one at least."""
    terms = [part * pl.col(of) for part, of in zip(parts(), COLUMNS, strict=True)]
    return pl.sum_horizontal(terms, ignore_nulls=False).clip(lower_bound=1.0)


class Sums(NamedTuple):
    """Weighted sums of squares and products: all that a fit needs.

    A row of `groups` is a `cluster`, session and model; `square` is groups x 4 x 4, `cross`
    groups x 4, `rows` the requests that each group counts for.
    """

    groups: pl.DataFrame
    square: Array
    cross: Array
    rows: Array

    @property
    def clusters(self) -> npt.NDArray[np.int64]:
        """The number of each group's cluster."""
        return self.groups["cluster"].rank("dense").to_numpy().astype(np.int64) - 1

    @property
    def models(self) -> list[str]:
        """Models that have final counts."""
        return sorted(self.groups["model"].unique())

    def of(self, model: str) -> npt.NDArray[np.bool_]:
        """Say which groups are a model's."""
        return (self.groups["model"] == model).to_numpy()


class Fit(NamedTuple):
    """Coefficients: `own` by model (each draws x 4), and `pooled` over all models (draws x 4)."""

    own: dict[str, Array]
    pooled: Array

    def of(self, models: pl.Series) -> pl.DataFrame:
        """Return each model's coefficients in the first draw, pooled ones where it has none."""
        rows = [(model, *self.own.get(model, self.pooled)[0]) for model in models.unique().sort()]
        kinds = {"model": pl.String, **dict.fromkeys(COLUMNS, pl.Float64)}
        return pl.DataFrame(rows, kinds, orient="row")


def sums(finals: pl.DataFrame, cluster: str = "session") -> Sums:
    """Sum final counts by cluster, session and model.

    A request weighs one over the tokens it may have, as the error of a count grows with it; and a
    session as much as a hundred requests at most, for those of one are alike.

    Parameters
    ----------
    finals
        `finals.finals`.
    cluster
        The column whose values can be left out, or drawn.
    """
    x = parts()
    weight = 1 / (_USUAL + pl.sum_horizontal(*x[1:]) / _CHARS_A_TOKEN)
    pairs = [(i, j) for i in range(_N) for j in range(_N)]
    table = (
        finals.group_by(pl.col(cluster).alias("cluster"), "session", "model")
        .agg(
            *((weight * x[i] * x[j]).sum().alias(f"square{i}{j}") for i, j in pairs),
            *(
                (weight * x[i] * pl.col("counted_tokens")).sum().alias(f"cross{i}")
                for i in range(_N)
            ),
            pl.len().alias("rows"),
        )
        .sort("cluster", "session", "model", nulls_last=True)
    )
    rows = table["rows"].to_numpy().astype(float)
    counts = np.minimum(1, _MOST / np.maximum(rows, 1))
    square = table.select(pl.col("^square.*$")).to_numpy().astype(float).reshape(-1, _N, _N)
    cross = table.select(pl.col("^cross.*$")).to_numpy().astype(float).reshape(-1, _N)
    return Sums(
        table.select("cluster", "session", "model"),
        square * counts[:, None, None],
        cross * counts[:, None],
        rows * counts,
    )


def shipped() -> Fit:
    """Return what public sessions taught."""
    table = facts("output-tokens")
    rows = table.select(COEFFICIENTS).to_numpy().astype(float)
    own = {name: row[None] for name, row in zip(table["model"], rows, strict=True)}
    return Fit(own, own.pop("all"))


def fit(found: Sums, weights: Array | None = None, prior: Fit | None = None) -> Fit:
    """Fit each model's coefficients by weighted least squares, drawn to a prior.

    The prior of a model is what public sessions taught of it, else the pooled fit; it weighs as
    much as fifty requests, so it decides where finals are few and vanishes where they are many.

    Parameters
    ----------
    weights
        Draws x groups: how often each group counts; once each by default.
    prior
        What public sessions taught; nothing by default.

    Examples
    --------
    >>> import polars as pl
    >>> said = {"session": ["a", "b"] * 50, "model": "m", "thinking_chars": 0,
    ...         "text_chars": range(100), "tool_chars": range(0, 500, 5),
    ...         "signature_chars": [0, 40] * 50}
    >>> tokens = 20 + 0.25 * pl.col("text_chars") + 0.5 * pl.col("signature_chars")
    >>> made = pl.DataFrame(said).with_columns(tool_chars=0, counted_tokens=tokens)
    >>> fit(sums(made)).own["m"].round(3).tolist()
    [[20.0, 0.25, 0.0, 0.5]]
    """
    weights = np.ones((1, len(found.rows))) if weights is None else weights
    totals = {m: _total(found, weights, found.of(m)) for m in found.models}
    zero = _total(found, weights, np.zeros(len(found.rows), bool))
    every = tuple(sum((t[k] for t in totals.values()), zero[k]) for k in range(3))
    scale = _scale(every)
    usual = prior.pooled if prior else np.zeros((1, _N))
    pooled = _solve(every, usual, scale if prior else 0 * scale)
    priors = prior.own if prior else {}
    own = {m: _solve(t, priors.get(m, pooled), scale) for m, t in totals.items()}
    alone = {m: np.broadcast_to(b, pooled.shape) for m, b in priors.items() if m not in own}
    return Fit(own | alone, pooled)


def left_out(found: Sums) -> pl.DataFrame:
    """Learn from all clusters but one, for each.

    Returns
    -------
    pl.DataFrame
        `cluster`, `model` and `COLUMNS`; null where nothing is left to learn from.
    """
    mine, number = (found.square, found.cross, found.rows), found.clusters
    out = _by(mine, number)
    pooled = tuple(part.sum(axis=0) - gone for part, gone in zip(mine, out, strict=True))
    scale = _scale(pooled)
    prior = _solve(pooled, np.zeros((1, _N)), 0 * scale)
    rest = [np.zeros_like(part) for part in mine]
    for model in found.models:
        of = found.of(model)
        gone = _by(tuple(part[of] for part in mine), number[of])
        for k, part in enumerate(mine):
            rest[k][of] = part[of].sum(axis=0) - gone[k]
    learnt = _solve((rest[0], rest[1], rest[2]), prior, scale)
    learnt[pooled[2] < 0.5] = np.nan  # sums that should be 0 may be off by rounding
    table = pl.DataFrame(learnt, dict.fromkeys(COLUMNS, pl.Float64), orient="row")
    columns = table.with_columns(pl.all().fill_nan(None))
    return (
        found.groups.hstack(columns)
        .unique(["cluster", "model"], maintain_order=True)
        .drop("session")
    )


def _total(found: Sums, weights: Array, of: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Sum some groups, each as often as a draw says."""
    some = weights[:, of]
    square = some @ found.square[of].reshape(-1, _N * _N)
    return square.reshape(-1, _N, _N), some @ found.cross[of], some @ found.rows[of]


def _by(parts: tuple[Array, ...], number: npt.NDArray[np.int64]) -> tuple[Array, ...]:
    """Sum groups by a number, and give each group the sum of its number."""
    of = []
    for part in parts:
        table = np.zeros((number.max(initial=0) + 1, *part.shape[1:]))
        np.add.at(table, number, part)
        of.append(table[number])
    return tuple(of)


def _scale(total: tuple[Array, ...]) -> Array:
    """Return the squares of as many average requests as the prior weighs."""
    return _SHRINK * total[0] / np.maximum(total[2], 1)[:, None, None]


def _solve(total: tuple[Array, ...], prior: Array, scale: Array) -> Array:
    """Solve for coefficients; a part that never occurs keeps its prior."""
    square, cross, _ = total
    size = np.einsum("...ii->...i", square + scale)
    held = scale + np.maximum(1e-9 * size, 1e-9)[..., None] * np.eye(_N)
    wanted = cross + np.einsum("...ij,...j->...i", held, np.broadcast_to(prior, cross.shape))
    return np.asarray(np.linalg.solve(square + held, wanted[..., None])[..., 0])
