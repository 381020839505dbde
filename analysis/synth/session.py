"""One session: a person asks, a model answers and calls tools, and the client logs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from analysis.synth import eras, lines, shapes
from analysis.synth.answers import answer, logged
from analysis.synth.chain import Chain
from analysis.synth.dice import Dice
from analysis.synth.eras import Era
from analysis.synth.lines import Transcript
from analysis.synth.quota import Quota
from analysis.synth.shapes import Shape
from analysis.synth.truth import Limit, ModelChange, Rebuild, Truth

ZONE = ZoneInfo("Europe/London")  # of the clock that the client shows


@dataclass
class World:
    """What sessions share: where they are logged, their sizes, a quota and the truth."""

    projects: Path
    shape: Shape
    truth: Truth
    quota: Quota


@dataclass(frozen=True)
class Mark:
    """A prompt that a rewind or a fork can go back to."""

    line: int
    parent: str | None
    context: int


@dataclass(frozen=True)
class Said:
    """One answer as logged: a message and its time for each line."""

    lines: list[tuple[dict[str, Any], dt.datetime]]
    request: str
    tools: list[str]


class Session:
    """A session being simulated; `now` is its clock."""

    def __init__(
        self, world: World, era: Era, version: str, project: str, begun: dt.datetime, dice: Dice
    ) -> None:
        self.world, self.era, self.project = world, era, project
        self.now, self.dice = begun, dice
        self.id = dice.uuid()
        self.model = era.models[0] if dice.chance(0.8) else era.models[1]
        self.base = int(dice.mix(shapes.BASE))
        warm = dice.chance(shapes.SHARED_WARM)
        self.chain = Chain(dice, self.base, shared=shapes.SHARED if warm else 0)
        folder = world.projects / project
        cwd = "/" + project[1:].replace("-", "/")
        more = {"slug": f"lorem-ipsum-{dice.hexadecimal(6)}", "entrypoint": "cli"}
        more = {key: value for key, value in more.items() if key in era.keys}
        path = folder / f"{self.id}.jsonl"
        self.log = Transcript(dice, path, self.id, version, cwd, more=more)
        self.marks: list[Mark] = []
        self.clean = True  # nothing yet that a copy of the log would say twice

    def start(self) -> None:
        """Log what stands before the first prompt."""
        if "root" in self.era.subagents:
            said = {"summary": lines.filler(40), "leafUuid": self.dice.uuid()}
            self.log.note(type="summary", **said)

    def prompt(self) -> None:
        """Log a human prompt."""
        chars = int(self.dice.mix(shapes.PROMPT)) + 1
        self.marks.append(Mark(len(self.log.lines), self.log.parent, self.chain.context))
        files: dict[str, Any] = {"messageId": self.dice.uuid(), "snapshot": {}}
        self.log.note(type="file-history-snapshot", **files, isSnapshotUpdate=False)
        self.log.say("user", lines.person(lines.filler(chars)), self.now, "event")
        self.chain.context += int(chars / shapes.CHARS["text"]) + 1

    def steps(self) -> int:
        """Draw how many requests answer a prompt."""
        return max(1, round(self.dice.mix(self.world.shape.requests)))

    def ready(self) -> Iterator[dt.datetime]:
        """Wait for one's turn among all sessions and, where the quota is spent, for its reset."""
        yield self.now
        while resets := self.world.quota.resets(self.now):
            self.world.truth.limits.append(Limit(self.now, self.id, resets))
            hour = f"{resets.astimezone(ZONE):%I%p}".lstrip("0").lower()
            self.refuse(f"You've hit your limit · resets {hour} ({ZONE})", error="rate_limit")
            self.clean = False
            self.now = resets + self.seconds(self.dice.uniform() * 1800)
            yield self.now

    def refuse(self, words: str, *, failed: bool = True, **more: Any) -> None:
        """Log what the client says in the model's name."""
        said = lines.refusal(self.dice.uuid(), words, self.era.keys)
        self.log.say("assistant", said, self.now, "synthetic", isApiErrorMessage=failed, **more)

    def ask(self, *, ends: bool) -> Said:
        """Make one request on the main chain and log its answer."""
        if self.dice.chance(shapes.API_ERROR):
            self.fail()
        hour = eras.hour(self.project, self.now)
        said = self.request(self.chain, self.model, ends=ends, hour=hour, sidechain=False)
        for message, at in said.lines:
            self.log.say("assistant", message, at, "usage", requestId=said.request)
        return said

    def fail(self) -> None:
        """Log an API error and the wait before the next try."""
        wait = 5 + 30 * self.dice.uniform()
        about: dict[str, Any] = {"level": "error", "error": {"status": 529}}
        about |= {"retryInMs": wait * 1000, "retryAttempt": 1, "maxRetries": 10}
        self.log.say("system", None, self.now, "event", subtype="api_error", **about)
        self.now += self.seconds(wait)

    def request(
        self,
        chain: Chain,
        model: str,
        *,
        ends: bool,
        hour: bool,
        sidechain: bool,
        progress: bool = False,
    ) -> Said:
        """Make one request: move the clock, spend the quota, note the truth."""
        truth, sent, before = self.world.truth, self.now, chain.model
        tokens, cause = chain.ask(sent, model, hour=hour)
        made = answer(self.dice, self.era, ends=ends)
        counts, final = logged(
            self.era.counts, made.output, len(made.blocks), self.dice, sidechain=sidechain
        )
        message, request = lines.message_id(self.dice), lines.request_id(self.dice)
        self.now += self.seconds(shapes.LEAST_WAIT + self.dice.mix(shapes.WAIT))
        said = []
        for block, count, seconds in zip(made.blocks, counts, made.seconds, strict=True):
            self.now += self.seconds(seconds)
            ended = final and (block is made.blocks[-1] or count == made.output)
            used = lines.usage(tokens, count, hour=hour, keys=self.era.keys)
            stop = made.stop if ended else None
            body = lines.body(model, message, [block], stop, used, self.era.keys)
            said.append((body, self.now))
        self.world.quota.spend(sent, tokens, made.output)
        chain.context += made.output
        truth.outputs[message] = made.output
        if cause:
            truth.rebuilds.append(Rebuild(said[0][1], self.id, tokens["write"], cause))
        if before not in ("", model):
            truth.model_changes.append(ModelChange(said[0][1], self.id, model))
            self.clean = False
        truth.requests += not progress
        truth.progress_requests += progress
        totals = truth.progress_tokens if progress else truth.tokens
        lines.tally(totals, lines.usage(tokens, max(counts), hour=hour))
        return Said(said, request, [b["id"] for b in made.blocks if b["type"] == "tool_use"])

    def seconds(self, number: float) -> dt.timedelta:
        """Return a span in whole milliseconds, as logs have them."""
        return dt.timedelta(milliseconds=round(number * 1000))

    def branch(self, mark: Mark, *, renamed: bool) -> Session:
        """Begin a session whose log repeats this one's lines up to a mark."""
        child = Session(self.world, self.era, self.log.version, self.project, self.now, self.dice)
        name = child.id if renamed else self.id
        if renamed:
            self.world.truth.resumes.append((self.id, child.id))
        child.log.lines = [
            (counted, line | {"sessionId": name} if "sessionId" in line else line)
            for counted, line in self.log.lines[: mark.line]
        ]
        child.log.parent, child.model, child.base = mark.parent, self.model, self.base
        child.chain = replace(self.chain)
        child.chain.shrink(mark.context, mark.context)
        self.world.truth.forks += 1
        return child
