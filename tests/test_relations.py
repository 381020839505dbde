"""What may be done to logs without moving a count: relations that hold whatever the logs say.

500 examples each, 10,000 in the long run (see conftest). All are integers, so exactly equal.
"""

import datetime as dt
import json
import random
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import (
    OTHER_SESSION,
    SESSION,
    answer,
    dump,
    line,
    progress,
    prompt,
    read_log,
    synthetic,
    text,
    tool_result,
    usage,
    write_log,
)

from analysis import schema
from analysis.logs.discover import log_files
from analysis.logs.identity import resolve
from analysis.logs.scan import scan

pytestmark = pytest.mark.relation
RELATION = settings.get_profile("relation")

KEY = b"key of a dataset"
MODELS = ("claude-opus-4-7", "claude-haiku-4-5", "acme-large")

#: Columns that say what stood first, last or before: they may move when lines change places.
PLACES = {"output_first_tokens", "output_last_tokens", "requested_at", "stop_reason"}

#: Columns that only the copy that speaks fills: they may move when lines change files.
ONE_COPY = PLACES | {"output_sum_tokens", "text_chars", "copies"}


def said(number, seconds=0, output=1, *, more=None, **rest):
    """A line of message `number`, whose lines say all the same but for the output so far."""
    used = usage(output, inputs=number, write=10 * number, read=100 * number)
    if number % 2:
        used["cache_creation"] = {"ephemeral_1h_input_tokens": 10 * number}
    if number == 4:
        used["iterations"] = [usage(number) | {"type": "advisor_message", "model": MODELS[0]}]
    body = {"model": MODELS[number % 3]} | (more or {})
    content = [text(number + seconds)]
    side = {"isSidechain": number == 3} | rest
    return answer(number, seconds, content=content, used=used, message_more=body, **side)


def gateway(seconds):
    """A line of a gateway that has one message id for all that it answers."""
    return said(seconds % 5 + 1, seconds, more={"id": "ocgo"}, requestId=None)


numbers, seconds, outputs = st.integers(1, 5), st.integers(0, 9), st.integers(0, 9)
stops = st.sampled_from([None, "end_turn", "tool_use"]).map(lambda stop: {"stop_reason": stop})
answers = st.builds(said, numbers, seconds, outputs, more=stops)
nested = st.builds(progress, st.integers(5, 8), seconds)  # the first is on the main chain, too
asides = st.one_of(
    st.builds(prompt, st.just("hello"), seconds),
    st.builds(tool_result, seconds, is_error=st.sampled_from([None, True])),
    st.builds(synthetic, st.just("No response requested."), seconds),
    st.builds(line, st.just("system"), seconds, subtype=st.just("compact_boundary")),
)
known = st.lists(answers | answers | nested | asides, max_size=10)
whole = st.lists(answers | answers | nested | asides | st.builds(gateway, seconds), max_size=10)
strays = (b"\n", b" \r\n", b"{\n", b"[]\n", b"\0\0\n", b'{"a":1}\n', dump(line("summary", 0)))
dice = st.builds(random.Random, st.integers(0, 2**32))
noise = st.lists(st.sampled_from(strays), max_size=4)


def requests(folder, files, *, without=()):
    """Write logs, by name, and return the requests in them, without some columns."""
    paths = [write_log(folder / f"{name}.jsonl", *made) for name, made in files.items()]
    logs = enumerate((log for log in log_files([folder]) if log.path in paths), 1)
    rows = [row for number, log in logs for row in scan(log, number, "project-01", KEY).copies]
    copies = pl.DataFrame(rows, schema=schema.dtypes("copies"), orient="row")
    return resolve(copies).drop(without)


def kept(rows, without):
    """Rows without some columns, whatever order they come in."""
    return Counter(tuple((k, v) for k, v in row.items() if k not in without) for row in rows)


# One file


@RELATION
@given(whole, dice)
def test_shuffled_lines_say_the_same(tmp_path, made, rng):
    found = read_log(tmp_path, *made)
    again = read_log(tmp_path, *rng.sample(made, len(made)))
    assert again.ledger == found.ledger
    assert kept(again.copies, PLACES) == kept(found.copies, PLACES)
    told = [[e for e in one.events if e["kind"] != "model_change"] for one in (found, again)]
    assert kept(told[0], ()) == kept(told[1], ())


