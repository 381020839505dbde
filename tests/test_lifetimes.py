"""What other lifetimes would serve and cost."""

import polars as pl
import pytest
from gallery import ODD
from test_expiry import HOUR, priced, request

from analysis.measures import expiry, lifetimes
from analysis.report.markdown import title_and_rest
from analysis.words import lifetimes as words

K = 1_000
MARKS = (60.0, 300.0, 3_600.0)


def chain(*steps, session="s"):
    """Requests by (second, prompt): each reads nothing and writes its whole prompt."""
    return [request(s, context_tokens=n * K, write_tokens=n * K, session=session) for s, n in steps]


def test_a_cache_serves_what_comes_within_its_lifetime_and_was_there_before():
    gone_on = expiry.went_on(priced(*chain((0, 100), (60, 110), (400, 120), (5_000, 130))))
    found = dict(lifetimes.hits(gone_on, MARKS).rows())
    prompts = 110 + 120 + 130
    assert found == {60.0: 100 / prompts, 300.0: 100 / prompts, 3_600.0: 210 / prompts}


def test_what_never_returns_has_no_part_in_it():
    alone = expiry.went_on(priced(*chain((0, 100))))
    assert lifetimes.hits(alone).is_empty()
    beside = lifetimes.published_hits(alone)
    assert beside["published"].to_list() == [0.854, 0.94, 0.986]
    assert beside["share"].null_count() == beside["low"].null_count() == 3


def test_the_interval_holds_the_share_where_sessions_are_many():
    made = [r for n in range(12) for r in chain((0, 100), (30 * n + 1, 110), session=f"s{n}")]
    found = lifetimes.published_hits(expiry.went_on(priced(*made)))
    assert (found["low"] <= found["share"]).all()
    assert (found["share"] <= found["high"]).all()
    few = lifetimes.published_hits(expiry.went_on(priced(*made[:8])))
    assert few["low"].null_count() == 3


def at(frame, seconds):
    return frame.filter(lifetime_seconds=seconds).row(0, named=True)


def test_the_multiple_at_which_an_hour_breaks_even():
    """Opus 4.7: input 5, five-minute writes 6.25, reads 0.50 $ per MTok."""
    found = lifetimes.break_even(priced(*chain((0, 100), (600, 110))))
    assert at(found, 300.0)["multiple"] == pytest.approx(1.25)
    assert (at(found, 300.0)["listed"], at(found, 3_600.0)["listed"]) == (1.25, 2)
    # five minutes: 210 written; an hour: 110 written, 100 read at a tenth of input
    assert at(found, 3_600.0)["multiple"] == pytest.approx((210 * 1.25 - 100 * 0.1) / 110)
    assert found["listed"].drop_nulls().len() == 2


@pytest.mark.parametrize(("new", "wins"), [(153, True), (154, False)])
def test_the_exact_rule(new, wins):
    """One hour wins where 1.15 M is more than 0.75 W: 100 against 65.2."""
    first = request(0, context_tokens=100 * K, write_tokens=100 * K)
    last = request(600, context_tokens=new * K, write_tokens=new * K)
    found = lifetimes.by_session(priced(first, last)).row(0, named=True)
    assert found["saved_nano"] == 100 * K * 5_750
    assert found["extra_nano"] == new * K * 3_750
    assert found["hour_wins"] is wins


def test_the_rule_and_the_break_even_price_agree():
    many = [
        *chain((0, 90), (30, 95), (700, 99), (4_000, 120), (9_000, 125)),
        *chain((0, 50), (1_000, 51), session="b"),
        *chain((0, 70), (20, 80), session="c"),
    ]
    made = priced(*many)
    rule, even = lifetimes.by_session(made), at(lifetimes.break_even(made), 3_600.0)
    gain = rule["saved_nano"].sum() - rule["extra_nano"].sum()
    assert (gain > 0) == (even["multiple"] > even["listed"])
    written = sum(n for _, n in ((0, 90), (0, 50), (0, 70))) + 5 + 4 + 21 + 1 + 10 + 120 + 5
    assert gain == pytest.approx((even["multiple"] - 2) * 5_000 * written * K)


def test_what_does_not_go_on_is_read_and_written_as_it_was():
    made = chain((0, 100))
    cut = request(600, context_tokens=20 * K, read_tokens=15 * K, write_tokens=5 * K)
    found = lifetimes.by_session(priced(*made, cut)).row(0, named=True)
    assert found["saved_nano"] == 0
    assert found["extra_nano"] == 105 * K * 3_750


def test_prices_that_are_doubled_leave_the_multiple():
    made = priced(*chain((0, 100), (600, 110)))
    double = made.with_columns(pl.col("^.*_nano$") * 2)
    one, other = lifetimes.break_even(made), lifetimes.break_even(double)
    assert one["multiple"].to_list() == pytest.approx(other["multiple"].to_list())
    sums = [lifetimes.by_session(f).select("extra_nano", "saved_nano") for f in (made, double)]
    assert (sums[0] * 2).equals(sums[1])


def test_what_has_no_price_has_no_part():
    made = [row | {"model": "other-01"} for row in chain((0, 100), (600, 110))]
    assert lifetimes.break_even(priced(*made)).is_empty()
    assert lifetimes.by_session(priced(*made)).is_empty()


def test_one_hour_writes_have_the_same_rule():
    hour = {"write_5m_tokens": 0, "write_1h_tokens": 100 * K}
    first = request(0, context_tokens=100 * K, write_tokens=100 * K, **hour)
    last = request(600, context_tokens=110 * K, read_tokens=100 * K, write_tokens=10 * K, **HOUR)
    found = lifetimes.by_session(priced(first, last)).row(0, named=True)
    assert found["saved_nano"] == 100 * K * 5_750


@pytest.mark.parametrize("name", ODD)
def test_every_caption_is_a_sentence_whatever_the_logs(name):
    made = ODD[name].priced
    gone_on = expiry.went_on(made)
    beside = lifetimes.published_hits(gone_on)
    for text in (
        words.hits(lifetimes.hits(gone_on), beside, 3),
        words.break_even(lifetimes.break_even(made)),
        words.sessions(lifetimes.by_session(made)),
    ):
        assert title_and_rest(text)[0][0].isupper()
        assert text.endswith(".")
        assert "None" not in text
        assert "nan" not in text


def test_the_printed_sessions_have_no_ids():
    found = lifetimes.ranked(lifetimes.by_session(priced(*chain((0, 100), (600, 110)))))
    assert found.columns == ["place", "project", "extra_usd", "saved_usd", "hour_wins"]
