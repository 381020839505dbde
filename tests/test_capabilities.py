"""What firms build and when: the text's table and dates, against what could be read."""

import datetime as dt

import polars as pl
import pytest

from analysis.claims.capabilities import PUBLISHED
from analysis.facts import facts
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
    fewer, more = (
        dict(capabilities.in_house(cells, disputed=counts).select("firm", "own").rows())
        for counts in (False, True)
    )
    wrong = cells.filter(pl.col("checked") == "disagrees")
    for firm, own in printed.items():
        of_firm = wrong.filter(pl.col("firm") == firm)
        own_by_text = of_firm.filter(pl.col("claimed") == "in-house").height
        assert own - fewer[firm] == own_by_text
        assert more[firm] - own == of_firm.height - own_by_text


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
    found = capabilities.public_before(releases, capabilities.founded())
    assert (found["announced_day"] < dt.date(2021, 2, 1)).all()
    assert set(found["release"]) >= {"DALL-E 1", "CLIP"}
    text = releases.with_columns(medium=pl.lit("text"))
    assert capabilities.public_before(text, capabilities.founded()).is_empty()


def test_dall_e_and_clip_came_after_the_departure_was_announced(releases):
    gone = capabilities.public_before(releases, capabilities.left())
    assert not {"DALL-E 1", "CLIP"} & set(gone["release"])
    assert gone.filter(pl.col("founders") == "several").height == 1
    assert capabilities.left() < capabilities.founded()


def test_the_founding_is_no_release(releases):
    assert not {"Founded", "Departure announced"} & set(releases["release"])
    assert "5 of 33 releases" in dated.timeline(releases)


def test_years_that_are_off_to_both_sides_are_not_called_one_sided(releases):
    assert "None is dated too early" in dated.timeline(releases)
    early = pl.when(pl.col("release") == "Sora").then(-1).otherwise(pl.col("late"))
    assert "both sides" in dated.timeline(releases.with_columns(late=early))
    assert "No release" in dated.moved_caption(releases.with_columns(late=pl.lit(0)))


def test_authors_that_were_not_looked_up_are_empty(releases):
    authors = dict(dated.earlier(releases).select("work", "authors").rows())
    assert authors["Image GPT"] is None
    assert authors["CLIP"] == "a later founder among them"


def test_a_product_that_was_not_looked_up_is_not_counted():
    looked_up = facts("products").drop_nulls("images")
    reading = PUBLISHED["products"]()[0]
    assert f"of the {looked_up.height} looked up" in reading.definition
    assert reading.value == looked_up.filter(pl.col("images") == "yes").height


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
    assert "has DALL-E 1 in its row of 2021" in dated.earlier_caption(releases)
    posts = words.posts(releases)
    assert "Claude 3" in posts
    assert "exclusively text-focused" in posts
    assert "cannot both be known" in words.speech()
    assert "own cookbook" in words.speech()
    assert "could not be checked: its help page" in words.speech()
    assert "the same as Claude" in words.formats(capabilities.formats())


def test_formats_that_differ_are_not_called_the_same():
    other = capabilities.formats().with_columns(OpenAI=pl.lit("yes"))
    assert "not the same as Claude" in words.formats(other)
