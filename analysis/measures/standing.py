"""What standing at the head of every prompt costs in the logs: the prefix, and a file in it.

The standing prefix is the one of `analysis.measures.spend`: system prompt, tools and context files
together, which no log tells apart.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.rates import rates
from analysis.measures.rebuilds import LEAST, NEW_CHAIN
from analysis.measures.resample import Interval, interval
from analysis.sessions import triggered

_BEGUN = "standing prefix, written as a chain begins"
_READ = "standing prefix, read again"
_MAIN = pl.col("agent").is_null() & ~pl.col("is_sidechain")
#: What carrying the prefix is made of, in the order in which it is drawn.
PARTS = ("read", "begun", "again")


def by_project(parted: pl.DataFrame) -> pl.DataFrame:
    """Sum what carrying the standing prefix cost, by project.

    Parameters
    ----------
    parted
        `analysis.measures.spend.parted`. Requests without a price have no part.

    Returns
    -------
    pl.DataFrame
        One row per project, dearest prefix first: `project`, `chains`, `requests`,
        `prefix_tokens` (median over main chains; over all where there are none), and for each of
        `PARTS` its tokens and nano-dollars: `read_`, `begun_` (written as a chain begins),
        `again_` (what of the prefix was written again, of whatever cause), both null where nobody
        counted writes; `carry_nano` their sum, `total_nano` the bill, `share` of it (null of no
        bill).

    Examples
    --------
    >>> from analysis.measures.rebuilds import rebuilt
    >>> from analysis.measures.spend import parted
    >>> from analysis.prices import price
    >>> from analysis.schema import dtypes
    >>> none = rebuilt(price(pl.DataFrame(schema=dtypes("requests"))),
    ...                pl.DataFrame(schema=dtypes("events")))
    >>> by_project(parted(none)).height
    0
    """
    missing = (pl.col("prefix_tokens") - pl.col("read_tokens")).clip(0)
    rebuilt = pl.col("cause").is_not_null() & (pl.col("cause") != NEW_CHAIN)
    again = pl.when(rebuilt).then(pl.min_horizontal(missing, "rebuilt_tokens")).otherwise(0)
    rows = parted.filter(pl.col("total_nano").is_not_null()).with_columns(
        begun=pl.col(_BEGUN), read=pl.col(_READ), again=again.fill_null(0)
    )
    first = pl.col("step") == 0
    main = pl.col("prefix_tokens").filter(first & _MAIN).median()
    paid = {"read": "read_paid", "begun": "write_paid", "again": "write_paid"}
    told = {p: (pl.col("write_tokens").count() > 0) | (p == "read") for p in PARTS}
    tokens = [pl.when(told[p]).then(pl.col(p).sum()).alias(f"{p}_tokens") for p in PARTS]
    nano = [
        pl.when(told[p]).then((pl.col(p) * pl.col(rate)).sum()).alias(f"{p}_nano")
        for p, rate in paid.items()
    ]
    carry = pl.sum_horizontal(f"{part}_nano" for part in PARTS)
    return (
        rows.group_by("project")
        .agg(
            first.sum().cast(pl.Int64).alias("chains"),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.coalesce(main, pl.col("prefix_tokens").median()).alias("prefix_tokens"),
            *tokens,
            *nano,
            pl.col("total_nano").sum(),
        )
        .with_columns(carry_nano=carry)
        .with_columns(
            share=pl.when(pl.col("total_nano") > 0).then(
                pl.col("carry_nano") / pl.col("total_nano")
            )
        )
        .sort("carry_nano", "project", descending=[True, False])
    )


def filed(parted: pl.DataFrame, file_tokens: int) -> pl.DataFrame:
    """Say of each request whether it would read a file of the prefix, and what that would cost.

    A request whose reads reach to the end of the prefix, but for a tail that the ledger of
    rebuilds does not count either, reads the file. Another writes it, for as long as it wrote
    what it wrote, or sends it uncached if it wrote nothing.

    Returns
    -------
    pl.DataFrame
        The rows with `covers` and `file_nano` (Float64; null where no price is known). That the
        file would lengthen prompts into a dearer tier, or bring compactions forward, is left out.
    """
    read = pl.col("read_tokens")
    covers = (read > 0) & (read >= pl.col("prefix_tokens") - LEAST)
    rate = (
        pl.when("covers")
        .then("read_rate")
        .when(pl.col("write_1h_tokens") > 0)
        .then("write_1h_rate")
        .when(pl.col("write_tokens") > 0)
        .then("write_5m_rate")
        .otherwise("input_rate")
    )
    known = pl.col("total_nano").is_not_null()
    return (
        parted.with_columns(covers.alias("covers"))
        .hstack(rates(parted))
        .with_columns(file_nano=pl.when(known).then(file_tokens * rate))
    )


def by_session(filed: pl.DataFrame, events: pl.DataFrame, file_tokens: int) -> pl.DataFrame:
    """Sum what a file in the prefix would cost in the main chain of each session.

    Parameters
    ----------
    filed
        `filed` of the same file.

    Returns
    -------
    pl.DataFrame
        One row per session with a price: `requests`, `messages` (of a person: the first request,
        and each that follows a typed prompt), `written` (requests that write the file),
        `cost_usd`, `text_usd` (the text's reckoning: a write and then one read a message, at the
        session's own mean rates), `bill_usd` (of its main chain, without the file).
    """
    main = triggered(filed.filter(_MAIN), events)
    human = (pl.col("trigger") == "human turn").fill_null(False) | (pl.col("step") == 0)
    known = pl.col("file_nano").is_not_null()
    wrote = pl.when(pl.col("write_1h_tokens") > 0).then("write_1h_rate").otherwise("write_5m_rate")
    text = wrote.first() + (pl.col("messages").first() - 1) * pl.col("read_rate").mean()
    return (
        main.with_columns(messages=human.sum().over("session"))
        .filter(known)
        .group_by("session", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("messages").first().cast(pl.Int64),
            (~pl.col("covers")).sum().cast(pl.Int64).alias("written"),
            (pl.col("file_nano").sum() / 1e9).alias("cost_usd"),
            (file_tokens * text / 1e9).alias("text_usd"),
            (pl.col("total_nano").sum() / 1e9).alias("bill_usd"),
        )
        .drop("session")
        .sort("messages", "requests", "cost_usd")
    )


def multiple(sessions: pl.DataFrame, *, seed: int = 1) -> Interval:
    """Return the interval of what a file costs over the text's reckoning, by session.

    Parameters
    ----------
    sessions
        `by_session`.
    """
    sums = {name: pl.col(name).sum() for name in ("cost_usd", "text_usd")}
    return interval(
        sessions.filter(pl.col("text_usd") > 0).with_row_index("session"),
        sums,
        lambda drawn: drawn["cost_usd"] / drawn["text_usd"],
        seed=seed,
    )
