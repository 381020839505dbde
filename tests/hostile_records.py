"""Hostile records as data: JSON that is sound, and says what no reader expects."""

from hostile import CANARY, PRIVATE, alone, asked, bad, between, good, row, said, with_bytes
from lines import OTHER_SESSION, at, message_id, progress, request_id, synthetic, usage, uuid

MAIN = {"agent": None, "is_sidechain": False}
SIDE = {"agent": "abc1234", "is_sidechain": True}
SPLIT_5M, SPLIT_1H = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"


def counted(digits):
    """A line whose output count is spelt so."""
    return with_bytes(said(1), b'"output_tokens":10', b'"output_tokens":' + digits)


def model(name, known):
    """A line of another model than its neighbours': the change is told, and the change back."""
    made = said(1, message_more={"model": name})
    changes = [{"kind": "model_change", "detail": n} for n in (known, "claude-opus-4-7")]
    return good(f"the model {name}", made, row(1, model=known), events=changes)


def split(w5m, w1h, **more):
    return usage(10, cache_creation={SPLIT_5M: w5m, SPLIT_1H: w1h}, **more)


NUMBERS = [
    good("the largest count there can be", counted(b"10000000000"), row(1, output_tokens=10**10)),
    good("minus zero", counted(b"-0"), row(1, output_tokens=0)),
    bad("one more than the largest", counted(b"10000000001"), "out_of_range"),
    bad("a negative count", counted(b"-1"), "out_of_range"),
    bad("2^63", counted(b"9223372036854775808"), "out_of_range"),
    bad("2^64", counted(b"18446744073709551616"), "out_of_range"),
    bad("400 digits", counted(b"9" * 400), "out_of_range"),
    bad("5,000 digits", counted(b"9" * 5_000), "out_of_range"),
    bad("a fraction", counted(b"10.5"), "wrong_type"),
    bad("a fraction that is whole", counted(b"10.0"), "wrong_type"),
    bad("an exponent", counted(b"1e1"), "wrong_type"),
    bad("NaN", counted(b"NaN"), "wrong_type"),
    bad("Infinity", counted(b"-Infinity"), "wrong_type"),
    bad("digits in quotes", counted(b'"10"'), "wrong_type"),
    bad("true", counted(b"true"), "wrong_type"),
    bad("a list", counted(b"[10]"), "wrong_type"),
    bad("a leading zero", counted(b"010"), "not_json"),
    bad("a plus sign", counted(b"+10"), "not_json"),
    bad(
        "a bad count in an iteration",
        said(1, used=usage(iterations=[usage(-1) | {"type": "advisor_message"}])),
        "out_of_range",
    ),
    bad("a bad count in the split", said(1, used=split(-5, 0)), "out_of_range"),
    bad(
        "a bad number of searches",
        said(1, used=usage(server_tool_use={"web_search_requests": -1})),
        "out_of_range",
    ),
]

TIMES = [
    good(
        "another zone",
        said(1, timestamp="2026-05-04T17:30:05.250+05:30"),
        row(1, first_seen=at(5.25)),
    ),
    good(
        "nanoseconds",
        said(1, timestamp="2026-05-04T12:00:05.123456400Z"),
        row(1, first_seen=at(5.123456)),
    ),
    good("no fraction", said(1, timestamp="2026-05-04T12:00:05Z"), row(1, first_seen=at(5))),
    bad("naive", said(1, timestamp="2026-05-04T12:00:00"), "bad_timestamp"),
    bad("no time", {k: v for k, v in said(1).items() if k != "timestamp"}, "bad_timestamp"),
    bad("a null time", said(1, timestamp=None), "bad_timestamp"),
    bad("a time as a number", said(1, timestamp=1_777_888_999), "bad_timestamp"),
    bad("a day", said(1, timestamp="2026-05-04"), "bad_timestamp"),
    bad("words", said(1, timestamp=CANARY), "bad_timestamp"),
    bad("1970", said(1, timestamp="1970-01-01T00:00:00Z"), "bad_timestamp"),
    bad("before there were logs", said(1, timestamp="2022-12-31T23:59:59.999Z"), "bad_timestamp"),
    bad("the year 10000 in UTC", said(1, timestamp="9999-12-31T23:59:59-01:00"), "bad_timestamp"),
    bad("a 30th of February", said(1, timestamp="2026-02-30T12:00:00Z"), "bad_timestamp"),
    bad("24 o'clock", said(1, timestamp="2026-05-04T24:00:00Z"), "bad_timestamp"),
    bad("a 60th second", said(1, timestamp="2026-05-04T12:00:60Z"), "bad_timestamp"),
    bad("digits of another script", said(1, timestamp="2026-05-0４T12:00:00Z"), "bad_timestamp"),
    between(
        "a prompt without a time",
        asked(timestamp=None),
        classes={"event": 1},
        events=[{"kind": "prompt", "at": None, "chars": len(CANARY)}],
    ),
]

