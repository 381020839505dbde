"""The write-up's session: its published totals, on a path that is simulated.

Nobody but its author has the session's log. This one has the same number of requests and the same
totals of every token class, and the cache mechanics that they must have obeyed.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from analysis.synth import lines, shapes
from analysis.synth.answers import block
from analysis.synth.dice import Dice
from analysis.synth.folder import MARK, clear
from analysis.synth.lines import Transcript
from analysis.synth.truth import Truth

KIND = "reconstruction"
VERSION = "2.1.77"  # of that week, and of an era of which nobody knows whether counts are final
BASE = 38_000  # tokens of the first prompt, and
EXPIRIES = 6  # prompts rebuilt: what the totals leave over for a shared prefix is then plausible
APART = 12  # requests that an expiry stands off an even spacing, at most
TURN = 7  # requests a prompt
_BEGUN = dt.time(9, 4)


def write(root: Path, seed: int, known: dict[str, Any] | None = None) -> None:
    """Write the session under `root/projects`, replacing it.

    `known` is what is published of it, by default the row of `data/raw/facts`; reading that takes
    more than the standard library.

    With S the prompt that the cache holds after a request, a request reads the S before it and
    writes what is new, or after an expiry a shared prefix and all the rest. So all writes are the
    last S and what expiries rebuilt, and all reads are the other S less that: given both totals
    and a first prompt, the last S follows, and with it what expiries rebuilt.
    """
    if known is None:
        from analysis.facts import case

        known = case("session").row(0, named=True)
    dice, number = Dice(seed, KIND), known["requests"]
    inputs = _split(known["input_tokens"], [dice.choice(shapes.INPUT) for _ in range(number)])
    outputs = _split(known["output_tokens"], [dice.mix(((1.0, 90.0, 0.6),)) for _ in range(number)])
    growth = [o + dice.mix(((1.0, 300.0, 0.9),)) for o in outputs[:-1]]
    held = _held(known["read_tokens"] + known["write_tokens"], growth)
    rebuilt = [
        (2 * n + 1) * number // (2 * EXPIRIES) + dice.integer(-APART, APART)
        for n in range(EXPIRIES)
    ]
    over = sum(held[n - 1] for n in rebuilt) - (known["write_tokens"] - held[-1])
    shared = dict(zip(rebuilt, _split(over, [1.0] * EXPIRIES), strict=True))
    assert 0 < max(shared.values()) < BASE, "no shared prefix fits these totals"
    reads = [shared.get(n, held[n - 1] if n else 0) for n in range(number)]
    tokens = [
        {"input": i, "write": s - r, "read": r} for i, s, r in zip(inputs, held, reads, strict=True)
    ]
    day = dt.datetime.combine(known["price_day"], _BEGUN, dt.UTC)
    clear(root)
    _log(root / "projects", dice, known["model"], day, tokens, outputs, set(rebuilt))


def _split(total: int, weights: Sequence[float]) -> list[int]:
    """Split a total into integers, nearly in proportion to weights."""
    scale = total / math.fsum(weights)
    ends = [0, *(round(at * scale) for at in accumulate(weights))]
    return [after - before for before, after in pairwise(ends)]


def _held(total: int, growth: list[float]) -> list[int]:
    """Return what the cache holds after each request: it grows, and all of it sums to a total."""
    shares = [0.0, *(at / math.fsum(growth) for at in accumulate(growth))]
    rise = (total - BASE * len(shares)) / math.fsum(shares)
    held = [round(BASE + rise * share) for share in shares]
    missing = total - sum(held)  # of rounding, less than one each
    for n in range(1, abs(missing) + 1):
        held[n] += 1 if missing > 0 else -1
    return held


def _log(
    projects: Path,
    dice: Dice,
    model: str,
    now: dt.datetime,
    tokens: list[dict[str, int]],
    outputs: list[int],
    rebuilt: set[int],
) -> None:
    """Write the log: prompts, tool results, and one line a request, so that all policies agree."""
    session = dice.uuid()
    path = projects / f"{MARK}{KIND}" / f"{session}.jsonl"
    log = Transcript(dice, path, session, VERSION, f"/home/sample/{KIND}")
    tools: list[str] = []
    for number, (used, output) in enumerate(zip(tokens, outputs, strict=True)):
        asked = number % TURN == 0 or number in rebuilt
        away = 0.5 + 20 * dice.uniform() ** 3  # a tool's time
        if asked:
            away = 480 + 1500 * dice.uniform() if number in rebuilt else 10 + 120 * dice.uniform()
        now += dt.timedelta(milliseconds=round(away * 1000) + 2000 + 1000 * output // 75)
        if asked:
            log.say("user", lines.person(lines.filler(80)), now, "event")
        for tool in [] if asked else tools:
            content = [{"type": "tool_result", "tool_use_id": tool, "content": lines.filler(20)}]
            log.say("user", lines.person(content), now, "other")
        ends = (number + 1) % TURN == 0 or number + 1 in rebuilt
        tools, part = [], block(dice, *_length(output, ends=ends))
        if not ends:
            tools = [lines.tool_id(dice, KIND)]
            part["id"] = tools[0]
        said = lines.body(
            model,
            lines.message_id(dice, KIND),
            [part],
            "end_turn" if ends else "tool_use",
            lines.usage(used, output, hour=False),
        )
        log.say("assistant", said, now, "usage", requestId=lines.request_id(dice, KIND))
    log.save(Truth())


def _length(output: int, *, ends: bool) -> tuple[str, float]:
    """Return a block's kind and characters, so that they predict tokens as those of real logs."""
    kind = "text" if ends else "tool"
    return kind, max(output - shapes.MESSAGE_TOKENS - shapes.BLOCK_TOKENS, 0) * shapes.CHARS[kind]
