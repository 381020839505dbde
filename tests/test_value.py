"""What a review must spare, what work is worth by the dollar, what it rests on."""

import numpy as np
import polars as pl
import pytest
from requests_by_hand import requests

from analysis import params
from analysis.claims import claims, judge
from analysis.claims.value import ABOUT, PUBLISHED
from analysis.facts import facts
from analysis.measures import dearer, spared, value, work
from analysis.paths import NOTEBOOKS
from analysis.prices import price
from analysis.words import dearer as of_turns
from analysis.words import review as of_review
from analysis.words import value as words
from analysis.words import work as of_work
from analysis.words.numbers import NARROW_SPACE

CHAPTER = NOTEBOOKS / "14-value.ipynb"


def plain(text):
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def test_the_parameters_of_the_chapter_are_the_middles_of_the_facts():
    own = params.defaults(CHAPTER)
    known = value.middles(value.assumptions()) | value.middles(work.assumptions())
    named = set(own) & set(params.NUMBERS) - {"seed"}
    assert named == {"wage_usd", "junior_wage_usd", "hours_spared", "success_rate"}
    assert {name: own[name] for name in named} == {name: known[name] for name in named}


def test_published_ends_of_the_ranges_follow_from_the_facts():
    rows = {r["name"]: r for r in (*facts("value-assumptions").to_dicts(),)}
    rows |= {r["name"]: r for r in facts("work-assumptions").to_dicts()}
    hourly = spared.hourly
    wage, junior = rows["wage_usd"], rows["junior_wage_usd"]
    ends = [hourly(f"developer-{q}") for q in (50, 75, 90)]
    assert [wage[e] for e in ("low", "middle", "high")] == [round(h) for h in ends]
    assert junior["middle"] == round(hourly("office-mean"))
    assert junior["high"] == round(hourly("developer-10"))
    answer = rows["answer_hours"]
    assert [answer[e] * ABOUT for e in ("low", "high")] == [1, ABOUT**2]
    hours, success, dollars = rows["hours_spared"], rows["success_rate"], rows["review_usd"]
    slower = spared.studies().filter(pl.col("study") == "metr-2025")["share"].item()
    assert hours["middle"] == spared.person_hours()
    assert hours["low"] == pytest.approx(slower * spared.person_hours(), abs=0.005)
    assert hours["high"] == rows["workflow_hours"]["middle"]
    added = spared.review("after") - spared.review("before")
    shares = [added, spared.review("after"), spared.review("large")]
    assert [success[e] for e in ("low", "middle", "high")] == pytest.approx(shares)
    prices = [spared.review(f"price_{e}") for e in ("low", "high")]
    assert [dollars["low"], dollars["high"]] == prices
    assert dollars["middle"] == sum(prices) / 2


@pytest.mark.parametrize("name", ["value-assumptions", "work-assumptions"])
def test_a_range_is_in_order_and_has_its_kind(name):
    frame = facts(name)
    assert frame["name"].is_unique().all()
    assert (frame["low"] <= frame["middle"]).all()
    assert (frame["middle"] <= frame["high"]).all()
    assert set(frame["kind"]) <= {"published", "quoted", "assumed"}


def test_a_study_has_its_change_within_its_interval_and_a_known_way():
    frame = spared.studies()
    known = frame.drop_nulls("low")
    assert (known["low"] <= known["share"]).all()
    assert (known["share"] <= known["high"]).all()
    assert set(frame["work"]) == {"answer", "workflow"}
    assert set(facts("hours-spared")["change_of"]) == {"time", "output"}
    assert set(frame["how"]) == {*spared.MEASURED, "estimated by a model"}


def test_a_third_more_output_is_a_quarter_less_time():
    rows = {r["study"]: r for r in spared.studies().to_dicts()}
    assert rows["brynjolfsson-novice"]["share"] == pytest.approx(0.34 / 1.34)
    assert rows["metr-2025"]["share"] == -0.19
    assert rows["metr-2025"]["hours"] == pytest.approx(-0.38)
    assert rows["cui"]["hours"] is None


def test_the_price_of_a_review_in_tokens_is_that_of_the_list():
    mine = price(requests({"read_tokens": 900_000, "output_tokens": 100_000}))
    found = {r["mix"]: r for r in work.tokens(mine, 15, 25).to_dicts()}
    assert (found["input"]["low"], found["input"]["high"]) == (3e6, 5e6)
    assert (found["output"]["low"], found["output"]["high"]) == (0.6e6, 1e6)
    assert found["logs"]["usd_a_million"] == pytest.approx(0.9 * 0.5 + 0.1 * 25)
    session = facts("cases").filter(pl.col("case") == "session").row(0, named=True)
    counts = [session[f"{part}_tokens"] for part in ("read", "write", "input", "output")]
    assert found["session"]["usd_a_million"] == pytest.approx(
        session["total_cost"] / sum(counts) * 1e6, rel=1e-4
    )


