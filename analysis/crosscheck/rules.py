"""The tool's rules in the order in which they are applied, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: The version of ccusage whose rules these are.
VERSION = "20.0.24"


class Rule(NamedTuple):
    """What makes a difference, in words; and the report it is of, where it is of one alone."""

    meaning: str
    report: str = ""


#: What is compared: our tables with what the disk has, and the tool reads.
TABLES: Mapping[str, Rule] = {
    "sources": Rule("of another source than Claude Code's logs"),
    "gone": Rule("of logs that are no more on disk, or are rewritten; the dataset keeps them"),
    "unseen": Rule("of logs that the tool does not open: compressed, or behind a link"),
    "changed": Rule("in logs that are new or have grown since they were loaded"),
    "lines": Rule("which the tables have from another line of the same message"),
}

#: Lines that the tool leaves out, first match wins.
LINES: Mapping[str, Rule] = {
    "bom": Rule("on a first line with a byte order mark"),
    "spaced": Rule('on a line without `"usage":{` byte for byte, as with spaces after colons'),
    "null": Rule("on a line with a key null that it does not take null"),
    "text": Rule("on a line with text that is not UTF-8", "daily"),
    "damaged": Rule("on a line that is not one JSON document"),
    "iterations": Rule("of a compaction that the server ran, beside the answer's own counts"),
    "progress": Rule("found on agent-progress lines alone", "session"),
    "values": Rule("on a line with an id empty, a version or a speed unknown, or a count missing"),
    "split": Rule("written to the cache beyond what its lifetimes add up to"),
    "others": Rule("on lines that we do not count: no answer, damaged, or in a model's name"),
}

#: How it tells requests apart, and which line speaks for one.
IDENTITY: Mapping[str, Rule] = {
    "request-key": Rule("of messages that have several request ids: each counts"),
    "no-request-id": Rule("of messages without request id: once a session; in daily, a time"),
    "replays": Rule("of messages that a sidechain repeats: the main chain's alone counts"),
    "other-ids": Rule("of messages whose ids are not the API's: told apart by request id alone"),
    "choice": Rule("of copies that differ: the one with most tokens, then the first, counts"),
}

#: How it comes to other dollars for the same tokens.
PRICES: Mapping[str, Rule] = {
    "searches": Rule("web searches, which it does not price"),
    "places": Rule("inference kept in one country, which it does not price"),
    "batch": Rule("batch requests, which it prices as others"),
    "long-prompts": Rule("the tier of long prompts, which we take for whole requests"),
    "logged": Rule("dollars that the log gives, which it takes"),
    "unpriced": Rule("all of models of which no request has a price here"),
    "rounding": Rule("rounding, under 10 nano-dollars a request"),
    "list": Rule("what is left: another list price, or anything else"),
}

RULES: Mapping[str, Rule] = {**TABLES, **LINES, **IDENTITY, **PRICES}
OURS, UNEXPLAINED, THEIRS = "ours", "unexplained", "theirs"


def of(report: str) -> list[str]:
    """Name the rules of a report, in order.

    Examples
    --------
    >>> "progress" in of("daily"), "text" in of("daily")
    (False, True)
    """
    return [name for name, rule in RULES.items() if rule.report in ("", report)]
