"""Adoption: public points by the month of their data, changes in points and in percent."""

import datetime as dt

import matplotlib.pyplot as plt
import polars as pl
import pytest

from analysis.facts import facts
from analysis.measures import adoption, adoption_year
from analysis.plots.adoption import plot_points
from analysis.words import adoption as words
from analysis.words import adoption_year as of_year
from analysis.words.numbers import NARROW_SPACE


def plain(text):
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def test_the_text_s_month_is_the_one_before_its_index():
    assert adoption.index_month() == dt.date(2026, 3, 1)
    assert adoption.data_month() == dt.date(2026, 2, 1)


@pytest.mark.parametrize(
    ("firm", "points", "relative"), [("Anthropic", 4.9, 4.9 / 19.5), ("OpenAI", -1.5, -1.5 / 35.9)]
)
def test_a_change_in_points_and_relative_and_what_rounding_leaves_open(firm, points, relative):
    found = adoption.change(firm)
    assert found.points == pytest.approx(points)
    assert found.relative == pytest.approx(relative)
    assert found.points_low == pytest.approx(points - 0.1)
    assert found.points_high == pytest.approx(points + 0.1)
    assert found.relative_low < found.relative < found.relative_high
    low = (found.after - 0.05) / (found.before + 0.05) - 1
    assert found.relative_low == pytest.approx(low)


def test_points_are_never_of_two_methods_in_one_change():
    april = dt.date(2026, 4, 1)
    assert adoption.change("Anthropic", april).points == pytest.approx(34.4 - 30.6)
    may = adoption.change("Anthropic", dt.date(2026, 5, 1), "revised")
    assert may.points == pytest.approx(41.0 - 38.5)


def test_one_in_25_is_said_of_two_months():
    rows = adoption_year.year_ago().to_dicts()
    assert [r["data_month"] for r in rows] == [dt.date(2025, 1, 1), dt.date(2025, 2, 1)]
    assert [r["times"] for r in rows] == pytest.approx([19.5 / 4, 24.4 / 4])
    said = plain(of_year.year(adoption_year.year_ago()))
    assert said.startswith("From one in 25 to 24.4 % is 6.1× in a year. The same words stood in")
    assert "anything from 3.9 % to 4.1 %" in said
    assert of_year.year(adoption_year.year_ago().clear()) == "Nothing is said of a year before."


def test_what_the_printed_growth_makes_of_a_year():
    ends = dict(
        adoption_year.compounded().filter(pl.col("month") == 12).select("reading", "percent").rows()
    )
    assert ends["as printed"] == pytest.approx(4 * 1.05**12)
    assert ends["as the year takes"] == pytest.approx(24.4)
    assert plain(of_year.compounded(adoption_year.compounded())).startswith(
        "At 5 % a month, one business in 25 would be 7.2 % after a year, not 24.4 %."
    )


def test_a_month_without_a_point_stays_blank():
    frame = adoption.points()
    ax = plot_points(frame, adoption.data_month())
    drawn = [line.get_xdata() for line in ax.get_lines() if len(line.get_xdata())]
    spans = [x for x in drawn if len(x) > 1 and not all(v == x[0] for v in x)]
    assert sorted(len(x) for x in spans) == [5, 5, 5, 5]  # two firms, two methods
    for x in spans:
        days = pl.Series([dt.date.fromisoformat(str(day)[:10]) for day in x])
        assert (days.dt.offset_by("1mo").head(-1) == days.tail(-1)).all()
    plt.close(ax.figure)


def test_how_much_of_the_chart_is_public():
    months = 3 * 12 + 2  # January 2023 to February 2026
    assert adoption.drawn()["months"].to_list() == [months, months]
    assert adoption.drawn()["known"].to_list() == [4, 4]


def test_the_words_have_points_and_percent_and_what_the_text_has():
    said = plain(words.points(adoption.points()))
    assert "rose by 4.9 points, which is 25.1 % of it" in said
    assert "fell by 1.5 points, 4.2 % of it. The write-up has 5 % and 2 %." in said
    assert "By month of the payments, one before that of the index" in said
    assert words.points(adoption.points().clear()) == "No point is published."


def test_the_table_of_changes_has_ranges():
    rows = words.changes_table(adoption.changes()).to_dicts()
    assert [plain(r["in points"]) for r in rows] == [
        "+4.9 points (4.8 to 5.0)",
        "−1.5 points (−1.4 to −1.6)",
    ]
    assert [plain(r["the write-up"]) for r in rows] == ["+5 %", "−2 %"]


def test_who_gains_from_whom_is_left_open():
    said = words.gains()
    assert "cannot be told" in said
    assert "those who pay anybody grew by 0.8" in said


def test_facts_of_adoption_are_whole():
    rows = facts("adoption")
    assert rows.null_count().transpose().to_series().sum() == 0
    assert rows.select("data_month_day", "firm", "method").n_unique() == rows.height
    assert set(rows["known"]) == {"printed", "difference", "in words"}
    assert set(rows["method"]) == {"first", "revised"}
    assert (rows["index_month_day"] > rows["data_month_day"]).all()
    assert rows["percent"].is_between(0, 100).all()
    assert facts("adoption-aspects")["aspect"].is_unique().all()
