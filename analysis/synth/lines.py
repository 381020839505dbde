"""Lines of a log, as the client writes them; every id says that it is synthetic."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.synth.dice import Dice
from analysis.synth.truth import Truth

_WORDS = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod "


def filler(length: float) -> str:
    """Return as many characters of text that says nothing, one at least."""
    wanted = max(int(length), 1)
    return (_WORDS * (wanted // len(_WORDS) + 1))[:wanted]


def message_id(dice: Dice, kind: str = "synthetic") -> str:
    """Draw a message's id."""
    return f"msg_{kind}{dice.hexadecimal(14)}"


def request_id(dice: Dice, kind: str = "synthetic") -> str:
    """Draw a request's id."""
    return f"req_{kind}{dice.hexadecimal(14)}"


def tool_id(dice: Dice, kind: str = "synthetic") -> str:
    """Draw a tool call's id."""
    return f"toolu_{kind}{dice.hexadecimal(10)}"


def stamp(at: dt.datetime) -> str:
    """Return a time as the client writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dump(value: dict[str, Any]) -> str:
    """Return a record as one line without its end."""
    return json.dumps(value, separators=(",", ":"))


#: Keys of a usage that only some versions have.
_USED = {
    "inference_geo": "not_available",
    "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
    "speed": "standard",
}


def usage(
    tokens: dict[str, int], output: int, *, hour: bool, keys: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what the API says a request used; of an era's keys those that belong here."""
    write = tokens["write"]
    split = {"ephemeral_5m_input_tokens": 0 if hour else write}
    split |= {"ephemeral_1h_input_tokens": write if hour else 0}
    counts: dict[str, Any] = {"input_tokens": tokens["input"], "cache_creation_input_tokens": write}
    counts |= {"cache_read_input_tokens": tokens["read"], "output_tokens": output}
    counts |= {"cache_creation": split}
    more = {"service_tier": "standard"} | {k: v for k, v in _USED.items() if k in keys}
    again = {"iterations": [counts | {"type": "message"}]} if "iterations" in keys else {}
    return counts | more | again


def tally(totals: Counter[str], used: dict[str, Any]) -> None:
    """Add a usage to totals."""
    split = used["cache_creation"]
    totals["input_tokens"] += used["input_tokens"]
    totals["output_tokens"] += used["output_tokens"]
    totals["write_5m_tokens"] += split["ephemeral_5m_input_tokens"]
    totals["write_1h_tokens"] += split["ephemeral_1h_input_tokens"]
    totals["read_tokens"] += used["cache_read_input_tokens"]


def body(
    model: str,
    message: str,
    content: list[Any],
    stop: str | None,
    used: dict[str, Any],
    keys: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the message of an assistant line; of an era's keys those that belong here."""
    said: dict[str, Any] = {"model": model, "id": message, "type": "message", "role": "assistant"}
    said |= {"content": content, "stop_reason": stop, "stop_sequence": None}
    return said | ({"stop_details": None} if "stop_details" in keys else {}) | {"usage": used}


def refusal(message: str, words: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the message of what the client says in the model's name."""
    used = usage(dict.fromkeys(("input", "write", "read"), 0), 0, hour=False)
    used |= {"service_tier": None, "server_tool_use": _USED["server_tool_use"]}
    used |= {k: None for k in ("inference_geo", "iterations", "speed") if k in keys}
    said = body("<synthetic>", message, [{"type": "text", "text": words}], "stop_sequence", used)
    return said | {"stop_sequence": "", "container": None, "context_management": None}


def person(content: Any) -> dict[str, Any]:
    """Return the message of a user line."""
    return {"role": "user", "content": content}


@dataclass
class Transcript:
    """One log file being written: its lines, each with the class a right reader gives it."""

    dice: Dice
    path: Path
    session: str
    version: str
    cwd: str
    agent: str | None = None
    more: dict[str, Any] = field(default_factory=dict)  # what each line of these versions has
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    parent: str | None = None

    def say(
        self, kind: str, message: dict[str, Any] | None, at: dt.datetime, counted: str, **more: Any
    ) -> None:
        """Add a line of a class."""
        line: dict[str, Any] = {"parentUuid": self.parent, "isSidechain": self.agent is not None}
        line |= {"userType": "external", "cwd": self.cwd, "sessionId": self.session}
        line |= {"version": self.version, "gitBranch": "main"} | self.more
        line |= {"agentId": self.agent} if self.agent else {}
        line |= {"type": kind} | ({"message": message} if message else {}) | more
        self.parent = self.dice.uuid()
        self.lines.append((counted, line | {"uuid": self.parent, "timestamp": stamp(at)}))

    def note(self, **line: Any) -> None:
        """Add a line that is no part of the conversation."""
        self.lines.append(("other", line))

    def save(self, truth: Truth) -> None:
        """Write the file; count its lines by class, and its bytes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("w", newline="\n") as stream:
            for counted, line in self.lines:
                truth.bytes += stream.write(dump(line) + "\n")  # ASCII: a character is a byte
                truth.lines[counted] += 1
        self.lines.clear()
