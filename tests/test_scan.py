"""One file to rows: the ledger adds up, messages merge, events are told, content stops here."""

import copy as copies_of
import datetime as dt
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import (
    OTHER_SESSION,
    SESSION,
    answer,
    at,
    dump,
    line,
    message,
    message_id,
    progress,
    prompt,
    read_log,
    request_id,
    stamp,
    synthetic,
    text,
    tool_result,
    usage,
    uuid,
)

from analysis.logs import lines, names, stream
from analysis.logs import usage as usage_module
from analysis.models import normalise
from analysis.schema import LINE_CLASSES, REASONS

GLUED = dump(answer(1)).rstrip()
COMPACT = line("system", 9, subtype="compact_boundary")
FAILED = tool_result(2, is_error=True)


# The line ledger


@pytest.mark.parametrize(
    ("made", "classes", "extra"),
    [
        # one record a line
        (answer(), {"usage": 1}, 0),
        (progress(), {"usage": 1}, 0),
        (synthetic(), {"synthetic": 1}, 0),
        (prompt(), {"event": 1}, 0),
        (FAILED, {"event": 1}, 0),
        (COMPACT, {"event": 1}, 0),
        (line("system", 9, subtype="api_error"), {"event": 1}, 0),
        (tool_result(), {"other": 1}, 0),
        (tool_result(is_error=False), {"other": 1}, 0),
        (prompt(isMeta=True), {"other": 1}, 0),
        (prompt(isCompactSummary=True), {"other": 1}, 0),
        (prompt(isSidechain=True), {"other": 1}, 0),
        (prompt("<command-name>/clear</command-name>"), {"other": 1}, 0),
        (prompt("<local-command-stdout></local-command-stdout>"), {"other": 1}, 0),
        (prompt("Caveat: the messages below"), {"other": 1}, 0),
        (prompt([]), {"other": 1}, 0),
        (prompt([{"type": "tool_result"}, text()]), {"other": 1}, 0),
        (line("user", 0, message=message(1)), {"other": 1}, 0),
        (line("result", 0, message=message(1)), {"other": 1}, 0),
        (line("result", 0, subtype="compact_boundary"), {"other": 1}, 0),
        (line("result", 0, data=progress()["data"]), {"other": 1}, 0),
        (line("summary", 0, summary="x"), {"other": 1}, 0),
        (line("file-history-snapshot", 0), {"other": 1}, 0),
        (line("a-type-of-tomorrow", 0), {"other": 1}, 0),
        (line("assistant", 0, message={"content": [text()]}), {"other": 1}, 0),
        (line("assistant", 0, message=None), {"other": 1}, 0),
        (line("progress", 0, data={"type": "bash_progress"}), {"other": 1}, 0),
        (progress(nested={"message": None}), {"other": 1}, 0),
        (progress() | {"data": progress()["data"] | {"type": "bash_progress"}}, {"other": 1}, 0),
        (progress(nested={"type": "user"}), {"other": 1}, 0),
        (progress(nested={"type": "result"}), {"other": 1}, 0),
        (progress(nested={"message": synthetic()["message"]}), {"other": 1}, 0),
        ({}, {"other": 1}, 0),
        # blank
        (b"\n", {"blank": 1}, 0),
        (b"\r\n", {"blank": 1}, 0),
        (b" \t\x0b\x0c\r\n", {"blank": 1}, 0),
        (b" ", {"blank": 1}, 0),
        # several records on a line: the first class in the list wins, the others are extra
        (GLUED + dump(prompt()), {"usage": 1}, 1),
        (dump(prompt()).rstrip() + dump(answer()), {"usage": 1}, 1),
        (dump(prompt()).rstrip() + dump(synthetic()), {"synthetic": 1}, 1),
        (dump(tool_result()).rstrip() + dump(prompt()), {"event": 1}, 1),
        (GLUED + dump(synthetic()).rstrip() + dump(prompt()), {"usage": 1}, 2),
        # a line with anything broken on it is rejected; what was saved is extra
        (GLUED[:80] + dump(answer(2)), {"rejected": 1}, 1),
        (GLUED + GLUED[:80] + b"\n", {"rejected": 1}, 1),
        (GLUED + dump(answer(2, used=usage(-1))), {"rejected": 1}, 1),
        (dump(answer(2, used=usage("x"))).rstrip() + GLUED + b"\n", {"rejected": 1}, 1),
    ],
)
def test_a_line_has_one_class(tmp_path, made, classes, extra):
    found = read_log(tmp_path, made)
    assert found.classes == classes
    assert found.ledger["lines"] == 1
    assert found.ledger["extra_records"] == extra
    assert found.ledger["bytes"] == len(dump(made))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (b"Segmentation fault\n", "not_json"),
        (b"\0" * 100 + b"\n", "not_json"),
        (GLUED[:-5] + b"\n", "not_json"),
        (b"[1]\n", "not_object"),
        (b"42\n", "not_object"),
        (GLUED.replace(b"opus", b"\xff") + b"\n", "bad_utf8"),
        (b'{"x":' + b"[" * 9_999 + b"\n", "too_deep"),
        (answer(used=usage("10")), "wrong_type"),
        (answer(used=usage(-1)), "out_of_range"),
        (answer(used=usage(10**11)), "out_of_range"),
        (progress(nested={"message": message(1, used=usage(-1))}), "out_of_range"),
        (answer(timestamp=None), "bad_timestamp"),
        (answer(timestamp=1_777_888_999), "bad_timestamp"),
        (answer(timestamp="2026-05-04T12:00:00"), "bad_timestamp"),
        (answer(timestamp="2026-05-04"), "bad_timestamp"),
        (answer(timestamp="2026-05-04T24:00:00Z"), "bad_timestamp"),
        (answer(timestamp="2026-02-30T12:00:00Z"), "bad_timestamp"),
        (answer(timestamp="９026-05-04T12:00:00Z"), "bad_timestamp"),
        (answer(timestamp="9999-12-31T23:59:59-01:00"), "bad_timestamp"),
        (answer(timestamp="1970-01-01T00:00:00Z"), "bad_timestamp"),
        (answer(timestamp="2022-12-31T23:59:59.999Z"), "bad_timestamp"),
        (progress(timestamp="x", nested={"timestamp": None}), "bad_timestamp"),
        (dump(answer(used=usage("x"))).rstrip() + dump(answer(timestamp=None)), "wrong_type"),
        (GLUED[:80], "unfinished"),
        (b"{", "unfinished"),
        (dump(prompt("é"))[: dump(prompt("é")).index("é".encode()) + 1], "unfinished"),
    ],
)
def test_a_rejected_line_has_one_reason_and_its_neighbours_live(tmp_path, made, reason):
    found = read_log(tmp_path, answer(8), answer(9), made)
    assert found.classes == {"usage": 2, "rejected": 1}
    assert found.reasons == {reason: 1}
    assert [c["request_id"] for c in found.copies] == [request_id(8), request_id(9)]


