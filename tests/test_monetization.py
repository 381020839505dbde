"""Monetization: shares of revenue, the plan page, a unit's price, models and the input side."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import schema
from analysis.claims import model_costs as of_tokens
from analysis.claims import monetization as of_plans
from analysis.facts import facts
from analysis.measures import input_side, list_ratios, model_costs, monetization, seats
from analysis.prices import price
from analysis.words import input_side as of_inputs
from analysis.words import model_costs as of_models
from analysis.words import monetization as words
from analysis.words import products as of_products
from analysis.words.numbers import NARROW_SPACE


def plain(text):
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def test_two_sums_give_a_share_with_what_their_rounding_leaves_open():
    row = monetization.shares().filter(pl.col("part") == "API sales").row(0, named=True)
    assert row["low"] == pytest.approx(3.75 / 4.75)
    assert row["high"] == pytest.approx(3.85 / 4.65)
    ahead = monetization.shares().filter(pl.col("covers") == "2028").row(0, named=True)
    assert (ahead["low"], ahead["high"]) == (0.8, None)
    said = plain(words.shares(monetization.shares()))
    assert said.startswith("Two shares of about 80 % are not one")
    assert "78.9 % to 82.8 % within rounding, and over 80 % for 2028" in said
    shown = [plain(s) for s in words.shares_table(monetization.shares())["share"]]
    assert shown[:4] == ["79 % to 83 %", "over 80 %", "80 %", "nearly 25 %"]
    assert shown[4:] == ["50 %", "70 % to 75 %"]  # two sources on coding products: both stand


def test_what_max_has_alone_by_copy():
    kinds = {copy: monetization.max_alone(copy)["kind"].to_list() for copy in monetization.COPIES}
    assert kinds["later"] == ["usage", "limit", "early access", "priority"]
    assert kinds["2026-02"] == [*kinds["later"], "product"]


def test_a_dearer_plan_has_what_a_cheaper_one_has():
    page = monetization.page()
    assert page["feature"].is_unique().all()
    code = page.row(by_predicate=pl.col("feature") == "Claude Code", named=True)
    assert (code["later"], code["2026-02"]) == ("Pro", "Pro")
    point = page.filter(pl.col("feature").str.contains("PowerPoint")).row(0, named=True)
    assert (point["later"], point["2026-02"]) == (None, "Max")
    reach = monetization.reach().filter(pl.col("plan") == "Max", pl.col("copy") == "2026-02")
    assert reach.row(0)[2:] == (1, 4)


def test_a_unit_of_pro_by_both_readings():
    rows = {r["plan"]: r for r in monetization.units().to_dicts()}
    assert rows["Max 5x"]["sold_usd"] == 20
    assert rows["Max 5x"]["hours_usd"] == pytest.approx(100 / 3.5)
    assert rows["Max 20x"]["sold_usd"] == 10
    assert rows["Max 20x"]["hours_usd"] == pytest.approx(200 / 6)
    assert rows["Pro"]["high_hour_usd"] == pytest.approx(20 / (365.25 / 84) / 40)
    said = plain(words.units(monetization.units()))
    assert said.startswith("On Max 20x a unit of Pro costs $10.00 a month by the multiple as sold")
    assert "a 50 % discount or a 67 % premium to Pro" in said
    assert words.units(monetization.units().clear()) == "No plan is published."


def test_an_hour_of_the_guidance_costs_what_its_ends_say():
    week = 365.25 / 12 / 7
    ends = [20 / week / 80, 200 / week / 240]  # Pro at most hours, Max 20x at least
    assert f"{100 * ends[0]:.0f} to {100 * ends[1]:.0f} cents" == "6 to 19 cents"
    assert "6 to 19 cents for an hour" in words.hour(monetization.units())


def test_list_ratios_of_the_text_s_models():
    found = list_ratios.list_ratios()
    by_day = [rows for _, rows in found.group_by("day", maintain_order=True)]
    assert by_day[0]["low"].to_list() == by_day[0]["high"].to_list() == [5, 3, 1]
    assert by_day[1]["low"].to_list() == by_day[1]["high"].to_list() == [18.75, 3.75, 1]
    assert by_day[2]["low"][0] < by_day[2]["high"][0]  # its classes differ
    assert "5 : 3 : 1 on every token class" in plain(of_models.ratios(found))


def test_the_same_tokens_cost_by_the_list_ratio():
    row = {"read_tokens": 10**6, "write_tokens": 10**5, "input_tokens": 10, "output_tokens": 900}
    found = list_ratios.same_tokens(price(requests(row | {"speed": "fast"})))
    totals = found["total_usd"].to_list()
    assert totals == pytest.approx(
        [5 * totals[2], 3 * totals[2], 1.1 * 0.125 / 1.1 + 0.1045 + 0.00001]
    )
    none = list_ratios.same_tokens(price(requests()))
    assert none.is_empty()
    assert of_models.same(none).startswith("These logs have no requests")


def prompts(*minutes, session="s"):
    rows = [
        {"session": session, "is_sidechain": False, "kind": "prompt", "agent": None,
         "at": AT + dt.timedelta(minutes=m)}
        for m in minutes
    ]  # fmt: skip
    filled = [{**dict.fromkeys(schema.dtypes("events")), **row} for row in rows]
    return pl.DataFrame(filled, schema=schema.dtypes("events"))


def made(minute, **more):
    seen = AT + dt.timedelta(minutes=minute)
    base = {"first_seen": seen, "last_seen": seen, "message_id": f"m{minute}{more.get('session')}"}
    return base | {"input_tokens": 1000, "stop_reason": "end_turn"} | more


def test_a_turn_is_a_prompt_and_the_tool_results_after_it():
    rows = price(requests(made(0), made(2), made(4), made(5, agent="a", is_sidechain=True)))
    done = model_costs.turns(rows, prompts(3))
    assert done["requests"].to_list() == [2, 1]
    assert done["usd"].to_list() == pytest.approx([2 * 0.005, 0.005])


def test_a_turn_of_two_models_or_without_a_price_has_no_cost_of_one():
    other = price(requests(made(0), made(2, model="claude-sonnet-4-5")))
    assert model_costs.turns(other, prompts()).is_empty()
    unknown = price(requests(made(0, model="other-01")))
    assert model_costs.turns(unknown, prompts()).is_empty()


def compared(projects, dearer=1):
    """24 sessions, half of them on Sonnet with twice the steps, over some projects."""
    rows = []
    for n in range(24):
        at = {"session": f"s{n}", "project": f"p{n // 2 % projects}"}
        rows += [made(0, **at)] if n % 2 else [
            made(m, model="claude-sonnet-4-5", **at) for m in range(dearer)
        ]  # fmt: skip
    return model_costs.by_model(model_costs.turns(price(requests(*rows)), prompts()))


def test_models_compared_by_turn_with_steps_and_tokens_apart():
    costs = compared(12, dearer=2)
    found = {r["model"]: r for r in costs.to_dicts()}
    opus, sonnet = found["Opus 4.7"], found["Sonnet 4.5"]
    assert (opus["measure"], opus["listed"], opus["turn"]) == (True, 1, 1)
    assert sonnet["listed"] == pytest.approx(0.6)
    assert sonnet["request"] == pytest.approx(0.6)
    assert sonnet["turn"] == pytest.approx(1.2)  # at the list ratio, twice the steps
    assert (sonnet["requests_a_turn"], opus["requests_a_turn"]) == (2, 1)
    assert (sonnet["projects"], sonnet["top_share"]) == (12, pytest.approx(1 / 12))
    assert sonnet["low"] == pytest.approx(1.2) == sonnet["high"]  # all sessions alike
    said = plain(of_models.models(costs))
    assert said.startswith("A human turn on Sonnet 4.5 cost 1.2× (1.2× to 1.2×) one on Opus 4.7")


def test_an_interval_takes_ten_projects_and_is_the_wider():
    few = compared(9, dearer=2)
    assert few["low"].null_count() == few.height
    assert "cannot be told apart: there are too few" in of_models.models(few)
    rows = []
    for n in range(24):  # in each project turns are alike, among projects they are not
        for session in range(5):
            at = {"session": f"s{n}-{session}", "project": f"p{n}"}
            model = {"model": "claude-opus-4-6"} if n % 2 else {}
            rows.append(made(0, input_tokens=1000 * (1 + n // 2), **at, **model))
    done = model_costs.turns(price(requests(*rows)), prompts())
    row = model_costs.by_model(done).filter(~pl.col("measure")).row(0, named=True)
    alone = done.with_columns(project=pl.col("session"))  # as if each session were a project
    narrow = model_costs.by_model(alone).filter(~pl.col("measure")).row(0, named=True)
    assert row["low"] < 0.9 * narrow["low"]
    assert row["high"] > 1.1 * narrow["high"]


def test_a_ratio_that_may_be_the_list_s_is_not_told_as_another():
    vague = compared(12).with_columns(low=pl.lit(0.1), high=pl.lit(3.0))
    said = plain(of_models.models(vague))
    assert "0.1× to 3×, cannot be told apart from the list price's 0.6×" in said


def test_too_few_turns_give_no_comparison():
    empty = model_costs.by_model(model_costs.turns(price(requests(made(0))), prompts()))
    assert empty.is_empty()
    assert "say nothing of how models differ" in of_models.models(empty)
    assert of_models.models_table(empty).is_empty()


def test_the_input_side_of_the_published_session():
    row = input_side.published().filter(pl.col("case") == "session").row(0, named=True)
    read, write, fresh, output = 90_360_262, 1_511_817, 5_017, 51_360
    inputs = read + write + fresh
    assert row["tokens_low"] == pytest.approx(inputs / (inputs + output))
    weighed = 0.0021 * read + 1.0007 * write + fresh
    assert row["quota_low"] == pytest.approx(weighed / (weighed + 5 * output))
    paid = read * 0.5 + write * 6.25 + fresh * 5
    assert row["dollars_low"] == pytest.approx(paid / (paid + output * 25))
    assert row["dollars_high"] > row["dollars_low"]  # writes of an hour


def test_the_input_side_of_a_reader_and_of_none():
    rows = price(requests(made(0, output_tokens=500)))
    own = input_side.input_side(rows).row(0, named=True)
    assert own["tokens_low"] == pytest.approx(1000 / 1500)
    assert own["dollars_low"] == pytest.approx(5 / (5 + 12.5))
    none = input_side.input_side(price(requests()))
    assert input_side.YOU not in none["case"].to_list()
    assert plain(of_inputs.inputs(none)).startswith("The input side is")
    assert of_inputs.inputs(none.clear()).startswith("No account is published")


def test_the_products_are_those_out_by_the_text_s_day():
    rows = monetization.moves()
    assert (rows["out_day"] <= monetization.text_day()).all()
    assert rows.filter(~pl.col("out"))["seller"].to_list() == ["Microsoft"]
    assert rows.filter(pl.col("part") == "proposed").height == 2
    assert set(rows["audience"]) == set(monetization.AUDIENCES)
    said = plain(of_products.moves(rows))
    assert said.startswith("8 of 9 products that the write-up names were Anthropic's and out by 31")
    assert "Code Review was for Team and Enterprise alone, as a research preview" in said


def test_seats_for_companies_without_the_coding_product():
    rows = seats.seats()
    assert rows.group_by("plan").agg(pl.col("coding").not_().sum()).sort("plan").rows() == [
        ("Enterprise", 2),
        ("Team", 0),
    ]
    said = plain(of_products.sold(rows))
    assert "6 kinds of seats in March 2026, and 2 had no Claude Code" in said
    assert "none until 15 January 2026" in said


def test_a_rival_tested_ads_on_two_of_its_tiers():
    rows = seats.tiers()
    assert rows.filter("ads")["tier"].to_list() == ["Free", "Go"]
    assert "begun on 9 February 2026 in one country, in 2 of 7 tiers" in plain(
        of_products.rival(rows)
    )


def test_tests_that_the_dearest_model_led():
    rows = seats.tests()
    scored = rows.drop_nulls(seats.FAMILIES)
    best = scored.select(pl.max_horizontal(seats.FAMILIES)).to_series()
    for family, top, row in zip(scored["leads"], best, scored.to_dicts(), strict=True):
        assert row[family] == top
    assert "led 2 of 2 of the maker's and 2 of 4 of others'" in of_models.better(rows)


def changed(monkeypatch, module, name, change):
    """Let one table of facts read otherwise, for one module."""
    monkeypatch.setattr(module, "facts", lambda n: change(facts(n)) if n == name else facts(n))


def holds(readings):
    return [reading.holds for reading in readings]


def lit(**values):
    return lambda frame: frame.with_columns(**{k: pl.lit(v) for k, v in values.items()})


def test_one_subscription_is_seats_then_individual_plans(monkeypatch):
    check = of_plans.PUBLISHED["one-subscription"]
    assert [(r.value, r.holds) for r in check()] == [(2, False), (0, True)]
    changed(monkeypatch, seats, "seats", lit(claude_code="yes"))
    changed(monkeypatch, monetization, "plan-page", lit(audience="coders"))
    assert holds(check()) == [True, False]


def test_a_cap_s_hours_are_of_two_families_and_list_price_of_three(monkeypatch):
    check = of_tokens.PUBLISHED["burn"]
    assert holds(check()) == [False, True]
    hours = {"opus": 1, "sonnet": 2, "haiku": 3}
    told = pl.DataFrame(
        {"measure": [f"hours of {f.title()} 4 a week" for f in hours], "low": [*hours.values()]}
    )
    changed(monkeypatch, of_tokens, "plan-guidance", lambda _: told)
    assert holds(check())[0]
    changed(monkeypatch, of_tokens, "plan-guidance", lambda _: told.with_columns(low=pl.lit(1)))
    assert not holds(check())[0]
    swapped = list_ratios.list_ratios().reverse()
    monkeypatch.setattr(list_ratios, "list_ratios", lambda: swapped)
    assert not holds(check())[1]


def test_usage_is_input_by_the_quota_then_by_dollars(monkeypatch):
    check = of_tokens.PUBLISHED["input-side"]
    assert holds(check()) == [False, True]
    accounts = input_side.published()
    other = accounts.with_columns(quota_low=pl.lit(0.6), dollars_low=pl.lit(0.4))
    monkeypatch.setattr(input_side, "published", lambda: other)
    assert holds(check()) == [True, False]


def test_a_product_that_is_not_out_or_another_s_is_told(monkeypatch):
    check = of_plans.PUBLISHED["product-moves"]
    assert [(r.value, r.holds) for r in check()] == [(7, True), (8, False)]
    changed(monkeypatch, monetization, "product-moves", lit(seller="Microsoft"))
    assert holds(check()) == [False, False]


def test_the_page_and_the_rival_are_read_from_facts(monkeypatch):
    check = of_plans.PUBLISHED["page-figure"]
    assert [(r.value, r.holds) for r in check()] == [(0, False), (3, True)]
    changed(monkeypatch, of_plans, "plan-page", lit(copy="2026-03", plan="Pro"))
    assert holds(check()) == [True, False]
    ads = of_plans.PUBLISHED["rival-ads"]
    assert [(r.value, r.holds) for r in ads()] == [(2, False), (2, True)]
    changed(monkeypatch, seats, "rival-ads", lit(ads="no"))
    assert holds(ads()) == [False, False]


def test_what_max_has_alone_is_asked_of_both_copies(monkeypatch):
    check = of_plans.PUBLISHED["max-products"]
    assert [(r.value, r.holds) for r in check()] == [(1, False), (0, True)]
    changed(monkeypatch, monetization, "plan-page", lit(kind="product"))
    assert holds(check()) == [False, False]


def test_answers_that_dearer_models_do_not_lead(monkeypatch):
    check = of_tokens.PUBLISHED["better-answers"]
    assert [(r.value, r.holds) for r in check()] == [(4, False), (4, True)]
    changed(monkeypatch, seats, "model-tests", lit(leads="haiku"))
    assert holds(check()) == [False, False]


def test_facts_of_monetization_are_whole():
    page = facts("plan-page")
    assert page.null_count().transpose().to_series().sum() == 0
    assert page.select("copy", "feature").n_unique() == page.height
    assert set(page["copy"]) == set(monetization.COPIES)
    assert set(page["plan"]) == set(monetization.PLANS)
    assert set(page["audience"]) == {"both", *monetization.AUDIENCES}
    assert set(page["kind"]) == {"product", "usage", "model", "limit", "early access", "priority"}
    prices = dict(facts("plans").select("plan", "usd_a_month").rows())
    listed = dict(page.select("plan", "usd_a_month").unique().rows())
    assert (listed["Pro"], listed["Max"]) == (prices["Pro"], prices["Max 5x"])
    mix = facts("revenue-mix")
    assert (mix["part_usd"].is_null() == mix["whole_usd"].is_null()).all()
    assert set(mix["status"]) <= {"forecast", "retold", "stated", "reported", "estimated"}
    assert (facts("customers")["number"] > 0).all()
