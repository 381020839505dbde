"""What the choice of a reader's rule does to the cache's share: on these logs, as logged.

Every way to count keeps or drops copies of a request, or takes another of its output counts. The
tokens of the cache hardly change; the output and the number of requests do, and with them the
share. All of it is of logged counts: none is corrected for placeholders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from analysis.logs.dataset import Logs
from analysis.logs.identity import calls, counted, resolve, single
from analysis.logs.policies import POLICIES, TOOLS, Policy
from analysis.measures.margin import PARTS
from analysis.measures.published import write_nano
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

_FIVE = (pl.col("write_tokens").alias("write_5m_tokens"), pl.lit(0).alias("write_1h_tokens"))
_NEEDED = (
    *("model", "first_seen", "speed", "geo", "service_tier"),
    *("origin", "is_sidechain", "request_id", "lines", "web_searches"),
    pl.col("^.*_tokens$"),
)
_VALUES = {
    "requests": pl.Int64,
    "tokens": pl.Int64,
    "cost_usd": pl.Float64,
    "share": pl.Float64,
    "token_share": pl.Float64,
}

#: What a rule comes to: a value for each of `_VALUES`.
Values = Mapping[str, Any]


def by_rule(logs: Logs, price_date: str = "") -> dict[Policy | str, Values]:
    """Count these logs by every rule that `choices` and `tools` set beside ours, each once.

    Most copies are their request's only one: no rule that picks among copies moves them. They are
    priced once for each way to count a copy's tokens; the rest is resolved by every rule.

    Parameters
    ----------
    logs
        Whose copies are counted, whatever policy they were given.
    price_date
        Price everything at this day's list; empty: each request at its own day's.

    Returns
    -------
    dict
        By policy without its words, and by `FLAT`: `requests`, `tokens`, `cost_usd` (null where
        nothing has a price), `share` (cache reads and writes, of list-price dollars) and
        `token_share` (of tokens), as logged.
    """
    day = dt.date.fromisoformat(price_date) if price_date else None
    sole = pl.col("message_id").is_unique() & pl.col("request_id").is_not_null()
    marked = single(logs.copies).with_columns(sole=sole)
    alone = marked.select("sole", *_NEEDED).filter("sole")
    shared = marked.filter(~pl.col("sole")).drop("sole")
    rules = [POLICIES[name] for name in ("largest", *CHOICES.values())]
    rules += [tool.policy for tool in TOOLS.values()]
    kinds = list(dict.fromkeys(map(_kind, rules)))

    def priced(requests: pl.DataFrame, rule: Policy) -> pl.DataFrame:
        return price(requests.with_columns(calls(rule)), date=day, overrides=logs.overrides)

    ways = {kind.output: kind for kind in kinds}
    sums = {way: _sums(priced(alone.with_columns(counted(k)), k)) for way, k in ways.items()}
    found: dict[Policy | str, Values] = {}
    for kind in kinds:
        rest = _sums(priced(resolve(shared, kind), kind))
        found[kind] = _values(pl.concat([sums[kind.output].filter(_kept(kind)), rest]))
    flat = [priced(part.with_columns(_FIVE), kinds[0]) for part in (alone, resolve(shared))]
    found[FLAT] = _values(pl.concat(map(_sums, flat)))
    return found


def choices(rules: Mapping[Policy | str, Values]) -> pl.DataFrame:
    """Set each choice beside ours, one at a time.

    Parameters
    ----------
    rules
        `by_rule`.

    Returns
    -------
    pl.DataFrame
        Ours first, then one row per choice, the largest swing first: `choice`, `policy`, the
        values of `by_rule`, `swing` (of `share`, from ours), `cost_swing` (of `cost_usd`, as a
        share of ours).
    """
    named = {OURS: "largest", **CHOICES}
    rows = [{"choice": c, "policy": p, **rules[_kind(POLICIES[p])]} for c, p in named.items()]
    rows.append({"choice": FLAT, "policy": "largest", **rules[FLAT]})
    share = pl.col("share")
    return (
        _frame(rows)
        .with_columns((share - share.first()).alias("swing"), _swing("cost_usd", "cost_swing"))
        .sort(
            pl.col("choice") != OURS, -pl.col("swing").abs(), maintain_order=True, nulls_last=True
        )
    )


def tools(rules: Mapping[Policy | str, Values]) -> pl.DataFrame:
    """Set the rule of every tool that is named beside ours, at our prices.

    Parameters
    ----------
    rules
        `by_rule`.

    Returns
    -------
    pl.DataFrame
        Ours first, then one row per tool: `tool`, `version`, `counts` (its rule in words),
        `source`, `beyond` (what of its rule our tables cannot say), the values of `by_rule`,
        `token_swing` and `cost_swing` (as a share of ours).
    """
    largest = POLICIES["largest"]
    ours = {"tool": OURS, "version": None, "counts": largest.meaning, "source": None}
    rows = [{**ours, "beyond": None, **rules[_kind(largest)]}]
    for name, tool in TOOLS.items():
        said = {"tool": name, "version": tool.version, "counts": tool.policy.meaning}
        more = {"source": tool.source, "beyond": tool.beyond or None}
        rows.append({**said, **more, **rules[_kind(tool.policy)]})
    return _frame(rows).with_columns(
        _swing("tokens", "token_swing"), _swing("cost_usd", "cost_swing")
    )


def _kind(policy: Policy) -> Policy:
    """Return what a policy does, without its words: two that do the same are one."""
    return replace(policy, meaning="")


def _kept(rule: Policy) -> pl.Expr:
    """Return which of the copies that are alone a rule counts."""
    kept = pl.lit(True)
    if not rule.subagents:
        kept &= ~pl.col("is_sidechain")
    if not rule.progress:
        kept &= pl.col("origin") != "agent_progress"
    return kept


def _sums(priced: pl.DataFrame) -> pl.DataFrame:
    """Sum tokens, and nano-dollars of what has a price, by what a rule may leave out."""
    known = pl.col("total_nano").is_not_null()
    nano = ("read_nano", "write_nano", "total_nano")
    return (
        priced.with_columns(write_nano())
        .group_by("is_sidechain", "origin")
        .agg(
            pl.col("calls").sum().alias("requests"),
            pl.col(f"{part}_tokens" for part in PARTS).sum(),
            pl.col(nano).filter(known).sum(),
            known.sum().cast(pl.Int64).alias("priced"),
        )
    )


def _values(sums: pl.DataFrame) -> Values:
    whole = sums.select(pl.exclude("is_sidechain", "origin").sum()).row(0, named=True)
    tokens = sum(whole[f"{part}_tokens"] for part in PARTS)
    cache = whole["read_nano"] + whole["write_nano"]
    return {
        "requests": whole["requests"],
        "tokens": tokens,
        "cost_usd": whole["total_nano"] / 1e9 if whole["priced"] else None,
        "share": cache / whole["total_nano"] if whole["total_nano"] else None,
        "token_share": (whole["read_tokens"] + whole["write_tokens"]) / tokens if tokens else None,
    }


def _swing(column: str, name: str) -> pl.Expr:
    """Return how far a column is from its first row, as a share of that."""
    first = pl.col(column).first()
    return pl.when(first > 0).then((pl.col(column) - first) / first).alias(name)


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    words = {name: pl.String for name in rows[0] if name not in _VALUES}
    return pl.DataFrame(rows, pl.Schema({**words, **_VALUES}))
