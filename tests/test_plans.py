"""Line-ups on few users: chapter 15's simulation, and what its sliders do."""

import re

import pytest
from plans_by_hand import DAY, METERED, PLAN, assumptions, people, plans

from analysis.explore import plans as view
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.logs import store
from analysis.measures import plans as measure
from analysis.measures import redesign
from analysis.measures.assumed import middles
from analysis.measures.day_shapes import day_shapes, profiles
from analysis.measures.line_ups import play
from analysis.measures.outcomes import outcomes, users
from analysis.measures.population import population
from analysis.paths import SAMPLE
from analysis.words import plans as words

FEW = 60


@pytest.fixture(scope="module")
def data(datasets):
    store.load_logs("sample", str(SAMPLE))
    return Data.of(store.read("sample"))


@pytest.fixture(scope="module")
def shapes(data):
    return day_shapes(data.rows)


@pytest.fixture
def few(monkeypatch):
    """Let the view simulate few users: its words count those of the module."""
    monkeypatch.setattr(measure.plans, "__defaults__", (None, FEW, 1))


def test_it_is_the_simulation_of_chapter_15(shapes):
    rest = redesign.personas(), redesign.line_ups(), redesign.assumptions()
    found = measure.plans(shapes, *rest, users=FEW)
    people = population(rest[0], profiles(shapes), FEW, measure.DAYS, 1, measure.GROUPS)
    wanted = outcomes(users(play(people, rest[1], middles(rest[2]))))
    shared = [name for name in found.columns if name in wanted.columns]
    assert len(shared) > 10
    assert found.select(shared).equals(wanted.select(shared))
    today, other = found.row(0, named=True), found.row(4, named=True)
    assert (today["line_up"], today["more_usd"], today["gain_usd"]) == ("caps", None, None)
    assert other["more_usd"] == pytest.approx(other["profit_usd"] - today["profit_usd"])
    assert other["gain_usd"] == pytest.approx(other["net_usd"] - today["net_usd"])


def test_profit_and_gain_by_hand(monkeypatch):
    """A user who wants 3 dollars a day: 20 a month under a cap, 90 metered, half of it cost."""
    monkeypatch.setattr(measure, "profiles", lambda shapes: DAY)
    monkeypatch.setattr(measure, "population", lambda *_: people(3.0))
    shapes = day_shapes(store.read("sample").priced())
    found = measure.plans(shapes, None, plans(PLAN, METERED), assumptions())
    caps, metered = found.to_dicts()
    assert (caps["profit_usd"], metered["profit_usd"]) == (20 - 45, 90 - 45)
    assert (metered["more_usd"], metered["gain_usd"]) == (70, -70)
    cheaper = measure.plans(shapes, None, plans(PLAN, METERED), assumptions(), {"prices": 0.5})
    assert cheaper["profit_usd"].to_list() == [20 - 45, 45 - 45]


def test_sliders_begin_where_the_facts_are(data, few):
    first = {name: one.first(data, Choices()) for name, one in view.CONTROLS.items()}
    assert view.plans(data, Choices(), **first).frame.equals(view.plans(data, Choices()).frame)
    known = dict(redesign.assumptions().select("name", "middle").iter_rows())
    assert {n: known[n] for n in first if n in known} == {n: first[n] for n in first if n in known}
    for name, one in view.CONTROLS.items():
        assert one.low <= first[name] <= one.high


@pytest.mark.parametrize("name", view.CONTROLS)
def test_every_slider_moves_something(data, few, name):
    middle = view.plans(data, Choices()).frame
    ends = [getattr(view.CONTROLS[name], end) for end in ("low", "high")]
    assert any(not view.plans(data, Choices(), **{name: e}).frame.equals(middle) for e in ends)


def test_the_view_says_that_it_is_simulated_of_whom_and_how_sure_it_is(data, few, themed):
    found = view.plans(data, Choices(), knowledge_share=0.25)
    assert found.title.startswith("Simulated: ")
    assert "Nobody was asked" in found.reading
    assert "25.0" not in found.reading
    assert re.search(r"25\s% of them knowledge workers", found.reading)
    assert f"{measure.USERS} users over {measure.DAYS} days" in found.reading
    assert len(found.draw().texts) == found.frame.height - 1


def test_what_so_few_users_cannot_tell_is_not_told(data, few):
    frame = view.plans(data, Choices()).frame
    unsure = frame.with_columns(more_noise=frame["more_usd"].abs() + 1)
    assert "the firm earns no more than today by any line-up, as far as" in words.title(unsure)
    worse = frame.with_columns(gain_usd=-frame["gain_usd"].abs() - 100)
    assert "users are left less than today by every line-up" in words.title(worse)


def test_too_few_days_are_said(data, themed):
    found = view.plans(data, Choices(since="2026-02-02", until="2026-02-03"))
    assert found.title.startswith("Nothing is simulated")
    assert found.frame.is_empty()
    assert found.draw().texts
