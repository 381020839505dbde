"""Which session length is cheapest, how flat the bottom is, and when cutting stops paying."""

import polars as pl
import pytest
from chains import chain, line, stretched

from analysis import params
from analysis.measures import growth, lengths, restarts
from analysis.paths import NOTEBOOKS
from analysis.words import restarts as words
from analysis.words.numbers import NARROW_SPACE

CHAPTER = NOTEBOOKS / "04-growth.ipynb"


def ready(*chains):
    return restarts.replayable(stretched(*chains))


def bowl(costs):
    made = {"length": list(costs), "usd_a_request": list(costs.values())}
    last = made["usd_a_request"][-1]
    return pl.DataFrame(made).with_columns(against=pl.col("usd_a_request") / last)


def test_the_flat_zone_by_hand():
    found = lengths.bottom(bowl({1: 3.0, 10: 1.0, 100: 1.05, 1000: 1.25}))
    assert found.length == 10
    assert found.shortest == pytest.approx(10 ** (1 - 0.1 / 2))
    assert found.longest == pytest.approx(10 ** (2 + 0.05 / 0.2))
    assert found.saving == pytest.approx(1 - 1 / 1.25)


def test_a_bottom_at_an_end_is_flat_up_to_it():
    falling = lengths.bottom(bowl({1: 3.0, 10: 2.0, 100: 1.0}))
    assert (falling.length, falling.saving) == (100, 0)
    assert falling.longest == pytest.approx(100)
    rising = lengths.bottom(bowl({1: 1.0, 10: 1.01}))
    assert rising.shortest == pytest.approx(1)
    assert rising.longest == pytest.approx(10)
    assert lengths.bottom(bowl({1: 1.0}))[:4] == (1, 1, pytest.approx(1), pytest.approx(1))


def test_more_to_carry_over_makes_longer_sessions_best_and_saves_less():
    found = lengths.by_carry_over(ready(line(30_000, 1000, 500)), chosen=15_000)
    assert found["carry_over_tokens"].to_list() == sorted({*lengths.CARRY_OVERS, 15_000})
    assert found["length"].is_sorted()
    assert found["saving"].is_sorted(descending=True)
    apart = [
        restarts.replay(ready(line(30_000, 1000, 500)), c)["usd"].arg_min() for c in (0, 80_000)
    ]
    tried = restarts.lengths(500)
    both = found.filter(pl.col("carry_over_tokens").is_in([0, 80_000]))["length"]
    assert both.to_list() == [tried[n] for n in apart]
    assert (found["shortest"] <= found["length"]).all()
    assert (found["length"] <= found["longest"]).all()


def test_ending_stops_paying_where_nothing_is_saved_any_more():
    frame = ready(line(30_000, 1000, 300))
    most = lengths.most_carried(frame, lengths.by_carry_over(frame))
    every = restarts.lengths(300)
    saved = [1 - restarts.replay(frame, k * most, every)["against"].min() for k in (0.8, 1.25)]
    assert saved[0] > lengths.WORTH > saved[1]


def test_a_session_that_does_not_grow_is_never_worth_ending():
    frame = ready(chain([50_000] * 40))
    for making in (False, True):
        assert lengths.most_carried(frame, lengths.by_carry_over(frame), making=making) == 0


def test_one_request_leaves_nothing_to_cut_and_every_caption_says_so():
    frame = ready(chain([50_000]))
    carried, bowl = lengths.by_carry_over(frame), restarts.replay(frame, 10)
    most = lengths.most_carried(frame, carried)
    assert most is None
    assert "nothing to cut, whatever is carried over" in words.carry_overs(carried, most, most)
    band = lengths.best_replayed(frame, 10)
    assert "nothing to cut." in words.bowl(bowl, {"length": None}, (band, band), 10)


