"""Lines that are no part of the conversation, as real logs have them between its parts."""

from __future__ import annotations

from collections.abc import Callable

from analysis.synth import lines, shapes
from analysis.synth.session import Session


def stray(session: Session) -> None:
    """Log one such line, now and then."""
    if session.dice.chance(shapes.STRAY):
        session.dice.choice(_KINDS)(session)


def _mode(session: Session) -> None:
    session.log.note(type="permission-mode", permissionMode="default", sessionId=session.id)


def _queue(session: Session) -> None:
    about = {"timestamp": lines.stamp(session.now), "sessionId": session.id, "content": "lorem"}
    session.log.note(type="queue-operation", operation="enqueue", **about)


def _attachment(session: Session) -> None:
    session.log.say("attachment", None, session.now, "other", attachment={"type": "hook_success"})


def _meta(session: Session) -> None:
    session.log.say("user", lines.person(lines.filler(60)), session.now, "other", isMeta=True)


_KINDS: tuple[Callable[[Session], None], ...] = (_mode, _queue, _attachment, _meta)
