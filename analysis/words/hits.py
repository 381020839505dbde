"""Say how often the cache was hit, and by which formula."""

from __future__ import annotations

import polars as pl

from analysis.measures.hits import OURS, SHOWN, prefill
from analysis.measures.resample import FEWEST, LEVEL
from analysis.words.numbers import compact, count, extent, ratio, share

TOOLS = "these logs; formulas and tools from `data/raw/facts/hit-rates.csv`"
_FULL = 0.9995  # prints as 100.0 %
REUSE = "these logs; what others published from `data/raw/facts/prefill.csv`"


def rate(value: float) -> str:
    r"""Write a hit rate, finer where it would read as all.

    Examples
    --------
    >>> rate(0.96848), rate(0.9997), rate(1.0)
    ('96.8\u202f%', '99.97\u202f%', '100.0\u202f%')
    """
    return share(value, 2 if _FULL < value < 1 else 1)


def formulas(frame: pl.DataFrame) -> str:
    """Caption the formulas."""
    known = frame.drop_nulls("value")
    if known.is_empty():
        return "Without a request there is no hit rate by any formula."
    ours = known.filter(pl.col("formula") == OURS)["value"].to_list()
    value = f", {rate(ours[0])}," if ours else ""
    used = known.filter(SHOWN)
    beside = known.height - used.height
    rest = f"Hollow: {count(beside, 'formula')} that nobody was found to show. " if beside else ""
    return (
        f"One log has a hit rate of {extent(used['value'], rate)}, by "
        f"{count(used.height, 'formula')} that tools and a paper show under that name. The one "
        f"to use{value} is marked: the share of prompt tokens that were read, where a write is no "
        f"hit. {rest}{_sampling(frame)}"
    )


def _sampling(frame: pl.DataFrame) -> str:
    """Say which of the formulas is a statement about other sessions, and how sure it is."""
    drawn = frame.filter(pl.col("formula") == "sessions")
    sessions = drawn["sessions"].to_list()
    census = "A value is a count of these requests and has no sampling error"
    if sessions and sessions[0] and drawn["low"].item() is not None:
        return (
            f"{census}; grey is the {share(LEVEL, 0)} interval of the mean over sessions, as a "
            f"statement about other sessions like these {sessions[0]:,}."
        )
    return (
        f"{census}. The mean over sessions, as a statement about others, would need {FEWEST} "
        "sessions for an interval."
    )


def formulas_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the formulas."""
    seen = frame.drop_nulls("value").to_dicts()
    listed = "; ".join(f"{row['name']} {rate(row['value'])}" for row in seen)
    return f"A dot in each row, from the highest to the lowest: {listed or 'none'}."


def formulas_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the formulas as a table."""
    value = pl.col("value").map_elements(rate, pl.String)
    return frame.select(
        value.alias("hit rate"), "definition", "weight", pl.col("tools").alias("who uses it")
    )


def formulas_caption(frame: pl.DataFrame) -> str:
    """Caption the table of the formulas."""
    named = frame.drop_nulls("tools").height
    return (
        f"{named} of {count(frame.height, 'formula')} were found in tools, papers or requests for "
        "them, and some tools show two. The formulas of [](#fig-margin-hits). Versions are those "
        "whose code was read."
    )


def reuse(frame: pl.DataFrame) -> str:
    """Caption the tokens that were reused and computed."""
    read, every = frame["tokens"][0], int(frame["tokens"].sum())
    if not every:
        return "There is no prompt token in these logs, so none was reused or computed."
    done = every - read
    against = (
        f", {ratio(read / done)} to those that were computed" if done else ", and none computed"
    )
    return (
        f"{compact(read)} prompt tokens were reused{against}. Reused: read from the cache. "
        f"Computed: written to it or sent uncached, new or not. {_again(frame)}"
    )


def _again(frame: pl.DataFrame) -> str:
    """Set what was computed again beside what others published."""
    claude = prefill().filter(pl.col("who") == "Claude").row(0, named=True)
    published = (
        f"TraceLab published {share(claude['fresh_share'])} of {compact(claude['append_tokens'])} "
        f"computed tokens as new for Claude, so {claude['amplification']:.1f} times as many were "
        "computed as had to be; there only user prompts and tool results are new, and an answer "
        "that comes back in the next prompt is not"
    )
    done = int(frame.filter(pl.col("computed"))["tokens"].sum())
    again = frame.filter(pl.col("part") == "written to the cache again")
    if again.is_empty() or not done:
        return f"{published}. These logs hold no prompts, so what of theirs was new is not known."
    new = done - again["tokens"].item()
    times = f", {done / new:.1f} times as many as were new" if new else ""
    return (
        f"Again: had been in the cache before, by the ledger of rebuilds{times}. {published}, so "
        "the two are not the same measure."
    )
