"""One session after the other, and what happened along one."""

import datetime as dt
from itertools import pairwise

import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import schema
from analysis.measures.rebuilds import rebuilt
from analysis.measures.session import MOST, SPOTS, compactions, course, sessions, thinned
from analysis.plots.session import plot_context, plot_dollars
from analysis.prices import price
from analysis.words import session as words


def later(minutes, **values):
    """Return a request some minutes after the first, of a prompt of so many thousand tokens."""
    read, write = 1_000 * values.pop("read", 0), 1_000 * values.pop("write", 0)
    moment = AT + dt.timedelta(minutes=minutes)
    used = {"read_tokens": read, "write_tokens": write, "context_tokens": read + write}
    return (
        {"message_id": f"msg_{minutes}", "first_seen": moment, "requested_at": moment}
        | used
        | values
    )


def event(minutes, kind="compaction", session="s", tokens=None):
    row = {"file": 1, "session": session, "project": "project-01", "is_sidechain": False}
    return row | {"at": AT + dt.timedelta(minutes=minutes), "kind": kind, "tokens": tokens}


ROWS = (
    later(0, write=20),
    later(1, read=20, write=5),
    later(30, write=26),  # expired: 25 thousand were there
    later(31, read=26, write=1),
    later(31.5, write=9, agent="a1", is_sidechain=True),
    later(40, read=5, write=4, session="t", project="project-02"),
)
EVENTS = pl.DataFrame(
    [event(30.5, tokens=26_000), event(35), event(2, "prompt"), event(3, session="t")],
    schema=schema.dtypes("events"),
)


@pytest.fixture(scope="module")
def found():
    return rebuilt(price(requests(*ROWS)), EVENTS.filter(kind="prompt"))


def test_a_session_is_listed_with_its_sums(found):
    frame = sessions(found)
    assert frame["session"].to_list() == ["s", "t"]
    first = frame.row(0, named=True)
    assert (first["requests"], first["subagents"], first["longest_tokens"]) == (5, 1, 27_000)
    assert (first["rebuilds"], first["rebuilt_tokens"]) == (1, 25_000)
    assert first["premium_usd"] == pytest.approx(25_000 * (6.25 - 0.5) / 1e6)
    assert first["hours"] == pytest.approx(31.5 / 60, abs=0.006)
    assert frame["total_usd"].sum() == pytest.approx(found["total_nano"].sum() / 1e9)


def test_its_course_is_in_order_and_adds_up(found):
    frame = course(found, "s")
    assert frame["number"].to_list() == [1, 2, 3, 4, 5]
    assert frame["chain"].to_list() == ["main"] * 4 + ["subagent 1"]
    assert frame["cause"].to_list() == [None, None, "expiry", None, None]
    assert frame["pause_seconds"].to_list()[:4] == [None, 60, 29 * 60, 60]
    assert frame["cumulative_usd"].is_sorted()
    assert frame["cumulative_usd"][-1] == pytest.approx(frame["usd"].sum())
    assert frame["premium_usd"].sum() == pytest.approx(sessions(found)["premium_usd"].sum())
    assert frame["hours"][-1] == pytest.approx(31.5 / 60)


def test_what_has_no_price_stops_no_sum():
    rows = [later(0, write=20, model="other-01"), later(1, read=20, write=5)]
    frame = course(rebuilt(price(requests(*rows)), EVENTS.clear()), "s")
    assert frame["usd"][0] is None
    assert frame["cumulative_usd"][0] == 0
    assert frame["cumulative_usd"][1] == frame["usd"][1] > 0


def test_a_session_without_any_price_costs_an_unknown_sum_and_not_nothing(themed):
    rows = [later(0, write=20, model="other-01"), later(30, write=25, model="other-01")]
    unpriced = rebuilt(price(requests(*rows)), EVENTS.clear())
    frame, along = sessions(unpriced), course(unpriced, "s")
    assert frame.select("total_usd", "premium_usd").row(0) == (None, None)
    assert along["cumulative_usd"].to_list() == [None, None]
    assert plot_dollars(along).get_ylim()[0] == 0
    titles = words.listed(frame, 1), words.course(along, 0, "project-01")
    titles += (words.called(frame.row(0, named=True), "project-01", "UTC"),)
    assert not any("$" in title for title in titles)


