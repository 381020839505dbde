"""Seeded logs in the real format, with totals known by construction: the sample and the tests.

A session is simulated as the API would see it: a context that grows, a cache that lives five
minutes or an hour, pauses, compactions. What the client then logs depends on its version: some
logged a placeholder where the output count belongs. Every id starts with `msg_synthetic`, so that
no table made from these logs can pass for a real one.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEED = 20260325  # the day of the technical write-up


@dataclass(frozen=True)
class Era:
    """A stretch of client versions that log output in one way."""

    version: str
    begins: dt.date
    counts: str  # placeholder, growing, last or final
    models: tuple[str, ...]
    hour: bool  # whether the main chain writes one-hour cache entries
    subagents: tuple[str, ...]  # where they are logged: root, folder, progress


ERAS = (
    Era("2.1.5", dt.date(2026, 1, 12), "growing", ("claude-opus-4-5-20251101",), False, ("root",)),
    Era(
        "2.1.19",
        dt.date(2026, 1, 24),
        "placeholder",
        ("claude-opus-4-5-20251101",),
        True,
        ("folder", "progress"),
    ),
    Era("2.1.37", dt.date(2026, 2, 9), "growing", ("claude-opus-4-6",), True, ("progress",)),
    Era(
        "2.1.85",
        dt.date(2026, 3, 27),
        "last",
        ("claude-opus-4-6", "claude-sonnet-4-6"),
        True,
        ("folder",),
    ),
    Era("2.1.112", dt.date(2026, 4, 17), "final", ("claude-opus-4-7",), True, ("folder",)),
)
PROJECTS = ("-home-sample-atlas", "-home-sample-borealis", "-home-sample-cumulus")
SESSIONS_PER_ERA = 3
WINDOW = 160_000  # tokens at which the client compacts
BASE = 17_000  # tokens of a system prompt with its tools
CHARS = {"text": 3.3, "tool": 2.5, "signature": 3.6}  # characters a token, as real logs have them


@dataclass
class Truth:
    """What was simulated, whatever the logs say of it.

    `tokens` are a right reader's totals (`progress_tokens` more with agent progress), `output` is
    what the model truly produced, and `lines` counts the lines of each class.
    """

    requests: int = 0
    progress_requests: int = 0
    output: int = 0
    expiries: int = 0
    compactions: int = 0
    extra_records: int = 0
    tokens: Counter[str] = field(default_factory=Counter)
    progress_tokens: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)


def write(root: Path, seed: int = SEED, sessions: int = SESSIONS_PER_ERA) -> Truth:
    """Write logs under `root/projects`, replacing what is there, and return the truth.

    Parameters
    ----------
    root
        A folder that is a config directory to the loader.
    seed
        The same seed writes the same bytes.
    sessions
        How many sessions an era has.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     truth = write(Path(folder), sessions=1)
    >>> truth.lines["rejected"], truth.extra_records
    (1, 1)
    """
    shutil.rmtree(root / "projects", ignore_errors=True)
    rng = random.Random(seed)
    truth = Truth()
    for era in ERAS:
        for number in range(sessions):
            begun = dt.datetime.combine(era.begins, dt.time(9, 7), dt.UTC)
            begun += dt.timedelta(days=2 * number, minutes=rng.randrange(90))
            project = PROJECTS[(number + ERAS.index(era)) % len(PROJECTS)]
            _Session(rng, era, truth, root / "projects" / project, begun).play()
    _scars(rng, root / "projects", truth)
    return truth


@dataclass
class _Session:
    """One session being simulated."""

    rng: random.Random
    era: Era
    truth: Truth
    folder: Path
    now: dt.datetime
    lines: list[dict[str, Any]] = field(default_factory=list)
    parent: str | None = None

    def play(self) -> None:
        self.id = _uuid(self.rng)
        warm = self.rng.random() < 0.25  # goes on from a long session, its cache still alive
        context = cached = BASE + 120_000 * warm
        used = self.now - dt.timedelta(days=0 if warm else 1)
        lifetime = dt.timedelta(hours=1) if self.era.hour else dt.timedelta(minutes=5)
        model = self.rng.choice(self.era.models)
        for turn in range(self.rng.randint(3, 5)):
            self.pause(turn)
            asked = self.rng.randint(40, 900)
            self.say("user", {"role": "user", "content": _filler(asked)})
            self.truth.lines["event"] += 1
            context += asked // 3
            for step in range(self.rng.randint(2, 4)):
                if context > WINDOW:
                    context = cached = self.compact(context)
                expired = self.now - used > lifetime
                self.truth.expiries += expired and turn > 0
                read = 0 if expired else cached
                output = int(self.rng.lognormvariate(5.5, 0.8)) + 20
                self.answer(model, read, context - read, output, step)
                used, cached = self.now, context
                context += output + self.result()
        if self.rng.random() < 0.7:
            self.subagent(model)
        self.save(self.folder / f"{self.id}.jsonl", self.lines)

    def pause(self, turn: int) -> None:
        away = self.rng.choice((20, 45, 90, 150, 400, 900, 4_500)) if turn else 0
        self.now += dt.timedelta(seconds=away + self.rng.random() * 10)

    def answer(self, model: str, read: int, write: int, output: int, step: int) -> None:
        """Log one answer, a line a block, as this version of the client counts it."""
        self.now += dt.timedelta(seconds=2 + output / 60)
        message, request = _message_id(self.rng), _request_id(self.rng)
        thinking, tool = output // 3, (output // 3 if step % 3 else output // 2)
        blocks = [
            {
                "type": "thinking",
                "thinking": "",
                "signature": _filler(thinking * CHARS["signature"]),
            },
            {"type": "text", "text": _filler((output - thinking - tool) * CHARS["text"])},
            {"type": "tool_use", "id": _tool_id(self.rng), "name": "Read", "input": _input(tool)},
        ]
        counts = _logged(self.era.counts, output, len(blocks), self.rng)
        for block, count in zip(blocks, counts, strict=True):
            usage = _usage(1 + step, count, write, read, hour=self.era.hour)
            self.now += dt.timedelta(milliseconds=self.rng.randrange(40, 900))
            final = self.era.counts == "final" or (
                self.era.counts == "last" and block is blocks[-1]
            )
            stop = "tool_use" if final else None
            body = _body(model, message, [block], stop, usage)
            self.say("assistant", body, requestId=request)
            self.truth.lines["usage"] += 1
        self.truth.requests += 1
        self.truth.output += output
        _tally(self.truth.tokens, _usage(1 + step, max(counts), write, read, hour=self.era.hour))

    def result(self) -> int:
        """Log a tool's result and return its tokens."""
        self.now += dt.timedelta(seconds=self.rng.random() * 8)
        tokens = int(self.rng.lognormvariate(7.5, 1.0))
        failed = self.rng.random() < 0.05
        block = {"type": "tool_result", "tool_use_id": _tool_id(self.rng), "content": _filler(60)}
        content = [block | {"is_error": True} if failed else block]
        self.say(
            "user", {"role": "user", "content": content}, toolUseResult={"totalTokens": tokens}
        )
        self.truth.lines["event" if failed else "other"] += 1
        return tokens

    def compact(self, context: int) -> int:
        self.now += dt.timedelta(seconds=75)
        about = {"trigger": "auto", "preTokens": context}
        self.parent = None
        self.say("system", None, subtype="compact_boundary", compactMetadata=about)
        self.say("user", {"role": "user", "content": _filler(900)}, isCompactSummary=True)
        self.truth.lines.update({"event": 1, "other": 1})
        self.truth.compactions += 1
        return BASE

    def subagent(self, model: str) -> None:
        """Log a subagent's three answers where this version does: a file, progress lines, both."""
        agent = f"a{self.rng.getrandbits(28):07x}"
        filed = {"root", "folder"} & set(self.era.subagents)
        stop = "end_turn" if self.era.counts in ("last", "final") else None
        own: list[dict[str, Any]] = []
        written = 9_000
        for step in range(3):
            self.now += dt.timedelta(seconds=9)
            output = self.rng.randint(80, 600)
            usage = _usage(3, output, written, 9_000 * step, hour=False)
            message = _body(model, _message_id(self.rng), [_text(output)], stop, usage)
            if filed:
                line = self.line("assistant", message, requestId=_request_id(self.rng))
                own.append(line | {"agentId": agent, "isSidechain": True})
                self.truth.requests += 1
                self.truth.lines["usage"] += 1
            else:
                self.truth.progress_requests += 1
            _tally(self.truth.tokens if filed else self.truth.progress_tokens, usage)
            self.truth.output += output
            if "progress" in self.era.subagents:
                nested = {"type": "assistant", "uuid": _uuid(self.rng), "message": message}
                nested |= {"timestamp": _stamp(self.now), "requestId": _request_id(self.rng)}
                data = {"type": "agent_progress", "agentId": agent, "message": nested}
                self.say("progress", None, data=data)
                self.truth.lines["usage"] += 1
            written = 600
        if own:
            below = self.folder / self.id / "subagents"
            folder = self.folder if "root" in self.era.subagents else below
            self.save(folder / f"agent-{agent}.jsonl", own)

    def say(self, kind: str, message: dict[str, Any] | None, **more: Any) -> None:
        self.lines.append(self.line(kind, message, **more))
        self.parent = self.lines[-1]["uuid"]

    def line(self, kind: str, message: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
        line: dict[str, Any] = {"parentUuid": self.parent, "isSidechain": False}
        line |= {"userType": "external", "cwd": "/" + self.folder.name[1:].replace("-", "/")}
        line |= {"sessionId": self.id, "version": self.era.version, "gitBranch": "main"}
        line |= {"type": kind} | ({"message": message} if message else {}) | more
        return line | {"uuid": _uuid(self.rng), "timestamp": _stamp(self.now)}

    def save(self, path: Path, lines: list[dict[str, Any]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(_json(line) + "\n" for line in lines))


def _scars(rng: random.Random, projects: Path, truth: Truth) -> None:
    """Give the logs what real ones have: copies, glued and cut lines, an error, an odd model."""
    session = _Session(
        rng, ERAS[-1], truth, projects / PROJECTS[0], dt.datetime(2026, 4, 27, tzinfo=dt.UTC)
    )
    session.id = _uuid(rng)
    first = sorted((projects / PROJECTS[0]).glob("*.jsonl"))[0].read_text().splitlines()
    copied = [json.loads(line) for line in first[:6]]  # a fork repeats its parent's lines
    for line in copied:
        session.lines.append(line | {"sessionId": session.id})
        truth.lines[_class(line)] += 1
    session.answer("claude-opus-4-7", 0, BASE, 300, 0)
    session.answer("gateway-large", 0, BASE, 200, 0)
    error = _body(
        "<synthetic>", _uuid(rng), [_text(6)], "stop_sequence", _usage(0, 0, 0, 0, hour=False)
    )
    session.say("assistant", error, isApiErrorMessage=True, error="unknown")
    path = session.folder / f"{session.id}.jsonl"
    session.save(path, session.lines)
    whole = _json(session.line("user", {"role": "user", "content": _filler(80)}))
    glued = _json({"type": "summary", "summary": _filler(20), "leafUuid": _uuid(rng)})
    path.write_text(f"{path.read_text()}{whole}{glued}\n\n{whole[:-40]}\n")
    truth.lines.update({"synthetic": 1, "event": 1, "blank": 1, "rejected": 1})
    truth.extra_records += 1


def _class(line: dict[str, Any]) -> str:
    if line["type"] == "assistant":
        return "usage"
    content = line["message"]["content"]
    return "event" if isinstance(content, str) or content[0].get("is_error") else "other"


def _logged(counts: str, output: int, lines: int, rng: random.Random) -> list[int]:
    """Return the output counts a client logs on the lines of one answer."""
    first = rng.randint(1, 8)
    if counts == "placeholder":
        return [first] * lines
    if counts == "growing" and rng.random() < 0.5:
        return [first] * (lines - 1) + [max(first, output // 2)]
    if counts in ("growing", "last"):
        return [first] * (lines - 1) + [output]
    return [output] * lines


def _usage(inputs: int, output: int, write: int, read: int, *, hour: bool) -> dict[str, Any]:
    split = {"ephemeral_5m_input_tokens": 0 if hour else write}
    split |= {"ephemeral_1h_input_tokens": write if hour else 0}
    counts = {"input_tokens": inputs, "cache_creation_input_tokens": write}
    counts |= {"cache_read_input_tokens": read, "output_tokens": output}
    return counts | {"cache_creation": split, "service_tier": "standard"}


def _tally(totals: Counter[str], usage: dict[str, Any]) -> None:
    split = usage["cache_creation"]
    totals["input_tokens"] += usage["input_tokens"]
    totals["output_tokens"] += usage["output_tokens"]
    totals["write_5m_tokens"] += split["ephemeral_5m_input_tokens"]
    totals["write_1h_tokens"] += split["ephemeral_1h_input_tokens"]
    totals["read_tokens"] += usage["cache_read_input_tokens"]


def _body(
    model: str, message: str, content: list[Any], stop: str | None, usage: dict[str, Any]
) -> dict[str, Any]:
    said = {"model": model, "id": message, "type": "message", "role": "assistant"}
    return said | {"content": content, "stop_reason": stop, "usage": usage}


def _text(output: int) -> dict[str, Any]:
    return {"type": "text", "text": _filler(output * CHARS["text"])}


def _input(tokens: int) -> dict[str, str]:
    return {"file_path": _filler(tokens * CHARS["tool"])}


def _filler(length: float) -> str:
    words = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod "
    return (words * (int(length) // len(words) + 1))[: int(length)]


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _message_id(rng: random.Random) -> str:
    return f"msg_synthetic{rng.getrandbits(56):014x}"


def _request_id(rng: random.Random) -> str:
    return f"req_synthetic{rng.getrandbits(56):014x}"


def _tool_id(rng: random.Random) -> str:
    return f"toolu_synthetic{rng.getrandbits(40):010x}"


def _stamp(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