def test_a_whole_last_line_without_its_end_counts(tmp_path):
    found = read_log(tmp_path, prompt(), GLUED)
    assert found.classes == {"event": 1, "usage": 1}


def test_the_first_day_there_could_be_logs(tmp_path):
    found = read_log(tmp_path, answer(timestamp="2023-01-01T00:00:00Z"))
    assert found.copy["first_seen"] == dt.datetime(2023, 1, 1, tzinfo=dt.UTC)


def test_a_line_may_have_32_mebibytes():
    assert lines.MAX_LINE == 33_554_432


@pytest.mark.parametrize(("length", "reasons"), [(999, {}), (1_000, {"too_long": 1})])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_the_longest_line(tmp_path, monkeypatch, length, reasons, end):
    """A line has at most so many bytes, with its end or without; the next one is never lost."""
    monkeypatch.setattr(lines, "MAX_LINE", 1_000)
    long = b'{"x":"' + b"x" * (length - 8 - len(end)) + b'"}' + end
    assert len(long) == length
    found = read_log(tmp_path, answer(2), long, *([answer(3)] if end else []))
    assert found.reasons == reasons
    assert len(found.copies) == found.classes["usage"] == 1 + bool(end)


def test_a_line_too_long_is_rejected_and_the_next_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE", 1_000)
    long = answer(1, content=[text(5_000)])
    found = read_log(tmp_path, answer(2), long, answer(3), long)
    assert found.classes == {"usage": 2, "rejected": 2}
    assert found.reasons == {"too_long": 2}
    assert found.ledger["bytes"] == sum(len(dump(m)) for m in (answer(2), long, answer(3), long))


