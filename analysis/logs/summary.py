"""What a dataset says in a few numbers, computed when its tables change and kept beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.logs import batches
from analysis.words.numbers import count

if TYPE_CHECKING:
    import polars as pl

    from analysis.logs.manifest import Manifest, Rows, Summary


#: Where that is not which only a dataset has: its logs are gone, rewritten, or another machine's.
NOWHERE = "in no log that the last load found"

#: Copies above which a dataset is counted in buckets, and about how many a bucket has.
MANY, BUCKET = 20_000_000, 5_000_000

_TOKENS = ("input", "write", "read", "output")

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
    from analysis.logs.manifest import Summary

    live = [log.number for log in manifest.files.values()]
    reasons = {f"rejected_{reason}": reason for reason in schema.REASONS}
    files = (
        batches.table(folder, manifest.batches, "files", ["file", "lines", *reasons])
        .filter(pl.col("file").is_in(live))
        .sum()
        .row(0, named=True)
    )
    kept = [rows.number for rows in manifest.kept]
    away = [log.number for log in manifest.files.values() if not log.here]
    counted = pl.concat(
        _counted(copies, [*away, *kept])
        for copies in _several(folder, manifest, pl.col("file").is_in([*live, *kept]))
    )
    sums = counted.select(pl.col(pl.Int64).sum()).row(0, named=True)
    days = counted.select(
        pl.col("first", "alone_first").min().cast(pl.String),
        pl.col("last", "alone_last").max().cast(pl.String),
    ).row(0, named=True)
    return Summary(
        files=len(live),
        lines=files["lines"],
        rejected={reason: files[name] for name, reason in reasons.items() if files[name]},
        sessions=counted["session"].list.explode(empty_as_null=False).n_unique(),
        away=len(away),
        **sums,
        **days,
    )


def _several(folder: Path, manifest: Manifest, counts: pl.Expr) -> Iterator[pl.DataFrame]:
    """Yield what counts of all copies: at once, or of very many in buckets of whole requests."""
    from tempfile import TemporaryDirectory

    from analysis.logs.buckets import by_request

    held = sum(rows.requests for rows in manifest.rows())
    if held <= MANY:
        yield batches.table(folder, manifest.batches, "copies", _COUNTED).filter(counts)
        return
    frames = (
        batches.table(folder, {batch: {part: known}}, "copies", _COUNTED).filter(counts)
        for batch, parts in manifest.batches.items()
        for part, known in parts.items()
        if batches.kind_of(part) == "copies"
    )
    with TemporaryDirectory(prefix=".batch-", dir=folder) as place:
        yield from by_request(frames, Path(place), held // BUCKET + 1)


def _counted(copies: pl.DataFrame, elsewhere: Sequence[int]) -> pl.DataFrame:
    """Count copies that have all of each of their requests: one row, with each session once."""
    import polars as pl

    from analysis.logs.identity import held_alone, single, summed

    day = pl.col("first_seen").dt.date()
    requests = _requests(copies)
    alone = _requests(held_alone(single(copies), elsewhere)).select(
        pl.len().cast(pl.Int64).alias("alone"),
        day.min().alias("alone_first"),
        day.max().alias("alone_last"),
    )
    return requests.select(
        pl.len().cast(pl.Int64).alias("requests"),
        pl.col("session").unique().implode(),
        day.min().alias("first"),
        day.max().alias("last"),
        *(pl.col(f"{kind}_tokens").sum().alias(kind) for kind in _TOKENS),
        pl.col("write_tokens").null_count().cast(pl.Int64).alias("uncounted"),
        pl.lit(summed(copies).height, pl.Int64).alias("sums"),
    ).hstack(alone)


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
