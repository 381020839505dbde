"""Hostile logs: each gives the rows and the ledger told by hand, and costs no neighbour."""

import pytest
from hostile import CANARY, FIRST, GLUED, LAST, PRIVATE, SHAPES, asked
from hostile_files import FILES, PACKED
from hostile_records import IDS, ITERATIONS, NUMBERS, PRICED, TIMES
from lines import read_log, synthetic
from wordings import INTERRUPTIONS, LIMITS, NO_LIMITS, utc

from analysis.schema import LINE_CLASSES, REASONS, SKIPS

HOSTILE = [*SHAPES, *GLUED, *FILES, *PACKED, *NUMBERS, *TIMES, *IDS, *ITERATIONS, *PRICED]
each = pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)


@pytest.fixture
def found(tmp_path, hostile):
    return read_log(tmp_path, hostile.data, name=hostile.file)


def same(cell, told):
    """Compare a cell; a label whose rest is a hash is told by how it begins."""
    if isinstance(told, str) and told.endswith("?"):
        return isinstance(cell, str) and cell.startswith(told[:-1])
    return cell == told


def agree(rows, told):
    """Compare rows with what is told of them, so that a difference can be read."""
    assert [{n: c for n, c in r.items() if n in t} for r, t in zip(rows, told, strict=True)] == [
        {n: r[n] if same(r[n], c) else c for n, c in t.items()}
        for r, t in zip(rows, told, strict=True)
    ]


@each
def test_the_rows_are_those_told_by_hand(hostile, found):
    assert len(found.copies) == len(hostile.copies)
    agree(found.copies, hostile.copies)
    assert len(found.events) == len(hostile.events)
    agree(found.events, hostile.events)


@each
def test_the_ledger_is_the_one_told_by_hand(hostile, found):
    assert found.ledger["skipped"] == hostile.skipped
    assert (found.classes, found.reasons) == (hostile.classes, hostile.reasons)
    assert found.ledger["extra_records"] == hostile.extra


@each
def test_every_line_and_every_byte_is_accounted_for(hostile, found):
    ledger = found.ledger
    assert ledger["skipped"] is None or ledger["skipped"] in SKIPS
    assert sum(ledger[name] for name in LINE_CLASSES) == ledger["lines"]
    assert sum(ledger[f"rejected_{reason}"] for reason in REASONS) == ledger["rejected"]
    said = sum(c["lines"] for c in found.copies if c["origin"] in {"assistant", "agent_progress"})
    assert ledger["usage"] <= said <= ledger["usage"] + ledger["extra_records"]
    if hostile.skipped:
        assert (ledger["lines"], ledger["bytes"]) == (0, 0)
    elif hostile.size is None:
        data = hostile.data
        assert ledger["bytes"] == len(data)
        assert ledger["lines"] == data.count(b"\n") + (data != b"" and not data.endswith(b"\n"))
    else:
        assert ledger["bytes"] == hostile.size


@each
def test_its_content_comes_out_nowhere(hostile, found, capfd):
    tables = [cell for row in (*found.copies, *found.events, found.ledger) for cell in row.values()]
    said = capfd.readouterr()
    assert CANARY not in f"{tables}{said.out}{said.err}"


def test_every_one_has_a_name_of_its_own():
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE)


def event(tmp_path, made, kind):
    """The one event of a line between two good ones."""
    found = read_log(tmp_path, FIRST, made, LAST)
    assert found.classes == {"usage": 2, kind: 1}
    (told,) = found.events
    assert CANARY not in str(told)
    return told


@pytest.mark.parametrize(("text", "resets"), LIMITS)
def test_a_limit_is_told_in_every_wording(tmp_path, text, resets):
    made = synthetic(text, isApiErrorMessage=True, **PRIVATE)
    told = event(tmp_path, made, "synthetic")
    assert (told["kind"], told["resets_at"]) == ("limit", utc(resets) if resets else None)


@pytest.mark.parametrize("text", NO_LIMITS)
def test_another_failure_is_no_limit(tmp_path, text):
    made = synthetic(text, isApiErrorMessage=True, error="unknown", **PRIVATE)
    told = event(tmp_path, made, "synthetic")
    assert (told["kind"], told["detail"], told["resets_at"]) == ("api_error", "unknown", None)


@pytest.mark.parametrize("text", INTERRUPTIONS)
@pytest.mark.parametrize("form", ["text", "block"])
def test_an_interruption_is_told_in_every_wording(tmp_path, text, form):
    made = asked(text if form == "text" else [{"type": "text", "text": text}])
    assert event(tmp_path, made, "event")["kind"] == "interruption"
