"""Draw what is known of the margins of token classes: bounds, draws, swings."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.measures.serving import CHARGED
from analysis.measures.simulated import ALL
from analysis.plots.canvas import axes, legend, lines, nothing, percent, row_labels, stack
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share
from analysis.words.serving import CLASSES, amount

_FLOOR = -1.0  # margins below it are marked, not drawn: a class sold at half its cost
_ROOM = 1.75  # where the axis ends, beyond 100 %, for what is written there
_WIDE = 2.4  # and where medians are written too
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
_GAP = 1.0  # rows between classes
_SWING = 0.55  # of a row, a bar
_LEAST_SWING = 0.1  # that the axis shows
_SWING_ROOM = 0.4  # of the widest swing, at either side, for what is written there


def plot_bounds(frame: pl.DataFrame, margin: float, ax: Axes | None = None) -> Axes:
    """Draw how far the margin of each class is bounded, assumption by assumption.

    Parameters
    ----------
    frame
        `measures.bounds.bounds`.
    margin
        The gross margin of all.
    """
    steps = frame["step"].n_unique()
    classes = frame["class"].unique(maintain_order=True).to_list()
    ax = ax or axes(rows=len(classes) * (steps + _GAP))
    for place, name in enumerate(classes):
        top = place * (steps + _GAP)
        rows = frame.filter(pl.col("class") == name).sort("step").to_dicts()
        for row in rows:
            y = top + row["step"]
            _range(ax, y, row["low"], row["high"], name)
            text = f"{row['step'] + 1}: {_span(row['low'], row['high'])}"
            stack(ax, text, (1, y), (8, 0), across="left", down="center")
        stack(
            ax,
            f"{CLASSES[name]}\n{share(rows[0]['share'])} of dollars",
            (0, top + (steps - 1) / 2),
            (-8, 0),
            across="right",
            down="center",
            of=("axes fraction", "data"),
            color=COLOURS["soft"],
        )
    height = len(classes) * (steps + _GAP)
    _margin_axis(ax, max(height - _GAP, 1))
    _whole(ax, margin)
    ax.set_yticks([])
    ax.set_xlabel("margin on list-price dollars; numbers: assumptions, each with those before it")
    nothing(ax, frame)
    return ax


def plot_simulated(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the spread of modelled margins by class, for both ways of charging attention.

    Parameters
    ----------
    frame
        `measures.simulated.simulated`, of which all draws are drawn.
    """
    every = frame.filter(pl.col("kept") == "all draws")
    once = every.filter((pl.col("class") != ALL) | (pl.col("charged") == CHARGED[0]))
    order = (
        pl.col("class").replace_strict(list(CLASSES), range(len(CLASSES))),
        pl.col("charged") != CHARGED[0],
    )
    rows = once.sort(*order).with_row_index("y")
    labels = [
        CLASSES[r["class"]] + ("" if r["class"] == ALL else f", attention {r['charged']}")
        for r in rows.to_dicts()
    ]
    ax = ax or axes(rows=1.2 * sum(map(lines, labels)))
    for row in rows.to_dicts():
        _range(ax, row["y"], row["low"], row["high"], row["class"])
        marker = "o" if row["charged"] == CHARGED[0] else "s"
        ax.plot(
            max(row["median"], _FLOOR),
            row["y"],
            marker,
            color=COLOURS["ink"],
            zorder=4,
            label="median" if row["y"] == 0 else "",
        )
        span = _span(row["low"], row["high"])
        text = f"{_percent(row['median'])} % ({span.removesuffix(' %')})"
        stack(ax, text, (1, row["y"]), (8, 0), across="left", down="center")
    row_labels(ax, labels, [r["class"] == "read" for r in rows.to_dicts()])
    _margin_axis(ax, max(rows.height, 1), _WIDE)
    ax.set_xlabel("margin at list price; bars: 5 to 95 % of draws, marks: the median")
    nothing(ax, frame)
    return ax


def plot_swings(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far each assumption moves the margin on reads, the others in the middle.

    Parameters
    ----------
    frame
        `measures.simulated.swings`.
    """
    moving = frame.filter(pl.col("at_low") != pl.col("at_high"))
    rows = moving.reverse().with_row_index("y")
    labels = [f"{r['label']} ({r['kind']})" for r in rows.to_dicts()]
    ax = ax or axes(rows=1.3 * sum(map(lines, labels)))
    ends = {"low": ("at_low", "muted"), "high": ("at_high", "read")}
    drawn = rows.with_columns(pl.col("at_low", "at_high", "middle").clip(lower_bound=_FLOOR))
    for key, (column, colour) in ends.items():
        ax.barh(
            drawn["y"],
            drawn[column] - drawn["middle"],
            _SWING,
            drawn["middle"],
            color=COLOURS[colour],
            label=f"{key} end of the assumption" if rows.height else "",
        )
        for row in rows.to_dicts():
            right = row[column] > row["middle"]
            stack(
                ax,
                amount(row[key], row["unit"]),
                (max(row[column], _FLOOR), row["y"]),
                (5 if right else -5, 0),
                across="left" if right else "right",
                down="center",
            )
    if rows.height:
        ax.axvline(drawn["middle"][0], color=COLOURS["ink"], linewidth=SIZES["rule"])
    values = [*drawn["at_low"], *drawn["at_high"]]
    low, high = min(values, default=0.0), max(values, default=1.0)
    high = max(high, low + _LEAST_SWING)
    room = _SWING_ROOM * (high - low)
    ax.set_xlim(low - room, high + room)
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    row_labels(ax, labels, [False] * rows.height)
    ticks = MaxNLocator(4).tick_values(low - room, high + room)
    ax.set_xticks([tick for tick in ticks if low - room <= tick <= 1])
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("margin on cache reads at list price")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def _range(ax: Axes, y: float, low: float, high: float, name: str) -> None:
    """Draw a range; an arrow where it goes on below the floor."""
    colour = COLOURS["ink" if name == ALL else name]
    ends = [max(end, _FLOOR) for end in (low, high)]
    ax.plot(ends, [y, y], color=colour, linewidth=SIZES["range"], solid_capstyle="butt")
    if low < _FLOOR:
        ax.plot(_FLOOR, y, "<", color=colour, clip_on=False)


def _margin_axis(ax: Axes, rows: float, end: float = _ROOM) -> None:
    ax.set_xlim(_FLOOR - 0.06, end)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.set_xticks(_TICKS)
    ax.xaxis.set_major_formatter(percent())
    ax.axvline(0, color=COLOURS["edge"], linewidth=SIZES["rule"])
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")


def _whole(ax: Axes, margin: float) -> None:
    ax.axvline(margin, color=COLOURS["accent"], linewidth=SIZES["reference"], linestyle="--")
    stack(
        ax,
        f"all: {100 * margin:.0f} %",
        (margin, 1),
        (0, 4),
        down="bottom",
        of=("data", "axes fraction"),
        color=COLOURS["accent"],
    )


def _percent(value: float) -> str:
    """Write a margin without its unit; one that is far below nothing has no use for its digits.

    >>> _percent(-0.033), _percent(-370.2)
    ('−3', '<−1,000')
    """
    if value < 10 * _FLOOR:
        return f"<−{-1000 * _FLOOR:,.0f}"
    return f"{'−' if round(100 * value) < 0 else ''}{abs(100 * value):,.0f}"


def _span(low: float, high: float) -> str:
    far = high < 10 * _FLOOR
    return f"{_percent(high)} %" if far else f"{_percent(low)} to {_percent(high)} %"
