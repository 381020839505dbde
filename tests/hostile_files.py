"""Hostile files as data: what is in them as a whole, compressed or not."""

import gzip
import sys

from hostile import BOM, CR, CUT, JUNK, ONE, THREE, TWO, Hostile, alone, asked, raw, row, said
from lines import SESSION, dump

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CRLF = b"\r\n"
MANY = [said(number, number) for number in range(1, 31)]
WHOLE = b"".join(map(dump, MANY))
ROWS = [row(number) for number in range(1, 31)]

FILES = [
    alone("an empty file"),
    alone("one line", asked(), classes={"event": 1}, events=[{"kind": "prompt"}]),
    alone("one line without its end", ONE, rows=[row(1)], classes={"usage": 1}),
    alone("blank lines", b"\n\r\n \t\n\x0b\x0c\n\n", classes={"blank": 5}),
    alone(
        "a byte order mark", BOM + ONE + b"\n" + TWO, rows=[row(1), row(2)], classes={"usage": 2}
    ),
    alone("nothing but a byte order mark", BOM, classes={"blank": 1}),
    alone(
        "line ends of Windows",
        CRLF.join([ONE, b"", TWO, b""]),
        rows=[row(1), row(2)],
        classes={"usage": 2, "blank": 1},
    ),
    alone(
        "line ends of old",
        CR.join([ONE, TWO, THREE, b""]),
        rows=[row(1), row(2), row(3)],
        classes={"usage": 1},
        extra=2,
    ),
    alone(
        "a last line that is cut",
        ONE + b"\n",
        CUT,
        rows=[row(1)],
        classes={"usage": 1, "rejected": 1},
        reasons={"unfinished": 1},
    ),
    alone(
        "a last line cut inside a letter",
        ONE + b"\n",
        raw(asked("é"))[: raw(asked("é")).index("é".encode()) + 1],
        rows=[row(1)],
        classes={"usage": 1, "rejected": 1},
        reasons={"unfinished": 1},
    ),
    alone(
        "NULs at the end, as after a crash",
        ONE + b"\n",
        b"\0" * 4_096,
        rows=[row(1)],
        classes={"usage": 1, "rejected": 1},
        reasons={"unfinished": 1},
    ),
    alone(
        "no log at all",
        JUNK + b"\n\x7fELF\x02" + bytes(range(256)) + b"\n",
        classes={"rejected": 3},
        reasons={"not_json": 3},
    ),
    alone("UTF-16", WHOLE.decode().encode("utf-16"), skipped="utf16"),
    alone("UTF-16 without a mark", WHOLE.decode().encode("utf-16-be"), skipped="utf16"),
]


def packed(name, data, suffix, **expected):
    return Hostile(name, data, file=f"-home-jane-atlas/{SESSION}.jsonl{suffix}", **expected)


ALL = {"copies": ROWS, "classes": {"usage": 30}, "size": len(WHOLE)}
PACKED = [
    packed("gzip", gzip.compress(WHOLE), ".gz", **ALL),
    packed("zstd", zstd.compress(WHOLE), ".zst", **ALL),
    packed("gzip in pieces", b"".join(gzip.compress(dump(m)) for m in MANY), ".gz", **ALL),
    packed("gzip under a plain name", gzip.compress(WHOLE), "", skipped="misnamed"),
    packed("zstd under a plain name", zstd.compress(WHOLE), "", skipped="misnamed"),
    packed("a plain log named gzip", WHOLE, ".gz", skipped="misnamed"),
    packed("zstd named gzip", zstd.compress(WHOLE), ".gz", skipped="misnamed"),
    packed(
        "UTF-16 in gzip is lines of no JSON",
        gzip.compress(b"\0" + JUNK + b"\n"),
        ".gz",
        classes={"rejected": 1},
        reasons={"not_json": 1},
        size=len(JUNK) + 2,
    ),
    packed(
        "gzip cut between two pieces",
        gzip.compress(ONE + b"\n") + gzip.compress(TWO)[:5],
        ".gz",
        copies=[row(1)],
        classes={"usage": 1, "rejected": 1},
        reasons={"damaged": 1},
        size=len(ONE) + 1,
    ),
    packed(
        "gzip with a checksum that does not hold",
        gzip.compress(ONE + b"\n" + CUT)[:-8] + b"\0" * 8,
        ".gz",
        copies=[row(1)],
        classes={"usage": 1, "rejected": 2},
        reasons={"unfinished": 1, "damaged": 1},
        size=len(ONE) + 1 + len(CUT),
    ),
    packed(
        "gzip with something else behind",
        gzip.compress(ONE + b"\n") + JUNK,
        ".gz",
        copies=[row(1)],
        classes={"usage": 1, "rejected": 1},
        reasons={"damaged": 1},
        size=len(ONE) + 1,
    ),
    packed(
        "zstd cut at once",
        zstd.compress(WHOLE)[:20],
        ".zst",
        classes={"rejected": 1},
        reasons={"damaged": 1},
        size=0,
    ),
]
