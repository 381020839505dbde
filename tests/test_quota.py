"""What is published of a quota, worked out by hand from the sources; and its captions."""

import datetime as dt

import polars as pl
import pytest

from analysis.facts import facts
from analysis.measures import quota, quota_reports, quota_spreads, quota_weights
from analysis.plots.quota import plot_plans, plot_spreads, plot_weights
from analysis.words import quota as words
from analysis.words import quota_reports as of_reports
from analysis.words import quota_spreads as of_spreads
from analysis.words import quota_weights as of_figures

pytestmark = pytest.mark.usefixtures("themed")


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture(scope="module")
def spread():
    return quota_spreads.spreads()


@pytest.mark.parametrize(
    ("plan", "measure", "stated", "low", "high"),
    [
        ("Max 5x", "messages in five hours", 5, 225 / 45, None),
        ("Max 20x", "messages in five hours", 20, 900 / 45, None),
        ("Max 20x", "prompts in five hours", 20, 200 / 10, 800 / 40),
        ("Max 5x", "hours of Sonnet 4 a week", 5, 140 / 40, 280 / 80),
        ("Max 20x", "hours of Sonnet 4 a week", 20, 240 / 40, 480 / 80),
        ("Max 20x", "hours of Opus 4 a week", 20 / 5, 24 / 15, 40 / 35),
    ],
)
def test_multiples_of_the_cheapest_plan_that_has_the_measure(plan, measure, stated, low, high):
    rows = quota.multiples().filter(pl.col("plan") == plan, pl.col("measure") == measure)
    found = rows.select("stated", "low", "high").row(0)
    assert found == pytest.approx((stated, low, high))


def test_dollars_of_a_unit_of_pro():
    rows = quota.multiples().filter(pl.col("measure") == "hours of Sonnet 4 a week")
    assert rows["stated_usd"].to_list() == [20, 10]
    assert rows["low_usd"].to_list() == pytest.approx([100 / 3.5, 200 / 6])


def test_rates_are_those_of_the_timestamps_and_near_those_printed():
    rows = quota.burn()
    by_hand = [74 / (476 / 60), 100 / (622 / 60), 86 / (93 / 60), 94 / (1002 / 60)]
    by_hand += [100 / (100 / 60), 100 / (107 / 60), 36 / 0.9]
    assert rows["rate"].to_list() == pytest.approx(by_hand)
    assert rows["rate"].to_list() == pytest.approx(rows["printed_rate"].to_list(), rel=0.01)


def test_a_stretch_over_five_hours_has_only_a_bound():
    rows = quota.burn()
    assert rows.filter(~pl.col("fits"))["window"].to_list() == [1, 2, 4]
    assert rows.filter(~pl.col("fits"))["at_least"].to_list() == [83 / 5, 100 / 5, 94 / 5]
    assert (rows["at_least"] >= rows["rate"]).all()


def test_resets_that_come_sooner_than_the_rule_has_it():
    hours = dict(quota.burn().select("window", "reset_hours").drop_nulls().iter_rows())
    minutes = {2: 626, 3: 110, 4: 1002, 5: 103, 6: 198}
    assert hours == pytest.approx({window: long / 60 for window, long in minutes.items()})


def test_spreads_by_hand(spread):
    found = dict(spread.select("label", "spread").iter_rows())
    assert found["#22435, an hour of wall clock"] == pytest.approx(60 / (94 / 16.7))
    assert found["#22435, as #29000 quotes it"] == pytest.approx(18_531_900 / 2_517)
    assert found["ArkNill, the five windows it counts"] == pytest.approx(1.35, abs=0.005)
    assert found["ArkNill, all eight windows"] == pytest.approx((11_009_102 / 2) / (2_360_057 / 8))
    assert (spread["high"] >= spread["low"]).all()


def test_a_fixed_rule_lets_tokens_a_point_differ_by_the_ratio_of_its_weights():
    assert quota_spreads.mix() == pytest.approx(5 / 0.0021)


def test_windows_weigh_reads_near_free_and_in_full():
    row = quota_spreads.windows().row(0, named=True)
    rest = 2_098_077 + 5 * 617_750
    assert row["free"] == pytest.approx((rest + 0.0021 * 69_413_540) / 39)
    assert row["full"] == pytest.approx((rest + 69_413_540) / 39)