def test_a_compaction_stands_between_the_requests_around_it(found):
    cuts = compactions(EVENTS, course(found, "s"), "s")
    assert cuts["number"].to_list() == [3.5, 5.5]
    assert cuts["hours"].to_list() == pytest.approx([30.5 / 60, 35 / 60])
    assert cuts["tokens"].to_list() == [26_000, None]


def test_no_session_is_no_row(found):
    frame = course(found, "gone")
    assert frame.is_empty()
    assert compactions(EVENTS, frame, "gone").is_empty()
    assert words.course(frame, 0, "") == "No session is chosen, and none is there to choose."


def test_of_many_requests_the_longest_prompts_are_kept():
    parts = dict.fromkeys(("read_tokens", "write_tokens", "input_tokens"), 1)
    long = {"chain": ["main"] * (3 * MOST), "context_tokens": range(3 * MOST)}
    many = pl.DataFrame(long | parts)
    few = thinned(many)
    assert few.height == MOST
    assert few["context_tokens"].to_list() == [*range(2, 3 * MOST, 3)]
    assert thinned(many.head(MOST)).equals(many.head(MOST))


def test_a_session_of_many_pauses_and_rebuilds_is_drawn_with_few_marks(themed):
    many = 10 * SPOTS
    number = pl.int_range(many, eager=True)
    frame = pl.DataFrame(
        {"number": number + 1, "hours": number / 2, "context_tokens": 1_000 + number % 7}
        | {"chain": "main", "pause_seconds": 400 + 3_600 * (number % 2), "cause": "expiry"}
        | dict.fromkeys(("read_tokens", "write_tokens", "input_tokens"), 300)
    )
    cuts = frame.select(pl.col("number") + 0.5, "hours", tokens="context_tokens")
    for along in ("number", "hours"):
        ax = plot_context(frame, cuts, along)
        reach = ax.get_xlim()[1] - ax.get_xlim()[0]
        uprights = [c for c in ax.collections if "pause" in c.get_label()]
        uprights += [c for c in ax.collections if c.get_label() == "compaction"]
        assert len(uprights) == (3 if along == "number" else 1)
        for lines in uprights:
            at = [segment[0][0] for segment in lines.get_segments()]
            assert len(at) <= SPOTS + 1
            assert max(after - before for before, after in pairwise(at)) < 3 * reach / SPOTS
        (marks,) = [line for line in ax.lines if line.get_label() == "rebuilt: expiry"]
        assert {*marks.get_ydata()} == {*range(1_000, 1_007)}
        assert len(marks.get_xdata()) < 7 * SPOTS


def test_where_a_subagent_asks_the_main_prompt_is_nothing(found):
    drawn = thinned(course(found, "s"))
    assert drawn["context_tokens"].to_list() == [20_000, 25_000, 26_000, 27_000, 0]
    assert drawn["write_tokens"][-1] == 0


def test_the_words_say_what_is_there(found):
    frame = course(found, "s")
    said = words.course(frame, 2, "project-01")
    assert "in 5 requests over 31.5 minutes from 2026-04-20, project-01" in said
    assert "2 compactions, 1 rebuild of 25.0\u202fk tokens at $0.14 above a read." in said
    assert "the longest prompt" not in words.course_reading(frame)
    assert words.listed(sessions(found), 2).startswith("2 sessions cost $")
    assert words.listed(sessions(found), 1).endswith("The first 1 are listed.")


def test_pauses_are_marked_above_the_prompts_and_so_in_the_legend(themed):
    rows = (later(0, write=20), later(6, read=20), later(90, write=20), later(91, read=20))
    frame = course(rebuilt(price(requests(*rows)), EVENTS.clear()), "s")
    ax = plot_context(frame, compactions(EVENTS.clear(), frame, "s"))
    short, long = [c for c in ax.collections if str(c.get_label()).startswith("pause")]
    (one,), (other,) = short.get_segments(), long.get_segments()
    assert (one[0][0], other[0][0]) == (1.5, 2.5)
    assert short.get_linewidth()[0] < long.get_linewidth()[0]
    assert one[0][1] == other[0][1] > 0.9  # of the axes
    legend = {text.get_text() for text in ax.figure.legends[0].get_texts()}
    assert {"pause over 5 minutes", "pause over an hour"} <= legend
    assert "ends of pauses" in words.course_reading(frame)
    assert "a gap is a pause" in words.course_reading(frame, "hours")
