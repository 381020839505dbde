"""Rates within sessions: planted effects are found, survivorship alone makes none."""

import numpy as np
import polars as pl
import pytest

from analysis.measures import along
from analysis.measures.degradation import TOOLS
from analysis.measures.levels import levels
from analysis.measures.within import by_cluster, leader, slope

NONE = ()


def sessions(chance, lengths, seed=0, kinds=None, projects=20):
    """Return requests of sessions: `chance(session, context)` is that of a failed call."""
    rng = np.random.default_rng(seed)
    rows = []
    for name, length in enumerate(lengths):
        for number in range(length):
            kind = kinds(number, rng) if kinds else "run"
            rows.append((f"s{name:04}", name, number + 1, length - number - 1, number / 10, kind))
    frame = pl.DataFrame(
        rows, ["session", "chain", "number", "left", "context", "kind"], orient="row"
    )
    risk = [chance(n, x, k) for n, x, k in frame.select("chain", "context", "kind").rows()]
    return frame.with_columns(
        pl.Series("failed", (rng.random(len(risk)) < np.array(risk)).astype(int)),
        pl.col("number").truediv(100).alias("progress"),
        pl.format("p{}", pl.col("chain") % projects).alias("project"),
        *((pl.col("kind") == tool).cast(pl.Int64).alias(f"calls_{tool}") for tool in TOOLS),
    )


def test_survivorship_alone_makes_a_raw_rate_fall_and_none_within_sessions():
    bad = np.random.default_rng(1).random(300) * 0.4  # each session's own chance, at any length
    made = sessions(lambda n, x, k: bad[n], [int(60 * (1 - b) ** 3) + 2 for b in bad])
    raw = slope(made, "failed", "context", fixed=None, held=NONE)
    within = slope(made, "failed", "context")
    assert raw.interval.high < -0.01
    assert within.interval.low < 0 < within.interval.high
    assert within.least < 0.02


def test_a_planted_effect_is_found_through_survivorship():
    bad = np.random.default_rng(2).random(300) * 0.3
    made = sessions(lambda n, x, k: bad[n] + 0.04 * x, [int(60 * (1 - b) ** 3) + 2 for b in bad])
    found = slope(made, "failed", "context")
    assert found.interval.low < 0.04 < found.interval.high
    assert found.interval.low > 0
    assert found.least < 0.04


def test_other_kinds_of_calls_are_no_effect():
    made = sessions(
        lambda n, x, k: 0.3 if k == "edit" else 0.02,
        [40] * 100,
        kinds=lambda number, rng: "edit" if rng.random() < number / 40 else "read",
    )
    assert slope(made, "failed", "context", held=NONE).interval.low > 0.03
    held = slope(made, "failed", "context")
    assert held.interval.low < 0 < held.interval.high


def test_the_curve_sets_raw_beside_adjusted_with_one_mean():
    bad = np.random.default_rng(3).random(200) * 0.4
    made = sessions(lambda n, x, k: bad[n], [int(60 * (1 - b) ** 3) + 2 for b in bad])
    found = along.curve(made)
    assert found.height == along.BINS
    assert found["units"].sum() == made.height
    assert found["events"].sum() == made["failed"].sum()
    mean = made["failed"].mean()
    for rate in ("raw", "adjusted"):
        assert (found[rate] * found["units"]).sum() / made.height == pytest.approx(mean)
    assert found["raw"][0] - found["raw"][-1] > 0.05
    assert abs(found["adjusted"][0] - found["adjusted"][-1]) < 0.05


def test_raw_rates_are_shares():
    made = pl.DataFrame(
        {"session": ["a", "a", "b", "b"], "failed": [1, 0, 1, 1], "group": [0, 0, 1, 1]}
    )
    found = levels(made, "failed", "group", fixed=None)
    assert found["rate"].to_list() == pytest.approx([0.5, 1.0])
    assert found["low"].to_list() == [None, None]


