"""A log that has grown is read from where it ended, and says what a whole reading says."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import (
    KEY,
    SESSION,
    answer,
    append_log,
    dump,
    message_id,
    progress,
    prompt,
    synthetic,
    text,
    tool_result,
    usage,
    uuid,
    write_log,
)
from msgspec import msgpack

from analysis.logs import store, stream
from analysis.logs.discover import log_files
from analysis.logs.frames import frame
from analysis.logs.resume import Before, BehindError, End
from analysis.logs.scan import scan
from analysis.models import public_name

ADVISOR = usage(40) | {"type": "advisor_message", "model": "acme-advisor"}
GATEWAY = {"message_more": {"id": "ocgo"}, "requestId": None}
CHAIN = [prompt(uuid=uuid(1)), answer(1, 1, uuid=uuid(2), parentUuid=uuid(1))]


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """A folder with one log, and empty folders for datasets."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    root = tmp_path / "logs" / "projects"
    write_log(root / "-home-jane-atlas" / f"{SESSION}.jsonl", *CHAIN)
    return root


@pytest.fixture
def read(monkeypatch):
    """How many bytes each scan has read."""
    bytes_read = []
    plain = stream.Stream.readinto

    def readinto(self, buffer, /):
        bytes_read.append(plain(self, buffer))
        return bytes_read[-1]

    monkeypatch.setattr(stream.Stream, "readinto", readinto)
    return bytes_read


def rows(name):
    """The three tables of a dataset, without what a second load numbers anew."""
    found = store.read(name)
    frames = [t.drop("file") for t in (found.copies, found.events, found.files)]
    return [t.sort(t.columns).rows() for t in frames]


def grown(logs, *more):
    """Load, append, load again; return the log and the two datasets: that, and one read afresh."""
    (path,) = (log.path for log in log_files([logs]))
    store.load_logs("warm", str(logs))
    append_log(path, *more)
    store.load_logs("warm", str(logs))
    store.load_logs("cold", str(logs))
    return rows("warm"), rows("cold")


NEXT = [
    tool_result(2, uuid=uuid(3), parentUuid=uuid(2)),
    answer(2, 3, uuid=uuid(4), parentUuid=uuid(3), content=[text(9)]),
]


def test_only_what_was_appended_is_read(logs, read):
    (path,) = (log.path for log in log_files([logs]))
    store.load_logs("warm", str(logs))
    assert sum(read) == path.stat().st_size
    read.clear()
    append_log(path, *NEXT)
    store.load_logs("warm", str(logs))
    assert sum(read) == sum(len(dump(line)) for line in NEXT)


@pytest.mark.parametrize(
    "more",
    [
        NEXT,
        [answer(1, 2, uuid=uuid(3), parentUuid=uuid(2), used=usage(99), content=[text(7)])],
        [answer(1, 1, uuid=uuid(2))],  # the line before, once more
        [answer(1, 2, uuid=uuid(3), parentUuid=uuid(2), used=usage(2, speed="fast"))],
        [answer(2, 2, uuid=uuid(3), parentUuid=uuid(2), used=usage(iterations=[ADVISOR]))],
        [
            answer(
                2, 2, uuid=uuid(3), parentUuid=uuid(2), message_more={"model": "claude-haiku-4-5"}
            )
        ],
        [progress(7, 2), progress(7, 3), prompt(seconds=4), synthetic(seconds=5)],
        [b"{broken\n", b"\n", *NEXT],
        [*NEXT, dump(answer(3, 4)).rstrip()],
    ],
)
def test_a_grown_log_says_what_a_whole_reading_says(logs, read, more):
    warm, cold = grown(logs, *more)
    assert warm == cold
    assert sum(read) == 2 * sum(len(dump(line)) for line in [*CHAIN, *more])


@pytest.mark.parametrize(
    "more",
    [
        answer(2, 2, uuid=uuid(3), parentUuid=uuid(99)),  # of another log, or of a line long gone
        prompt(seconds=2, uuid=uuid(3), parentUuid=uuid(1)),  # rewound to before any answer
    ],
)
def test_a_line_that_goes_back_further_has_the_log_read_whole(logs, read, more):
    warm, cold = grown(logs, more)
    assert warm == cold
    (path,) = (log.path for log in log_files([logs]))
    first = sum(len(dump(line)) for line in CHAIN)
    assert sum(read) == first + len(dump(more)) + 2 * path.stat().st_size


