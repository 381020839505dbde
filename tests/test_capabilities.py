"""What firms build and when: the text's table and dates, against what could be read."""

import datetime as dt

import polars as pl
import pytest

from analysis.measures import capabilities
from analysis.words import capabilities as words
from analysis.words import releases as dated


@pytest.fixture(scope="module")
def cells():
    return capabilities.matrix()


@pytest.fixture(scope="module")
def releases():
    return capabilities.timeline()


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_cells_fill_the_table_and_the_lost_column_is_marked(cells):
    places = set(cells.select("row", "column").rows())
    assert places == {(row, column) for row in range(7) for column in range(4)}
    assert cells.filter("restored")["firm"].unique().to_list() == ["Google"]
    assert cells.filter("restored")["named"].drop_nulls().to_list() == [
        "Imagen",
        "Veo",
        "Google Search",
        "TPU",
    ]


def test_a_cell_that_is_wrong_counts_only_where_the_table_is_taken_as_it_is(cells):
    printed = dict(capabilities.in_house(cells).select("firm", "own").rows())
    checked = dict(capabilities.in_house(cells, corrected=True).select("firm", "own").rows())
    wrong = cells.filter(pl.col("checked") == "disagrees", pl.col("claimed") == "in-house")
    for firm, own in printed.items():
        assert own - checked[firm] == wrong.filter(pl.col("firm") == firm).height


def test_how_late_is_counted_in_calendar_years(releases):
    late = dict(releases.drop_nulls("late").select("release", "late").rows())
    assert late["SeamlessM4T"] == 2025 - 2023
    assert late["Gemini 2.0"] == 1
    assert late["DALL-E 1"] == 0
    general = dict(releases.drop_nulls("late").select("release", "late_general").rows())
    assert (general["Gemini 2.0"], general["Veo 2"], general["Emu"]) == (0, 0, 1)


def test_no_release_stands_before_its_own_announcement_in_the_text(releases):
    assert (releases["late"].drop_nulls() >= 0).all()


def test_before_the_founding_is_before_its_month_and_only_other_media(releases):
    found = capabilities.before_founding(releases)
    assert (found["announced_day"] < dt.date(2021, 2, 1)).all()
    assert set(found["release"]) >= {"DALL-E 1", "CLIP"}
    text = releases.with_columns(medium=pl.lit("text"))
    assert capabilities.before_founding(text).is_empty()


def test_beyond_text_leaves_out_what_came_after_the_write_up(releases):
    later = releases.with_columns(announced_day=pl.lit(dt.date(2026, 3, 26)))
    assert capabilities.beyond_text(releases)["release"][0] == "Claude 3"
    assert capabilities.beyond_text(later).is_empty()


def test_the_formats_are_those_of_the_text_beside_each_firms_list():
    rows = {r["format"]: r for r in capabilities.formats().to_dicts()}
    assert len(rows) == 10
    assert {f for f, r in rows.items() if r["Anthropic"] == "yes"} == {"JPEG", "PNG", "GIF", "WebP"}
    assert [rows["HEIC"][firm] for firm in ("Anthropic", "OpenAI", "Google")] == ["no", "no", "yes"]


def test_the_words_carry_the_counts_that_the_frames_have(cells, releases):
    said = words.matrix(cells)
    assert said.startswith("Of 28 cells")
    for checked in ("agrees", "disagrees", "not checked"):
        assert str(cells.filter(pl.col("checked") == checked).height) in said
    assert "2 of Google and 3 of Meta" in dated.timeline(releases)
    assert "4 March 2024" in plain(words.opening(cells, releases))
    fewer = cells.with_columns(checked=pl.lit("agrees"))
    assert "28 agree" in words.matrix(fewer)


def test_what_the_text_lists_itself_is_told_where_it_says_otherwise(releases):
    assert "lists DALL-E 1 in its row of 2021" in dated.earlier_caption(releases)
    posts = words.posts(releases)
    assert "Claude 3" in posts
    assert "exclusively text-focused" in posts
    assert "cannot both be known" in words.speech()
    assert "the same as Claude" in words.formats(capabilities.formats())


def test_formats_that_differ_are_not_called_the_same():
    other = capabilities.formats().with_columns(OpenAI=pl.lit("yes"))
    assert "not the same as Claude" in words.formats(other)
