"""When a cache write pays: by the multiples of the input price alone.

A write pays once its tokens cost less than the same tokens sent uncached each time:
w + n r < 1 + n, where w and r are the multiples of a write and of a read, and n is the reads that
follow the write.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from analysis.measures.pricing import MULTIPLES


def reads_needed(write: Fraction, read: Fraction) -> Fraction:
    """Return the reads at which a write has paid for itself; one token more and it is cheaper.

    Examples
    --------
    >>> reads_needed(Fraction("1.25"), Fraction("0.1"))
    Fraction(5, 18)
    """
    return (write - 1) / (1 - read)


def breaks_needed(short: Fraction, long: Fraction, read: Fraction) -> Fraction:
    """Return the rewrites that a one-hour write must spare to beat five-minute writes.

    Both write a token once. Each break that outlives five minutes and not the hour costs another
    five-minute write there and a read here.

    Examples
    --------
    >>> breaks_needed(Fraction("1.25"), Fraction(2), Fraction("0.1"))
    Fraction(15, 23)
    """
    return (long - short) / (short - read)


def break_even(listed: pl.DataFrame) -> pl.DataFrame:
    """Compute when a write pays, for each set of multiples on the list.

    The multiples of a tier are those of the base: all prices of prompt tokens rise alike.

    Parameters
    ----------
    listed
        `measures.pricing.prices`.

    Returns
    -------
    pl.DataFrame
        `models`; the three multiples; `reads_5m`, `reads_1h` (reads per write at which it has
        paid), `whole_5m`, `whole_1h` (whole reads from which it is cheaper), `breaks_1h` (breaks
        of five minutes to an hour at which one hour has paid), `whole_breaks_1h`, and
        `rewritten_share` (of the tokens written at five minutes: if one hour would have kept more
        than these, it is cheaper).
    """
    base = listed.filter(pl.col("above") == 0)
    found = base.group_by(*MULTIPLES[1:], maintain_order=True).agg(
        pl.col("name").unique(maintain_order=True).str.join(", ").alias("models")
    )
    rows = [row | _needed(*(row[c] for c in MULTIPLES[1:])) for row in found.to_dicts()]
    names = ("models", *MULTIPLES[1:])
    return pl.DataFrame(rows, infer_schema_length=None).select(*names, pl.exclude(names))


def _needed(long: float, short: float, read: float) -> dict[str, float | int]:
    w1, w5, r = (Fraction(str(value)) for value in (long, short, read))
    exact = {
        "reads_5m": reads_needed(w5, r),
        "reads_1h": reads_needed(w1, r),
        "breaks_1h": breaks_needed(w5, w1, r),
    }
    whole = {f"whole_{name.replace('reads_', '')}": n // 1 + 1 for name, n in exact.items()}
    share = float((w1 - w5) / (w1 - r))
    return {name: float(n) for name, n in exact.items()} | whole | {"rewritten_share": share}


def costs(even: pl.DataFrame, most: float = 5) -> pl.DataFrame:
    """Compute what a written token and its reads cost, over the same tokens uncached.

    Parameters
    ----------
    even
        `break_even`.
    most
        Reads up to which it is computed.

    Returns
    -------
    pl.DataFrame
        `reads`, `lifetime`, `low`, `high` (over the read multiples of the list), `usual` (those
        of most models): the cost as a multiple of that without a cache; and `even` (reads at
        which the usual one has paid).
    """
    usual = even.row(int(even["models"].str.count_matches(",").arg_max() or 0), named=True)
    reads = pl.DataFrame({"reads": [n / 20 for n in range(int(20 * most) + 1)]})
    n = pl.col("reads")
    found = []
    for lifetime in ("5m", "1h"):
        all_ = [
            (row[f"write_{lifetime}_multiple"] + n * row["read_multiple"]) / (1 + n)
            for row in [*even.to_dicts(), usual]
        ]
        found.append(
            reads.with_columns(
                lifetime=pl.lit(lifetime),
                low=pl.min_horizontal(all_),
                high=pl.max_horizontal(all_),
                usual=all_[-1],
                even=pl.lit(usual[f"reads_{lifetime}"]),
            )
        )
    return pl.concat(found)
