"""What other tools count: their rules as policies on `copies`, against their rules line by line."""

import json

import polars as pl
import pytest
import reference
from conftest import require
from forests import write_forest
from lines import at, request_id
from test_identity import PROGRESS, SIDE, copy, said, table
from tool_rules import RULES, lines_of

from analysis import schema
from analysis.logs.dataset import Logs
from analysis.logs.discover import log_files
from analysis.logs.identity import resolve
from analysis.logs.policies import TOOLS
from analysis.logs.scan import scan
from analysis.paths import ROOT

LOGS = ROOT.parent / "shared" / "logs"
TOKENS = ("input_tokens", "output_tokens", "write_tokens", "read_tokens")


def copies_of(folder):
    logs = enumerate(log_files([folder]), 1)
    rows = [row for number, log in logs for row in scan(log, number, "project-01", b"key").copies]
    return pl.DataFrame(rows, schema=schema.dtypes("copies"), orient="row")


def counted(copies, policy):
    """What a policy makes of copies of the API's own ids: requests and their tokens."""
    own = pl.col("message_id").str.starts_with("msg_") & ~pl.col("origin").is_in(APART)
    found = resolve(copies.filter(own), policy)
    return (found.height, *found.select(pl.col(TOKENS).sum()).row(0))


def ruled(calls, tool):
    """The same by the tool's own rule."""
    found = list(RULES[tool]([call for call in calls if call["id"].startswith("msg_")]))
    return (len(found), *map(sum, zip(*found, strict=True))) if found else (0, 0, 0, 0, 0)


APART = list(reference.APART.values())


def test_each_tool_has_its_rule():
    assert RULES.keys() == TOOLS.keys()


@pytest.fixture(scope="module")
def public():
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    progress = list(lines_of(LOGS / "projects", progress=True))
    return copies_of(LOGS / "projects"), progress


def kept(calls, tool):
    """The lines that a tool reads."""
    return [c for c in calls if TOOLS[tool].policy.progress or c["origin"] == "assistant"]


#: Tools that count lines as requests, or requests as none: their tokens are compared alone.
LINES = {"ccusage-ts", "ccusage-rust", "ccusage-daily", "sniffly"}


def same(found, expected, tool):
    return found[tool in LINES :] == expected[tool in LINES :]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tools_policy_counts_the_public_logs_as_its_rule_does(public, tool):
    copies, calls = public
    assert same(counted(copies, TOOLS[tool].policy), ruled(kept(calls, tool), tool), tool)


@pytest.fixture(scope="module")
def forests(tmp_path_factory):
    folders = [write_forest(tmp_path_factory.mktemp("logs"), seed, (0,)) for seed in range(80)]
    return [(copies_of(one), list(lines_of(one, progress=True))) for one in folders]


#: Their rule does not say which of several files stands, where one ends amid a message.
OPEN = {"codeburn", "claude-usage"}


@pytest.mark.parametrize("tool", sorted(TOOLS.keys() - OPEN))
def test_a_tools_policy_counts_generated_logs_as_its_rule_does(forests, tool):
    for copies, calls in forests:
        assert same(counted(copies, TOOLS[tool].policy), ruled(kept(calls, tool), tool), tool)


@pytest.mark.parametrize("tool", sorted(TOOLS.keys() - OPEN))
def test_that_the_rules_differ(forests, tool):
    """Some of these folders tell each tool's rule from the default policy."""
    found = [(counted(c, TOOLS[tool].policy), counted(c, "largest")) for c, _ in forests]
    assert any(theirs != ours for theirs, ours in found)


@pytest.mark.parametrize(
    ("tool", "report", "rows"),
    [("ccusage-session", "session", "sessions"), ("ccusage-daily", "daily", "daily")],
)
def test_ccusage_counts_as_it_reported(public, tool, report, rows):
    said = json.loads((LOGS / "ccusage-20.0.24" / f"{report}.json").read_text())["totals"]
    names = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
    assert counted(public[0], TOOLS[tool].policy)[1:] == tuple(said[name] for name in names)


def test_first_wins_undercounts_as_was_counted_by_others(public):
    truth = json.loads((LOGS / "totals.json").read_text())
    for tool in ("ccusage-ts", "ccusage-go", "claude-monitor"):
        assert counted(public[0], TOOLS[tool].policy)[2] == truth["output_first_wins"] == 3_197_183


# What their policies add, by hand

NONE = {"request_id": None}


@pytest.mark.parametrize(
    ("tool", "rows", "requests", "output"),
    [
        # without a request id: each line counts, or once a session, or once
        ("ccusage-ts", [copy(**NONE, **said(1, 9, 10, lines=2))], 1, 10),
        ("ccusage-ts", [copy(**NONE), copy(**NONE, file=2, session="s1")], 2, 20),
        ("ccusage-ts", [copy(**said(1, 9, 10, lines=2))], 1, 1),
        ("ccusage-session", [copy(**NONE), copy(**NONE, file=2, session="s1")], 1, 10),
        ("ccusage-session", [copy(**NONE), copy(**NONE, file=2)], 2, 20),
        ("ccusage-daily", [copy(**NONE, **said(1, 9, 10, lines=2))], 1, 10),
        ("ccusage-daily", [copy(**NONE), copy(**NONE, file=2, session="s1")], 2, 20),
        ("ccusage-session", [copy(), copy(file=2)], 1, 10),
        ("ccusage-go", [copy(**NONE), copy(**NONE, file=2)], 1, 10),
        # a subagent's file repeats the main chain under other request ids
        ("ccusage-session", [copy(), copy(request_id=request_id(8), output=99, **SIDE)], 1, 10),
        ("ccusage-session", [copy(), copy(request_id=request_id(8), file=2, **SIDE)], 2, 20),
        ("ccusage-session", [copy(**SIDE), copy(request_id=request_id(8), **SIDE)], 2, 20),
        ("ccusage-session", [copy(), copy(request_id=request_id(8))], 2, 20),
        ("ccusage-ts", [copy(), copy(request_id=request_id(8), **SIDE)], 2, 20),
        # agent progress
        ("ccusage-session", [copy(**PROGRESS)], 0, 0),
        ("ccusage-daily", [copy(**PROGRESS)], 1, 10),
        ("sniffly", [copy(**PROGRESS), copy(file=2, **said(1, 9, 10, lines=2))], 1, 10),
    ],
)
def test_tools_on_cases_counted_by_hand(tool, rows, requests, output):
    found = resolve(table(*rows), TOOLS[tool].policy)
    assert (found.height, found["output_tokens"].sum()) == (requests, output)


def test_lines_that_count_each_are_priced_each():
    """Two lines of 150,000 tokens are no prompt of 300,000, for which a higher tier holds."""
    long = copy(model="claude-sonnet-4-5", read_tokens=150_000, first_seen=at(0), lines=2)
    empty = {name: pl.DataFrame(schema=schema.dtypes(name)) for name in ("events", "files")}
    dollars = {
        name: Logs("toy", table(long | {"lines": lines}), **empty, counted=name).priced()
        for name, lines in (("largest", 1), ("sum", 2))
    }
    once, twice = (frame["read_nano"].item() for frame in dollars.values())
    assert twice == 2 * once == 2 * 150_000 * 300
    assert (dollars["sum"]["calls"] > 1).any()
    assert (dollars["largest"]["calls"] == 1).all()
