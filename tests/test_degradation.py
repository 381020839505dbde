"""What goes wrong beside requests: events belong to the right request, turn and unit."""

import polars as pl
from chains import chain, events
from requests_by_hand import requests

from analysis import load
from analysis.measures import along, around, degradation
from analysis.words import degradation as words
from analysis.words.numbers import NARROW_SPACE


def made(*chains, happened=()):
    """Return units of chains in which every request calls a command, a request a minute."""
    rows = [{"tools": "run"} | row for rows in chains for row in rows]
    return degradation.units(requests(*rows), events(*happened))


def test_an_error_belongs_to_the_request_before_it():
    found = made(chain([10, 20, 30]), happened=[("s", "tool_error", 61, None)])
    assert found["failed"].to_list() == [0, 1, 0]
    assert found["number"].to_list() == [1, 2, 3]
    assert found["left"].to_list() == [2, 1, 0]


def test_several_failed_calls_are_one_failed_request():
    happened = [("s", "tool_error", 5, None), ("s", "tool_error", 6, None)]
    assert made(chain([10, 20]), happened=happened)["failed"].to_list() == [1, 0]


def test_an_error_before_any_request_or_in_another_session_belongs_to_none():
    happened = [("s", "tool_error", -5, None), ("other", "tool_error", 5, None)]
    assert made(chain([10, 20]), happened=happened)["failed"].sum() == 0


def test_an_error_of_the_main_chain_is_not_its_subagents():
    helper = chain([5, 6], agent="helper", is_sidechain=True)
    found = made(chain([10, 20]), helper, happened=[("s", "tool_error", 5, None)])
    assert found.filter("subagent")["failed"].sum() == 0
    assert found.filter(~pl.col("subagent"))["failed"].sum() == 1


def test_a_request_without_calls_is_no_unit_of_tool_errors():
    found = made([row | {"tools": None} for row in chain([10, 20])])
    assert found["failed"].to_list() == [None, None]
    assert found["api_failed"].to_list() == [0, 0]


def test_calls_are_counted_by_kind():
    found = made([row | {"tools": "run,edit,run"} for row in chain([10])])
    assert found.select("calls_run", "calls_edit", "calls_read").row(0) == (2, 1, 0)


def test_a_call_fails_again_where_its_kind_has_just_failed():
    rows = [
        row | {"tools": tools}
        for row, tools in zip(chain([1, 2, 3, 4]), ("run", "read,run", "read", "run"), strict=True)
    ]
    happened = [("s", "tool_error", 1, None), ("s", "tool_error", 61, None)]
    assert made(rows, happened=happened)["failed_again"].to_list() == [None, 1, 0, None]


def test_a_turn_is_interrupted_where_it_is_stopped_before_the_next_prompt():
    happened = [
        ("s", "prompt", -1, None),
        ("s", "interruption", 65, None),  # in the first turn, after its second request
        ("s", "prompt", 400, None),  # too late to ask the same again
    ]
    rows = chain([10, 20]) + [
        row | {"message_id": "msg_late", "first_seen": row["first_seen"]}
        for row in chain([30], seconds=0)
    ]
    rows[2]["first_seen"] = rows[0]["first_seen"].replace(minute=7)
    found = made(rows, happened=happened)
    assert found["human"].to_list() == [True, False, True]
    assert found["interrupted"].to_list() == [1, None, 0]
    assert found["retried"].to_list() == [0, None, 0]


def test_to_stop_and_ask_again_at_once_is_a_retry():
    happened = [
        ("s", "prompt", -1, None),
        ("s", "interruption", 20, None),
        ("s", "prompt", 20 + degradation.AGAIN, None),
    ]
    found = made(chain([10, 20], seconds=200), happened=happened)
    assert found["retried"].to_list() == [1, 0]


def test_to_go_on_from_an_earlier_message_is_a_retry_of_the_turn_between():
    rows = chain([10, 20, 30])
    rows[1]["parent_message_id"] = rows[0]["message_id"]
    rows[2]["parent_message_id"] = rows[0]["message_id"]
    prompts = [("s", "prompt", at, None) for at in (-1, 59, 119)]
    assert made(rows, happened=prompts)["retried"].to_list() == [0, 1, 0]
    rows[2]["parent_message_id"] = rows[1]["message_id"]
    assert made(rows, happened=prompts)["retried"].to_list() == [0, 0, 0]


def test_requests_around_a_compaction_are_counted_from_it():
    found = made(chain([10] * 80), happened=[("s", "compaction", 60 * 40 - 1, None)])
    near = around.windows(found, events(("s", "compaction", 60 * 40 - 1, None)))
    assert near["away"].to_list() == [*range(-30, 0), *range(1, 31)]
    assert near["compaction"].n_unique() == 1
    assert near.group_by("bin", maintain_order=True).len()["len"].to_list() == [5] * 12
    study = around.study(near.with_columns(failed=pl.lit(0)))
    assert study["first"].to_list() == [-30, -25, -20, -15, -10, -5, 1, 6, 11, 16, 21, 26]
    assert study["last"].to_list() == [-26, -21, -16, -11, -6, -1, 5, 10, 15, 20, 25, 30]


def test_between_two_compactions_a_request_belongs_to_the_nearer():
    twice = [("s", "compaction", 60 * at - 1, None) for at in (10, 14)]
    near = around.windows(made(chain([10] * 20)), events(*twice))
    assert near["away"].to_list() == [*range(-10, 0), 1, 2, -2, -1, 1, 2, 3, 4, 5, 6]
    assert near["compaction"].n_unique() == 2


def test_nothing_happens_around_no_compaction():
    near = around.windows(made(chain([10] * 9)), events())
    assert near.is_empty()
    assert around.study(near).is_empty()
    assert words.around(around.sides(near), around.change(near), 0).startswith("No compaction")


def test_of_no_requests_nothing_is_said_but_that():
    none = load("sample").where(since="2099-01-01")
    found = degradation.units(none.requests, none.events)
    assert found.is_empty()
    assert words.opening(along.slopes(found)).startswith("No request of these logs calls a tool")
    assert along.groups(found).is_empty()


def test_every_tool_error_of_the_sample_is_found():
    logs = load("sample")
    found = degradation.units(logs.requests, logs.events)
    planted = logs.events.filter(pl.col("kind") == "tool_error").height
    assert planted - 1 <= found["failed"].sum() <= planted


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def row(**values):
    base = {"outcome": "tool error", "along": "context", "units": 1000, "events": 40}
    base |= {"raw": -0.01, "raw_low": -0.02, "raw_high": -0.001, "least": 0.005}
    return pl.DataFrame([base | {"adjusted": 0.0, "low": -0.003, "high": 0.003} | values])


def test_no_change_is_said_with_the_least_that_would_be_seen():
    said = plain(words.opening(row()))
    assert "40 (4.0 %) have a failed call" in said
    assert "the raw rate changes by −1.00 points (90 % interval: −2.00 to −0.10 points)" in said
    assert "No change is seen: one of 0.50 points, up or down, would have been" in said


def test_a_small_change_is_said_to_look_larger_than_it_is():
    small = plain(words.opening(row(adjusted=0.004, low=0.001, high=0.007)))
    assert "likely to be smaller than it looks" in small
    large = plain(words.opening(row(adjusted=0.009, low=0.006, high=0.012)))
    assert "larger than the 0.50 points that these data would show" in large


def test_too_few_sessions_have_no_interval_and_say_so():
    few = {"low": None, "high": None, "least": None, "raw_low": None, "raw_high": None}
    assert "too few sessions with a failed call" in words.opening(row(adjusted=0.004, **few))
