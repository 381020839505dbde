"""Logs that have each peculiarity by which ccusage 20.0.24 counts otherwise than we do."""

import json
import random

from lines import OTHER_SESSION, SESSION, answer, dump, progress, prompt, usage, write_log

ATLAS = "-home-jane-atlas"
GATEWAY = {"message_more": {"id": "gateway"}}
SPLIT = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 40}
#: The tokens of a line without words of its own: input, output, write, read.
LINE = (3, 10, 100, 1_000)


def without(made, *keys):
    """A line without some keys."""
    return {key: value for key, value in made.items() if key not in keys}


def spaced(made):
    return json.dumps(made).encode() + b"\n"


def glued(*made):
    return b"".join(dump(one).rstrip(b"\n") for one in made) + b"\n"


def logs(root):
    """Write them below a `projects` folder."""
    main, side = f"{ATLAS}/{SESSION}.jsonl", f"{ATLAS}/{SESSION}/subagents/agent-abc1234.jsonl"
    sub = {"isSidechain": True, "agentId": "abc1234"}
    half = dump(answer(12, content=[{"type": "text", "text": "HALF"}])).replace(b"HALF", b"\\ud83d")
    compaction = {"type": "compaction", **usage(70, inputs=7, write=0, read=0)}
    advisor = {"type": "advisor_message", "model": "claude-opus-4-7"}
    write_log(root / ATLAS / "a-mark.jsonl", b"\xef\xbb\xbf" + dump(answer(1)), answer(2, 1))
    write_log(
        root / main,
        prompt(),
        spaced(answer(3)),
        answer(4, requestId=None),
        answer(5, message_more={"model": None}),
        answer(6, content=[{"type": "tool_use", "name": "Read", "input": {"id": None}}]),
        half,
        glued(answer(13), answer(14)),
        answer(15, used=usage(iterations=[compaction])),
        answer(16, used=usage(iterations=[advisor | usage(20, inputs=5, write=0, read=0)])),
        progress(17),
        answer(18, version="of my own"),
        answer(19, used=usage(cache_creation=SPLIT)),
        answer(20, type="user"),
        answer(21),
        answer(21, 1, requestId="req_another00000001"),
        without(answer(22), "requestId"),
        without(answer(22, 2), "requestId"),
        answer(23),
        answer(24, **GATEWAY),
        answer(24, 3, **GATEWAY),
        answer(25, used=usage(10, read=5_000)),
        answer(25, 4, used=usage(20, read=1)),
        answer(26, used=usage(server_tool_use={"web_search_requests": 3})),
        answer(27, used=usage(inference_geo="us")),
        answer(28, costUSD=5),
        answer(29),
        answer(29, 5),
    )
    write_log(root / ATLAS / f"{OTHER_SESSION}.jsonl", answer(29, 5, sessionId=OTHER_SESSION))
    write_log(root / side, answer(23, requestId="req_replayed0000001", **sub), answer(30, 7, **sub))
    return root


def times(count, *more):
    """So many lines, and something more."""
    plain = (count * tokens for tokens in LINE)
    return tuple(a + sum(b) for a, *b in zip(plain, *more, strict=True))


#: What each rule adds in either report, in tokens, by hand.
BOTH = {
    "bom": times(-1),
    "spaced": times(-1),
    "null": times(-3),
    "damaged": times(-2),
    "iterations": (-7, -70, 0, 0),
    "values": times(-1),
    "split": (0, 0, -60, 0),
    "others": times(1),
    "other-ids": times(-1),
    "choice": (0, -10, 0, 4_999),
}
RULES = {
    "session": BOTH | {"progress": times(-1), "request-key": times(2), "replays": times(-1)},
    "daily": BOTH
    | {"text": times(-1), "request-key": times(2), "no-request-id": times(1), "replays": times(-1)},
}


def worlds(root, count):
    """Write logs in which copies, ids, sessions and damage meet at random, many times over."""
    for world in range(count):
        dice = random.Random(world)
        sessions = [f"{side}0000000-0000-4000-8000-{world:012d}" for side in (1, 2)]
        for log in range(dice.randint(1, 4)):
            session = dice.choice(sessions)
            places = (f"{session}", f"{session}/subagents/agent-a{log}", f"agent-{world:x}b{log}")
            path = root / f"{ATLAS}-{dice.choice('xy')}" / f"{dice.choice(places)}.jsonl"
            write_log(path, *(met(dice, world, sessions) for _ in range(dice.randint(1, 8))))


def met(dice, world, sessions):
    """One line of a world: few ids, so that they meet."""
    number = 10 * world + dice.randint(1, 3)
    used = usage(dice.choice((10, 10, 20, 30)), read=dice.choice((5, 70, 1_000)))
    used |= dice.choice(({}, {}, {}, {"cache_creation": dice.choice(({}, SPLIT, None))}))
    of = {"sessionId": dice.choice(sessions), "isSidechain": dice.choice((False, False, True))}
    of |= {"requestId": dice.choice((f"req_{number}", f"req_{world}a", f"req_{world}b"))}
    made = answer(number, dice.randint(0, 2), used=used, **of)
    if not dice.randrange(5):
        made["message"]["id"] = f"gateway-{world}"
    made = without(made, *(key for key in of if not dice.randrange(5)))
    if not dice.randrange(7):
        nested = without(made, "sessionId", "isSidechain", "version")
        made = progress(number, nested=nested, sessionId=sessions[0])
    return dice.choice((*[dump] * 18, spaced, glued))(made)
