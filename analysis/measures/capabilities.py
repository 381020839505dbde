"""What firms build, when they did, and where a table of the write-up puts it."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import facts

FIRMS = ("Anthropic", "OpenAI", "Google", "Meta")
#: The day the technical write-up is dated.
WRITTEN = dt.date(2026, 3, 25)
#: What a release works with that is neither text nor code.
MEDIA = ("images", "video", "speech", "music", "many")
#: Claimed of Claude's formats: read, or not.
_SAYS = {"yes": "read", "no": "not read"}


def matrix() -> pl.DataFrame:
    """Return the write-up's table of capabilities, cell by cell, with what could be checked.

    Returns
    -------
    pl.DataFrame
        The columns of `data/raw/facts/capabilities.csv`, and `row` and `column` (from 0, as the
        text has them, Google's lost name restored) and `restored` (whether it was lost).

    Examples
    --------
    >>> cells = matrix()
    >>> cells["row"].n_unique(), cells["column"].n_unique(), cells.filter("restored").height
    (7, 4, 7)
    """
    cells = facts("capabilities")
    order = cells["capability"].unique(maintain_order=True).to_list()
    return cells.with_columns(
        row=pl.col("capability").replace_strict(order, range(len(order))),
        column=pl.col("firm").replace_strict(FIRMS, range(len(FIRMS))),
        restored=pl.col("firm") == "Google",
    )


def in_house(cells: pl.DataFrame, *, disputed: bool | None = None) -> pl.DataFrame:
    """Count what each firm is said to build itself.

    Parameters
    ----------
    cells
        `matrix`.
    disputed
        Whether a cell that our check disagrees with counts as the firm's own, whosever it is; by
        default it counts where the text says so.

    Returns
    -------
    pl.DataFrame
        `firm`, `own` (capabilities), `listed`.

    Examples
    --------
    >>> in_house(matrix())["own"].to_list()
    [1, 6, 7, 6]
    """
    own = pl.col("claimed") == "in-house"
    if disputed is not None:
        own = pl.when(pl.col("checked") == "disagrees").then(disputed).otherwise(own)
    by_firm = cells.group_by("firm", maintain_order=True)
    return by_firm.agg(own=own.sum().cast(pl.Int64), listed=pl.len())


def timeline() -> pl.DataFrame:
    """Return releases by the day they were announced, with the row of the text's table.

    Returns
    -------
    pl.DataFrame
        The rows of `data/raw/facts/releases.csv` that are releases, and `late` (years
        by which the text's row is after the announcement; null where it has none) and
        `late_general` (the same for general availability, where that day is known and later).

    Examples
    --------
    >>> timeline().filter(pl.col("late") > 0)["release"].to_list()
    ['SeamlessM4T', 'Emu', 'Movie Gen', 'Gemini 2.0', 'Veo 2']
    """
    general = pl.coalesce("general_day", "announced_day").dt.year()
    return (
        facts("releases")
        .filter(pl.col("kind") == "release")
        .with_columns(
            late=pl.col("row_year") - pl.col("announced_day").dt.year(),
            late_general=pl.col("row_year") - general,
        )
        .sort("announced_day", maintain_order=True)
    )


def founded() -> dt.date:
    """Return the first day of the month in which Anthropic was founded.

    Examples
    --------
    >>> founded().isoformat()
    '2021-02-01'
    """
    return _event("Founded")


def left() -> dt.date:
    """Return the day on which OpenAI announced that a later founder of Anthropic was leaving.

    Examples
    --------
    >>> left().isoformat()
    '2020-12-29'
    """
    return _event("Departure announced")


def _event(name: str) -> dt.date:
    day = facts("releases").filter(pl.col("release") == name)["announced_day"].item()
    assert isinstance(day, dt.date)
    return day


def public_before(releases: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Return OpenAI's work on other media than text that was public before a day.

    Parameters
    ----------
    releases
        `timeline`.
    day
        `founded` or `left`.

    Examples
    --------
    >>> works = timeline()
    >>> public_before(works, founded()).height, public_before(works, left()).height
    (5, 3)
    """
    return releases.filter(
        pl.col("firm") == "OpenAI",
        pl.col("medium").is_in(MEDIA),
        pl.col("announced_day") < day,
    )


def beyond_text(releases: pl.DataFrame) -> pl.DataFrame:
    """Return what Anthropic released up to the write-up that works with other media than text.

    Examples
    --------
    >>> beyond_text(timeline())["release"].to_list()[:2]
    ['Claude 3', 'Computer use']
    """
    return releases.filter(
        pl.col("firm") == "Anthropic",
        pl.col("medium").is_in(MEDIA),
        pl.col("announced_day") <= WRITTEN,
    )


def formats() -> pl.DataFrame:
    """Set the image formats that three firms list beside each other.

    Returns
    -------
    pl.DataFrame
        A row for each `format` of the text: what it says of Claude (`said`), and what each firm's
        documentation lists (`Anthropic`, `OpenAI`, `Google`: yes or no).

    Examples
    --------
    >>> formats().filter(pl.col("format") == "HEIF").row(0)
    ('HEIF', 'not read', 'no', 'no', 'yes')
    """
    listed = facts("image-formats")
    said = listed.drop_nulls("claimed").select("format", pl.col("claimed").replace(_SAYS))
    wide = listed.pivot("firm", index="format", values="accepted", maintain_order=True)
    return said.rename({"claimed": "said"}).join(
        wide, on="format", how="left", maintain_order="left"
    )
