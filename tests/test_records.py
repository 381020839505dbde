"""Bytes of one line to records: what is whole is kept, what is not has one reason."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines import answer, dump, progress, prompt, request_id, text, usage, uuid

from analysis.logs.damage import LARGE
from analysis.logs.records import records
from analysis.schema import REASONS


def raw(made):
    return dump(made).rstrip(b"\n")


def used(**counters):
    """An assistant line whose usage has other counters."""
    return raw(answer(used=usage() | counters))


def with_bytes(made, old, new):
    """A line with some of its bytes put in place of others."""
    assert old in made
    return made.replace(old, new)


CALL = answer(1, content=[{"type": "tool_use", "name": "Read", "input": {"path": "x"}}])
ONE, TWO, THREE = raw(answer(1)), raw(answer(2)), raw(prompt(uuid=uuid(3)))
TOOL = raw(CALL)
CUT = ONE[:150]
FRAGMENT = raw(answer(content=[text()]))[:-30]
NESTED = raw(progress(1))
BAD = used(output_tokens="10")
DEEP = raw(prompt(unread=[])).replace(b"[]", b"[" * 5_000 + b"]" * 5_000)


def ids(line):
    """The ids of the messages on a line (or the record's type) and the reason."""
    found, reason = records(line)
    return [int(r.requestId[4:]) if r.requestId else r.type for r in found], reason


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # whole records
        (ONE, ([1], None)),
        (ONE + b"\n", ([1], None)),
        (ONE + b"\r\n", ([1], None)),
        (b" \t" + ONE + b"  ", ([1], None)),
        (b"{}", ([None], None)),
        (b'{"type":"user","type":"system"}', (["system"], None)),
        # glued
        (ONE + TWO, ([1, 2], None)),
        (ONE + THREE + TWO, ([1, "user", 2], None)),
        (ONE + b" \t" + TWO, ([1, 2], None)),
        (b" " + ONE + TWO, ([1, 2], None)),
        (TOOL + TOOL, ([1, 1], None)),
        (with_bytes(TOOL, b'"path"', b'"\xff"') + TWO, ([1, 2], None)),
        # one is broken, its neighbours are not
        (CUT + TWO, ([2], "not_json")),
        (FRAGMENT + TWO, ([2], "not_json")),
        (NESTED[:-20] + TWO, ([2], "not_json")),
        (CUT + TOOL, ([1], "not_json")),
        (CUT + TWO + THREE, ([2, "user"], "not_json")),
        (ONE + CUT, ([1], "not_json")),
        (ONE + CUT + TWO, ([1, 2], "not_json")),
        (b"\0" * 500 + ONE, ([1], "not_json")),
        (ONE + b"\0" * 500, ([1], "not_json")),
        (b"\xff\xfe" + ONE, ([1], "not_json")),
        (b"\xef\xbb\xbf" + ONE, ([1], "not_json")),
        (ONE + b",", ([1], "not_json")),
        (b"[" + ONE + b"]", ([], "not_object")),
        (BAD + ONE, ([1], "wrong_type")),
        (ONE + BAD, ([1], "wrong_type")),
        (ONE + BAD + TWO, ([1, 2], "wrong_type")),
        (BAD + with_bytes(ONE, b"opus", b"\xff"), ([], "wrong_type")),
        (ONE + b"42", ([1], "not_json")),
        (with_bytes(ONE, b"opus", b"\xff") + TWO, ([2], "bad_utf8")),
        # nothing whole
        (b"\0" * 500, ([], "not_json")),
        (CUT, ([], "not_json")),
        (FRAGMENT, ([], "not_json")),
        (b"{", ([], "not_json")),
        (b'{"type":"user",}', ([], "not_json")),
        (b'{"type":"us\x01er"}', ([], "not_json")),
        (b"Segmentation fault", ([], "not_json")),
        ('{"type":"user"}'.encode("utf-16"), ([], "not_json")),
        (b"\x1f\x8b\x08\x00gz", ([], "not_json")),
        (b"\x1c", ([], "not_json")),
        # JSON, but no record
        (b"42", ([], "not_object")),
        (b'"text"', ([], "not_object")),
        (b"null", ([], "not_object")),
        (b"true", ([], "not_object")),
        (b"[]", ([], "not_object")),
        # nesting
        (b'{"type":"user","unread":' + b"[" * 200 + b"]" * 200 + b"}", (["user"], None)),
        (DEEP, (["user"], None)),
        (DEEP + ONE, (["user", 1], None)),
        (ONE + DEEP + TWO, ([1, "user", 2], None)),
        (CUT + DEEP, ([], "too_deep")),
        (BAD + DEEP, (["user"], "wrong_type")),
        (DEEP[:4_000], ([], "too_deep")),
        (DEEP[:4_000] + ONE, ([1], "too_deep")),
        (ONE + DEEP[:4_000], ([1], "too_deep")),
        (b'{"type":' * 200_000, ([], "too_deep")),
        (b'{"type":' * 500 + ONE, ([1], "not_json")),
    ],
)
def test_golden_lines(line, expected):
    assert ids(line) == expected


