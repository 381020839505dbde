"""What a read weighs in the quota: planted weights are found, and too little is said to be."""

import re

import gallery
import numpy as np
import polars as pl
import pytest
from scipy.stats import binom, norm

from analysis import load, schema, synth
from analysis.claims.weight import LOGGED
from analysis.facts import facts
from analysis.logs import store
from analysis.measures import likelihood, reconstruct, weight, weight_trials, windows
from analysis.measures.likelihood import WEIGHTS, Use
from analysis.measures.scorecard import scorecard
from analysis.words import weight as words
from analysis.words import weight_trials as of_trials
from analysis.words.numbers import NARROW_SPACE
from benchmarks import weight as benchmark

NONE = pl.DataFrame(schema=schema.dtypes("events"))


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def alike(found):
    """The same profile in every way."""
    return dict.fromkeys(weight.WAYS, found)


def spanned(found):
    return weight.union(alike(found))


def at(value):
    return int(np.argmin(abs(WEIGHTS - value)))


def windowed(name, folder, **more):
    truth = synth.write(folder, **more)
    store.load_logs(name, str(folder))
    logs = load(name)
    return windows.windowed(reconstruct.outputs(logs.priced()), logs.events), truth


@pytest.mark.parametrize(("planted", "budget"), [(0.0, 2e5), (0.1, None), (1.0, None)])
def test_the_weight_planted_in_logs_is_found(planted, budget, tmp_path, datasets):
    name = f"planted-{10 * planted:.0f}"
    rows, truth = windowed(name, tmp_path, quota_weight=planted, budget=budget)
    found = likelihood.profile(weight.uses(weight.weighed(rows)))
    low, high = likelihood.interval(found)
    assert found.hits == len({limit.resets for limit in truth.limits})
    assert found.hits + found.quiet == len(truth.windows)
    assert low <= planted <= high
    assert likelihood.covered(low, high) < likelihood.MOST
    assert weight.tells(spanned(found))
    assert found.budget[at(planted)] == pytest.approx(truth.budget, rel=0.05)
    every = weight.profiles(rows)
    span = weight.union(every)
    ends = [likelihood.interval(one) for one in every.values()]
    assert (span.low, span.high) == (min(e[0] for e in ends), max(e[1] for e in ends))
    assert span.low <= low <= planted <= high <= span.high
    said = plain(words.opening(every))
    assert weight.tells(span)
    assert f"**A cache read weighs {span.low:.2f} " in said
    assert "of an input token in this quota, if one of 3 ways to weigh other tokens is" in said
    expected = {0.0: "full weight is excluded, free reads are not", 0.1: "both free reads and"}
    assert expected.get(planted, "free reads are excluded, full weight is not") in said
    likeliest = f"the likeliest is {WEIGHTS[np.argmax(found.fall)]:.2f}"
    assert (
        f"If writes weigh 1 and output 5, as one reading of the meter had it, {likeliest}" in said
    )


def small(seed=1):
    """Six hits and six quiet windows of log-normal budgets, reads weighing 0.3."""
    rng = np.random.default_rng(seed)
    fresh, read = rng.uniform(1e4, 1e5, 12), rng.uniform(0, 5e5, 12)
    share = np.exp(0.1 * rng.standard_normal(12)) * 1e5 / (fresh + 0.3 * read)
    hit = np.arange(12) < 6
    low = np.where(hit, 0.9, 0.4) * share
    return Use(
        low * fresh, low * read, np.where(hit, 1.1 * share * fresh, np.inf), 1.1 * share * read
    )


def by_hand(use, value, budgets, spreads):
    """Return the best log-likelihood at a weight over a lattice of budgets and spreads."""
    hit = np.isfinite(use.high_fresh)
    low, high = (
        np.log(fresh + value * read)
        for fresh, read in ((use.low_fresh, use.low_read), (use.high_fresh, use.high_read))
    )
    mu, sigma = budgets[:, None, None], spreads[None, :, None]
    below = norm.cdf((low - mu) / sigma)
    above = np.where(hit, norm.cdf((np.where(hit, high, 0) - mu) / sigma), 1)
    return np.log(np.maximum(above - below, 1e-300)).sum(axis=2).max()


def test_the_profile_is_the_best_over_budgets_and_spreads():
    use = small()
    found = likelihood.profile(use)
    budgets = np.log(np.geomspace(1e4, 1e6, 300))
    spreads = np.geomspace(*likelihood.SPREADS, 80)
    tried = np.array([at(value) for value in (0, 0.1, 0.3, 0.6, 1, 1.25)])
    right = np.array([by_hand(use, WEIGHTS[n], budgets, spreads) for n in tried])
    ours = found.fall[tried] - found.fall[tried].max()
    assert ours == pytest.approx(right - right.max(), abs=0.02)
    assert found.fall.max() == 0
    assert (found.hits, found.quiet) == (6, 6)


