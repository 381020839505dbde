"""Each claim of the write-ups beside what we compute for it, and the verdict."""

from __future__ import annotations

import polars as pl

from analysis.claims import VERDICTS, Reading, claims, judge
from analysis.claims.published import PUBLISHED
from analysis.claims.yours import LOGGED, YOURS


def scorecard(
    priced: pl.DataFrame, policy: str = "largest", events: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Set every claim beside our values and give its verdict.

    Parameters
    ----------
    priced
        The reader's own requests, priced. They have a column, and no part in a verdict.
    policy
        How they were counted.
    events
        The `events` of the same logs; without them, what needs them has no reading of theirs.

    Returns
    -------
    pl.DataFrame
        The columns of `analysis.claims.claims`, with `ours` and `yours` (readings, as lists of
        definition, value, unit), `verdict`, and `under` (the definition it rests on, or what is
        not published).
    """
    rows = []
    for claim in claims().iter_rows(named=True):
        check = claim["check"]
        found = PUBLISHED[check]() if check in PUBLISHED else []
        own = YOURS[check](priced, policy) if check in YOURS else []
        if events is not None and check in LOGGED:
            own = [*own, *LOGGED[check](priced, events)]
        word, under = judge(claim, found)
        row = {"ours": _rows(found, claim), "yours": _rows(own, claim)}
        rows.append(claim | row | {"verdict": word, "under": under})
    listed = pl.List(pl.Struct({"definition": pl.String, "value": pl.Float64, "unit": pl.String}))
    more = {"ours": listed, "yours": listed, "verdict": pl.String(), "under": pl.String()}
    return pl.DataFrame(rows, pl.Schema({**claims().schema, **more}))


def _rows(found: list[Reading], claim: dict[str, str]) -> list[dict[str, object]]:
    return [
        {"definition": r.definition, "value": float(r.value), "unit": r.unit or claim["unit"]}
        for r in found
    ]


def tiles(card: pl.DataFrame) -> pl.DataFrame:
    """Write the scorecard flat, by verdict: what a picture of it needs, and its CSV.

    Returns
    -------
    pl.DataFrame
        One row per claim, by verdict in the order of `analysis.claims.VERDICTS`: the columns of
        `scorecard`, of `ours` and `yours` the first reading's value, definition and unit, and
        `bearing` (whether the text's conclusion rests on it).
    """
    firsts = [
        pl.col(name).list.first().struct.field(field).alias(f"{name}_{field}")
        for name in ("ours", "yours")
        for field in ("value", "definition", "unit")
    ]
    return (
        card.with_columns(
            *firsts,
            pl.col("verdict").cast(pl.Enum(list(VERDICTS))),
            bearing=(pl.col("weight") == "bearing").fill_null(False),
        )
        .drop("ours", "yours", "weight")
        .sort("verdict", maintain_order=True)
    )


def by_verdict(card: pl.DataFrame) -> pl.DataFrame:
    """Count claims by verdict, all verdicts there are.

    Returns
    -------
    pl.DataFrame
        `verdict`, `claims`, `load-bearing` (of these), `given when`.
    """
    rows = pl.DataFrame({"verdict": list(VERDICTS), "given when": list(VERDICTS.values())})
    found = card.group_by("verdict").agg(
        pl.len().cast(pl.Int64).alias("claims"),
        (pl.col("weight") == "bearing").sum().cast(pl.Int64).alias("load-bearing"),
    )
    return (
        rows.join(found, on="verdict", how="left", maintain_order="left")
        .with_columns(pl.col("claims", "load-bearing").fill_null(0))
        .select("verdict", "claims", "load-bearing", "given when")
    )
