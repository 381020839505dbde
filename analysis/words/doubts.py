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
    if whole["share"] is None:
        return (
            f"{usd(whole['cost_usd'])} are what this policy makes of the lines: it counts some "
            "requests more than once, so this is nobody's bill."
        )
    return (
        f"The {usd(whole['cost_usd'])} of these logs are a census: every request that was logged "
        "is in them, so they have no sampling error. What they have is measurement error: the log "
        "counts some things short, and is silent on others. A comparison, a forecast or a "
        "statement about other people's sessions is another matter: it carries an interval, "
        "resampled by session and, where there are enough, by project."
    )


def table(frame: pl.DataFrame) -> str:
    """Caption what could move the bill."""
    bill = frame.filter(pl.col("source") == "the bill, with these").row(0, named=True)
    return (
        f"The list-price bill is {extent((bill['low_usd'], bill['high_usd']), usd)}, with what can "
        "be named of what the logs leave out. In dollars to be added; a dash where none can be "
        "named. Not among them: what a summary wrote, titles and hooks, which leave no trace; "
        "other ways to count ([](#03-margin)); and prices, which are list prices."
    )


def coverage() -> str:
    """Say how often intervals of this report hold what they are of."""
    table = facts("coverage").sort("sessions", descending=True)
    rows = {row["what"]: row for row in table.to_dicts()}
    real, like, strange = (rows[what] for what in ("hidden", "band", "strange"))
    tried = table.filter(pl.col("what") == "interval").to_dicts()
    of = [f"{_held(row)} from {count(row['sessions'], 'session')}" for row in tried]
    sets = count(like["tries"], "simulated data set")
    return (
        "Such bands and intervals were tried where the truth is known. Of public sessions, the "
        "final counts of one project after another were hidden: the 90 % band held what they had "
        f"been in {real['covered']:,} of {real['made']:,}. On {sets}, bands held the true share "
        f"in {_held(like)} where public sessions are like them, and in {_held(strange)} where they "
        "are not and few counts are final: a band cannot allow for text of another kind. Of 90 % "
        f"intervals for sessions not seen, {' and '.join(of)} held it: from few sessions a little "
        "fewer than nine in ten."
    )


def _held(row: dict[str, int]) -> str:
    return f"{share(row['covered'] / row['made'], 0)} of {row['made']:,}"
