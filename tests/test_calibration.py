"""Synthetic logs are shaped like real ones: distance by distance, each with its bound.

Compared are the logs of four seeds together: of one seed, a few large sessions decide too much.
`pytest -rP tests/test_calibration.py` prints the table.
"""

import dataclasses
import sys

import polars as pl
import pytest
from conftest import require
from test_synth import told

from analysis import load, synth
from analysis.logs import store
from analysis.paths import ROOT, SAMPLE
from analysis.synth import shapes
from analysis.synth.calibration import NOTHING, compare, distance, distributions, lacking

LOGS = ROOT.parent / "shared" / "logs"

SEEDS = (synth.SEED, 1, 2, 3)
SESSIONS = 12  # of each era

#: The largest distance over ten groups of four seeds: these, and 4 to 39 in their order. Up to the
#: blank line after Kolmogorov and Smirnov, below it the part of the greater share that the other
#: lacks.
OBSERVED = {
    "seconds between requests": 0.179,
    "seconds between requests, over an hour": 0.185,
    "seconds until a prompt": 0.036,
    "seconds to the first line": 0.144,
    "context tokens": 0.139,
    "context tokens, first request": 0.181,
    "context growth": 0.023,
    "write tokens": 0.045,
    "read tokens": 0.123,
    "read share of the prompt": 0.093,
    "output tokens, final counts": 0.108,
    "lines per request": 0.069,
    "requests per prompt": 0.087,
    "requests per session": 0.085,
    "prompts per session": 0.084,
    "requests per subagent": 0.181,
    "prompt characters": 0.083,
    "text characters": 0.045,
    "tool-input characters": 0.071,
    "signature characters": 0.142,
    "tool errors per request": 0.074,
    "prompts per request": 0.125,
    "compactions per request": 0.417,
    "API errors per request": 0.239,
    "requests after over an hour": 0.122,
    "requests whose cache was lost": 0.310,
    "requests by subagents": 0.241,
    "requests with thinking": 0.116,
    "requests with text": 0.071,
    "requests with a tool call": 0.027,
    "writes kept one hour": 0.205,
    "reads among prompt tokens": 0.005,
}
MARGIN = 0.02


def made(name, root, shape):
    """Load the logs of all seeds as one dataset."""
    for seed in SEEDS:
        synth.write(root / str(seed), seed=seed, sessions=SESSIONS, shape=shape)
    store.load_logs(name, ",".join(str(root / str(seed)) for seed in SEEDS))
    return load(name)


@pytest.fixture(scope="module")
def public(datasets):
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    store.load_logs("public", str(LOGS))
    return load("public")


def far(table):
    """The rows of a comparison that are further apart than they may be."""
    bounds = pl.Series([OBSERVED[name] + MARGIN for name in table["name"]])
    return set(table.filter((pl.col("distance") <= bounds).not_().fill_null(True))["name"])


def test_every_distribution_is_near_that_of_real_logs(public, tmp_path):
    table = compare(public, made("made", tmp_path, synth.REAL)).drop("note")
    observed = pl.DataFrame({"name": list(OBSERVED), "observed": list(OBSERVED.values())})
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=160, fmt_str_lengths=40):
        sys.stdout.write(f"{table.join(observed, on='name')}\n")
    assert set(table["name"]) == set(OBSERVED)
    assert far(table) == set()


@pytest.mark.parametrize(
    ("name", "value", "shows"),
    [
        ("turns", ((1.0, 3.0, 1.1),), "prompts per session"),
        (
            "AWAY",
            tuple((w, 2 * median, s) for w, median, s in shapes.AWAY),
            "seconds until a prompt",
        ),
        ("API_ERROR", 0.0, "API errors per request"),
    ],
    ids=["fewer turns", "twice the human pause", "no API errors"],
)
def test_a_wrong_shape_is_told(public, tmp_path, monkeypatch, name, value, shows):
    """The bounds are no wider than what they are there to catch."""
    shape = synth.REAL
    if name in vars(shape):
        shape = dataclasses.replace(shape, **{name: value})
    else:
        monkeypatch.setattr(shapes, name, value)
    assert shows in far(compare(public, made(f"wrong-{shows.replace(' ', '-')}", tmp_path, shape)))


def test_the_samples_readme_says_how_real_logs_are(public):
    assert f"in 208 public logs {told(public)}" in (SAMPLE / "README.md").read_text()


def test_against_nothing_there_is_nothing_to_compare(datasets):
    store.load_logs("sample", str(SAMPLE))
    some = load("sample")
    none = some.where(since="2030-01-01")
    assert none.requests.is_empty()
    for table in (compare(some, none), compare(none, some), compare(none, none)):
        assert set(table["note"]) == {NOTHING}
        assert table["distance"].null_count() == table.height
    same = compare(some, some)
    assert set(same["distance"]) == {0.0}
    assert same["note"].null_count() == same.height
    assert all(values.len() for values in distributions(some).values())


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ([1, 2, 3], [1, 2, 3], 0),
        ([1, 2], [3, 4], 1),
        ([1, 2, 3, 4], [3, 4, 5, 6], 0.5),
        ([0, 0, 0, 1], [0, 1, 1, 1], 0.5),
        ([], [1], None),
    ],
)
def test_distance_by_hand(one, other, apart):
    left, right = pl.Series(one, dtype=pl.Float64), pl.Series(other, dtype=pl.Float64)
    assert distance(left, right) == distance(right, left) == apart


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [(0.2, 0.2, 0), (0.001, 0.002, 0.5), (0, 0.003, 1), (0, 0, 0), (None, 0.5, None)],
)
def test_shares_by_hand(one, other, apart):
    assert lacking(one, other) == lacking(other, one) == apart
