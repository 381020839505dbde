"""Where each dollar went: by hand, whole to the nano-dollar, and with what the bill leaves out."""

import re

import polars as pl
import pytest
from chains_by_hand import chain, priced_copies

from analysis.measures.reconstruct import outputs
from analysis.measures.spend import BEYOND, PARTS, beyond, dollars, spend
from analysis.words import spend as words

EXPIRED = (
    {"minute": 0, "write": 100_000},
    {"minute": 1, "read": 99_900, "write": 10_100, "input": 4, "output": 1_000},
    {"minute": 21, "write": 120_000, "web_searches": 2},
)


def parts(rebuilt, column="nano", scale=1e9):
    """What is not 0, by part."""
    return {p: v / scale for p, v in spend(rebuilt).select("part", column).rows() if v}


def test_parts_by_hand():
    assert parts(chain(*EXPIRED)) == pytest.approx(
        {
            "standing prefix, written as a chain begins": 0.625,
            "new content, written once": (10_000 + 9_996) * 6.25e-6,
            "tail of a prompt, written again": 100 * 6.25e-6,
            "written again after expiry": 110_004 * 6.25e-6,
            "standing prefix, read again": 0.04995,
            "uncached input": 0.00002,
            "output, as logged": 0.025,
            "web searches": 0.02,
        }
    )


def test_the_standing_prefix_is_the_shortest_first_prompt_of_its_kind():
    other = {"session": "t", "minute": 50, "write": 60_000}
    agent = {"agent": "a", "is_sidechain": True, "minute": 2, "write": 9_000}
    found = parts(chain(*EXPIRED, other, agent), "tokens", 1)
    assert found["standing prefix, written as a chain begins"] == 60_000 + 60_000 + 9_000
    assert found["standing prefix, read again"] == 60_000
    assert found["history, read again"] == 39_900


def test_a_chain_that_begins_with_a_warm_prefix_writes_the_rest_of_it():
    warm = {"session": "t", "minute": 3, "read": 70_000, "write": 50_000}
    found = parts(chain(*EXPIRED[:1], warm), "tokens", 1)
    assert found["standing prefix, written as a chain begins"] == 100_000 + 30_000
    assert found["new content, written once"] == 20_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_parts_are_the_bill_to_the_nano_dollar(seed):
    rebuilt = priced_copies(3_000, seed)
    found = spend(rebuilt)
    assert found["part"].to_list() == list(PARTS)
    assert found["nano"].sum() == rebuilt["total_nano"].sum()
    assert (found["nano"] >= 0).all()
    for kind in ("read", "write", "input", "output"):
        own = found.filter(pl.col("class") == kind)
        assert own["tokens"].sum() == rebuilt[f"{kind}_tokens"].sum()


def test_writes_of_two_lifetimes_in_one_request_close_too():
    mixed = {"minute": 30, "write": 120_001, "hour": 7, "output": 3}
    rebuilt = chain(*EXPIRED[:2], mixed)
    assert spend(rebuilt)["nano"].sum() == rebuilt["total_nano"].sum()


def test_what_the_log_leaves_out_is_beyond_the_bill():
    short = {"output": 2, "text_chars": 40_000, "version": "2.1.20"}
    rebuilt = chain(*(row | short for row in EXPIRED))
    answers = outputs(rebuilt)
    found = beyond(spend(rebuilt), answers)
    rest = found.row(by_predicate=pl.col("part") == BEYOND, named=True)
    assert rest["nano"] == answers["rest_nano"].sum() > 0
    assert rest["share"] is None
    assert found["corrected share"].sum() == pytest.approx(1)
    assert found.filter(pl.col("part") != BEYOND)["share"].sum() == pytest.approx(1)
    assert "Hollow" in words.spend(found)
    assert dollars(found)["cost_usd"].sum() == pytest.approx(found["nano"].sum() / 1e9)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ({"write": 10},),
        ({"model": "other-01", "write": 90_000},),
        ({"write": 50_000, "write_5m_tokens": None, "write_1h_tokens": None},) * 2,
        ({"read": 10**10, "write": 10**10},) * 2,
    ],
)
def test_odd_logs_close_and_are_put_into_words(rows):
    rebuilt = chain(*rows)
    found = beyond(spend(rebuilt), outputs(rebuilt))
    assert spend(rebuilt)["nano"].sum() == rebuilt["total_nano"].sum()
    said = [words.spend(found), words.spend_alt(found), words.spend_table(found)]
    assert not any(re.search(r"\bNone\b|\bnan\b", text) for text in said)