IDS = [
    good("no request id", said(1, requestId=None), row(1, request_id=None)),
    good("an empty request id", said(1, requestId=""), row(1, request_id=None)),
    good(
        "no message id: its line's",
        said(1, uuid=uuid(5), message_more={"id": None}),
        {"message_id": uuid(5)},
    ),
    good(
        "no id at all: its time",
        said(1, 5, uuid=None, requestId=None, message_more={"id": ""}),
        {"message_id": f"line-{at(5).timestamp():.6f}"},
    ),
    good(
        "an id of another type",
        said(1, uuid=uuid(5), message_more={"id": 5}),
        {"message_id": uuid(5)},
    ),
    good(
        "a gateway's id is a label",
        said(1, message_more={"id": CANARY}, requestId=CANARY),
        {"message_id": "x-?"},
    ),
    between(
        "a gateway's constant id",
        *(said(1, s, message_more={"id": "ocgo"}, requestId=None) for s in (5, 6, 7)),
        rows=[{"first_seen": at(s), "output_tokens": 10} for s in (5, 6, 7)],
        classes={"usage": 3},
    ),
    between(
        "one message, streamed",
        *(said(1, s, used=usage(s)) for s in (5, 9, 7)),
        rows=[
            row(
                1,
                lines=3,
                output_tokens=9,
                output_first_tokens=5,
                output_last_tokens=7,
                output_sum_tokens=21,
            )
        ],
        classes={"usage": 3},
    ),
    between(
        "one message under two request ids",
        said(1, 5),
        said(1, 6, requestId=request_id(7)),
        rows=[row(1), row(1, request_id=request_id(7))],
        classes={"usage": 2},
    ),
    good(
        "another session's line",
        said(1, sessionId=OTHER_SESSION),
        row(1, session="5e551011-0000-4000-8000-000000000001"),
    ),
    good(
        "a sidechain inside the main file",
        said(1, isSidechain=True),
        row(1, agent=None, is_sidechain=True),
    ),
    good("an agent inside the main file", said(1, agentId="abc1234"), row(1, **SIDE)),
    good(
        "a turn of an agent in a progress line",
        progress(1, **PRIVATE),
        row(1, origin="agent_progress", **SIDE),
    ),
]

