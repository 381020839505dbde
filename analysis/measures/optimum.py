"""How long a session is best: the square-root rule beside the replay, in requests and in hours.

Let a prompt grow by `g` tokens a request, let `r` be the price of reading a token, and let `F` be
what a fresh session's first prompt costs more than going on would. Then a session of N requests
costs F/N + r g (N - 1)/2 a request and what does not depend on N: least at the square root of
2F/(r g), the rule of the economic order quantity (Harris, 1913). Where the model writes what a
fresh session takes over, F has its output as well.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.measures.resample import Interval, Sums, interval

_SUMS = ("requests", "restart_nano", "growth_nano", "level_nano", "making_nano")


def terms(ready: pl.DataFrame, fitted: pl.DataFrame, carry_over: float) -> pl.DataFrame:
    """Sum what the rule is made of, over the requests of each stretch that was fitted.

    Parameters
    ----------
    ready, fitted
        `analysis.measures.restarts.replayable` and `analysis.measures.shapes.fits`.

    Returns
    -------
    pl.DataFrame
        One row per stretch: `session`, `project`, `requests`, and sums over them of
        `restart_nano` (F with a carry-over that costs nothing to make), `making_nano` (what its
        tokens cost as output), `growth_nano` (r g), `level_nano` (what does not depend on N),
        `standing_tokens`, `slope_tokens` (g), `read_rate`, `write_rate` (nano-dollars a token).
    """
    kept = pl.col("standing") + carry_over
    read, write = pl.col("read_rate"), pl.col("write_rate")
    level = read * kept + write * pl.col("slope") + pl.col("input_rate") * pl.col("input_tokens")
    return (
        ready.join(fitted.select("run", "slope"), on="run", maintain_order="left")
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("session", "project").first(),
            pl.len().alias("requests"),
            ((write - read) * kept).sum().alias("restart_nano"),
            (pl.col("output_rate") * carry_over).sum().alias("making_nano"),
            (read * pl.col("slope")).sum().alias("growth_nano"),
            level.sum().alias("level_nano"),
            pl.col("standing").sum().alias("standing_tokens"),
            pl.col("slope").sum().alias("slope_tokens"),
            read.sum(),
            write.sum(),
        )
    )


def rule(summed: pl.DataFrame, *, seed: int = 1) -> dict[str, Any]:
    """Return the best session length by the rule, and what it is made of.

    Parameters
    ----------
    summed
        `terms`.

    Returns
    -------
    dict
        `length` (requests; None where prompts do not grow or reads cost nothing), `interval` (by
        session), both `written_length` and `written_interval` where the model writes the
        carry-over, and means over requests: `restart_usd` (F), `making_usd` (what writing it adds
        to F), `standing` and `growth` (tokens; g a request), `read` and `write` ($ per million
        tokens).

    Examples
    --------
    >>> one = {"session": "s", "requests": 1, "restart_nano": 2e8, "growth_nano": 1e6}
    >>> one["making_nano"] = 2.5e8
    >>> rest = dict.fromkeys(("standing_tokens", "slope_tokens", "read_rate", "write_rate"), 1.0)
    >>> found = rule(pl.DataFrame([one | rest]))
    >>> found["length"], found["written_length"]
    (20.0, 30.0)
    """
    n, f, rg = (float(summed[name].sum()) for name in _SUMS[:3])
    known = n > 0 and f > 0 and rg > 0

    def mean(name: str, scale: float = 1) -> float | None:
        return float(summed[name].sum()) / n / scale if n else None

    def best(s: Sums) -> npt.NDArray[np.float64]:
        return np.sqrt(2 * s["restart_nano"] / s["growth_nano"])

    def within(restart: pl.Expr) -> Interval:
        sums = {"restart_nano": restart, "growth_nano": pl.col("growth_nano").sum()}
        return interval(summed, sums, best, seed=seed)

    free, making = pl.col("restart_nano").sum(), pl.col("making_nano").sum()
    f_written = f + float(summed["making_nano"].sum())
    return {
        "length": math.sqrt(2 * f / rg) if known else None,
        "interval": within(free),
        "written_length": math.sqrt(2 * f_written / rg) if known else None,
        "written_interval": within(free + making),
        "restart_usd": mean("restart_nano", 1e9),
        "making_usd": mean("making_nano", 1e9),
        "standing": mean("standing_tokens"),
        "growth": mean("slope_tokens"),
        "read": mean("read_rate", 1e3),
        "write": mean("write_rate", 1e3),
    }


def curve(summed: pl.DataFrame, tried: list[int]) -> pl.DataFrame:
    """Cost a request at each session length by the rule.

    Returns
    -------
    pl.DataFrame
        `length`, `usd_a_request`; empty where no stretch was fitted.
    """
    n, f, rg, level = (float(summed[name].sum()) for name in _SUMS[:4])
    kinds = {"length": pl.Int64, "usd_a_request": pl.Float64}
    rows = [(k, (f / k + level + rg * (k - 1) / 2) / n / 1e9) for k in tried] if n else []
    return pl.DataFrame(rows, kinds, orient="row")
