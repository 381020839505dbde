"""What the published session's totals allow: paths that share them, worked out by hand."""

import numpy as np
import polars as pl
import pytest

from analysis import load
from analysis.logs import store
from analysis.measures import growth, paths
from analysis.paths import SAMPLE
from analysis.words import paths as words
from analysis.words.numbers import NARROW_SPACE

READ, WRITTEN, REQUESTS = 90_360_262, 1_511_817, 441
MEAN = (READ + WRITTEN) / REQUESTS


@pytest.fixture(scope="module")
def found():
    return paths.compatible(20_000)


def row(found, path):
    return found.row(by_predicate=pl.col("path") == path, named=True)


def test_straight_lines_by_hand(found):
    nothing = row(found, "from nothing")
    assert nothing["end"] == pytest.approx(2 * MEAN)
    assert nothing["growth"] == pytest.approx(2 * MEAN / 440)
    assert nothing["rewritten"] == round(WRITTEN - 2 * MEAN) == 1_095_164
    constant = row(found, "constant")
    assert (constant["growth"], constant["best_length"]) == (0, None)
    assert constant["prompts_rewritten"] == pytest.approx(WRITTEN / MEAN - 1)
    fresh = row(found, "from a fresh prompt")
    assert fresh["start"] == pytest.approx(24_820 / 0.762)
    restart = (6.25 - 0.5) * (fresh["start"] + 20_000)
    assert fresh["best_length"] == pytest.approx((2 * restart / (0.5 * fresh["growth"])) ** 0.5)


def test_without_a_cut_something_was_written_again(found):
    never = row(found, "written once, never cut")
    assert never["end"] == WRITTEN
    assert never["start"] < 0
    assert not never["possible"]


def test_written_once_takes_three_to_six_cuts(found):
    once = found.filter(pl.col("path").str.starts_with("written once, cut"))
    assert once["compactions"].to_list() == [3, 4, 5, 6]
    assert once["rewritten"].to_list() == [0] * 4
    assert (once["end"] * (once["compactions"] + 1)).to_list() == [pytest.approx(WRITTEN)] * 4


def test_every_path_has_the_published_totals(found):
    """Prompts along the path sum to what was read and written, whatever the path."""
    for name, path in paths.corners(found).group_by("path"):
        pieces = path["compactions"][0] + 1
        at = (np.arange(60_000) + 0.5) / 60_000
        start, end = path["tokens"][0], path["tokens"][-1]
        mean = np.mean(start + (end - start) * (at * pieces % 1))
        assert mean * REQUESTS == pytest.approx(READ + WRITTEN, rel=1e-6), name


def test_corners_join_up_and_leave_out_what_is_impossible(found):
    lines = paths.corners(found)
    assert "written once, never cut" not in set(lines["path"])
    saw = lines.filter(pl.col("path") == "written once, cut 3 times")
    assert saw["number"].to_list() == [1, 111, 111, 221, 221, 331, 331, 441]
    straight = lines.filter(pl.col("compactions") == 0)
    assert (
        straight.group_by("path").agg(pl.col("tokens").mean())["tokens"].to_list()
        == [pytest.approx(MEAN)] * 3
    )


def test_the_shipped_reconstruction_lies_within_the_band(found, datasets):
    store.load_logs("rebuilt", str(SAMPLE / "reconstruction"))
    prompts = growth.main_chains(load("rebuilt").requests)["context_tokens"]
    assert prompts.len() == REQUESTS
    first, last = row(found, "from nothing"), row(found, "constant")
    assert first["start"] <= prompts[0] <= last["start"]
    assert last["end"] <= prompts[-1] <= first["end"] * 1.05


def test_the_words_say_that_it_is_a_reconstruction(found):
    said = words.paths(found).replace(NARROW_SPACE, " ")
    assert "a reconstruction by assumption" in said
    assert "208,327 tokens" in said
    assert "rewrite 5.3 to 6.3 mean prompts" in said
    assert "cut 3 to 6 times" in said
    assert "end at 1.51 M tokens and begin below nothing" in words.table(found).replace(
        NARROW_SPACE, " "
    )
    assert "5 minutes or 60 minutes" in words.table(found)