def test_byte_order_mark_and_windows_line_ends(tmp_path):
    made = [b"\xef\xbb\xbf" + GLUED + b"\r\n", dump(answer(2)).replace(b"\n", b"\r\n"), b"\r\n"]
    found = read_log(tmp_path, *made)
    assert found.classes == {"usage": 2, "blank": 1}
    assert len(found.copies) == 2


def test_a_byte_order_mark_elsewhere_is_damage(tmp_path):
    found = read_log(tmp_path, answer(1), b"\xef\xbb\xbf" + dump(answer(2)))
    assert found.classes == {"usage": 1, "rejected": 1}
    assert len(found.copies) == 2


class Stat:
    st_mode = stat.S_IFREG

    def __init__(self, size):
        self.st_size = size


def test_a_file_that_grows_while_it_is_read_is_read_to_the_size_it_had(tmp_path, monkeypatch):
    half = len(GLUED) // 2
    monkeypatch.setattr(stream.os, "fstat", lambda handle: Stat(len(GLUED) + 1 + half))
    found = read_log(tmp_path, answer(1), answer(2), answer(3))
    assert found.reasons == {"unfinished": 1}
    assert (found.ledger["lines"], found.ledger["bytes"]) == (2, len(GLUED) + 1 + half)
    assert found.copy["message_id"] == message_id(1)


def test_a_file_that_shrinks_while_it_is_read_ends_where_it_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(stream.os, "fstat", lambda handle: Stat(10**6))
    found = read_log(tmp_path, answer(1), answer(2))
    assert found.classes == {"usage": 2}
    assert found.ledger["bytes"] == 2 * (len(GLUED) + 1)


def test_an_empty_file_is_a_file(tmp_path):
    found = read_log(tmp_path)
    assert found.ledger["lines"] == found.ledger["bytes"] == 0
    assert (found.copies, found.events, found.ledger["skipped"]) == ([], [], None)


