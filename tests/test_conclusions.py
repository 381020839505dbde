"""What the simulation concludes: signs, shares of draws, what noise hides, where a sign turns."""

import numpy as np
import polars as pl
import pytest
from plans_by_hand import MAX, METERED, PLAN, assumptions, plans

from analysis.facts import facts
from analysis.measures import redesign
from analysis.measures.assumed import middles
from analysis.measures.basis import calibrated
from analysis.measures.built_in import never_better, same_but_for
from analysis.measures.conclusions import ASKED, conclusions, more
from analysis.measures.day_shapes import Profiles
from analysis.measures.flips import flip, flips, last_flip, turned
from analysis.measures.frontier import frontier
from analysis.measures.population import population
from analysis.measures.swings import at_ends
from analysis.measures.totals import totals
from analysis.words import conclusions as words
from analysis.words import simulation as of_simulation

DAYS = Profiles(
    np.array([2.0, 6.0]), np.eye(2, 24, 9) / 2 + np.eye(2, 24, 10) / 2, np.full((2, 24), 0.02)
)
PLANS = redesign.line_ups().filter(pl.col("line_up").is_in([redesign.TODAY, *ASKED]))


@pytest.fixture(scope="module")
def people():
    return population(redesign.personas(), DAYS, users=60, days=30, groups=3)


@pytest.fixture(scope="module")
def drawn(people):
    return frontier(people, PLANS, redesign.assumptions(), draws=12)


@pytest.fixture(scope="module")
def found(people, drawn):
    middle = middles(redesign.assumptions())
    summed, bare = (
        totals(people, PLANS, middle | own, by_group=True) for own in ({}, {"reviews": 0.0})
    )
    return conclusions(summed, drawn, bare)


@pytest.fixture(scope="module")
def ended(people):
    return at_ends(people, PLANS, redesign.assumptions())


def test_each_conclusion_has_its_row(found):
    assert found["line_up"].to_list() == list(ASKED)
    assert found["draws"].to_list() == [12] * 3
    for key in ("more", "still", "net"):
        assert found[f"{key}_rises"].is_between(0, 1).all()
        assert (found[f"{key}_noise"] > 0).all()


def test_a_share_of_draws_is_of_those_with_more_than_today(found, drawn):
    for row in found.to_dicts():
        for key, outcome in (("more", "profit_usd"), ("still", "still_usd"), ("net", "net_usd")):
            every = more(drawn, row["line_up"], outcome)
            assert row[f"{key}_rises"] == pytest.approx((every > 0).mean())


def test_what_is_concluded_is_of_all_groups_together(found, people):
    whole = totals(people, PLANS, middles(redesign.assumptions()))
    for row in found.to_dicts():
        assert row["more_usd"] == pytest.approx(more(whole, row["line_up"], "profit_usd")[0])


def test_without_reviews_a_premium_on_them_loses_nobody_anything(people):
    some = redesign.line_ups().filter(pl.col("line_up").is_in(["caps", "checkpoint"]))
    middle = middles(redesign.assumptions())
    bare = totals(people, some, middle | {"reviews": 0.0}, by_group=True)
    drawn = totals(people, some, middle)
    row = conclusions(bare, drawn, bare, ("checkpoint",)).row(0, named=True)
    assert (row["bare_usd"], row["net_usd"], row["more_usd"]) == (0, 0, 0)


def test_a_margin_is_the_planned_one_at_the_calibrated_cost(people):
    middle = middles(redesign.assumptions())
    margin = totals(people, PLANS, middle)["margin"][0]
    at = calibrated(margin, middle["cost_share"], 0.4)
    again = totals(people, PLANS, middle | {"cost_share": at})["margin"][0]
    assert again == pytest.approx(0.4)


