"""A stream comes back line by line, however its bytes arrive."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.logs import lines
from analysis.logs.lines import Lines


class Short:
    """A stream that gives a few bytes at a time, as few as the last of `sizes` in the end."""

    def __init__(self, data, sizes, size):
        self.data, self.sizes, self.size = io.BytesIO(data), [*sizes], size
        self.largest = 0

    def readinto(self, buffer):
        self.largest = max(self.largest, len(buffer))
        wanted = self.sizes.pop(0) if len(self.sizes) > 1 else self.sizes[0]
        return self.data.readinto(buffer[:wanted])


@pytest.fixture
def small():
    """A longest line of 16 bytes, read 8 bytes at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MAX_LINE", 16)
        patch.setattr(lines, "_CHUNK", 8)
        yield


def split(data, most=16):
    """The lines of some bytes, by the standard library: null for one that is too long."""
    found = data.split(b"\n")
    whole = [line + b"\n" for line in found[:-1]] + [line for line in found[-1:] if line]
    return [line if len(line) < most else None for line in whole]


def read(stream, begin=0):
    """The lines of a stream; and what it says at each of them of its end and the bytes so far."""
    found = Lines(stream, begin)
    made = [(None if line is None else bytes(line), found.ended, found.read) for line in found]
    texts, ended, counts = zip(*made, strict=True) if made else ((), (), ())
    return [*texts], [*ended], [*counts], found


@pytest.mark.usefixtures("small")
@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\r", b"\n", b"\n\n", b"x" * 14, b"y" * 40])),
    st.lists(st.integers(1, 20), min_size=1),
    st.integers(0, 60),
    st.integers(0, 2**40),
)
def test_lines_are_those_of_the_bytes_whatever_comes_at_once(made, sizes, size, begin):
    data = b"".join(made)
    stream = Short(data, sizes, size)
    texts, ended, counts, found = read(stream, begin)
    assert texts == split(data)
    half = bool(data) and not data.endswith(b"\n")
    assert ended == [True] * (len(texts) - half) + [False] * half
    assert found.ended is not half
    assert found.read == begin + len(data)
    assert counts == sorted(counts)
    assert stream.largest <= 16 + 8


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("at_once", [1, 3, 8, 100])
@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"x" * 14 + b"\n", [b"x" * 14 + b"\n"]),
        (b"x" * 15 + b"\n", [None]),
        (b"x" * 15, [b"x" * 15]),
        (b"x" * 16, [None]),
        (b"x" * 16 + b"\na\n", [None, b"a\n"]),
        (b"x" * 100 + b"\n" + b"y" * 100 + b"\nz", [None, None, b"z"]),
        (b"a\n" + b"x" * 15 + b"\n\n", [b"a\n", None, b"\n"]),
        (b"a\n" + b"x" * 100, [b"a\n", None]),
    ],
)
def test_a_line_is_too_long_from_the_first_byte_on_that_is_too_many(data, found, at_once):
    assert read(Short(data, [at_once], len(data)))[0] == found == split(data)


def test_a_line_is_good_until_the_next_even_where_it_made_the_buffer_grow():
    data = b"".join(b"%d" % n * 3**n + b"\n" for n in range(9))
    stream = Short(data, [5], 10)
    assert [bytes(line) for line in Lines(stream)] == split(data, lines.MAX_LINE)


def test_lines_that_are_kept_hinder_no_reading():
    data = b"a\n" * 9 + b"b" * 99 + b"\nc\n"
    held = [*Lines(Short(data, [7], 10))]
    assert len(held) == len(split(data, lines.MAX_LINE))


@pytest.mark.parametrize(
    ("size", "held"),
    [(0, 1), (1, 1), (5, 5), (lines._CHUNK, lines._CHUNK), (10**12, lines._CHUNK)],
)
def test_no_more_is_held_than_the_file_has_nor_than_a_chunk(size, held):
    stream = Short(b"a\nb\n", [1], size)
    assert read(stream)[0] == [b"a\n", b"b\n"]
    assert stream.largest == max(held, 2)  # the two bytes of a line


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [1, 8, 10**12])
def test_no_more_is_held_of_a_line_that_never_ends_than_of_one_that_may(size):
    stream = Short(b"x" * 10_000, [10**6], size)
    assert read(stream)[0] == [None]
    assert 16 <= stream.largest <= 16 + 8


def test_nothing_has_no_line():
    texts, _, _, found = read(Short(b"", [1], 0), begin=7)
    assert (texts, found.ended, found.read) == ([], True, 7)


def test_a_line_of_32_mib_is_too_long():
    assert lines.MAX_LINE == 33_554_432
