"""Say what the choice of a reader's rule does to the cache's share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis.measures.policies import OURS
from analysis.words.numbers import NARROW_SPACE, count, extent, share, usd

CHOICE_FORMATS = {
    "tokens": "tokens",
    "share of dollars": "percent-two",
    "share of tokens": "percent-two",
}
TOOL_FORMATS = {"version": "markdown", "tokens": "tokens", "share of dollars": "percent-two"}
_TIMES = 10  # from here on a change is written as a multiple
RULES_SOURCE = "the tools' code and issues, rule by rule in `analysis/logs/policies.py`"

_NONE = "No request of these logs has a price, so no rule gives a share of dollars."


def change(row: Mapping[str, Any]) -> str:
    r"""Write a choice's share, and what it does to the dollars.

    Examples
    --------
    >>> change({"share": 0.9462, "cost_swing": -0.0152})
    '94.6\u202f%, dollars −1.5\u202f%'
    """
    return f"{share(row['share'])}, dollars {signed(row['cost_swing'])}"


def signed(value: float | None) -> str:
    r"""Write a change in percent with its sign, or a large one as a multiple.

    Examples
    --------
    >>> signed(0.0152), signed(-1e-9), signed(20.0), signed(None)
    ('+1.5\u202f%', '±0.0\u202f%', '21 times', 'unknown')
    """
    if value is None:
        return "unknown"
    if value >= _TIMES:
        return f"{1 + value:,.0f} times"
    rounded = round(100 * value, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,.1f}{NARROW_SPACE}%"


def choices(frame: pl.DataFrame) -> str:
    """Caption the choices."""
    ours = frame.filter(pl.col("choice") == OURS).row(0, named=True)
    others = frame.filter(pl.col("choice") != OURS).drop_nulls("swing")
    if ours["share"] is None or others.is_empty():
        return _NONE
    still = others.filter(pl.col("swing").abs() < 0.0005).height
    most = others.row(0, named=True)
    return (
        "By the rule with which a tool reads logs, cache reads and writes are "
        f"{extent(others['share'])} of these logs' list-price dollars, as logged; by ours, "
        f"{share(ours['share'])}. Most moves with "
        f"*{most['choice']}*; {still} of {count(others.height, 'choice')} move the share by less "
        "than a tenth of a point. Each bar is one choice made otherwise than ours, which is: one "
        "request per message id, the copy with most output, subagents and agent progress in, "
        "writes at the price of their lifetime. At the right, what it does to the dollars."
    )


def choices_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the choices."""
    seen = frame.filter(pl.col("choice") != OURS).drop_nulls("share").to_dicts()
    listed = "; ".join(f"{row['choice']} {change(row)}" for row in seen)
    return f"Bars to the left and right of one line, the longest on top: {listed or 'none'}."


def choices_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the choices as a table."""
    return frame.select(
        "choice",
        "requests",
        "tokens",
        pl.col("cost_usd").alias("list_price_usd"),
        pl.col("cost_swing")
        .map_elements(signed, pl.String, skip_nulls=False)
        .alias("list price against ours"),
        pl.col("share").alias("share of dollars"),
        pl.col("token_share").alias("share of tokens"),
    )


def choices_caption(frame: pl.DataFrame) -> str:
    """Caption the table of the choices."""
    known = frame.drop_nulls("cost_usd")
    if known.is_empty():
        return _NONE
    return (
        f"The same logs come to {extent(known['cost_usd'], usd)} at list price by the rule of the "
        "reader. The choices of [](#fig-margin-choices). Shares: of cache reads and writes, as "
        "logged."
    )


def tools(frame: pl.DataFrame) -> str:
    """Caption the rules of tools."""
    known = frame.filter(pl.col("tool") != OURS).drop_nulls("share")
    if known.is_empty():
        return _NONE
    return (
        f"The rules of {count(known.height, 'other reader')} give "
        f"{extent(known['cost_usd'], usd)} for these logs, and a cache share of dollars of "
        f"{extent(known['share'])}, as logged. Each rule is applied to these logs at our prices, "
        "so dollars differ by what is counted, not by a tool's own price list; "
        "[](#tab-margin-tool-rules) has the rules. Share of dollars: of cache reads and "
        "writes."
    )


def tools_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what the rules of tools come to as a table."""
    return frame.select(
        "tool",
        "version",
        "tokens",
        pl.col("token_swing")
        .map_elements(signed, pl.String, skip_nulls=False)
        .alias("tokens against ours"),
        pl.col("cost_usd").alias("list_price_usd"),
        pl.col("cost_swing")
        .map_elements(signed, pl.String, skip_nulls=False)
        .alias("list price against ours"),
        pl.col("share").alias("share of dollars"),
    )


def rules(frame: pl.DataFrame) -> str:
    """Caption the rules of tools in words."""
    known = frame.filter(pl.col("tool") != OURS)
    beyond = known.drop_nulls("beyond").height
    return (
        f"{beyond} of {count(known.height, 'rule')} of other tools ask for something that the "
        "tables of this report do not hold. The rules of [](#tab-margin-tools): what each counts, "
        "where that is said, and what of it the tables do not hold."
    )


def rules_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rules of tools in words as a table."""
    return frame.filter(pl.col("tool") != OURS).select(
        "tool", "counts", "source", pl.col("beyond").alias("not held by the tables")
    )
