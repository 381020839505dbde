"""How other tools count, each as a pass over lines: what their policies are held to."""

import re

import reference


def counts(call):
    fresh, output, write, _, _, read, _ = call["tokens"]
    return fresh, output, write, read


def first(calls, *, unkeyed=(), zeros=True):
    """The first line of a message and request id; where a key is missing, what is told apart."""
    found = {}
    for place, call in enumerate(calls):
        alone = place if call["request"] is None and unkeyed == "line" else None
        if zeros or any(counts(call)):
            found.setdefault((call["id"], call["request"], alone), counts(call))
    return found.values()


def last(calls):
    """The last line of a message id in each file; of files, the first."""
    files = {}
    for call in calls:
        files.setdefault(call["file"], {})[call["id"]] = counts(call)
    found = {}
    for messages in files.values():
        found = messages | found
    return found.values()


def largest_of_each(calls):
    """The largest of each counter among the lines of a message id."""
    found = {}
    for call in calls:
        before = found.get(call["id"], (0, 0, 0, 0))
        found[call["id"]] = tuple(map(max, before, counts(call)))
    return found.values()


def largest(calls, *, unkeyed):
    """The most tokens of a key; a subagent's lines do not repeat the main chain's messages."""
    found, answered = {}, {(call["id"], call["session"]) for call in calls if not call["side"]}
    for place, call in enumerate(calls):
        if not (call["side"] and (call["id"], call["session"]) in answered):
            beside = {"line": place, "session": call["session"]}[unkeyed]
            key = call["id"], call["request"] or ("none", beside)
            spoken = (not call["side"], sum(counts(call)), counts(call))
            found[key] = max(found.get(key, ()), spoken)
    return [tokens for _, _, tokens in found.values()]


RULES = {
    "ccusage-ts": lambda calls: first(calls, unkeyed="line"),
    "ccusage-rust": lambda calls: largest(calls, unkeyed="line"),
    "ccusage-session": lambda calls: largest(calls, unkeyed="session"),
    "ccusage-daily": lambda calls: largest(calls, unkeyed="line"),
    "tokscale": largest_of_each,
    "ccusage-go": first,
    "claude-monitor": lambda calls: first(calls, zeros=False),
    "codeburn": last,
    "sniffly": lambda calls: map(counts, calls),
    "claude-usage": last,
}


def lines_of(folder, *, progress):
    """Every answer a folder's lines tell of, in order of files, by the reference's reading."""
    origins = {"assistant", "agent_progress"} if progress else {"assistant"}
    for path in sorted(folder.rglob("*.jsonl")):
        agent = path.stem.partition("agent-")[2] or None
        parent = re.search("([^/]+)/subagents/", str(path))
        session = path.stem if agent is None else parent and parent[1]
        for line in path.read_bytes().split(b"\n"):
            for record in reference.documents(line.decode(errors="surrogateescape"))[0]:
                session = session or record.get("sessionId")
                try:
                    told = reference.calls(record, agent)
                except ValueError:
                    continue
                where = {"file": path, "session": session}
                yield from (call | where for call in told if call["origin"] in origins)
