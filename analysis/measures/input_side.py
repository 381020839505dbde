"""How much of usage is on the input side: of tokens, of list-price dollars, of a quota.

The *input side* is uncached input, cache writes and cache reads; the *output side* is output.
"""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.margin import PARTS
from analysis.measures.mixes import charged_output, mix
from analysis.measures.published import bill, split_io
from analysis.measures.reconstruct import outputs

YOU = "you"
#: Ways to count usage, in the order of the figure.
WAYS = ("tokens", "dollars", "quota")
_SIDES = ("read", "write", "input")
_NAMES = {
    "read": "cache read",
    "write": "cache write",
    "input": "input",
    "output": "output",
}


def weights() -> dict[str, float]:
    """Return the published weight of a token of each class in a quota, input being one.

    Examples
    --------
    >>> weights()["output"]
    5.0
    """
    listed = dict(facts("quota-classes").select("token", pl.col("weight").cast(pl.Float64)).rows())
    return {part: listed[name] for part, name in _NAMES.items()}


def input_side(
    priced: pl.DataFrame, policy: str = "largest", label: str = "These logs"
) -> pl.DataFrame:
    """Compute the input side's share of usage, of the reader's logs and of published accounts.

    Returns
    -------
    pl.DataFrame
        The reader first, where there is anything, then accounts by their share of dollars:
        `case`, `label`, `covers`, and for each of `WAYS` a `_low` and a `_high` (over what an
        account does not publish: the lifetime of writes, the split of input and output; null
        where it gives no tokens).
    """
    return pl.concat([_reader(priced, policy, label), published()])


def _share(values: dict[str, pl.Expr]) -> pl.Expr:
    """Return the share of the input side; null where there is nothing."""
    whole = pl.sum_horizontal(values[p] for p in PARTS)
    return pl.when(whole > 0).then(pl.sum_horizontal(values[p] for p in _SIDES) / whole)


def _reader(priced: pl.DataFrame, policy: str, label: str) -> pl.DataFrame:
    """Compute the shares of the reader's own logs, output reconstructed."""
    rows = outputs(priced, policy)
    tokens = {p: float(rows[f"{p}_tokens"].sum()) for p in _SIDES}
    tokens["output"] = float(rows.select(charged_output().sum()).item() or 0)
    dollars = dict(mix(priced, policy).select("class", "revenue_usd").rows())
    by_way = {
        "tokens": tokens,
        "dollars": dollars,
        "quota": {p: tokens[p] * weight for p, weight in weights().items()},
    }
    row: dict[str, object] = {"case": YOU, "label": label, "covers": "these logs"}
    for way, values in by_way.items():
        whole = sum(values.values())
        share = sum(values[p] for p in _SIDES) / whole if whole else None
        row |= {f"{way}_low": share, f"{way}_high": share}
    frame = pl.DataFrame([row], published().schema)
    return frame if tokens["output"] or sum(tokens.values()) else frame.clear()


def published() -> pl.DataFrame:
    """Compute the shares of published accounts, those with tokens and those with shares.

    Examples
    --------
    >>> row = published().filter(pl.col("case") == "session").row(0, named=True)
    >>> [f"{100 * row[f'{way}_low']:.1f}" for way in WAYS]
    ['99.9', '97.7', '86.9']
    """
    counted = facts("cases").filter(
        pl.col("read_tokens").is_not_null(), pl.col("write_tokens").is_not_null()
    )
    each = pl.concat([bill(split_io(counted), lifetime) for lifetime in ("5m", "1h")])
    by_weight = {p: pl.col(f"{p}_tokens") * weight for p, weight in weights().items()}
    ways = {
        "tokens": _share({p: pl.col(f"{p}_tokens") for p in PARTS}),
        "dollars": _share({p: pl.col(f"{p}_nano") for p in PARTS}),
        "quota": _share(by_weight),
    }
    found = each.group_by("case", "label", "covers", maintain_order=True).agg(
        end.alias(f"{way}_{name}")
        for way, share in ways.items()
        for name, end in (("low", share.min()), ("high", share.max()))
    )
    printed = facts("cases").filter(
        pl.col("cost_unit") == "percent", pl.col("output_cost").is_not_null()
    )
    rest = (100 - pl.col("output_cost").cast(pl.Float64)) / 100
    told = printed.select("case", "label", "covers", dollars_low=rest, dollars_high=rest)
    return pl.concat([found, told], how="diagonal").sort("dollars_high", descending=True)
