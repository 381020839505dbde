"""The rebuild ledger: what was written again, why, and what it cost."""

import pytest
from test_synth_truth import made

from analysis.measures.rebuilds import ledger, rebuilt

__all__ = ["made"]
CAUSE = {"expiry": "expiry", "model": "model change", "tools": "unknown"}


@pytest.fixture(scope="module")
def found(made):
    _, logs, _ = made
    return ledger(rebuilt(logs.priced(), logs.events))


def test_it_finds_each_planted_rebuild_and_no_other(made, found):
    _, logs, truth = made
    known = dict(found.select("first_seen", "cause").rows())
    files = dict(logs.copies.group_by("first_seen").agg("session").rows())
    compacted = after(truth.compactions, logs)
    for planted in truth.rebuilds:
        cause = known.pop(planted.at)
        assert planted.session in files[planted.at]
        if planted.at in compacted:  # two causes at once: the first of the ledger's order
            assert cause == "compaction"
        elif cause == "rewind or fork":  # a fork whose tools changed: no log says which it was
            assert planted.cause == "tools"
        else:
            assert cause == CAUSE[planted.cause]
    assert set(known.values()) == {"new chain", "compaction"}


def test_it_finds_each_planted_compaction(made, found):
    _, logs, truth = made
    said = set(found.filter(cause="compaction")["first_seen"])
    assert said == after(truth.compactions, logs)
    assert len(said) == len(truth.compactions)


def test_it_finds_each_planted_model_change(made, found):
    _, _, truth = made
    said = set(found.filter(cause="model change")["first_seen"])
    assert said == {change.at for change in truth.model_changes}


def after(compactions, logs):
    """Return when the main chain first answered after each compaction."""
    main = logs.requests.filter(~logs.requests["is_sidechain"])
    return {
        min(at for at in main.filter(session=c.session)["first_seen"] if at > c.at)
        for c in compactions
    }
