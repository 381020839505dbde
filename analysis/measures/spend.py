"""Where each dollar went: one decomposition of the bill, whole to the nano-dollar.

A chain's *standing prefix* is what stands before the person's words: the system prompt, tools and
context files. No log says how long it is. Here it is the shortest first prompt among the chains of
the same project, model and kind (main or subagent), so at most the chain's own; where a project
has one chain, the first message and what came with it counts as prefix too.
"""

from __future__ import annotations

import polars as pl

from analysis.counted import prompt, tell_writes
from analysis.measures.rebuilds import LEAST

#: The parts in the order in which a request pays for them, each with its token class.
PARTS = {
    "new content, written once": "write",
    "standing prefix, written as a chain begins": "write",
    "written again after expiry": "write",
    "written again after compaction": "write",
    "written again after a model change": "write",
    "written again for the API's own reason": "write",
    "written again after a rewind or fork": "write",
    "written again, cause unknown": "write",
    "tail of a prompt, written again": "write",
    "standing prefix, read again": "read",
    "history, read again": "read",
    "uncached input": "input",
    "output, as logged": "output",
    "web searches": "search",
}

_NEW, _PREFIX, _TAIL = (
    "new content, written once",
    "standing prefix, written as a chain begins",
    "tail of a prompt, written again",
)
_PREFIX_READ, _HISTORY = "standing prefix, read again", "history, read again"

#: What is not in the bill: output that the log leaves out, as `measures.reconstruct` has it.
BEYOND = "output that the log leaves out, reconstructed"

#: The part of what was rebuilt for each cause but a chain's beginning.
_CAUSES = {
    "expiry": "written again after expiry",
    "compaction": "written again after compaction",
    "model change": "written again after a model change",
    "api reason": "written again for the API's own reason",
    "rewind or fork": "written again after a rewind or fork",
    "unknown": "written again, cause unknown",
}

#: Whose first prompts are compared: a subagent's are of another kind.
_KIND = ("project", "_first_model", "is_sidechain")


