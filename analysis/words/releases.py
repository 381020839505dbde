"""Say when things were released, and where the text puts them."""

from __future__ import annotations

import polars as pl

from analysis.measures.capabilities import before_founding, founded
from analysis.words.numbers import count
from analysis.words.sources import published

RELEASES = published("releases")


def timeline(releases: pl.DataFrame) -> str:
    """Caption the releases."""
    placed = releases.drop_nulls("row_year")
    moved = placed.filter(pl.col("late") > 0)
    still = placed.filter(pl.col("late_general") > 0)
    by_firm = moved.group_by("firm").len().sort("firm").rows()
    firms = " and ".join(f"{number} of {firm}" for firm, number in by_firm)
    own = placed.filter(pl.col("firm") == "Anthropic")
    right = own.filter(pl.col("late") == 0).height
    return (
        f"{moved.height} of {placed.height} releases in the write-up's timeline were announced in "
        f"an earlier year than it gives: {firms}. Each error is on the same side: the rivals "
        "had these earlier than the text says. Counted from the day a thing became generally "
        f"available, where that day is known, {still.height} remain. Of Anthropic's own "
        f"{own.height} entries, {right} are in their year. Left of the dashed line: what OpenAI "
        "had made public before Anthropic was founded. A day is that of the announcement or of "
        "the paper; the file says which were looked up for this page and which are as commonly "
        "dated."
    )


def timeline_alt(releases: pl.DataFrame) -> str:
    """Say what is seen in the releases."""
    moved = "; ".join(
        f"{r['release']}, {r['announced_day']}, given as {r['row_year']}"
        for r in releases.filter(pl.col("late") > 0).to_dicts()
    )
    return f"A row of dots by date for each firm, and a row with an arrow for each of: {moved}."


def moved(releases: pl.DataFrame) -> pl.DataFrame:
    """Return the entries of another year, as a table."""
    return releases.filter(pl.col("late") > 0).select(
        "release",
        "firm",
        pl.col("row_year").cast(pl.String).alias("year in the text"),
        announced=pl.col("announced_day").cast(pl.String),
        **{"generally available": pl.col("general_day").cast(pl.String)},
    )


def moved_caption(releases: pl.DataFrame) -> str:
    """Caption the entries of another year."""
    rows = releases.filter(pl.col("late") > 0)
    longest = rows.sort("late").row(-1, named=True)
    return (
        f"{longest['release']} came {count(longest['late'], 'year')} before its row in the text's "
        "table, the furthest of those that stand in another year. Generally available: the day "
        "from which anybody could use it; empty where it never came or is not known."
    )


def earlier(releases: pl.DataFrame) -> pl.DataFrame:
    """Return OpenAI's works on other media before the founding, as a table."""
    return before_founding(releases).select(
        work="release",
        public=pl.col("announced_day").cast(pl.String),
        medium=pl.col("medium").replace("many", "several"),
        authors=pl.col("founders").replace_strict(
            {"yes": "later founders among them"}, default="not looked up"
        ),
    )


def earlier_caption(releases: pl.DataFrame) -> str:
    """Caption the works before the founding."""
    rows = before_founding(releases)
    return (
        f"{count(rows.height, 'work')} of OpenAI on images, music or several media were public "
        f"before Anthropic was founded, in {founded():%B %Y}. The text says that the founders "
        "brought *no institutional knowledge of image generation, speech processing, or native "
        "multimodal architectures*, and itself lists DALL-E 1 in its row of 2021 and dates CLIP "
        "before the founding. DALL-E 2, Whisper and GPT-4V did come later, as it says "
        "([](#claim-t1-11)); that nothing was there to know does not follow "
        "([](#claim-t1-12)). On speech we know of nothing before the founding."
    )