GOOD = [answer(1), answer(1, 1), progress(2), prompt(), FAILED, synthetic(), COMPACT, b"\n", {}]
WHOLE = [dump(m) for m in GOOD]
chunks = st.sampled_from([*WHOLE, *(w[: len(w) // 2] for w in WHOLE), b"\0\0", b"\xff", b"42"])
damage = st.binary(max_size=40) | st.text(max_size=10).map(str.encode)
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@quick
@given(st.lists(chunks | damage, max_size=12))
def test_whatever_is_in_a_file_its_lines_add_up(tmp_path, parts):
    data = b"".join(parts)
    found = read_log(tmp_path, data)
    ledger = found.ledger
    if ledger["skipped"]:  # by chance, it begins as another kind of file does
        assert ledger["skipped"] in ("misnamed", "utf16")
        return
    assert ledger["bytes"] == len(data)
    assert ledger["lines"] == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
    assert sum(ledger[name] for name in LINE_CLASSES) == ledger["lines"]
    assert sum(ledger[f"rejected_{reason}"] for reason in REASONS) == ledger["rejected"]
    said = sum(c["lines"] for c in found.copies)
    assert ledger["usage"] <= said <= ledger["usage"] + ledger["extra_records"]


@quick
@given(st.permutations(WHOLE), st.lists(st.sampled_from([b"\n", b"{\n", b"[]\n", b'{"a":1}\n'])))
def test_noise_between_lines_moves_only_the_counters(tmp_path, whole, noise):
    plain = read_log(tmp_path, b"".join(whole))
    noisy = read_log(tmp_path, b"".join(noise) + b"".join(whole) + b"".join(noise))
    assert (noisy.copies, noisy.events) == (plain.copies, plain.events)
    assert noisy.ledger["lines"] == plain.ledger["lines"] + 2 * len(noise)


# Copies


def test_a_copy_says_all_the_log_says(tmp_path):
    used = usage(42, write=100, read=900, inputs=5, service_tier="standard", speed="fast")
    used |= {"cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 100}}
    used |= {"inference_geo": "us", "server_tool_use": {"web_search_requests": 1}}
    more = {"stop_reason": "end_turn", "model": "claude-opus-4-5-20251101"}
    found = read_log(
        tmp_path, prompt(seconds=1), answer(1, 3, used=used, content=[text(9)], message_more=more)
    )
    assert found.copy == {
        "file": 1,
        "session": SESSION,
        "agent": None,
        "project": "project-01",
        "message_id": message_id(1),
        "request_id": request_id(1),
        "origin": "assistant",
        "source": "claude-code",
        "is_sidechain": False,
        "requested_at": at(1),
        "first_seen": at(3),
        "last_seen": at(3),
        "parent_message_id": None,
        "model": "claude-opus-4-5",
        "version": "2.1.112",
        "service_tier": "standard",
        "speed": "fast",
        "geo": "us",
        "stop_reason": "end_turn",
        "input_tokens": 5,
        "output_tokens": 42,
        "output_first_tokens": 42,
        "output_last_tokens": 42,
        "output_sum_tokens": 42,
        "write_tokens": 100,
        "write_5m_tokens": 0,
        "write_1h_tokens": 100,
        "read_tokens": 900,
        "context_tokens": 1_005,
        "web_searches": 1,
        "text_chars": 9,
        "tool_chars": 0,
        "tools": None,
        "thinking_chars": 0,
        "signature_chars": 0,
        "cache_miss_reason": None,
        "lines": 1,
        "stated_nano": None,
    }


def test_lines_of_a_message_are_one_copy_wherever_they_stand(tmp_path):
    found = read_log(
        tmp_path,
        answer(1, 0, content=[text(5)], used=usage(1)),
        answer(1, 1, content=[text(7)], used=usage(1)),
        tool_result(2),
        answer(2, 3),
        answer(1, 4, used=usage(300), message_more={"stop_reason": "tool_use"}),
        answer(1, 4, used=usage(300)),  # the same line, written twice
    )
    first, second = found.copies
    assert first["message_id"] == message_id(1)
    assert first["output_tokens"] == 300
    assert first["output_first_tokens"] == 1
    assert first["output_last_tokens"] == 300
    assert first["output_sum_tokens"] == 602
    assert (first["lines"], second["lines"]) == (4, 1)
    assert (first["first_seen"], first["last_seen"]) == (at(0), at(4))
    assert first["text_chars"] == 12
    assert first["read_tokens"] == 1_000
    assert first["stop_reason"] == "tool_use"


def test_a_fork_that_repeats_lines_does_not_double_lengths(tmp_path):
    once = [answer(1, 0, content=[text(5)]), answer(1, 1, content=[text(7)])]
    assert read_log(tmp_path, *once, *once).copy["text_chars"] == 12


def test_one_message_under_two_request_ids_is_two_copies(tmp_path):
    found = read_log(tmp_path, answer(1), answer(1, 1, requestId=request_id(9)))
    assert [c["request_id"] for c in found.copies] == [request_id(1), request_id(9)]


def test_a_gateways_constant_id_is_a_request_each_time(tmp_path):
    gateway = {"message_more": {"id": "ocgo"}, "requestId": None}
    found = read_log(tmp_path, answer(1, 0, **gateway), answer(1, 5, **gateway))
    assert [c["first_seen"] for c in found.copies] == [at(0), at(5)]
    assert found.copies[0]["message_id"] == found.copies[1]["message_id"] != "ocgo"


def test_another_notation_of_the_time_is_the_same_time(tmp_path):
    found = read_log(
        tmp_path,
        answer(1, timestamp="2026-05-04T17:30:00.123456789+05:30"),
        answer(2, timestamp="2026-05-04T12:00:00Z"),
    )
    assert found.copies[0]["first_seen"] == at(0) + dt.timedelta(microseconds=123_457)  # rounded
    assert found.copies[1]["first_seen"] == at(0)


def test_an_iteration_left_out_of_the_top_level_is_one_copy_over_all_lines(tmp_path):
    advisor = usage(40) | {"type": "advisor_message", "model": "claude-opus-4-6"}
    used = usage(10, iterations=[usage(10) | {"type": "message"}, advisor])
    found = read_log(tmp_path, answer(1, 0, used=used), answer(1, 1, used=used))
    said, apart = found.copies
    assert (said["origin"], said["output_tokens"], said["lines"]) == ("assistant", 10, 2)
    assert (apart["origin"], apart["output_tokens"], apart["lines"]) == ("advisor", 40, 2)
    assert apart["model"] == "claude-opus-4-6"
    assert apart["request_id"] == said["request_id"]


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("claude-opus-4-6[1m]", "claude-opus-4-6"),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"),
    ],
)
def test_models_are_normalised(tmp_path, model, name):
    assert read_log(tmp_path, answer(message_more={"model": model})).copy["model"] == name


def test_an_unknown_model_keeps_its_tokens_under_a_label(tmp_path):
    found = read_log(tmp_path, answer(message_more={"model": "acme-large"}))
    assert found.copy["model"].startswith("other-")
    assert found.copy["output_tokens"] == 10


# Chains: who asked, who answered


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        ([prompt(seconds=1), answer(1, 5)], 1),
        ([prompt(seconds=1), answer(1, 5), answer(1, 7)], 1),
        ([prompt(seconds=1), tool_result(3), answer(1, 5)], 3),
        ([prompt(seconds=1), prompt(timestamp=None), answer(1, 5)], 1),
        ([prompt(seconds=5), answer(1, 5)], 5),
        ([prompt(seconds=1), prompt(seconds=3, isMeta=True), answer(1, 5)], 3),
        ([answer(1, 5)], None),
        ([prompt(seconds=9), answer(1, 5)], None),  # out of order: later is not before
        ([prompt(seconds=1), prompt(seconds=3, isSidechain=True), answer(1, 5)], 1),
        ([prompt(seconds=1), prompt(seconds=3, agentId="abc1234"), answer(1, 5)], 1),
        ([prompt(seconds=1, agentId="abc1234"), answer(1, 5, agentId="abc1234")], 1),
        ([prompt(seconds=1), answer(1, 5, agentId="abc1234")], None),
    ],
)
def test_requested_at_is_the_last_line_before_in_the_same_chain(tmp_path, made, asked):
    expected = None if asked is None else at(asked)
    assert read_log(tmp_path, *made).copy["requested_at"] == expected


def test_the_message_before(tmp_path):
    found = read_log(
        tmp_path,
        prompt(uuid=uuid(1)),
        answer(1, 1, uuid=uuid(2), parentUuid=uuid(1)),
        answer(1, 2, uuid=uuid(3), parentUuid=uuid(2)),
        tool_result(3, uuid=uuid(4), parentUuid=uuid(3)),
        answer(2, 4, uuid=uuid(5), parentUuid=uuid(4)),
        prompt(seconds=5, uuid=uuid(6), parentUuid=uuid(3)),  # rewound to the first answer
        answer(3, 6, uuid=uuid(7), parentUuid=uuid(6)),
        answer(4, 7, uuid=uuid(8), parentUuid=uuid(99)),
    )
    parents = [c["parent_message_id"] for c in found.copies]
    assert parents == [None, message_id(1), message_id(1), None]


@pytest.mark.parametrize(
    ("name", "more", "session", "agent", "sidechain"),
    [
        (f"p/{SESSION}.jsonl", {}, SESSION, None, False),
        (f"p/{SESSION}.jsonl", {"isSidechain": True}, SESSION, None, True),  # 1.0: inline
        (f"p/{SESSION}.jsonl", {"agentId": "abc1234"}, SESSION, "abc1234", True),
        (f"p/{SESSION}.jsonl", {"sessionId": OTHER_SESSION}, SESSION, None, False),
        ("p/agent-abc1234.jsonl", {"isSidechain": True}, SESSION, "abc1234", True),
        ("p/agent-abc1234.jsonl", {"sessionId": OTHER_SESSION}, OTHER_SESSION, "abc1234", True),
        (f"p/{OTHER_SESSION}/subagents/agent-abc1234.jsonl", {}, OTHER_SESSION, "abc1234", True),
        (
            f"p/{OTHER_SESSION}/subagents/workflows/wf_1/agent-abc1234.jsonl",
            {"agentId": "abc1234"},
            OTHER_SESSION,
            "abc1234",
            True,
        ),
    ],
)
def test_session_and_chain_in_every_layout(tmp_path, name, more, session, agent, sidechain):
    found = read_log(tmp_path, answer(1, 0, **more), name=name)
    for row in (found.copy, found.ledger):
        assert row["session"] == session
    assert (found.copy["agent"], found.copy["is_sidechain"]) == (agent, sidechain)


def test_agent_progress_is_a_subagents_copy(tmp_path):
    asked = {"type": "user", "timestamp": stamp(3), "message": {"content": "go"}}
    found = read_log(tmp_path, progress(nested=asked), progress(1, 5), answer(1, 9))
    nested, own = found.copies
    assert nested["origin"] == "agent_progress"
    assert (nested["agent"], nested["is_sidechain"]) == ("abc1234", True)
    assert nested["version"] == "2.1.37"
    assert (nested["requested_at"], nested["first_seen"]) == (at(3), at(5))
    assert (own["origin"], own["is_sidechain"]) == ("assistant", False)
    assert nested["message_id"] == own["message_id"]


@pytest.mark.parametrize(
    ("timestamps", "asked"),
    [
        ([stamp(3)], 3),
        ([None], 0),  # the line's own
        ([stamp(3), "x"], 0),
    ],
)
def test_when_a_subagent_was_asked(tmp_path, timestamps, asked):
    said = {"type": "user", "message": {"content": "go"}}
    for agent in ("abc1234", None):
        lines = [progress(nested=said | {"timestamp": t}, agent=agent) for t in timestamps]
        found = read_log(tmp_path, *lines, progress(1, 5, agent=agent))
        assert found.copy["requested_at"] == at(asked)


def test_a_subagent_asked_at_no_time_keeps_what_is_known(tmp_path):
    said = {"type": "user", "message": {"content": "go"}}
    lines = [
        progress(nested=said | {"timestamp": stamp(3)}),
        progress(nested=said | {"timestamp": None}, timestamp=None),
        progress(1, 5),
    ]
    assert read_log(tmp_path, *lines).copy["requested_at"] == at(3)


@pytest.mark.parametrize(("own", "around", "seen"), [(5, 9, 5), (None, 9, 9), (5, None, 5)])
def test_a_subagents_time_is_its_own_or_the_lines(tmp_path, own, around, seen):
    own, around = (None if t is None else stamp(t) for t in (own, around))
    found = read_log(tmp_path, progress(nested={"timestamp": own}, timestamp=around))
    assert found.copy["first_seen"] == at(seen)


def test_bad_bytes_in_a_tool_call_cost_nothing(tmp_path):
    made = dump(answer(content=[{"type": "tool_use", "input": {"path": "QQ"}}]))
    found = read_log(tmp_path, made.replace(b"QQ", b"\xc3\x28"))
    assert found.copy["tool_chars"] == len('{"path":"xx"}')


def test_tool_results_that_quote_usage_are_not_usage(tmp_path):
    quoted = {"usage": usage(999), "totalTokens": 9_999, "agentId": "abc1234"}
    found = read_log(tmp_path, tool_result(toolUseResult=quoted))
    assert found.copies == []


# Events


def event(kind, seconds, **values):
    """An event of the main chain, as the table has it."""
    row = {"file": 1, "session": SESSION, "agent": None, "project": "project-01"}
    row |= {"is_sidechain": False, "at": at(seconds), "kind": kind, "chars": None}
    row |= {"tokens": None, "detail": None, "resets_at": None, "source": "claude-code"}
    return row | values


ERROR = {"isApiErrorMessage": True}
RESET = dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("made", "events"),
    [
        (prompt("hello", 1), [event("prompt", 1, chars=5)]),
        (prompt([text(3), text(4)], 1), [event("prompt", 1, chars=7)]),
        (prompt(["four"], 1), [event("prompt", 1, chars=4)]),
        (prompt([{"type": "image"}, text(3)], 1), [event("prompt", 1, chars=3)]),
        (prompt("hello", 1, timestamp=None), [event("prompt", 1, chars=5, at=None)]),
        (FAILED, [event("tool_error", 2)]),
        (
            prompt([{"type": "tool_result", "is_error": True}] * 2, 1),
            [event("tool_error", 1), event("tool_error", 1)],
        ),
        (
            tool_result(2, is_error=True, agentId="abc1234"),
            [event("tool_error", 2, agent="abc1234", is_sidechain=True)],
        ),
        (prompt("[Request interrupted by user]", 1), [event("interruption", 1)]),
        (
            prompt([{"type": "text", "text": "[Request interrupted by user for tool use]"}], 1),
            [event("interruption", 1)],
        ),
        (COMPACT, [event("compaction", 9)]),
        (
            COMPACT | {"compactMetadata": {"trigger": "auto", "preTokens": 167_370}},
            [event("compaction", 9, tokens=167_370, detail="auto")],
        ),
        (COMPACT | {"compactMetadata": {"preTokens": 0}}, [event("compaction", 9, tokens=0)]),
        (
            COMPACT | {"compactMetadata": {"preTokens": 10**10}},
            [event("compaction", 9, tokens=10**10)],
        ),
        (COMPACT | {"compactMetadata": {"preTokens": 10**10 + 1}}, [event("compaction", 9)]),
        (COMPACT | {"compactMetadata": {"preTokens": -5}}, [event("compaction", 9)]),
        (COMPACT | {"compactMetadata": {"preTokens": 2**70}}, [event("compaction", 9)]),
        (COMPACT | {"compactMetadata": {"trigger": 5}}, [event("compaction", 9)]),
        (
            line("system", 1, subtype="api_error", error={"status": 529, "message": "x"}),
            [event("api_error", 1, detail="529")],
        ),
        (line("system", 1, subtype="api_error", error={}), [event("api_error", 1)]),
        (line("system", 1, subtype="turn_duration", durationMs=5), []),
        (
            synthetic("API Error: 529", 1, error="server_error", **ERROR),
            [event("api_error", 1, detail="server_error")],
        ),
        (
            synthetic("Please run /login", 1, error="acme", **ERROR),
            [event("api_error", 1, detail="other")],
        ),
        (synthetic("No response requested.", 1, isApiErrorMessage=False), []),
        (
            synthetic("Claude AI usage limit reached|1777906800", 1),
            [event("limit", 1, resets_at=RESET)],
        ),
        (
            line(
                "assistant",
                1,
                message={
                    "model": "<synthetic>",
                    "usage": usage(0),
                    "content": "Claude AI usage limit reached|1777906800",
                },
            ),
            [event("limit", 1, resets_at=RESET)],
        ),
        (synthetic("You've hit your limit · resets 12pm", 1, **ERROR), [event("limit", 1)]),
        (
            synthetic("You've hit your limit · resets 4pm (Europe/London)", 1, **ERROR),
            [event("limit", 1, resets_at=RESET)],
        ),
        (synthetic("API Error", 1, error="rate_limit", **ERROR), [event("limit", 1)]),
    ],
)
def test_events(tmp_path, made, events):
    found = read_log(tmp_path, made)
    assert found.events == events
    assert found.copies == []


