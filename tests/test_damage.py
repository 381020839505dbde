"""Bytes that are not quite one JSON document: ends are found, mending changes no length."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.logs import damage
from analysis.logs.damage import LARGE, crowded, document_end, flattened, mended


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        (b"{}", 0, 2),
        (b"{} \t\r\n", 0, 6),
        (b"{}{}", 0, 2),
        (b"{}{}", 2, 4),
        (b"{}  {}", 0, 4),
        (b"  {}x", 0, 4),
        (b"42 {}", 0, 3),
        (b'"{}"{}', 0, 4),
        (b'{"a":"\xff"}\xff', 0, 9),
        (b'{"a":[1,{"b":null}]},', 0, 20),
        (b"", 0, None),
        (b"{", 0, None),
        (b"{}", 1, None),
        (b'{"a":"\x01"}', 0, None),
        (b'{"a":NaN}', 0, None),
        (b"{]{}", 0, None),
        (b"x{}", 0, None),
    ],
)
def test_where_a_document_ends(line, start, end):
    assert document_end(memoryview(line), start) == end


def test_what_is_nested_too_deep_has_no_end_that_can_be_told():
    with pytest.raises(RecursionError):
        document_end(memoryview(b"[" * 100_000), 0)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=9,
)


@given(
    st.dictionaries(st.text(max_size=9), values), st.sampled_from([b"", b" ", b"{", b"{}", b"x"])
)
def test_every_document_ends_where_it_ends(value, rest):
    line = json.dumps(value).encode("utf-8", "surrogatepass")
    assert document_end(memoryview(line + rest), 0) == len(line) + (rest == b" ")


@pytest.mark.parametrize(
    ("line", "made"),
    [
        (rb'"\ud83d"', rb'"\ufffd"'),
        (rb'"\uD83D x"', rb'"\ufffd x"'),
        (rb'"\ude00"', rb'"\ufffd"'),
        (rb'"\ud83d\ud83d\ude00"', rb'"\ufffd\ud83d\ude00"'),
        (rb'"\ud83d\ude00\ude00"', rb'"\ud83d\ude00\ufffd"'),
        (rb'"\ud83d\ude00"', rb'"\ud83d\ude00"'),
        (rb'"\uD83D\uDE00"', rb'"\uD83D\uDE00"'),
        (rb'"\\ud83d"', rb'"\\ud83d"'),
        (rb'"\\\ud83d"', rb'"\\\ufffd"'),
        (rb'"\u00e9\ud7ff\ue000"', rb'"\u00e9\ud7ff\ue000"'),
        (rb'"\ud83"', rb'"\ud83"'),
        (b'{"a":NaN}', b'{"a":0e0}'),
        (b'{"a": NaN }', b'{"a": 0e0 }'),
        (b"[NaN,Infinity,-Infinity]", b"[0e0,0e000000,-0e000000]"),
        (b"[-NaN]", b"[-0e0]"),
        (b'{"NaN":"Infinity"}', b'{"NaN":"Infinity"}'),
        (b"[xNaN,NaNx]", b"[xNaN,NaNx]"),
        (b"", b""),
    ],
)
def test_mending(line, made):
    assert mended(line) == made
    assert len(made) == len(line)


def test_what_stands_for_nan_is_a_number_that_is_not_whole():
    assert [type(n) for n in json.loads(mended(b"[NaN,-Infinity,Infinity]"))] == [float] * 3


def test_a_large_line_is_not_mended():
    line = b'"' + b"x" * (LARGE - 8) + rb"\ud83d"
    assert len(line) == LARGE - 1
    assert mended(line).endswith(rb"\ufffd")
    assert mended(line + b'"') == line + b'"'


def nested(levels, inner=b""):
    return b"[" * levels + inner + b"]" * levels


@pytest.mark.parametrize(
    ("line", "made"),
    [
        (nested(3), nested(3)),
        (nested(4), nested(3, b'""')),
        (nested(6, b"1"), nested(3, b'"xxxxx"')),
        (nested(3, b"[],{}"), nested(3, b'"",""')),
        (b'{"a":{"b":{"c":{"d":1}}}}', b'{"a":{"b":{"c":"xxxxx"}}}'),
        (nested(3, b'"[[["'), nested(3, b'"[[["')),
        (nested(3, rb'"\"[[["'), nested(3, rb'"\"[[["')),
        (nested(4) + nested(4), nested(3, b'""') * 2),
        (b"[[[[", b"[[[["),
        (b'[[["[[]]', b'[[["[[]]'),
        (b"]]" + nested(6), b"]]" + nested(5, b'""')),
        (b"", b""),
    ],
)
def test_flattening(line, made, monkeypatch):
    monkeypatch.setattr(damage, "_DEEPEST", 3)
    assert flattened(line) == made
    assert len(made) == len(line)


def test_flattening_ends_after_so_many_parts(monkeypatch):
    monkeypatch.setattr(damage, "_DEEPEST", 3)
    monkeypatch.setattr(damage, "_PARTS", 8)
    assert flattened(nested(4) * 2) == nested(3, b'""') + nested(4)


def test_a_line_is_crowded_when_it_is_large_and_of_many_parts(monkeypatch):
    monkeypatch.setattr(damage, "LARGE", 10)
    monkeypatch.setattr(damage, "_PARTS", 4)
    assert [crowded(line) for line in (b"[[]] 12345", b"[[],1234]]", b"[[[[[[[[[")] == [
        False,
        True,
        False,
    ]
    assert [crowded(b'["a","b",%b]' % more) for more in (b"1", b'"c"')] == [False, True]
    assert not crowded(b'"' + b"{" * 99 + b'"')
