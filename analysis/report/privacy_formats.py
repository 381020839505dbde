"""What files say whose format is not text: each of these yields a place and what stands there."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

#: A file that unpacks to more than this is not looked through, and so not published.
MOST = 2**30

PNG = b"\x89PNG\r\n\x1a\n"
#: Chunks of a PNG that say nothing, or say it as it stands.
_PLAIN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs", b"sRGB", b"gAMA", b"tEXt"}
_STREAM = re.compile(rb"(?<!end)stream\r?\n(.*?)endstream", re.DOTALL)
_PRINTED = re.compile(rb"[\t\x20-\x7e]{8,}")
_DRAWN = re.compile(r"\b(?:begincmap|BT|cm|gs|re|scn|Do)$", re.MULTILINE)
_CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1f]")


#: The place of what a PDF is written in, whose words are the format's and tell of nobody.
SYNTAX = "objects"


class UnreadableError(Exception):
    """A file is of a kind that cannot be looked into, or is broken."""


def parquet(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the strings of each column, those of its dictionary as well, and the metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        strings = [f.name for f in file.schema_arrow if pa.types.is_large_string(f.type)]
        strings += [f.name for f in file.schema_arrow if pa.types.is_string(f.type)]
        table = pq.read_table(io.BytesIO(data), read_dictionary=strings)
        about = file.metadata.metadata or {}
    except (pa.ArrowException, OSError):
        raise UnreadableError from None
    for key, value in about.items():
        said = [key, value]
        if key == b"ARROW:schema":
            with suppress(binascii.Error):
                said[1] = printed(base64.b64decode(value)).encode()
        yield "metadata", "\n".join(s.decode(errors="replace") for s in said)
    for name in table.column_names:
        yield f"column {_safe(name)}", "\n".join([name, *_strings(table[name])])


def _safe(name: str) -> str:
    """Return a column's name as long as it is a plain word; it may be what is looked for."""
    return name if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name) else "of another name"


def _strings(column: Any) -> Iterator[str]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        for chunk in column.chunks:
            yield from map(str, chunk.dictionary.to_pylist())
    elif not (pa.types.is_primitive(kind) or pa.types.is_null(kind)):
        for value in column.to_pylist():
            yield value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def png(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield all that an image says beside its pixels, in which letters stand by chance."""
    from PIL import Image

    at, kind, kinds, said = len(PNG), b"", set(), []
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
        while kind != b"IEND":  # an image that is verified has it
            size, kind = struct.unpack_from(">I4s", data, at)
            kinds.add(kind)
            if kind != b"IDAT":
                chunk = data[at + 8 : at + 8 + size]
                said.append(chunk.decode("latin-1") if kind == b"tEXt" else printed(chunk))
            at += 12 + size
        if kinds - _PLAIN:  # which takes long, since it decodes the pixels
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                said += [f"{key}\n{value}" for key, value in image.info.items()]
                said += [f"{key}\n{value}" for key, value in image.getexif().items()]
    except (OSError, ValueError, SyntaxError, struct.error):
        raise UnreadableError from None
    yield "metadata", "\n".join([*said, printed(data[at:])])


def pdf(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what a PDF is written in, its strings and streams, metadata and its pages' text."""
    import pypdf

    written = [printed(_STREAM.sub(b"", data))]
    said: list[str] = []
    for stream in _STREAM.findall(data):
        found = stream  # it need not be packed
        with suppress(zlib.error):
            found = zlib.decompressobj().decompress(stream, MOST)
        with suppress(UnicodeDecodeError):
            text = "" if _CONTROLS.search(found) else found.decode()
            (written if _DRAWN.search(text) else said).append(text)
    yield SYNTAX, "\n".join(written)
    yield "streams", "\n".join(said)
    try:
        file = pypdf.PdfReader(io.BytesIO(data))
        about = "\n".join(f"{key}\n{value}" for key, value in (file.metadata or {}).items())
        yield "metadata", about
        yield "strings", "\n".join(dict.fromkeys(_texts(file)))
        for number, page in enumerate(file.pages, 1):
            yield f"page {number}", page.extract_text()
    except (pypdf.errors.PyPdfError, ValueError, KeyError):
        raise UnreadableError from None


def _texts(file: Any) -> Iterator[str]:
    """Yield the strings of a PDF's objects, such as titles and alternative texts.

    One with a sign that is not ASCII is written in numbers, which nobody reads as they stand.
    """
    from pypdf.generic import IndirectObject, TextStringObject

    places = {(number, generation) for generation, of in file.xref.items() for number in of}
    places |= {(number, 0) for number in file.xref_objStm}
    for place in sorted(places):
        waiting = [file.get_object(IndirectObject(*place, file))]
        while waiting:
            found = waiting.pop()
            if isinstance(found, dict):
                waiting += found.values()
            elif isinstance(found, list):
                waiting += found
            elif isinstance(found, bytes):
                yield printed(found)
            elif isinstance(found, TextStringObject):
                yield found


#: By the first bytes of a file.
FORMATS = {b"PAR1": parquet, PNG: png, b"%PDF-": pdf}


def unpacked(data: bytes) -> bytes:
    """Unpack gzip, up to `MOST` bytes."""
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            found = stream.read(MOST + 1)
    except (OSError, EOFError, zlib.error):
        raise UnreadableError from None
    if len(found) > MOST:
        raise UnreadableError
    return found


def printed(data: bytes) -> str:
    """Return what of bytes is text: at least eight signs in a row."""
    return "\n".join(run.decode("ascii") for run in _PRINTED.findall(data))
