"""What the simulation concludes: signs, shares of draws, and where a sign turns."""

import numpy as np
import polars as pl
import pytest

from analysis.measures import redesign
from analysis.measures.assumed import draw, middles
from analysis.measures.conclusions import ASKED, OF_FEES, STEPS, conclusions, flip, more
from analysis.measures.day_shapes import Profiles
from analysis.measures.frontier import frontier
from analysis.measures.population import population
from analysis.measures.totals import totals
from analysis.words import conclusions as words

DAYS = Profiles(
    np.array([2.0, 6.0]), np.eye(2, 24, 9) / 2 + np.eye(2, 24, 10) / 2, np.full((2, 24), 0.02)
)


@pytest.fixture(scope="module")
def people():
    return population(redesign.personas(), DAYS, users=60, days=30)


@pytest.fixture(scope="module")
def drawn(people):
    return frontier(people, redesign.line_ups(), redesign.assumptions(), draws=12)


@pytest.fixture(scope="module")
def found(people, drawn):
    return conclusions(people, redesign.line_ups(), redesign.assumptions(), drawn)


def test_each_conclusion_has_its_row(found):
    assert found.select("line_up", "outcome").rows() == [tuple(asked) for asked in ASKED]
    assert found["holds"].is_between(0, 1).all()
    assert found["draws"].to_list() == [12] * 3


def test_a_share_of_draws_is_of_those_with_the_sign_of_the_middle(found, drawn):
    for row in found.to_dicts():
        every = more(drawn, row["line_up"], row["outcome"])
        assert row["holds"] == pytest.approx((np.sign(every) == np.sign(row["more_usd"])).mean())


def test_the_sign_is_another_one_beyond_the_value_at_which_it_flips(people, found):
    known = redesign.assumptions()
    hanging = found.filter(pl.col("hangs_on") != OF_FEES, pl.col("flips_at").is_not_null())
    assert hanging.height
    for row in hanging.to_dicts():
        own = known.filter(name=row["hangs_on"]).row(0, named=True)
        walk = np.append(
            np.linspace(own["low"], own["middle"], STEPS // 2, endpoint=False),
            np.linspace(own["middle"], own["high"], STEPS - STEPS // 2),
        )
        table = totals(people, redesign.line_ups(), middles(known) | {row["hangs_on"]: walk})
        values = more(table, row["line_up"], row["outcome"])
        below, above = walk[walk <= row["flips_at"]], walk[walk >= row["flips_at"]]
        ends = values[len(below) - 1], values[len(walk) - len(above)]
        assert np.sign(ends[0]) != np.sign(ends[1])


def test_fees_are_moved_where_no_assumption_turns_a_conclusion(found):
    for row in found.to_dicts():
        assert (row["hangs_on"] == OF_FEES) == (row["flips_alone"] == 0)
        if row["hangs_on"] != OF_FEES:
            assert row["net_at_flip"] is None


def test_today_is_no_different_from_itself(people):
    drawn = draw(redesign.assumptions(), 3)
    found = totals(people, redesign.line_ups(), drawn)
    assert more(found, redesign.TODAY, "profit_usd").tolist() == [0, 0, 0]


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


def row_of(**changed):
    row = {
        "line_up": "degrade",
        "label": "caps that degrade",
        "outcome": "profit_usd",
        "more_usd": -3.0,
        "net_usd": 2.0,
        "draws": 100,
        "holds": 0.7,
        "net_holds": 1.0,
        "hangs_on": "quality",
        "hangs_label": "worth of degraded work over the large model's",
        "unit": "ratio",
        "middle": 0.6,
        "flips_at": 0.444,
        "flips_alone": 3,
        "net_at_flip": None,
    }
    return pl.DataFrame([row | changed])


OUTCOMES = pl.DataFrame({"line_up": ["caps", "degrade"], "dearer": [0.3, 0.2]})


def test_a_conclusion_is_said_with_what_it_hangs_on():
    said = words.conclusion(row_of(), OUTCOMES, "degrade")
    assert "$3.00 less profit" in said
    assert "leave users $2.00 more" in said
    assert "(likely, not robust)" in said
    assert "flips at about 0.44, as 2 others do alone" in said
    assert "20\u202f% of users, and by 30\u202f% today" in said


def test_a_conclusion_that_nothing_turns_says_so():
    fees = {"hangs_on": OF_FEES, "unit": "multiple", "flips_alone": 0}
    never = words.conclusion(row_of(**fees, flips_at=None), OUTCOMES, "degrade")
    assert "it does not flip either" in never
    turned = words.conclusion(row_of(**fees, flips_at=1.25, net_at_flip=-1.0), OUTCOMES, "degrade")
    assert "users are left $1.00 less" in turned


def test_what_is_not_robust_is_named():
    assert "caps that degrade (70" in words.also_robust(row_of())
    assert "nearly every draw" in words.also_robust(row_of(holds=0.99))
    assert "too few days" in words.also_robust(row_of().clear())
    assert "too few days" in words.conclusion(row_of().clear(), OUTCOMES.clear(), "degrade")
