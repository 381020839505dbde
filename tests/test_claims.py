"""A verdict is a comparison: printed digits against what is computed, under which definition."""

import polars as pl
import pytest

from analysis.claims import VERDICTS, Reading, Verdict, claims, judge
from analysis.claims.published import PUBLISHED
from analysis.claims.yours import YOURS
from analysis.facts import facts

NOTHING = {"kind": "number", "printed": None, "step": None, "lacks": None, "source": None}
PRINTED = NOTHING | {"printed": 97.7, "step": 0.1}


def word(claim, *values):
    return judge(NOTHING | claim, [Reading(f"reading {n}", v) for n, v in enumerate(values)]).word


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((97.7,), "exact"),
        ((97.66,), "rounding"),
        ((97.74999,), "rounding"),
        ((97.65,), "rounding"),  # a half rounds up or down: either prints as 97.7 somewhere
        ((97.64,), "differs"),
        ((97.76,), "differs"),
        ((96.6, 97.7), "definition"),
        ((96.6, 97.66), "definition"),
        ((96.6, 95.1), "differs"),
        ((97.66, 97.7), "rounding"),  # the text's own definition goes first
    ],
)
def test_a_number_is_compared_at_its_printed_precision(values, verdict):
    assert word(PRINTED, *values) == verdict


def test_the_verdict_names_the_definition_it_rests_on():
    found = [Reading("cache : API", 41.7), Reading("total : API", 42.7), Reading("other", 43.0)]
    claim = NOTHING | {"printed": 43.0, "step": 1.0}
    assert judge(claim, found) == Verdict("definition", "total : API")
    assert judge(claim, found[:1]) == Verdict("differs", "cache : API")


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [((True,), "exact"), ((False,), "unsupported"), ((False, True), "definition")],
)
def test_a_statement_holds_or_does_not(holds, verdict):
    found = [Reading("a share", 0.3, h) for h in holds]
    assert judge(NOTHING | {"kind": "fact"}, found).word == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ({"kind": "view"}, "opinion"),
        ({"kind": "quote", "source": "the issue"}, "quoted"),
        ({"kind": "quote"}, "unreached"),
        ({"kind": "fact", "lacks": "no cost is published"}, "unsupported"),
        ({"kind": "fact", "source": "the text's own"}, "pending"),
        (PRINTED, "pending"),
    ],
)
def test_without_a_computation_the_kind_of_claim_decides(claim, verdict):
    assert word(claim) == verdict


def test_a_printed_number_far_from_ours_differs_however_large():
    assert word({"printed": 5.09e9, "step": 1e7}, 5_092_500_074) == "rounding"
    assert word({"printed": 5.09e9, "step": 1e7}, 5_096_000_000) == "differs"


def test_every_check_a_claim_names_exists_and_every_check_is_used():
    named = set(claims()["check"].drop_nulls())
    assert named == PUBLISHED.keys() | YOURS.keys()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_check_compares_numbers_with_numbers_and_statements_with_statements(name):
    found = PUBLISHED[name]()
    kinds = {type(r.holds) for r in found}
    assert len(kinds) == 1
    rows = claims().filter(pl.col("check") == name)
    assert rows["printed"].is_null().any() == (kinds == {bool})


def test_each_verdict_says_when_it_is_given():
    assert len(VERDICTS) == 9
    assert all(text and text[0].islower() for text in VERDICTS.values())


def test_a_prompt_that_stays_as_it_is_bears_out_no_claim_of_growth(monkeypatch):
    turns = [1, 500, 990]
    flat = pl.DataFrame({"turn": turns, "tokens": [9e4] * 3, "read_share": [0.9] * 3})
    monkeypatch.setattr("analysis.claims.growth._prompts", lambda: flat)
    assert [r.holds for r in PUBLISHED["increments"]()] == [False, False]
    assert [r.holds for r in PUBLISHED["pile-up"]()] == [False]


def test_reads_that_grow_little_above_a_large_start_do_not_pile_up(monkeypatch):
    slow = pl.DataFrame({"turn": [1, 101], "tokens": [100.0, 150.0], "read_share": [0.9] * 2})
    monkeypatch.setattr("analysis.claims.growth._prompts", lambda: slow)
    (found,) = PUBLISHED["pile-up"]()
    assert (found.value, found.holds) == (150 / 125, False)


def test_writes_that_are_as_large_without_a_break_bear_out_no_rebuild(monkeypatch):
    from analysis.claims import published

    def even(name):
        table = facts(name)
        return table.with_columns(mean_write_tokens=9.0) if name == "gaps" else table

    monkeypatch.setattr(published, "facts", even)
    assert [r.holds for r in PUBLISHED["breaks"]()] == [False, False]
    assert PUBLISHED["breaks"]()[1].value == pytest.approx(6)  # a hit rate of 94 % leaves 6 %
