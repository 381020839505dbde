"""Say what other reports sum up."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import count, day, extent, share, usd

SHORT = dict.fromkeys(("input_tokens", "output_tokens", "write_tokens", "read_tokens"), "tokens")


def shown(frame: pl.DataFrame) -> pl.DataFrame:
    r"""Return the reports, each named with its days instead of two columns of them.

    Parameters
    ----------
    frame
        `measures.sums.by_report`.

    Examples
    --------
    >>> import datetime as dt
    >>> ends = {"first": [dt.date(2026, 3, 1)], "last": [dt.date(2026, 3, 9)]}
    >>> shown(pl.DataFrame({"report": ["usage"], "rows": [9]} | ends)).item(0, 0)
    'usage; 1\xa0March\xa02026 to 9\xa0March\xa02026'
    """
    ends = frame.select("report", "first", "last").iter_rows()
    named = [f"{name}; {extent(days, day)}" for name, *days in ends]
    return frame.with_columns(report=pl.Series(named, dtype=pl.String)).drop("first", "last")


def reports(frame: pl.DataFrame) -> str:
    """Caption the reports."""
    rows = int(frame["rows"].sum())
    first = frame.drop_nulls("list_usd").sort("list_usd", descending=True).head(1).to_dicts()
    said = f"{count(rows, 'row')} of {count(frame.height, 'report')} are sums of many requests."
    if first:
        top = first[0]
        said += f" The largest, {top['report']}, comes to {usd(top['list_usd'])} at list price"
        known = top["share"] is not None
        said += f", of which the cache is {share(top['share'])}." if known else "."
    return (
        f"{said} None of them is a request, and no other number of this report rests on them. Two "
        "reports may count the same requests, so they are not added. List: at list price, without "
        "the dearer tier of long prompts, which a sum does not show, and writes at five minutes "
        "where they are not split; share: the cache, of that. Stated: dollars that the report "
        "itself gives. Empty: not said by the report."
    )


def reconciled(frame: pl.DataFrame) -> str:
    """Caption what is charged beside list price."""
    listed, stated = (float(frame[f"{name}_usd"].sum()) for name in ("list", "stated"))
    both = count(int(frame["days"][0]), "day")
    return (
        f"The cost report charges {usd(stated)} where the usage report's tokens come to "
        f"{usd(listed)} at list price, on {both} that both have. A difference may be a discount, a "
        "long prompt, a priority tier, which the cost report leaves out, or what is no token, such "
        "as web searches: a row without a model."
    )