def test_the_interval_ends_where_the_likelihood_falls_enough():
    found = likelihood.profile(small())
    low, high = likelihood.interval(found)
    assert low < 0.3 < high
    for end in (low, high):
        assert np.interp(end, WEIGHTS, found.fall) == pytest.approx(-likelihood.DROP)
    assert pytest.approx(norm.ppf(0.95) ** 2 / 2, abs=1e-4) == likelihood.DROP


def test_the_scale_of_use_does_not_matter():
    use = small()
    larger = Use(*(1000 * column for column in use))
    one, other = likelihood.profile(use), likelihood.profile(larger)
    assert one.fall == pytest.approx(other.fall, abs=1e-3)
    assert other.budget == pytest.approx(1000 * one.budget, rel=1e-3)


@pytest.mark.parametrize("quiet", [0, 5])
def test_without_a_hit_every_weight_is_as_likely(quiet):
    use = Use(*np.ones((2, quiet)), np.full(quiet, np.inf), np.ones(quiet))
    found = likelihood.profile(use)
    assert (found.hits, found.quiet) == (0, quiet)
    assert not found.fall.any()
    assert likelihood.interval(found) == (0, WEIGHTS[-1])
    assert not weight.tells(spanned(found))
    assert words.opening(alike(found)).startswith(
        "**These logs cannot tell what a cache read weighs.**"
    )
    assert "equally likely" in words.profile(alike(found))
    assert weight.curve(alike(found))["likelihood"].unique().to_list() == [1]


def test_one_hit_cannot_tell():
    use = Use(*(np.array([value]) for value in (1e5, 1e6, 1.1e5, 1.1e6)))
    found = likelihood.profile(use)
    assert not weight.tells(spanned(found))
    said = plain(words.opening(alike(found)))
    assert "cannot tell" in said
    assert "1 window that ran out and 0 that did not" in said
    assert words.profile(alike(found)).startswith(
        "1 limit hit cannot tell what a cache read weighs"
    )


def test_a_short_interval_from_too_few_hits_cannot_tell():
    use = Use(*(np.array(pair, float) for pair in ((1e4, 1e5), (8e5, 0), (1.1e4, 2e5), (8e5, 0))))
    found = likelihood.profile(use)
    assert likelihood.covered(*likelihood.interval(found)) < likelihood.MOST
    assert found.hits < weight_trials.fewest()
    assert not weight.tells(spanned(found))
    assert "from fewer than the" in words.opening(alike(found))


def test_use_before_and_after_the_request_that_spent_the_budget():
    minutes = (0, 10, 20, 25, 40, 400)  # refused at 22; the fourth was on its way, the fifth not
    begin = pl.datetime(2026, 3, 19, 12, time_zone="UTC", time_unit="us")
    length = pl.lit(windows.LENGTH)
    rows = pl.DataFrame({"minute": minutes, "fresh": [1.0, 2, 4, 8, 16, 32]}).select(
        first_seen=begin + pl.duration(minutes="minute"),
        begins=pl.when(pl.col("minute") < 300).then(begin).otherwise(begin + length),
        hit_at=pl.when(pl.col("minute") < 300).then(begin + pl.duration(minutes=22)),
        fresh="fresh",
        reads=10 * pl.col("fresh"),
    )
    use = weight.uses(rows)
    assert use.low_fresh.tolist() == [3, 32]
    assert use.low_read.tolist() == [30, 320]
    assert use.high_fresh.tolist() == [15, np.inf]
    assert use.high_read[0] == 150
    nothing = rows.with_columns(hit_at=pl.when(pl.col("hit_at").is_not_null()).then(begin - length))
    assert len(weight.uses(nothing).low_fresh) == 1


def test_each_way_weighs_tokens_as_it_says():
    logs = load_odd("every era")
    by = {way: weight.weighed(logs, way).row(0, named=True) for way in weight.WAYS}
    row = logs.row(0, named=True)
    headers = dict(facts("quota-classes").select("token", "weight").rows())
    output = row["expected_output_tokens"]
    fresh = row["input_tokens"] + headers["cache write"] * row["write_tokens"]
    assert by["headers"]["fresh"] == pytest.approx(fresh + headers["output"] * output)
    listed = row["input_tokens"] + 1.25 * row["write_tokens"] + 5 * output  # Opus 4.7, five minutes
    assert by["list"]["fresh"] == pytest.approx(listed, rel=1e-3)
    assert by["list"]["reads"] == by["headers"]["reads"] == row["read_tokens"]
    assert by["dollars"]["fresh"] == pytest.approx(5000 * listed, rel=1e-3)  # nano-dollars
    assert by["dollars"]["reads"] == pytest.approx(5000 * row["read_tokens"])