def test_a_model_change_is_told_once_and_in_its_own_chain(tmp_path):
    opus, haiku = ({"message_more": {"model": m}} for m in ("claude-opus-4-7", "claude-haiku-4-5"))
    found = read_log(
        tmp_path,
        answer(1, 1, **opus),
        answer(2, 2, agentId="abc1234", **haiku),
        answer(3, 3, **opus),
        synthetic(seconds=4),
        answer(4, 5, **haiku),
        answer(4, 6, **haiku),
        answer(5, 7, agentId="abc1234", **haiku),
    )
    assert found.events == [event("model_change", 5, detail="claude-haiku-4-5")]


# Content stops here

TOKEN = "acme-merger"
EVERYTHING = [
    prompt("hello", 1, cwd="/home/x", gitBranch="main", uuid=uuid(1), promptId="p"),
    answer(
        1,
        2,
        content=[
            text(),
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"path": "x"}},
        ],
        used=usage(
            service_tier="standard",
            speed="fast",
            inference_geo="us",
            iterations=[
                usage() | {"type": "message"},
                usage() | {"type": "advisor_message", "model": "claude-opus-4-6"},
            ],
        ),
        message_more={
            "stop_reason": "end_turn",
            "diagnostics": {"cache_miss_reason": {"type": "tools_changed", "tool": "t"}},
        },
        parentUuid=uuid(1),
        cwd="/home/x",
        gitBranch="main",
        slug="breezy-swing",
        isSidechain=False,
    ),
    answer(2, 3, agentId="abc1234", isSidechain=True, attributionAgent="Explore"),
    tool_result(4, is_error=True, toolUseResult={"stdout": "x", "agentId": "abc1234"}),
    progress(3, 5),
    progress(3, 5, nested={"type": "user", "message": {"content": "go"}}),
    synthetic("Claude AI usage limit reached|1777906800", 6, error="unknown", **ERROR),
    synthetic("API Error", 7, error="server_error", **ERROR),
    line("system", 8, subtype="compact_boundary", compactMetadata={"trigger": "auto"}),
    line("system", 9, subtype="api_error", error={"status": "529", "message": "m"}),
    line("summary", 9, summary="s", leafUuid="l"),
    line("pr-link", 9, prUrl="https://x", prRepository="r"),
]


