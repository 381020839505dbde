"""What the choice of a reader's rule does to the cache's share: on these logs, as logged.

Every way to count keeps or drops copies of a request, or takes another of its output counts. The
tokens of the cache hardly change; the output and the number of requests do, and with them the
share. All of it is of logged counts: none is corrected for placeholders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from analysis.logs.dataset import Logs
from analysis.logs.identity import calls, resolve
from analysis.logs.policies import POLICIES, TOOLS, Policy
from analysis.measures.margin import PARTS, totals
from analysis.prices import price

#: Each choice against ours, and the policy that makes it.
CHOICES: Mapping[str, str] = {
    "the first line's output": "first",
    "the last line's output": "last",
    "every line summed": "sum",
    "message id and request id as key": "request-key",
    "deduplicated in each file only": "per-file",
    "without subagents": "main-chain",
    "without agent progress": "no-progress",
}
FLAT = "one-hour writes priced as five-minute ones"
OURS = "ours"

_VALUES = ("requests", "tokens", "cost_usd", "share", "token_share")


def choices(logs: Logs, price_date: str = "") -> pl.DataFrame:
    """Count these logs by every other rule, one choice at a time.

    Returns
    -------
    pl.DataFrame
        Ours first, then one row per choice, the largest swing first: `choice`, `policy`,
        `requests`, `tokens`, `cost_usd` (null where nothing has a price), `share` (cache reads
        and writes, of list-price dollars), `token_share` (of tokens), `swing` (of `share`, from
        ours), `cost_swing` (of `cost_usd`, as a share of ours).
    """
    found = _by_rule(logs, [POLICIES[p] for p in ("largest", *CHOICES.values())], price_date)
    named = {OURS: "largest", **CHOICES}
    rows = [{"choice": c, "policy": p} | found[_rule(POLICIES[p])] for c, p in named.items()]
    rows.append({"choice": FLAT, "policy": "largest"} | _flat(logs, price_date))
    share = pl.col("share")
    return (
        _frame(["choice", "policy"], rows)
        .with_columns(
            (share - share.first()).alias("swing"),
            _swing("cost_usd", "cost_swing"),
        )
        .sort(
            pl.col("choice") != OURS, -pl.col("swing").abs(), maintain_order=True, nulls_last=True
        )
    )


def tools(logs: Logs, price_date: str = "") -> pl.DataFrame:
    """Count these logs by the rule of every tool that is named, at our prices.

    Returns
    -------
    pl.DataFrame
        Ours first, then one row per tool: `tool`, `version`, `counts` (its rule in words),
        `requests`, `tokens`, `cost_usd`, `share` and `token_share` as in `choices`,
        `token_swing` and `cost_swing` (as a share of ours), `source`, `beyond` (what of its rule
        our tables cannot say).
    """
    rules = {name: tool.policy for name, tool in TOOLS.items()}
    found = _by_rule(logs, [POLICIES["largest"], *rules.values()], price_date)
    said = {"tool": OURS, "version": None, "counts": POLICIES["largest"].meaning}
    rows = [said | {"source": None, "beyond": None} | found[_rule(POLICIES["largest"])]]
    for name, tool in TOOLS.items():
        said = {"tool": name, "version": tool.version, "counts": tool.policy.meaning}
        more = {"source": tool.source, "beyond": tool.beyond or None}
        rows.append(said | more | found[_rule(tool.policy)])
    return _frame(["tool", "version", "counts", "source", "beyond"], rows).with_columns(
        _swing("tokens", "token_swing"), _swing("cost_usd", "cost_swing")
    )


def _by_rule(logs: Logs, rules: Iterable[Policy], price_date: str) -> dict[Policy, dict[str, Any]]:
    """Resolve, price and sum these logs by each rule, once however often it is named."""
    kinds = dict.fromkeys(map(_rule, rules))
    return {
        kind: _values(_priced(logs, resolve(logs.copies, kind), kind, price_date)) for kind in kinds
    }


def _rule(policy: Policy) -> Policy:
    """Return what a policy does, without its words: two that do the same are one."""
    return replace(policy, meaning="")


def _priced(logs: Logs, requests: pl.DataFrame, rule: Policy, price_date: str) -> pl.DataFrame:
    day = dt.date.fromisoformat(price_date) if price_date else None
    return price(requests.with_columns(calls(rule)), date=day, overrides=logs.overrides)


def _flat(logs: Logs, price_date: str) -> dict[str, Any]:
    """Price our requests as if every write were kept five minutes."""
    flat = logs.policy("largest").requests.with_columns(
        write_5m_tokens="write_tokens", write_1h_tokens=pl.lit(0, pl.Int64)
    )
    return _values(_priced(logs, flat, POLICIES["largest"], price_date))


def _values(priced: pl.DataFrame) -> dict[str, Any]:
    sums = totals(priced)
    return {
        "requests": int(priced["calls"].sum()),
        "tokens": sum(int(priced[f"{part}_tokens"].sum()) for part in PARTS),
        "cost_usd": sums["total"],
        "share": sums["share"],
        "token_share": sums["token_share"],
    }


def _swing(column: str, name: str) -> pl.Expr:
    """Return how far a column is from its first row, as a share of that."""
    first = pl.col(column).first()
    return pl.when(first > 0).then((pl.col(column) - first) / first).alias(name)


def _frame(words: Sequence[str], rows: list[dict[str, Any]]) -> pl.DataFrame:
    kinds = (pl.Int64, pl.Int64, pl.Float64, pl.Float64, pl.Float64)
    return pl.DataFrame(
        rows, dict.fromkeys(words, pl.String) | dict(zip(_VALUES, kinds, strict=True))
    )
