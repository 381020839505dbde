"""What standing at the head of every prompt costs: the prefix by part, and a file in it."""

import pytest
from chains_by_hand import chain, priced_copies

from analysis import load, schema
from analysis.measures import standing
from analysis.measures.rebuilds import rebuilt
from analysis.measures.spend import parted, spend
from analysis.words import standing as words

# Opus 4.7: $6.25 a million written for five minutes, $10 for an hour, $0.50 read, $5 input
ROWS = (
    {"minute": 0, "write": 30_000},
    {"minute": 1, "read": 29_900, "write": 10_100},
    {"minute": 21, "write": 60_000},  # expired: all written again
    {"minute": 22, "read": 59_950, "write": 100},
)
FILE = 1_000


def events(*rows):
    import polars as pl

    return pl.DataFrame(list(rows), schema=schema.dtypes("events"))


def test_the_prefix_by_part():
    (row,) = standing.by_project(parted(chain(*ROWS))).to_dicts()
    assert row["prefix_tokens"] == 30_000
    assert row["read_tokens"] == 29_900 + 30_000
    assert row["begun_tokens"] == 30_000
    assert row["again_tokens"] == 30_000  # of the 40,000 that were there before the pause
    assert row["carry_nano"] / 1e9 == pytest.approx(0.0599 * 0.5 + 0.06 * 6.25)
    assert row["share"] == pytest.approx(row["carry_nano"] / row["total_nano"])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_parts_are_those_of_the_bill(seed):
    made = priced_copies(2_000, seed)
    found, bill = standing.by_project(parted(made)), spend(made)
    parts = {"read": "standing prefix, read again", "begun": "standing prefix, written as a"}
    for name, part in parts.items():
        (row,) = bill.filter(bill["part"].str.starts_with(part)).to_dicts()
        assert found[f"{name}_tokens"].sum() == row["tokens"]
        assert found[f"{name}_nano"].sum() == row["nano"]
    assert found["total_nano"].sum() == bill["nano"].sum()
    again = bill.filter(bill["part"].str.starts_with("written again"))
    assert found["again_nano"].sum() <= again["nano"].sum()


def test_a_file_is_read_where_the_prefix_is_and_else_written():
    found = standing.filed(parted(chain(*ROWS)), FILE)
    assert found["covers"].to_list() == [False, True, False, True]
    assert found["file_nano"].to_list() == pytest.approx(
        [FILE * 6250, FILE * 500, FILE * 6250, FILE * 500]
    )


def test_a_file_is_written_for_as_long_as_the_rest():
    found = standing.filed(parted(chain({"minute": 0, "hour": 30_000})), FILE)
    assert found["file_nano"].to_list() == pytest.approx([FILE * 10_000])


def test_without_a_cache_it_is_input():
    found = standing.filed(parted(chain({"minute": 0, "input": 30_000})), FILE)
    assert found["file_nano"].to_list() == pytest.approx([FILE * 5_000])


def test_without_a_price_it_costs_nothing_known():
    made = chain({"minute": 0, "write": 30_000, "model": "other-01"})
    found = standing.filed(parted(made), FILE)
    assert found["file_nano"].to_list() == [None]
    assert standing.by_session(found, events(), FILE).is_empty()


def test_a_session_by_messages_of_a_person():
    made = chain(*ROWS)
    at = made["first_seen"][2]
    typed = {"session": "s", "kind": "prompt", "at": at, "is_sidechain": False}
    found = standing.by_session(standing.filed(parted(made), FILE), events(typed), FILE)
    (row,) = found.to_dicts()
    assert (row["requests"], row["messages"], row["written"]) == (4, 2, 2)
    assert row["cost_usd"] == pytest.approx(FILE * (2 * 6.25 + 2 * 0.5) / 1e6)
    assert row["text_usd"] == pytest.approx(FILE * (6.25 + 0.5) / 1e6)


def test_subagents_are_no_session_of_their_own():
    helper = {"minute": 2, "write": 9_000, "agent": "a", "is_sidechain": True}
    found = standing.filed(parted(chain(*ROWS, helper)), FILE)
    assert found.height == 5
    assert standing.by_session(found, events(), FILE)["requests"].to_list() == [4]


def test_the_multiple_needs_sessions_to_have_an_interval():
    few = standing.by_session(standing.filed(parted(chain(*ROWS)), FILE), events(), FILE)
    assert standing.multiple(few).low is None
    logs = load("sample")
    many = standing.filed(parted(rebuilt(logs.priced(), logs.events)), FILE)
    rows = standing.by_session(many, logs.events, FILE)
    band = standing.multiple(rows)
    value = rows["cost_usd"].sum() / rows["text_usd"].sum()
    assert band.low < value < band.high


def test_the_words_say_what_is_not_told_apart():
    found = standing.by_project(parted(chain(*ROWS)))
    assert "No log tells the context files in it from the system prompt" in words.opening(found)
    assert words.opening(found.clear()).startswith("No request of these logs has a price")
    assert words.projects(found.clear()).startswith("No request of these logs has a price")
    said = words.every_turn(standing.filed(parted(chain(*ROWS)), FILE))
    assert "of 4 requests here, 50.0" in said
    assert "but for a tail of at most 1,000 tokens" in said


def test_main_chains_stand_beside_all_only_where_they_differ():
    helper = {"minute": 2, "write": 9_000, "agent": "a", "is_sidechain": True}
    one, both = (standing.filed(parted(chain(*rows)), FILE) for rows in (ROWS[:1], (*ROWS, helper)))
    assert "main chains" not in words.every_turn(one)
    assert "of main chains' alone 50.0" in words.every_turn(both)


def test_the_picture_of_one_session_says_on_which_side_it_lies():
    found = standing.by_session(standing.filed(parted(chain(*ROWS)), FILE), events(), FILE)
    assert "1 circle, of which 1 cost more" in words.sessions_alt(found)
    assert "most of it" not in words.sessions_alt(found)


def test_nothing_to_say_of_days_without_requests():
    logs = load("sample").where(since="2099-01-01")
    made = parted(rebuilt(logs.priced(), logs.events))
    assert standing.by_project(made).is_empty()
    found = standing.by_session(standing.filed(made, FILE), logs.events, FILE)
    assert found.is_empty()
    assert words.sessions(found, FILE, standing.multiple(found)).startswith("No session of these")
    assert "with no session on them" in words.sessions_alt(found)
