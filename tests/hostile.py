"""Hostile logs as data: the bytes of a file, and what must come of them, told by hand.

Most stand between two good lines, which must be found whatever is between them. Every one carries
a canary, which must come out nowhere.
"""

import json
from dataclasses import dataclass, field

from lines import SESSION, answer, dump, message_id, prompt, text, usage

CANARY = "canary-acme-merger"
PRIVATE = {"cwd": f"/home/{CANARY}", "gitBranch": CANARY, "slug": CANARY}
SPOKEN = [{"type": "text", "text": CANARY}]


@dataclass(frozen=True)
class Hostile:
    """One file. Of its rows, the columns that matter, in order."""

    name: str
    data: bytes
    copies: list[dict] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    events: list[dict] = field(default_factory=list)
    extra: int = 0
    skipped: str | None = None
    file: str = f"-home-jane-atlas/{SESSION}.jsonl"
    size: int | None = None  # of what was unpacked, where that is not what is on disk


def said(number, seconds=0, **more):
    """An assistant line with private names and a canary in its text."""
    return answer(number, seconds, **({"content": SPOKEN} | PRIVATE | more))


def asked(words=CANARY, seconds=0, **more):
    """A prompt with private names and a canary in its text."""
    return prompt(words, seconds, **(PRIVATE | more))


def raw(made):
    """A line without its end."""
    return dump(made).rstrip(b"\n")


def with_bytes(made, old, new):
    """A line with some of its bytes put in place of others."""
    line = dump(made)
    assert old in line
    return line.replace(old, new)


def row(number, **columns):
    """What is known of the copy of a message."""
    return {"message_id": message_id(number)} | columns


FIRST, LAST = said(901, 1), said(902, 2)


def between(name, *made, rows=(), **expected):
    """Hostile bytes between two good lines. `rows` are the copies that come of them."""
    classes = {"usage": 2}
    for kind, count in expected.pop("classes", {}).items():
        classes[kind] = classes.get(kind, 0) + count
    data = b"".join(map(dump, (FIRST, *made, LAST)))
    return Hostile(name, data, [row(901), *rows, row(902)], classes, **expected)


def good(name, made, *rows, **expected):
    """One line of usage that must be read, whatever is strange about it."""
    return between(name, made, rows=rows or [row(1)], classes={"usage": 1}, **expected)


def bad(name, made, reason, *rows, **expected):
    """One line that must be rejected for one reason; `rows` are what is saved from it."""
    extra = expected.pop("extra", len(rows))
    told = {"classes": {"rejected": 1}, "reasons": {reason: 1}, "extra": extra}
    return between(name, made, rows=rows, **told, **expected)


def alone(name, *made, rows=(), **expected):
    """A file of nothing but this."""
    return Hostile(name, b"".join(map(dump, made)), list(rows), **expected)


def deep(levels, inner=b""):
    return b"[" * levels + inner + b"]" * levels


ONE, TWO, THREE = raw(said(1)), raw(said(2, 3)), raw(said(3, 4))
CUT = raw(said(8, content=[text(50)]))[:250]
JUNK = CANARY.encode()
CR, BOM = b"\r", b"\xef\xbb\xbf"
UNREAD = said(1, unread="UNREAD")
PRETTY = json.dumps(said(1, content=[], cwd=CANARY, used=usage(10)), indent=1).encode() + b"\n"


