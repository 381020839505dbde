"""The counters of one message: which tokens, of which lifetime, over how many lines."""

import re

import pytest
from lines import (
    KEY,
    answer,
    at,
    dump,
    message_id,
    prompt,
    read_log,
    request_id,
    text,
    usage,
    uuid,
)

from analysis import schema
from analysis.logs.records import records
from analysis.logs.usage import MOST_CALLED, Copy


def read(used, seconds=0, **message_more):
    """The copy that one assistant line makes."""
    message, number = parse(used, seconds, **message_more)
    found = message.usage
    copy = Copy(
        message_id(1),
        request_id(1),
        "assistant",
        at(seconds),
        at(seconds),
        found.output_tokens or 0,
        found,
        found,
    )
    copy.add(message, found, uuid(number), at(seconds))
    return copy


def more(copy, used, seconds=0, **message_more):
    """Another line of its message."""
    message, number = parse(used, seconds, **message_more)
    copy.add(message, message.usage, uuid(number), at(seconds))


def row(copy):
    """What the table says of a copy."""
    values = copy.row(1, "session", "project-01", KEY)
    return dict(zip(schema.dtypes("copies").names(), values, strict=True))


def part(copy, names):
    """Some columns of it."""
    return {name: row(copy)[name] for name in names}


def parse(used, seconds=0, **message_more):
    (record,), reason = records(dump(answer(1, seconds, used=used, message_more=message_more)))
    assert reason is None
    return record.message, seconds


def split(w5m, w1h):
    return {"ephemeral_5m_input_tokens": w5m, "ephemeral_1h_input_tokens": w1h}


@pytest.mark.parametrize(
    ("flat", "cache_creation", "expected"),
    [
        # (all writes, of these 5 minutes, of these 1 hour)
        (100, split(100, 0), (100, 100, 0)),
        (100, split(0, 100), (100, 0, 100)),
        (100, split(40, 60), (100, 40, 60)),
        (0, split(0, 0), (0, 0, 0)),
        (1, split(0, 1), (1, 0, 1)),
        # the log does not split: the lifetimes are unknown, not zero
        (100, None, (100, None, None)),
        (100, split(0, 0), (100, None, None)),
        (100, {}, (100, None, None)),
        (0, None, (0, None, None)),
        (None, None, (0, None, None)),
        # a partial split: the rest has the default lifetime
        (100, split(30, 50), (100, 50, 50)),
        (100, split(0, 50), (100, 50, 50)),
        (100, split(30, None), (100, 100, 0)),
        # a flat count of 0 beside a split (before 2.1.152): the split counts, and is not added
        (0, split(40, 60), (100, 40, 60)),
        (None, split(None, 60), (60, 0, 60)),
        (50, split(40, 60), (100, 40, 60)),
    ],
)
def test_writes_by_lifetime(flat, cache_creation, expected):
    tokens = row(read(usage(write=flat, cache_creation=cache_creation)))
    names = ("write_tokens", "write_5m_tokens", "write_1h_tokens")
    assert tuple(tokens[name] for name in names) == expected


def test_counters_are_taken_as_they_are():
    searches = {"web_search_requests": 2, "web_fetch_requests": 9}
    tokens = row(read(usage(17, inputs=5, write=7, read=11, server_tool_use=searches)))
    assert tokens["input_tokens"] == 5
    assert tokens["output_tokens"] == 17
    assert tokens["write_tokens"] == 7
    assert tokens["read_tokens"] == 11
    assert tokens["context_tokens"] == 5 + 7 + 11
    assert tokens["web_searches"] == 2


def test_missing_counters_are_zero():
    expected = {
        "input_tokens": 0,
        "output_tokens": 4,
        "write_tokens": 0,
        "write_5m_tokens": None,
        "write_1h_tokens": None,
        "read_tokens": 0,
        "context_tokens": 0,
        "web_searches": 0,
    }
    assert part(read({"output_tokens": 4}), expected) == expected


