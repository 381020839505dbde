"""A second loader to judge the first: 100 lines of plain Python that share no code with it."""

import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime

TOKENS = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
SPLIT = ("ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
APART = {"advisor_message": "advisor", "compaction": "compaction"}
SPAN = ("first", "last", "lines")
STAMP = re.compile(r"20(2[3-9]|[3-9]\d)(-\d\d){2}T(\d\d:){2}\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def get(value, *path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def documents(text):
    """Return the objects on a line, and what else is there."""
    found, rest, at = [], "", 0
    for start in (brace.start() for brace in re.finditer("{", text)):
        try:
            value, end = json.JSONDecoder().raw_decode(text, start) if start >= at else (None, 0)
        except ValueError:
            continue
        # behind something broken, a record names its session; the parts of a broken one do not
        skipped = rest + text[at:start].strip()
        if end and (not skipped or value.get("sessionId")):
            found, rest, at = [*found, value], skipped, end
    return found, rest + text[at:].strip()


def counts(used):
    """Return input, output, writes, those of five minutes and of one hour, reads, searches."""
    split, searches = used.get("cache_creation"), ("server_tool_use", "web_search_requests")
    said = [*map(used.get, TOKENS), *(get(split, name) for name in SPLIT), get(used, *searches)]
    if any(type(count) is not int for count in said if count is not None):
        raise ValueError("wrong_type")
    fresh, output, flat, read, short, long, searches = said = [count or 0 for count in said]
    if min(said) < 0 or max(said) > 10**10:
        raise ValueError("out_of_range")
    write, told = max(flat, short + long), short + long > 0 or (split is not None and flat == 0)
    return fresh, output, write, *((write - long, long) if told else (None, None)), read, searches


def calls(record, agent):
    """Return the API calls a record tells of: an answer, and what its top level leaves out."""
    said, kind, call = record, "assistant", {"agent": record.get("agentId") or agent}
    if record.get("type") == "progress" and get(record, "data", "type") == "agent_progress":
        said, kind = get(record, "data", "message") or {}, "agent_progress"
        call = {"agent": get(record, "data", "agentId"), "side": True}
    message, usage = get(said, "message"), get(said, "message", "usage")
    tokens = counts(usage or {})
    if said.get("type") != "assistant" or usage is None or message.get("model") == "<synthetic>":
        return []
    if not STAMP.fullmatch(stamp := str(said.get("timestamp") or record.get("timestamp"))):
        raise ValueError("bad_timestamp")
    at = datetime.fromisoformat(stamp).astimezone(UTC)
    call |= {"first": at, "last": at, "lines": 1, "tokens": tokens}
    call |= {"id": message.get("id") or said.get("uuid") or f"line-{at.timestamp():.6f}"}
    call |= {"request": said.get("requestId"), "stop": message.get("stop_reason"), "origin": kind}
    told = [{"side": bool(record.get("isSidechain") or call["agent"])} | call]
    told[0]["model"] = message.get("model") or ""
    for number, item in enumerate(usage.get("iterations") or []):
        if kind := APART.get(item.get("type")):
            own = {"id": f"{call['id']}:{kind}:{number}", "origin": kind, "tokens": counts(item)}
            told.append(told[0] | own | {"model": item.get("model") or told[0]["model"]})
    return told


def load(folder):
    """Return the requests under a folder, and the line ledger of each file."""
    copies, ledgers = defaultdict(list), defaultdict(Counter)
    for path in sorted(folder.rglob("*.jsonl")):
        agent, told = path.stem.partition("agent-")[2] or None, []
        parent = re.search("([^/]+)/subagents/", str(path))
        session = path.stem if agent is None else parent and parent[1]
        for line in re.findall(rb"[^\n]*\n|[^\n]+", path.read_bytes()):
            text = line.removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape")
            (found, rest), classes, reason = documents(text), [], ""
            for record in found:
                session = session or record.get("sessionId")
                try:
                    more = calls(record, agent)
                except ValueError as error:
                    reason = reason or ("bad_timestamp" if " " in str(error) else str(error))
                    continue
                told += more
                fake = record.get("type") == "assistant" and get(record, "message", "usage")
                classes.append("usage" if more else "synthetic" if fake else "record")
            reason = reason if not rest else "not_json" if line[-1:] == b"\n" else "unfinished"
            ledgers[path][reason or max(classes, default="blank")] += 1  # the last by alphabet
            ledgers[path]["extra"] += len(classes) - bool(classes and not reason)
        for call in told:
            call |= {"session": session, "file": path}
            own = call["id"].startswith("msg_") or call["first"]
            copies[path, call["origin"], call["id"], call["request"], own].append(call)
    return list(resolve(map(merged, copies.values()))), ledgers


def merged(lines):
    """Return what one file says of a call: the last line with most output speaks."""
    speaks = max(reversed(lines), key=lambda call: call["tokens"][1])
    return spanning(lines, speaks | {name: lines[0][name] for name in ("side", "agent")})


def resolve(copies):
    """Yield a call as the first of its copies by rank says it, whatever files they are in."""
    requests = defaultdict(list)
    for copy in copies:
        own = () if copy["id"].startswith("msg_") else ("session", "request", "first")
        requests[copy["id"], *map(copy.get, own)].append(copy)
    for same in requests.values():
        yield spanning(same, min(same, key=rank)) | {"copies": len(same)}


def rank(copy):
    kind = (copy["origin"] == "agent_progress", copy["side"], -copy["tokens"][1], copy["first"])
    return *kind, copy["session"] or "~", copy["request"] or "~", copy["file"]


def spanning(parts, said):
    first, last, lines = zip(*(map(part.get, SPAN) for part in parts), strict=True)
    return said | {"first": min(first), "last": max(last), "lines": sum(lines)}
