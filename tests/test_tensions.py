"""Where the texts contradict themselves: each pair is of claims that there are."""

import polars as pl
from requests_by_hand import requests

from analysis.claims import VERDICTS, claims
from analysis.measures.scorecard import scorecard
from analysis.measures.tensions import tensions
from analysis.words import tensions as words


def card():
    from analysis.prices import price

    return scorecard(price(requests()))


def test_each_side_is_a_claim_with_a_verdict():
    frame = tensions(card())
    for side in ("first", "second"):
        assert set(frame[side]) <= set(claims()["claim"])
        assert set(frame[f"{side}_verdict"]) <= set(VERDICTS)


def test_no_pair_is_listed_twice():
    pairs = [frozenset(pair) for pair in tensions(card()).select("first", "second").rows()]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)


def test_a_pair_that_holds_on_both_sides_is_counted():
    frame = tensions(card())
    held = frame.with_columns(
        first_verdict=pl.lit("exact"), second_verdict=pl.lit("rounding")
    ).head(2)
    assert "in 2 of them each holds by itself" in words.tensions(held)
    failed = held.with_columns(second_verdict=pl.lit("differs"))
    assert "by itself" not in words.tensions(failed)


def test_the_table_links_both_claims():
    row = words.pairs(tensions(card())).row(0, named=True)
    assert "[](#claim-t0-2)" in row["it says"]


def test_both_sides_of_a_pair_name_each_other_in_the_list_of_claims():
    against = dict(claims().select("claim", pl.col("against").fill_null("").str.split(" ")).rows())
    for first, second in tensions(card()).select("first", "second").rows():
        assert second in against[first]
        assert first in against[second]
