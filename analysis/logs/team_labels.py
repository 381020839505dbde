"""Labels of a team: what stands in a handed-over file for a person, a request or a session.

A label is HMAC-SHA256, cut to 64 bits, of a text with the team's key. Who has the key can try
names and ids; who has not can do nothing with a label. Without a key of the team a random one is
used and thrown away.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import stat
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from analysis.logs import stamps
from analysis.logs.files import PRIVATE

#: The least a key has, in bytes.
LEAST = 32

#: What the label of a person who never was begins with; no other does, but for one in billions.
SYNTHETIC = "p-00000000"

_MOST = 4_096  # bytes of a file that holds a key
_LONGEST = 256  # bytes of a key: a longer file is something else
_DISTINCT = 16  # of 32 random bytes 30 differ; what was typed or filled has fewer


class KeyFileError(Exception):
    """A file of a team's key cannot be used or written; says which, and what to do."""


def new_key(path: Path) -> None:
    """Write a new key for a team, for its owner alone.

    Raises
    ------
    KeyFileError
        When something lies there, or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError:
        _refuse(path, "something lies there already: name another file")
    except OSError as error:
        _refuse(path, f"it cannot be written ({os.strerror(error.errno or 0)})")
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{secrets.token_hex(LEAST)}\n")


def read_key(path: Path) -> bytes:
    """Read a team's key: at least 32 random bytes, as they are or as hexadecimal digits.

    Raises
    ------
    KeyFileError
        When there is none, when others may read it, or when it is too short or not random.
    """
    try:
        with open(path, "rb", opener=stamps.opened) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                _refuse(path, "it is no file")
            if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                _refuse(path, "others can read or change it: chmod 600 it, as a key must be")
            data = stream.read(_MOST)
    except OSError as error:
        _refuse(path, f"it cannot be read ({os.strerror(error.errno or 0)})")
    return _checked(path, data)


def _checked(path: Path, data: bytes) -> bytes:
    typed = data.strip().isascii() and data.strip().decode("ascii").isprintable()
    if typed:
        with suppress(ValueError):
            data, typed = bytes.fromhex(data.decode()), False
    if typed or len(set(data)) < _DISTINCT or len(data) > _LONGEST:
        _refuse(path, "that is no random key: `archive --new-team-key FILE` makes one")
    if len(data) < LEAST:
        _refuse(path, f"that key has {len(data)} bytes, and {LEAST} are the least")
    return data


def _refuse(path: Path, fault: str) -> NoReturn:
    raise KeyFileError(f"{path}, for a team's key: {fault}") from None


class Labels:
    """Makes labels with a team's key; without one, with a key that nobody ever sees.

    Examples
    --------
    >>> one, other = Labels(bytes(range(32))), Labels(bytes(range(32)))
    >>> one.person("Jane  Doe") == other.person("jane doe")
    True
    >>> one.of("request", ["msg_000001"]) == Labels().of("request", ["msg_000001"])
    False
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = secrets.token_bytes(LEAST) if key is None else key

    def of(self, kind: str, texts: Iterable[object]) -> list[str | None]:
        """Return a label for each text, or tuple of texts; null where there is none.

        A kind says more than the letter that its labels begin with: a person, a request and a
        session of one text have nothing in common.
        """
        made = (None if text is None else json.dumps([kind, text]).encode() for text in texts)
        return [None if text is None else f"{kind[0]}-{self._digest(text)}" for text in made]

    def person(self, name: str) -> str:
        """Return the label of a person, however the name is spaced and whatever its case."""
        spelled = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
        return str(self.of("person", [spelled])[0])

    def _digest(self, text: bytes) -> str:
        return hmac.digest(self._key, text, "sha256").hex()[:16]
