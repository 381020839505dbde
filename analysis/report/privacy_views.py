"""What a file says, read in every way in which a reader or a machine might read it."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import unquote

#: A file that unpacks to more than this is not looked through, and so not published.
MOST = 2**30

_DEPTH = 4  # packed in packed in packed: deeper is hidden, not packed
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*|[!?])?[^<>]*>")
#: Tags that part no words.
_INLINE = frozenset(
    """
    a abbr b bdi bdo code em i kbd mark q s small span strong sub sup tspan u wbr
    """.split()  # noqa: SIM905
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DATA = re.compile(r"data:([\w./+-]*)((?:;[\w=.+-]+)*),([^\s\"'<>)\\]+)")
_PRINTED = re.compile(rb"[\t\x20-\x7e]{8,}")


class UnreadableError(Exception):
    """A file is of a kind that cannot be looked into, or is broken."""


class View(NamedTuple):
    """A text, and where in its file it stands; `lines` if its lines are the file's."""

    place: str
    text: str
    lines: bool = False


def views(name: str, data: bytes, depth: int = 0) -> Iterator[View]:
    """Yield what a file says.

    Its kind is told by its first bytes, not by its name. Text is read raw, without tags and with
    entities decoded, and URL-decoded; images in it are decoded. JSON is read by its keys and
    values, a notebook by its cells, Parquet by its columns and metadata, PNG by its text chunks,
    PDF by its text and metadata. What a figure draws is text in the SVG beside it.

    Raises
    ------
    UnreadableError
        For what is none of these, or broken.

    Examples
    --------
    >>> [view.text for view in views("x.html", b"<b>a</b>&amp;b")]
    ['<b>a</b>&amp;b', '<b>a</b>&b', 'a&b']
    """
    if depth > _DEPTH:
        raise UnreadableError
    if data.startswith(b"PAR1"):
        yield from _parquet(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _png(data)
    elif data.startswith(b"%PDF-"):
        yield from _pdf(data)
    elif data.startswith(b"\x1f\x8b"):
        yield from views(name.removesuffix(".gz"), _unpacked(data), depth + 1)
    elif data.startswith(b"PK"):
        yield from _zip(data, depth)
    else:
        yield from _text(name, data, depth)


def _text(name: str, data: bytes, depth: int) -> Iterator[View]:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UnreadableError from None
    if "\0" in text:
        raise UnreadableError
    yield from read("", text, depth, lines=True)
    if name.endswith((".json", ".ipynb")):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise UnreadableError from None
        cells = value.pop("cells", None) if isinstance(value, dict) else None
        yield from _value("", value, depth)
        for number, cell in enumerate(cells if isinstance(cells, list) else [cells], 1):
            if cell is not None:
                yield from _value(f"cell {number}", cell, depth)


def read(place: str, text: str, depth: int, *, lines: bool = False) -> Iterator[View]:
    """Yield a text as it is, and as it reads once it is decoded; each reading once."""
    seen = {text}
    yield View(place, text, lines)
    decoded = html.unescape(text) if "&" in text else text
    stripped = html.unescape(_TAG.sub(_breaks, text)) if "<" in text else decoded
    visible = _INVISIBLE.sub("", stripped)
    for more in (decoded, stripped, visible, unquote(visible) if "%" in visible else visible):
        if more not in seen:
            seen.add(more)
            yield View(place, more, lines)
    for number, found in enumerate(_DATA.finditer(text) if "data:" in text else (), 1):
        where = ", ".join(filter(None, (place, f"image {number}")))
        if ";base64" in found[2]:
            yield from _encoded(where, found[3], depth)
        else:
            yield from read(where, unquote(found[3]), depth + 1)


def _breaks(tag: re.Match[str]) -> str:
    """Keep the line breaks of a tag, so that lines stay the file's; cells and blocks part words."""
    return "\n" * tag[0].count("\n") or ("" if tag[2] in _INLINE else " ")


def _encoded(place: str, text: str, depth: int) -> Iterator[View]:
    """Yield what base64 holds."""
    try:
        data = base64.b64decode(re.sub(r"\s", "", unquote(text)), validate=True)
    except binascii.Error:
        raise UnreadableError from None
    for view in views("", data, depth + 1):
        yield View(", ".join(filter(None, (place, view.place))), view.text)


def _value(place: str, value: Any, depth: int) -> Iterator[View]:
    """Yield the keys and values of a JSON document, and images in it."""
    found: list[str] = []
    images: list[str] = []
    _gather(value, found, images)
    yield from read(place, "\n".join(found), depth)
    for number, image in enumerate(images, 1):
        yield from _encoded(", ".join(filter(None, (place, f"image {number}"))), image, depth)


def _gather(value: Any, found: list[str], images: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            found.append(key)
            if key.startswith(("image/", "application/pdf")) and not key.endswith("xml"):
                said = item if isinstance(item, list) else [item]
                if all(isinstance(line, str) for line in said):
                    images.append("".join(said))
                    continue
            elif isinstance(item, list) and item and all(isinstance(line, str) for line in item):
                found.append("".join(item))  # a notebook's text by lines
                continue
            _gather(item, found, images)
    elif isinstance(value, list):
        for item in value:
            _gather(item, found, images)
    elif value is not None:
        found.append(str(value))


def _parquet(data: bytes) -> Iterator[View]:
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
        said = "\n".join(part.decode(errors="replace") for part in (key, value))
        yield from read("metadata", said, 0)
        if key == b"ARROW:schema":
            with suppress(binascii.Error):
                yield View("metadata", _printed(base64.b64decode(value)))
    for name in table.column_names:
        yield from read(f"column {_safe(name)}", "\n".join([name, *_strings(table[name])]), 0)


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


def _png(data: bytes) -> Iterator[View]:
    """Yield the text chunks of an image and its metadata; pixels are not read."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            said = [f"{key}\n{value}" for key, value in image.info.items()]
            said += [f"{key}\n{value}" for key, value in image.getexif().items()]
    except (OSError, ValueError, SyntaxError):
        raise UnreadableError from None
    yield from read("metadata", "\n".join([*said, _printed(data)]), 0)


def _pdf(data: bytes) -> Iterator[View]:
    """Yield the metadata of a PDF, and the text of each page if pypdf is at hand."""
    said = [_printed(data)]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        with suppress(zlib.error):
            said.append(_printed(zlib.decompressobj().decompress(packed, MOST)))
    yield from read("objects", "\n".join(said), 0)
    try:
        import pypdf
    except ModuleNotFoundError:
        return
    try:
        file = pypdf.PdfReader(io.BytesIO(data))
        about = "\n".join(f"{key}\n{value}" for key, value in (file.metadata or {}).items())
        yield from read("metadata", about, 0)
        for number, page in enumerate(file.pages, 1):
            yield from read(f"page {number}", page.extract_text(), 0)
    except (pypdf.errors.PyPdfError, ValueError, KeyError):
        raise UnreadableError from None


def _zip(data: bytes, depth: int) -> Iterator[View]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for number, item in enumerate(archive.infolist(), 1):
                if item.file_size > MOST:
                    raise UnreadableError
                yield View(f"file {number}", item.filename)
                for view in views(item.filename, archive.read(item), depth + 1):
                    place = ", ".join(filter(None, (f"file {number}", view.place)))
                    yield View(place, view.text)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
        raise UnreadableError from None


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            found = stream.read(MOST + 1)
    except (OSError, EOFError, zlib.error):
        raise UnreadableError from None
    if len(found) > MOST:
        raise UnreadableError
    return found


def _printed(data: bytes) -> str:
    """Return what of bytes is text: at least eight signs in a row."""
    return "\n".join(run.decode("ascii") for run in _PRINTED.findall(data))
