"""The worst logs that could be thought of: none fills the memory, takes for ever or costs a line.

Each is scanned in a process of its own, which measures its peak memory and is killed when it hangs.
"""

import gzip
import json
import subprocess
import sys

import pytest
from hostile import CANARY, CUT, FIRST, LAST, asked, raw, said
from lines import SESSION, dump, message_id

from analysis.logs.lines import MAX_LINE
from analysis.paths import ROOT

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PEAK = 400 * 10**6  # bytes of memory in use at once, polars not among them
ADDRESSES = 4 * 2**30  # bytes of address space: a process that asks for more dies of it
HANGS = 120  # seconds; a log takes two or less, but not on a busy machine

#: VmHWM is the peak of this process alone; ru_maxrss begins with that of its parent.
CHILD = f"""
import json, re, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
from pathlib import Path
from analysis.logs.discover import log_files
from analysis.logs.scan import scan
(log,) = log_files([Path(sys.argv[1])])
found = scan(log, 1, "project-01", b"key")
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
json.dump([int(peak[1]) * 1024, found.copies, found.events, found.ledger], sys.stdout)
"""

HUGE = 100 * 10**6
LARGE = MAX_LINE - 2**20
SMILE = "\U0001f600"  # takes a string to four bytes a letter
READ = [message_id(901), message_id(1), message_id(902)]
KEPT = [message_id(901), message_id(902)]


def spoken(words, length, number=1):
    """An answer of so many letters."""
    return raw(said(number, content=[{"type": "text", "text": words + "x" * length}]))


def filled(made, inner):
    """A line whose empty list holds one thing again and again."""
    return raw(made).replace(b"[]", b"[" + inner * (LARGE // len(inner)) + inner.strip(b",") + b"]")


def again(piece):
    return piece * (LARGE // len(piece))


#: The line between two good ones; the messages that are found; why it is rejected.
WORST = {
    "a record of 100 MB": (lambda: spoken("", HUGE), KEPT, "too_long"),
    "a record that is just not too long": (lambda: spoken("", LARGE), READ, None),
    "the same in wide letters": (lambda: spoken(SMILE, LARGE), READ, None),
    "100 MB of NULs": (lambda: b"\0" * HUGE, KEPT, "too_long"),
    "NULs": (lambda: again(b"\0"), KEPT, "not_json"),
    "NULs before a record": (lambda: again(b"\0") + raw(said(1)), READ, "not_json"),
    "small blocks": (lambda: filled(asked([]), b"{},"), KEPT, "too_long"),
    "small strings": (lambda: filled(asked([]), b'"ab",'), KEPT, "too_long"),
    "small things nobody reads": (
        lambda: filled(said(1, x=[]), b"{},"),
        KEPT,
        "too_long",
    ),
    "numbers nobody reads": (lambda: filled(said(1, x=[]), b"1,"), READ, None),
    "brackets that open": (lambda: again(b"["), KEPT, "too_long"),
    "records that open": (lambda: again(b'{"type":'), KEPT, "too_long"),
    "records in records": (lambda: b'{"type":' * 900 + b"[" + again(b"1,"), KEPT, "not_json"),
    "records that are cut": (lambda: again(CUT), KEPT, "too_long"),
    "a record behind a cut one": (
        lambda: spoken("", LARGE, 8)[:-99] + raw(said(1)),
        READ,
        "not_json",
    ),
    "records without anything": (lambda: again(b"{}"), KEPT, "too_long"),
    "white space": (lambda: b"{}" + again(b" ") + b"{}", KEPT, None),
    "backslashes": (lambda: b'{"type":"' + again(b"\\"), KEPT, "not_json"),
    "quotes": (lambda: again(b'"'), KEPT, "too_long"),
}


def scanned(folder):
    """What a process says that scans the one log of a folder."""
    command = [sys.executable, "-c", CHILD, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS)
    assert (done.returncode, done.stderr) == (0, "")
    assert CANARY not in done.stdout
    return json.loads(done.stdout)


def found_in(folder, name, data, pack=bytes):
    """What is found in a log of such bytes, in less memory than it may take."""
    path = folder / "p" / name
    path.parent.mkdir()
    path.write_bytes(pack(data))
    peak, copies, events, ledger = scanned(folder)
    path.unlink()
    assert peak < PEAK
    assert ledger["bytes"] == len(data)
    return [copy[4] for copy in copies], events, ledger


def log_of(name):
    """A log with one of the worst lines between two good ones, and what is to be found in it."""
    line, messages, reason = WORST[name]
    rejected = {f"rejected_{reason}": 1, "rejected": 1} if reason else {"rejected": 0}
    return b"".join([dump(FIRST), line(), b"\n", dump(LAST)]), messages, {"lines": 3} | rejected


@pytest.mark.parametrize("name", WORST)
def test_the_worst_lines(tmp_path, name):
    data, messages, told = log_of(name)
    found, _, ledger = found_in(tmp_path, f"{SESSION}.jsonl", data)
    assert (found, {n: ledger[n] for n in told}) == (messages, told)


@pytest.mark.long
@pytest.mark.parametrize("name", [*WORST][:4])
@pytest.mark.parametrize(
    ("suffix", "pack"), [(".gz", lambda data: gzip.compress(data, 1)), (".zst", zstd.compress)]
)
def test_little_on_disk_that_is_much(tmp_path, name, suffix, pack):
    data, messages, told = log_of(name)
    found, _, ledger = found_in(tmp_path, f"{SESSION}.jsonl{suffix}", data, pack)
    assert (found, {n: ledger[n] for n in told}) == (messages, told)


@pytest.mark.parametrize(
    ("line", "kind"), [(b"\n", "blank"), (b"{}\n", "other"), (b"x\n", "rejected")]
)
def test_very_many_lines(tmp_path, line, kind):
    data = dump(FIRST) + line * 200_000 + dump(LAST)
    found, events, ledger = found_in(tmp_path, f"{SESSION}.jsonl", data)
    assert (found, events, ledger[kind], ledger["lines"]) == (KEPT, [], 200_000, 200_002)
