"""How sessions go: turns, pauses, and the rare things that happen between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from analysis.synth import agents, lines, shapes, tools
from analysis.synth.session import Session
from analysis.synth.strays import stray
from analysis.synth.truth import Compaction

#: What is planted in sessions, one after the other; the rest is left to chance.
RARE = (
    frozenset({"agent", "fill"}),
    frozenset({"compact", "interrupt"}),
    frozenset({"fork"}),
    frozenset({"rewind"}),
    frozenset({"model", "fail"}),
    frozenset({"expire"}),
    frozenset({"resume"}),
)


#: A window that nobody fills in a session or two.
LARGE = 200_000


def planted(number: int, spacing: int) -> frozenset[str]:
    """Return what is planted in a session, by its number in its era."""
    return frozenset() if not spacing or number % spacing else RARE[number // spacing % len(RARE)]


def play(session: Session, rare: frozenset[str]) -> Iterator[dt.datetime]:
    """Simulate a session and write its log; yields the time of each request before it is made."""
    yield session.now
    session.start()
    when = 2 if "rewind" in rare else 1  # the turn of the rare thing; one goes back two prompts
    turns = max(when + 1 if rare else 1, round(session.dice.mix(session.world.shape.turns)))
    for number in range(turns):
        planned = rare if number == when else frozenset()
        if number:
            _between(session, planned)
        yield from turn(session, planned)
    copied = session.clean and ("fork" in rare or ("resume" in rare and _copies(session)))
    if copied and len(session.marks) > 1:
        session.now += session.seconds(10_800 if "resume" in rare else 90)
        child = session.branch(session.marks[-1], renamed="resume" in rare)
        session.log.save(session.world.truth)
        for number in range(2):
            if number:
                _between(child, frozenset())
            yield from turn(child, frozenset())
        session = child
    session.log.save(session.world.truth)


def turn(session: Session, rare: frozenset[str]) -> Iterator[dt.datetime]:
    """Simulate a prompt and the requests that answer it."""
    dice, begun = session.dice, session.now
    stray(session)
    session.prompt()
    steps = max(session.steps(), 2 if rare else 1)
    fills = "fill" in rare and session.era.window < LARGE
    if fills:
        steps += 2 + (session.era.window - session.chain.context) // shapes.RESULT_MOST
    interrupted = "interrupt" in rare or (not rare and dice.chance(shapes.INTERRUPTED))
    for step in range(steps):
        ends = step == steps - 1
        if session.chain.context > session.era.window:
            compact(session, "auto")
        if "fail" in rare and step == 0:
            session.fail()
        yield from session.ready()
        said = session.ask(ends=ends)
        if interrupted and not ends:
            stopped = [{"type": "text", "text": "[Request interrupted by user]"}]
            session.log.say("user", lines.person(stopped), session.now, "event")
            return
        if step == 0 and not ends and ("agent" in rare or dice.chance(session.world.shape.agents)):
            yield from agents.run(session)
        tools.results(session, said, long=fills)
    spent = int((session.now - begun).total_seconds() * 1000)
    session.log.say("system", None, session.now, "other", subtype="turn_duration", durationMs=spent)


def _between(session: Session, rare: frozenset[str]) -> None:
    """Let the person be away, and then change how the session goes on."""
    dice = session.dice
    away = dice.mix(shapes.AWAY)
    if "expire" in rare or ("resume" in rare and not _copies(session)):
        away = 5_000 + 60_000 * ("resume" in rare) + 900 * dice.uniform()
    session.now += session.seconds(away)
    if "resume" in rare:
        session.refuse("No response requested.", failed=False)
    if "compact" in rare:
        said = lines.person("<command-name>/compact</command-name>")
        session.log.say("user", said, session.now, "other")
        compact(session, "manual")
    if "rewind" in rare and len(session.marks) > 1:
        rewind(session)
    if "model" in rare:
        said = lines.person("<command-name>/model</command-name>")
        session.log.say("user", said, session.now, "other")
        session.model = next(m for m in session.era.models if m != session.model)


def _copies(session: Session) -> bool:
    """Tell whether this version resumes a session in a new file, as old ones did."""
    return "root" in session.era.subagents


def compact(session: Session, trigger: str) -> None:
    """Log a compaction; the request that summarises is in no log."""
    dice, before = session.dice, session.chain.context
    session.now += session.seconds(dice.mix(shapes.COMPACTING))
    about = {"trigger": trigger, "preTokens": before}
    last, session.log.parent = session.log.parent, None
    session.log.say(
        "system",
        None,
        session.now,
        "event",
        subtype="compact_boundary",
        logicalParentUuid=last,
        compactMetadata=about,
    )
    tokens = int(dice.mix(shapes.SUMMARY))
    chars = shapes.RESULT_CHARS * tokens if session.world.shape.full else 600
    said = lines.person(lines.filler(chars))
    session.log.say("user", said, session.now, "other", isCompactSummary=True)
    session.world.truth.compactions.append(Compaction(session.now, session.id, trigger, before))
    session.chain.shrink(session.base + tokens, session.base)
    session.chain.used = session.now  # the summary was asked for on the same prefix
    session.marks.clear()
    session.clean = False


def rewind(session: Session) -> None:
    """Go back to an earlier prompt: the next line's parent is an old one."""
    mark = session.marks.pop()
    session.log.parent = mark.parent
    session.chain.shrink(mark.context, mark.context)
    session.world.truth.rewinds += 1