def test_a_review_that_spares_as_long_as_it_must_is_worth_its_price():
    known = value.assumptions()
    middle = value.middles(known)
    for row in value.needs(known).to_dicts():
        for end in ("low", "high"):
            dollars = known.filter(pl.col("name") == "review_usd")[end].item()
            a = middle | {"review_usd": dollars, "hours_spared": row[end]}
            worth = value.worth_per_dollar({name: np.array([v]) for name, v in a.items()})
            assert worth[0] == pytest.approx(1 / row["part"])


def test_minutes_fall_as_more_reviews_spare_some_and_rise_with_the_price():
    found = value.break_even(value.assumptions())
    assert (found["least"] < found["minutes"]).all()
    assert (found["minutes"] < found["most"]).all()
    low, high = (found.filter(pl.col("price") == p)["minutes"] for p in ("low", "high"))
    assert (low < high).all()
    assert low.is_sorted(descending=True)


def test_a_reader_s_own_middle_moves_its_range_and_a_share_ends_at_one():
    rows = {r["name"]: r for r in value.assumptions(wage_usd=232.0, success_rate=0.9).to_dicts()}
    assert (rows["wage_usd"]["low"], rows["wage_usd"]["high"]) == (182, 290)
    assert rows["success_rate"]["high"] == 1
    assert rows["success_rate"]["low"] == pytest.approx(0.38 * 0.9 / 0.54)
    assert rows["hours_spared"]["middle"] == 0.8


def test_draws_keep_to_their_ranges_and_to_their_seed():
    known = value.assumptions()
    drawn, again = value.draw(known, 7), value.draw(known, 7)
    for row in known.to_dicts():
        some = drawn[row["name"]]
        assert row["low"] <= some.min() < some.max() <= row["high"]
        assert (some == again[row["name"]]).all()
    found = value.simulated(known, 7)
    assert found["low"] < found["median"] < found["high"]
    assert found["cheap"] < found["half"] < 1 - found["below"]


def test_a_price_of_nothing_spared_is_never_worth_it_and_of_days_always():
    none = value.simulated(value.assumptions(hours_spared=0.001))
    much = value.simulated(
        value.assumptions()
        .with_columns(
            pl.when(pl.col("name") == "hours_spared").then(20.0).otherwise(end).alias(end)
            for end in ("low", "middle", "high")
        )
        .with_columns(
            pl.when(pl.col("name") == "hours_spared").then(21.0).otherwise("high").alias("high")
        )
    )
    assert none["below"] == 1
    assert much["below"] == 0
    assert much["cheap"] == 1


def test_an_assumption_flips_where_its_review_just_pays():
    known = value.assumptions()
    found = value.swings(known)
    widths = (found["at_low"] - found["at_high"]).abs()
    assert widths.is_sorted(descending=True)
    (flips,) = found.drop_nulls("flips").to_dicts()
    a = value.middles(known) | {flips["name"]: flips["flips"]}
    worth = value.worth_per_dollar({name: np.array([v]) for name, v in a.items()})
    assert worth[0] == pytest.approx(1)


def kinds(answer=0.1, workflow=2.0):
    rows = [("answer", 8, answer / 2, answer, answer * 2)]
    rows += [("workflow", 5, workflow / 2, workflow, workflow * 2)]
    return pl.DataFrame(rows, ["kind", "count", "low", "median", "high"], orient="row")


def test_work_is_worth_its_hours_over_its_price():
    found = work.worth(kinds(), work.assumptions(), value.assumptions())
    rows = {(r["work"], r["hours_by"]): r for r in found.to_dicts()}
    assert rows["answer", work.TEXT]["middle"] == pytest.approx(33 / 0.1)
    assert rows["workflow", work.TEXT]["middle"] == pytest.approx(3 * 116 / 2)
    assert rows["workflow", work.TEXT]["low"] == pytest.approx(2 * 116 / 4)
    assert rows["workflow", work.TEXT]["high"] == pytest.approx(4 * 116 / 1)
    assert rows["review", work.ASSUMED]["middle"] == pytest.approx(0.8 * 0.54 * 116 / 20)
    assert [by for of, by in rows if of == "review"] == [work.ASSUMED]
    assert rows["chat", work.TEXT]["usd"] == pytest.approx(1000 * 5e-6 + 500 * 25e-6)
    slower = rows["workflow", work.STUDIES]
    assert slower["hours_low"] == pytest.approx(-0.38)
    assert slower["low"] == pytest.approx(-0.38 * 116 / 1)


def ratios(workflow=2.0, answer=0.1, spread=1.1):
    row = {"least": 10, "count": 12, "answers": 15, "drawn": "session"}
    row |= {"usd": workflow, "median": workflow / answer, "mean": workflow / answer}
    ends = {"low": 1 / spread, "high": spread}
    row |= {f"{n}_{e}": row[n] * by for n in ("usd", "median", "mean") for e, by in ends.items()}
    return pl.DataFrame([row])


