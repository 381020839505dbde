"""What shape a prompt's growth has, and how fast reads add up: curves fitted to stretches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.growth import LONG_ENOUGH
from analysis.measures.resample import Interval, Sums, interval

#: What a stretch is fitted with, and the parameters of each, the variance included.
SHAPES = {"constant": 2, "logarithm": 3, "square root": 3, "line": 3, "quadratic": 4}
#: The variance of a whole number that was rounded: no fit is closer than that.
_ROUNDING = 1 / 12
_BINS = 512  # of a median that is resampled
#: Of the bars that exponents are counted in.
WIDTH = 0.05


def fits(stretched: pl.DataFrame) -> pl.DataFrame:
    """Fit the prompt of each long stretch with every shape, by least squares in one pass.

    A shape with one regressor has its R² from one correlation. A quadratic has it from two, since
    the position from its middle and the square of that are uncorrelated. Shapes are compared by
    AICc (Hurvich and Tsai, 1989, Biometrika 76(2)).

    Returns
    -------
    pl.DataFrame
        One row per stretch of `LONG_ENOUGH` requests or more: `run`, `session`, `project`,
        `stretch`, `requests`, `first_tokens`, `last_tokens`, `mean_tokens`, `slope` (of the line,
        tokens a request), `early` and `late` (tokens gained in its first and its second half), the
        R² of each shape by its name (null where all prompts are alike), `slows` (whether the
        quadratic bends down), `best` (lowest AICc), `gain` (its AICc below the line's), and
        `exponent`: the slope of the logarithm of reads so far over that of the position (null
        where nothing was read).
    """
    x, at = pl.col("context_tokens").cast(pl.Float64), pl.col("position").cast(pl.Float64)
    middle = at - at.mean()
    sofar = pl.col("read_tokens").cum_sum().over("run")
    known = pl.col("sofar") > 0
    log_at, log_sofar = at.log().filter(known), pl.col("sofar").log().filter(known)
    half = pl.len() // 2
    shapes = {
        "logarithm": pl.corr(at.log(), x).pow(2),
        "square root": pl.corr(at.sqrt(), x).pow(2),
        "line": pl.corr(at, x).pow(2),
        "bend": pl.corr(middle * middle, x),
    }
    found = (
        stretched.filter(pl.col("position").max().over("run") >= LONG_ENOUGH)
        .with_columns(sofar=sofar)
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("session", "project", "stretch").first(),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("context_tokens").first().alias("first_tokens"),
            pl.col("context_tokens").last().alias("last_tokens"),
            x.mean().alias("mean_tokens"),
            (pl.cov(at, x) / at.var()).alias("slope"),
            (x.get(half) - x.first()).alias("early"),
            (x.last() - x.get(pl.len() - 1 - half)).alias("late"),
            x.var(ddof=0).alias("variance"),
            (pl.cov(log_at, log_sofar) / log_at.var()).alias("exponent"),
            *(shape.alias(name) for name, shape in shapes.items()),
        )
    )
    shares = [pl.col(name).fill_nan(None) for name in (*shapes, "exponent")]
    return (
        found.with_columns(shares)
        .with_columns(quadratic=pl.col("line") + pl.col("bend").pow(2), slows=pl.col("bend") < 0)
        .drop("bend")
        .pipe(_compared)
    )


def _compared(found: pl.DataFrame) -> pl.DataFrame:
    """Name the shape with the lowest AICc."""
    n = pl.col("requests")

    def aicc(shape: str, k: int) -> pl.Expr:
        left = pl.lit(1.0) if shape == "constant" else 1 - pl.col(shape).fill_null(0)
        variance = pl.max_horizontal(pl.col("variance") * left, pl.lit(_ROUNDING))
        return (n * variance.log() + 2 * k + 2 * k * (k + 1) / (n - k - 1)).alias(shape)

    scored = found.select(aicc(shape, k) for shape, k in SHAPES.items())
    lowest = scored.min_horizontal()
    best = pl.coalesce(pl.when(scored[s] == lowest).then(pl.lit(s)) for s in SHAPES)
    return found.with_columns(best=best, gain=scored["line"] - lowest).drop("variance")


def wins(fitted: pl.DataFrame) -> pl.DataFrame:
    """Count the stretches that each shape fits best.

    Returns
    -------
    pl.DataFrame
        One row per shape of `SHAPES`: `shape`, `stretches` (best by AICc), `stretch_share`,
        `request_share` (of their requests), `slowing_share` (of these stretches, those whose
        quadratic bends down), `median_r2` (of the shape over all stretches; null
        for the constant, which explains nothing).
    """
    won = fitted.group_by("best").agg(
        pl.len().cast(pl.Int64).alias("stretches"),
        pl.col("requests").sum(),
        pl.col("slows").mean().alias("slowing_share"),
    )
    r2 = {s: fitted[s].median() if s in fitted.columns else None for s in SHAPES}
    rows = pl.DataFrame([*r2.items()], {"shape": pl.String, "median_r2": pl.Float64}, orient="row")
    shares = {"stretch_share": "stretches", "request_share": "requests"}
    return (
        rows.join(won, left_on="shape", right_on="best", how="left", maintain_order="left")
        .with_columns(pl.col("stretches", "requests").fill_null(0))
        .with_columns(
            (pl.col(c) / pl.col(c).sum()).fill_nan(None).alias(s) for s, c in shares.items()
        )
        .select("shape", "stretches", *shares, "slowing_share", "median_r2")
    )


def median_interval(frame: pl.DataFrame, column: str, *, seed: int = 1) -> Interval:
    """Resample sessions and return the interval of a median over rows.

    Values are put in at most 512 bins of like many rows; a bin stands for its median.

    Examples
    --------
    >>> made = pl.DataFrame({"session": [str(n) for n in range(40)], "slope": range(40)})
    >>> low, high, sessions = median_interval(made, "slope")
    >>> 10 < low < 19.5 < high < 29, sessions
    (True, 40)
    """
    known = frame.drop_nulls(column).sort(column)
    ranked = known.with_columns(bin=pl.int_range(pl.len()) * min(_BINS, known.height) // pl.len())
    middles = ranked.group_by("bin").agg(pl.col(column).median()).sort("bin")[column].to_numpy()
    sums = {str(b): (pl.col("bin") == b).sum() for b in range(len(middles))}

    def median(s: Sums) -> npt.NDArray[np.float64]:
        counts = np.cumsum(np.stack([s[name] for name in sums], axis=1), axis=1)
        return np.asarray(middles[(counts >= counts[:, -1:] / 2).argmax(axis=1)], float)

    return interval(ranked, sums, median, seed=seed)


def slowing(fitted: pl.DataFrame, *, seed: int = 1) -> tuple[float | None, Interval]:
    """Set what stretches gain in their second half against their first: 1 where growth is even.

    A line fits any sum of steps well, even or not; this asks of the steps themselves.

    Returns
    -------
    tuple
        All tokens gained in second halves over all in first halves, and its interval by session.
    """
    sums = {name: pl.col(name).sum() for name in ("early", "late")}
    early, late = (float(fitted[name].to_numpy().sum()) for name in sums)
    found = interval(fitted, sums, lambda s: s["late"] / s["early"], seed=seed)
    return late / early if early else None, found


def spread(fitted: pl.DataFrame) -> pl.DataFrame:
    """Count stretches by the exponent of their reads, in twentieths.

    Returns
    -------
    pl.DataFrame
        One row per twentieth that has any: `exponent` (its lower end), `stretches`.
    """
    return (
        fitted.drop_nulls("exponent")
        .group_by(((pl.col("exponent") / WIDTH).floor() * WIDTH).round(9).alias("exponent"))
        .agg(pl.len().cast(pl.Int64).alias("stretches"))
        .sort("exponent")
    )
