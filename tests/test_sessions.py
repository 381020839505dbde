"""Requests in order: each beside the one before it in its chain."""

import datetime as dt

import polars as pl
from requests_by_hand import AT, requests

from analysis import schema
from analysis.sessions import latest, steps, triggered, wrote


def at(minutes):
    return AT + dt.timedelta(minutes=minutes)


def seen(minutes, **more):
    return {"first_seen": at(minutes), "last_seen": at(minutes), "message_id": f"m{minutes}"} | more


def rows(*made):
    kept = ("message_id", "step", "gap_seconds", "previous_context_tokens")
    return steps(requests(*made)).select(kept).rows()


def test_a_chain_is_in_order_of_time_however_it_was_logged():
    late, early = seen(9, context_tokens=30), seen(2, context_tokens=20)
    assert rows(late, early) == [("m2", 0, None, None), ("m9", 1, 420.0, 20)]


def test_sessions_and_subagents_are_chains_of_their_own():
    made = [seen(1), seen(2, agent="a"), seen(3, session="other"), seen(4), seen(5, agent="a")]
    found = {message: step for message, step, _, _ in rows(*made)}
    assert found == {"m1": 0, "m4": 1, "m2": 0, "m5": 1, "m3": 0}


def test_a_gap_goes_from_the_first_line_before_to_the_question():
    first = seen(0, last_seen=at(3))
    second = seen(10, requested_at=at(8))
    assert rows(first, second)[1][2] == 480


def test_a_question_before_the_last_answer_leaves_no_negative_gap():
    assert rows(seen(2), seen(5, requested_at=at(1)))[1][2] == 0


def test_a_subagent_without_a_name_is_not_the_main_chain():
    found = rows(seen(1), seen(2, is_sidechain=True), seen(3))
    assert [(message, step) for message, step, _, _ in found] == [("m1", 0), ("m3", 1), ("m2", 0)]


def test_the_lifetime_is_that_of_the_last_tokens_written_before():
    hour = {"write_tokens": 9, "write_5m_tokens": 0, "write_1h_tokens": 9}
    short = {"write_tokens": 9, "write_5m_tokens": 9}
    unsplit = {"write_tokens": 9, "write_5m_tokens": None, "write_1h_tokens": None}
    made = [seen(1, **unsplit), seen(2, **hour), seen(3), seen(4, **short), seen(5)]
    assert steps(requests(*made))["lifetime"].to_list() == [None, None, "1h", "1h", "5m"]


def test_the_one_before_is_named():
    found = steps(requests(seen(1, model="claude-opus-4-6"), seen(2)))
    named = found.select("previous_model", "previous_message_id").rows()
    assert named == [(None, None), ("claude-opus-4-6", "m1")]


def test_nothing_gives_nothing():
    assert rows() == []


def events(*made):
    rows = [
        {"session": "s", "is_sidechain": False, "kind": kind, "at": at(m)} | more
        for m, kind, more in made
    ]
    return pl.DataFrame(rows, schema=schema.dtypes("events"))


def triggers(*made, of=()):
    found = triggered(steps(requests(*made)), events(*of))
    return dict(found.select("message_id", "trigger").rows())


def test_a_prompt_since_the_answer_before_makes_a_human_turn():
    made = seen(0), seen(5), seen(9)
    typed = [(-1, "prompt", {}), (4, "prompt", {}), (7, "tool_error", {})]
    assert triggers(*made, of=typed) == {"m0": None, "m5": "human turn", "m9": "tool result"}


def test_a_prompt_of_another_chain_is_none_of_this():
    side = {"agent": "a", "is_sidechain": True}
    typed = [(4, "prompt", side), (4, "prompt", {"session": "other"})]
    assert triggers(seen(0), seen(5), of=typed)["m5"] == "tool result"


def test_the_latest_event_before_each_answer():
    made = requests(seen(9), seen(3), seen(0, session="other"))
    happened = events((1, "limit", {}), (2, "limit", {}), (4, "api_error", {}), (20, "limit", {}))
    assert latest(made, happened, "limit").to_list() == [at(2), at(2), None]
    assert latest(made, happened, "limit", "api_error").to_list() == [at(4), at(2), None]
    agents = requests(seen(9, agent="a", is_sidechain=True))
    assert latest(agents, happened, "limit").to_list() == [None]
    assert latest(agents, happened, "limit", of=("session",)).to_list() == [at(2)]


def test_an_event_without_a_time_is_no_event():
    never = events((1, "prompt", {"at": None}))
    assert latest(requests(seen(9)), never, "prompt").to_list() == [None]


def test_the_lifetime_of_what_a_request_wrote():
    hour = {"write_tokens": 9, "write_5m_tokens": 0, "write_1h_tokens": 9}
    unsplit = {"write_tokens": 9, "write_5m_tokens": None, "write_1h_tokens": None}
    made = requests(seen(1, **hour), seen(2, write_tokens=9), seen(3), seen(4, **unsplit))
    assert made.select(wrote()).to_series().to_list() == ["1h", "5m", None, None]
