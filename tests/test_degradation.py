"""What goes wrong beside requests: events belong to the right request, turn and unit."""

import polars as pl
from chains import chain, events
from requests_by_hand import requests

from analysis import load
from analysis.measures import along, around, degradation
from analysis.words import around as cuts
from analysis.words import degradation as words
from analysis.words import degradation_parts, outcomes
from analysis.words.numbers import NARROW_SPACE


def made(*chains, happened=(), status=None):
    """Return units of chains in which every request calls a command, a request a minute."""
    rows = [{"tools": "run"} | row for rows in chains for row in rows]
    told = events(*happened).with_columns(pl.Series("detail", status or [None] * len(happened)))
    return degradation.units(requests(*rows), told.cast({"detail": pl.String}))


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
    change = around.change(near)
    said = cuts.around(around.sides(near), change, change, around.basis(near))
    assert said.startswith("No compaction")


def test_of_no_requests_nothing_is_said_but_that():
    none = load("sample").where(since="2099-01-01")
    found = degradation.units(none.requests, none.events)
    assert found.is_empty()
    assert words.opening(along.slopes(found)).startswith("No request of these logs calls a tool")
    assert along.groups(found).is_empty()
    slopes = along.slopes(found)
    assert (
        outcomes.missing(slopes) == "With no request, nothing can be logged of any kind of outcome."
    )
    assert outcomes.control(slopes) == "No request is here that a server could have failed."


def test_every_tool_error_of_the_sample_is_found():
    logs = load("sample")
    found = degradation.units(logs.requests, logs.events)
    planted = logs.events.filter(pl.col("kind") == "tool_error").height
    assert planted - 1 <= found["failed"].sum() <= planted


def plain(text):
    return text.replace(NARROW_SPACE, " ")


def row(**values):
    base = {"outcome": "tool error", "along": "context", "units": 1000, "events": 40}
    base |= {"raw": -0.01, "raw_low": -0.02, "raw_high": -0.001, "project": 0.0, "least": 0.005}
    base |= {"by": "project"}
    for name, effective in (("session", 60.0), ("project", 20.0)):
        base |= {f"{name}s": 30, f"{name}s_all": 80, f"{name}s_effective": effective}
        base |= {f"{name}s_low": -0.002, f"{name}s_high": 0.002, f"{name}s_largest": 0.1}
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


def test_the_first_sentence_says_what_the_data_carry():
    none = plain(words.opening(row(adjusted=0.002)))
    assert none.startswith("**A rise of failed tool calls with context cannot be told from none")
    assert "by project).**" in none
    assert "By session, as if each stood alone, it would be −0.20 to +0.20 points." in none
    few = row(adjusted=0.009, low=0.006, high=0.012, projects_effective=1.6)
    few = plain(words.opening(few.with_columns(projects_largest=pl.lit(0.78))))
    assert few.startswith("**Failed tool calls rise with context here, by too little or in too few")
    assert "60.0 of 80 sessions or 1.6 of 80 projects of equal weight; one project has 78 %" in few
    clear = words.opening(row(adjusted=0.009, low=0.006, high=0.012))
    assert clear.startswith("**Failed tool calls rise with context here: within sessions")


def test_a_raw_change_is_said_to_lie_between_projects_or_within_them():
    between = words.opening(row(adjusted=0.002, project=0.001))
    assert "most of the raw change lies between projects" in between
    within = words.opening(row(adjusted=0.002, project=-0.009))
    assert "most of it lies within projects" in within


def test_rates_of_one_group_or_without_an_event_are_not_compared():
    found = made(chain([10, 20, 30]), happened=[("s", "tool_error", 61, None)])
    said = plain(words.rates(along.curve(found)))
    assert said == "Failed tool calls are 33.3 % of 3 requests, too few to be set apart by prompt."
    assert words.rates(along.curve(made(chain([10, 20])))) == "No call of 2 requests failed."


def test_the_control_counts_faults_of_servers_alone():
    happened = [("s", "api_error", at, None) for at in (1, 61, 121)]
    found = made(chain([10, 20, 30]), happened=happened, status=["401", "529", None])
    assert found["api_failed"].to_list() == [0, 1, 0]


def test_parts_are_looked_at_together():
    parts = along.groups(made(chain([10]))).clear()
    base = row(adjusted=0.01, low=0.001, high=0.019).with_columns(kind=pl.lit("calls"))
    many = [base.with_columns(part=pl.lit(f"part {n}"), chance=pl.lit(0.06)) for n in range(5)]
    said = plain(degradation_parts.groups(pl.concat(many)))
    assert said.startswith(
        "Failures seem to move with context within sessions in 5 of 5 parts of the requests, which "
        "may be chance among so many. One in ten"
    )
    assert "and 5 of them have; among so many (Bonferroni) 0 still differ from 0." in said
    many[0] = many[0].with_columns(chance=pl.lit(0.001))
    said = plain(degradation_parts.groups(pl.concat(many)))
    assert said.startswith("Failures move with context within sessions in 1 of 5 parts")
    assert "1 still differs from 0: part 0, +1.00 points for 100,000 tokens of context more" in said
    many[0] = many[0].with_columns(projects_effective=pl.lit(1.6))
    said = plain(degradation_parts.groups(pl.concat(many)))
    assert said.startswith(
        "Failures seem to move with context within sessions in 1 of 5 parts of the requests "
        "(part 0), on too few to trust. One in ten"
    )
    assert "worth 1.6 projects of equal weight where 10 are needed" in said
    none = [one.with_columns(low=pl.lit(-0.01)) for one in many]
    said = plain(degradation_parts.groups(pl.concat(none)))
    assert said.startswith("Failures cannot be said to move with context within sessions in any")
    assert degradation_parts.groups(parts).startswith("No part")


def test_an_event_study_says_whose_compactions_it_rests_on():
    happened = [("s", "compaction", 60 * 4 - 1, None), ("t", "compaction", 60 * 2 - 1, None)]
    two = chain([10] * 4, session="t", project="there")
    near = around.windows(made(chain([10] * 8), two, happened=happened), events(*happened))
    assert around.basis(near, led="there") == (2, 2, 1, 8 / 12, 1)
    assert around.basis(near, led="nowhere").led == 0