def test_a_carry_over_that_the_model_writes_makes_longer_sessions_best_and_saves_less():
    frame = ready(line(30_000, 1000, 500, output_tokens=10))
    carried = lengths.by_carry_over(frame)
    nothing, some = carried.row(0, named=True), carried.row(2, named=True)
    assert nothing["written_length"] == nothing["length"]
    assert nothing["written_saving"] == nothing["saving"]
    assert some["written_length"] > some["length"]
    assert some["written_saving"] < some["saving"]
    most = [lengths.most_carried(frame, carried, making=making) for making in (False, True)]
    assert most[1] < most[0]
    at = restarts.replay(frame, 1.3 * most[1])
    assert 1 - restarts.written(at)["against"].min() < lengths.WORTH < 1 - at["against"].min()
    ends = [lengths.best_replayed(frame, 20_000, making=making) for making in (False, True)]
    assert [e.clusters for e in ends] == [1, 1]


def test_the_chapter_s_parameter_has_the_module_s_default():
    assert params.defaults(CHAPTER)["carry_over_tokens"] == restarts.CARRY_OVER


def test_nothing_has_no_best_length():
    nothing = ready()
    assert lengths.bottom(restarts.replay(nothing, 0)) is None
    assert lengths.by_carry_over(nothing).is_empty()
    assert lengths.most_carried(nothing, lengths.by_carry_over(nothing)) is None
    assert not lengths.best_replayed(nothing, 0).known
    hours = lengths.at_hours(nothing, growth.pace(stretched()), 0)
    assert hours.is_empty()
    assert words.hours(hours).startswith("No main chain")
    assert words.verdict(hours).startswith("Nothing here can be cut")


def test_the_interval_of_the_cheapest_length_holds_it():
    chains = [line(20_000 + 900 * n, 500 + 90 * n, 90, session=f"s{n:02}") for n in range(20)]
    frame = ready(*chains)
    low, high, clusters = lengths.best_replayed(frame, 10_000)
    assert low <= lengths.bottom(restarts.replay(frame, 10_000)).length <= high
    assert clusters == 20


def test_hours_by_hand():
    """A request every two minutes, 122 in four hours, no pause over five minutes."""
    frame = stretched(line(30_000, 1000, 122, seconds=120))
    found = lengths.at_hours(restarts.replayable(frame), growth.pace(frame), 10_000)
    assert found.select("hours", "counted", "length").rows() == [
        (1, "all hours", 30),
        (2, "all hours", 60),
        (1, "active hours", 30),
        (2, "active hours", 60),
    ]
    cost = restarts.replay(restarts.replayable(frame), 10_000, [30, 60])["usd_a_request"]
    assert found["request_usd"].to_list() == [*cost, *cost]
    assert 1 <= found["over_lowest"][0] < 1.1  # the rule says 30
    assert found["over_lowest"][1] > found["over_lowest"][0]
    assert found["written_against"].to_list() == found["against"].to_list()  # no output, no price


def test_without_a_pace_there_are_no_hours():
    frame = stretched(line(30_000, 1000, 40, seconds=0))
    assert lengths.at_hours(restarts.replayable(frame), growth.pace(frame), 0).is_empty()


def test_the_bowl_s_caption_says_saving_zone_and_rule():
    frame = ready(line(30_000, 1000, 300, output_tokens=10))
    tried = restarts.replay(frame, 10_000)
    best, dear = lengths.bottom(tried), lengths.bottom(restarts.written(tried))
    bands = [lengths.best_replayed(frame, 10_000, making=making) for making in (False, True)]
    rule = {"length": 30.3, "written_length": 40.4}
    said = words.bowl(tried, rule, bands, 10_000).replace(NARROW_SPACE, " ")
    assert f"an end every {best.length} requests, prompts cost {100 * best.saving:.1f} %" in said
    assert f"every {dear.length} requests, {100 * dear.saving:.1f} % less if the model" in said
    assert best.saving > dear.saving
    assert said.count("(1 session, too few for an interval, of the lengths tried)") == 2
    assert "By the square-root rule, 30 and 40;" in said
    assert "Assumed: requests" in said


def test_where_nothing_is_saved_the_caption_says_so():
    frame = ready(chain([50_000] * 40))
    tried = restarts.replay(frame, 10_000)
    rule, bands = {"length": None}, [lengths.best_replayed(frame, 10_000)] * 2
    said = words.bowl(tried, rule, bands, 10_000)
    assert "no session length is cheaper than the cost as logged" in said
    assert "By the square-root rule, none;" in said
    single = restarts.replay(ready(chain([9])), 1)
    assert words.bowl(single, rule, bands, 1).startswith("No main chain")