def spend(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Split the bill by what the tokens were for.

    A request's writes share what it paid for them by their tokens, in whole nano-dollars; what
    is left, less than one nano-dollar a token, goes to new content.

    Parameters
    ----------
    rebuilt
        `analysis.measures.rebuilds.rebuilt`. Requests without a price have no part.

    Returns
    -------
    pl.DataFrame
        One row for each of `PARTS`: `part`, `class` (write, read, input, output, search),
        `tokens` (searches in their number), `nano` (these sum to the bill), `share` (of the bill's
        dollars; null where nothing costs anything). What was written is null where nobody counted
        it: there it is in uncached input.

    Examples
    --------
    >>> from analysis.measures.rebuilds import rebuilt
    >>> from analysis.prices import price
    >>> from analysis.schema import dtypes
    >>> none = price(pl.DataFrame(schema=dtypes("requests")))
    >>> spend(rebuilt(none, pl.DataFrame(schema=dtypes("events"))))["nano"].sum()
    0
    """
    rows = parted(rebuilt).filter(pl.col("total_nano").is_not_null())
    tokens = rows.select(_tokens(part).sum() for part in PARTS).row(0)
    nano = rows.select(_nano(part).sum() for part in PARTS).row(0)
    parts = {"part": list(PARTS), "class": list(PARTS.values()), "tokens": tokens, "nano": nano}
    kinds = {"tokens": pl.Int64, "nano": pl.Int64}
    total = pl.col("nano").sum()
    told = pl.lit(tell_writes(rows)) | (pl.col("class") != "write")
    return (
        pl.DataFrame(parts, schema_overrides=kinds)
        .with_columns(pl.when(told).then(pl.col("tokens", "nano")))
        .with_columns(share=pl.when(total > 0).then(pl.col("nano") / total))
    )


def parted(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Return each request with its tokens by part of written and read tokens.

    Returns
    -------
    pl.DataFrame
        The rows of `rebuilt`, with `prefix_tokens` (of the chain), tokens of each of `PARTS` that
        is written or read, `write_paid` and `read_paid` (nano-dollars a token; null: no price).
    """
    return _with_parts(_with_prefix(rebuilt))


def beyond(parts: pl.DataFrame, outputs: pl.DataFrame) -> pl.DataFrame:
    """Add what the bill leaves out: the reconstructed rest of the output.

    Parameters
    ----------
    parts
        `spend`.
    outputs
        `analysis.measures.reconstruct.outputs` of the same requests.

    Returns
    -------
    pl.DataFrame
        `parts` with a row `BEYOND` of class `beyond`, whose `share` is null as it is no part of
        the bill, and `corrected share` (of the bill and the rest).
    """
    known = outputs.filter(pl.col("rest_nano").is_not_null())
    tokens = (pl.col("expected_output_tokens") - pl.col("output_tokens")).sum().round()
    rest = known.select(
        pl.lit(BEYOND).alias("part"),
        pl.lit("beyond").alias("class"),
        tokens.cast(pl.Int64).alias("tokens"),
        pl.col("rest_nano").sum().alias("nano"),
        pl.lit(None, pl.Float64).alias("share"),
    ).head(1)
    total = pl.col("nano").sum()
    return pl.concat([parts, rest]).with_columns(
        pl.when(total > 0).then(pl.col("nano") / total).alias("corrected share")
    )


def dollars(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `beyond` as a table: part, class, tokens, dollars, shares."""
    cost = (pl.col("nano") / 1e9).alias("cost_usd")
    return frame.select("part", "class", "tokens", cost, "share", "corrected share")


def _with_prefix(rebuilt: pl.DataFrame) -> pl.DataFrame:
    """Add the length of each chain's standing prefix."""
    begins = pl.col("step") == 0
    rows = rebuilt.with_columns(
        _first_model=pl.when(begins).then("model").forward_fill(),
        _first=pl.when(begins).then(prompt()).forward_fill(),
    )
    return rows.with_columns(prefix_tokens=pl.col("_first").min().over(_KIND))


def _with_parts(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every request its tokens by part, and what it paid for a written token."""
    write, rebuilt = pl.col("write_tokens").fill_null(0), pl.col("rebuilt_tokens").fill_null(0)
    read, prefix = pl.col("read_tokens"), pl.col("prefix_tokens")
    begins = pl.col("cause").eq_missing(pl.lit("new chain")) | (
        (pl.col("step") == 0) & pl.col("cause").is_null()
    )
    shared = pl.min_horizontal("previous_context_tokens", "context_tokens") - read
    tail = pl.min_horizontal(shared.clip(0), write)
    loose = ~begins & (rebuilt == 0) & (tail < LEAST)
    again = [
        pl.when(pl.col("cause") == cause).then("rebuilt_tokens").alias(part)
        for cause, part in _CAUSES.items()
    ]
    pieces = [
        *again,
        pl.when(begins).then(pl.min_horizontal((prefix - read).clip(0), write)).alias(_PREFIX),
        pl.when(loose).then(tail).alias(_TAIL),
        pl.min_horizontal(read, prefix).alias(_PREFIX_READ),
    ]
    paid = pl.col("write_5m_nano") + pl.col("write_1h_nano")
    made = rows.with_columns(piece.fill_null(0).cast(pl.Int64) for piece in pieces)
    return made.with_columns(
        (write - pl.sum_horizontal(_PREFIX, _TAIL, *_CAUSES.values())).alias(_NEW),
        (read - pl.col(_PREFIX_READ)).alias(_HISTORY),
        pl.when(write > 0).then(paid // write).otherwise(0).alias("write_paid"),
        pl.when(read > 0).then(pl.col("read_nano") // read).otherwise(0).alias("read_paid"),
    )


def _tokens(part: str) -> pl.Expr:
    """Return the tokens of a part."""
    columns = {
        "uncached input": "input_tokens",
        "output, as logged": "output_tokens",
        "web searches": "web_searches",
    }
    return pl.col(columns.get(part, part)).alias(part)


def _nano(part: str) -> pl.Expr:
    """Return what a part costs; new content and history take what the others leave."""
    kind = PARTS[part]
    if kind not in ("write", "read"):
        return pl.col(f"{kind}_nano").alias(part)
    rate = pl.col(f"{kind}_paid")
    if part not in (_NEW, _HISTORY):
        return (pl.col(part) * rate).alias(part)
    others = [name for name, k in PARTS.items() if k == kind and name != part]
    paid = ["write_5m_nano", "write_1h_nano"] if kind == "write" else ["read_nano"]
    return (pl.sum_horizontal(paid) - pl.sum_horizontal(others) * rate).alias(part)
