"""Logs with a word of its own in every place where a log can hold a string, and who finds them.

A field is a place: a record and a path into it, or the name of a file, or a line that is no record.
`tree` writes the logs, `said` reads one field back as a loader that keeps it would, and `found`
tells which words stand in files, in whatever way they are written.
"""

import gzip
import json
import re
from contextlib import suppress
from dataclasses import dataclass

import polars as pl
from lines import SESSION, answer, dump, message, progress, prompt, stamp, tool_result, uuid

from analysis import schema
from analysis.report.privacy_formats import UnreadableError
from analysis.report.privacy_views import views

HEAD = "canaryq"  # every word begins so, and with nothing else
IDS = tuple(c.name for columns in schema.TABLES.values() for c in columns if c.holds == "id")


def token(number):
    """The word of a field: letters alone, so that no separator hides it."""
    return HEAD + "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}") + "z"


@dataclass(frozen=True)
class Field:
    """A string's place in a record, and what a client writes there, with the word in it."""

    name: str
    record: str
    path: tuple
    value: str = "{}"


def said(kind, **more):
    return {"type": kind, "sessionId": SESSION, "uuid": uuid(5), "timestamp": stamp(9)} | more


def block(**more):
    return answer(content=[more])


CALL = {"type": "tool_use", "id": "toolu_000001", "name": "Bash", "input": {"command": "ls"}}
USED = {"input_tokens": 1, "output_tokens": 2, "cache_read_input_tokens": 3}
ITERATION = {"type": "message", "model": "claude-opus-4-7"} | USED

#: Records as the client writes them; a field changes one string of one of them.
RECORDS = {
    "answer": lambda: answer(2, 3, content=[{"type": "text", "text": "x"}]),
    "thinking": lambda: block(type="thinking", thinking="x", signature="y"),
    "call": lambda: answer(content=[json.loads(json.dumps(CALL))]),
    "iterations": lambda: answer(used=USED | {"iterations": [dict(ITERATION), dict(ITERATION)]}),
    "prompt": lambda: prompt("hello", 1, uuid=uuid(3)),
    "result": lambda: tool_result(2, toolUseResult={"structuredPatch": [{"lines": ["x"]}]}),
    "image": lambda: prompt([{"type": "image", "source": {"type": "base64", "data": "x"}}], 2),
    "progress": lambda: progress(7, 4),
    "hook": lambda: said("progress", data={"type": "hook_progress"}),
    "compaction": lambda: said("system", subtype="compact_boundary", compactMetadata={}),
    "failure": lambda: said("system", subtype="api_error", error={}),
    "synthetic": lambda: said(
        "assistant",
        isApiErrorMessage=True,
        message=message(9, [{"type": "text", "text": "x"}]) | {"model": "<synthetic>"},
    ),
    "system": lambda: said("system", subtype="away_summary"),
    "summary": lambda: {"type": "summary"},
    "snapshot": lambda: {"type": "file-history-snapshot", "snapshot": {}},
    "queue": lambda: said("queue-operation"),
    "title": lambda: said("ai-title"),
    "link": lambda: said("pr-link"),
    "attachment": lambda: said("attachment", attachment={}),
    "last": lambda: said("last-prompt"),
}

