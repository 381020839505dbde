"""Say when things were released, and where the text puts them."""

from __future__ import annotations

import polars as pl

from analysis.measures.capabilities import founded, left, public_before
from analysis.words.numbers import count, day
from analysis.words.sources import published

RELEASES = published("releases")
AUTHORS = {
    "several": "later founders among them",
    "one": "a later founder among them",
    "none": "no later founder",
}


def timeline(releases: pl.DataFrame) -> str:
    """Caption the releases."""
    placed = releases.drop_nulls("row_year")
    moved = placed.filter(pl.col("late") > 0)
    still = placed.filter(pl.col("late_general") > 0)
    by_firm = moved.group_by("firm").len().sort("firm").rows()
    firms = " and ".join(f"{number} of {firm}" for firm, number in by_firm) or "none"
    own = placed.filter(pl.col("firm") == "Anthropic")
    right = own.filter(pl.col("late") == 0).height
    return (
        f"{moved.height} of {placed.height} releases in the write-up's timeline were announced in "
        f"an earlier year than it gives: {firms}. {_side(placed)} Counted from the day a thing "
        f"became generally available, where that day is known, {still.height} remain. Of "
        f"Anthropic's own {own.height} releases, {right} are in their year. Left of the dotted "
        "line: what OpenAI had made public when it announced that the first of them was leaving; "
        "left of the dashed one, when Anthropic was founded. A day is that of the announcement or "
        "of the paper; the file says which were looked up for this page and which are as commonly "
        "dated."
    )


def _side(placed: pl.DataFrame) -> str:
    """Say to which side the text's years are off."""
    early = placed.filter(pl.col("late") < 0)
    late = placed.filter(pl.col("late") > 0)
    if not late.height:
        return f"{early.height} stand in a year before their announcement."
    if early.height:
        return f"{early.height} stand in a year before their announcement: both sides."
    if "Anthropic" in late["firm"]:
        return "None is dated too early."
    return "None is dated too early: these rivals were earlier than the text says."


def timeline_alt(releases: pl.DataFrame) -> str:
    """Say what is seen in the releases."""
    moved = "; ".join(
        f"{r['release']}, {r['announced_day']}, given as {r['row_year']}"
        for r in releases.filter(pl.col("late") > 0).to_dicts()
    )
    return (
        "Named dots by date, one to a row, in a block for each firm, and an arrow to the text's "
        f"year for each of: {moved}."
    )


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
    said = "No release stands in a later year than its own"
    if rows.height:
        row = rows.sort("late").row(-1, named=True)
        said = (
            f"The text has {row['release']} in {row['row_year']}, {count(row['late'], 'year')} "
            f"after it was announced: the furthest of {rows.height}"
        )
    return (
        f"{said}. Generally available: the day from which anybody could use it; empty where it "
        "never came or is not known."
    )


def earlier(releases: pl.DataFrame) -> pl.DataFrame:
    """Return OpenAI's works on other media before the founding, as a table."""
    return public_before(releases, founded()).select(
        work="release",
        public=pl.col("announced_day").cast(pl.String),
        when=pl.when(pl.col("announced_day") < left())
        .then(pl.lit("before they left"))
        .otherwise(pl.lit("before the founding")),
        medium=pl.col("medium").replace("many", "several"),
        authors=pl.col("founders").replace_strict(AUTHORS, default=None),
    )


def earlier_caption(releases: pl.DataFrame) -> str:
    """Caption the works before the founding."""
    before, gone = public_before(releases, founded()), public_before(releases, left())
    shared = gone.filter(pl.col("founders").is_in(["one", "several"]))
    own = " and ".join(f"*{name}*" for name in shared["release"]) or "none"
    return (
        f"{gone.height} of OpenAI's works on images, music or several media were public when it "
        f"announced, on {day(left())}, that the first of Anthropic's founders was leaving, and "
        f"{before.height} when Anthropic was founded, in {founded():%B %Y}. The text says that the "
        "founders brought *no institutional knowledge of image generation, speech processing, or "
        "native multimodal architectures*. Against it stands first what later founders wrote "
        f"themselves before they left: {own}. The text itself has DALL-E 1 in its row of 2021 and "
        "dates CLIP before the founding; both came out in the week after that announcement. "
        "DALL-E 2, Whisper and GPT-4V did come later, as it says ([](#claim-t1-11)); that nothing "
        "was there to know does not follow ([](#claim-t1-12)). On speech we know of nothing before "
        "the founding. No entry under authors: not looked up."
    )
