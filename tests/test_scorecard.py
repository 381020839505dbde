"""The scorecard: a row and a verdict for every claim, from published figures alone."""

import datetime as dt

import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import params
from analysis.claims import VERDICTS, claims
from analysis.claims.yours import YOURS
from analysis.measures import scorecard
from analysis.plots.scorecard import plot_tiles
from analysis.prices import price
from analysis.words import scorecard as words

HEART = "^(T3|T4|C)"  # what gets its verdicts first


@pytest.fixture(scope="module")
def card():
    return scorecard.scorecard(price(requests()))


def row(card, claim):
    return card.row(by_predicate=pl.col("claim") == claim, named=True)


def test_every_claim_has_one_row_and_a_known_verdict(card):
    assert card["claim"].to_list() == claims()["claim"].to_list()
    assert set(card["verdict"]) <= VERDICTS.keys()


def test_what_is_pending_waits_for_a_chapter_that_is_still_to_come(card):
    built = {notebook.stem for notebook in params.notebooks()}
    waiting = card.filter(pl.col("verdict") == "pending")
    assert not waiting.filter(pl.col("chapter").is_in(built))["claim"].to_list()


def test_most_of_the_heart_is_not_pending(card):
    heart = card.filter(pl.col("claim").str.contains(HEART))
    waiting = heart.filter(pl.col("verdict") == "pending")
    assert set(waiting["claim"]) == {"T3.10", "T3.13", "T4.22", "T4.24", "C6"}


@pytest.mark.parametrize(
    ("claim", "verdict", "value"),
    [
        ("T3.3", "exact", 125),
        ("T3.5", "exact", 10),
        ("T4.4", "rounding", 97.66),
        ("T4.5", "rounding", 2.34),
        ("T4.6", "definition", 41.73),
        ("T4.8", "rounding", 99.9263),
        ("T4.9", "rounding", 0.0737),
        ("T4.10", "definition", 1355.28),
        ("T4.12", "rounding", 5_092_500_074),
        ("T4.13", "rounding", 3_887_759),
        ("T4.16", "unsupported", None),
        ("T4.18", "unsupported", 0.0021),
        ("T9.5", "unsupported", None),
        ("C1", "differs", 41.73),
        ("C4", "rounding", 55.938),
        ("C17", "rounding", 54.629),
    ],
)
def test_verdicts_worked_out_by_hand(card, claim, verdict, value):
    found = row(card, claim)
    assert found["verdict"] == verdict
    if value is not None:
        assert found["ours"][0]["value"] == pytest.approx(value, rel=1e-3)


def test_a_definition_is_named_where_another_one_fits(card):
    assert row(card, "T4.10")["under"].startswith("reads : input and output")
    assert "later state" in row(card, "T4.6")["under"]
    assert card.filter(pl.col("verdict") == "definition")["under"].str.len_chars().min() > 0


def test_the_reader_s_logs_have_no_part_in_a_verdict(card):
    other = scorecard.scorecard(price(requests({"output_tokens": 10**9, "input_tokens": 5})))
    same = ["claim", "verdict", "under", "ours"]
    assert other.select(same).equals(card.select(same))
    assert not other["yours"].equals(card["yours"])


def test_logs_without_a_request_have_no_readings(card):
    assert {len(r) for name in YOURS for r in [YOURS[name](price(requests()), "largest")]} <= {0, 1}
    shares = ("T4.4", "T4.6", "T4.8", "T3.3", "T3.7", "T4.20")
    assert all(row(card, claim)["yours"] == [] for claim in shares)


def minute(number, **more):
    seen = AT + dt.timedelta(minutes=number)
    return {"first_seen": seen, "last_seen": seen, "message_id": f"m{number}"} | more


def yours(check, *made):
    return [r.value for r in YOURS[check](price(requests(*made)), "largest")]


def test_shares_and_ratios_of_the_reader_s_logs():
    # Opus 4.7: 1,000 x $0.50 reads and 100 x $6.25 writes, 10 x $5 input and 20 x $25 output
    made = {"read_tokens": 1000, "write_tokens": 100, "input_tokens": 10, "output_tokens": 20}
    assert yours("cache-share", made) == pytest.approx([100 * 1125 / 1675] * 2)
    assert yours("rest-share", made) == pytest.approx([100 * 550 / 1675] * 2)
    assert yours("cache-ratio", made) == pytest.approx([1125 / 550] * 2)
    assert yours("issue-share", made) == pytest.approx([100 * 1100 / 1130] * 2)
    assert yours("issue-ratio", made) == pytest.approx([1100 / 30] * 2)
    assert yours("read-share", made) == pytest.approx([100 * 500 / 1675])
    assert yours("overhead", made) == pytest.approx([(1110 * 5 + 500) / 1675])


