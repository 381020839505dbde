"""Prompts kept alive across pauses, by hand."""

import polars as pl
import pytest
from chains_by_hand import chain

from analysis.measures.pings import bridged, pings
from analysis.measures.rewrites import NANO, known
from analysis.prices import price

ROWS = (
    {"minute": 0, "write": 100_000},
    {"minute": 1, "read": 100_000, "write": 10_000},
    {"minute": 21, "write": 120_000},
)
ONE = {100: 0.05, 110: 0.055, 120: 0.06}  # dollars of a ping, by thousands of tokens


def tried(rows, pause):
    found = pings(known(chain(*rows)), price, (pause,)).row(0, named=True)
    return found["pings"], found["kept"], found["total_nano"] / 1e9


def test_pings_that_end_before_the_pause_does_are_lost():
    # every 270 seconds: two in each pause of ten minutes or more
    lost = 2 * ONE[110] + 2 * ONE[120]
    assert tried(ROWS, 10) == (4, 0, pytest.approx(1.4875 + lost))


def test_pings_through_the_pause_keep_the_prompt_and_go_on_after_the_last_request():
    # four in the pause of 20 minutes, six in the half hour after the last request
    paid = 4 * ONE[110] + 6 * ONE[120]
    assert tried(ROWS, 30) == (10, 1, pytest.approx(0.855 + paid))


def test_an_hour_s_entry_needs_a_ping_an_hour():
    rows = ({"minute": 0, "hour": 100_000}, {"minute": 90, "hour": 100_000})
    # one in the pause and one after the end, each 30 seconds before the hour is over
    kept = 1.0 + 0.05
    assert tried(rows, 60) == (2, 1, pytest.approx(kept + 2 * ONE[100]))
    assert tried(rows, 30) == (0, 0, pytest.approx(2))


def test_subagents_are_not_kept_alive():
    side = [row | {"is_sidechain": True, "agent": "a"} for row in ROWS]
    assert tried(side, 30) == (0, 0, pytest.approx(1.4875))


def test_each_longest_pause_closes():
    found = pings(known(chain(*ROWS)), price)
    assert found.select(pl.sum_horizontal(NANO)).to_series().equals(found["total_nano"])
    table = bridged(chain(*ROWS), price)
    assert table["times the bill"].to_list() == pytest.approx(
        (found["total_nano"] / 1.4875e9).to_list()
    )


def test_nothing_needs_no_pings():
    assert bridged(chain(), price)["pings"].sum() == 0
    assert bridged(chain(), price)["times the bill"].null_count() == found_rows(chain())


def found_rows(rebuilt):
    return bridged(rebuilt, price).height