def test_an_unknown_model_keeps_its_label(logs):
    (path,) = (log.path for log in log_files([logs]))
    append_log(path, answer(5, 2, message_more={"model": "acme-large"}))
    store.load_logs("warm", str(logs))
    append_log(path, *NEXT, answer(6, 9, message_more={"model": "acme-larger"}))
    store.load_logs("warm", str(logs))
    models = store.read("warm").copies.sort("first_seen")["model"].to_list()
    assert models == ["claude-opus-4-7", "other-01", "claude-opus-4-7", "other-02"]


def test_a_log_with_a_last_line_without_its_end_is_read_whole(logs, read):
    (path,) = (log.path for log in log_files([logs]))
    half = dump(NEXT[0])[:40]
    append_log(path, half)
    store.load_logs("warm", str(logs))
    append_log(path, dump(NEXT[0])[40:], NEXT[1])
    read.clear()
    store.load_logs("warm", str(logs))
    assert sum(read) == path.stat().st_size
    store.load_logs("cold", str(logs))
    assert rows("warm") == rows("cold")


LINES = [
    *CHAIN,
    *NEXT,
    answer(2, 4, uuid=uuid(5), parentUuid=uuid(4), used=usage(99, speed="fast")),
    answer(2, 4, uuid=uuid(5), parentUuid=uuid(4), used=usage(99, speed="fast")),
    progress(7, 5),
    synthetic("You've hit your limit", 6, uuid=uuid(6), parentUuid=uuid(5)),
    answer(1, 7, uuid=uuid(7), parentUuid=uuid(2), used=usage(iterations=[ADVISOR])),
    answer(3, 8, uuid=uuid(8), parentUuid=uuid(7), content=[text(3)], **GATEWAY),
    answer(3, 9, uuid=uuid(9), parentUuid=uuid(8), content=[text(5)], **GATEWAY),
    answer(3, 8, uuid=uuid(8), parentUuid=uuid(7), content=[text(3)], **GATEWAY),
    b"{broken\n",
]


def dicts(table, rows):
    """Rows of a scan as the store gives them back: models as the log spells them."""
    made = frame([list(column) for column in zip(*rows, strict=True)], table)
    spelled = {public_name("acme-advisor", KEY): "acme-advisor"}
    return made.with_columns(pl.col("^model$").replace(spelled)).to_dicts()


def before(found):
    """What the store gives back of a scan."""
    names = {kind: sorted(said) for kind, said in found.names.items()}
    copies, events = dicts("copies", found.copies), dicts("events", found.events)
    return Before(msgpack.decode(found.end, type=End), copies, events, found.ledger, names)


def scanned_twice(log, lines, at):
    """Scan the lines up to one, then the rest from there; nothing when the rest goes back."""
    log.path.write_bytes(b"".join(map(dump, lines[:at])))
    first = scan(log, 1, "project-01", KEY)
    append_log(log.path, *lines[at:])
    try:
        return scan(log, 1, "project-01", KEY, before(first))
    except BehindError:
        return None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=2), st.data())
def test_wherever_a_log_is_cut_its_parts_say_what_the_whole_says(tmp_path, lines, data):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl", *LINES)
    (log,) = log_files([tmp_path])
    found = scanned_twice(log, lines, data.draw(st.integers(0, len(lines))))
    whole = scan(log, 1, "project-01", KEY)
    assert found is None or replace(found, end=None) == replace(whole, end=None)


@pytest.mark.parametrize("at", range(len(LINES)))
def test_a_log_as_it_is_written_is_gone_on_from_anywhere_behind_an_answer(tmp_path, at):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl", *LINES)
    (log,) = log_files([tmp_path])
    found = scanned_twice(log, LINES, at)
    assert (found is not None) == (at > 1)


def test_however_often_a_log_grows_as_many_of_its_lines_are_remembered(tmp_path):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl", *CHAIN)
    (log,) = log_files([tmp_path])
    found, ends = scan(log, 1, "project-01", KEY), []
    for number in range(2, 12):
        ends.append(msgpack.decode(found.end, type=End))
        known = before(found)
        append_log(log.path, answer(number, number, uuid=uuid(number + 1), parentUuid=uuid(number)))
        found = scan(log, 1, "project-01", KEY, known)
    assert [len(end.uuids) for end in ends] == [1, 2, 3, *[4] * 7]
    assert [known[0] for known, _ in ends[-1].uuids] == [message_id(n) for n in (10, 9, 8, 7)]
