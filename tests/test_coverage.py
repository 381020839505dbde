"""The trials of intervals, with few seeds, give what the shipped table has with many."""

import pytest
from conftest import require

from analysis import load
from analysis.facts import facts
from analysis.logs import store
from analysis.paths import ROOT
from benchmarks import coverage

LOGS = ROOT.parent / "shared" / "logs"


@pytest.mark.long
def test_a_few_seeds_give_what_many_gave(monkeypatch):
    monkeypatch.setattr(coverage, "MANY", 100_000)
    found = coverage.coverage(coverage.measured(6), "a few")
    shipped = facts("coverage")
    assert found.columns == shipped.columns
    held = dict(found.select("what", found["covered"] / found["made"]).rows())
    assert held["strange"] < held["band"]
    assert held["band"] > 0.8
    assert 0.6 < held["interval"] < 1


def test_hidden_counts_lie_in_the_band_as_often_as_the_table_says(datasets):
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    store.load_logs("public", str(LOGS))
    held = list(coverage.hidden(load("public").priced()))
    row = facts("coverage").filter(what="hidden").row(0, named=True)
    assert (len(held), sum(held)) == (row["made"], row["covered"])
