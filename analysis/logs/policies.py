"""Ways to count: which copies are one request, and which of their numbers stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Policy:
    """One way to count.

    `output` is the column that says how long an answer was. `key` adds columns to the message id
    that make two copies different requests; `unkeyed`, what else it takes where there is no
    request id: a `session`, or a `line`, so that each counts. `lines` counts every line as a
    request's tokens. `replays` says whether a subagent's copy of what its session's main chain
    was answered counts, should it have a request id of its own.
    """

    meaning: str
    output: str = "output_tokens"
    key: tuple[str, ...] = ()
    lines: bool = False
    subagents: bool = True
    progress: bool = True
    unkeyed: str = ""
    replays: bool = True


@dataclass(frozen=True)
class Tool:
    """How another tool counts: its policy, the version that counts so, and where that is said.

    `beyond` is what of its rule no policy can say, because a copy does not hold it.
    """

    policy: Policy
    version: str
    source: str
    beyond: str = ""


#: Ways to count. The first is right; the others say what other tools would have said.
POLICIES: Mapping[str, Policy] = {
    "largest": Policy("one request per message id, the copy with most output"),
    "first": Policy("the first line's output, as first-wins readers keep", "output_first_tokens"),
    "last": Policy("the last line's output count", "output_last_tokens"),
    "sum": Policy(
        "every line summed, without deduplication",
        "output_sum_tokens",
        key=("file", "origin", "request_id"),
        lines=True,
    ),
    "request-key": Policy("message id and request id together are the key", key=("request_id",)),
    "per-file": Policy("deduplicated inside each file only", key=("file",)),
    "main-chain": Policy("without subagents", subagents=False, progress=False),
    "no-progress": Policy("without usage found only in agent-progress lines", progress=False),
}

_FIRST = Policy(
    "the first line of a message and request id",
    "output_first_tokens",
    key=("request_id",),
    progress=False,
)
_LAST = Policy("the last line of a message id", "output_last_tokens", progress=False)
_LARGEST = Policy(
    "the most tokens of a message and request id; the main chain before a replay in a sidechain",
    key=("request_id",),
    progress=False,
    replays=False,
)
_PLACE = "where copies in several files differ, it keeps the first file's"
_OPEN = "where copies in several files differ, which one stands is not said"

#: What other tools count, as far as `copies` can tell. In all of them an id that is not the API's
#: counts by session and time, too; a gateway with one id for all it answers undercounts there.
TOOLS: Mapping[str, Tool] = {
    "ccusage-ts": Tool(
        replace(_FIRST, unkeyed="line"), "TypeScript, to 18", "ccusage#901, ccusage#797", _PLACE
    ),
    "ccusage-rust": Tool(
        replace(_LARGEST, unkeyed="line"), "2026-06", "ccusage#775, #825, #826, #913, #1155"
    ),
    "ccusage-session": Tool(
        replace(_LARGEST, unkeyed="session"),
        "20.0.24, reports `session` and `blocks`",
        "ccusage#1661, ccusage#1765",
        "drops a line with spaces between JSON tokens or with certain keys null",
    ),
    "ccusage-daily": Tool(
        replace(_LARGEST, unkeyed="line", progress=True),
        "20.0.24, report `daily`",
        "its binary, by `make crosscheck`",
        "drops a line with spaces between JSON tokens or with certain keys null; lines of one time "
        "and session without a request id count once",
    ),
    "tokscale": Tool(
        Policy("the largest of each counter of a message id", progress=False),
        "c8c8491",
        "tokscale#80, #358, #563",
        "the largest of counters other than output, should they differ within a file",
    ),
    "ccusage-go": Tool(
        _FIRST,
        "ccusage_go@c782200",
        "its source, loader.go",
        f"{_PLACE}; loses a file with a line over 1 MB; prices one-hour writes as five-minute ones",
    ),
    "claude-monitor": Tool(
        _FIRST,
        "Claude-Code-Usage-Monitor, 2025-07",
        "its source",
        f"{_PLACE}; does not count a request without tokens",
    ),
    "codeburn": Tool(_LAST, "ed8fa3a", "its source, codeburn#201", _OPEN),
    "sniffly": Tool(
        replace(POLICIES["sum"], progress=False),
        "a237d7e",
        "its source",
        "the number of requests, which is that of message ids; the totals are these",
    ),
    "claude-usage": Tool(_LAST, "as its issue has it", "claude-usage#28", _OPEN),
}
