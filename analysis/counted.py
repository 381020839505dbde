"""What a source does not count: whole prompts all the same, and requests whose writes are known."""

from __future__ import annotations

import polars as pl

_PROMPT = ("input_tokens", "write_tokens", "read_tokens")


def prompt() -> pl.Expr:
    """Return the tokens of a whole prompt: sent uncached, written to the cache, and read from it.

    A source that does not count what is written has it in what is sent uncached.

    Examples
    --------
    >>> rows = pl.DataFrame({"input_tokens": [1, 5], "write_tokens": [4, None], "read_tokens": 9})
    >>> rows.select(prompt())["prompt_tokens"].to_list()
    [14, 14]
    """
    return pl.sum_horizontal(_PROMPT).alias("prompt_tokens")


def with_writes(requests: pl.DataFrame) -> pl.DataFrame:
    """Keep the requests whose source counts what is written to the cache.

    Examples
    --------
    >>> with_writes(pl.DataFrame({"write_tokens": [4, None, 0]}))["write_tokens"].to_list()
    [4, 0]
    """
    return requests.filter(pl.col("write_tokens").is_not_null())


def tell_writes(requests: pl.DataFrame) -> bool:
    """Return whether any request's writes are known; where there is no request, nothing is missing.

    Examples
    --------
    >>> made = pl.DataFrame({"write_tokens": [None, 0]})
    >>> tell_writes(made), tell_writes(made.head(1)), tell_writes(made.clear())
    (True, False, True)
    """
    return requests.is_empty() or requests["write_tokens"].count() > 0


def known_sum(name: str) -> pl.Expr:
    """Return the sum of what is known of a column; null where nothing of some rows is.

    Examples
    --------
    >>> pl.DataFrame({"n": [None, None]}, {"n": pl.Int64}).select(known_sum("n")).item()
    """
    column = pl.col(name)
    return pl.when((pl.len() == 0) | (column.count() > 0)).then(column.sum()).alias(name)
