"""Say what these logs paid for cached tokens."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import count, share, usd

PAID = {
    "written": "tokens",
    "write, of input": "percent",
    "read, of input": "percent",
}


def paid(frame: pl.DataFrame) -> str:
    """Caption what these logs paid."""
    if frame.is_empty():
        return "No request of these logs has a price, so nothing was paid for a cached token."
    whole = frame.row(-1, named=True)
    said = [
        f"{share(whole[f'{part}_multiple'])} of the input price per token {name}"
        for part, name in (("write", "written"), ("read", "read"))
        if whole[f"{part}_multiple"] is not None
    ]
    rest = (
        "Hour: share of the tokens written that are kept an hour, where the log splits them. "
        "Write and read: paid per token, over the base input price of its model, day and mode. "
        "Even: reads per write at which these multiples have paid. Long prompts: "
        "requests in a tier that costs more. Writes that the log does not split count as five "
        "minutes."
    )
    return f"These logs paid {' and '.join(said) or 'for no cached token'} at list. {rest}"


def paid_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what these logs paid as a table; formats are `PAID`."""
    return frame.select(
        pl.col("model").fill_null("all models"),
        pl.col("write_tokens").alias("written"),
        "hour_share",
        pl.col("write_multiple").alias("write, of input"),
        pl.col("read_multiple").alias("read, of input"),
        "reads_per_write",
        "even",
        pl.col("premium_requests").alias("long prompts"),
        "total_usd",
    )


def premium(frame: pl.DataFrame) -> str:
    """Say how much fell in a tier of long prompts."""
    if frame.is_empty():
        return "No request of these logs has a price, so none paid a premium for a long prompt."
    whole = frame.row(-1, named=True)
    if not whole["premium_requests"]:
        return (
            f"None of {count(whole['requests'], 'request')} with a price fell in a tier of long "
            "prompts, so no premium was paid."
        )
    return (
        f"{count(whole['premium_requests'], 'request')} fell in a tier of long prompts and paid "
        f"{usd(whole['premium_usd'])} over the base price, {share(whole['premium_share'])} of all "
        "list-price dollars."
    )


def kept(frame: pl.DataFrame) -> str:
    """Caption the reads of a written token."""
    seen = frame.drop_nulls("reads_per_write")
    if seen.is_empty():
        return "No cached token was written in these logs, so none was read again."
    whole = seen.row(-1, named=True)
    even = whole["even"]
    said = f"In these logs {whole['reads_per_write']:,.1f} tokens were read per token written"
    if even is not None:
        verdict = "paid" if whole["reads_per_write"] > even else "did not pay"
        said += f"; at their prices a write has paid at {even:,.2f}, so the cache {verdict}"
    return (
        f"{said}. By model: the dot is tokens read over tokens written, the bar the reads at which "
        "a write has paid at this model's multiples and mix of lifetimes. A token that was written "
        "before these logs begin, or by somebody else's request, is read here and not written."
    )


def kept_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the reads of a written token."""
    seen = frame.drop_nulls("reads_per_write").to_dicts()
    listed = "; ".join(f"{r['model'] or 'all models'} {r['reads_per_write']:,.1f}" for r in seen)
    return f"A dot far or near from a bar in each row, on a log axis: {listed or 'none'}."
