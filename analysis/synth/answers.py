"""What a model says in one answer, and what the client logs of its length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from analysis.synth import shapes
from analysis.synth.dice import Dice
from analysis.synth.eras import Era
from analysis.synth.lines import filler, tool_id


@dataclass(frozen=True)
class Answer:
    """An answer: its blocks, each block's share of the tokens, and its true output tokens."""

    blocks: list[dict[str, Any]]
    seconds: list[float]
    output: int
    stop: str


def answer(dice: Dice, era: Era, *, ends: bool) -> Answer:
    """Draw an answer; one that ends a turn calls no tool."""
    share, length = era.thinking
    blocks: list[tuple[str, float]] = []
    if dice.chance(share):
        blocks.append(("signature", dice.mix(length)))
    if ends or dice.chance(shapes.SAYS):
        blocks.append(("text", dice.mix(shapes.CONCLUDED if ends else shapes.SAID)))
    for _ in range(0 if ends else 1 + dice.weighted(shapes.CALLS)):
        blocks.append(("tool", max(dice.mix(shapes.CALLED), 30)))
    tokens = [chars / shapes.CHARS[kind] + shapes.BLOCK_TOKENS for kind, chars in blocks]
    noise = math.exp(shapes.NOISE * dice.normal())
    output = int((math.fsum(tokens) + shapes.MESSAGE_TOKENS) * noise)
    made = [block(dice, kind, chars, told=era.says_thinking) for kind, chars in blocks]
    seconds = [t / shapes.TOKENS_A_SECOND for t in tokens]
    return Answer(made, seconds, output, "end_turn" if ends else "tool_use")


def block(dice: Dice, kind: str, chars: float, *, told: bool = False) -> dict[str, Any]:
    """Make one block of content with as many characters."""
    if kind == "text":
        return {"type": "text", "text": filler(chars)}
    if kind == "tool":
        name, key = shapes.TOOLS[dice.weighted(shapes.TOOL_CALLS)]
        inside = {key: filler(chars - len(f'{{"{key}":""}}'))}
        return {"type": "tool_use", "id": tool_id(dice), "name": name, "input": inside}
    thought = filler(chars / shapes.CHARS["signature"] * shapes.THINKING_CHARS) if told else ""
    signed = filler(4 * round(chars / 4))  # base64 comes in fours
    return {"type": "thinking", "thinking": thought, "signature": signed}


def logged(
    counts: str, output: int, lines: int, dice: Dice, *, sidechain: bool
) -> tuple[list[int], bool]:
    """Return the output counts a client logs on the lines of one answer, and whether it ended.

    Parameters
    ----------
    counts
        An era's way.
    sidechain
        Whether a subagent said it: from 2.1.97 its last line alone has the final count.
    """
    first = min(dice.integer(1, 8), output)
    early, luck = [first] * (lines - 1), dice.uniform()
    if counts == "final" and not sidechain:
        return [output] * lines, True
    if counts == "final" or (counts == "last" and luck < 0.95):
        return [*early, output], True
    if counts == "half" and luck < 0.5:
        return [*early, output], dice.chance(0.25)
    if counts == "third" and luck < 1 / 3:
        return [*early, output], False
    return [*early, first], False
