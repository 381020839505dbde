"""What no simulation of a healthy client gives: damage, errors, a missing id, an unpriced model."""

from __future__ import annotations

import datetime as dt
import os

from analysis.synth import lines
from analysis.synth.eras import GATEWAY
from analysis.synth.session import Session


def scar(session: Session) -> None:
    """Write one session's log with blank, glued and cut lines, an error and an unknown model."""
    truth, log = session.world.truth, session.log
    session.prompt()
    session.ask(ends=True)
    session.now += dt.timedelta(seconds=40)
    session.prompt()
    session.model = GATEWAY
    session.ask(ends=True)
    log.lines[-1][1].pop("requestId")  # as a gateway may not pass it on
    session.refuse("Please run /login", error="authentication_failed")
    log.say("user", lines.person(lines.filler(80)), session.now, "event")
    last = lines.dump(log.lines[-1][1])
    glued = lines.dump({"type": "summary", "summary": "lorem", "leafUuid": session.dice.uuid()})
    log.save(truth)
    with log.path.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)  # the last line's end
        truth.bytes += stream.write(f"{glued}\n\n{last[:-40]}\n".encode()) - 1
    truth.lines.update({"blank": 1, "rejected": 1})
    truth.extra_records += 1
