"""The same work with shorter contexts: compacted earlier, or in sessions cut short.

Where a context is cut, all later requests re-send less, until it was cut in the logs as well:
what was cut there stays cut, so a longer context than the one that was used cannot be tried.
"""

from __future__ import annotations

import polars as pl

from analysis.measures.rewrites import Reprice, of_chain, written

#: What a summary or a carry-over takes: on 208 public sessions, the first prompt after one of 39
#: compactions is 11,750 tokens (median) longer than the first of its chain.
CARRIED = 12_000

#: Contexts are cut beyond so many tokens.
SIZES = (50_000, 75_000, 100_000, 150_000, 200_000)

#: Sessions are cut after so many requests.
LENGTHS = (25, 50, 100, 200)

_LEFT = 0.5  # less of a prompt than this left means that the logs cut it


def compacted(
    rows: pl.DataFrame, reprice: Reprice, size: int, carried: int = CARRIED
) -> pl.DataFrame:
    """Price the work with contexts cut to a summary once they are longer than a size.

    A cut leaves the chain's first prompt, which is still read, and a summary, which is written.
    The request that makes the summary is priced as well: it reads the context and answers with
    the summary; logs do not hold it. A context is left alone where a cut would not free twice
    what it carries.

    Returns
    -------
    pl.DataFrame
        The requests and then those that summarise, priced.
    """
    work = _stretches(rows)
    keeps = pl.col("first_prompt") + carried
    room = pl.when(size - keeps >= carried).then(size - keeps)
    longest = pl.col("prompt_tokens").cum_max().over("stretch")
    cuts = ((longest - size) / room).ceil().clip(0).fill_null(0).cast(pl.Int64)
    work = work.with_columns(cuts=cuts).with_columns(
        away=pl.col("cuts") * room.fill_null(0),
        cut=pl.col("cuts") > pl.col("cuts").shift(fill_value=0).over("stretch"),
    )
    made = _shortened(work, carried, pl.col("first_prompt"))
    before = made.with_columns(read_tokens=of_chain(pl.col("prompt_tokens") - pl.col("gone"), 1))
    none = pl.lit(0, pl.Int64)
    asked = before.filter(pl.col("cut")).with_columns(
        pl.col("read_tokens").fill_null(0),
        input_tokens=none,
        output_tokens=pl.lit(carried, pl.Int64),
        web_searches=none,
    )
    return reprice(pl.concat([made, written(asked, none, none)]))


def restarted(
    rows: pl.DataFrame, reprice: Reprice, length: int, carried: int = CARRIED
) -> pl.DataFrame:
    """Price the work with a new session begun after every so many requests of a main chain.

    A new session begins as its chain did: it reads what the first request read, and writes the
    rest of its prompt and what is carried over.
    """
    work = _stretches(rows)
    number = pl.int_range(pl.len()).over("stretch")
    work = work.with_columns(block=number // length)
    begins = (pl.col("block") > 0) & (number % length == 0) & pl.col("is_main")
    left = of_chain(pl.col("prompt_tokens"), 1) - (pl.col("first_prompt") + carried)
    left = pl.when(pl.col("is_main") & (pl.col("block") > 0)).then(left.clip(0)).otherwise(0)
    work = work.with_columns(cut=begins, left=left).with_columns(
        away=pl.col("left").first().over("stretch", "block")
    )
    return reprice(_shortened(work, carried, pl.col("first_read")))


def _stretches(rows: pl.DataFrame) -> pl.DataFrame:
    """Add a number to what lies between two cuts of the logs, and each chain's first prompt."""
    first = pl.col("chain") != pl.col("chain").shift()
    cut = pl.col("prompt_tokens") < _LEFT * pl.col("prompt_tokens").shift()
    return rows.with_columns(
        stretch=(first | cut).fill_null(True).cum_sum(),
        first_prompt=pl.col("prompt_tokens").first().over("chain"),
        first_read=pl.col("read_tokens").first().over("chain"),
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
    hour = pl.when(pl.col("write_1h_tokens") > 0).then(True).otherwise(pl.col("lifetime") == "1h")
    hour = pl.when(pl.col("write_5m_tokens") > 0).then(False).otherwise(hour).fill_null(False)
    same = pl.col("write_tokens") == write
    kept = pl.when(same).then("write_1h_tokens").otherwise(pl.when(hour).then(write).otherwise(0))
    work = work.with_columns(_read=read, _write=write, _hour=kept)
    return (
        written(work, pl.col("_write") - pl.col("_hour"), pl.col("_hour"))
        .with_columns(read_tokens="_read")
        .drop("_read", "_write", "_hour")
    )
