"""What a session reads in sum, against what its model sees at once."""

from __future__ import annotations

import polars as pl

from analysis.facts import case, facts
from analysis.measures.growth import main_chains


def published() -> pl.DataFrame:
    """Return the published session's reads and what one of its requests saw on average.

    Returns
    -------
    pl.DataFrame
        A row per number of turns that was published for it: `requests`, `read_tokens` (in sum;
        known for the first state alone), `seen_tokens` (reads over requests), `share` (of the
        reads, seen at once).

    Examples
    --------
    >>> published().select("requests", "seen_tokens").rows()
    [(441, 204899), (618, 146214)]
    """
    reads = case("session")["read_tokens"].item()
    turns = [case(name)["requests"].item() for name in ("session", "snapshot")]
    seen = pl.col("read_tokens") / pl.col("requests")
    return pl.DataFrame({"requests": turns, "read_tokens": [reads] * len(turns)}).with_columns(
        seen_tokens=seen.round().cast(pl.Int64), share=seen / pl.col("read_tokens")
    )


def largest_window() -> int:
    """Return how many tokens any model of the list can see at once."""
    return int(facts("windows")["tokens"].to_numpy().max())


def sessions(requests: pl.DataFrame) -> pl.DataFrame:
    """Return the same of each session's main chain.

    Returns
    -------
    pl.DataFrame
        A row per session that read anything, by requests: `requests`, `read_tokens` (in sum),
        `mean_tokens` and `largest_tokens` (of its prompts), `share` (its largest prompt over its
        reads).
    """
    prompt = pl.col("context_tokens")
    return (
        main_chains(requests)
        .group_by("session")
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("read_tokens").sum(),
            prompt.mean().alias("mean_tokens"),
            prompt.max().alias("largest_tokens"),
        )
        .filter(pl.col("read_tokens") > 0)
        .with_columns(share=pl.col("largest_tokens") / pl.col("read_tokens"))
        .sort("requests", "read_tokens", "largest_tokens", "session")
        .drop("session")
    )