@pytest.mark.parametrize(
    "first",
    [
        "parentUuid",
        "logicalParentUuid",
        "isSidechain",
        "userType",
        "cwd",
        "slug",
        "message",
        "uuid",
    ],
)
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_any_order_of_keys_and_any_spacing(first, separators):
    whole = answer(2, parentUuid=None, isSidechain=False, userType="external", cwd="/x")
    whole |= {"logicalParentUuid": None, "slug": "breezy"}
    line = json.dumps({first: whole.pop(first), **whole}, separators=separators).encode()
    assert ids(line) == ([2], None)
    assert ids(line + line) == ([2, 2], None)
    assert ids(CUT + line) == ([2], "not_json")


@pytest.mark.parametrize(
    "made",
    [
        answer() | dict.fromkeys(["parentUuid", "cwd", "gitBranch", "version", "isSidechain"]),
        answer() | {"cwd": 5, "version": ["2"], "isSidechain": "no", "isMeta": 1},
        answer() | {"toolUseResult": 5, "unknown": {"deep": [1]}, "error": [], "data": "x"},
        answer() | {"compactMetadata": "auto"},
        answer() | {"compactMetadata": {"preTokens": "x"}},
        answer(message_more={"content": 42}),
        answer(message_more={"content": [{"type": "text", "text": 42}]}),
        answer(message_more={"stop_reason": 5, "diagnostics": []}),
        answer(used=usage(unknown="x", service_tier=None, server_tool_use=None)),
        answer(used=usage(cache_creation=None, iterations=None, speed=None)),
    ],
)
def test_drift_beside_the_usage_costs_nothing(made):
    found, reason = records(raw(made))
    assert reason is None
    assert found[0].message.usage.output_tokens == 10
    assert found[0].requestId == request_id(1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("output_tokens", "10"),
        ("output_tokens", True),
        ("output_tokens", [10]),
        ("output_tokens", 10.5),
        ("output_tokens", 10.0),
        ("input_tokens", {}),
        ("cache_creation_input_tokens", "x"),
        ("cache_read_input_tokens", False),
        ("cache_creation", 5),
        ("cache_creation", {"ephemeral_1h_input_tokens": "5"}),
        ("server_tool_use", []),
        ("server_tool_use", {"web_search_requests": "2"}),
        ("iterations", {}),
        ("iterations", [{"type": "message", "input_tokens": "3"}]),
        ("service_tier", 5),
    ],
)
def test_drift_inside_the_usage_is_rejected(field, value):
    assert ids(used(**{field: value})) == ([], "wrong_type")
    nested = {"message": answer(used=usage() | {field: value})["message"]}
    assert ids(raw(progress(nested=nested))) == ([], "wrong_type")


@pytest.mark.parametrize("value", [[], "x", 5, True])
def test_a_usage_of_another_type_is_rejected(value):
    made = answer(message_more={"usage": value})
    assert ids(raw(made)) == ([], "wrong_type")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e3"])
def test_numbers_json_does_not_have_are_no_counts(number):
    assert ids(with_bytes(ONE, b'"output_tokens":10', b'"output_tokens":' + number)) == (
        [],
        "wrong_type",
    )


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e3", b"9" * 400])
def test_numbers_that_are_not_read_may_be_anything(number):
    line = with_bytes(ONE, b'"version":', b'"unread":' + number + b',"version":')
    assert ids(line) == ([1], None)


def test_bad_utf8_matters_only_where_text_is_read():
    assert ids(with_bytes(ONE, b'"version":', b'"unread":"\xff","version":')) == ([1], None)
    assert ids(with_bytes(ONE, b"claude-opus", b"claude-\xff")) == ([], "bad_utf8")
    said = raw(answer(content=[text()]))
    assert ids(with_bytes(said, b"xxxx", b"\xc3\x28")) == ([], "bad_utf8")


def test_half_an_emoji_is_text():
    """JavaScript cuts strings between surrogates, and writes the half as an escape."""
    made = json.dumps(answer(content=[{"type": "text", "text": "\ud83d"}])).encode()
    found, reason = records(made)
    assert reason is None
    assert len(found[0].message.content[0].text) == 1


