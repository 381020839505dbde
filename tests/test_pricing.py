"""The price list with its multiples, against the table of the sources; and its captions."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import requests

from analysis.measures import pricing
from analysis.measures.scorecard import scorecard
from analysis.plots.pricing import plot_multiples
from analysis.prices import price
from analysis.words import pricing as words

pytestmark = pytest.mark.usefixtures("themed")

USUAL = (1.25, 2.0, 0.1)

#: Section 4.2 of the sources: five-minute write, one-hour write and read, over base input.
EXCEPTIONS = {
    ("Haiku 3", None, 0): (1.2, 2.0, 0.12),
    ("Opus 5.5", None, 0): (1.25, 2.0, 0.05),
    ("Sonnet 5.5", dt.date(2026, 10, 7), 0): (1.25, 2.0, 0.05),
    ("Fable 5.1", None, 0): (1.25, 2.0, 0.025),
    ("Mythos 5.1", None, 0): (1.25, 2.0, 0.025),
    ("Fable 5.2", None, 0): (1.25, 2.0, 0.025),
    ("Mythos 5.2", None, 0): (1.25, 2.0, 0.025),
    ("Sonnet 4", None, 200_000): (2.5, 4.0, 0.2),
    ("Sonnet 4.5", None, 200_000): (2.5, 4.0, 0.2),
    ("Sonnet 4.6", None, 200_000): (2.5, 4.0, 0.2),
    ("Opus 4.6", None, 200_000): (2.5, 4.0, 0.2),
    ("Haiku 5.5", None, 100_000): (6.25, 10.0, 0.5),
}


@pytest.fixture(scope="module")
def listed():
    return pricing.prices()


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_exceptions_are_those_of_the_sources_and_no_others(listed):
    times = ("write_5m_multiple", "write_1h_multiple", "read_multiple")
    found = {
        tuple(row[c] for c in ("name", "first", "above")): tuple(row[c] for c in times)
        for row in listed.to_dicts()
    }
    assert {key: value for key, value in found.items() if value != USUAL} == EXCEPTIONS


def test_every_model_on_the_list_is_known_by_name_and_date(listed):
    assert listed["since"].null_count() == 0
    assert not listed.filter(pl.col("name") == pl.col("model")).height
    assert listed["model"].n_unique() == 27


@pytest.mark.parametrize(
    ("model", "stretches"),
    [
        ("claude-opus-4-6", [(None, (2026, 3, 12)), ((2026, 3, 13), None)]),
        ("claude-sonnet-5-5", [(None, (2026, 10, 6)), ((2026, 10, 7), None)]),
        ("claude-opus-4-7", [(None, None)]),
    ],
)
def test_a_price_holds_from_one_change_to_the_next(listed, model, stretches):
    rows = listed.filter(pl.col("model") == model, pl.col("above") == 0)
    days = [tuple(day and dt.date(*day) for day in stretch) for stretch in stretches]
    assert rows.select("first", "last").rows() == days


def test_a_tier_ends_with_its_price(listed):
    tier = listed.filter(pl.col("model") == "claude-opus-4-6", pl.col("above") > 0)
    assert tier.select("last", "input", "output").rows() == [(dt.date(2026, 3, 12), 10.0, 37.5)]


def test_models_with_the_same_multiples_share_a_row_unless_their_days_differ(listed):
    rows = pricing.multiples(listed)
    named = [words.row_name(row) for row in rows.to_dicts()]
    assert "Opus 3, 4, 4.1, 4.5, 4.6, 4.7, 4.8, 5" in named
    assert "Opus 4.6, prompts over 200k, to 2026-03-12" in named
    assert "Sonnet 5.5, to 2026-10-06" in named
    assert "Sonnet 5.5, from 2026-10-07" in named
    assert len(set(named)) == rows.height
    families = rows["family"].to_list()
    assert families == sorted(families, key=families.index)


def test_a_model_without_a_family_has_its_name_as_its_row():
    rows = pricing.prices().head(1).with_columns(name=pl.lit("claude-new-1"))
    (row,) = pricing.multiples(rows).to_dicts()
    assert words.row_name(row) == "claude-new-1"


def test_the_picture_labels_what_is_not_usual(listed):
    ax = plot_multiples(pricing.multiples(listed))
    shown = {text.get_text() for text in ax.texts}
    assert {"0.05×", "0.025×", "0.12×", "1.2×", "0.2×", "2.5×", "4×", "6.25×", "10×"} <= shown
    assert not {"0.1×", "1.25×", "2×"} & shown
    assert ax.get_xscale() == "log"


def test_the_captions_say_the_rule_and_its_exceptions(listed):
    said = words.multiples(pricing.multiples(listed))
    assert said.startswith("A cache read costs 0.1× the base input price, a write 1.25× for five")
    assert "reads at 0.025×, 0.05×, 0.12×" in said
    assert "over 200k and 100k tokens" in said
    assert "7 October 2026" in plain(words.today(listed))
    assert "Opus 5.5" in words.today(listed)
    assert words.prices(listed).startswith("A million tokens read from the cache cost $0.01 to ")


def test_the_table_has_days_and_tiers(listed):
    rows = words.price_table(listed)
    haiku = rows.filter(pl.col("model") == "Haiku 5.5, prompts over 100,000 tokens")
    assert haiku.select("from", "read").rows() == [("2026-10-07", 0.05)]
    assert rows.height == listed.height


def test_the_text_s_rules_have_verdicts_that_are_computed():
    card = scorecard(price(requests()))
    rows = words.rules(card)
    assert rows["verdict"].to_list() == ["**exact**"] * 6
    assert rows["claim"].to_list()[-1] == "[](#claim-t4-17)"
    ours = dict(rows.select("claim", "ours").rows())
    assert plain(ours["[](#claim-t3-3)"]).startswith("125.0 % (five-minute writes); 200.0 %")
    assert ours["[](#claim-t3-7)"].startswith("5 minutes (the default lifetime); 60 minutes")
    assert words.rules_caption(card).startswith("6 of 6 rules on the price of caching hold")
