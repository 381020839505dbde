"""Plots draw what they are given, and where; how they look on odd frames is test_gallery's."""

import matplotlib.pyplot as plt
import pytest
from requests_by_hand import requests

from analysis.measures import margin, published
from analysis.plots.margin import plot_eras
from analysis.plots.published import plot_headline
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
    assert plot_eras(margin.by_era(price(requests(HUGE))), 0.977, ax=ax) is ax


def test_the_headline_bars_are_the_shares():
    frame = published.headline()
    widths = [bar.get_width() for bar in plot_headline(frame).patches]
    assert widths == pytest.approx(frame["share"].to_list())


def test_each_dot_stands_at_its_era_s_share():
    versions = ("2.1.1", "2.1.20", "2.1.40", "2.1.60", "2.1.90", "2.1.112")
    made = [HUGE | {"version": v, "input_tokens": 10**9 * n} for n, v in enumerate(versions, 1)]
    frame = margin.by_era(price(requests(*made)))
    assert frame["share"].n_unique() == len(versions)
    dots = [line for line in plot_eras(frame, 0.977).lines if line.get_marker() == "o"]
    at = [(*dot.get_xdata(), *dot.get_ydata()) for dot in dots]
    assert at == list(enumerate(frame["share"]))


def test_hollow_and_filled_tell_the_eras_apart():
    frame = margin.by_era(price(requests(HUGE | {"version": "2.1.20"}, HUGE)))
    dots = [line for line in plot_eras(frame, 0.977).lines if line.get_marker() == "o"]
    filled = [line.get_markerfacecolor() == line.get_color() for line in dots]
    assert filled == [False, True]
