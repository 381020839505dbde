"""What four cited reports of quota drained by reads say by their own numbers."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import case, facts
from analysis.measures.published import bill
from analysis.prices import price

_MODELS = ("claude-opus-4-6", "claude-sonnet-4-6", "claude-haiku-4-5")  # of #29000's day
_LONG_DAY = dt.date(2026, 2, 25)  # of the second row of #28927: its price list


def _said(report: str) -> dict[str, float]:
    rows = facts("quota-reports").filter(pl.col("report") == report)
    return dict(rows.select("quantity", pl.col("value").cast(pl.Float64)).iter_rows())


def day_usd() -> pl.DataFrame:
    """Price the tokens of #29000's day as if each of its three models had done all.

    Returns
    -------
    pl.DataFrame
        `model`, `lifetime` (of all its writes, `5m` or `1h`), `usd`; short-lived writes first,
        each dearest first. Neither the split by model nor the one by lifetime is published.

    Examples
    --------
    >>> day_usd()["usd"].round(2).to_list()
    [255.33, 153.2, 51.07, 366.69, 220.01, 73.34]
    """
    whole = case("issue-29000").drop("model").join(pl.DataFrame({"model": _MODELS}), how="cross")
    return pl.concat(
        bill(whole, lifetime).select(
            "model", lifetime=pl.lit(lifetime), usd=pl.col("total_nano") / 1e9
        )
        for lifetime in ("5m", "1h")
    )


def used() -> dict[str, float]:
    """Compute what the cited reports' own numbers say.

    Returns
    -------
    dict
        Of #29000: `points` used of the window, `level` reached, `tokens` of the day, `hit_share`.
        Of #28927: `context_before`, `context_after` (reads a call), `base_usd` and `premium_usd`
        (the later day's reads), `charged_usd`. Of #28723: `balance_usd` (its change),
        `session_points`, `week_points`, `minutes`.

    Examples
    --------
    >>> found = used()
    >>> [round(found[name], 2) for name in ("points", "base_usd", "premium_usd", "session_points")]
    [45.0, 40.09, 80.17, 59.0]
    """
    day, before, drain = (_said(report) for report in ("#29000", "#28927", "#28723"))
    tokens = case("issue-29000").select("input_tokens", "write_tokens", "read_tokens").row(0)
    long = pl.DataFrame(
        {
            "model": [_MODELS[0]] * 2,
            "read_tokens": [int(before["reads_after"])] * 2,
            "calls": [int(before["calls_after"])] * 2,
            "aggregate": [True, False],
        }
    )
    base, premium = price(long, date=_LONG_DAY)["total_nano"]
    return {
        "points": day["level_after"] - day["level_before"],
        "level": day["level_after"],
        "tokens": float(sum(tokens) + case("issue-29000")["output_tokens"].item()),
        "hit_share": tokens[-1] / sum(tokens),
        "context_before": before["reads_before"] / before["calls_before"],
        "context_after": before["reads_after"] / before["calls_after"],
        "base_usd": base / 1e9,
        "premium_usd": premium / 1e9,
        "charged_usd": before["extra_after"],
        "balance_usd": drain["balance_after"] - drain["balance_before"],
        "session_points": drain["session_after"] - drain["session_before"],
        "week_points": drain["week_after"] - drain["week_before"],
        "minutes": drain["minutes"],
    }