@RELATION
@given(whole)
def test_a_second_reading_says_the_same(tmp_path, made):
    assert read_log(tmp_path, *made) == read_log(tmp_path, *made)


@RELATION
@given(whole, noise, dice)
def test_lines_without_usage_move_only_their_counters(tmp_path, made, noise, rng):
    noisy = list(made)
    for stray in noise:
        noisy.insert(rng.randint(0, len(noisy)), stray)
    found, again = read_log(tmp_path, *made), read_log(tmp_path, *noisy)
    assert (again.copies, again.events) == (found.copies, found.events)
    assert again.ledger["lines"] == found.ledger["lines"] + len(noise)
    assert again.ledger["usage"] == found.ledger["usage"]


def spelled(made, rng):
    """The same line as another writer of JSON would put it."""
    if isinstance(made, dict):
        pairs = [(key, spelled(value, rng)) for key, value in made.items()]
        rng.shuffle(pairs)
        return dict(pairs) | ({"keyOfTomorrow": [{"usage": 1}]} if rng.random() < 0.3 else {})
    return [spelled(value, rng) for value in made] if isinstance(made, list) else made


@RELATION
@given(whole, dice)
def test_another_spelling_says_the_same(tmp_path, made, rng):
    """Order of keys, white space, escapes and keys not known today change nothing."""
    found = read_log(tmp_path, *made)
    written = []
    for one in made:
        between = rng.choice(((",", ":"), (", ", ": "), (" ,\t", "\t:  ")))
        data = json.dumps(spelled(one, rng), separators=between).replace("o", "\\u006f")
        written.append(data.encode() + rng.choice((b"\n", b"\r\n", b"  \n")))
    again = read_log(tmp_path, *written)
    assert (again.copies, again.events) == (found.copies, found.events)
    assert again.ledger | {"bytes": 0} == found.ledger | {"bytes": 0}


@RELATION
@given(known, st.data())
def test_what_a_prefix_says_only_grows(tmp_path, made, data):
    cut = data.draw(st.integers(0, len(made)))
    before, after = read_log(tmp_path, *made[:cut]), read_log(tmp_path, *made)
    grown = {(c["origin"], c["message_id"]): c for c in after.copies}
    for copy in before.copies:
        later = grown[copy["origin"], copy["message_id"]]
        assert all(later[name] >= copy[name] for name in ("output_tokens", "lines", "last_seen"))
    assert all(after.ledger[name] >= n for name, n in before.ledger.items() if type(n) is int)


@RELATION
@given(known, answers | asides, st.data())
def test_a_cut_line_is_one_unfinished_line(tmp_path, before, last, data):
    """A log cut anywhere in a line says what it said before that line."""
    end = data.draw(st.integers(1, len(dump(last)) - 2))
    found, cut = read_log(tmp_path, *before), read_log(tmp_path, *before, dump(last)[:end])
    assert (cut.copies, cut.events) == (found.copies, found.events)
    assert cut.reasons == {"unfinished": 1}
    assert cut.ledger["lines"] == found.ledger["lines"] + 1


@RELATION
@given(known)
def test_the_last_lines_end_is_of_no_matter(tmp_path, made):
    data = b"".join(map(dump, made))
    found, cut = read_log(tmp_path, data), read_log(tmp_path, data.removesuffix(b"\n"))
    assert (cut.copies, cut.events) == (found.copies, found.events)
    assert cut.ledger | {"bytes": 0} == found.ledger | {"bytes": 0}


SNAPSHOT = {"lines", "output_sum_tokens", "first_seen"} | PLACES


@RELATION
@given(known, numbers, seconds, outputs, st.data())
def test_a_shorter_snapshot_anywhere_changes_no_tokens(tmp_path, made, number, at, output, data):
    made = [*made, said(number, at, output + 1)]
    place = data.draw(st.integers(0, len(made)))
    early = said(number, at, output)  # of the same block, so that no text is new
    found = read_log(tmp_path, *made)
    again = read_log(tmp_path, *made[:place], early, *made[place:])
    assert kept(again.copies, SNAPSHOT) == kept(found.copies, SNAPSHOT)


