"""Which copies are one request, which copy speaks for it, and what other ways of counting say."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import at, message_id, request_id

from analysis import schema
from analysis.logs.identity import resolve
from analysis.logs.policies import POLICIES


def copy(number=1, file=1, output=10, **values):
    """One row of `copies`, with what is given."""
    row = {c.name: 0 if c.dtype.is_numeric() else None for c in schema.COPIES}
    row |= {"file": file, "session": f"s{file}", "project": f"project-{file:02d}"}
    row |= {"message_id": message_id(number), "request_id": request_id(number), "lines": 1}
    row |= {"origin": "assistant", "source": "claude-code", "is_sidechain": False}
    row |= {"first_seen": at(number), "last_seen": at(number), "model": "claude-opus-4-7"}
    counts = dict.fromkeys(("first", "last", "sum"), output)
    row |= {"output_tokens": output} | {f"output_{k}_tokens": v for k, v in counts.items()}
    return row | values


def table(*rows):
    return pl.DataFrame(rows, schema=schema.dtypes("copies"))


def requests(*rows, policy="largest"):
    return resolve(table(*rows), policy).to_dicts()


# Which copy speaks


def said(output_first, output_last, output_sum, lines=1):
    counts = {"output_first_tokens": output_first, "output_last_tokens": output_last}
    return counts | {"output_sum_tokens": output_sum, "lines": lines}


PROGRESS = {"origin": "agent_progress", "is_sidechain": True}
SIDE = {"is_sidechain": True}


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        # a real record before agent progress, whatever the output
        (copy(file=2, output=1), copy(output=99, **PROGRESS)),
        (copy(file=2, output=1, **SIDE), copy(output=99, **PROGRESS)),
        # the main chain before a replay in a sidechain, whatever the output or the request id
        (copy(file=2, output=1), copy(output=99, **SIDE)),
        (copy(file=2, output=1, request_id=request_id(7)), copy(output=99, **SIDE)),
        # most output
        (copy(file=2, output=11), copy(output=10)),
        (copy(file=2, output=11, first_seen=at(9)), copy(output=10, first_seen=at(0))),
        # the earliest
        (copy(file=2, first_seen=at(0)), copy(first_seen=at(1))),
        # then the ids, the known before the unknown, and the file's number last
        (copy(file=2, session="s0"), copy()),
        (copy(file=2, session="s1", request_id=request_id(0)), copy()),
        (copy(file=2, session="s1"), copy(request_id=None)),
        (copy(file=2, session="s1"), copy(session=None)),
        (copy(file=1, session="s1"), copy(file=2, session="s1")),
    ],
)
def test_the_order_of_who_speaks(winner, loser):
    winner, loser = winner | {"version": "1.0.1"}, loser | {"version": "1.0.2"}
    for rows in ((winner, loser), (loser, winner)):
        (request,) = requests(*rows)
        assert request["version"] == "1.0.1"
        assert request["copies"] == 2


def test_a_request_spans_its_copies():
    (request,) = requests(
        copy(file=1, output=5, first_seen=at(3), last_seen=at(4), lines=2, input_tokens=7),
        copy(file=2, output=9, first_seen=at(5), last_seen=at(8), lines=3, input_tokens=7),
        copy(file=3, output=9, first_seen=at(6), last_seen=at(7), lines=1, input_tokens=7),
    )
    assert (request["first_seen"], request["last_seen"]) == (at(3), at(8))
    assert (request["lines"], request["copies"]) == (6, 3)
    assert (request["output_tokens"], request["input_tokens"]) == (9, 7)
    assert (request["session"], request["project"]) == ("s2", "project-02")


def test_requests_come_in_order_of_time_then_id():
    found = requests(copy(3), copy(1), copy(2, first_seen=at(1)))
    assert [r["message_id"] for r in found] == [message_id(n) for n in (1, 2, 3)]


def test_nothing_resolves_to_nothing():
    assert requests() == []


# What is one request


GATEWAY = {"message_id": "x-00000000deadbeef", "request_id": None}


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (copy(1), copy(1, file=2), 1),
        (copy(1), copy(1, file=2, session="s9", first_seen=at(99)), 1),
        (copy(1), copy(1, file=2, request_id=None), 1),
        (copy(1), copy(2), 2),
        # a gateway answers one id for ever
        (copy(**GATEWAY), copy(**GATEWAY | {"first_seen": at(9)}), 2),
        (copy(**GATEWAY), copy(**GATEWAY | {"session": "s2"}), 2),
        (copy(**GATEWAY), copy(**GATEWAY | {"request_id": request_id(1)}), 2),
        (copy(**GATEWAY), copy(**GATEWAY | {"file": 2, "session": "s1"}), 1),  # a copied file
    ],
)
def test_what_makes_two_copies_one_request(one, other, count):
    assert len(requests(one, other)) == count


# Ways to count

HAND = [
    copy(1, file=1, **said(1, 10, 12, lines=3), input_tokens=1, write_tokens=100),
    copy(1, file=2, **said(1, 10, 12, lines=3), input_tokens=1, write_tokens=100),  # a fork
    copy(2, file=2, output=5, **said(5, 4, 9, lines=2), input_tokens=2),
    copy(2, file=2, output=20, request_id=request_id(8), **SIDE, input_tokens=2),  # a replay
    copy(3, file=1, output=3, **SIDE, agent="a1", input_tokens=8),  # a subagent
    copy(4, file=3, output=7, **PROGRESS, agent="a2", input_tokens=4),  # only as progress
    copy(2, file=3, output=50, **PROGRESS, request_id=request_id(8), input_tokens=2),
]


@pytest.mark.parametrize(
    ("policy", "count", "output", "inputs", "writes"),
    [
        ("largest", 4, 10 + 5 + 3 + 7, 1 + 2 + 8 + 4, 100),
        ("first", 4, 1 + 5 + 3 + 7, 15, 100),
        ("last", 4, 10 + 4 + 3 + 7, 15, 100),
        # each line of each file counts
        (
            "sum",
            7,
            2 * 12 + 9 + 20 + 3 + 7 + 50,
            2 * 3 + 2 * 2 + 2 + 8 + 4 + 2,
            2 * 3 * 100,
        ),
        # the replay's new request id makes it another request
        ("request-key", 5, 10 + 5 + 20 + 3 + 7, 1 + 2 + 2 + 8 + 4, 100),
        # the fork counts again, and progress in a file of its own
        ("per-file", 6, 10 + 10 + 5 + 3 + 7 + 50, 1 + 1 + 2 + 8 + 4 + 2, 200),
        ("main-chain", 2, 10 + 5, 1 + 2, 100),
        ("no-progress", 3, 10 + 5 + 3, 1 + 2 + 8, 100),
    ],
)
def test_each_policy_on_a_case_counted_by_hand(policy, count, output, inputs, writes):
    found = requests(*HAND, policy=policy)
    assert len(found) == count
    assert sum(r["output_tokens"] for r in found) == output
    assert sum(r["input_tokens"] for r in found) == inputs
    assert sum(r["write_tokens"] for r in found) == writes


def test_every_policy_has_a_case():
    assert list(POLICIES) == [
        "largest",
        "first",
        "last",
        "sum",
        "request-key",
        "per-file",
        "main-chain",
        "no-progress",
    ]


def test_an_unknown_split_stays_unknown_in_every_policy():
    unsplit = {"write_tokens": 10, "write_5m_tokens": None, "write_1h_tokens": None}
    for policy in POLICIES:
        (request,) = requests(copy(**unsplit), policy=policy)
        assert request["write_5m_tokens"] is None


def test_an_unknown_policy_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="unknown policy 'best': choose one of largest, first"):
        resolve(table(), "best")


# The result does not depend on the order of files or lines

copies = st.builds(
    copy,
    number=st.integers(1, 3),
    file=st.integers(1, 3),
    output=st.integers(0, 3),
    session=st.sampled_from(["s1", "s2", None]),
    request_id=st.sampled_from([request_id(1), request_id(2), None]),
    origin=st.sampled_from(["assistant", "agent_progress"]),
    is_sidechain=st.booleans(),
    first_seen=st.integers(0, 2).map(at),
    version=st.sampled_from(["1.0.1", "1.0.2"]),
    lines=st.integers(1, 3),
) | st.builds(
    copy,
    file=st.integers(1, 3),
    message_id=st.just("x-00000000deadbeef"),
    request_id=st.sampled_from([request_id(1), None]),
    first_seen=st.integers(0, 2).map(at),
)


def grain(row):
    """What the schema says is one row of copies."""
    key = (row["file"], row["origin"], row["message_id"], row["request_id"])
    return key if row["message_id"].startswith("msg_") else (*key, row["first_seen"])


tables = st.lists(copies, max_size=12, unique_by=grain)


@settings(deadline=None)
@given(
    tables.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))),
    st.sampled_from(list(POLICIES)),
)
def test_any_order_of_copies_gives_the_same_requests(orders, policy):
    found, again = (resolve(table(*order), policy) for order in orders)
    assert found.equals(again)


@settings(deadline=None)
@given(tables)
def test_each_copy_is_in_one_request(rows):
    found = resolve(table(*rows))
    assert found["copies"].sum() == len(rows)
    assert found["lines"].sum() == sum(r["lines"] for r in rows)
    messages = {r["message_id"] for r in rows}
    assert set(found["message_id"]) == messages
    real = found.filter(pl.col("message_id").str.starts_with("msg_"))
    assert real["message_id"].is_unique().all()


@settings(deadline=None, max_examples=40)
@given(tables, st.integers(0, 2), st.integers(1, 3), st.sampled_from([{}, SIDE, PROGRESS]))
def test_an_earlier_snapshot_repeated_as_progress_changes_no_tokens(rows, output, number, kind):
    whole = copy(number, file=8, output=output + 1, **kind)
    real = [whole, *(r for r in rows if r["message_id"].startswith("msg_"))]
    before = resolve(table(*real))
    late = {"first_seen": at(0) + dt.timedelta(hours=1)}
    after = resolve(table(*real, copy(number, file=9, output=output, **PROGRESS, **late)))
    columns = ["message_id", "output_tokens", "input_tokens", "session", "version", "first_seen"]
    assert after.select(columns).equals(before.select(columns))


@settings(deadline=None, max_examples=10)
@given(tables)
def test_what_comes_out_keeps_the_schema(rows):
    rows = [
        row | {"session": row["session"] and row["session"].replace("s", "abcdef0")} for row in rows
    ]
    schema.validate(table(*rows), "copies")
    schema.validate(resolve(table(*rows)), "requests")
