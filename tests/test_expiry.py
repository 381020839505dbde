"""Pauses: what goes on after them, and what they lose."""

import datetime as dt

import polars as pl
import pytest
from gallery import ODD
from requests_by_hand import AT, requests

from analysis import schema
from analysis.measures import expiry, rebuilds
from analysis.prices import price
from analysis.report.markdown import title_and_rest
from analysis.words import expiry as words

HOUR = {"write_5m_tokens": 0, "write_1h_tokens": 100}
LARGE = 30_000


def at(seconds):
    return AT + dt.timedelta(seconds=seconds)


def request(seconds, **more):
    """A request at a second of its session, answered at once."""
    seen = {"requested_at": at(seconds), "first_seen": at(seconds), "last_seen": at(seconds)}
    return seen | {"message_id": f"msg_{seconds}", "context_tokens": LARGE} | more


def priced(*rows):
    return price(requests(*rows))


def events(*prompts):
    rows = [{"session": "s", "is_sidechain": False, "at": at(s), "kind": "prompt"} for s in prompts]
    return pl.DataFrame(rows, schema=schema.dtypes("events"))


def test_what_goes_on_has_the_same_model_and_a_prompt_that_was_not_cut():
    made = (
        request(0),
        request(10, context_tokens=LARGE // 2),
        request(20, context_tokens=LARGE // 4 - 1),
        request(30, model="claude-sonnet-4-6"),
        request(40, session="other"),
    )
    assert expiry.went_on(priced(*made))["message_id"].to_list() == ["msg_10"]


def test_what_is_lost_is_what_both_prompts_share_and_was_not_read():
    made = request(0, context_tokens=100), request(9, context_tokens=80, read_tokens=49)
    found = expiry.went_on(priced(*made))
    assert found.select("shared_tokens", "lost_tokens", "lost").rows() == [(80, 31, True)]
    made = request(0, context_tokens=100), request(9, context_tokens=120, read_tokens=50)
    found = expiry.went_on(priced(*made))
    assert found.select("shared_tokens", "lost_tokens", "lost").rows() == [(100, 50, False)]


def counted(frame, lifetime):
    some = frame.filter(pl.col("requests") > 0, pl.col("lifetime") == lifetime)
    return {gap: (n, k) for gap, n, k in some.select("gap", "requests", "lost").rows()}


def test_losses_by_gap_and_lifetime():
    five = {"write_tokens": 100}
    hour = {"write_tokens": 100, **HOUR}
    made = [request(0, **five)]
    for gap, kept in ((59, True), (60, True), (300, False), (359, True), (900, False)):
        after = int((made[-1]["first_seen"] - AT).total_seconds()) + gap
        made.append(request(after, read_tokens=LARGE if kept else 0, **five))
    made += [request(0, session="b", **hour), request(3_900, session="b", **hour)]
    found = expiry.losses(expiry.went_on(priced(*made)))
    assert counted(found, "5m") == {
        "under 1 min": (1, 0),
        "1 to 5 min": (1, 0),
        "5 to 6 min": (2, 1),
        "15 to 60 min": (1, 1),
    }
    assert counted(found, "1h") == {"over 65 min": (1, 1)}
    empty = found.filter(requests=0)
    assert empty.height == 14 - 5
    assert empty.select("share", "low", "high", "token_share").null_count().row(0) == (9,) * 4
    half = found.filter(gap="5 to 6 min", lifetime="5m").row(0, named=True)
    # Wilson at 90 %: (p + z²/2n ± z√(p(1-p)/n + z²/4n²)) / (1 + z²/n), z = 1.64485
    assert (half["low"], half["high"]) == pytest.approx((0.120869, 0.879131), abs=1e-4)
    assert half["token_share"] == 0.5


def test_losses_are_of_long_prompts_of_main_conversations():
    short = {"context_tokens": 19_999, "write_tokens": 100}
    side = {"write_tokens": 100, "is_sidechain": True, "agent": "a", "session": "b"}
    made = (request(0, **short), request(9, **short), request(0, **side), request(9, **side))
    assert expiry.losses(expiry.went_on(priced(*made)))["requests"].sum() == 0


def share(frame, seconds, trigger):
    return frame.filter(gap_seconds=seconds, trigger=trigger)["share"].item()


def test_returns_by_what_led_to_them():
    made = (request(0), request(20), request(100), request(1_000_000, session="last"))
    found = expiry.returns(priced(*made), events(15))
    assert set(found["answers"]) == {4}
    assert share(found, 10.0, "human turn") == 0
    assert share(found, 60.0, "human turn") == pytest.approx(1 / 3)  # of three that are watched
    assert share(found, 60.0, "tool result") == 0
    assert share(found, 300.0, "tool result") == pytest.approx(1 / 3)
    assert share(found, expiry.GRID[-1], "human turn") == pytest.approx(1 / 3)


def test_an_end_is_no_end_of_watching():
    """The one conversation that ended long ago has not returned; the last cannot be known."""
    ended = (request(0), request(50), request(90_000, session="b"), request(90_050, session="b"))
    found = expiry.returns(priced(*ended), events(90_000))
    # of four answers, the last is watched for no time at all; of three left, two return
    assert share(found, 60.0, "tool result") == pytest.approx(2 / 3)


def test_without_prompts_nobody_knows_what_led_to_a_return():
    made = (request(0), request(20), request(100), request(1_000_000, session="last"))
    found = expiry.returns(priced(*made), events())
    assert set(found["trigger"]) == {expiry.ANY}
    with_prompts = expiry.returns(priced(*made), events(15)).group_by("gap_seconds")
    sums = with_prompts.agg(pl.col("share").sum()).sort("gap_seconds")["share"]
    assert found["share"].to_list() == pytest.approx(sums.to_list())
    assert "have no prompts" in words.returns(found)
    assert "a person's prompt" not in words.returns(found)


def test_an_entry_that_is_used_outlives_its_lifetime():
    five = {"write_tokens": 100}
    kept = [request(s, read_tokens=LARGE, **five) for s in (0, 200, 400, 600)]
    lost = [request(s, read_tokens=0, **five) for s in (1_000, 1_200)]
    found = expiry.kept_alive(priced(*kept, *lost), "5m")
    assert found["message_id"].to_list() == ["msg_400", "msg_600"]
    assert not found["lost"].any()
    assert expiry.kept_alive(priced(*kept), "1h").is_empty()


def test_mean_writes_stand_beside_the_published_ones():
    five = {"write_tokens": 100}
    made = (request(0, **five), request(600, **five), request(1_100, write_tokens=300))
    found = expiry.mean_writes(priced(*made))
    row = found.filter(gap="5 to 10 min").row(0, named=True)
    assert (row["published_requests"], row["published_mean"]) == (197, 70_919)
    assert (row["5m_requests"], row["5m_mean"], row["1h_requests"]) == (1, 300, 0)
    assert found["published_requests"].sum() == 17_963


def test_days_do_not_matter():
    made = [request(s, read_tokens=s, write_tokens=100) for s in (0, 30, 400, 5_000)]
    later = ("requested_at", "first_seen", "last_seen")
    moved = [row | {k: row[k] + dt.timedelta(days=9) for k in later} for row in made]
    one, other = (expiry.went_on(priced(*rows)) for rows in (made, moved))
    assert expiry.losses(one).equals(expiry.losses(other))
    curves = [expiry.returns(priced(*rows), events()) for rows in (made, moved)]
    assert curves[0].equals(curves[1])


def said(odd):
    gone_on = expiry.went_on(odd.priced)
    rebuilt = rebuilds.rebuilt(odd.priced, odd.logs.events)
    return [
        words.opening(gone_on, rebuilt),
        words.returns(expiry.returns(odd.priced, odd.logs.events)),
        words.losses(expiry.losses(gone_on)),
        words.mean_writes(expiry.mean_writes(odd.priced)),
    ]


@pytest.mark.parametrize("name", ODD)
def test_every_caption_is_a_sentence_whatever_the_logs(name):
    for text in said(ODD[name]):
        title, _ = title_and_rest(text)
        assert title[0].isupper()
        assert text.endswith(".")
        assert "None" not in text
        assert "nan" not in text


def test_the_opening_says_what_pauses_lose_by_lifetime():
    five = {"write_tokens": 100}
    made = (request(0, **five), request(600, write_tokens=LARGE), request(1_200, read_tokens=LARGE))
    all_made = priced(*made)
    text = words.opening(expiry.went_on(all_made), rebuilds.rebuilt(all_made, events()))
    assert "**1 of 2 after five-minute writes lost the cache**" in text
    assert "100.0\u202f% of the tokens written again" in text


def test_of_fewer_than_ten_requests_it_is_said_how_many_lost_the_cache():
    few, enough = (
        pl.DataFrame(
            {
                "lifetime": ["5m", "5m"],
                "gap": ["6 to 15 min", "over 65 min"],
                "requests": [whole, 0],
                "lost": [whole, 0],
            }
        )
        for whole in (9, 10)
    )
    assert "lost in 9 of 9 requests over six minutes" in words.losses(few)
    assert "lost in 100.0\u202f% of 10 requests over six minutes" in words.losses(enough)


def test_the_bound_of_the_published_session_is_computed():
    assert "at most 7.3 rebuilds of an average prompt" in words.bound()
    assert "441 requests" in words.bound()


def test_no_curve_is_longer_than_the_logs():
    made = request(0), request(20), request(400)
    found = expiry.returns(priced(*made), events())
    assert 300 in set(found["gap_seconds"])
    assert found["gap_seconds"].max() <= 400
    assert "within five minutes" in words.returns(found)
    assert "hour" not in words.returns(found).partition(".")[0]
