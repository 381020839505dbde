"""An axis of margins, from a class sold at half its cost to one that costs nothing."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.measures.simulated import ALL
from analysis.plots.canvas import percent
from analysis.report.theme import COLOURS, SIZES
from analysis.words.serving import FLOOR

_ROOM = 1.75  # where the axis ends, beyond 100 %, for what is written there
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def draw_range(ax: Axes, y: float, low: float, high: float, name: str) -> None:
    """Draw a range; an arrow where it goes on below the floor."""
    colour = COLOURS["ink" if name == ALL else name]
    ends = [max(end, FLOOR) for end in (low, high)]
    ax.plot(ends, [y, y], color=colour, linewidth=SIZES["range"], solid_capstyle="butt")
    if low < FLOOR:
        ax.plot(FLOOR, y, "<", color=colour, clip_on=False)


def margin_axis(ax: Axes, rows: float, end: float = _ROOM) -> None:
    """Set an axis of margins, with a line at nothing."""
    ax.set_xlim(FLOOR - 0.06, end)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xticks(_TICKS)
    ax.xaxis.set_major_formatter(percent())
    ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def percents(value: float) -> str:
    """Write a margin without its unit; one that is far below nothing has no use for its digits.

    >>> percents(-0.033), percents(-370.2)
    ('−3', '<−1,000')
    """
    if value < 10 * FLOOR:
        return f"<−{-1000 * FLOOR:,.0f}"
    return f"{'−' if round(100 * value) < 0 else ''}{abs(100 * value):,.0f}"


def span(low: float, high: float) -> str:
    """Write how far a range goes.

    >>> span(-0.4, 0.93), span(-400, -300)
    ('−40 to 93 %', '<−1,000 %')
    """
    far = high < 10 * FLOOR
    return f"{percents(high)} %" if far else f"{percents(low)} to {percents(high)} %"
