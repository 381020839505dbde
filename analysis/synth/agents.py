"""A subagent: a chain of its own, logged where the version of the client logs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from analysis.synth import lines, shapes
from analysis.synth.chain import Chain
from analysis.synth.eras import HAIKU
from analysis.synth.lines import Transcript
from analysis.synth.session import Said, Session
from analysis.synth.tools import result


def run(session: Session) -> Iterator[dt.datetime]:
    """Simulate a subagent while the main chain waits for it; its cache entries live five minutes.

    Some versions log it in the project's folder, later ones below the session's; some repeat it
    in progress lines of the session's own log, and some log it only there.
    """
    dice, where, shape = session.dice, session.era.subagents, session.world.shape
    agent = f"a{dice.hexadecimal(7)}"
    folder = session.log.path.parent
    if "root" not in where:
        folder = folder / session.id / "subagents"
    own = Transcript(
        dice,
        folder / f"agent-{agent}.jsonl",
        session.log.session,
        session.log.version,
        session.log.cwd,
        agent,
        session.log.more,
    )
    chain = Chain(dice, int(dice.mix(shapes.AGENT_BASE)))
    model = HAIKU if dice.chance(0.4) else session.model
    only_progress = where == ("progress",)
    own.say("user", lines.person(lines.filler(300)), session.now, "other")
    steps = max(2, round(dice.mix(shapes.AGENT_STEPS) * shape.agent_steps))
    for step in range(steps):
        yield from session.ready()
        ends = step == steps - 1
        said = session.request(
            chain, model, ends=ends, hour=False, sidechain=True, progress=only_progress
        )
        for message, at in said.lines:
            own.say("assistant", message, at, "usage", requestId=said.request)
            if "progress" in where:
                _repeat(session, agent, message, at, said.request)
        _results(session, own, said, chain)
    if not only_progress:
        own.save(session.world.truth)


def _results(session: Session, own: Transcript, said: Said, chain: Chain) -> None:
    for tool in said.tools:
        session.now += session.seconds(session.dice.mix(shapes.AGENT_TOOL))
        tokens = int(session.dice.mix(shapes.AGENT_RESULT)) + 1
        block = result(tool, tokens, failed=False, full=session.world.shape.full)
        own.say("user", lines.person([block]), session.now, "other")
        chain.context += tokens


def _repeat(
    session: Session, agent: str, message: dict[str, Any], at: dt.datetime, request: str
) -> None:
    nested: dict[str, Any] = {
        "type": "assistant",
        "uuid": session.dice.uuid(),
        "timestamp": lines.stamp(at),
    }
    nested |= {"requestId": request, "message": message}
    data = {"type": "agent_progress", "agentId": agent, "message": nested}
    session.log.say("progress", None, at, "usage", data=data)
