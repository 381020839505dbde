"""Hostile trees as data: files that repeat each other, and the requests that are in them."""

import gzip
from dataclasses import dataclass, field

from hostile import CANARY, JUNK, row, said
from lines import OTHER_SESSION, SESSION, dump, message_id, progress, request_id, usage, uuid

PROJECT, OTHER_PROJECT = "-home-jane-atlas", f"-home-{CANARY}"
MAIN = f"{PROJECT}/{SESSION}.jsonl"
OTHER = f"{PROJECT}/{OTHER_SESSION}.jsonl"
SIDE = f"{PROJECT}/{SESSION}/subagents/agent-abc1234.jsonl"
ASIDE = f"{PROJECT}/{SESSION}/subagents/agent-aside_question-ab12cd.jsonl"


@dataclass(frozen=True)
class Tree:
    """Files by name, and what is known of each request in them, in order of time."""

    name: str
    files: dict[str, list]
    requests: list[dict]
    skipped: list[str] = field(default_factory=list)


def advised(number, seconds):
    """An answer with an advisor's, which the top level leaves out."""
    apart = usage(40) | {"type": "advisor_message", "model": "claude-opus-4-6"}
    return said(
        number, seconds, used=usage(10, iterations=[usage(10) | {"type": "message"}, apart])
    )


def nameless(seconds, **more):
    """A gateway's answer: one id for ever, and no request id."""
    return said(1, seconds, message_more={"id": "ocgo"}, requestId=None, **more)


TREES = [
    Tree(
        "a side question replays its parent under new request ids",
        {
            MAIN: [said(1, 1), said(2, 2)],
            ASIDE: [
                said(1, 1, isSidechain=True, requestId=request_id(11)),
                said(2, 2, isSidechain=True, requestId=request_id(12)),
                said(3, 3, isSidechain=True),
            ],
        },
        [
            row(1, request_id=request_id(1), is_sidechain=False, copies=2),
            row(2, request_id=request_id(2), is_sidechain=False, copies=2),
            row(3, is_sidechain=True, agent="aside_question-ab12cd", copies=1),
        ],
    ),
    Tree(
        "a fork repeats its parent",
        {MAIN: [said(1, 1), said(2, 2)], OTHER: [said(1, 1), said(2, 2), said(3, 3)]},
        [row(1, copies=2), row(2, copies=2), row(3, copies=1, session=OTHER_SESSION)],
    ),
    Tree(
        "a resumed session repeats lines under new uuids and another session id",
        {MAIN: [said(1, 1)], OTHER: [said(1, 1, uuid=uuid(99), sessionId=OTHER_SESSION)]},
        [row(1, copies=2, output_tokens=10, session=SESSION)],
    ),
    Tree(
        "one file has the answer's end, the other its beginning",
        {MAIN: [said(1, 1, used=usage(3))], OTHER: [said(1, 2, used=usage(90))]},
        [row(1, copies=2, output_tokens=90, session=OTHER_SESSION)],
    ),
    Tree(
        "one session as it was and compressed",
        {MAIN: [said(1, 1), said(2, 2)], MAIN + ".gz": [gzip.compress(dump(said(1, 1)))]},
        [row(1, copies=2, session=SESSION), row(2, copies=1)],
    ),
    Tree(
        "one copy without its request id",
        {MAIN: [said(1, 1, requestId=None)], OTHER: [said(1, 1)]},
        [row(1, copies=2)],
    ),
    Tree(
        "the same session in two projects",
        {MAIN: [said(1, 1)], f"{OTHER_PROJECT}/{SESSION}.jsonl": [said(1, 1)]},
        [row(1, copies=2)],
    ),
    Tree(
        "a gateway with one id for all its answers",
        {MAIN: [nameless(1), nameless(2)], OTHER: [nameless(1), nameless(2, sessionId=SESSION)]},
        [{"copies": 1, "output_tokens": 10}] * 4,
    ),
    Tree(
        "an agent's turn in its own file and in its parent's progress",
        {MAIN: [progress(1, 1), said(2, 2)], SIDE: [said(1, 1, isSidechain=True)]},
        [row(1, copies=2, origin="assistant", agent="abc1234"), row(2, agent=None)],
    ),
    Tree(
        "an agent's turn in its parent's progress alone",
        {MAIN: [progress(1, 1), progress(1, 2)]},
        [row(1, copies=1, origin="agent_progress", is_sidechain=True, output_tokens=10)],
    ),
    Tree(
        "an advisor's answer in two files",
        {MAIN: [advised(1, 1)], OTHER: [advised(1, 1)]},
        [
            row(1, origin="assistant", output_tokens=10, copies=2),
            {"message_id": f"{message_id(1)}:advisor:1", "output_tokens": 40, "copies": 2},
        ],
    ),
    Tree(
        "files that cannot be read beside one that can",
        {
            f"{PROJECT}/a.jsonl": [gzip.compress(JUNK)],
            f"{PROJECT}/b.jsonl.zst": [JUNK],
            MAIN: [said(1, 1)],
            f"{PROJECT}/c.jsonl": [JUNK.decode().encode("utf-16")],
            f"{PROJECT}/d.jsonl.gz": [gzip.compress(dump(said(2, 2)))[:-20]],
        },
        [row(1)],
        ["misnamed", "misnamed", "utf16"],
    ),
    Tree(
        "files that are no logs",
        {
            MAIN: [said(1, 1)],
            f"{PROJECT}/{SESSION}/subagents/workflows/wf_1/journal.jsonl": [said(2, 2)],
            f"{PROJECT}/{SESSION}/subagents/agent-abc1234.meta.json": [said(3, 3)],
            f"{PROJECT}/{SESSION}.jsonl.bak": [said(4, 4)],
            f"{PROJECT}/{SESSION}.gz": [said(5, 5)],
            f"{PROJECT}/{SESSION}/tool-results/{CANARY}.txt": [JUNK],
        },
        [row(1)],
    ),
]
