"""Every plot draws what it is given: nothing, one row, long names, large numbers."""

import matplotlib.pyplot as plt
import polars as pl
import pytest
from matplotlib.text import Text
from requests_by_hand import requests

from analysis.measures import margin, published
from analysis.plots import data as draw_data
from analysis.plots import margin as draw
from analysis.prices import price
from analysis.report.figures import use_theme

HUGE = {"read_tokens": 10**9, "output_tokens": 10**8, "write_tokens": 10**9}


def flow(*parts):
    return pl.DataFrame(parts, ["stage", "part", "count"], orient="row")


PLOTS = {
    "headline": lambda: draw.plot_headline(published.headline()),
    "definitions": lambda: draw.plot_definitions(published.definitions()),
    "undercount": lambda: draw.plot_undercount(published.undercount(), published.undercounts()),
    "eras, none": lambda: draw.plot_eras(margin.by_era(price(requests())), 0.977),
    "eras, one": lambda: draw.plot_eras(margin.by_era(price(requests(HUGE))), 0.977),
    "positions, none": lambda: draw.plot_positions(margin.positions(price(requests()))),
    "positions, long": lambda: draw.plot_positions(
        margin.positions(price(requests(HUGE)), label="These logs of a rather long name")
    ),
    "flow": lambda: draw_data.plot_flow(
        flow(
            ("lines", "usage", 10**9),
            ("lines", "event", 10**4),
            ("lines", "rejected", 0),
            ("usage records", "requests", 10**9),
        )
    ),
    "flow, nothing read": lambda: draw_data.plot_flow(flow(("lines", "usage", 0))),
}


@pytest.fixture(autouse=True)
def _theme():
    use_theme()
    yield
    plt.close("all")
    plt.rcdefaults()


def visible(ax):
    """Texts that are drawn, with their boxes in pixels."""
    figure = ax.get_figure()
    figure.canvas.draw()
    drawn = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return figure, [(t.get_text(), t.get_window_extent()) for t in drawn]


@pytest.mark.parametrize("name", PLOTS)
def test_no_text_is_cut_off(name):
    figure, texts = visible(PLOTS[name]())
    width, height = figure.canvas.get_width_height()
    for text, box in texts:
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
        assert inside, text


@pytest.mark.parametrize("name", PLOTS)
def test_no_text_lies_on_another(name):
    _, texts = visible(PLOTS[name]())
    for number, (one, box) in enumerate(texts):
        for other, second in texts[number + 1 :]:
            across = min(box.x1, second.x1) - max(box.x0, second.x0)
            down = min(box.y1, second.y1) - max(box.y0, second.y0)
            assert across <= 1 or down <= 1, (one, other)


def test_a_plot_draws_on_the_axes_it_is_given():
    _, ax = plt.subplots()
    assert draw.plot_eras(margin.by_era(price(requests(HUGE))), 0.977, ax=ax) is ax


def test_the_headline_bars_are_the_shares():
    frame = published.headline()
    widths = [bar.get_width() for bar in draw.plot_headline(frame).patches]
    assert widths == pytest.approx(frame["share"].to_list())


def test_hollow_and_filled_tell_the_eras_apart():
    frame = margin.by_era(price(requests(HUGE | {"version": "2.1.20"}, HUGE)))
    dots = [line for line in draw.plot_eras(frame, 0.977).lines if line.get_marker() == "o"]
    filled = [line.get_markerfacecolor() == line.get_color() for line in dots]
    assert filled == [False, True]
