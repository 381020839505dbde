"""Say what the first requests of a session cost."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.words.numbers import count, share, usd
from analysis.words.sources import published

SOURCE = f"these logs and {published('stages')}"


def verdict(frame: pl.DataFrame) -> str:
    """Say whether fresh sessions have no cache overhead, in these logs."""
    rows = frame.filter(pl.col("by") == "request").to_dicts()
    if not rows or rows[0]["write_usd"] is None:
        return "No first request here has a price and known writes: its overhead cannot be told."
    first, later = rows[0], rows[1:]
    if not first["write_share"]:
        return (
            f"The first requests of {count(first['requests'], 'session')} here write nothing to "
            "the cache, so these logs cannot say what a fresh session's cache costs."
        )
    known = first["cache_share"]
    held = (
        f"cache reads and writes are {share(known)} of its dollars where output counts are final"
        if known is not None
        else "its share of dollars is not known, since no output count there is final"
    )
    rest = (
        f"; a request after the fiftieth writes {usd(later[-1]['write_usd'])} and reads "
        f"{usd(later[-1]['read_usd'])}"
        if later and later[-1]["stage"] == "requests 51 on"
        else ""
    )
    return (
        f"*Zero cache overhead* is not what a fresh session has: its first request writes "
        f"**{share(first['write_share'])} of its prompt**, {usd(first['write_usd'])} on average "
        f"over {count(first['requests'], 'session')}, and {held}{rest}."
    )


def stages(frame: pl.DataFrame) -> str:
    """Caption the cost of a request by stage."""
    rows = frame.filter(pl.col("by") == "request").drop_nulls("write_usd").to_dicts()
    if not rows:
        return "No request here has a price and known writes: no stage of a session has a cost."
    first, last = rows[0], rows[-1]
    said = f"The prompt of a session's first request costs {_cost(first)}"
    if len(rows) > 1:
        said += f", {_times(first, rows[1])}"
    if len(rows) > 2:
        said += f" and {_times(first, last)}"
    return (
        f"{said}: written anew, most of it, where later ones read. Means a request, at list price; "
        "output, whose count hinges on the client's version, is left out. Quarters: of the "
        "session, if it has four requests or more."
    )


def _sum(row: dict[str, Any]) -> float:
    return float(row["write_usd"] + row["read_usd"] + row["input_usd"])


def _cost(row: dict[str, Any]) -> str:
    return usd(_sum(row))


def _times(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Write how many times a request of another stage one costs."""
    times = f"{_sum(one) / _sum(other):.1f} times" if _sum(other) else "unlike"
    return f"{times} that of {other['stage']}"


def stages_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the cost by stage."""
    rows = frame.filter(pl.col("by") != "session of requests").drop_nulls("write_usd").to_dicts()
    listed = "; ".join(f"{r['stage']} {_cost(r)}" for r in rows) or "none"
    return f"Stacked bars of writes, reads and input: {listed}."


def table(frame: pl.DataFrame) -> str:
    """Caption the stages in figures."""
    rows = {(r["by"], r["stage"]): r for r in frame.to_dicts()}
    short = next((r for (by, _), r in rows.items() if by == "session of requests"), None)
    hit = (
        f"In the shortest sessions here {share(short['hit_rate'])} of prompt tokens are read from "
        f"the cache, in the account of {short['account']} {share(short['published_hit_rate'])}"
        if short and short["account"]
        else "No session here can be set beside the published accounts"
    )
    return (
        f"{hit}. Sessions of: so many requests. Hit rate and write share: of prompt tokens, read "
        "from and written to the cache; the published ones by their authors' own counts. Cache "
        "share: reads and writes, of list-price dollars, in requests with a final output count."
    )
