"""What we compute for the claims on capabilities and products, by the name in column `check`."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from analysis.claims import Reading, value_of
from analysis.facts import facts
from analysis.measures.capabilities import (
    WRITTEN,
    beyond_text,
    formats,
    founded,
    in_house,
    left,
    matrix,
    public_before,
    timeline,
)

#: What the text says OpenAI did not have when Anthropic's founders left.
_LATER = ("DALL-E 2", "Whisper", "GPT-4V")
_PUT_OUT = ("Image generation", "Video generation")
_YEAR = 365.25  # days


def _in_house() -> list[Reading]:
    """Count what each firm has of its own, by two yardsticks that are the same for all."""

    def told(how: str, *, disputed: bool) -> list[Reading]:
        first, *rivals = in_house(matrix(), disputed=disputed)["own"]
        fits = first == 1 and set(rivals) <= {6, 7}  # the claim's own numbers
        return [
            Reading(f"fewest of a rival, {how}", min(rivals), fits),
            Reading(f"of Anthropic, {how}", first, fits),
        ]

    return [
        *told("search on a bought-in index counted for none", disputed=False),
        *told("search counted for all who sell one", disputed=True),
    ]


def _formats_read() -> list[Reading]:
    read = formats().filter(pl.col("Anthropic") == "yes").height
    return [Reading("formats that the vision page lists", read)]


def _formats_not() -> list[Reading]:
    named = formats().filter(pl.col("said") == "not read")
    absent = value_of(named, (pl.col("Anthropic") == "no").sum())
    text = "of those named, not on the vision page's list"
    return [Reading(text, absent, absent == named.height, "formats")]


def _heif() -> list[Reading]:
    day = facts("releases").filter(pl.col("firm") == "Apple")["announced_day"].item()
    return [Reading("year of iOS 11", day.year)]


def _decoder() -> list[Reading]:
    """Ask whether firms whose models are native to many media, by the text, list HEIF."""
    native = ("OpenAI", "Google")
    lists = formats().filter(pl.col("format") == "HEIF").row(0, named=True)
    able = sum(lists[firm] == "yes" for firm in native)
    text = "that list HEIF, with models that are native to many media by the text"
    return [Reading(text, able, able == len(native), f"of {len(native)} firms")]


def _founded() -> list[Reading]:
    return [Reading("year of the founding", founded().year)]


def _day(release: str) -> pl.Series:
    return timeline().filter(pl.col("release") == release)["announced_day"]


def _not_yet() -> list[Reading]:
    days = min((_day(name).item() - left()).days for name in _LATER)
    text = "days from the announced departure to the first of the three"
    return [Reading(text, days, days > 0, "days")]


def _no_knowledge() -> list[Reading]:
    """Count OpenAI's public work on other media before the founders left, and who wrote it."""
    works = {day: public_before(timeline(), day) for day in (left(), founded())}
    shared = works[left()].filter(pl.col("founders").is_in(["one", "several"])).height
    told = {
        "with later founders among the authors, public before they left": shared,
        "of OpenAI on images, music or several media, public before they left": works[
            left()
        ].height,
        "the same, public before the founding": works[founded()].height,
    }
    return [Reading(text, found, found == 0, _of(found, "work")) for text, found in told.items()]


def _of(number: int, thing: str) -> str:
    return thing if number == 1 else f"{thing}s"


def _rows() -> list[Reading]:
    listed = timeline().drop_nulls("row_year")
    right = listed.group_by("row_year").agg((pl.col("late") == 0).all())
    rows = value_of(right, 100 * pl.col("late").mean())
    own = listed.filter(pl.col("firm") == "Anthropic")
    of_own = value_of(own, 100 * (pl.col("late") == 0).mean())
    return [
        Reading("of rows, every release announced in its year", rows, rows == 100, "percent"),
        Reading("of Anthropic's releases, in their year", of_own, of_own == 100, "percent"),
    ]


def _first_time() -> list[Reading]:
    """Ask of images alone; the posts that the text quotes seek people for audio too."""
    first = beyond_text(timeline())["announced_day"][0]
    years = (WRITTEN - first).days / _YEAR
    text = "years from Anthropic's first models that take images to the write-up; audio not tested"
    return [Reading(text, years, years <= 0, "years")]


def _clip() -> list[Reading]:
    days = (founded() - _day("CLIP").item()).days
    right = days > 0 and _day("PaLI").item().year == 2022  # the claim's own year
    return [Reading("days from CLIP to the month of the founding", days, right, "days")]


def _one_model() -> list[Reading]:
    """Count families of models on sale, and media that they put out beside text."""
    sold = facts("models").filter(pl.col("since").str.head(7) <= f"{WRITTEN:%Y-%m}")
    kinds = sold["name"].str.split(" ").list.first().n_unique()
    made = matrix().filter(pl.col("firm") == "Anthropic", pl.col("capability").is_in(_PUT_OUT))
    other = made.filter(~((pl.col("claimed") == "none") & (pl.col("checked") == "agrees"))).height
    return [
        Reading("families of models on the price list by then", kinds, kinds == 1, "families"),
        Reading("one kind of model: media put out beside text", other, other == 0, "media"),
    ]


def _products() -> list[Reading]:
    looked_up = facts("products").drop_nulls("images")
    seeing = looked_up.filter(pl.col("images") == "yes").height
    text = f"of the {looked_up.height} looked up, take images or screenshots too"
    return [Reading(text, seeing, seeing == 0, "products")]


def _text_alone() -> list[Reading]:
    released = beyond_text(timeline()).height
    text = "releases of Anthropic for images, screens or speech by then"
    return [Reading(text, released, released == 0, "releases")]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "in-house": _in_house,
    "formats-read": _formats_read,
    "formats-not-read": _formats_not,
    "heif": _heif,
    "decoder": _decoder,
    "founded": _founded,
    "not-yet": _not_yet,
    "no-knowledge": _no_knowledge,
    "timeline-rows": _rows,
    "first-time": _first_time,
    "clip": _clip,
    "one-model": _one_model,
    "products": _products,
    "text-alone": _text_alone,
}
