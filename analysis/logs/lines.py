"""A stream of bytes to lines: one buffer, read in chunks, whatever a line's length."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.logs.stream import Stream

MAX_LINE = 32 * 2**20  # bytes; a record this long is not a transcript's
_CHUNK = 2**19


class Lines:
    r"""The lines of a stream, in order.

    Iterating yields each line with its end as a view that is good until the next one, null for a
    line of `MAX_LINE` bytes or more. `read` counts the bytes so far; `ended` says whether the line
    at hand has its line end.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO(b'{"type": "user"}\n{"ty')
    >>> stream.size = 22
    >>> lines = Lines(stream)
    >>> [(bytes(line), lines.ended) for line in lines]
    [(b'{"type": "user"}\n', True), (b'{"ty', False)]
    """

    def __init__(self, stream: Stream, begin: int = 0) -> None:
        self._stream = stream
        self.read = begin
        self.ended = True

    def __iter__(self) -> Iterator[memoryview | None]:
        buffer = bytearray(min(_CHUNK, max(self._stream.size, 1)))
        view, filled, too_long = memoryview(buffer), 0, False
        while got := self._stream.readinto(view[filled:]):
            begin, end = 0, filled + got
            self.read += got
            newline = buffer.find(b"\n", filled, end)
            while newline >= 0:
                newline += 1
                too_long = too_long or newline - begin >= MAX_LINE
                yield None if too_long else view[begin:newline]
                too_long, begin = False, newline
                newline = buffer.find(b"\n", begin, end)
            filled = end - begin
            if too_long or filled >= MAX_LINE:
                too_long, filled = True, 0  # its end is all that matters of it
            elif begin:
                view[:filled] = view[begin:end]
            elif filled == len(buffer):  # a new one, because views of the old one may be about
                buffer = bytearray(min(2 * filled, MAX_LINE + _CHUNK))
                buffer[:filled] = view
                view = memoryview(buffer)
        if filled or too_long:
            self.ended = False
            yield None if too_long else view[:filled]