CONTENT = ("message", "content", 0)
FIELDS = (
    # what every record has
    Field("cwd", "answer", ("cwd",), "/srv/{}/x"),
    Field("branch", "answer", ("gitBranch",), "feature/{}"),
    Field("slug", "answer", ("slug",)),
    Field("session id", "prompt", ("sessionId",)),
    Field("uuid", "answer", ("uuid",)),
    Field("parent's uuid", "answer", ("parentUuid",)),
    Field("user type", "answer", ("userType",)),
    Field("entry point", "answer", ("entrypoint",)),
    Field("permission mode", "prompt", ("permissionMode",)),
    Field("type", "system", ("type",)),
    Field("subtype", "system", ("subtype",)),
    Field("bad time", "answer", ("timestamp",), "2026-05-04 {}"),
    Field("unknown key", "answer", ("{}",), "x"),
    Field("value of an unknown key", "answer", ("unheard_of",)),
    Field("version", "answer", ("version",), "2.1.97-{}"),
    Field("agent id", "answer", ("agentId",)),
    Field("agent name", "answer", ("agentName",)),
    Field("request id", "answer", ("requestId",)),
    Field("opaque request id", "answer", ("requestId",), "req_{}"),
    # an answer
    Field("message id", "answer", ("message", "id")),
    Field("opaque message id", "answer", ("message", "id"), "msg_{}"),
    Field("model", "answer", ("message", "model"), "claude-{}"),
    Field("stop reason", "answer", ("message", "stop_reason")),
    Field("stop sequence", "answer", ("message", "stop_sequence")),
    Field("container", "answer", ("message", "container", "id")),
    Field("miss reason", "answer", ("message", "diagnostics", "cache_miss_reason", "type")),
    Field("service tier", "answer", ("message", "usage", "service_tier")),
    Field("speed", "answer", ("message", "usage", "speed")),
    Field("geo", "answer", ("message", "usage", "inference_geo")),
    Field("tokens as a string", "answer", ("message", "usage", "output_tokens")),
    Field("advisor's model", "iterations", ("message", "usage", "iterations", 1, "model")),
    Field("iteration", "iterations", ("message", "usage", "iterations", 1, "type")),
    Field("text", "answer", (*CONTENT, "text")),
    Field("thinking", "thinking", (*CONTENT, "thinking")),
    Field("signature", "thinking", (*CONTENT, "signature")),
    Field("block", "answer", (*CONTENT, "type")),
    Field("call id", "call", (*CONTENT, "id"), "toolu_{}"),
    Field("tool", "call", (*CONTENT, "name")),
    Field("server", "call", (*CONTENT, "name"), "mcp__{}__get"),
    Field("input", "call", (*CONTENT, "input", "command"), "cat /srv/{}"),
    Field("name of an input", "call", (*CONTENT, "input", "{}"), "x"),
    Field("kind of agent", "call", (*CONTENT, "input", "subagent_type")),
    # what is not the model's
    Field("prompt", "prompt", ("message", "content")),
    Field("command", "prompt", ("message", "content"), "<command-name>/{}</command-name>"),
    Field("interruption", "prompt", ("message", "content"), "[Request interrupted by user] {}"),
    Field("result", "result", (*CONTENT, "content")),
    Field("output", "result", ("toolUseResult", "stdout")),
    Field("errors", "result", ("toolUseResult", "stderr")),
    Field("patch", "result", ("toolUseResult", "structuredPatch", 0, "lines", 0), "+ {}"),
    Field("original file", "result", ("toolUseResult", "originalFile")),
    Field("picture", "image", (*CONTENT, "source", "data")),
    Field("media type", "image", (*CONTENT, "source", "media_type"), "image/{}"),
    Field("subagent", "progress", ("data", "agentId")),
    Field("subagent's prompt", "progress", ("data", "prompt")),
    Field("subagent's message id", "progress", ("data", "message", "message", "id")),
    Field("subagent's model", "progress", ("data", "message", "message", "model")),
    Field("hook", "hook", ("data", "command")),
    Field("trigger", "compaction", ("compactMetadata", "trigger")),
    Field("status", "failure", ("error", "status")),
    Field("cause", "failure", ("error", "cause", "message")),
    Field("error", "failure", ("error",)),
    Field("limit", "synthetic", (*CONTENT, "text"), "You've hit your limit, {}; resets 3pm"),
    Field("content", "system", ("content",)),
    Field("summary", "summary", ("summary",)),
    Field("leaf", "summary", ("leafUuid",)),
    Field("tracked file", "snapshot", ("snapshot", "trackedFileBackups", "/srv/{}/x.py"), "x"),
    Field("queue", "queue", ("content",)),
    Field("title", "title", ("aiTitle",)),
    Field("pull request", "link", ("prUrl",), "https://code.test/{}/pull/1"),
    Field("repository", "link", ("prRepository",), "{}/x"),
    Field("attached file", "attachment", ("attachment", "filename")),
    Field("last prompt", "last", ("lastPrompt",)),
)

