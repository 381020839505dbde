"""Say what was read."""

from __future__ import annotations

import polars as pl

from analysis.logs.dataset import Logs
from analysis.logs.identity import summed
from analysis.logs.summary import NOWHERE
from analysis.measures.data import cost_usd, span, unpriced
from analysis.measures.data import only_here as measured
from analysis.words.numbers import count, day, share, usd

BOTH_WAYS = "these logs, policies no-progress and largest"


def opening(everything: Logs, priced: pl.DataFrame, chosen: str, timezone: str) -> str:
    """Say how much was read, what of it was chosen, and what it adds up to."""
    files, lines = everything.files.height, int(everything.files["lines"].sum())
    read = f"Read: {count(files, 'file')}, {count(lines, 'line')}. {_skipped(everything)}"
    what = f"Chosen here: {chosen}. These" if chosen else "They"
    days = span(priced, timezone)
    more = _sums(everything) + only_here(everything, " {}")
    if days is None:
        return f"{read} {what} hold no request.{more}"
    return (
        f"{read} {what} hold {count(priced.height, 'request')} of "
        f"{count(priced['session'].n_unique(), 'session')}, {day(days[0])} to {day(days[1])} "
        f"({timezone}), at list price worth {usd(cost_usd(priced))}. {_unpriced(priced)}{more}"
    )


def _sums(logs: Logs) -> str:
    sums = summed(logs.copies).height
    if not sums:
        return ""
    again = int((logs.copies["origin"] == "sum").sum()) - sums
    many = f" {count(sums, 'row')} of other reports {'sums' if sums == 1 else 'sum'} up requests"
    more = f"; {again:,} more {'says' if again == 1 else 'say'} the same again" if again else ""
    return f"{many} and {'is' if sums == 1 else 'are'} none{more}."


def _unpriced(priced: pl.DataFrame) -> str:
    missing = unpriced(priced)
    if not missing["requests"]:
        return "Every request has a price."
    return (
        "Without a list price, and so without dollars: "
        f"{count(int(missing['requests']), 'request')} ({share(missing['token_share'])} of tokens)."
    )


def _skipped(logs: Logs) -> str:
    skipped = logs.files["skipped"].drop_nulls().len()
    return f"{count(skipped, 'file')} could not be read." if skipped else "No file was skipped."


def only_here(logs: Logs, form: str = "{}") -> str:
    """Say what exists in this dataset alone; nothing where every log is still on disk."""
    found = measured(logs)
    files = [
        f"{count(found['gone'], 'log')} gone from disk, the first missed on {day(found['since'])}"
        if found["gone"]
        else "",
        f"{count(found['imported'], 'log')} imported from another dataset"
        if found["imported"]
        else "",
    ]
    if not found["requests"] and not any(files):
        return ""
    said = f"Kept here: {' and '.join(filter(None, files)) or 'what logs said before a rewrite'}. "
    if found["requests"]:
        said += (
            f"{count(found['requests'], 'request')}, {day(found['first'])} to "
            f"{day(found['last'])} (UTC), {NOWHERE}."
        )
    else:
        said += "Every request in them is in a log that the last load found as well."
    return form.format(said)


def flow(frame: pl.DataFrame) -> str:
    """Caption the flow from lines to requests."""
    sizes = dict(frame.group_by("stage").agg(pl.col("count").sum()).iter_rows())
    parts = {(r["stage"], r["part"]): r["count"] for r in frame.to_dicts()}
    lines, records = sizes.get("lines", 0), sizes.get("usage records", 0)
    requests = parts.get(("usage records", "requests"), 0)
    sums = parts.get(("usage records", "sums of requests"), 0)
    beside = f" {count(sums, 'usage record')} of other reports sum up requests." if sums else ""
    return (
        f"Found in {count(lines, 'line')}: {count(records, 'usage record')} of "
        f"{count(requests, 'request')}. The other usage records are copies of these: streamed, "
        "when a request has several lines in one file, or repeated, when another file or agent "
        f"progress has it again.{beside} Each row sums to its whole."
    )


def flow_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the flow from lines to requests."""
    bars = [
        f"{stage} as " + ", ".join(f"{r['part']} {r['count']:,}" for r in parts.to_dicts())
        for (stage,), parts in frame.filter(pl.col("count") > 0).group_by(
            ["stage"], maintain_order=True
        )
    ]
    return f"A stacked bar a row: {'; '.join(bars) or 'nothing was read'}."


def ledger(files: pl.DataFrame) -> str:
    """Caption the lines by class."""
    lines, usage, rejected = (int(files[c].sum()) for c in ("lines", "usage", "rejected"))
    said = (
        f"Of {count(lines, 'line')}, {share(usage / lines)} say what an answer used and "
        f"{share(rejected / lines) if rejected else 'none'} could not be read."
        if lines
        else "No line was read."
    )
    return f"{said} Every line has one class, and the classes sum to the lines read."


def rejections(files: pl.DataFrame) -> str:
    """Caption the rejected lines."""
    lines, rejected, extra = (int(files[c].sum()) for c in ("lines", "rejected", "extra_records"))
    return (
        f"{rejected:,} of {count(lines, 'line')} could not be read. The table has every reason "
        f"there is. Beside the lines, {count(extra, 'extra record')} stood glued behind another "
        "or behind a broken one, and counted."
    )


def progress(frame: pl.DataFrame) -> str:
    """Caption the logs with and without usage found only in agent-progress lines."""
    without, both = frame.sort("requests").to_dicts()
    more = both["requests"] - without["requests"]
    worth = f", and {_worth(both, without)} of list-price dollars" if both["total_usd"] else ""
    return (
        f"{more:,} of {count(both['requests'], 'request')}{worth}, are known from agent-progress "
        "lines only. The same logs without and with the usage found only there, by the default "
        "policy, which counts it."
    )


def _worth(both: dict[str, float], without: dict[str, float | None]) -> str:
    return share(1 - (without["total_usd"] or 0) / both["total_usd"])


def models(frame: pl.DataFrame, priced: pl.DataFrame) -> str:
    """Caption the requests by model."""
    rest = f"Requests and tokens by model, dearest first. {_unpriced(priced)}"
    known = frame.filter(pl.col("total_usd") > 0)
    if not known.height:
        return f"{count(priced.height, 'request')}, none with list-price dollars. {rest}"
    total, first = float(known["total_usd"].sum()), known.row(0, named=True)
    return (
        f"{first['model']} takes {share(first['total_usd'] / total)} of {usd(total)}, what all "
        f"requests with a price come to. {rest}"
    )


def eras(frame: pl.DataFrame) -> str:
    """Caption the requests by client-version era."""
    rest = (
        "Client versions by era, oldest first. Stop reason share: of requests whose log line says "
        "why the answer ended. Mean output tokens: a request, as logged."
    )
    rows = frame.drop_nulls("mean_output_tokens").sort("mean_output_tokens").to_dicts()
    if not rows:
        return f"No request, so no client version. {rest}"
    low, high = (f"{r['mean_output_tokens']:,.0f} ({r['era']})" for r in (rows[0], rows[-1]))
    said = f"is {low}" if len(rows) == 1 else f"runs from {low} to {high}"
    return f"Mean logged output, in tokens a request, {said}. {rest}"
