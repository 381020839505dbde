"""Hit rates by formula: requests counted by hand, and what no formula may depend on."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests_by_hand import requests

from analysis import load
from analysis.facts import facts
from analysis.measures import hits
from analysis.measures.resample import FEWEST
from analysis.plots.hits import plot_formulas
from analysis.prices import price
from analysis.words import hits as words

pytestmark = pytest.mark.usefixtures("themed")

#: Opus 4.7: $5 of input, $6.25 and $0.50 of writes and reads, by million tokens.
COLD = {"write_tokens": 900, "input_tokens": 100, "output_tokens": 50, "session": "a"}
WARM = {"read_tokens": 900, "write_tokens": 100, "output_tokens": 50, "session": "a"}
BARE = {"input_tokens": 1000, "output_tokens": 50, "session": "b"}


def values(*rows):
    frame = hits.formulas(price(requests(*rows)))
    return dict(frame.select("formula", "value").rows())


def test_each_formula_on_three_requests():
    assert values(COLD, WARM, BARE) == pytest.approx(
        {
            "input": 900 / 2000,
            "cached": 1900 / 3150,
            "pair": 900 / 1900,
            "tokens": 900 / 3000,
            "requests": (0 + 0.9 + 0) / 3,
            "sessions": (900 / 1900 + 0) / 2,
            "dollars": 900 * 0.5 / (900 * 0.5 + 1000 * 6.25 + 1100 * 5),
            "any": 1 / 3,
        }
    )


def test_the_formulas_are_those_of_the_facts_and_ours_is_one():
    frame = hits.formulas(price(requests(WARM)))
    assert sorted(frame["formula"]) == sorted(facts("hit-rates")["formula"])
    assert hits.OURS in frame["formula"].to_list()
    assert frame.columns[-4:] == ["value", "low", "high", "sessions"]


def test_the_highest_is_first():
    found = hits.formulas(price(requests(COLD, WARM, BARE)))["value"].to_list()
    assert found == sorted(found, reverse=True)


def test_only_the_mean_over_sessions_has_an_interval_and_only_of_enough_sessions():
    def made(sessions):
        rows = [row | {"session": str(n)} for n in range(sessions) for row in (COLD, WARM)]
        rows += [WARM | {"session": str(n), "read_tokens": 50 * n} for n in range(sessions)]
        return hits.formulas(price(requests(*rows)))

    few, many = made(FEWEST - 1), made(4 * FEWEST)
    assert few["low"].null_count() == few.height
    drawn = many.filter(pl.col("low").is_not_null())
    assert drawn["formula"].to_list() == ["sessions"]
    low, value, high = drawn.select("low", "value", "high").row(0)
    assert low < value < high
    assert drawn["sessions"].item() == 40
    assert f"would need {FEWEST} sessions" in words.formulas(few)
    assert "statement about other sessions like these 40" in words.formulas(many)
    assert made(4 * FEWEST).equals(many)  # the same seed draws the same


def test_the_interval_of_the_sample_is_drawn_by_the_seed():
    priced = load("sample").priced()
    bounds = [
        hits.formulas(priced, seed).filter(formula="sessions").select("low", "high").row(0)
        for seed in (1, 2)
    ]
    assert bounds[0] != bounds[1]
    assert bounds[0] == pytest.approx(bounds[1], abs=0.02)


TOKENS = st.integers(0, 10**6)
ROWS = st.lists(st.tuples(TOKENS, TOKENS, TOKENS, st.sampled_from("abc")), min_size=1, max_size=6)


@settings(deadline=None)
@given(ROWS)
def test_every_rate_is_a_share_and_writes_never_raise_the_recommended_one(made):
    names = ("read_tokens", "write_tokens", "input_tokens", "session")
    rows = [dict(zip(names, row, strict=True)) for row in made]
    found = values(*rows)
    assert all(value is None or 0 <= value <= 1 for value in found.values())
    if found["tokens"] is not None:
        assert found["tokens"] <= found["pair"] if found["pair"] is not None else True
        assert found["input"] is None or found["tokens"] <= found["input"]
    parts = hits.reuse(price(requests(*rows)))
    assert parts["tokens"].sum() == sum(sum(row[:3]) for row in made)
    shares = parts["share"].to_list()
    assert shares == [None] * 3 or sum(shares) == pytest.approx(1)


def test_rates_of_tokens_do_not_depend_on_prices():
    odd = [row | {"model": "other-01"} for row in (COLD, WARM, BARE)]
    assert values(*odd) == values(COLD, WARM, BARE) | {"dollars": None}


def test_no_request_has_no_rate():
    none = price(requests())
    frame = hits.formulas(none)
    assert frame["value"].null_count() == frame.height
    assert words.formulas(frame) == "Without a request there is no hit rate by any formula."
    assert [text.get_text() for text in plot_formulas(frame).texts] == ["nothing to show"]
    assert hits.reuse(none)["tokens"].to_list() == [0, 0, 0]
    assert "no prompt token" in words.reuse(hits.reuse(none))
    assert values({}) == dict.fromkeys(values(), None) | {"any": 0, "sessions": 0}


def test_prompt_tokens_that_were_reused_computed_and_computed_again():
    priced = price(requests(COLD, WARM, BARE))
    frame = hits.reuse(priced)
    assert frame.select("part", "tokens").rows() == [
        ("read from the cache", 900),
        ("written to the cache", 1000),
        ("sent uncached", 1100),
    ]
    assert words.reuse(frame).startswith("900 prompt tokens were reused, 0.4:1 to those that were")
    assert "12.3" in words.reuse(frame)
    assert "what of theirs was new is not known" in words.reuse(frame)
    again = hits.reuse(
        priced,
        priced.with_columns(
            rebuilt_tokens=pl.Series([300, 100, 0]), cause=pl.Series(["new chain", "expiry", None])
        ),
    )
    assert again.filter(part="written to the cache again")["tokens"].to_list() == [100]
    assert again["tokens"].sum() == frame["tokens"].sum()
    assert "by the ledger of rebuilds, 1.1 times as many as were new" in words.reuse(again)


def test_what_others_published_is_computed_from_their_tokens():
    claude = hits.prefill().filter(who="Claude").row(0, named=True)
    assert round(100 * claude["fresh_share"], 1) == 12.3
    assert round(claude["amplification"], 1) == 8.1
    codex = hits.prefill().filter(who="Codex").row(0, named=True)
    assert (round(100 * codex["fresh_share"], 1), round(codex["amplification"], 1)) == (25.8, 3.9)


def test_the_words_name_formulas_and_tools():
    frame = hits.formulas(price(requests(COLD, WARM, BARE)))
    said = words.formulas(frame).replace("\u202f", " ")
    assert said.startswith("One log has a hit rate of 23.7 % to 60.3 %, by 6 formulas")
    assert "The one to use, 30.0 %, is marked" in said
    rows = words.formulas_table(frame)
    (tools,) = rows.filter(pl.col("definition").str.contains("all tokens of all prompts"))[
        "who uses it"
    ]
    assert "kvleak 0.12.0" in tools
    assert words.formulas_caption(frame).startswith("7 of 8 formulas")
    ax = plot_formulas(frame)
    assert len(ax.collections) == 4  # guides, the interval's place, all but ours, ours
    rated = {text.get_text().replace("\u202f", " ").rpartition(": ")[2] for text in ax.texts}
    assert rated >= {"30.0 %", "3.7 %"}
