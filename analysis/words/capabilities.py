"""Say what firms are said to build, what could be checked, and what the text's dates are."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.capabilities import (
    WRITTEN,
    beyond_text,
    founded,
    in_house,
    left,
    public_before,
)
from analysis.words.numbers import count, day
from analysis.words.sources import published

MATRIX = published("capabilities")
FORMATS = published("image-formats")
PRODUCTS = published("products")
POSTS = published("posts")


def opening(cells: pl.DataFrame, releases: pl.DataFrame) -> str:
    """Say what holds and what does not, in a few lines."""
    agree, wrong, open_ = (_having(cells, w) for w in ("agrees", "disagrees", "not checked"))
    moved = releases.filter(pl.col("late") > 0).height
    placed = releases.drop_nulls("row_year").height
    gone, before = (public_before(releases, when).height for when in (left(), founded()))
    return (
        f"**Most of the table stands: {agree} of {count(cells.height, 'cell')} agree with what "
        f"could be read**, {wrong} do not, {open_} could not be checked. {moved} of "
        f"{placed} dated releases stand in a later year than that of their announcement. What is "
        f"built on the table carries less: {gone} of OpenAI's works on other media than text were "
        f"public before the founders left, {before} before Anthropic was founded, and Claude has "
        f"read images since {day(beyond_text(releases)['announced_day'][0])}."
    )


def matrix(cells: pl.DataFrame) -> str:
    """Caption the table of capabilities."""
    agree, wrong, open_ = (_having(cells, w) for w in ("agrees", "disagrees", "not checked"))
    own = in_house(cells)
    first, rivals = own["own"][0], own["own"][1:].to_list()
    return (
        f"Of {count(cells.height, 'cell')} of the write-up's capability table, {agree} agree with "
        f"what could be read, {wrong} disagree and {open_} could not be checked. By the table, "
        f"Anthropic has {first} of {own['listed'][0]} in-house and its rivals {min(rivals)} to "
        f"{max(rivals)}. The column of Google lost its name in the copy that we have; it is "
        "restored from what its cells name. The two crosses are one question asked twice: both "
        "firms sell a web search on somebody else's index, and the text counts it as own for one "
        "and as none for the other. By either yardstick, used for all, the sum of the claim fails "
        "([](#claim-t1-2)). Agreeing says who made a thing, not how good it is, nor that "
        "it is sold: Voicebox and Movie Gen were shown as research."
    )


def matrix_alt(cells: pl.DataFrame) -> str:
    """Say what is seen in the table of capabilities."""
    found = "; ".join(
        f"{row['capability']}: "
        + ", ".join(f"{c['firm']} {c['claimed']} ({c['checked']})" for c in _row(cells, row["row"]))
        for row in cells.unique("row", keep="first", maintain_order=True).to_dicts()
    )
    return f"A table with two marks a cell, one for what is said and one for the check. {found}."


def _row(cells: pl.DataFrame, number: int) -> list[dict[str, str]]:
    return cells.filter(pl.col("row") == number).to_dicts()


def _having(cells: pl.DataFrame, checked: str) -> int:
    return cells.filter(pl.col("checked") == checked).height


def speech() -> str:
    """Say what is known of who makes the speech, and what it knows."""
    heard = facts("speech").filter(pl.col("seen_day") <= WRITTEN).drop_nulls("languages")
    most = heard.sort("languages").row(-1, named=True)
    return (
        "Of speech the text says two things that cannot both be known: that it is bought from a "
        "third party, and that its maker is *undisclosed* ([](#claim-t1-3)). Its evidence is "
        "plugins for Claude Code that call OpenAI or ElevenLabs, which it says Anthropic's own "
        "cookbook documents. In that cookbook there is a recipe for a voice assistant that joins "
        "ElevenLabs' speech to Claude (its readme was read in an undated copy; nothing on plugins "
        "was found): it shows what a customer can build, not what Claude's own apps use. For "
        "these the firm has published no maker, so the two cells stay open. "
        f"Readers of the client's code name {most['maker_reported']} behind {most['surface']}, "
        "which would bear the text out on that surface. That Claude's voice mode knows only "
        "English could not be checked: its help page was not reached. Dictation is another "
        f"surface, and knew {most['languages']} languages in {most['seen_day']:%B %Y}."
    )


def formats(frame: pl.DataFrame) -> str:
    """Caption the formats."""
    read, absent = (frame.filter(pl.col("Anthropic") == w).height for w in ("yes", "no"))
    same = frame.filter(pl.col("Anthropic") == pl.col("OpenAI")).height == frame.height
    alike = "the same as" if same else "not the same as"
    return (
        f"Claude's documentation lists {count(read, 'image format')} and none of the {absent} "
        "that the text calls unreadable: as it says. The conclusion drawn from it, a borrowed "
        "decoder instead of a design of its own, fails its own test: OpenAI, whose models the "
        f"text calls natively multimodal, lists {alike} Claude; Google lists HEIF and HEIC and "
        "leaves out GIF. What an interface accepts is the work of a decoder in front of any "
        "model, and says nothing of the model. Yes: on the firm's list; no: not on it."
    )


def products(frame: pl.DataFrame) -> str:
    """Caption the products."""
    looked_up = frame.drop_nulls("takes images")
    seeing = looked_up.filter(pl.col("takes images") == "yes").height
    return (
        f"{seeing} of the {looked_up.height} looked up, of {count(frame.height, 'product')} that "
        "the write-up calls text, take images or screenshots too. All put "
        "out text, which a program may then run. They share a family name and not one model: "
        "several sizes are sold ([](#claim-t2-1)). Computer use, which the table names, works by "
        "looking at the screen. No entry: not looked up."
    )


def posts(releases: pl.DataFrame) -> str:
    """Caption the posts."""
    first = beyond_text(releases).row(0, named=True)
    years = (WRITTEN - first["announced_day"]).days / 365.25
    reached = facts("posts").filter(pl.col("reached") == "yes").height or "None"
    return (
        f"{reached} of {count(facts('posts').height, 'post')} that the write-up quotes could be "
        "read: job boards do not keep old posts. The text takes them as building *for the first "
        f"time*; its own timeline has {first['release']}, which reads images, {years:.1f} years "
        "before ([](#claim-t1-15)). That is images alone: for audio, which the posts seek too, "
        "nothing was tested, as no maker of Claude's speech is published. And its "
        "section 3 calls the plans *exclusively text-focused* while its section 1 quotes hiring "
        "for vision and audio ([](#claim-t3-13)). A firm that improves a thing hires for it too: "
        "a post tells neither."
    )


def posts_table() -> pl.DataFrame:
    """Return the posts, as a table."""
    asked = pl.col("years").alias("years asked for")
    return facts("posts").select("post", "seeks", asked, read="reached")


def papers(releases: pl.DataFrame) -> str:
    """Say what is known of papers on vision."""
    named = ("CLIP", "GPT-4V", "PaLI", "SigLIP", "Segment Anything", "DINOv2")
    found = releases.filter(pl.col("release").is_in(named)).height
    return (
        f"Of papers on vision, the {found} works of rivals that the text names do exist, and all "
        "were public before the write-up. GPT-4V's is a system card, which says nothing of the "
        "model's architecture. That Anthropic published none on its own ([](#claim-t1-8)) is a "
        "negative that we could not search for: it would take a complete list of its papers."
    )