def test_what_the_reports_used():
    found = quota_reports.used()
    assert (found["points"], found["level"]) == (45, 65)
    assert found["context_after"] / found["context_before"] == pytest.approx(1.55, abs=0.005)
    assert found["base_usd"] == pytest.approx(80_173_520 * 0.5e-6)
    assert found["premium_usd"] == pytest.approx(2 * found["base_usd"])
    assert found["balance_usd"] == 0
    assert (found["session_points"], found["week_points"]) == (59, 5)
    by_hand = [255.33, 153.20, 51.07, 366.69, 220.01, 73.34]
    assert quota_reports.day_usd()["usd"].to_list() == pytest.approx(by_hand, 1e-4)


def test_public_weights_say_what_they_rest_on():
    rows = quota_weights.weights()
    plan = rows.filter(pl.col("known") != "rule")
    assert plan.filter(pl.col("known") == "no")["weight"].to_list() == [0.0021]
    assert set(plan.filter(pl.col("known") == "yes")["weight"].drop_nulls()) == {0, 1}
    assert plan["day"].is_sorted()
    assert rows.filter(pl.col("known") == "rule")["weight"].to_list() == [0, 0]
    assert quota_weights.written() == dt.date(2026, 3, 25)


@pytest.mark.parametrize("name", ["disclosures", "plan-guidance", "burn-rates", "quota-windows"])
def test_tables_of_quotas_hold_what_they_may(name):
    frame = facts(name)
    if name == "disclosures":
        assert set(frame["disclosed"]) == {"yes", "partly", "no"}
        assert set(frame["covers"]) == {"plan", "claude.ai", "API"}
        assert frame["question"].is_unique().all()
        assert (frame["said"].is_null() == (frame["disclosed"] == "no")).all()
    if name == "plan-guidance":
        assert set(frame["plan"]) == set(facts("plans")["plan"])
        assert (frame["low"] <= frame["high"]).drop_nulls().all()
    if name == "burn-rates":
        assert (frame["from_percent"] < frame["to_percent"]).all()
    if name == "quota-windows":
        assert frame["points"].is_between(1, 100).all()


def test_the_picture_of_weights_sets_the_write_up_between_what_was_there_and_what_came():
    rows = quota_weights.weights()
    later = rows.filter(pl.col("day") > quota_weights.written()).height
    ax = plot_weights(rows, quota_weights.written())
    (line,) = [ln for ln in ax.lines if ln.get_linestyle() == "--"]
    assert line.get_ydata()[0] == later - 0.25


def test_pictures_have_a_row_for_each_label(spread):
    assert len(plot_spreads(spread).get_yticks()) == spread.height
    plans = quota.multiples()
    assert len(plot_plans(plans).get_yticks()) == plans.height


def test_the_captions_say_the_finding_first(spread):
    said = plain(of_figures.weights(quota_weights.weights(), quota_weights.written()))
    assert said.startswith(
        "Of 8 public figures of a read's weight in a quota that we found, one is"
    )
    assert "says 0.0021; 5 inferred from usage say one, 2 nought" in said
    assert "7 authors at most" in said
    assert "none near one; 1 report asserted it without a weight" in said
    assert "nought was first inferred on 26 March 2026, one on 5 April 2026" in said
    assert plain(words.plans(quota.multiples())).startswith(
        "The plans sold as 5× and 20× Pro are that by the session, and are 3.5× and 6× by weekly "
    )
    assert plain(of_spreads.spreads(spread, quota_spreads.mix())).startswith(
        "The report that is cited for a quota that differs 1,500× shows 10.7× by its own rates"
    )
    assert "3 resets came sooner" in of_spreads.rates(quota.burn())
    assert "the choice of windows decides" in of_spreads.windows(quota_spreads.windows())
    assert "answers 3 of" in words.disclosed(facts("disclosures"))


def test_the_reports_have_their_numbers_and_anthropic_its_answers():
    rows = of_reports.table(quota_reports.used(), quota_reports.day_usd(), quota.burn())
    told = plain(" ".join(rows["its own numbers"]))
    assert "45 points were used" in told
    assert "$51.07 to $255.33 at list price if its writes were kept five minutes" in told
    assert "$73.34 to $366.69 if they were kept an hour" in told
    assert "55 % more context a call" in told
    assert "$40.09 at the base price and $80.17" in told
    assert "moved by $0.00; 59 points" in told
    assert of_reports.replies().startswith("None of Anthropic's 6 answers on limits says")
