"""Plots draw what they are given, and where; how they look on odd frames is test_gallery's."""

import matplotlib.pyplot as plt
import pytest
from requests_by_hand import requests

from analysis.measures import published
from analysis.measures.reconstruct import by_era
from analysis.plots.published import plot_headline
from analysis.plots.reconstruct import plot_eras
from analysis.prices import price
from analysis.report.figures import use_theme

HUGE = {"read_tokens": 10**9, "output_tokens": 10**8, "write_tokens": 10**9}


@pytest.fixture(autouse=True)
def _theme():
    use_theme()
    yield
    plt.close("all")
    plt.rcdefaults()


def test_a_plot_draws_on_the_axes_it_is_given():
    _, ax = plt.subplots()
    assert plot_eras(by_era(price(requests(HUGE))), 0.977, ax=ax) is ax


def test_the_headline_bars_are_the_shares():
    frame = published.headline()
    widths = [bar.get_width() for bar in plot_headline(frame).patches]
    assert widths == pytest.approx(frame["share"].to_list())


def dots(ax, *, hollow):
    """Where dots stand, and whether they are hollow."""
    found = [line for line in ax.lines if line.get_marker() == "o"]
    kept = [line for line in found if (line.get_markerfacecolor() != line.get_color()) == hollow]
    return [(*line.get_xdata(), *line.get_ydata()) for line in kept]


def test_each_dot_stands_at_its_era_s_share():
    versions = ("2.1.1", "2.1.20", "2.1.40", "2.1.60", "2.1.90", "2.1.112")
    said = {"text_chars": 10**9}
    made = [HUGE | said | {"version": v, "output_tokens": 9 * n} for n, v in enumerate(versions, 1)]
    frame = by_era(price(requests(*made)))
    ax = plot_eras(frame, 0.977)
    assert dots(ax, hollow=True) == list(enumerate(frame["logged_share"]))
    assert dots(ax, hollow=False) == list(enumerate(frame["share"]))
    assert (frame["share"] < frame["logged_share"] - 0.01).sum() >= 4


def test_a_policy_that_counts_lines_has_hollow_dots_alone():
    ax = plot_eras(by_era(price(requests(HUGE)), "sum"), 0.977)
    assert len(dots(ax, hollow=True)) == 2  # its era, and all
    assert dots(ax, hollow=False) == []