@pytest.mark.parametrize("count", [-1, -7, 10**10 + 1, 2**63, 2**64, -(2**63) - 1, 10**400])
@pytest.mark.parametrize(
    "place",
    [
        lambda n: {"output_tokens": n},
        lambda n: {"input_tokens": n},
        lambda n: {"cache_creation_input_tokens": n},
        lambda n: {"cache_read_input_tokens": n},
        lambda n: {"cache_creation": {"ephemeral_1h_input_tokens": n}},
        lambda n: {"cache_creation": {"ephemeral_5m_input_tokens": n}},
        lambda n: {"server_tool_use": {"web_search_requests": n}},
        lambda n: {"iterations": [{"type": "message"}, {"type": "message", "input_tokens": n}]},
    ],
)
def test_absurd_counts_are_out_of_range(place, count):
    assert records(dump(answer(used=usage() | place(count)))) == ([], "out_of_range")


def test_the_largest_sound_count_is_sound():
    assert row(read(usage(10**10)))["output_tokens"] == 10**10


@pytest.mark.parametrize(
    ("outputs", "largest", "first", "last", "total"),
    [
        ([7], 7, 7, 7, 7),
        ([1, 1, 300], 300, 1, 300, 302),
        ([1, 300, 20], 300, 1, 20, 321),
        ([300, 1, 1], 300, 300, 1, 302),
        ([5, 5], 5, 5, 5, 10),
    ],
)
def test_lines_of_one_message_merge(outputs, largest, first, last, total):
    whole = read(usage(outputs[0]))
    for number, output in enumerate(outputs[1:], 1):
        more(whole, usage(output), number)
    assert row(whole)["output_tokens"] == largest
    assert (whole.output_first, whole.output_last, whole.output_sum) == (first, last, total)
    assert whole.lines == len(outputs)
    assert (whole.first_seen, whole.last_seen) == (at(0), at(len(outputs) - 1))
    assert row(whole)["read_tokens"] == 1_000


def test_lines_may_come_in_any_order_of_time():
    whole = read(usage(), 5)
    more(whole, usage(), 2)
    more(whole, usage(), 9)
    assert (whole.first_seen, whole.last_seen) == (at(2), at(9))


def test_a_merged_message_keeps_words_said_on_any_full_line():
    whole = read(usage(1, service_tier="standard"))
    more(whole, usage(300, speed="fast"), 1, stop_reason="end_turn")
    more(whole, usage(2, speed="standard"), 2, stop_reason="max_tokens")
    expected = {
        "service_tier": "standard",
        "speed": "fast",
        "geo": None,
        "stop_reason": "end_turn",
        "cache_miss_reason": None,
    }
    assert part(whole, expected) == expected


def test_of_equal_counts_the_later_line_says_why_it_ended():
    whole = read(usage(5))
    more(whole, usage(5), 1, stop_reason="tool_use")
    assert row(whole)["stop_reason"] == "tool_use"


def test_lengths_add_up_once_per_line():
    blocks = [
        {"type": "thinking", "thinking": "hmmm", "signature": "abc"},
        {"type": "tool_use", "input": {"a": "é"}},
        text(5),
        "plain",
    ]
    whole = read(usage(), content=blocks)
    expected = {
        "text_chars": 10,
        "tool_chars": len('{"a":"é"}'),
        "thinking_chars": 4,
        "signature_chars": 3,
    }
    assert part(whole, expected) == expected
    more(whole, usage(), 0, content=blocks)  # the same line again, in a fork
    assert whole.text_chars == 10
    more(whole, usage(), 1, content=[text(7)])
    assert whole.text_chars == 17


def called(*names):
    return [{"type": "tool_use", "name": name, "input": {}} for name in names]


def test_tools_are_listed_by_class_in_the_order_of_their_calls():
    whole = read(usage(), content=called("Bash", "mcp__acme__get"))
    assert whole.tools == "run,mcp"
    more(whole, usage(), 0, content=called("Bash", "mcp__acme__get"))  # the same line again
    more(whole, usage(), 1, content=called("Edit"))
    assert whole.tools == "run,mcp,edit"
    assert read(usage(), content=[text(5)]).tools is None


@pytest.mark.parametrize("name", [None, 5, ["Bash"], "Ba\x00sh", "canary-acme-merger", "", "mcp"])
def test_a_tool_of_any_other_name_is_other(name):
    assert read(usage(), content=called(name)).tools == "other"


def test_calls_beyond_what_any_answer_makes_are_not_listed():
    whole = read(usage(), content=called(*["Bash"] * 5_000))
    assert len(whole.tools) <= MOST_CALLED + len(",search")
    assert whole.tool_chars == 5_000 * len("{}")


