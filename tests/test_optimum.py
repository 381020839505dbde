"""The square-root rule: by hand, and against the replay of sessions that are what it assumes."""

import math

import polars as pl
import pytest
from chains import chain, line, stretched

from analysis.measures import lengths, optimum, restarts, shapes
from analysis.measures.resample import Interval
from analysis.words import restarts as words
from analysis.words.numbers import NARROW_SPACE

READ, WRITE = 500, 6250  # nano-dollars a token of Opus 4.7, five-minute writes


def made(*chains, carry_over=0):
    frame = stretched(*chains)
    ready = restarts.replayable(frame)
    return ready, optimum.terms(ready, shapes.fits(frame), carry_over)


def test_the_rule_by_hand():
    ready, summed = made(line(30_000, 1000, 200), carry_over=10_000)
    found = optimum.rule(summed)
    restart = (WRITE - READ) * 40_000
    assert found["length"] == pytest.approx(math.sqrt(2 * restart / (READ * 1000)))
    assert found["restart_usd"] == pytest.approx(restart / 1e9)
    assert (found["making_usd"], found["written_length"]) == (0, found["length"])  # no output
    assert (found["standing"], found["growth"]) == (pytest.approx(30_000), pytest.approx(1000))
    assert (found["read"], found["write"]) == (pytest.approx(0.5), pytest.approx(6.25))
    assert found["interval"] == Interval(None, None, 1)
    assert ready.height == summed["requests"].sum() == 200


def test_a_carry_over_that_the_model_writes_is_part_of_a_restart():
    """10,000 tokens at $25 per million are $0.25, beside the $0.23 that writing them costs."""
    ready, summed = made(line(30_000, 1000, 4000, output_tokens=5), carry_over=10_000)
    found = optimum.rule(summed)
    restart = (WRITE - READ) * 40_000 + 25_000 * 10_000
    assert found["making_usd"] == pytest.approx(0.25)
    assert found["written_length"] == pytest.approx(math.sqrt(2 * restart / (READ * 1000)))
    free = restarts.replay(ready, 10_000, list(range(25, 70)))
    assert lengths.bottom(restarts.written(free)).length == pytest.approx(
        found["written_length"], rel=0.05
    )


@pytest.mark.parametrize(
    ("standing", "growth", "carry_over"), [(30_000, 1000, 0), (40_000, 700, 20_000), (9_000, 99, 5)]
)
def test_on_endless_lines_the_replay_is_cheapest_where_the_rule_says(standing, growth, carry_over):
    ready, summed = made(line(standing, growth, 4000), carry_over=carry_over)
    best = optimum.rule(summed)["length"]
    tried = list(range(max(int(best / 2), 1), int(best * 2)))
    found = lengths.bottom(restarts.replay(ready, carry_over, tried))
    assert found.length == pytest.approx(best, rel=0.05)
    coarse = lengths.bottom(restarts.replay(ready, carry_over))
    step = 10 ** (1 / 8)
    assert best / step <= coarse.length <= best * step


def test_the_rule_s_curve_is_the_replay_s_on_endless_lines():
    ready, summed = made(line(30_000, 1000, 6000), carry_over=10_000)
    tried = [3, 10, 30, 100]
    ours = restarts.replay(ready, 10_000, tried)["usd_a_request"]
    rule = optimum.curve(summed, tried)["usd_a_request"]
    assert ours.to_list() == [pytest.approx(value, rel=0.01) for value in rule]


def test_scaling_prices_moves_no_length():
    _, summed = made(line(30_000, 1000, 60), line(20_000, 500, 40, session="t"))
    money = pl.col("restart_nano", "growth_nano", "level_nano")
    dear = optimum.rule(summed.with_columns(money * 3))["length"]
    assert dear == pytest.approx(optimum.rule(summed)["length"])


def test_many_sessions_have_an_interval():
    chains = [line(20_000 + 900 * n, 500 + 90 * n, 40, session=f"s{n:02}") for n in range(20)]
    found = optimum.rule(made(*chains, carry_over=10_000)[1])
    low, high, clusters = found["interval"]
    assert low < found["length"] < high
    assert clusters == 20


@pytest.mark.parametrize(
    "chains",
    [(), (line(100, 1, 5),), (chain([5000] * 30),), (chain(range(9000, 6000, -100)),)],
    ids=["none", "short", "constant", "shrinking"],
)
def test_without_growth_there_is_no_best_length(chains):
    _, summed = made(*chains)
    found = optimum.rule(summed)
    assert found["length"] is None
    assert "gives no length" in words.rule(found, 20_000)
    assert optimum.curve(summed, [1, 2]).height == (2 if summed.height else 0)


def test_the_rule_is_said_with_its_parts():
    _, summed = made(line(30_000, 1000, 200), carry_over=10_000)
    said = words.rule(optimum.rule(summed), 10_000).replace(NARROW_SPACE, " ")
    assert "F = $0.23" in said
    assert "standing part of 30.0 k tokens and a carry-over of 10.0 k" in said
    assert "written at $6.25 per million instead of read at r = $0.50" in said
    assert "**30 requests** (1 session, too few for an interval)" in said
