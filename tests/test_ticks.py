"""Marks of an axis: one unit, one number of decimals; what stands upright, in legends as well."""

import matplotlib.pyplot as plt
import pytest

from analysis.plots.canvas import axes, legend
from analysis.plots.ticks import Even, alike


def said(low, high, ticks, **more):
    ax = axes()
    ax.set_yticks(ticks)
    ax.set_ylim(low, high)
    ax.yaxis.set_major_formatter(Even(**more))
    ax.figure.canvas.draw()
    return [label.get_text().replace("\u202f", " ") for label in ax.get_yticklabels()]


@pytest.mark.parametrize(
    ("ticks", "usd", "marks"),
    [
        ([0, 50_000, 75_000, 150_000], False, ["0", "50 k", "75 k", "150 k"]),
        ([0, 2_500, 5_000], False, ["0", "2.5 k", "5.0 k"]),
        ([0, 500, 1_000], False, ["0", "0.5 k", "1.0 k"]),
        ([0, 20, 60], True, ["$0", "$20", "$60"]),
        ([0, 2.5, 5], True, ["$0", "$2.50", "$5.00"]),
        ([0, 0.1, 0.2, 0.1 + 0.2], True, ["$0", "$0.10", "$0.20", "$0.30"]),
        ([0, 0.001, 0.002], True, ["$0", "$0.001", "$0.002"]),
        ([-20, 0, 20_000], True, ["−$20", "$0", "$20,000"]),
        ([0, 1e6, 1.5e6], True, ["$0", "$1.0 M", "$1.5 M"]),
        ([], True, []),
    ],
)
def test_marks_of_an_axis_are_written_alike(themed, ticks, usd, marks):
    assert [mark.replace("\u202f", " ") for mark in alike(ticks, usd=usd)] == marks
    if ticks:
        assert said(min(ticks), max(ticks), ticks, usd=usd) == marks


def test_marks_beyond_the_ends_do_not_count(themed):
    assert said(0, 900_000, [0, 500_000, 1_000_000])[:2] == ["0", "500 k"]
    assert Even()(20_000) == "20\u202fk"


def test_what_stands_upright_stands_so_in_the_legend(themed):
    ax = axes()
    ax.axvline(1, label="upright")
    ax.plot([0, 1], [0, 1], label="across")
    legend(ax, columns=2)
    ax.figure.canvas.draw()
    (found,) = ax.figure.legends
    one, other = (line.get_xdata() for line in found.get_lines())
    assert one[0] == one[1]
    assert other[0] != other[1]
    plt.close("all")
