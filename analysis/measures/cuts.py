"""The same work with shorter contexts: compacted earlier, or in sessions cut short.

Where a context is cut, all later requests re-send less, until it was cut in the logs as well:
what was cut there stays cut, so a longer context than the one that was used cannot be tried.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.rewrites import NANO, of_chain, written

#: What a compaction carries over, with the files it reads again: on 208 public sessions, the first
#: prompt after one of 39 compactions is 11,750 tokens (median) longer than the first of its chain.
CARRIED = 12_000

#: What a model writes of it: those 39 summaries have 11,682 characters (median), at the 0.28 tokens
#: a character of `facts("output-tokens")`.
SUMMARY = 3_300

#: How much of its chain's first prompt the first request after one of these compactions reads
#: (median); it writes the rest.
STILL_READ = 0.62

#: Contexts are cut beyond so many tokens.
SIZES = (50_000, 100_000, 150_000, 200_000)

#: Sessions are cut after so many requests.
LENGTHS = (25, 50, 100, 200)

_LEFT = 0.5  # less of a prompt than this left means that the logs cut it


def compacted(
    work: pl.DataFrame, size: int, carried: int = CARRIED, summary: int = SUMMARY
) -> pl.DataFrame:
    """Cut contexts to a summary once they are longer than a size.

    A cut leaves the chain's first prompt, `STILL_READ` of which is read, and what is carried over;
    the rest is written. A request that makes the summary comes with it: it reads the context and
    answers with so many tokens of `summary`; logs do not hold it. A context is left alone where a
    cut would free less than it carries.

    Parameters
    ----------
    work
        `stretches`.

    Returns
    -------
    pl.DataFrame
        The requests, to be priced again, and then those that summarise.
    """
    keeps = pl.col("first_prompt") + carried
    room = pl.when(size - keeps >= carried).then(size - keeps)
    cuts = ((pl.col("reached") - size) / room).ceil().clip(0).fill_null(0).cast(pl.Int64)
    over = work.filter(pl.col("longest") > size).with_columns(
        cuts=cuts, away=cuts * room.fill_null(0), before=of_chain(pl.col("prompt_tokens"), 1)
    )
    same = pl.col("stretch") == pl.col("stretch").shift()
    over = over.filter(pl.col("cuts") > 0).with_columns(
        cut=(pl.col("cuts") > pl.when(same).then(pl.col("cuts").shift())).fill_null(True)
    )
    read = (pl.col("first_prompt") * STILL_READ).round().cast(pl.Int64)
    made = _shortened(over, carried, read)
    gone = pl.when(same).then(pl.col("gone").shift()).otherwise(0)
    none = pl.lit(0, pl.Int64)
    asked = made.with_columns(
        read_tokens=(pl.col("before") - gone).fill_null(0),
        input_tokens=none,
        output_tokens=pl.lit(summary, pl.Int64),
        web_searches=none,
    ).filter(pl.col("cut"))
    rest = work.filter((pl.col("longest") <= size) | (cuts == 0))
    parts = (rest, made, written(asked, none, none))
    return pl.concat([part.select(work.columns) for part in parts])


def restarted(work: pl.DataFrame, length: int, carried: int) -> pl.DataFrame:
    """Begin a new session after every so many requests of a main chain.

    A new session begins as its chain did: it reads what the first request read, and writes the
    rest of its prompt and what is carried over. That was an answer first: its tokens, no more than
    there were behind the first prompt, are output of the request that begins.

    Parameters
    ----------
    work
        `stretches`.

    Returns
    -------
    pl.DataFrame
        The requests, to be priced again.
    """
    some = pl.col("is_main") & (pl.col("requests") > length)
    begins = pl.col("number") % length == 0
    grown = pl.col("prompt_tokens").shift() - pl.col("first_prompt")
    cut = work.filter(some).with_columns(
        away=pl.when(begins).then((grown - carried).clip(0)).forward_fill(),
        cut=begins,
        told=pl.when(begins).then(grown.clip(0, carried)).otherwise(0),
    )
    cut = cut.filter(pl.col("number") >= length).with_columns(
        pl.col("output_tokens") + pl.col("told")
    )
    made = _shortened(cut, carried, pl.col("first_read"))
    rest = work.filter(~some | (pl.col("number") < length))
    return pl.concat([rest, made.select(rest.columns)])


def stretches(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each request its place between two cuts of the logs.

    Parameters
    ----------
    rows
        `analysis.measures.rewrites.known`.

    Returns
    -------
    pl.DataFrame
        The rows, with `stretch`, the `number` of a request in it from 0, its `requests`, its
        `longest` prompt and the longest that was `reached` so far, of the chain the `first_prompt`
        and the `first_read`, and `is_hour` (whether it writes for an hour, if it writes).
    """
    first = pl.col("chain") != pl.col("chain").shift()
    cut = pl.col("prompt_tokens") < _LEFT * pl.col("prompt_tokens").shift()
    hour, short = pl.col("write_1h_tokens") > 0, pl.col("write_5m_tokens") > 0
    wrote = pl.when(short).then(False).when(hour).then(True)
    # without what no cut depends on: eight ways of cutting copy the rest
    rows = rows.drop(*NANO, "total_nano", "gap_seconds", "cause", "context_tokens", "sitting")
    return rows.with_columns(
        stretch=(first | cut).fill_null(True).cum_sum(),
        first_prompt=pl.col("prompt_tokens").first().over("chain"),
        first_read=pl.col("read_tokens").first().over("chain"),
    ).with_columns(
        number=pl.int_range(pl.len()).over("stretch"),
        requests=pl.len().over("stretch"),
        longest=pl.col("prompt_tokens").max().over("stretch"),
        reached=pl.col("prompt_tokens").cum_max().over("stretch"),
        is_hour=pl.coalesce(wrote, pl.col("lifetime") == "1h").fill_null(False),
    )


def _shortened(work: pl.DataFrame, carried: int, reads: pl.Expr) -> pl.DataFrame:
    """Take away `away` tokens of what each request re-sends, from reads and rebuilds alike.

    The first prompt and what is carried stay. Where there is a `cut`, no more than `reads` tokens
    of what is left are read, the rest is written.
    """
    sent = pl.col("read_tokens") + pl.col("rebuilt_tokens")
    least = pl.col("first_prompt") + carried
    work = work.with_columns(sent=sent, gone=pl.min_horizontal("away", (sent - least).clip(0)))
    left = pl.col("sent") - pl.col("gone")
    share = pl.col("read_tokens") / pl.col("sent").clip(1)
    read = pl.min_horizontal((left * share).ceil().cast(pl.Int64), left, "read_tokens")
    read = pl.when("cut").then(pl.min_horizontal(read, reads)).otherwise(read)
    write = pl.col("write_tokens") - pl.col("rebuilt_tokens") + left - read
    same = pl.col("write_tokens") == write
    kept = pl.when(same).then("write_1h_tokens").when("is_hour").then(write).otherwise(0)
    work = work.with_columns(_read=read, _write=write, _hour=kept)
    return (
        written(work, pl.col("_write") - pl.col("_hour"), pl.col("_hour"))
        .with_columns(read_tokens="_read")
        .drop("_read", "_write", "_hour")
    )
