"""Intervals by resampling clusters: what they draw, and when there is none."""

import tracemalloc

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import resample
from analysis.measures.resample import FEWEST, grouped, interval


def share(frame, **more):
    sums = {"part": pl.col("part").sum(), "whole": pl.col("whole").sum()}
    return interval(frame, sums, lambda s: s["part"] / s["whole"], **more)


def made(clusters, rows=5, seed=3):
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(clusters), rows)
    part = rng.normal(10, 2, clusters)[of] + rng.normal(0, 1, clusters * rows)
    return pl.DataFrame({"session": of.astype(str), "part": part, "whole": 20.0})


def test_too_few_clusters_have_no_interval():
    found = share(made(FEWEST - 1))
    assert not found.known
    assert found.clusters == FEWEST - 1
    assert share(made(FEWEST)).known


def test_nothing_has_no_interval():
    assert share(made(0)).clusters == 0


def test_what_is_never_finite_has_no_interval():
    assert not share(made(20).with_columns(whole=0.0, part=0.0)).known


def test_the_same_seed_draws_the_same_and_the_order_of_rows_does_not_matter():
    frame = made(30)
    assert share(frame) == share(frame.reverse())
    assert share(frame) != share(frame, seed=2)


def test_a_cluster_is_drawn_whole():
    """More rows of the same sessions are no more evidence."""
    once, often = made(30), pl.concat([made(30)] * 50)
    assert np.allclose(share(once)[:2], share(often)[:2])


@given(st.integers(0, 50))
def test_more_clusters_are(seed):
    few, many = share(made(20, seed=seed)), share(made(400, seed=seed))
    assert many.high - many.low < few.high - few.low


def test_ninety_percent_intervals_cover_about_ninety_percent():
    """The true share is 0.5; 200 seeds, so three standard errors are 6 points."""
    covered = [low <= 0.5 <= high for low, high, _ in (share(made(80, seed=s)) for s in range(200))]
    assert 0.84 <= np.mean(covered) <= 0.96


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 9))
def test_a_group_has_the_interval_of_its_rows_alone(sizes, seed):
    names = [f"p{n}" for n in range(len(sizes))]
    own = [
        made(n, seed=seed + place).with_columns(who=pl.lit(name))
        for place, (n, name) in enumerate(zip(sizes, names, strict=True))
    ]
    sums = {"part": pl.col("part").sum(), "whole": pl.col("whole").sum()}
    figures = {"share": lambda s: s["part"] / s["whole"]}
    found = grouped(pl.concat(own[::-1]), sums, figures, group="who", seed=seed)
    assert found["who"].to_list() == names
    for row, alone in zip(found.iter_rows(named=True), own, strict=True):
        low, high, clusters = share(alone, seed=seed)
        assert row["clusters"] == clusters
        assert (row["share_low"] is None) == (low is None)
        if low is not None:
            assert np.allclose([row["share_low"], row["share_high"]], [low, high], rtol=1e-12)


def test_draws_come_in_blocks_of_one_size_and_are_the_same(monkeypatch):
    frame = made(400).with_columns(who=pl.lit("p"))
    sums = {"part": pl.col("part").sum(), "whole": pl.col("whole").sum()}
    figures = {"share": lambda s: s["part"] / s["whole"]}
    whole = share(frame), grouped(frame, sums, figures, group="who")
    monkeypatch.setattr(resample, "_CELLS", 4_000)
    assert {block.size for block in resample._drawn(400, 20, 1)} == {4_000}
    parts = share(frame), grouped(frame, sums, figures, group="who")
    assert parts[0] == pytest.approx(whole[0], rel=1e-12)
    assert parts[1].row(0)[2:] == pytest.approx(whole[1].row(0)[2:], rel=1e-12)
    tracemalloc.start()
    share(frame)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000 * 400 * 8  # bytes of all draws at once
