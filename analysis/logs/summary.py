"""What a dataset says in a few numbers, computed when its tables change and kept beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.logs import batches
from analysis.words.numbers import count

if TYPE_CHECKING:
    import polars as pl

    from analysis.logs.manifest import Manifest, Rows, Summary


#: Where that is not which only a dataset has: its logs are gone, rewritten, or another machine's.
NOWHERE = "in no log that the last load found"

#: What a request is counted by: what tells its copies apart, and what is summed.
_COUNTED = (
    *("file", "message_id", "session", "request_id", "origin", "source", "is_sidechain"),
    *("first_seen", "last_seen", "lines", "stated_nano"),
    *("input_tokens", "write_tokens", "read_tokens", "output_tokens"),
)


def summarise(folder: Path, manifest: Manifest) -> Summary:
    """Count the tables of a dataset by the default policy."""
    import polars as pl

    from analysis import schema
    from analysis.logs.identity import held_alone, summed
    from analysis.logs.manifest import Summary

    live = [log.number for log in manifest.files.values()]
    kept = [rows.number for rows in manifest.kept]
    reasons = {f"rejected_{reason}": reason for reason in schema.REASONS}
    files = (
        batches.table(folder, manifest.batches, "files", ["file", "lines", *reasons])
        .filter(pl.col("file").is_in(live))
        .sum()
        .row(0, named=True)
    )
    copies = batches.table(folder, manifest.batches, "copies", _COUNTED)
    copies = copies.filter(pl.col("file").is_in([*live, *kept]))
    requests = _requests(copies)
    away = [log.number for log in manifest.files.values() if not log.here]
    alone = _requests(held_alone(copies, [*away, *kept]))
    tokens = requests.select(
        pl.col(f"{kind}_tokens").sum() for kind in ("input", "write", "read", "output")
    )
    made = Summary(
        len(live),
        files["lines"],
        {reason: files[name] for name, reason in reasons.items() if files[name]},
        requests.height,
        requests["session"].n_unique(),
        *_days(requests),
        *tokens.row(0),
    )
    made.away, made.alone = len(away), alone.height
    made.alone_first, made.alone_last = _days(alone)
    made.sums = summed(copies).height
    made.uncounted = requests["write_tokens"].null_count()
    return made


def _days(requests: pl.DataFrame) -> tuple[str | None, str | None]:
    """Return the first and the last day (UTC) of requests."""
    import polars as pl

    seen = pl.col("first_seen").dt.date().cast(pl.String)
    first, last = requests.select(seen.min(), seen.max().alias("last")).row(0)
    return first, last


def _requests(copies: pl.DataFrame) -> pl.DataFrame:
    """Resolve copies, at a tenth of the time: most message ids have one copy, which needs none."""
    import polars as pl

    from analysis import schema
    from analysis.logs.identity import resolve, single

    copies = single(copies)
    lone = copies["message_id"].is_unique()
    rest = pl.concat(
        [pl.DataFrame(schema=schema.dtypes("copies")), copies.filter(~lone)], how="diagonal"
    )
    return pl.concat([copies.filter(lone), resolve(rest)], how="diagonal_relaxed")


def text(summary: Mapping[str, Any]) -> str:
    """Return what the terminal says of a dataset: a line a fact.

    Examples
    --------
    >>> said = {"lines": 1979, "rejected": {"not_json": 2}, "requests": 516, "sessions": 50}
    >>> said |= {"first": "2026-03-01", "last": "2026-03-02", "alone": 0}
    >>> print(text(said | {"input": 1, "write": 20, "read": 3000, "output": 4}))
    lines      1,979 read, 2 rejected (2 not_json)
    requests   516 in 50 sessions
    span       2026-03-01 to 2026-03-02 (UTC)
    tokens     1 input, 20 cache write, 3,000 cache read, 4 output
    """
    rejected: Mapping[str, int] = summary["rejected"]
    why = ", ".join(f"{lines:,} {reason}" for reason, lines in rejected.items())
    many = summary["requests"]
    unknown, alone = summary.get("uncounted", 0), summary.get("alone", 0)
    write = "cache write not counted" if 0 < unknown == many else "{write:,} cache write"
    said = {
        "lines": "{lines:,} read, "
        + f"{sum(rejected.values()):,} rejected"
        + (why and f" ({why})"),
        "requests": f"{many:,} in {count(summary['sessions'], 'session')}",
        "span": "{first} to {last} (UTC)" if summary["first"] else "no request",
        "tokens": f"{{input:,}} input, {write}, {{read:,}} cache read, {{output:,}} output",
    }
    if alone:
        said["only here"] = (
            f"{count(alone, 'request')}, {{alone_first}} to {{alone_last}} (UTC), {NOWHERE}"
        )
    if unknown:
        say = "does not say" if unknown == 1 else "do not say"
        said["tokens"] += f"; {count(unknown, 'request')} {say} what was written"
    if sums := summary.get("sums"):
        are = "which is no request" if sums == 1 else "which are no requests"
        said["sums"] = f"{count(sums, 'row')} of other reports, {are}"
    return "\n".join(f"{name:<10} {fact}".format_map(summary) for name, fact in said.items())


def lost(rows: Sequence[Rows]) -> str:
    """Say how much is lost of files whose tables and logs are both gone.

    Examples
    --------
    >>> from analysis.logs.manifest import Rows
    >>> lost([Rows(1, "batch-000001", 7, 2, "2026-03-01", "2026-03-02"), Rows(2, "batch-000001")])
    '2 files with 7 lines and 2 requests, 2026-03-01 to 2026-03-02'
    """
    lines, requests = sum(r.lines for r in rows), sum(r.requests for r in rows)
    days = sorted(day for r in rows for day in (r.first, r.last) if day)
    span = f", {days[0]} to {days[-1]}" if days else ""
    held = f"{count(lines, 'line')} and {count(requests, 'request')}"
    return f"{count(len(rows), 'file')} with {held}{span}"
