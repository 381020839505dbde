"""docs/troubleshooting.md has every error that a reader can meet, as the code says it."""

import ast
import re
from functools import cache

import pytest
from provoked import ELSEWHERE, HERE

from analysis import errors
from analysis.paths import ROOT

OURS = set(errors.OURS.values())
PAGE = ROOT / "docs" / "troubleshooting.md"

#: Messages that need no entry, and why.
NO_ENTRY = {
    "…": "stopped, or not every notebook ran: what failed has said so above it",
    "… (…)": "hands on the message before it",
    "…=…: …": "has an entry with its place behind it, as it is always told",
    "Chromium could not evaluate …": "a bug of ours",
    "Chromium refused …": "a bug of ours",
    "this Chromium's PDF does not say where its headings are": "no Chromium is known to do so",
    "this Chromium moves headings when their page numbers are printed": "no Chromium does so",
    "…: is not a finished build; render it again": "commands publish what they have finished",
    "…: not empty; render into an empty folder": "commands render into folders of their own",
    "stopped by …": "stands behind `on a worker`, in a message that has an entry",
    "table … breaks its schema: …": "a bug of ours",
    "table … breaks its schema: columns missing: …; unknown: …; or they stand in another order": (
        "a bug of ours"
    ),
}

#: Entries that no raise has as they are: make says them, or the handler of the command line.
OTHERS = {
    '*** NAME="…": use letters, digits, - and _ only. Stop.',
    "*** …= is nothing here: LOGS= names logs, NAME= a dataset. Stop.",
    "… is not installed for this Python. First: python3 -m analysis setup report. "
    "Then: .venv/bin/python -m analysis …",
    "…=…: … (…; left out, it is …)",  # one message in another
    "the workers cannot read logs that this machine can: put them where all machines have them "
    "under one path, or give LOGS= an address such as s3://bucket/logs",  # likewise
    "…: make room, then again; what was published is as it was",
    "stopped by …, which is a fault of this program. … DEBUG=1 shows it.",
    "stopped by …, as the system says: …",
    "stopped",
}


def tidy(text):
    """Return a message on one line, without the marks that code has on the page."""
    return re.sub("…[… ]*…", "…", " ".join(text.replace("`", "").split()))


def template(node):
    """Return what a raised message says: `…` for whatever is not in the source."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(map(template, node.values))
    if isinstance(node, ast.BinOp):
        return template(node.left) + template(node.right)
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".join"):
        return " ".join(map(template, getattr(node.args[0], "elts", [node.args[0]])))
    return "…"


def messages(source):
    """Yield every message of our classes that a source raises, and its line."""
    for node in ast.walk(ast.parse(source)):
        made = node.exc if isinstance(node, ast.Raise) else None
        if isinstance(made, ast.Call) and ast.unparse(made.func).split(".")[-1] in OURS:
            yield tidy(template(made.args[0])), node.lineno


@cache
def raised():
    """Return every message of ours, and where it is raised."""
    paths = sorted((ROOT / "analysis").rglob("*.py"))
    found = [(said, f"{p.name}:{n}") for p in paths for said, n in messages(p.read_text())]
    return dict(found)


def entries():
    """Return what the first cells of the tables say, with why and what to do."""
    rows = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", PAGE.read_text(), re.M)
    return {tidy(said.replace(r"\|", "|")): (why, do) for said, why, do in rows}


def like(said):
    return re.compile(".*".join(map(re.escape, said.split("…"))), re.S)


def covers(entry, said):
    """Whether an entry is a message, or one of those that its `…` stand for."""
    letters = re.sub("[^a-z]", "", said)
    return entry == said or (len(letters) > 6 and bool(like(said).fullmatch(entry)))


def test_every_error_of_ours_has_an_entry_or_a_reason_for_none():
    lacking = [
        f"{place} raises what the page lacks, add a row: | `{said}` | why | what to do |"
        for said, place in raised().items()
        if said not in NO_ENTRY and not any(covers(entry, said) for entry in entries())
    ]
    assert lacking == []


def test_every_entry_is_of_an_error_that_there_is():
    assert set(NO_ENTRY) <= set(raised())
    assert set(entries()) >= OTHERS
    for entry in set(entries()) - OTHERS:
        assert any(covers(entry, said) for said in raised()), entry


def test_every_entry_says_why_and_what_to_do():
    assert all(re.search(r"\w.*\.$", cell) for row in entries().values() for cell in row)


def entry_with(words):
    (found,) = (e for e in entries() if words in e and (words != "stopped" or e == words))
    return found


def test_every_entry_is_brought_on_here_or_by_a_test_that_is_there():
    known = {entry_with(words) for words in (*HERE, *ELSEWHERE)}
    assert known == set(entries()), "bring it on in tests/provoked.py"
    for words, (path, name) in ELSEWHERE.items():
        assert re.search(rf"^def {name}\(", (ROOT / "tests" / path).read_text(), re.M), words


@pytest.mark.parametrize("words", HERE)
def test_what_is_shown_is_what_is_said(words, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    (tmp_path / "own").mkdir()
    try:
        said = HERE[words](tmp_path / "own", monkeypatch)
    except Exception as error:
        said = str(error) if errors.is_ours(error) else repr(error)
    assert like(entry_with(words)).fullmatch(tidy(said)), said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise StoreError(f'{a}: no {b}{c}' f' such `x y`')", "…: no … such x y"),
        ("raise x.RunError('\\n  '.join([f'{a} off', *b]) + 'end')", "… off …end"),
        ("raise NoLogsError(text) from None", "…"),
    ],
)
def test_a_message_is_read_from_its_source(source, said):
    assert [*messages(source)] == [(said, 1)]
    assert not [*messages("raise ValueError('x')")]


def test_a_message_that_has_no_entry_is_found():
    assert not any(covers(entry, "no such thing: …") for entry in entries())
    assert not covers("…: … is not a day; write such as 2026-03-13", "…: … is not a number")