def test_content_may_be_one_string():
    assert read(usage(), content="hello").text_chars == 5


@pytest.mark.parametrize(
    ("message_more", "expected"),
    [
        ({}, message_id(1)),
        ({"id": None}, uuid(0)),
        ({"id": ""}, uuid(0)),
        ({"id": 5}, uuid(0)),
        ({"id": "ocgo"}, r"x-[0-9a-f]{16}"),
    ],
)
def test_a_message_always_has_an_id(tmp_path, message_more, expected):
    found = read_log(tmp_path, answer(message_more=message_more, uuid=uuid(0))).copy
    assert re.fullmatch(expected, found["message_id"])


def test_without_any_id_the_time_stands_for_one(tmp_path):
    found = read_log(tmp_path, answer(1, 1, message_more={"id": None}, uuid=None)).copy
    assert found["message_id"] == f"line-{at(1).timestamp():.6f}"


ADVISOR = usage(40, inputs=900, write=0, read=0) | {"type": "advisor_message"}
COMPACTION = usage(50, inputs=60, write=7, read=8) | {"type": "compaction"}
HOP = usage(4, inputs=1, write=20, read=500) | {"type": "message"}
LAST = usage(6, inputs=2, write=30, read=520) | {"type": "message"}


def test_iterations_the_top_level_leaves_out_are_requests_of_their_own(tmp_path):
    used = usage(10, iterations=[LAST, ADVISOR | {"model": "claude-opus-4-6"}, COMPACTION])
    more = {"uuid": uuid(2), "parentUuid": uuid(1), "requestId": request_id(7)}
    made = [answer(9, uuid=uuid(1)), prompt(seconds=1), answer(1, 2, used=used, **more)]
    _, copy, advisor, compaction = read_log(tmp_path, *made).copies
    assert copy["output_tokens"] == 10  # the top level stands as it is
    assert (advisor["origin"], advisor["model"]) == ("advisor", "claude-opus-4-6")
    assert advisor["message_id"] == f"{message_id(1)}:advisor:1"
    assert advisor["input_tokens"] == advisor["context_tokens"] == 900
    assert advisor["output_tokens"] == advisor["output_sum_tokens"] == 40
    assert (compaction["origin"], compaction["model"]) == ("compaction", "claude-opus-4-7")
    assert compaction["message_id"] == f"{message_id(1)}:compaction:2"
    assert compaction["context_tokens"] == 60 + 7 + 8
    same = ("request_id", "requested_at", "parent_message_id", "version", "first_seen", "agent")
    for apart in (advisor, compaction):
        assert apart["web_searches"] == 0
        assert sum(value for name, value in apart.items() if name.endswith("chars")) == 0
        assert [apart[name] for name in same] == [copy[name] for name in same]
    assert (copy["requested_at"], copy["parent_message_id"]) == (at(1), message_id(9))


@pytest.mark.parametrize(
    ("iterations", "context"),
    [
        (None, 3 + 100 + 1_000),
        ([], 3 + 100 + 1_000),
        ([LAST], 3 + 100 + 1_000),  # one item repeats the top level
        ([HOP, LAST], 2 + 30 + 520),
        ([HOP, HOP, LAST], 2 + 30 + 520),
        ([HOP, LAST, COMPACTION], 2 + 30 + 520),
        ([HOP, ADVISOR, LAST], 2 + 30 + 520),
        ([ADVISOR], 3 + 100 + 1_000),
        ([HOP, {"type": "fallback_message"}], 3 + 100 + 1_000),
    ],
)
def test_the_context_is_the_last_iterations_prompt_and_the_cost_is_all(iterations, context):
    copy = read(usage(iterations=iterations))
    assert row(copy)["context_tokens"] == context
    assert row(copy)["read_tokens"] == 1_000
    assert row(copy)["write_tokens"] == 100


def test_only_known_words_pass():
    used = usage(service_tier="acme", speed="fast", inference_geo="us")
    miss = {"cache_miss_reason": {"type": "tools_changed", "tool": "acme"}}
    copy = read(used, stop_reason="tool_use", diagnostics=miss)
    expected = {
        "service_tier": "other",
        "speed": "fast",
        "geo": "us",
        "stop_reason": "tool_use",
        "cache_miss_reason": "tools_changed",
    }
    assert part(copy, expected) == expected