ITERATIONS = [
    good(
        "an advisor",
        said(
            1,
            used=usage(
                10,
                iterations=[
                    usage(10) | {"type": "message"},
                    usage(40, read=7) | {"type": "advisor_message", "model": "claude-opus-4-6"},
                ],
            ),
        ),
        row(1, origin="assistant", output_tokens=10, context_tokens=1_103),
        {
            "message_id": f"{message_id(1)}:advisor:1",
            "origin": "advisor",
            "model": "claude-opus-4-6",
            "output_tokens": 40,
            "read_tokens": 7,
        },
    ),
    good(
        "a compaction",
        said(
            1,
            used=usage(
                10,
                iterations=[
                    usage(99, read=5) | {"type": "compaction"},
                    usage(10) | {"type": "message"},
                ],
            ),
        ),
        row(1, origin="assistant", output_tokens=10),
        {
            "message_id": f"{message_id(1)}:compaction:0",
            "origin": "compaction",
            "model": "claude-opus-4-7",
            "output_tokens": 99,
            "read_tokens": 5,
        },
    ),
    good(
        "several messages: the last is the context",
        said(
            1,
            used=usage(
                10,
                iterations=[
                    usage(4, read=9) | {"type": "message"},
                    usage(6, read=20) | {"type": "message"},
                ],
            ),
        ),
        row(1, output_tokens=10, read_tokens=1_000, context_tokens=123),
    ),
    good(
        "a fallback's declined hop is not added",
        said(
            1,
            used=usage(
                10,
                iterations=[
                    usage(4) | {"type": "message", "model": "claude-fable-5"},
                    usage(10) | {"type": "fallback_message", "model": "claude-opus-4-7"},
                ],
            ),
        ),
        row(1, output_tokens=10),
    ),
    good(
        "a type of tomorrow is not added",
        said(1, used=usage(10, iterations=[usage(4) | {"type": CANARY}])),
        row(1, output_tokens=10),
    ),
    good(
        "writes without a split",
        said(1, used=usage(write=50)),
        row(1, write_tokens=50, write_5m_tokens=None, write_1h_tokens=None),
    ),
    good(
        "writes in a split",
        said(1, used=split(20, 30, write=50)),
        row(1, write_tokens=50, write_5m_tokens=20, write_1h_tokens=30),
    ),
    good(
        "a split that is all zero",
        said(1, used=split(0, 0, write=50)),
        row(1, write_tokens=50, write_5m_tokens=None, write_1h_tokens=None),
    ),
    good(
        "a split beside a total of zero",
        said(1, used=split(20, 30, write=0)),
        row(1, write_tokens=50, write_5m_tokens=20, write_1h_tokens=30),
    ),
    good(
        "a split of a part",
        said(1, used=split(0, 30, write=50)),
        row(1, write_tokens=50, write_5m_tokens=20, write_1h_tokens=30),
    ),
    good(
        "usage quoted in a tool's result is no usage",
        said(1, toolUseResult={"usage": usage(999), "totalTokens": 9_999}),
        row(1, output_tokens=10),
    ),
]

PRICED = [
    good("costUSD of 2025", said(1, costUSD=0.123456), row(1, output_tokens=10)),
    good("fast mode", said(1, used=usage(speed="fast")), row(1, speed="fast")),
    good("inference in the US", said(1, used=usage(inference_geo="us")), row(1, geo="us")),
    good("inference nowhere", said(1, used=usage(inference_geo="")), row(1, geo=None)),
    good(
        "a web search",
        said(1, used=usage(server_tool_use={"web_search_requests": 2, "web_fetch_requests": 1})),
        row(1, web_searches=2),
    ),
    good(
        "a tier that says who it is for",
        said(1, used=usage(service_tier=CANARY)),
        row(1, service_tier="other"),
    ),
    model("claude-opus-4-6[1m]", "claude-opus-4-6"),
    model("claude-opus-4-5-20251101", "claude-opus-4-5"),
    model("us.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4"),
    model("global.anthropic.claude-opus-4-5-20251101-v1:0", "claude-opus-4-5"),
    model("claude-opus-4-1@20250805", "claude-opus-4-1"),
    model("claude-sonnet-4-5@default", "claude-sonnet-4-5"),
    model("openrouter/anthropic/claude-opus-4.5", "claude-opus-4-5"),
    model("claude-4-opus-20250514", "claude-opus-4"),
    model(CANARY, "other-?"),
    model(None, "other-?"),
    good("a path of Windows", said(1, cwd=f"C:\\Users\\{CANARY}\\x"), row(1, project="project-01")),
    between(
        "the client in the model's name", synthetic(CANARY, **PRIVATE), classes={"synthetic": 1}
    ),
    alone(
        "an agent's file that names no session",
        said(1, isSidechain=True, sessionId=OTHER_SESSION),
        rows=[row(1, session=OTHER_SESSION, **SIDE)],
        classes={"usage": 1},
        file="-home-jane-atlas/agent-abc1234.jsonl",
    ),
]
