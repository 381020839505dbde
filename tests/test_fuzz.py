"""Bytes that nobody writes: lines cut, spliced and sprinkled, between two good ones."""

import pytest
from fuzz import SEEDS, survives
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

quick = {"deadline": None, "suppress_health_check": list(HealthCheck)}
seeds, places = st.sampled_from(SEEDS), st.integers(0, 2_000)
bits = st.binary(max_size=6) | st.sampled_from([b"", b"{", b"}", b'"', b"\n", b"\\u", b"1e9", b"-"])


@st.composite
def spliced(draw):
    """Lines cut anywhere, with anything put where they were cut."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        seed, begin, end = draw(seeds), draw(places), draw(places)
        begin, end = begin % (len(seed) + 1), end % (len(seed) + 1)
        kept = draw(st.sampled_from(["all", "head", "tail", "hole"]))
        parts += {
            "all": [seed],
            "head": [seed[:end]],
            "tail": [seed[begin:]],
            "hole": [seed[: min(begin, end)], draw(bits), seed[max(begin, end) :]],
        }[kept]
        parts.append(draw(bits))
    return b"".join(parts)


@settings(max_examples=500, **quick)
@given(spliced() | st.binary(max_size=60))
@example(b"")
def test_whatever_stands_between_two_lines_costs_neither(tmp_path, data):
    survives(data, tmp_path)


@pytest.mark.exhaustive
@pytest.mark.long
@settings(max_examples=25_000, **quick)
@given(spliced() | st.binary(max_size=60))
def test_a_minute_of_it(tmp_path, data):
    """As many as take about a minute."""
    survives(data, tmp_path)