def test_what_reads_and_writes_are_paid_at():
    hour = {"write_tokens": 100, "write_5m_tokens": 60, "write_1h_tokens": 40}
    made = hour | {"read_tokens": 1000, "input_tokens": 1}
    assert yours("write-price", made) == pytest.approx([100 * (0.6 * 1.25 + 0.4 * 2)])
    assert yours("write-premium", made) == pytest.approx([55])
    assert yours("read-price", made) == pytest.approx([10])
    assert yours("read-discount", made) == pytest.approx([90])
    assert yours("lifetime", made) == pytest.approx([40])


def test_a_break_loses_the_cache_or_does_not():
    prompt = {"context_tokens": 1000}
    start = minute(0, read_tokens=1000, **prompt)
    kept = minute(8, read_tokens=900, write_tokens=100, **prompt)
    lost = minute(20, read_tokens=0, write_tokens=1000, **prompt)
    soon = minute(21, read_tokens=0, write_tokens=900, **prompt)  # no break
    cut = minute(40, read_tokens=0, write_tokens=300, context_tokens=300)  # a compaction
    assert yours("breaks", start, kept, lost, soon, cut) == [50]
    assert yours("inactivity", start, kept, lost, soon, cut) == pytest.approx([100 * 1100 / 2300])


def test_a_straight_line_fits_a_prompt_that_grows_evenly_between_cuts():
    grown = [minute(n, context_tokens=1000 + 50 * n) for n in range(20)]
    again = [minute(20 + n, context_tokens=500 + 70 * n) for n in range(20)]
    assert yours("linear", *grown, *again) == pytest.approx([1])
    assert yours("linear", *grown[:10]) == []


def test_each_part_of_the_page_has_its_claims_and_together_they_have_all(card):
    parts = [words.rows(card, name)["claim"].to_list() for name in words.PARTS]
    assert all(parts)
    assert sorted(claim for part in parts for claim in part) == sorted(card["claim"])


def test_a_row_says_what_is_computed_from_what_and_where_it_is_shown(card):
    rows = {r["claim"]: r for r in words.rows(card, "margin").to_dicts()}
    share = rows["T4.4"]
    assert share["printed"] == "97.7\u202f%"
    assert share["ours"].startswith("97.66\u202f%: reads and writes, of dollars")
    assert "Opus 4.6 list price" in share["it says, and the check"]
    assert "[](#fig-margin-headline)" in share["verdict"]
    assert rows["T4.12"]["printed"] == "5.09 billion"
    assert "no cost of serving" in rows["T4.16"]["ours"]
    assert rows["T4.11"]["ours"].startswith("seen: anthropics/claude-code#24147")
    assert rows["T4.22"]["verdict"] == "**pending**  \n04-growth"


@pytest.mark.parametrize(
    ("value", "unit", "step", "text"),
    [
        (97.6598, "percent", 0.01, "97.66 %"),
        (0.0737, "percent", 0.001, "0.074 %"),
        (43, "ratio", 1, "43:1"),
        (1355.28, "ratio", 0.1, "1,355.3:1"),
        (41.73, "multiple", 0.1, "41.7×"),
        (55.938, "usd", 0.001, "$55.94"),
        (15, "usd", 1, "$15"),
        (5_092_500_074, "tokens", 1e6, "5,092,500,074"),
        (5, "minutes", 1, "5 minutes"),
        (2017, "year", 1, "2017"),
        (0.0021, "weight", None, "0.0021"),
    ],
)
def test_numbers_are_written_in_their_unit(value, unit, step, text):
    assert words.number(value, unit, step).replace("\u202f", " ") == text


def test_the_tiles_are_the_claims_by_verdict(card):
    frame = scorecard.tiles(card)
    order = list(VERDICTS)
    places = [order.index(v) for v in frame["verdict"].cast(pl.String)]
    assert places == sorted(places)
    assert len(plot_tiles(frame).patches) == card.height
    assert scorecard.by_verdict(card)["claims"].sum() == card.height


def test_a_flat_scorecard_can_be_written(card):
    assert len(scorecard.tiles(card).write_csv().splitlines()) > card.height