def strings(value, path=()):
    """Every place of a line that holds a string, and every key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), True
            yield from strings(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from strings(inner, (*path, number))
    elif isinstance(value, str):
        yield path, False


def planted(made, path, is_key):
    """The same line with a token at one place: behind what is there, and instead of it."""
    for kept, token in ((True, "-" + TOKEN), (False, TOKEN)):
        changed = copies_of.deepcopy(made)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        last = path[-1]
        if is_key:
            holder[last + token if kept else token] = holder.pop(last)
        else:
            holder[last] = holder[last] + token if kept else token
        yield changed


def leaks(folder, made):
    """The columns where a token planted in a line comes out."""
    columns = set()
    for path, is_key in strings(made):
        for changed in planted(made, path, is_key):
            seen = read_log(folder, prompt(uuid=uuid(1)), changed, answer(9, 99))
            for row in (*seen.copies, *seen.events, seen.ledger):
                columns |= {name for name, cell in row.items() if TOKEN in str(cell).lower()}
    return columns


@pytest.mark.parametrize("made", EVERYTHING, ids=lambda made: made["type"])
def test_no_string_of_a_line_reaches_a_table(tmp_path, made):
    assert leaks(tmp_path, made) == set()


def through(text, key=b""):
    return text.decode() if isinstance(text, bytes) else text or None


@pytest.mark.parametrize(
    ("module", "function", "column"),
    [
        (names, "opaque", "message_id"),
        (names, "opaque", "request_id"),
        (names, "opaque", "agent"),
        (usage_module, "_version", "version"),
        (names, "word", "service_tier"),
        (names, "word", "speed"),
        (names, "word", "geo"),
        (names, "word", "stop_reason"),
        (names, "word", "cache_miss_reason"),
        (names, "tool", "tools"),
        (usage_module, "public_name", "model"),
    ],
)
def test_that_test_can_fail(tmp_path, monkeypatch, module, function, column):
    """A loader that passes one more string is caught, for each string column."""
    for known in ("public", "_words"):  # without what they have seen
        monkeypatch.setattr(usage_module, known, getattr(usage_module, known).__wrapped__)
    monkeypatch.setattr(module, function, normalise_any if column == "model" else through)
    monkeypatch.setattr("lines.held", lambda *_: True)  # without the schema, which refuses it too
    assert column in leaks(tmp_path, EVERYTHING[1]) | leaks(tmp_path, EVERYTHING[2])


def normalise_any(model, key):
    return normalise(model)


def test_a_files_own_name_reaches_no_table(tmp_path):
    for name in (f"{TOKEN}/{TOKEN}.jsonl", f"{TOKEN}/{TOKEN}/subagents/agent-{TOKEN}.jsonl"):
        found = read_log(tmp_path, prompt(), answer(), name=name)
        cells = [v for row in (*found.copies, *found.events, found.ledger) for v in row.values()]
        assert not [cell for cell in cells if TOKEN in str(cell)]


def test_names_go_apart(tmp_path):
    made = [answer(1, 0, cwd="/home/jane/atlas", gitBranch="main"), prompt(cwd="/home/jane/b")]
    found = read_log(tmp_path, *made)
    assert found.names["cwd"] == {"/home/jane/atlas", "/home/jane/b"}
    assert found.names["branch"] == {"main"}


@pytest.mark.parametrize(
    ("model", "advisor", "models"),
    [
        ("claude-opus-4-7", "claude-opus-4-6", set()),
        ("acme-large", None, {"acme-large"}),
        ("claude-opus-4-7", "acme-advisor", {"acme-advisor"}),
        (None, None, {""}),
    ],
)
def test_spellings_of_models_go_apart_when_one_is_unknown(tmp_path, model, advisor, models):
    more = [usage() | {"type": "advisor_message", "model": advisor}]
    made = answer(used=usage(iterations=more), message_more={"model": model})
    assert read_log(tmp_path, made).names["models"] == models


def test_what_happens_to_a_subagent_names_it(tmp_path):
    compact = line("system", 9, subtype="compact_boundary", agentId="abc1234")
    limit = synthetic("You've hit your limit", 10, agentId="abc1234")
    found = read_log(tmp_path, compact, limit, line("system", 11, subtype="api_error"))
    assert [event["kind"] for event in found.events] == ["compaction", "limit", "api_error"]
    assert [event["agent"] for event in found.events] == ["abc1234", "abc1234", None]
    assert [event["is_sidechain"] for event in found.events] == [True, True, False]
