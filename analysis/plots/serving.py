"""Draw the margins that the model of serving gives: drawn, and swung."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.measures.serving import CHARGED
from analysis.measures.simulated import ALL
from analysis.plots.canvas import axes, legend, nothing, percent, stack
from analysis.plots.margin_axis import draw_range, margin_axis, percents, span
from analysis.plots.rows import TALL, names_above
from analysis.plots.tornado import ENDS, around, swung
from analysis.report.theme import COLOURS
from analysis.words.serving import CLASSES, FLOOR, amount

_WIDE = 1.9  # and where medians are written too
_LEAST_SWING = 0.1  # that the axis shows
_SWING_ROOM = 0.4  # of the widest swing, at either side, for what is written there


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
    ax = ax or axes(rows=TALL * len(labels))
    for row in rows.to_dicts():
        draw_range(ax, row["y"], row["low"], row["high"], row["class"])
        marker = "o" if row["charged"] == CHARGED[0] else "s"
        ax.plot(
            max(row["median"], FLOOR),
            row["y"],
            marker,
            color=COLOURS["ink"],
            zorder=4,
            label="median" if row["y"] == 0 else "",
        )
        ends = span(row["low"], row["high"]).removesuffix(" %")
        text = f"{percents(row['median'])} % ({ends})"
        stack(ax, text, (1, row["y"]), (8, 0), across="left", down="center")
    margin_axis(ax, max(rows.height, 1), _WIDE)
    names_above(ax, labels, [r["class"] == "read" for r in rows.to_dicts()])
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
    ax = ax or axes(rows=TALL * len(labels))
    drawn = rows.with_columns(pl.col("at_low", "at_high", "middle").clip(lower_bound=FLOOR))
    swung(ax, drawn)
    for key, column in ENDS.items():
        for row in rows.to_dicts():
            right = row[column] > row["middle"]
            stack(
                ax,
                amount(row[key], row["unit"]),
                (max(row[column], FLOOR), row["y"]),
                (5 if right else -5, 0),
                across="left" if right else "right",
                down="center",
            )
    values = [*drawn["at_low"], *drawn["at_high"]]
    low, high = min(values, default=0.0), max(values, default=1.0)
    high = max(high, low + _LEAST_SWING)
    room = _SWING_ROOM * (high - low)
    around(ax, labels, low - room, high + room)
    ticks = MaxNLocator(4).tick_values(low - room, high + room)
    ax.set_xticks([tick for tick in ticks if low - room <= tick <= 1])
    ax.xaxis.set_major_formatter(percent())
    ax.set_xlabel("margin on cache reads at list price")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
