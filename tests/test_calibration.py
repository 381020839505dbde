"""Synthetic logs are shaped like real ones: distance by distance, each with its bound.

`pytest -rP tests/test_calibration.py` prints the table.
"""

import sys

import polars as pl
import pytest
from conftest import require

from analysis import load, synth
from analysis.logs import store
from analysis.paths import ROOT
from analysis.synth.calibration import compare, distance

LOGS = ROOT.parent / "shared" / "logs"

#: The largest distance allowed where 0.2 is not it: shares are compared by their difference.
BOUNDS = {
    "tool errors per request": 0.01,
    "prompts per request": 0.05,
    "compactions per request": 0.005,
    "requests by subagents": 0.05,
    "requests with thinking": 0.1,
    "requests with text": 0.1,
    "requests with a tool call": 0.05,
    "reads among prompt tokens": 0.05,
}
BOUND = 0.2


@pytest.fixture(scope="module")
def table(datasets, tmp_path_factory):
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    root = tmp_path_factory.mktemp("real")
    synth.write(root, seed=3, sessions=12, shape=synth.REAL)
    store.load_logs("public", str(LOGS))
    store.load_logs("made", str(root))
    return compare(load("public"), load("made"))


def test_every_distribution_is_near_that_of_real_logs(table):
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=160, fmt_str_lengths=40):
        sys.stdout.write(f"{table}\n")
    assert table.height >= 24
    bounds = pl.Series([BOUNDS.get(name, BOUND) for name in table["name"]])
    far = table.filter(pl.col("distance") > bounds).select("name", "distance").rows()
    assert far == []


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ([1, 2, 3], [1, 2, 3], 0),
        ([1, 2], [3, 4], 1),
        ([1, 2, 3, 4], [3, 4, 5, 6], 0.5),
        ([0, 0, 0, 1], [0, 1, 1, 1], 0.5),
    ],
)
def test_distance_by_hand(one, other, apart):
    left, right = pl.Series(one, dtype=pl.Float64), pl.Series(other, dtype=pl.Float64)
    assert distance(left, right) == distance(right, left) == apart
