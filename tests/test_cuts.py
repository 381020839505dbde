"""Contexts cut earlier than they were, by hand."""

import polars as pl
import pytest
from chains_by_hand import chain, priced_copies

from analysis import params
from analysis.measures.cuts import STILL_READ, compacted, restarted, stretches
from analysis.measures.restarts import CARRY_OVER
from analysis.measures.rewrites import known
from analysis.paths import NOTEBOOKS
from analysis.prices import price

#: A prompt that begins with 20,000 tokens and grows by 30,000 a request.
GROWING = tuple(
    {"minute": n, "read": 20_000 + 30_000 * (n - 1), "write": 30_000} if n else {"write": 20_000}
    for n in range(4)
)


def work(*rows):
    return stretches(known(chain(*rows)))


def dollars(frame):
    return [nano / 1e9 for nano in price(frame)["total_nano"]]


def test_compaction_by_hand():
    found = compacted(work(*GROWING), 60_000, 10_000, summary=4_000)
    # prompts of 20, 50, 80 and 110 thousand: the last two begin with the first prompt, in part
    # read, and what is carried, written; two requests read 50 and 60 thousand tokens and answer
    # with a summary
    read = 20 * STILL_READ
    cut = (read * 0.5 + (60 - read) * 6.25) / 1e3
    assert dollars(found) == pytest.approx(
        [0.125, 0.1975, cut, cut, (50 * 0.5 + 100) / 1e3, (60 * 0.5 + 100) / 1e3]
    )


def test_a_size_that_is_never_reached_changes_nothing():
    rows = work(*GROWING)
    assert dollars(compacted(rows, 200_000)) == pytest.approx(dollars(rows))


def test_what_frees_too_little_is_not_cut():
    rows = work(*GROWING)
    assert dollars(compacted(rows, 35_000, 10_000)) == pytest.approx(dollars(rows))


def test_what_the_logs_cut_stays_cut():
    rows = work(*GROWING, {"minute": 9, "read": 20_000, "write": 5_000})
    for found in (compacted(rows, 60_000, 10_000), restarted(rows, 2, 10_000)):
        later = found.filter(pl.col("stretch") == 2)
        assert dollars(later) == pytest.approx(dollars(rows)[4:])


def test_a_new_session_every_two_requests_by_hand():
    found = restarted(work(*GROWING), 2, 10_000)
    # the third begins anew: 20 of the first prompt and 10 carried over, written with 30 of its own;
    # what is carried over was output first
    assert dollars(found) == pytest.approx(
        [0.125, 0.1975, (60 * 6.25 + 10 * 25) / 1e3, (60 * 0.5 + 30 * 6.25) / 1e3]
    )


def test_nobody_tells_more_than_there_was():
    told = dollars(restarted(work(*GROWING), 2, 40_000))[2]
    # of 50 thousand tokens before, 30 stood behind the first prompt; none of the prompt is dropped
    assert told == pytest.approx((80 * 6.25 + 30 * 25) / 1e3)


def test_the_chapter_carries_over_as_much_as_the_measure():
    found = params.defaults(NOTEBOOKS / "16-counterfactual.ipynb")
    assert found["carry_over_tokens"] == CARRY_OVER


def test_a_new_session_reads_what_its_chain_s_first_request_read():
    warm = ({"read": 15_000, "write": 5_000}, *GROWING[1:])
    found = restarted(work(*warm), 2, 10_000)
    assert dollars(found)[2] == pytest.approx((15 * 0.5 + 45 * 6.25 + 10 * 25) / 1e3)


def test_subagents_are_compacted_and_not_restarted():
    side = [row | {"is_sidechain": True, "agent": "a"} for row in GROWING]
    rows = work(*side)
    assert dollars(restarted(rows, 2, 10_000)) == pytest.approx(dollars(rows))
    assert compacted(rows, 60_000, 10_000).height == 6


@pytest.mark.parametrize("seed", [1, 2])
def test_prompts_get_no_longer_and_no_count_is_negative(seed):
    rows = stretches(known(priced_copies(3_000, seed)))
    prompt = pl.col("input_tokens") + pl.col("read_tokens") + pl.col("write_tokens")
    for found in (compacted(rows, 60_000), restarted(rows, 10, 10_000)):
        own = found.head(rows.height)
        assert (own.select(prompt).to_series() <= own["prompt_tokens"]).all()
        assert found.select(pl.col("^.*_tokens$").min()).min_horizontal().item() >= 0


def test_nothing_cut_is_nothing():
    none = work()
    assert compacted(none, 60_000).height == restarted(none, 5, 9).height == 0
