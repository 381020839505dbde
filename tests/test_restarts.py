"""Sessions replayed with an end every so many requests: costs counted by hand."""

import pytest
from chains import chain, line, stretched
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import restarts

READ, WRITE, OUTPUT = 0.5e-6, 6.25e-6, 25e-6  # $ a token of Opus 4.7, five-minute writes


def ready(*chains):
    return restarts.replayable(stretched(*chains))


def cost(frame, length, carry_over=0):
    return restarts.replay(frame, carry_over, [length])["usd"].item()


def test_the_lengths_tried_begin_at_one_and_end_at_the_longest():
    for longest in (1, 2, 7, 9, 10, 511, 100_000):
        tried = restarts.lengths(longest)
        assert tried[0] == 1
        assert tried[-1] == longest
        assert tried == sorted(set(tried))
    assert len(restarts.lengths(511)) < 25


def test_what_is_not_cut_costs_what_was_logged():
    frame = stretched(line(1000, 100, 5), chain([900, 950, 300, 350], session="t"))
    logged = frame.select("read_nano", "write_5m_nano", "input_nano").sum().sum_horizontal().item()
    assert cost(restarts.replayable(frame), 5) == pytest.approx(logged / 1e9, rel=1e-9)


def test_a_cut_by_hand():
    """Prompts of 1000, 1100, 1200, 1300: ended after two, with 50 carried over.

    The third request's prompt is the 1000 of the first, 50, and the 100 that are new: 1150 written.
    The fourth, 1250: what stood between, 50 of 1100, is gone; 1150 read and 100 written.
    """
    by_hand = (1000 + 100 + 1150 + 100) * WRITE + (1000 + 1150) * READ
    assert cost(ready(line(1000, 100, 4)), 2, 50) == pytest.approx(by_hand)


def test_what_the_model_writes_for_a_fresh_session_is_paid_as_output():
    """Two restarts in six requests: 50 tokens each at $25 per million."""
    frame = ready(line(1000, 100, 6, output_tokens=7))
    free = restarts.replay(frame, 50, [2])
    assert free["making_usd"].item() == pytest.approx(2 * 50 * OUTPUT)
    dear = restarts.written(free)
    assert dear["usd"].item() == pytest.approx(free["usd"].item() + 2 * 50 * OUTPUT)
    assert dear["usd_a_request"].item() == pytest.approx(dear["usd"].item() / 6)
    logged = free["usd"].item() / free["against"].item()
    assert dear["against"].item() == pytest.approx(dear["usd"].item() / logged)
    parts = restarts.by_session(frame, 50, [2], making=True)
    assert parts["2"].sum() / 1e9 == pytest.approx(dear["usd"].item())


def test_nobody_writes_more_than_there_is_to_carry_over():
    """Before its first end the chain grew by 100 tokens, before its second by 300."""
    frame = ready(line(1000, 100, 6, output_tokens=7))
    made = restarts.replay(frame, 150, [2, 6])["making_usd"].to_list()
    assert made == [pytest.approx((100 + 150) * OUTPUT), 0]


def test_a_chain_without_output_has_no_price_of_writing():
    assert restarts.replay(ready(line(1000, 100, 6)), 50, [2])["making_usd"].item() == 0


def test_ended_after_every_request():
    """Each prompt is the standing part and what is new, written."""
    by_hand = (1000 + 3 * (1000 + 100)) * WRITE
    assert cost(ready(line(1000, 100, 4)), 1) == pytest.approx(by_hand)


def test_an_expired_prompt_is_written_again_without_what_was_dropped():
    rows = line(1000, 100, 6)
    rows[4] |= {"read_tokens": 0, "write_tokens": 1400, "write_5m_tokens": 1400}
    by_hand = (1000 + 100 + 100 + 1100 + 1200 + 100) * WRITE + (1000 + 1100 + 1200) * READ
    assert cost(ready(rows), 3) == pytest.approx(by_hand)


def test_a_prefix_that_outlived_the_rest_is_read_first():
    rows = line(1000, 100, 6)
    rows[4] |= {"read_tokens": 600, "write_tokens": 800, "write_5m_tokens": 800}
    by_hand = (1000 + 100 + 100 + 1100 + 600 + 100) * WRITE + (1000 + 1100 + 600 + 1200) * READ
    assert cost(ready(rows), 3) == pytest.approx(by_hand)


