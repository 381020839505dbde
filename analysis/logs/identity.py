"""Which copies are one request, and which copy speaks for it."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from analysis.logs.policies import POLICIES, Policy
from analysis.schema import REQUESTS

#: Which of several copies speaks: the smallest in this total order.
_RANK = (
    pl.col("origin") == "agent_progress",
    pl.col("is_sidechain"),
    -pl.col("output_tokens"),
    pl.col("first_seen"),
    pl.col("session"),
    pl.col("request_id"),
    pl.col("agent"),
    pl.col("requested_at"),
    pl.col("output_sum_tokens"),
    pl.col("model"),
    pl.col("file"),
)

#: Whose requests a log may have as well.
TELEMETRY = "otel"

_TOKENS = ("input_tokens", "write_tokens", "write_5m_tokens", "write_1h_tokens", "read_tokens")


def resolve(copies: pl.DataFrame, policy: str | Policy = "largest") -> pl.DataFrame:
    """Resolve copies to requests.

    The rule is a total order, so the result does not depend on the order of files or lines:
    a real record before agent progress, the main chain before a sidechain, most output, then
    the earliest, then ids. Times span all copies. Only `single` copies count.

    Parameters
    ----------
    copies
        The `copies` table, of one dataset or of several joined.
    policy
        A name from `POLICIES`, or any other way to count, such as one of `TOOLS`.

    Returns
    -------
    pl.DataFrame
        The `requests` table, ordered by time and message id.

    Raises
    ------
    ValueError
        When the policy is unknown; lists the known ones.

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> resolve(pl.DataFrame(schema=dtypes("copies"))).height
    0
    """
    rule = _rule(policy)
    rows = _counting(copies, rule)
    requests = _in_order(rows, _group(rows, same(rule)))
    spoken = [c.name for c in REQUESTS if c.name not in requests.columns]
    return (
        rows.select(pl.col(spoken).gather(requests["row"]))
        .hstack(requests.drop("row"))
        .select(c.name for c in REQUESTS)
    )


def speakers(copies: pl.DataFrame, policy: str | Policy = "largest") -> pl.DataFrame:
    """Return the copy that speaks for each request, with its file; parameters as of `resolve`.

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> speakers(pl.DataFrame(schema=dtypes("copies"))).height
    0
    """
    rule = _rule(policy)
    rows = _counting(copies, rule)
    return rows.select(pl.all().gather(_group(rows, same(rule))["row"]))


def _rule(policy: str | Policy) -> Policy:
    if isinstance(policy, str) and policy not in POLICIES:
        raise ValueError(f"unknown policy {policy!r}: choose one of {', '.join(POLICIES)}")
    return POLICIES[policy] if isinstance(policy, str) else policy


def _counting(copies: pl.DataFrame, rule: Policy) -> pl.DataFrame:
    """Keep the copies that a policy looks at, with tokens as it counts them."""
    kept = single(copies).lazy()
    if not rule.subagents:
        kept = kept.filter(~pl.col("is_sidechain"))
    if not rule.progress:
        kept = kept.filter(pl.col("origin") != "agent_progress")
    if not rule.replays:
        answered = (~pl.col("is_sidechain")).any().over("message_id", "session")
        kept = kept.filter(~(answered & pl.col("is_sidechain")))
    return kept.with_columns(counted(rule)).collect()


def single(copies: pl.DataFrame) -> pl.DataFrame:
    """Keep what is said of single requests, and of each in one place.

    Sums of many requests are none. Telemetry of a request that a log has as well, by its request
    id, says nothing new.

    Examples
    --------
    >>> rows = {"origin": ["assistant", "assistant", "sum"], "request_id": ["req_1", "req_1", None]}
    >>> single(pl.DataFrame(rows | {"source": ["claude-code", "otel", "ccusage"]}))["source"].item()
    'claude-code'
    """
    if (copies["origin"] == "sum").any():
        copies = copies.filter(pl.col("origin") != "sum")
    return without_echo(copies)


def summed(copies: pl.DataFrame) -> pl.DataFrame:
    """Return each row of a report once: of those alike the one with most, as saved last.

    Examples
    --------
    >>> rows = {"origin": ["sum", "sum", "assistant"], "source": "ccusage", "message_id": "a"}
    >>> rows |= {"output_tokens": [1, 7, 9], "stated_nano": None, "last_seen": None, "file": 1}
    >>> summed(pl.DataFrame(rows))["output_tokens"].to_list()
    [7]
    """
    latest = ("output_tokens", "stated_nano", "last_seen", "file")
    sums = copies.filter(pl.col("origin") == "sum").sort(latest, descending=True, nulls_last=True)
    return sums.unique(["source", "message_id"], keep="first", maintain_order=True)


def without_echo(copies: pl.DataFrame) -> pl.DataFrame:
    """Leave out telemetry of requests that a log has as well.

    Examples
    --------
    >>> rows = {"source": ["claude-code", "otel", "otel"], "request_id": ["req_1", "req_1", None]}
    >>> without_echo(pl.DataFrame(rows))["source"].to_list()
    ['claude-code', 'otel']
    """
    told = copies["source"] == TELEMETRY
    if told.any():
        logged = copies.filter(~told)["request_id"].drop_nulls().unique().implode()
        copies = copies.filter(~(told & copies["request_id"].is_in(logged).fill_null(False)))
    return copies


def _group(rows: pl.DataFrame, by: list[pl.Expr]) -> pl.DataFrame:
    """Return one line per request: the number of the row that speaks, and what spans all copies."""
    numbered = rows.lazy().with_row_index("row")
    # nearly every request has one copy; only the others, and keys that hash alike, need an order
    alone = rows.select(pl.struct(by).hash().is_unique()).to_series()
    single = numbered.filter(alone).with_columns(copies=pl.lit(1, pl.UInt32))
    spans = [pl.col("first_seen").min(), pl.col("last_seen").max(), pl.col("lines").sum()]
    several = (
        numbered.filter(~alone)
        .sort(_RANK, nulls_last=True)
        .group_by(by)
        .agg(pl.col("row").first(), *spans, copies=pl.len())
    )
    columns = ("row", "first_seen", "last_seen", "lines", "copies")
    return pl.concat([single.select(columns), several.select(columns)]).collect()


def _in_order(rows: pl.DataFrame, requests: pl.DataFrame) -> pl.DataFrame:
    """Sort by time and message id; what has both in common, by the rank of who speaks."""
    order = (pl.col("message_id"), pl.col("origin"), *_RANK)
    needed = {name for by in order for name in by.meta.root_names()}
    speakers = rows.select(pl.col(needed).gather(requests["row"]))
    at = requests["first_seen"].alias("at")
    return requests[speakers.select(pl.arg_sort_by(at, *order, nulls_last=True)).to_series()]


def key() -> list[pl.Expr]:
    """Return what makes two copies one request.

    The API's message ids are unique. A gateway may answer one id for ever, so any other id counts
    only together with session, request id and time.
    """
    other = ~pl.col("message_id").str.starts_with("msg_")
    return [
        pl.col("message_id"),
        pl.when(other).then(pl.col("session")).alias("_session"),
        pl.when(other).then(pl.col("request_id")).alias("_request"),
        pl.when(other).then(pl.col("first_seen")).alias("_at"),
    ]


def held_alone(copies: pl.DataFrame, files: Collection[int]) -> pl.DataFrame:
    """Return the copies of requests of which no other file than these has one.

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> held_alone(pl.DataFrame(schema=dtypes("copies")), [1]).height
    0
    """
    within = pl.col("file").is_in(list(files))
    by = [said.meta.output_name() for said in key()]
    others = copies.filter(~within).select(key())
    found = copies.filter(within).with_columns(key())
    return found.join(others, on=by, how="anti", nulls_equal=True).select(copies.columns)


def same(rule: Policy) -> list[pl.Expr]:
    """Return what makes two copies one request as a policy counts: `key`, and what it adds.

    Examples
    --------
    >>> [by.meta.output_name() for by in same(POLICIES["per-file"])][-1]
    'file'
    """
    more = {"": (), "session": ("session",), "line": ("file", "origin")}[rule.unkeyed]
    unkeyed = pl.col("request_id").is_null()
    beside = [pl.when(unkeyed).then(pl.col(name)).alias(f"_unkeyed_{name}") for name in more]
    return [*key(), *(pl.col(name) for name in rule.key), *beside]


def counted(rule: Policy) -> list[pl.Expr]:
    """Return token columns as the policy counts them; the true ones stay what they are."""
    output = pl.col(rule.output).alias("output_tokens")
    if not rule.lines and rule.unkeyed != "line":
        return [output]
    several = pl.when(calls(rule) > 1).then("output_sum_tokens").otherwise(output)
    return [several.alias("output_tokens"), *(pl.col(name) * calls(rule) for name in _TOKENS)]


def calls(rule: Policy) -> pl.Expr:
    """Return how many calls alike a row stands for: more than one where each line counts.

    Examples
    --------
    >>> rows = pl.DataFrame({"lines": [3], "request_id": [None]})
    >>> [rows.select(calls(POLICIES[name])).item() for name in ("largest", "sum")]
    [1, 3]
    """
    if rule.lines:
        return pl.col("lines").alias("calls")
    if rule.unkeyed == "line":
        unkeyed = pl.col("request_id").is_null()
        return pl.when(unkeyed).then("lines").otherwise(1).alias("calls")
    return pl.lit(1, pl.Int64).alias("calls")
