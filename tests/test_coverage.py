"""The simulation that tries intervals gives what the shipped table has, but for its seeds."""

import pytest

from analysis.facts import facts
from benchmarks import coverage


@pytest.mark.long
def test_a_few_seeds_give_what_many_gave(monkeypatch):
    monkeypatch.setattr(coverage, "MANY", 100_000)
    found = coverage.coverage(6)
    assert found.columns == facts("coverage").columns
    assert found["what"].to_list() == facts("coverage")["what"].to_list()
    for made, covered in found.select("made", "covered").rows():
        assert covered / made > 0.7