def test_the_sign_is_the_other_one_from_a_flip_to_the_end(people, ended):
    known = {r["name"]: r for r in redesign.assumptions().to_dicts()} | {
        "worth": {"low": 0, "middle": 0.5, "high": 1},
        "prices": {"low": 0.5, "middle": 1, "high": 2},
    }
    turns = flips(people, PLANS, redesign.assumptions(), ended, list(ASKED))
    assert turns.height
    for row in turns.to_dicts():
        of = known[row["name"]]
        low, high = sorted((of["middle"], of[row["end"]]))
        assert low <= row["flips_at"] <= high
        at = np.array([of["middle"], of[row["end"]]])
        table = totals(people, PLANS, middles(redesign.assumptions()) | {row["name"]: at})
        here, there = more(table, row["line_up"], row["outcome"])
        assert here * there < 0


def test_what_lies_within_noise_turns_nothing():
    rows = [(None, None, 3.0), ("a", "low", -3.0), ("b", "low", -0.5), ("c", "low", 2.0)]
    frame = pl.DataFrame(
        [
            {"name": name, "end": end, "group": g, "line_up": of}
            | dict.fromkeys(("profit_usd", "still_usd", "net_usd"), at)
            for name, end, value in rows
            for of, level in (("caps", 0.0), ("degrade", value))
            for g, at in enumerate((level - 1, level + 1) if of == "degrade" else (0.0, 0.0))
        ]
    )
    found = turned(frame, ["degrade"])
    assert found.select("outcome", "name", "swing").rows() == [
        ("profit_usd", "a", 6.0),
        ("still_usd", "a", 6.0),
        ("net_usd", "a", 6.0),
    ]


def test_nothing_flips_where_nothing_turns(people, ended):
    same = ended.filter(pl.col("name").is_null() | (pl.col("name") == "cost_share"))
    level = same.with_columns(profit_usd=1.0, still_usd=1.0, net_usd=1.0)
    assert flips(people, PLANS, redesign.assumptions(), level, list(ASKED)).is_empty()


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ([-1.0, 1.0, 1.0], 0.5),
        ([-1.0, 1.0, -3.0], 1.25),  # of two turns, the one nearest to the middle
        ([1.0, 2.0, 3.0], None),
        ([0.0, 2.0, 3.0], 0.0),
        ([0.0, 0.0, 0.0], None),
    ],
)
def test_a_walk_flips_between_its_steps(values, at):
    assert flip(np.array([0.0, 1.0, 2.0]), np.array(values), 1.0) == at


def test_a_blip_is_no_flip():
    walk = np.array([-1.0, 1.0, -1.0, -1.0, 1.0])
    assert last_flip(np.array([1.0, 0.9, 0.8, 0.7, 0.6]), walk) == pytest.approx(0.65)


def test_a_line_up_that_takes_away_alone_is_never_better():
    assert never_better(facts("line-ups"), 20.0) == [
        "reviews at a premium per token",
        "reviews per checkpoint",
        "a knowledge-work seat",
    ]
    dear = PLAN | {"line_up": "dear", "label": "dear", "fee_usd": 30.0}
    more = MAX | {"line_up": "more", "label": "more", "units": 6.0}
    assert never_better(plans(PLAN, MAX, dear, more, METERED | {"label": "m"}), 20.0) == ["dear"]
    cheap = dear | {"reviews": "checkpoint", "review_usd": 10.0}
    token = PLAN | {"reviews": "token"}
    assert never_better(plans(token, cheap), 20.0) == []
    assert never_better(plans(token, cheap), 10.0) == ["dear"]


def test_what_differs_in_one_term_alone():
    assert same_but_for(facts("line-ups"), "overage", ["at_cap"])
    assert not same_but_for(facts("line-ups"), "proposal", ["at_cap"])
    assert not same_but_for(facts("line-ups"), "none", ["at_cap"])


def row_of(**changed):
    row = {"line_up": "degrade", "label": "caps that degrade", "draws": 100}
    for key, usd, rises in (("more", -3.0, 0.3), ("still", -0.2, 0.5), ("net", 2.0, 1.0)):
        row |= {f"{key}_usd": usd, f"{key}_noise": 0.4, f"{key}_rises": rises}
    return pl.DataFrame([row | {"bare_usd": 2.0, "bare_noise": 0.4} | changed])


