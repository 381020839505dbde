"""What one margin leaves open: the linear programme against closed forms and counted costs."""

from itertools import pairwise

import polars as pl
import pytest
from requests_by_hand import requests

from analysis.measures import bounds, mixes
from analysis.measures.margin import PARTS
from analysis.prices import price
from analysis.words import bounds as words
from analysis.words.numbers import NARROW_SPACE

#: Reads earn 60 of 100 and would be 600 as input, writes 25 and 20, input 5 and 5, output 10 and 2.
MIX = pl.DataFrame(
    {"class": PARTS, "revenue_usd": [60.0, 25, 5, 10], "input_usd": [600.0, 20, 5, 2]}
)


def ends(step, name, margin=0.4, mixed=MIX):
    row = bounds.bounds(mixed, margin).filter(pl.col("class") == name, step=step)
    return row.select("low", "high").row(0)


def test_with_costs_of_any_size_a_class_may_bear_them_all_or_none():
    for name, revenue in zip(PARTS, MIX["revenue_usd"], strict=True):
        low, high = ends(0, name)
        assert (
            low
            == pytest.approx(bounds.least(revenue / 100, 0.4))
            == pytest.approx(1 - 60 / revenue)
        )
        assert high == pytest.approx(1)


def test_costs_in_order_by_hand():
    """The dearest read costs as much as every other token: 60 dollars over 627 of volume."""
    low, high = ends(1, "read")
    assert low == pytest.approx(1 - 60 / 627 * 600 / 60)
    assert high == pytest.approx(1)
    # an input token is dearest where writes and output cost the same, and reads nothing
    low, _ = ends(1, "input")
    assert low == pytest.approx(1 - 60 / 27 * 5 / 5)


def test_where_nothing_is_sold_below_cost_the_rest_is_bounded_too():
    """Writes, input and output bear 40 dollars at most, so reads bear 20 of 60 at least."""
    assert ends(2, "read")[1] == pytest.approx(1 - 20 / 60)
    for name in PARTS:
        low, high = ends(2, name)
        assert -1e-9 <= low <= 0.4 <= high <= 1 + 1e-9  # all at the margin of all is allowed


def test_each_assumption_tightens_and_each_margin_shifts():
    rows = bounds.bounds(MIX, 0.4).sort("class", "step")
    widths = rows.with_columns(width=pl.col("high") - pl.col("low"))
    for _, some in widths.group_by("class"):
        found = some.sort("step")["width"].to_list()
        assert all(later <= before + 1e-9 for before, later in pairwise(found))
    assert ends(0, "read", margin=0.7)[0] > ends(0, "read", margin=0.4)[0]


def test_dollars_do_not_matter_only_their_proportions():
    large = MIX.with_columns(pl.col("revenue_usd", "input_usd") * 1e9)
    found, other = bounds.bounds(MIX, 0.4), bounds.bounds(large, 0.4)
    assert other["low"].to_list() == pytest.approx(found["low"].to_list())
    assert other["high"].to_list() == pytest.approx(found["high"].to_list())


def test_a_class_without_tokens_has_no_bounds():
    none = MIX.with_columns(
        pl.when(pl.col("class") == "input").then(0.0).otherwise(pl.col(c)).alias(c)
        for c in ("revenue_usd", "input_usd")
    )
    assert "input" not in bounds.bounds(none, 0.4)["class"].to_list()
    assert bounds.bounds(MIX.with_columns(revenue_usd=0.0), 0.4).is_empty()


def test_the_mix_of_requests_by_hand():
    """Opus 4.7: 5, 6.25, 0.50 and 25 dollars a million for input, writes, reads and output."""
    made = {"read_tokens": 10**6, "write_tokens": 10**5, "input_tokens": 10**4}
    found = mixes.mix(price(requests(made | {"output_tokens": 10**3})))
    assert found["revenue_usd"].to_list() == pytest.approx([0.5, 0.625, 0.05, 0.025])
    assert found["input_usd"].to_list() == pytest.approx([5, 0.5, 0.05, 0.005])
    assert mixes.share_of(found, "read") == pytest.approx(0.5 / 1.2)
    assert mixes.share_of(mixes.mix(price(requests())), "read") is None


def test_the_published_session_s_mix():
    found = mixes.case_mix("session")
    assert found["revenue_usd"].to_list() == pytest.approx(
        [45.1801, 9.4489, 0.0251, 1.284], rel=1e-3
    )
    assert found["input_usd"][0] == pytest.approx(10 * found["revenue_usd"][0])


def test_the_least_of_every_published_account_is_the_closed_form():
    found = bounds.accounts(0.4)
    row = found.row(by_predicate=pl.col("case") == "issue-29000", named=True)
    assert row["least"] == pytest.approx(1 - 0.6 * 366.68 / 15.9285, rel=1e-3)
    # what it settles is what the linear programme settles
    (first, *_) = bounds.of_class(mixes.case_mix("session"), 0.4, "read")
    session = found.row(by_predicate=pl.col("case") == "session", named=True)
    assert session["least"] <= first["low"]
    assert (first["low"], first["high"]) == pytest.approx((0.257, session["most"]), abs=1e-3)


def test_a_margin_settles_all_accounts_some_or_none():
    assert set(bounds.accounts(0.97)["above_zero"]) == {"must be"}
    assert set(bounds.accounts(0.4)["above_zero"]) == {"must be", "may be"}
    assert set(bounds.accounts(0.1)["above_zero"]) == {"may be"}


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def test_the_caption_says_how_wide():
    said = plain(words.bounds(bounds.bounds(MIX, 0.4), 0.4))
    assert said.startswith(
        "A gross margin of 40 % over all leaves the margin on cached reads anywhere from 0 % to "
        "100 %, and with every assumption from 4 % to 67 %."
    )
    assert words.bounds(bounds.bounds(MIX.head(0), 0.4), 0.4).startswith("No request")


def test_free_reads_need_others_at_a_loss_or_not():
    said = plain(words.free_reads(bounds.bounds(MIX, 0.4), 0.4))
    assert "They are 40.0 % of these dollars, and their margin would be −50 %" in said
    assert "sold below cost" in said
    assert "do not exclude each other" in words.free_reads(bounds.bounds(MIX, 0.9), 0.9)


def test_the_session_s_sentence_follows_the_threshold():
    said = plain(words.session(0.4))
    assert "all cost is 60 % of revenue if all of it earns 40 %" in said
    assert "a class that is more of revenue than that cannot be sold below cost" in said
    said = plain(words.session(0.1))
    assert "Whether reads earn anything there is not identified: all cost is 90 %" in said


def test_the_accounts_sentence_comes_out_three_ways():
    said = plain(words.identified(bounds.accounts(0.4), 0.4))
    assert said.startswith("Of 8 published accounts with token counts, 1 must have a margin")
    assert "none cannot have one, and in 7 it may be either: there the sign" in said
    assert "no evidence against a margin" in said
    every = words.identified(bounds.accounts(0.97), 0.97)
    none = words.identified(bounds.accounts(0.4).with_columns(above_zero=pl.lit("cannot be")), 0.4)
    assert "8 must have" in every
    assert "8 cannot have one." in none
    assert "not identified" not in every + none


def test_a_bound_far_below_nothing_has_no_digits():
    one = MIX.with_columns(
        revenue_usd=pl.Series([1.0, 25, 5, 69]), input_usd=pl.Series([10.0, 20, 5, 14])
    )
    said = plain(words.bounds(bounds.bounds(one, 0.4), 0.4))
    assert "anywhere from below −100 % to 100 %" in said
