"""The published session's prompts: what its totals allow, and what they rule out.

Only totals are published: so many requests, so many tokens read and written. Everything about the
path between them is assumed: prompts grow by straight lines, over one piece or over several of one
length with a compaction between. All lines over one piece cross at its middle.
"""

from __future__ import annotations

import math

import polars as pl

from analysis.facts import case, facts
from analysis.pricebook import rates


def totals() -> dict[str, float]:
    """Return the published session's totals: `requests`, `read`, `written`, and `mean` (prompt).

    Examples
    --------
    >>> round(totals()["mean"])
    208327
    """
    row = case("session").row(0, named=True)
    read, written = row["read_tokens"], row["write_tokens"]
    n = row["requests"]
    return {"requests": n, "read": read, "written": written, "mean": (read + written) / n}


def standing() -> float:
    """Return the first prompt of a published session whose growth is known, in tokens."""
    first = facts("turns").sort("turn").row(0, named=True)
    return float(first["read_tokens"] / first["read_share"])


def compatible(carry_over: float = 0) -> pl.DataFrame:
    """Return paths that share the session's totals.

    A path of `pieces` lines from `start` to `end` has its mean half-way, so one end gives the
    other. Written once, each piece is written up to its end; what the total leaves over is
    written again, after expiry or otherwise. Where no start is set, nothing is written again.

    Returns
    -------
    pl.DataFrame
        One row per path: `path`, `compactions`, `start`, `end` (tokens of the prompt), `growth`
        (tokens a request), `rewritten` (tokens written again), `prompts_rewritten` (of mean
        length), `possible` (neither end below nothing), `best_length` (requests: the
        square-root rule with this growth; null where there is none).

    Examples
    --------
    >>> compatible().filter(pl.col("path") == "from nothing")["end"].item()
    416653.4...
    """
    known = totals()
    n, mean, written = known["requests"], known["mean"], known["written"]
    most = math.floor(written / mean)  # pieces that the writes pay for
    rows = [
        ("constant", 1, mean),
        ("from a fresh prompt", 1, standing()),
        ("from nothing", 1, 0.0),
    ]
    for pieces in range(1, most + 1):
        start = 2 * mean - written / pieces
        if start >= 0 or pieces == 1:
            cuts = f"cut {pieces - 1} times" if pieces > 1 else "never cut"
            rows.append((f"written once, {cuts}", pieces, start))
    found = pl.DataFrame(rows, ["path", "pieces", "start"], orient="row").with_columns(
        end=2 * mean - pl.col("start")
    )
    model, day = case("session").select("model", "price_day").row(0)
    price = rates([model], [day]).row(0, named=True)
    growth = pl.col("growth")
    restart = (price["write_5m"] - price["read"]) * (pl.max_horizontal("start", 0) + carry_over)
    return (
        found.with_columns(
            compactions=pl.col("pieces") - 1,
            growth=(pl.col("end") - pl.col("start")) / (n / pl.col("pieces") - 1),
            rewritten=(written - pl.col("pieces") * pl.col("end")).round().cast(pl.Int64),
            possible=pl.min_horizontal("start", "end") >= 0,
        )
        .with_columns(
            prompts_rewritten=pl.col("rewritten") / mean,
            best_length=pl.when(growth > 0, "possible").then(
                (2 * restart / (growth * price["read"])).sqrt()
            ),
        )
        .select(
            "path",
            "compactions",
            "start",
            "end",
            "growth",
            "rewritten",
            "prompts_rewritten",
            "possible",
            "best_length",
        )
    )


def corners(paths: pl.DataFrame) -> pl.DataFrame:
    """Return the corners of each possible path, to be joined by straight lines.

    Returns
    -------
    pl.DataFrame
        `path`, `compactions`, `number` (of a request, from 1; the two ends of a cut share one),
        `tokens`.
    """
    n = totals()["requests"]
    rows = []
    for path in paths.filter("possible").iter_rows(named=True):
        pieces = path["compactions"] + 1
        for piece in range(pieces):
            for share, tokens in ((0, path["start"]), (1, path["end"])):
                at = 1 + (n - 1) * (piece + share) / pieces
                rows.append((path["path"], path["compactions"], at, tokens))
    kinds = {"path": pl.String, "compactions": pl.Int64}
    return pl.DataFrame(rows, kinds | {"number": pl.Float64, "tokens": pl.Float64}, orient="row")
