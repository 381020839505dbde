"""Ways to count: which copies are one request, and which of their numbers stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Policy:
    """One way to count.

    `output` is the column that says how long an answer was. `key` adds columns to the message id
    that make two copies different requests. `lines` counts every line as a request's tokens.
    """

    meaning: str
    output: str = "output_tokens"
    key: tuple[str, ...] = ()
    lines: bool = False
    subagents: bool = True
    progress: bool = True


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