@pytest.mark.parametrize("path", ["x", "é"])
def test_a_saved_tool_call_keeps_the_length_of_its_input(path):
    call = {"type": "tool_use", "name": "Read", "input": {"path": path}}
    made = answer(1, content=[call, "my input"])
    for (*_, found), _ in (records(ONE + raw(made)), records(raw(made | {"cwd": 5}))):
        block, said = found.message.content
        assert bytes(block.input).decode() == f'{{"path":"{path}"}}'
        assert said == "my input"


def test_half_an_emoji_in_a_saved_tool_call_costs_nothing():
    call = {"type": "tool_use", "input": {"path": "\ud83d"}}
    made = json.dumps(answer(1, content=[call, text()], cwd=5)).encode()
    (found,), reason = records(made)
    assert reason is None
    assert found.message.content[1].text == "xxxx"


def test_a_drifted_prompt_keeps_its_text():
    ((record,), reason) = records(raw(prompt("hello", cwd=5)))
    assert (record.message.content, record.cwd, reason) == ("hello", None, None)


def test_what_is_too_deep_keeps_its_length():
    """A tool's input is read as a length alone, so it may be as deep as it likes."""
    deep = b"[" * 3_000 + b"]" * 3_000
    (found,), reason = records(TOOL.replace(b'"x"', deep))
    (block,) = found.message.content
    assert (len(bytes(block.input)), reason) == (len(b'{"path":}') + len(deep), None)


def test_what_is_read_of_a_usage_is_never_what_was_too_deep():
    deep = b"[" * 3_000 + b"]" * 3_000
    assert ids(with_bytes(ONE, b'"output_tokens":10', b'"output_tokens":' + deep)) == (
        [],
        "wrong_type",
    )


@pytest.mark.parametrize("length", [LARGE - 1, LARGE])
def test_a_large_line_of_little_is_given_up(length):
    """Each `{}` becomes an object in memory; what a client writes is large for its long strings."""
    made = raw(prompt([{"type": "text", "text": "x" * length}]))
    assert ids(made) == (["user"], None)
    made = raw(prompt([])).replace(b"[]", b"[" + b"{}," * (length // 3) + b"{}]")
    assert ids(made) == (["user"], None) if len(made) < LARGE else ([], "too_long")


def test_so_many_records_on_a_line_are_given_up():
    """One file with another system's line ends is one line."""
    assert [len(part or "") for part in records(b"{}\r" * 2**16)] == [2**16, 0]
    found, reason = records(b"{}\r" * (2**16 + 1))
    assert (len(found), reason) == (2**16, "too_long")


def test_a_nested_fragment_is_no_record():
    """What a cut line has inside it, like a content block, must not pass for a line."""
    inner = raw(answer(content=[text()]))
    assert ids(inner[: inner.index(b'{"type":"text"') + len(raw(text()))]) == ([], "not_json")


def test_null_fields_are_missing_fields():
    null = msgspec.json.encode(dict.fromkeys(["type", "message", "data", "error", "uuid"]))
    assert ids(null) == ([None], None)


pieces = st.sampled_from([ONE, TWO, THREE, TOOL, CUT, BAD, FRAGMENT, b"\0", b" ", b"42", b"\xff"])


@given(st.lists(pieces, min_size=1, max_size=6).map(b"".join) | st.binary(max_size=300))
def test_never_fails_and_every_reason_is_known(line):
    found, reason = records(line)
    assert reason is None or reason in REASONS
    assert found or reason or not line.strip(b" \t\r\n")


@given(st.lists(st.sampled_from([ONE, TWO, TOOL]), max_size=3), st.binary(max_size=30))
def test_records_before_damage_are_never_lost(whole, damage):
    found, _ = records(b"".join(whole) + damage)
    assert [r.requestId for r in found[: len(whole)]] == [
        request_id(2 if line is TWO else 1) for line in whole
    ]


def test_what_is_whole_is_kept_between_two_damaged_ends():
    whole = '{"type":"user","uuid":"u","sessionId":"s"}'
    for line in (f'{{"type":"us{whole}\0\0', f"\0{whole}\0", f'x{whole}{{"type":"as'):
        found, reason = records(line.encode())
        assert [r.sessionId for r in found] == ["s"]
        assert reason == "not_json"
    found, _ = records(f"x{whole * 3}y{whole}z".encode())
    assert len(found) == 4


def test_a_record_inside_a_cut_one_is_not_taken_for_a_line_of_its_own():
    inner = '{"type":"assistant","uuid":"u","message":{"id":"msg_1","usage":{"output_tokens":5}}}'
    found, reason = records(f'{{"type":"progress","data":{{"message":{inner},"x'.encode())
    assert (found, reason) == ([], "not_json")
