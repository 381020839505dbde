"""What went wrong beside each request: tool errors, interruptions, retries, server errors.

An event belongs to the request before it in its chain. What a rate counts is a *unit*: requests
that call a tool, requests that call a tool of a kind that has just failed, human turns, or all
requests. Request numbers count from 1.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.data import with_era
from analysis.sessions import CHAIN, keys, latest, steps, triggered

#: What can go wrong: its column, which is null where a request is no unit of it, and its unit.
OUTCOMES = {
    "tool error": ("failed", "requests that call tools"),
    "tool error again": ("failed_again", "requests that call a kind of tool that just failed"),
    "interruption": ("interrupted", "human turns"),
    "retry": ("retried", "human turns"),
    "server error": ("api_failed", "requests"),
}

#: The outcome that should not depend on what a model sees: a status of 500 or more. A limit, a
#: failed login or a prompt that is too long is the client's.
CONTROL = "server error"
_SERVER = r"^5\d\d$"

#: The classes of tools, as `requests.tools` has them.
TOOLS = ("run", "read", "edit", "search", "web", "agent", "plan", "mcp", "other")

#: A prompt that follows an interruption within so many seconds asks again. Assumed: time to type
#: a sentence or two, and not to have gone on to other work.
AGAIN = 120


def units(requests: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Say of each request what went wrong in its answer, or in the human turn that it begins.

    A human turn begins with the first request after a prompt, and ends with the next prompt. It
    is interrupted where the log says so; it is retried where the person goes back behind it (the
    next turn goes on from a message before it), or interrupts it and asks again within `AGAIN`
    seconds. A turn that ends before an answer has no request, and is no unit.

    Returns
    -------
    pl.DataFrame
        The rows of `analysis.sessions.triggered`, with `chain` (its number in this frame),
        `number` (of the request in its chain, from 1), `left` (requests of the chain after it),
        `context` (prompt, in 100,000 tokens), `progress` (`number`, in hundreds), `era`,
        `subagent`, `human` (whether it begins a human turn), `calls_run` and so on for each of
        `TOOLS` (calls), and the columns of `OUTCOMES` (0, 1, or null where the request is no
        unit).

    Examples
    --------
    >>> from analysis.schema import dtypes
    >>> none = pl.DataFrame(schema=dtypes("requests"))
    >>> made = units(none, pl.DataFrame(schema=dtypes("events")))
    >>> made.height, {column for column, _ in OUTCOMES.values()} <= set(made.columns)
    (0, True)
    """
    made = with_era(triggered(steps(requests), events)).with_row_index("row")
    asked = pl.Series("asked", latest(made, events, "prompt"))
    main = pl.col("agent").is_null() & ~pl.col("is_sidechain")
    first = pl.col("step") == 0
    human = (pl.col("trigger") == "human turn") | (first & pl.col("asked").is_not_null())
    calls = pl.col("tools").str.split(",")
    server = pl.col("detail").str.contains(_SERVER)
    known = (
        made.with_columns(asked, number=pl.col("step") + 1, chain=first.cum_sum())
        .with_columns(
            left=pl.col("number").max().over("chain") - pl.col("number"),
            context=pl.col("context_tokens") / 100_000,
            progress=pl.col("number") / 100,
            subagent=~main,
            human=(main & human).fill_null(False),
            failed=_times(made, events, "tool_error"),
            api_failed=_times(made, events.filter(server), "api_error").clip(upper_bound=1),
        )
        .with_columns(
            calls.list.count_matches(kind).fill_null(0).cast(pl.Int64).alias(f"calls_{kind}")
            for kind in TOOLS
        )
        .with_columns(
            failed=pl.when(pl.col("tools").is_not_null()).then(
                pl.col("failed").clip(upper_bound=1)
            ),
        )
    )
    turns = _turns(known, events)
    return (
        known.join(turns, on="row", how="left", maintain_order="left")
        .with_columns(failed_again=pl.when(_calls_again()).then("failed"))
        .drop("row", "asked")
    )


def _times(made: pl.DataFrame, events: pl.DataFrame, kind: str) -> pl.Series:
    """Count the events of a kind after each request and before the next one of its chain."""
    some = events.filter(pl.col("kind") == kind).drop_nulls("at")
    times = (
        some.select(*keys(), "at")
        .sort("at")
        .join_asof(
            made.select(*keys(), "row", at="first_seen").sort("at"),
            on="at",
            by=[f"_{name}" for name in CHAIN],
            check_sortedness=False,
        )
        .drop_nulls("row")
        .group_by("row")
        .agg(pl.len().cast(pl.Int64).alias("times"))
    )
    found = made.select("row").join(times, on="row", how="left", maintain_order="left")
    return found["times"].fill_null(0)


def _calls_again() -> pl.Expr:
    """Return whether a request calls a kind of tool that failed in the one before it.

    Which of several calls failed is not in the tables: any of its kinds may have.
    """
    kinds = [pl.col(f"calls_{kind}") > 0 for kind in TOOLS]
    alike = pl.any_horizontal(kind & kind.shift().fill_null(False) for kind in kinds)
    return (pl.col("step") > 0) & (pl.col("failed").shift() == 1) & alike


def _turns(known: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Say of each human turn whether it was interrupted, and whether it was retried.

    Returns
    -------
    pl.DataFrame
        `row` (of the turn's first request), `interrupted`, `retried`.
    """
    turns = known.filter("human").select(
        "row", "session", "asked", "parent_message_id", next=pl.col("row").shift(-1)
    )
    stops = events.filter(
        pl.col("kind") == "interruption", pl.col("agent").is_null(), ~pl.col("is_sidechain")
    ).drop_nulls("at")
    prompts = events.filter(pl.col("kind") == "prompt").drop_nulls("at")
    prompts = prompts.select("session", asked="at").unique().sort("asked")
    stopped = (
        stops.select("session", "at")
        .sort("at")
        .join_asof(prompts, left_on="at", right_on="asked", by="session", check_sortedness=False)
        .join_asof(
            prompts.rename({"asked": "next_asked"}),
            left_on="at",
            right_on="next_asked",
            by="session",
            strategy="forward",
            check_sortedness=False,
        )
        .with_columns(wait=(pl.col("next_asked") - pl.col("at")).dt.total_seconds())
        .group_by("session", "asked")
        .agg(pl.len().alias("stops"), (pl.col("wait").min() <= AGAIN).alias("asked_again"))
    )
    places = known.select(parent_message_id="message_id", parent="row", parent_session="session")
    back = (
        turns.join(places.unique("parent_message_id"), on="parent_message_id", how="left")
        .filter(pl.col("parent_session") == pl.col("session"))
        .select(next="row", parent="parent")
    )
    return (
        turns.join(stopped, on=["session", "asked"], how="left")
        .join(back, on="next", how="left")
        .select(
            "row",
            interrupted=pl.col("stops").is_not_null().cast(pl.Int64),
            retried=(
                pl.col("asked_again").fill_null(False)
                | (pl.col("parent") < pl.col("row")).fill_null(False)
            ).cast(pl.Int64),
        )
    )
