"""Turns, days, months and their spread: by hand, and on what holds nothing."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import schema
from analysis.facts import facts
from analysis.measures import concentration, dearer, months, reconstruct, turns
from analysis.measures.resample import FEWEST
from analysis.prices import price
from analysis.words import concentration as of_shares
from analysis.words import months as of_months

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
NONE = pl.DataFrame(schema=schema.dtypes("events"))


def events(*minutes, session="s"):
    rows = [
        {"kind": "prompt", "session": session, "is_sidechain": False, "at": AT + n * MINUTE}
        for n in minutes
    ]
    empty = dict.fromkeys(schema.dtypes("events"))
    return pl.DataFrame([empty | row for row in rows], schema=schema.dtypes("events"))


def spent(*rows):
    made = [{"version": "2.1.112", "read_tokens": 1_000_000} | row for row in rows]
    return turns.costed(reconstruct.outputs(price(requests(*made))))


def at(minute, **more):
    return {"message_id": f"m{minute}{more}", "first_seen": AT + minute * MINUTE} | more


def test_a_turn_goes_from_one_prompt_to_the_next_with_its_subagents():
    requested = [at(0), at(1), at(2, agent="a", is_sidechain=True), at(10), at(11)]
    found = turns.turns(spent(*requested), events(-1, 9))
    assert found.select("turn", "requests").rows() == [(1, 3), (2, 2)]
    assert found["usd"].to_list() == pytest.approx([1.5, 1.0])


def test_a_turn_of_one_request_is_an_answer_and_one_of_ten_a_workflow():
    found = turns.turns(spent(at(0), *(at(n) for n in range(10, 20))), events(9))
    assert found["kind"].to_list() == ["answer", "workflow"]
    kinds = {r["kind"]: r for r in turns.by_kind(found).to_dicts()}
    assert kinds["workflow"]["median"] == pytest.approx(5.0)


def test_how_much_dearer_a_workflow_is_by_what_is_called_one():
    found = turns.turns(spent(at(0), *(at(n) for n in range(10, 20))), events(9))
    rows = dearer.dearer(found).select("least", "count", "median", "mean", "drawn").rows()
    assert rows == [(5, 1, 10.0, 10.0, None), (10, 1, 10.0, 10.0, None)]
    assert dearer.dearer(found.head(0)).is_empty()


def many(sessions, projects=1):
    frame = pl.concat(
        pl.DataFrame(
            {
                "project": [f"p{n % projects}"] * 2,
                "session": [f"s{n}"] * 2,
                "turn": [1, 2],
                "requests": [1, 10],
                "usd": [1.0, 10.0 + n % 5],
                "kind": ["answer", "workflow"],
            }
        )
        for n in range(sessions)
    )
    return frame.with_columns(pl.col("turn", "requests").cast(pl.Int64))


def test_a_workflow_is_compared_by_project_or_by_session_or_without_an_interval():
    assert dearer.dearer(many(FEWEST - 1))["drawn"].to_list() == [None, None]
    assert dearer.dearer(many(FEWEST))["drawn"].to_list() == ["session"] * 2
    assert dearer.dearer(many(30, projects=FEWEST))["drawn"].to_list() == ["project"] * 2
    row = dearer.dearer(many(30)).row(0, named=True)
    assert row["median"] == row["usd"] == 12
    assert row["median_low"] < 12 < row["median_high"]
    assert 11 < row["mean_low"] < row["mean"] == 12 < row["mean_high"] < 13


def test_a_median_lies_between_the_two_in_the_middle():
    rows = [at(n, session=f"s{n}", read_tokens=1_000_000 * (n + 1)) for n in range(2)]
    whole = spent(*rows)
    found = turns.turns(whole, NONE)
    (kind,) = turns.by_kind(found).to_dicts()
    assert kind["median"] == pytest.approx(found["usd"].median()) == pytest.approx(0.75)
    listed = {r["unit"]: r for r in turns.units(whole, NONE).to_dicts()}
    assert listed["session"]["median"] == pytest.approx(0.75)
    assert listed["session"]["high"] == pytest.approx(0.95)


def test_a_month_is_told_since_the_last_long_silence_beside_since_the_first_day():
    days = [0, *range(100, 130)]
    listed = {
        r["unit"]: r for r in turns.units(spent(*(at(1440 * n) for n in days)), NONE).to_dicts()
    }
    assert listed[turns.LATELY]["mean"] == pytest.approx(15)
    assert listed[turns.EVER]["mean"] == pytest.approx(31 * 0.5 * 30 / 130)
    found = months.months(spent(*(at(1440 * n) for n in days)))
    assert found.select("project", "days").unique(maintain_order=True).rows() == [
        (months.EVERY, 130),
        (months.LATELY, 30),
    ]
    assert "since the last long silence" in of_months.predictable(found)
    without = turns.units(spent(*(at(1440 * n) for n in range(40))), NONE)
    assert turns.LATELY not in without["unit"].to_list()


def test_turns_sessions_and_days_sum_to_the_whole():
    rows = [at(n, session=f"s{n % 3}", project=f"p{n % 2}") for n in range(0, 9000, 300)]
    whole = spent(*rows)
    total = whole["usd"].sum()
    assert turns.turns(whole, NONE)["usd"].sum() == pytest.approx(total)
    assert turns.daily(whole)["usd"].sum() == pytest.approx(total)
    listed = {r["unit"]: r for r in turns.units(whole, NONE).to_dicts()}
    assert listed["session"]["count"] * listed["session"]["mean"] == pytest.approx(total)
    assert listed[turns.EVER]["count"] * listed[turns.EVER]["mean"] == pytest.approx(total)
    assert listed[turns.EVER]["Pro"] == pytest.approx(listed[turns.EVER]["mean"] / 20)


def test_a_day_is_the_reader_s():
    late = spent(at(0, first_seen=dt.datetime(2026, 4, 20, 23, 30, tzinfo=dt.UTC)))
    assert late["day"].item() == dt.date(2026, 4, 20)
    again = turns.costed(late.drop("day", "usd"), "Europe/Paris")
    assert again["day"].item() == dt.date(2026, 4, 21)


def test_silent_days_count():
    days = pl.DataFrame({"day": [AT.date(), AT.date() + 3 * DAY], "usd": [1.0, 2.0]})
    assert months.calendar(days).tolist() == [1, 0, 0, 2]
    assert turns.span(days) == 4


def test_a_month_of_equal_days_is_certain_and_of_unequal_ones_is_not():
    same = months.drawn_months(np.full(28, 2.0), 1)
    assert same.min() == same.max() == 60
    weeks = months.drawn_months(np.full(70, 2.0), 7)
    assert weeks.min() == pytest.approx(weeks.max()) == pytest.approx(60)
    spread = months.drawn_months(np.tile([0.0, 4.0], 35), 1)
    assert spread.mean() == pytest.approx(60, rel=0.02)
    # thirty coin tosses of 4 dollars, and a mean known from seventy: sqrt(4 (30 + 900 / 70))
    assert spread.std() == pytest.approx(np.sqrt(4 * (30 + 900 / 70)), rel=0.05)


def test_weeks_keep_busy_days_together():
    usd = np.zeros(140)
    usd[:7] = usd[70:77] = 10.0
    by_days, by_weeks = (months.drawn_months(usd, block) for block in (1, 7))
    assert by_weeks.std() > 1.5 * by_days.std()


def test_too_few_days_or_weeks_draw_nothing():
    assert not months.drawn_months(np.ones(FEWEST - 1), 1).size
    assert not months.drawn_months(np.ones(7 * FEWEST - 1), 7).size


def test_a_project_alone_is_not_listed_beside_itself():
    rows = [at(1440 * n) for n in range(turns.MONTH)]
    assert months.months(spent(*rows[1:])).is_empty()
    found = months.months(spent(*rows))
    assert found.select("project", "by").rows() == [(months.EVERY, "days")]
    assert months.ecdf(spent(*rows))["days"].unique().to_list() == [months.EVERY]


def test_the_top_tenth_of_equals_has_a_tenth_and_of_one_payer_all():
    assert concentration.top_share(np.ones(50)) == pytest.approx(0.1)
    one = np.array([5.0, *[0.0] * 9])
    assert concentration.top_share(one) == 1
    assert concentration.top_share(one, np.array([0.05]))[0] == pytest.approx(0.5)


def test_a_curve_rises_to_one_and_holds_the_top_tenth():
    rows = [at(n, session=f"s{n}", read_tokens=1000 * (n + 1) ** 2) for n in range(40)]
    whole = spent(*rows)
    curve = concentration.lorenz(whole).filter(pl.col("unit") == "sessions")
    assert curve["share"].is_sorted()
    assert curve["share"][-1] == pytest.approx(1)
    tops = {r["unit"]: r for r in concentration.tops(whole).to_dicts()}
    tenth = curve.filter((pl.col("top") - 0.1).abs() < 1e-9)["share"].item()
    assert tops["sessions"]["share"] == pytest.approx(tenth)
    assert tops["sessions"]["low"] < tops["sessions"]["high"]
    assert tops["projects"]["share"] is None


def test_of_no_requests_there_is_nothing_and_words_for_it():
    none = spent().head(0)
    assert months.months(none).is_empty()
    assert concentration.lorenz(none).is_empty()
    assert "too few" in of_shares.tops(concentration.tops(none), concentration.published())
    assert "cannot be told" in of_months.months(months.months(none))
    assert of_months.days(months.ecdf(none)) == of_months.NOTHING
    assert of_months.units(turns.units(none, NONE)) == of_months.NOTHING


def test_documented_spend_has_its_columns_and_quantiles():
    rows = facts("documented-spend")
    columns = ["what", "usd", "quantile", "per", "covers", "said_day", "source"]
    assert rows.columns == columns
    assert rows["what"].is_unique().all()
    assert rows["quantile"].drop_nulls().is_between(0, 1).all()
    means = rows.filter(pl.col("quantile").is_null(), pl.col("per").str.contains("day"))["usd"]
    most = rows.drop_nulls("quantile")["usd"]
    assert (means < most).all()


def test_other_tables_of_the_chapter_are_what_they_say():
    wages = facts("wages").drop_nulls("quantile").sort("quantile")
    assert wages["usd_a_year"].is_sorted()
    assert facts("concentration").select("top", "share").drop_nulls().to_numpy().max() < 1
    assert facts("code-reviews")["name"].is_unique().all()
    assert set(facts("code-reviews")["of"]) == {"Code Review", "people", "agents"}
    assert set(facts("employer-costs")["name"]) == {"wage_share", "work_hours"}
