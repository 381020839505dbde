"""Tools that an answer calls: the time they take, and what they return."""

from __future__ import annotations

from typing import Any

from analysis.synth import lines, shapes
from analysis.synth.session import Said, Session

#: A line of a log and its class.
Logged = tuple[str, dict[str, Any]]


def results(session: Session, said: Said, *, long: bool = False) -> None:
    """Log what the tools that an answer called return; `long` results are as long as may be."""
    dice, shape = session.dice, session.world.shape
    for tool in said.tools:
        if "progress" in session.era.subagents and dice.chance(shapes.TOOL_PROGRESS):
            about = {"type": "bash_progress", "elapsedTimeSeconds": 2}
            session.log.say("progress", None, session.now, "other", data=about, toolUseID=tool)
        session.now += session.seconds(dice.mix(shapes.TOOL))
        drawn = int(dice.mix(shapes.RESULT) * shape.growth) + 1
        tokens = shapes.RESULT_MOST if long else min(drawn, shapes.RESULT_MOST)
        failed = dice.chance(shapes.TOOL_ERROR)
        block = result(tool, tokens, failed, full=shape.full)
        more = _repeated(tokens, lines.filler(dice.mix(shapes.FILE))) if shape.full else {}
        counted = "event" if failed else "other"
        session.log.say("user", lines.person([block]), session.now, counted, **more)
        session.chain.context += tokens
    if len(said.tools) > 1 and dice.chance(shapes.INTERLEAVED):
        _interleave(session.log.lines, said.tools)


def _interleave(logged: list[Logged], tools: list[str]) -> None:
    """Put each result but the last behind its call, before the answer's later lines.

    The client logs a block when it is complete and a result when it is there, so that one answer's
    lines lie among results, and a line's time may be before that of the line above it.
    """
    for tool in tools[:-1]:
        counted, line = logged.pop(_place(logged, "tool_use_id", tool))
        called = _place(logged, "id", tool)
        logged.insert(called + 1, (counted, line | {"parentUuid": logged[called][1]["uuid"]}))


def _place(logged: list[Logged], key: str, tool: str) -> int:
    """Return where the last line stands whose first block has a tool call's id under a key."""
    for place in range(len(logged) - 1, -1, -1):
        content = logged[place][1].get("message", {}).get("content")
        if isinstance(content, list) and content[0].get(key) == tool:
            return place
    raise KeyError(tool)


def result(tool: str, tokens: int, failed: bool, *, full: bool) -> dict[str, Any]:
    """Return a tool's result; short where only its tokens matter."""
    said = {"type": "tool_result", "tool_use_id": tool}
    content = lines.filler(shapes.RESULT_CHARS * tokens if full else 40)
    return said | {"content": content} | ({"is_error": True} if failed else {})


def _repeated(tokens: int, file: str) -> dict[str, Any]:
    """Return what the client logs beside a tool's result: it again, and a file's content."""
    content = lines.filler(shapes.RESULT_CHARS * tokens)
    return {"toolUseResult": {"content": content, "originalFile": file}}