def test_a_group_that_is_a_session_has_no_adjusted_rate():
    made = sessions(lambda n, x, k: 0.5, [5, 5]).with_columns(group=pl.col("chain"))
    assert levels(made, "failed", "group")["rate"].to_list() == [None, None]


def test_what_does_not_vary_has_no_slope():
    one = sessions(lambda n, x, k: 0.5, [1] * 30)
    assert slope(one, "failed", "context").value is None
    never = sessions(lambda n, x, k: 0.0, [9] * 30)
    assert slope(never, "failed", "context").value is None
    assert slope(never.clear(), "failed", "context").units == 0


def test_few_sessions_with_an_event_have_no_interval():
    made = sessions(lambda n, x, k: 0.5 if n < 5 else 0.0, [9] * 30)
    found = slope(made, "failed", "context")
    assert found.value is not None
    assert found.least is None
    assert not found.interval.known


def test_the_least_effect_shrinks_with_the_root_of_the_sessions():
    few, many = (
        slope(sessions(lambda n, x, k: 0.2, [20] * size), "failed", "context").least
        for size in (50, 450)
    )
    assert few / many == pytest.approx(3, rel=0.25)


def test_where_projects_differ_the_wider_interval_is_theirs():
    lean = np.random.default_rng(5).normal(0, 0.05, 12)  # each project has a slope of its own
    made = sessions(lambda n, x, k: np.clip(0.3 + lean[n % 12] * x, 0, 1), [40] * 240, projects=12)
    first, other = by_cluster(made, "failed", "context")
    assert (first.cluster, other.cluster) == ("project", "session")
    assert first.value == pytest.approx(other.value)
    assert first.interval.low < 0 < first.interval.high
    assert first.least > 1.5 * other.least


def test_with_few_projects_the_interval_is_by_session():
    made = sessions(lambda n, x, k: 0.2, [20] * 60, projects=9)
    first, other = by_cluster(made, "failed", "context")
    assert first.cluster == "session"
    assert not other.interval.known


def test_clusters_count_by_what_varies_in_them():
    alike = slope(sessions(lambda n, x, k: 0.2, [20] * 40, projects=4), "failed", "context")
    assert alike.effective == pytest.approx(40, rel=0.01)
    one = sessions(lambda n, x, k: 0.2, [200, *[20] * 39], projects=40)
    long = slope(one, "failed", "context", cluster="project")
    # what varies grows with the cube of a session's length: 1000 against 39
    assert long.largest == pytest.approx(1000 / 1039, rel=0.01)
    assert long.effective == pytest.approx(1 / (1000**2 + 39) * 1039**2, rel=0.01)
    assert leader(one, "failed", "context") == "p0"


def test_a_raw_fall_between_projects_is_none_within_them():
    # those of project 0 write long prompts and fail less, whatever the length
    made = sessions(
        lambda n, x, k: 0.02 if n % 20 == 0 else 0.15,
        [200 if n % 20 == 0 else 15 for n in range(200)],
    )
    raw = slope(made, "failed", "context", fixed=None, held=NONE)
    within = slope(made, "failed", "context", fixed="project", held=NONE)
    assert raw.interval.high < 0
    assert within.interval.low < 0 < within.interval.high


def test_chance_and_interval_agree():
    for seed in range(6):
        found = slope(sessions(lambda n, x, k: 0.1, [15] * 40, seed), "failed", "context")
        assert (found.chance < 0.1) == (found.interval.low > 0 or found.interval.high < 0)


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say():
    held = 0
    lengths = [int(x) + 2 for x in np.random.default_rng(4).lognormal(3, 1, 100)]
    for seed in range(300):
        found = slope(sessions(lambda n, x, k: 0.05, lengths, seed), "failed", "context")
        held += found.interval.low <= 0 <= found.interval.high
    assert 0.85 < held / 300 < 0.96