def turned(value):
    """The same JSON with its keys the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


SHAPES = [
    good("spaced JSON", json.dumps(said(1), separators=(" ,\t", " : ")).encode() + b" \n"),
    good("keys in another order", turned(said(1))),
    good("keys escaped", with_bytes(said(1), b'"usage"', b'"\\u0075sage"')),
    good("white space around", b" \t" + ONE + b" \t\n"),
    good(
        "a key twice, the last counts",
        with_bytes(said(1), b'"requestId":', b'"requestId":7,"requestId":'),
    ),
    good("unknown keys", said(1, tomorrow={CANARY: [CANARY, None, 1.5]})),
    good(
        "line separators of Unicode in a text",
        said(1, content=[{"type": "text", "text": f"\u2028{CANARY}\x85"}]),
    ),
    good(
        "null in every field beside the usage",
        said(1)
        | dict.fromkeys(
            [
                "parentUuid",
                "cwd",
                "gitBranch",
                "version",
                "isSidechain",
                "agentId",
                "isMeta",
                "error",
                "data",
                "costUSD",
                "isApiErrorMessage",
            ]
        ),
    ),
    good(
        "null counters",
        said(1, used=usage(None, inputs=None, write=None, read=None)),
        row(1, input_tokens=0, output_tokens=0, write_tokens=0, read_tokens=0),
    ),
    good(
        "null parts of the usage",
        said(
            1,
            used=usage(
                7,
                service_tier=None,
                server_tool_use=None,
                cache_creation=None,
                iterations=None,
                speed=None,
                inference_geo=None,
            ),
        ),
        row(1, output_tokens=7, speed=None, web_searches=0),
    ),
    good(
        "half a pair of surrogates",
        json.dumps(said(1, content=[{"type": "text", "text": "\ud83d" + CANARY}])).encode() + b"\n",
        row(1, text_chars=1 + len(CANARY)),
    ),
    good(
        "two halves that are no pair",
        json.dumps(said(1, content=[{"type": "text", "text": "\ude00\ud83d"}])).encode() + b"\n",
        row(1, text_chars=2),
    ),
    good("NaN where it is not read", with_bytes(UNREAD, b'"UNREAD"', b"[NaN,-Infinity,Infinity]")),
    good("400 digits where they are not read", with_bytes(UNREAD, b'"UNREAD"', b"9" * 400)),
    good(
        "bad UTF-8 where it is not read", with_bytes(UNREAD, b"UNREAD", b"\xff\xc3\x28\xed\xa0\x80")
    ),
    good("bad UTF-8 in a key that is not read", with_bytes(UNREAD, b"unread", b"\xff\xfe")),
    good(
        "bad UTF-8 in a tool's input",
        with_bytes(
            said(1, content=[{"type": "tool_use", "input": {"p": "QQ"}}]), b"QQ", b"\xc3\x28"
        ),
        row(1, tool_chars=len('{"p":"xx"}')),
    ),
    good("1,000 levels where they are not read", with_bytes(UNREAD, b'"UNREAD"', deep(1_000))),
    good("100,000 levels where they are not read", with_bytes(UNREAD, b'"UNREAD"', deep(100_000))),
    good(
        "5,000 levels in a tool's input",
        with_bytes(said(1, content=[{"type": "tool_use", "input": "IN"}]), b'"IN"', deep(5_000)),
        row(1, tool_chars=10_000),
    ),
    bad(
        "bad UTF-8 in a text",
        with_bytes(said(1), b"canary-acme-merger", b"canary-acme-merger\xff"),
        "bad_utf8",
    ),
    bad("bad UTF-8 in the model", with_bytes(said(1), b"claude-opus", b"claude-\xff"), "bad_utf8"),
    bad("levels without an end", with_bytes(UNREAD, b'"UNREAD"', b"[" * 5_000), "too_deep"),
    bad("a NUL in a string", with_bytes(said(1), b"canary-acme", b"canary\0acme"), "not_json"),
    bad("a comma too many", raw(said(1))[:-1] + b",}\n", "not_json"),
    bad("single quotes", f"{said(1)}\n".encode(), "not_json"),
    bad("a comment behind", ONE + b" // " + JUNK + b"\n", "not_json", row(1)),
    bad("a word", JUNK + b"\n", "not_json"),
    bad("a number", b"42\n", "not_object"),
    bad("a string", b'"%b"\n' % JUNK, "not_object"),
    bad("null", b"null\n", "not_object"),
    bad("a list of records", b"[" + ONE + b"," + TWO + b"]\n", "not_object"),
    bad("a byte order mark in the middle", BOM + ONE + b"\n", "not_json", row(1)),
    between("pretty-printed", PRETTY, classes={"rejected": 23}, reasons={"not_json": 23}),
]

GLUED = [
    good("two records on a line", ONE + TWO + b"\n", row(1), row(2), extra=1),
    good("two records with space between", ONE + b" \t " + TWO + b"\n", row(1), row(2), extra=1),
    good(
        "another system's line ends",
        CR.join([ONE, TWO, THREE]) + b"\n",
        row(1),
        row(2),
        row(3),
        extra=2,
    ),
    between(
        "a prompt before an answer on one line",
        raw(asked()) + ONE + b"\n",
        rows=[row(1)],
        classes={"usage": 1},
        extra=1,
        events=[{"kind": "prompt", "chars": len(CANARY)}],
    ),
    bad("a record behind a cut one", CUT + ONE + b"\n", "not_json", row(1)),
    bad("two records behind a cut one", CUT + ONE + TWO + b"\n", "not_json", row(1), row(2)),
    bad("a record before a cut one", ONE + CUT + b"\n", "not_json", row(1)),
    bad("a record between two cut ones", CUT + ONE + CUT + b"\n", "not_json", row(1)),
    bad("a record behind NULs", b"\0" * 4_096 + ONE + b"\n", "not_json", row(1)),
    bad("a record before NULs", ONE + b"\0" * 4_096 + b"\n", "not_json", row(1)),
    bad(
        "NULs in the middle of a record", ONE[:100] + b"\0" * 4_096 + ONE[100:] + b"\n", "not_json"
    ),
    bad(
        "a record behind one that goes too deep",
        b'{"unread":' + b"[" * 5_000 + ONE + b"\n",
        "too_deep",
        row(1),
    ),
    bad(
        "a record behind one with a bad count",
        raw(said(5, used=usage("x"))) + ONE + b"\n",
        "wrong_type",
        row(1),
    ),
    bad("NULs alone", JUNK + b"\0" * 4_096 + b"\n", "not_json"),
    bad("a cut record", CUT + b"\n", "not_json"),
]
