"""Say how sure the bill is."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.reconstruct import ALL
from analysis.words.numbers import count, extent, share, usd


def opening(eras: pl.DataFrame) -> str:
    """Say what is a census here, and what is estimated."""
    whole = eras.filter(pl.col("era") == ALL).row(0, named=True)
    if whole["cost_usd"] is None:
        return "No request has a price, so there is no bill to be sure of."
    return (
        f"The {usd(whole['cost_usd'])} of these logs are a census: every request that was logged "
        "is in them, so they have no sampling error. What they have is measurement error: the log "
        "counts some things short, and is silent on others. A comparison, a forecast or a "
        "statement about other people's sessions is another matter: it carries an interval, "
        "resampled by session and, where there are enough, by project."
    )


def table(frame: pl.DataFrame) -> str:
    """Caption what could move the bill."""
    bill = frame.row(-1, named=True)
    return (
        f"The list-price bill is {extent((bill['low_usd'], bill['high_usd']), usd)}, with what the "
        "logs leave out. What moves it, in dollars to be added; a dash where none can be named. "
        "Not among them: other ways to count ([](#03-margin)), and prices, which are list prices."
    )


def coverage() -> str:
    """Say how often intervals of this report hold what they are of, by simulation."""
    rows = facts("coverage").sort("sessions", descending=True)
    band = rows.filter(pl.col("what") == "band").row(0, named=True)
    tried = rows.filter(pl.col("what") == "interval").to_dicts()
    of = [f"{_held(row)} from {count(row['sessions'], 'session')}" for row in tried]
    return (
        f"Tried on {count(band['seeds'], 'simulated data set')} whose truth is known: "
        f"{_held(band)} bands of reconstructed shares held it (nominally 90 %), and of 90 % "
        f"intervals for sessions not seen, {' and '.join(of)}. A nominal 90 % from few sessions "
        "is a little less."
    )


def _held(row: dict[str, int]) -> str:
    return f"{share(row['covered'] / row['made'], 0)} of {row['made']:,}"
