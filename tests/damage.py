"""Ways to write a line, and what a crash, another writer or a bad disk makes of it."""

import json
import re

from lines import usage

STRAYS = (b"\n", b"\r\n", b" \t\n", b"Killed\n", b"[1]\n", b"{}\n", b"\0\0\0\n", b'{"a":')
ID = re.compile(rb'"(requestId|sessionId|agentId|id|uuid)": ?"[^"]*"')
EDITS = b'019-.e{}[]",:x \x01'


def written(rng, made):
    """A line as bytes, in one of the ways JSON may be written."""
    if rng.random() < 0.1:
        made = dict(rng.sample(list(made.items()), len(made))) | {"unknown": [{"usage": usage()}]}
    separators = (", ", ": ") if rng.random() < 0.1 else (",", ":")
    end = b"\r\n" if rng.random() < 0.03 else b"\n"
    return json.dumps(made, separators=separators, ensure_ascii=rng.random() < 0.5).encode() + end


def damaged(rng, data):
    """A line as a crash, another writer or a bad disk leaves it."""
    ids = [found.span() for found in ID.finditer(data)]  # a hash of one would sort elsewhere
    spots = [n for n in range(len(data)) if not any(begin <= n < end for begin, end in ids)]
    middle = rng.choice(spots)
    return rng.choice(
        (
            data.rstrip(),  # glued to the next
            data[:middle],  # and so is what is left of it
            data[:middle] + b"\n",
            b"\0" * 9 + data,
            data[:middle] + bytes([rng.choice(EDITS)]) + data[middle + 1 :],
            data[:middle] + data[middle + 1 :],
            data * 2,
            data + rng.choice(STRAYS),
            data.replace(b'"input_tokens":', b'"input_tokens":-', 1),
            data.replace(b'"input_tokens":', b'"input_tokens":0.', 1),
            data.replace(b'"timestamp":"2', b'"timestamp":"', 1),
        )
    )
