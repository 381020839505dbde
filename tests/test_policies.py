"""The same logs by every other rule: requests with known copies, and what must not move."""

import dataclasses
import datetime as dt

import polars as pl
import pytest
from gallery import Odd
from requests_by_hand import AT

from analysis import load, schema
from analysis.logs.identity import resolve
from analysis.logs.policies import POLICIES, TOOLS
from analysis.measures import policies
from analysis.measures.margin import totals
from analysis.plots.policies import plot_choices
from analysis.words import policies as words

pytestmark = pytest.mark.usefixtures("themed")


def copy(**values):
    """One copy of a request of Opus 4.7 (5, 6.25, 10, 0.50, 25 $ per MTok)."""
    row = {c.name: 0 if c.dtype.is_numeric() else None for c in schema.COPIES}
    row |= {"file": 1, "session": "s", "project": "project-01", "message_id": "msg_1"}
    row |= {"request_id": "req_1", "origin": "assistant", "source": "claude-code", "lines": 2}
    row |= {"is_sidechain": False, "first_seen": AT, "last_seen": AT, "model": "claude-opus-4-7"}
    row |= {"read_tokens": 1_000_000, "write_tokens": 100_000, "write_5m_tokens": 0}
    row |= {"write_1h_tokens": 100_000, "output_tokens": 20_000, "output_first_tokens": 1000}
    return row | {"output_last_tokens": 20_000, "output_sum_tokens": 21_000} | values


def logs(*rows):
    copies = pl.DataFrame([copy(**row) for row in rows], schema=schema.dtypes("copies"))
    return dataclasses.replace(Odd(()).logs, copies=copies)


def chosen(found, date=""):
    return policies.choices(policies.by_rule(found, date))


def told(found):
    return policies.tools(policies.by_rule(found))


def by_choice(found):
    return {row["choice"]: row for row in chosen(found).to_dicts()}


def test_each_choice_on_one_request():
    """Reads $0.50, one-hour writes $1, output $0.50."""
    rows = by_choice(logs({}))
    ours = rows[policies.OURS]
    assert (ours["cost_usd"], ours["share"]) == (2.0, 0.75)
    assert ours["tokens"] == 1_120_000
    first = rows["the first line's output"]
    assert (first["cost_usd"], first["tokens"]) == (pytest.approx(1.525), 1_101_000)
    assert first["swing"] == pytest.approx(1.5 / 1.525 - 0.75)
    assert first["cost_swing"] == pytest.approx(-0.475 / 2)
    flat = rows[policies.FLAT]
    assert (flat["cost_usd"], flat["share"]) == (pytest.approx(1.625), pytest.approx(1.125 / 1.625))
    summed = rows["every line summed"]
    assert (summed["requests"], summed["cost_usd"]) == (2, pytest.approx(3.525))
    same = ("the last line's output", "message id and request id as key")
    for name in (*same, "deduplicated in each file only", "without subagents"):
        assert rows[name] | {"choice": "", "policy": ""} == ours | {"choice": "", "policy": ""}


def test_what_is_counted_twice_or_not_at_all():
    again = {"file": 2, "request_id": "req_2"}
    side = {"message_id": "msg_2", "is_sidechain": True, "agent": "a"}
    progress = {"message_id": "msg_3", "origin": "agent_progress", "is_sidechain": True}
    rows = by_choice(logs({}, again, side, progress))
    assert {name: row["requests"] for name, row in rows.items()} == {
        policies.OURS: 3,
        policies.FLAT: 3,
        "the first line's output": 3,
        "the last line's output": 3,
        "every line summed": 8,
        "message id and request id as key": 4,
        "deduplicated in each file only": 4,
        "without subagents": 1,
        "without agent progress": 2,
    }


def test_the_largest_swing_is_first_after_ours():
    frame = chosen(load("sample"))
    assert frame["choice"][0] == policies.OURS
    swings = frame["swing"][1:].abs().to_list()
    assert swings == sorted(swings, reverse=True)
    assert frame["swing"][0] == frame["cost_swing"][0] == 0
    assert sorted(frame["choice"]) == sorted([policies.OURS, policies.FLAT, *policies.CHOICES])


@pytest.mark.parametrize("name", policies.CHOICES.values())
def test_a_choice_is_what_the_policy_says(name):
    """Counted by `Logs.policy`, as the whole page is with that parameter."""
    sample = load("sample")
    row = chosen(sample).filter(policy=name).row(0, named=True)
    priced = sample.policy(name).priced()
    whole = totals(priced)
    assert row["cost_usd"] == whole["total"]
    assert (row["share"], row["token_share"]) == (whole["share"], whole["token_share"])


def test_every_tool_has_its_rule_version_and_source():
    frame = told(load("sample"))
    assert frame["tool"].to_list() == [policies.OURS, *TOOLS]
    assert frame.filter(pl.col("tool") != policies.OURS)["source"].null_count() == 0
    assert frame["counts"].to_list()[1:] == [tool.policy.meaning for tool in TOOLS.values()]
    daily = frame.filter(tool="ccusage-daily").row(0, named=True)
    assert (daily["token_swing"], daily["cost_swing"]) == (0, 0)
    go, sniffly = (frame.filter(tool=name).row(0, named=True) for name in ("ccusage-go", "sniffly"))
    assert go["share"] > daily["share"]
    assert sniffly["cost_swing"] > 0.5