@pytest.mark.parametrize(
    ("workflow", "says"),
    [(0.01, "falls behind"), (0.2, "may or may not"), (20.0, "rises more than")],
)
def test_the_words_compare_with_a_chat_as_the_write_up_does(workflow, says):
    found = work.worth(kinds(workflow=workflow), work.assumptions(), value.assumptions())
    beside = dearer.compared(found, ratios(workflow))
    for text in (of_work.worth(found, beside), of_turns.ending(beside, ratios(workflow))):
        assert says in text
        assert "a short answer in a chat" in text
        assert "answer inside a session" in text


def test_a_chat_s_ends_are_those_of_its_tokens_and_of_the_turns_drawn():
    found = work.worth(kinds(), work.assumptions(), value.assumptions())
    rows = {r["answer"]: r for r in dearer.compared(found, ratios()).to_dicts()}
    chat = rows["chat"]
    assert chat["times"] == pytest.approx(2 / 0.0175)
    assert chat["low"] == pytest.approx(2 / 1.1 / (4000 * 5e-6 + 1500 * 25e-6))
    assert chat["high"] == pytest.approx(2 * 1.1 / (200 * 5e-6 + 150 * 25e-6))
    assert chat["worth"] == pytest.approx(3 * 116 / 33)
    assert chat["worth_low"] == pytest.approx(2 * 116 / (2 * 33))
    assert chat["worth_high"] == pytest.approx(4 * 116 / (0.5 * 33))
    assert rows["answer"]["times"] == pytest.approx(20)


def test_from_few_turns_nothing_is_concluded():
    found = work.worth(kinds(), work.assumptions(), value.assumptions())
    none = dearer.compared(found, ratios().with_columns(median_low=None, median_high=None))
    assert none.is_empty()
    said = of_work.worth(found, none)
    assert said.startswith("Too few turns")
    assert "5 turns of 10 requests or more and 8 of one" in said
    assert "; whether it does with worth these logs cannot say" in of_turns.ending(none, ratios())
    assert "- Whether list price rises with worth" in of_turns.ending(none, ratios().head(0))


def test_without_turns_what_is_published_stays():
    found = work.worth(kinds().head(0), work.assumptions(), value.assumptions())
    assert found["work"].unique().sort().to_list() == ["chat", "review"]


def test_an_hour_for_an_answer_is_an_estimate_and_several_for_a_workflow_were_not_measured():
    rows = {r["claim"]: r for r in claims().to_dicts()}
    answer = judge(rows["B11"], PUBLISHED[rows["B11"]["check"]]())
    workflow = judge(rows["B12"], PUBLISHED[rows["B12"]["check"]]())
    assert answer.word == "definition"
    assert "estimate" in answer.definition
    assert workflow.word == "unsupported"
    readings = [r for of in ("B11", "B12") for r in PUBLISHED[rows[of]["check"]]()]
    assert all("no task over" in reading.definition for reading in readings)
    assert "25 minutes" in readings[0].definition
    assert judge(rows["B20"], []).word == "opinion"
    assert {judge(rows[c], []).word for c in ("B21", "B22")} == {"quoted"}


def test_the_words_of_a_review():
    known = value.assumptions()
    even = value.break_even(known)
    said = plain(words.break_even(even, known))
    assert "of $15 to $25 is worth its price" in said
    assert "spare 14 to 24 minutes" in said
    assert "19 min" in plain(words.swings(value.swings(known)))
    assert "a quotient made here" in said
    assert "$2.00 to $3.33" in plain(of_review.launch())
    assert "Team and Enterprise" in of_review.reserved()


def test_an_hour_that_nobody_measured_is_called_assumed():
    assert set(facts("hours-spared").drop_nulls("task_hours")["length"]) == {"stated", "assumed"}
    assert facts("hours-spared").filter(pl.col("task_hours").is_null())["length"].is_null().all()
    kinds_of = {r["name"]: r["kind"] for r in value.assumptions().to_dicts()}
    kinds_of |= {r["name"]: r["kind"] for r in work.assumptions().to_dicts()}
    assert {n for n, kind in kinds_of.items() if kind == "published"} == {"wage_usd", "review_usd"}
    assert words.ranges(value.assumptions()).startswith("2 of 4 ranges that the worth of a review")
    found = work.worth(kinds(), work.assumptions(), value.assumptions())
    assert "measured hours" not in of_work.worth(found, dearer.compared(found, ratios()))


def test_two_amounts_in_one_label_are_no_formula(themed):
    from analysis.plots.value import plot_swings

    texts = plot_swings(value.swings(value.assumptions())).texts
    pairs = [text for text in texts if text.get_text().count("$") > 1]
    assert pairs
    assert not any(text.get_parse_math() for text in pairs)