@RELATION
@given(known, numbers, seconds)
def test_the_final_line_of_a_message_raises_only_its_output(tmp_path, made, number, at):
    made = [*made, said(number, at, 1)]
    final = said(number, at, 99, more={"stop_reason": "end_turn"})
    found, again = read_log(tmp_path, *made), read_log(tmp_path, *made, final)
    moved = SNAPSHOT | {"output_tokens"}
    assert kept(again.copies, moved) == kept(found.copies, moved)
    (raised,) = [c for c in again.copies if c["output_tokens"] == 99]
    assert (raised["message_id"], raised["stop_reason"]) == (final["message"]["id"], "end_turn")


# Several files

ONE, TWO, THREE = (f"-home-jane-{place}/{SESSION}" for place in "abc")
OTHER = f"-home-jane-b/{OTHER_SESSION}"


@RELATION
@given(whole, st.data())
def test_lines_of_a_session_in_one_file_or_in_three(tmp_path, made, data):
    """Concatenating the files of a session is this, read from right to left."""
    parts = data.draw(st.lists(st.sampled_from([ONE, TWO, THREE]), min_size=len(made)))
    spread = {name: [] for name in (ONE, TWO, THREE)}
    for name, one in zip(parts, made, strict=False):
        spread[name].append(one)
    found = requests(tmp_path, {ONE: made}, without=ONE_COPY)
    assert requests(tmp_path, spread, without=ONE_COPY).equals(found)


@RELATION
@given(whole)
def test_a_file_twice_counts_once(tmp_path, made):
    once = requests(tmp_path, {ONE: made})
    twice = requests(tmp_path, {ONE: made, TWO: made})
    assert twice.equals(once.with_columns(pl.col("lines", "copies") * 2))


@RELATION
@given(known)
def test_a_fork_counts_once(tmp_path, made):
    """Another session that begins with all the lines of one says nothing new."""
    once = requests(tmp_path, {ONE: made})
    twice = requests(tmp_path, {ONE: made, OTHER: made})
    assert twice.equals(once.with_columns(pl.col("lines", "copies") * 2))


@RELATION
@given(whole, whole)
def test_names_of_folders_and_sessions_move_no_count(tmp_path, made, more):
    found = requests(tmp_path, {ONE: made, OTHER: more}, without=["session"])
    names = (f"-home-jane-z/{OTHER_SESSION[:-1]}3", f"-home-jane-a/{OTHER_SESSION[:-1]}4")
    again = requests(tmp_path, dict(zip(names, (made, more), strict=True)), without=["session"])
    assert again.equals(found)


@RELATION
@given(whole, whole)
def test_which_file_is_read_first_is_of_no_matter(tmp_path, made, more):
    found = requests(tmp_path, {f"-a/{SESSION}": made, f"-b/{OTHER_SESSION}": more})
    again = requests(tmp_path, {f"-b/{SESSION}": made, f"-a/{OTHER_SESSION}": more})
    assert again.equals(found)


def later(made, days):
    """The same line, days later."""
    text = json.dumps(made)
    day = dt.date(2026, 5, 4)
    return json.loads(text.replace(f"{day}T", f"{day + dt.timedelta(days)}T"))


@RELATION
@given(whole, st.integers(-400, 400))
def test_days_later_all_is_days_later(tmp_path, made, days):
    found = requests(tmp_path, {ONE: made})
    again = requests(tmp_path, {ONE: [later(one, days) for one in made]})
    times = pl.col("requested_at", "first_seen", "last_seen")
    assert again.equals(found.with_columns(times + dt.timedelta(days)))


@RELATION
@given(known, seconds)
def test_a_request_without_tokens_adds_a_request_and_no_tokens(tmp_path, made, at):
    empty = answer(9_999, at, used=usage(0, inputs=0, write=0, read=0))
    before, after = requests(tmp_path, {ONE: made}), requests(tmp_path, {ONE: [*made, empty]})
    assert after.height == before.height + 1
    tokens = pl.col("^.*_tokens$").sum()
    assert after.select(tokens).equals(before.select(tokens))
