"""Which output counts are the answer's last: what a true length can be learnt from."""

from __future__ import annotations

import polars as pl

from analysis.measures.characters import parts
from analysis.measures.margin import is_final

#: How a count is known to be the answer's last: the first that holds.
EVIDENCE = {
    "by version": "a client version that logs final counts",
    "by its end": "a line that says why the answer ended",
    "by growth": "a last line that counts more than the first",
}


def known(priced: pl.DataFrame) -> pl.DataFrame:
    """Say of each request how its output count is known to be the answer's last, if it is.

    Returns
    -------
    pl.DataFrame
        The same rows with `counted_tokens`, the largest count on any line, whatever a policy
        keeps; and `evidence`, a key of `EVIDENCE`, null where the count is a placeholder, partial,
        or not known to be neither.
    """
    grew = pl.col("output_last_tokens") > pl.col("output_first_tokens")
    counted = pl.max_horizontal("output_tokens", "output_last_tokens", "output_first_tokens")
    evidence = (
        pl.when(is_final(priced))
        .then(pl.lit("by version"))
        .when(pl.col("stop_reason").is_not_null())
        .then(pl.lit("by its end"))
        .when(grew)
        .then(pl.lit("by growth"))
    )
    return priced.with_columns(evidence.alias("evidence"), counted.alias("counted_tokens"))


def finals(priced: pl.DataFrame) -> pl.DataFrame:
    """Keep requests to learn from: a final count, and parts whose length the log holds, all."""
    said = pl.sum_horizontal(*parts()[1:]) > 0
    whole = pl.col("signature_chars").is_not_null()
    return known(priced).filter(
        pl.col("evidence").is_not_null(), pl.col("counted_tokens") > 0, said, whole
    )
