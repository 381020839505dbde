"""Funding: partners' sums, what repays them, rounds and statements, by hand."""

import polars as pl
import pytest

from analysis.claims.published import PUBLISHED
from analysis.facts import facts
from analysis.measures import funding
from analysis.plots.funding import plot_commitments, plot_recovery
from analysis.words import funding as words
from analysis.words import statements
from analysis.words.numbers import NARROW_SPACE


def test_the_table_as_the_text_prints_it():
    rows = facts("partners").filter(pl.col("state") == "text")
    billions = pl.col("invested_usd", "committed_usd") // 10**9
    assert rows.select("partner", billions).rows() == [
        ("Microsoft", 5, 30),
        ("Nvidia", 10, 35),
        ("Amazon", 8, None),
        ("Google", 3, None),
    ]
    assert rows.filter(pl.col("name_restored") == "yes")["partner"].to_list() == ["Google"]


def test_an_unknown_commitment_is_not_nothing():
    assert funding.partners()["ratio"].to_list() == [6, 3.5, None, None, pytest.approx(100 / 33),
                                                     pytest.approx(200 / 43)]  # fmt: skip


def test_sums_by_every_way_to_count():
    assert funding.sums() == pytest.approx(
        {
            "both": 65 / 15,
            "overlap": 35 / 15,
            "all": 65 / 26,
            "all_overlap": 35 / 26,
            "all_low": (30 + 0.39 * 35) / 26,
        }
    )


def test_the_latest_row_of_each_partner():
    rows = funding.latest()
    assert rows["partner"].to_list() == ["Microsoft", "Nvidia", "Amazon", "Google"]
    assert rows["state"].to_list() == ["text", "text", "later", "later"]


def test_margins_that_repay():
    rows = funding.margins().rows()
    assert rows == [("Microsoft", pytest.approx(5 / 30), None),
                    ("Nvidia", pytest.approx(10 / 35), pytest.approx(10 / 13.65))]  # fmt: skip


@pytest.mark.parametrize("paid", [0.25, 0.5, 1.0])
def test_what_is_paid_at_the_margin_of_the_curve_repays_the_investment(paid):
    rows = {row["partner"]: row for row in funding.partners().to_dicts() if row["state"] == "text"}
    names = {"text": "committed_usd", "lower": "committed_low_usd"}
    for partner, estimate, _, margin in funding.recovery([paid]).rows():
        row = rows[partner]
        assert margin * paid * row[names[estimate]] == pytest.approx(row["invested_usd"])


@pytest.mark.parametrize(
    ("part", "covered"), [(None, 0), (0.9, 0), (1.0, 4)], ids=["unknown", "too little", "all"]
)
def test_capital_is_safe_where_enough_is_paid_ahead_for_all(monkeypatch, part, covered):
    sum_usd = pl.col("invested_usd") * pl.lit(part, pl.Float64)
    sure = funding.partners().with_columns(assured_usd=sum_usd)
    monkeypatch.setattr("analysis.claims.funding.partners", lambda: sure)
    (reading,) = PUBLISHED["regardless"]()
    assert (reading.value, reading.holds) == (covered, covered == 4)


def test_one_partner_who_is_paid_ahead_is_not_all(monkeypatch):
    one = pl.when(pl.col("partner") == "Microsoft").then("invested_usd").cast(pl.Float64)
    sure = funding.partners().with_columns(assured_usd=one)
    monkeypatch.setattr("analysis.claims.funding.partners", lambda: sure)
    (reading,) = PUBLISHED["regardless"]()
    assert (reading.value, reading.holds) == (1, False)


def test_rounds_add_up():
    assert [r.value for r in PUBLISHED["raised"]()] == [67_300_000_000]
    assert [r.value for r in PUBLISHED["rounds"]()] == [17]
    assert funding.rounds()["over_run_rate"][1] == pytest.approx(380 / 14)


def test_commitments_far_exceed_investments_but_not_under_every_way_to_count():
    found = [(round(r.value, 2), r.holds) for r in PUBLISHED["commitments"]()]
    assert found == [(2.5, True), (1.68, False), (1.35, False), (4.33, True), (2.33, True)]


def test_one_statement_refutes_that_there_is_none(monkeypatch):
    (reading,) = PUBLISHED["endorsed"]()
    assert (reading.value, reading.holds) == (1, False)
    quiet = funding.statements().filter(pl.col("partner") != "Amazon")
    monkeypatch.setattr("analysis.claims.funding.statements", lambda: quiet)
    (reading,) = PUBLISHED["endorsed"]()
    assert (reading.value, reading.holds) == (0, True)


@pytest.mark.parametrize(
    ("column", "value"),
    [("strategic", "no"), ("public", "no"), ("about", "business"), ("ranks", "no")],
)
def test_what_does_not_count_as_an_endorsement(column, value):
    said = funding.ranking(funding.statements()).with_columns(pl.lit(value).alias(column))
    assert said.height == 1
    assert funding.ranking(said).is_empty()


def test_what_is_at_most_or_estimated_is_hatched(themed):
    ax = plot_commitments(funding.partners())
    hatched = {round(bar.get_width()) for bar in ax.patches if bar.get_hatch()} - {0}
    solid = {round(bar.get_width()) for bar in ax.patches if not bar.get_hatch()} - {0}
    assert hatched == {5, 10, 35, 33, 43, 200}
    assert solid == {30, 8, 3, 100}
    assert sum("no dollars" in text.get_text() for text in ax.texts) == 2


def test_no_margin_over_one_is_drawn(themed):
    ax = plot_recovery(funding.recovery())
    assert max(max(line.get_ydata()) for line in ax.lines if len(line.get_ydata()) > 1) <= 1


def test_the_captions_hold_their_numbers():
    said = words.commitments(funding.partners())
    for text in (
        "committed to buy is 6.0 times",
        "3.5 times what Nvidia invested",
        "what Microsoft invested",
        "4.33 times both",
        "2 of 4",
        "2.33×",
        "By 3 of these 5 ways",
    ):
        assert text in said
    assert "16.7" in words.recovery(funding.recovery())
    assert "27.1 times its run-rate" in words.rounds_caption(funding.rounds())
    assert statements.said_caption(funding.statements()).startswith(
        "Amazon published on 16\u00a0April"
    )


def test_what_is_no_public_statement_is_not_counted_as_one():
    """Amazon of 2024 and Nvidia of January 2026, of five public ones of partners."""
    assert "; 2 of the 5 public statements" in statements.said_caption(funding.statements())


def test_the_count_of_shared_investors_is_the_claim_s():
    assert statements.shared_caption().startswith(
        "By one count (TechCrunch, 2026-02-23) 12 investors"
    )


def test_what_is_out_of_sight_on_a_narrow_screen_is_in_the_title_and_where_a_line_begins(themed):
    found = funding.recovery()
    axes = plot_recovery(found)
    named = {text.get_text(): text.xy for text in axes.texts if "%" not in text.get_text()}
    starts = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines[::2]]
    assert named == dict(
        zip(("Microsoft", "Nvidia", "Nvidia, lower estimate"), starts, strict=True)
    )
    title = words.recovery(found).replace(NARROW_SPACE, " ").split(". ")[0]
    assert all(f"{part} %" in title for part in ("16.7", "28.6", "73.3"))
