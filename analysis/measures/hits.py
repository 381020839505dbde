"""The cache's hit rate, by every formula that is in use; and prompt tokens reused or computed.

A prompt's tokens are read from the cache, written to it, or sent uncached (`input`). Every formula
sets reads against some of these, and weighs by tokens, requests, sessions or dollars.
"""

from __future__ import annotations

import polars as pl

from analysis.counted import prompt, tell_writes, with_writes
from analysis.facts import facts
from analysis.measures.data import share_of
from analysis.measures.published import write_nano
from analysis.measures.rebuilds import NEW_CHAIN
from analysis.measures.resample import interval

#: The formula that we recommend: of all prompt tokens, those that were not computed again.
OURS = "tokens"
#: Whether a formula is in use: some tool or paper shows it, not only somebody's request for it.
SHOWN = pl.col("tools").is_not_null() & ~pl.col("tools").str.starts_with("asked").fill_null(False)

_READ, _WRITE, _INPUT = (pl.col(f"{part}_tokens") for part in ("read", "write", "input"))
_PROMPT = prompt()
_KNOWN = _WRITE.is_not_null()  # what has writes in it is of requests whose writes are known
_KINDS = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "sessions": pl.Int64}


def formulas(priced: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """Compute the hit rate of these logs by each formula of `facts/hit-rates.csv`.

    The value is of these requests and has no sampling error. The mean over sessions alone, whose
    unit is a session, can be taken for a statement about other sessions: it has an interval.

    Returns
    -------
    pl.DataFrame
        One row per formula, the highest first: `formula`, `name`, `definition`, `weight` (by what
        it weighs), `tools` (who uses it), `value` (null where there is nothing to divide by),
        `low`, `high` (90 % interval over sessions, where there is one), `sessions` (that it was
        drawn from).

    Examples
    --------
    >>> from analysis.prices import price
    >>> from analysis.schema import dtypes
    >>> none = price(pl.DataFrame(schema=dtypes("requests")))
    >>> set(formulas(none)["value"])
    {None}
    """
    by_session = _by_session(priced)
    found = _values(priced, by_session)
    drawn = interval(
        by_session,
        {"rate": pl.col("rate").sum(), "sessions": pl.len()},
        lambda sums: sums["rate"] / sums["sessions"],
        seed=seed,
    )
    bounds = (drawn.low, drawn.high, drawn.clusters)
    rows = [
        (name, value, *(bounds if name == "sessions" else (None, None, None)))
        for name, value in found.items()
    ]
    words = facts("hit-rates").select("formula", "name", "definition", "weight", "tools")
    return words.join(
        pl.DataFrame(rows, pl.Schema({"formula": pl.String, **_KINDS}), orient="row"),
        on="formula",
        maintain_order="left",
    ).sort("value", descending=True, nulls_last=True, maintain_order=True)


def _by_session(priced: pl.DataFrame) -> pl.DataFrame:
    """Return each session's reads as a share of its reads and writes; 0 where there are none."""
    read, cached = _READ.sum(), (_READ + _WRITE).sum()
    rate = pl.when(cached > 0).then(read / cached).otherwise(0.0).alias("rate")
    rates = with_writes(priced).group_by("session").agg(rate)
    return rates.sort("session")  # a sum of floats has an order


def _values(priced: pl.DataFrame, by_session: pl.DataFrame) -> dict[str, float | None]:
    """Return the value of each formula, by its key."""
    dollars = {part: pl.col(f"{part}_nano").sum() for part in ("read", "write", "input")}
    one = priced.with_columns(write_nano()).select(
        share_of(_READ.sum(), (_READ + _INPUT).sum()).alias("input"),
        share_of(
            (_READ + _WRITE).sum(), (_PROMPT + pl.col("output_tokens")).filter(_KNOWN).sum()
        ).alias("cached"),
        share_of(_READ.filter(_KNOWN).sum(), (_READ + _WRITE).sum()).alias("pair"),
        share_of(_READ.sum(), _PROMPT.sum()).alias("tokens"),
        share_of(_READ, _PROMPT).mean().alias("requests"),
        share_of(dollars["read"], sum(dollars.values(), pl.lit(0))).alias("dollars"),
        (_READ > 0).mean().alias("any"),
    )
    return one.row(0, named=True) | {"sessions": by_session["rate"].mean()}


def reuse(priced: pl.DataFrame, rebuilt: pl.DataFrame | None = None) -> pl.DataFrame:
    """Set the prompt tokens that were reused against those that were computed.

    A token that is read was computed before; one that is written or sent uncached is computed
    now, whether or not it was seen before.

    Parameters
    ----------
    priced
        Requests, priced or not. Those whose writes are not known are left out.
    rebuilt
        The ledger of the same requests, where there is one; what new chains write is not again.

    Returns
    -------
    pl.DataFrame
        `part` (read, written, written again, or sent uncached), `computed` (whether it was),
        `tokens`, `share` (of prompt tokens; null where there are none); the tokens sum to the
        prompts. Tokens are null where nobody counted what was written.

    Examples
    --------
    >>> made = pl.DataFrame({"read_tokens": [90], "write_tokens": [9], "input_tokens": [1]})
    >>> reuse(made).select("part", "share").rows()
    [('read from the cache', 0.9), ('written to the cache', 0.09), ('sent uncached', 0.01)]
    """
    known = with_writes(priced)
    read, written, fresh = (int(known[f"{p}_tokens"].sum()) for p in ("read", "write", "input"))
    kept = pl.col("cause") != NEW_CHAIN
    again = 0 if rebuilt is None else int(rebuilt.filter(kept)["rebuilt_tokens"].sum())
    rows = [
        ("read from the cache", False, read),
        ("written to the cache", True, written - again),
        *([] if rebuilt is None else [("written to the cache again", True, again)]),
        ("sent uncached", True, fresh),
    ]
    kinds = {"part": pl.String, "computed": pl.Boolean, "tokens": pl.Int64}
    tokens = pl.when(tell_writes(priced)).then("tokens").alias("tokens")
    return pl.DataFrame(rows, kinds, orient="row").with_columns(
        tokens, share_of(tokens, tokens.sum()).alias("share")
    )


def prefill() -> pl.DataFrame:
    """Return how much of what others computed was new, as published.

    Returns
    -------
    pl.DataFrame
        `who`, `append_tokens` (prompt tokens that were not read from a cache), `fresh_tokens` (of
        these, prompts and tool results not seen before), `fresh_share`, `amplification` (computed
        over new).

    Examples
    --------
    >>> prefill().filter(pl.col("who") == "Claude")["amplification"].round(1).item()
    8.1
    """
    fresh, append = pl.col("fresh_tokens"), pl.col("append_tokens")
    return (
        facts("prefill")
        .select("who", "append_tokens", "fresh_tokens")
        .with_columns(
            (fresh / append).alias("fresh_share"), (append / fresh).alias("amplification")
        )
    )