def test_rules_that_do_the_same_are_one():
    found = policies.by_rule(logs({}))
    rules = [*(POLICIES[p] for p in ("largest", *policies.CHOICES.values()))]
    rules += [tool.policy for tool in TOOLS.values()]
    assert len(found) == len({dataclasses.replace(r, meaning="") for r in rules}) + 1 < len(rules)


def test_each_tool_counts_as_its_policy_resolves_with_and_without_request_ids():
    sample = load("sample")
    none = pl.col("message_id").hash(1) % 3 == 0
    ids = pl.when(~none).then("request_id").alias("request_id")
    mixed = dataclasses.replace(sample, copies=sample.copies.with_columns(ids))
    counted = {row["tool"]: row["tokens"] for row in told(mixed).to_dicts()}
    parts = [pl.col(f"{part}_tokens").sum() for part in ("read", "write", "input", "output")]
    for name, tool in TOOLS.items():
        rows = resolve(mixed.copies, tool.policy)
        assert counted[name] == rows.select(pl.sum_horizontal(parts)).item(), name
    assert len({*counted.values()}) > len({*(row["tokens"] for row in told(sample).to_dicts())})


def test_whole_messages_in_files_of_their_own_change_nothing():
    sample = load("sample")
    apart = pl.struct("file", "message_id").rank("dense").cast(pl.Int32)
    split = dataclasses.replace(sample, copies=sample.copies.with_columns(file=apart))
    assert chosen(split).equals(chosen(sample))
    assert told(split).equals(told(sample))


def test_prices_twice_as_high_double_the_dollars_and_leave_the_shares(tmp_path, monkeypatch):
    list_prices = tmp_path / "prices.csv"
    monkeypatch.setattr("analysis.paths.PRICES", list_prices)
    found = []
    for factor in (1, 2):
        amounts = ",".join(str(factor * p) for p in (5, 6.25, 10, 0.5, 25))
        list_prices.write_text(
            f"model,input,write_5m,write_1h,read,output\nclaude-opus-4-7,{amounts}\n"
        )
        found.append(chosen(logs({}, {"message_id": "msg_2", "output_tokens": 7})))
    once, twice = found
    same = ["choice", "requests", "tokens", "share", "token_share", "swing", "cost_swing"]
    assert twice.select(same).equals(once.select(same))
    assert (twice["cost_usd"] / once["cost_usd"]).to_list() == [2.0] * once.height


def test_a_date_s_prices_hold_for_every_rule():
    old = logs({"model": "claude-opus-4-6", "first_seen": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)})
    (then, now) = (chosen(old, date)["cost_usd"] for date in ("2026-03-01", "2026-04-01"))
    assert (then > now).all()


@pytest.mark.parametrize("made", [(), ({"model": "other-01"},)])
def test_without_a_price_there_is_no_share_to_move(made):
    choices, tools = (
        chosen(logs(*made)),
        told(logs(*made)),
    )
    assert choices["share"].null_count() == choices.height == 9
    for said in (words.choices(choices), words.choices_caption(choices), words.tools(tools)):
        assert said.startswith("No request of these logs has a price")
    assert [text.get_text() for text in plot_choices(choices).texts] == ["nothing to show"]
    assert words.choices_table(choices)["list price against ours"].to_list() == ["unknown"] * 9
    assert words.tools_table(tools).height == len(TOOLS) + 1


def test_nothing_since_the_far_future():
    none = load("sample").where(since="2099-01-01")
    assert chosen(none)["tokens"].sum() == told(none)["tokens"].sum() == 0


def test_the_picture_has_a_bar_for_each_choice_from_ours():
    frame = chosen(logs({}))
    ax = plot_choices(frame)
    assert len(ax.patches) == 8
    assert {bar.get_x() for bar in ax.patches} == {0.75}
    lengths = sorted(bar.get_width() for bar in ax.patches)
    assert lengths == pytest.approx(sorted(frame["swing"][1:]))
    texts = {text.get_text().replace("\u202f", " ") for text in ax.texts}
    assert {"ours: 75.0 %", "dollars", "−23.8 %", "98.4 %"} <= texts


def test_the_captions_say_as_logged_and_whose_prices():
    choices, tools = (
        measure(policies.by_rule(logs({}))) for measure in (policies.choices, policies.tools)
    )
    said = words.choices(choices).replace("\u202f", " ")
    assert said.startswith(
        "By the rule with which a tool reads logs, cache reads and writes are 69.2 % to 98.4 %"
    )
    assert "as logged; by ours, 75.0 %" in said
    assert "Most moves with *the first line's output*; 5 of 8 choices" in said
    assert "at our prices" in words.tools(tools)
    assert "$1.52 to $3.52" in words.tools(tools)
    assert words.rules_table(tools).height == len(TOOLS)
    assert f" of {len(TOOLS)} rules of other tools ask for something" in words.rules(tools)
    assert "every line summed 85" in words.choices_alt(choices)


def test_ours_is_the_policy_that_is_right():
    assert next(iter(POLICIES)) == "largest"
    assert chosen(load("sample"))["policy"][0] == "largest"