def load_odd(name):
    rows = reconstruct.outputs(gallery.ODD[name].priced)
    return windows.windowed(rows, NONE)


@pytest.mark.parametrize("name", gallery.ODD)
def test_there_is_something_to_say_of_odd_logs(name):
    rows = weight.fullest(load_odd(name))
    found = weight.profiles(rows)
    ways = weight.by_way(found)
    said = [
        words.opening(found),
        words.profile(found),
        words.profile_alt(found, weight.published()),
        words.ways_caption(ways),
    ]
    assert not any(bad in text for text in said for bad in ("None", "nan", "inf "))
    assert words.ways(ways).height == len(weight.WAYS)


def test_the_account_with_most_hits_is_taken():
    times = [pl.Series(["a", "b", "b", "c"]), pl.Series([1, 1, 2, 1]), pl.Series([1, 1, 1, None])]
    rows = pl.DataFrame(times, ["account", "begins", "hit_at"])
    assert weight.fullest(rows)["account"].unique().to_list() == ["b"]
    assert weight.fullest(rows.filter(pl.col("account") == "c")).height == 1


def test_a_few_trials_end_as_the_shipped_table_says(monkeypatch):
    monkeypatch.setattr(benchmark, "HITS", (8,))
    monkeypatch.setattr(benchmark, "REQUESTS", 10_000)
    found = benchmark.trials(4)
    shipped = facts("weight-trials")
    assert found.schema == shipped.schema
    assert found["covered"].sum() > 0.6 * found["tries"].sum()
    light = pl.col("planted") < 1
    seen, hidden = (found.filter(light, way=way)["part"].mean() for way in ("interval", "hidden"))
    assert seen < 0.3
    assert seen < hidden


def test_intervals_hold_what_they_say_in_the_trials():
    shipped = facts("weight-trials")
    held = {
        way: rows["covered"].sum() / rows["tries"].sum() for (way,), rows in shipped.group_by("way")
    }
    assert held["interval"] > 0.85
    assert held["density"] < held["interval"]
    needed = weight_trials.takes()
    assert needed[0.0] <= needed[0.1] <= weight_trials.fewest()
    assert re.search(
        rf"of 0 from {needed[0.0]} hits? on, of 0.1 from {needed[0.1]} hits? on, of 1",
        of_trials.caption(),
    )
    assert f"{100 * held['interval']:.1f} %" in plain(of_trials.likelihoods())


def test_hits_are_enough_from_where_no_weight_is_held_too_seldom(monkeypatch):
    rows = {"way": "union", "planted": [0.0, 1.0] * 4, "hits": [1, 1, 2, 2, 3, 3, 5, 5]}
    covered = [95, 95, 95, 89, 90, 95, 92, 91]
    table = pl.DataFrame(rows).with_columns(covered=pl.Series(covered), tries=pl.lit(100))
    monkeypatch.setattr(weight_trials, "facts", lambda _: table)
    assert weight_trials.fewest() == 3


def test_trials_say_where_intervals_are_too_short_and_what_a_wrong_weight_does():
    fewest = min(k for k in range(101) if binom.cdf(k, 100, 0.9) >= 0.05)
    assert weight_trials.chance(100) == fewest
    right, wrong, both = (weight_trials.held(9, w) for w in ("interval", "misweighed", "union"))
    assert 100 * right[1] < fewest
    assert wrong[1] < right[1] < 0.9 <= both[1]
    assert "intervals are too short for a weight of 0.1" in plain(of_trials.caption())
    assert "held in 0 %" in plain(of_trials.misweighed())


def test_hidden_use_makes_budgets_look_smaller():
    rows = weight_trials.trials("hidden")
    many = rows.filter(pl.col("hits") == pl.col("hits").max())
    assert (many["budget"] < 1).all()
    assert "look smaller" in of_trials.hidden()


def test_the_claims_on_a_reads_weight_have_the_readers_own_beside_them(tmp_path, datasets):
    synth.write(tmp_path)
    store.load_logs("claims", str(tmp_path))
    logs = load("claims")
    card = scorecard(logs.priced(), "largest", logs.events)
    for claim in ("T4.18", "T5.9"):
        (own,) = card.filter(claim=claim)["yours"].to_list()
        assert [r["definition"].split(",")[0] for r in own] == [
            "90 % intervals of all ways from 9 limit hits",
            "90 % intervals of all ways from 9 limit hits",
        ]
        low, high = (r["value"] for r in own)
        assert low < 0.1 < high
        assert (low, high) == pytest.approx((0.07, 0.44), abs=0.005)
    assert LOGGED["quota-weight"](logs.priced(), NONE) == []
    few = logs.events.filter(pl.col("resets_at") == pl.col("resets_at").min())
    assert all("cannot tell" in r.definition for r in LOGGED["quota-weight"](logs.priced(), few))
