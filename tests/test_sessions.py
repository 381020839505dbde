"""Requests in order: each beside the one before it in its chain."""

import datetime as dt

from requests_by_hand import AT, requests

from analysis.sessions import steps


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
