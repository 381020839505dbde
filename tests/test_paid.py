"""What was paid for cached tokens: requests counted by hand, tiers and modes among them."""

import datetime as dt

import pytest
from gallery import Odd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import load
from analysis.measures.paid import paid
from analysis.plots.pricing import plot_reads
from analysis.words import paid as words

pytestmark = pytest.mark.usefixtures("themed")

HOUR = {"write_tokens": 100, "write_5m_tokens": 60, "write_1h_tokens": 40}
LONG = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)  # Opus 4.6 has a tier of long prompts


def found(*rows, price_date=""):
    return paid(Odd(rows).logs, price_date).to_dicts()


def test_a_model_paid_by_the_mix_of_its_lifetimes():
    (row, whole) = found(HOUR | {"read_tokens": 3000, "input_tokens": 1})
    assert row["model"] == "claude-opus-4-7"
    assert row["write_multiple"] == pytest.approx(0.6 * 1.25 + 0.4 * 2)
    assert row["read_multiple"] == pytest.approx(0.1)
    assert row["hour_share"] == pytest.approx(0.4)
    assert row["reads_per_write"] == 30
    assert row["even"] == pytest.approx(0.55 / 0.9)
    assert (row["premium_requests"], row["premium_usd"]) == (0, 0)
    assert whole == row | {"model": None}


def test_over_models_tokens_weigh_by_their_input_price():
    cheap = {"model": "claude-haiku-3", "write_tokens": 1_000_000}  # $0.25 of input, at 1.2
    dear = {"write_tokens": 1_000_000}  # $5 of input, at 1.25
    rows = found(cheap, dear)
    assert [row["model"] for row in rows] == ["claude-opus-4-7", "claude-haiku-3", None]
    assert rows[-1]["write_multiple"] == pytest.approx((0.3 + 6.25) / (0.25 + 5))
    assert rows[-1]["total_usd"] == pytest.approx(6.55)


def test_a_long_prompt_pays_a_premium_on_every_token():
    made = {"model": "claude-opus-4-6", "first_seen": LONG, "read_tokens": 300_000}
    made |= {"output_tokens": 1000}
    short = made | {"read_tokens": 100_000}
    (row, _) = found(made, short)
    assert row["premium_requests"] == 1
    assert row["premium_usd"] == pytest.approx(0.3 * 0.5 + 0.001 * 12.5)
    assert row["premium_share"] == pytest.approx(row["premium_usd"] / row["total_usd"])
    assert row["read_multiple"] == pytest.approx((0.3 * 1.0 + 0.1 * 0.5) / (0.4 * 5))
    assert "1 request fell in a tier of long prompts" in words.premium(paid(Odd((made,)).logs))


def test_at_a_date_without_a_tier_there_is_no_premium():
    made = {"model": "claude-opus-4-6", "first_seen": LONG, "read_tokens": 300_000}
    assert found(made, price_date="2026-04-01")[0]["premium_usd"] == 0


def test_the_input_price_is_that_of_the_mode():
    fast = {"model": "claude-opus-4-6", "speed": "fast", "read_tokens": 1000, "write_tokens": 10}
    (row, _) = found(fast)
    assert row["read_multiple"] == pytest.approx(0.1)
    assert row["write_multiple"] == pytest.approx(1.25)


def test_what_the_log_does_not_split_counts_as_five_minutes_and_in_no_share():
    (row, _) = found({"write_tokens": 100, "write_5m_tokens": None, "write_1h_tokens": None})
    assert row["hour_share"] is None
    assert row["write_multiple"] == pytest.approx(1.25)


def test_without_reads_or_writes_there_is_nothing_to_divide_by():
    (row, _) = found({"input_tokens": 10})
    names = ("write_multiple", "read_multiple", "reads_per_write", "even", "hour_share")
    assert [row[name] for name in names] == [None] * 5


@pytest.mark.parametrize("rows", [(), ({"model": "other-01", "write_tokens": 5},)])
def test_without_a_price_nothing_was_paid(rows):
    frame = paid(Odd(rows).logs)
    assert frame.is_empty()
    assert "No request of these logs has a price" in words.paid(frame)
    assert "none paid a premium" in words.premium(frame)
    assert "No cached token was written" in words.kept(frame)
    assert [text.get_text() for text in plot_reads(frame).texts] == ["nothing to show"]
    assert words.paid_table(frame).is_empty()


def test_nothing_since_the_far_future():
    assert paid(load("sample").where(since="2099-01-01")).is_empty()


TOKENS = st.integers(1, 10**6)


@settings(deadline=None)
@given(st.lists(st.tuples(TOKENS, TOKENS, TOKENS), min_size=1, max_size=5))
def test_parts_sum_to_the_whole_and_multiples_lie_between_those_of_the_list(made):
    names = ("read_tokens", "write_tokens", "input_tokens")
    *rows, whole = found(*(dict(zip(names, row, strict=True)) for row in made))
    for name in ("requests", "write_tokens", "read_tokens", "premium_requests"):
        assert sum(row[name] for row in rows) == whole[name]
    assert sum(row["total_usd"] for row in rows) == pytest.approx(whole["total_usd"])
    assert whole["write_multiple"] == pytest.approx(1.25, rel=1e-6)
    assert whole["read_multiple"] == pytest.approx(0.1, rel=1e-6)


def test_the_sentences_say_share_of_what():
    frame = paid(Odd((HOUR | {"read_tokens": 3000},)).logs)
    said = words.paid(frame).replace("\u202f", " ")
    assert said.startswith(
        "These logs paid 155.0 % of the input price per token written and 10.0 %"
    )
    assert words.kept(frame).startswith(
        "In these logs 30.0 tokens were read per token written; at their prices a write has paid "
        "at 0.61, so the cache paid"
    )
    unread = paid(Odd((HOUR | {"read_tokens": 10},)).logs)
    assert "so the cache did not pay" in words.kept(unread)
    assert "None of 1 request with a price fell in a tier" in words.premium(frame)
    assert plot_reads(frame).get_xscale() == "log"
    assert words.paid_table(frame)["model"].to_list() == ["claude-opus-4-7", "all models"]
    assert "all models 30.0" in words.kept_alt(frame)