def test_uncached_input_stays_uncached():
    rows = line(1000, 100, 4)
    rows = [row | {"input_tokens": 7} for row in rows]
    plain, more = cost(ready(line(1000, 100, 4)), 2, 50), cost(ready(rows), 2, 50)
    assert more - plain == pytest.approx(4 * 7 * 5e-6)


def test_one_cannot_carry_over_more_than_there_is():
    frame = ready(line(1000, 100, 8))
    everything = cost(frame, 2, 10**6)
    rewritten = sum(1000 + 100 * (n - 1) for n in (2, 4, 6)) * (WRITE - READ)
    assert everything == pytest.approx(cost(frame, 8) + rewritten)


def test_a_compaction_begins_the_count_anew():
    whole = ready(chain([1000, 1100, 1200, 300, 400, 500]))
    assert whole["at"].to_list() == [0, 1, 2, 0, 1, 2]
    found = restarts.replay(whole, 0, [2, 3])
    assert found["restarts"].to_list() == [2, 0]


def test_the_standing_part_is_the_chain_s_first_prompt_after_a_compaction_too():
    assert set(ready(chain([1000, 3000, 1400, 1500]))["standing"]) == {1000}


def test_prices_are_those_of_the_chain_and_the_model():
    cheap = [row | {"model": "claude-haiku-4-5"} for row in line(1000, 10, 3, session="c")]
    hour = [
        row | {"write_5m_tokens": 0, "write_1h_tokens": row["write_tokens"]}
        for row in line(1000, 10, 3, session="h")
    ]
    rates = ready(line(1000, 10, 3), cheap, hour).unique(["session", "write_rate", "read_rate"])
    found = {s: (w, r) for s, w, r in rates.select("session", "write_rate", "read_rate").rows()}
    assert found["s"] == (pytest.approx(6250), pytest.approx(500))
    assert found["h"] == (pytest.approx(10_000), pytest.approx(500))
    assert found["c"] == (pytest.approx(1250), pytest.approx(100))


def test_a_request_that_cannot_be_replayed_leaves_its_chain_whole():
    rows = line(1000, 100, 6)
    bare = {"model": "claude-haiku-4-5", "write_tokens": 0, "write_5m_tokens": 0}
    rows[2] |= bare | {"read_tokens": 0, "context_tokens": 1200}
    frame = ready(rows)
    assert frame["at"].to_list() == [0, 1, 2, 3, 4]
    assert frame["before"].to_list() == [0, 1000, 1100, 1300, 1400]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row | {"model": "other-01"} for row in line(1000, 10, 3)],
        [row | {"write_tokens": 0, "write_5m_tokens": 0} for row in line(1000, 10, 3)],
    ],
    ids=["none", "no price", "nothing written"],
)
def test_what_cannot_be_replayed_is_left_out(rows):
    found = ready(rows)
    assert found.is_empty()
    assert restarts.replay(found, 10).is_empty()


def test_one_request_costs_itself():
    assert restarts.replay(ready(chain([1000])), 5).row(0)[:2] == (1, 0)
    assert cost(ready(chain([1000])), 1) == pytest.approx(1000 * WRITE)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1_000, 300_000), min_size=1, max_size=30),
    st.integers(1, 30),
    st.integers(0, 100_000),
)
def test_no_token_is_made_up_and_none_is_lost_twice(prompts, length, carry_over):
    frame = ready(chain(prompts))
    arrays = restarts._Arrays.of(frame)
    saved, later = arrays.saved(length, carry_over)
    logged = arrays.read * arrays.read_rate + arrays.write * arrays.write_rate
    nano, dear = logged[later] - saved, arrays.tokens[later] * arrays.write_rate[later]
    assert (nano >= -1e-6).all()
    assert (nano <= dear * (1 + 1e-9)).all()  # at most the whole prompt, written
    assert cost(frame, length, carry_over + 5_000) >= cost(frame, length, carry_over) * (1 - 1e-9)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1_000, 90_000), min_size=2, max_size=20), st.integers(1, 20))
def test_sessions_sum_to_the_whole(prompts, length):
    frame = ready(chain(prompts), chain(prompts[::-1], session="t"))
    parts = restarts.by_session(frame, 5_000, [length])
    assert parts["session"].sort().to_list() == ["s", "t"]
    assert parts[str(length)].sum() / 1e9 == pytest.approx(cost(frame, length, 5_000))