#: Lines that are no record, with the word in them.
LINES = {
    "broken line": '{{"type":"assistant","message":{{"content":"{}',
    "bad bytes": '{{"cwd":"{}\udcff"}}',
    "no JSON": "Traceback: {}",
    "list": '["{}"]',
    "glued record": '{{"cwd":"/srv/{}"}}{{"cwd":"x"}}',
    "unfinished line": '{{"type":"user","message":"{}',
}

#: Names of folders and files.
NAMES = ("root", "project", "session file", "session folder", "subagent file", "packed file")

ALL = (*(f.name for f in FIELDS), *LINES, *NAMES)
TOKENS = {name: token(number) for number, name in enumerate(ALL)}

#: Ids of a shape that says nothing: allowed in the columns of ids, and nowhere published.
OPAQUE = ("opaque request id", "opaque message id", "call id")


def put(node, path, value):
    """Set what is at a path, making what is missing above it."""
    *above, last = path
    for step, after in zip(above, path[1:], strict=True):
        if isinstance(node, dict) and not isinstance(node.get(step), dict | list):
            node[step] = [] if isinstance(after, int) else {}
        node = node[step]
    node[last] = value


def record(field):
    """The record of a field, with its word."""
    made = RECORDS[field.record]()
    word = TOKENS[field.name]
    path = tuple(p.format(word) if isinstance(p, str) else p for p in field.path)
    put(made, path, field.value.format(word))
    return made


def tree(folder):
    """Write the logs below a folder and return the root that holds them."""
    root = folder / TOKENS["root"]
    project = root / f"-srv-{TOKENS['project']}"
    session = project / TOKENS["session folder"] / "subagents"
    session.mkdir(parents=True)
    records = [dump(record(field)) for field in FIELDS]
    lines = [t.format(TOKENS[n]).encode(errors="surrogateescape") for n, t in LINES.items()]
    (project / f"{SESSION}.jsonl").write_bytes(b"".join(records) + b"\n".join(lines))
    (project / f"{TOKENS['session file']}.jsonl").write_bytes(dump(answer(21)))
    (session / f"agent-{TOKENS['subagent file']}.jsonl").write_bytes(dump(answer(22)))
    packed = project / f"{TOKENS['packed file']}.jsonl.gz"
    packed.write_bytes(gzip.compress(dump(answer(23)), mtime=0))
    return root


def kept(name, path, folder):
    """What a loader would have that kept one more field of the log at a path."""
    if name in NAMES:
        return "/".join(path.relative_to(folder).parts)
    data = (gzip.decompress if path.suffix == ".gz" else bytes)(path.read_bytes())
    lines = data.split(b"\n")
    if name in LINES:
        return "\n".join(line.decode(errors="replace") for line in lines if not whole(line))
    field = next(f for f in FIELDS if f.name == name)
    records = [found for line in lines if (found := whole(line))]
    return "\n".join(text for found in records for text in at(found, field.path))


def whole(line):
    """The object on a line; nothing where there is none."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def at(node, path):
    """The strings at a path; of a name that the log chose, the names."""
    for step in path:
        if isinstance(step, str) and "{}" in step:
            return list(node) if isinstance(node, dict) else []
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return []
    return [node] if isinstance(node, str) else []


def compact(text):
    return re.sub(r"[\W_]+", "", text.casefold())


def words(*texts):
    """The fields whose words stand in texts, in whatever case and with whatever in between."""
    joined = "|".join(compact(text) for text in texts)
    if HEAD not in joined:
        return set()
    return {name for name, word in TOKENS.items() if word in joined}


def found(folder):
    """The fields whose words stand in the files below a folder, with the files."""
    told = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        for name in in_file(path) | words(path.relative_to(folder).as_posix()):
            told.setdefault(name, []).append(path.name)
    return told


def in_file(path):
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return in_table(path)
    texts = [data.decode(errors="replace")]
    with suppress(UnreadableError):
        texts += [view.text for view in views(path.name, data)]
    return words(*texts)


def in_table(path):
    """The fields in a table; an opaque id may stand in the columns of ids."""
    table, told = pl.read_parquet(path), set()
    for name in table.columns:
        values = words(name, *map(str, table[name].unique().to_list()))
        told |= values - set(OPAQUE) if name in IDS or name == "end" else values
    hidden = words(*(view.text for view in views(path.name, path.read_bytes())))
    return told | (hidden - set(OPAQUE))