def flip_of(outcome, **changed):
    row = {
        "line_up": "degrade",
        "outcome": outcome,
        "name": "quality",
        "label": "worth of degraded work",
        "unit": "ratio",
        "middle": 0.6,
        "flips_at": 0.444,
        "net_usd": -5.0,
    }
    return row | changed


PRICES = {"name": "prices", "label": "its prices", "unit": "multiple", "flips_at": 1.25}
NONE = pl.DataFrame([flip_of("profit_usd")]).clear()
OUTCOMES = pl.DataFrame({"line_up": ["caps", "degrade"], "dearer": [0.3, 0.2]})


def said_of(row, *turning):
    flipping = pl.DataFrame(list(turning)) if turning else NONE
    return words.conclusion(row, flipping, OUTCOMES, "degrade").replace("\u202f", " ")


def test_a_conclusion_is_said_with_its_noise_and_its_draws():
    said = said_of(row_of())
    assert "profit is $3 ± $1 lower" in said
    assert "no different, as far as so many users can tell (under $1 ± $1 lower)" in said
    assert "users are left $2 ± $1 more" in said
    assert "profit is lower in 70 % (likely)" in said
    assert "20 % of users, and by 30 % today" in said


def test_what_turns_a_sign_is_named_with_its_value():
    said = said_of(row_of(), flip_of("profit_usd"), flip_of("profit_usd", **PRICES))
    assert "worth of degraded work, at 0.44; its prices, at 1.2×" in said
    assert "where users are left $5 less than today)" in said
    assert "Nothing turns that for users." in said
    before = flip_of("still_usd", **PRICES | {"flips_at": 1.5})
    said = said_of(row_of(), flip_of("profit_usd", **PRICES), before, flip_of("net_usd"))
    assert "; 1.5× before demand answers)" in said
    assert "That for users turns with: worth of degraded work, at 0.44." in said


def test_nothing_turns_where_there_is_no_sign():
    said = said_of(row_of(more_usd=0.1, net_usd=-0.1))
    assert "There is no sign for the firm that could turn." in said
    assert "There is no sign for users that could turn." in said
    assert "Nothing turns the sign for the firm" in said_of(row_of())


def test_a_sign_that_hangs_on_reviews_says_so():
    assert "left $4 ± $1 less" in said_of(row_of(bare_usd=-4.0))
    assert "wanted reviews" not in said_of(row_of())


def test_what_is_not_robust_is_named():
    said = words.also_robust(row_of(net_rises=0.4))
    assert "Not robust: caps that degrade, for the firm and for users." in said
    assert "caps that degrade, for the firm. " in words.also_robust(row_of())
    assert "are robust" in words.also_robust(row_of(more_rises=0.01))
    assert "too few days" in words.also_robust(row_of().clear())
    assert "too few days" in words.conclusion(row_of().clear(), NONE, OUTCOMES.clear(), "degrade")
    assert "too few days" in words.defined(row_of().clear())


def test_differences_within_noise_are_named():
    apart = pl.DataFrame(
        {
            "label": ["a", "b"],
            "profit_usd": [0.2, 5.0],
            "profit_noise": [0.5, 1.5],
            "net_usd": [3.0, 4.0],
            "net_noise": [0.1, 0.1],
        }
    )
    said = of_simulation.told_apart(apart)
    assert "known to ± $2 or better, and what users gain to ± $1" in said
    assert "can be told in profit: a." in said
    assert "All differences" in of_simulation.told_apart(apart.tail(1))
    alone = apart.with_columns(profit_noise=pl.lit(None, pl.Float64))
    assert "one group" in of_simulation.told_apart(alone)


def test_what_is_built_in_is_said_of_the_line_ups_as_they_are():
    said = of_simulation.built_in(redesign.line_ups(), redesign.assumptions())
    assert "$30 with a seat, and come with a plan for $20" in said
    assert "cost the same in the middle, $30" in said
    other = of_simulation.built_in(redesign.line_ups(25), redesign.assumptions())
    assert "cost the same" not in other
    assert of_simulation.built_in(plans(PLAN), assumptions()) == ""
