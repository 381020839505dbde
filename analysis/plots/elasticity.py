"""Draw what moves with demand's response to price, and with each assumption."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from analysis.plots.canvas import (
    apart,
    axes,
    band,
    legend,
    nothing,
    percent,
    stack,
)
from analysis.plots.line_ups import look, name_beside
from analysis.plots.tornado import ENDS, around, swung
from analysis.report.theme import COLOURS, SIZES
from analysis.words.elasticity import drawn
from analysis.words.line_ups import dollars
from analysis.words.redesign import amount

_TENTH = 0.1  # the cut of prices
_BAND = 0.18
_PITCH = 1.55  # rows of text to a bar: there are many
_ROOM = 0.35  # of the widest swing, at either side
_APART = 0.075  # of the height, from one label at the end to the next


def plot_elasticity(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each line-up's profit less today's, along the elasticity.

    Parameters
    ----------
    frame
        `measures.simulation.profit_along`: `elasticity`, `line_up`, `label`, `more_usd`,
        `more_noise`.
    """
    ax = ax or axes(rows=12)
    last = frame.filter(pl.col("elasticity") == pl.col("elasticity").max()).sort("more_usd")
    low = min([0.0, *frame["more_usd"]])
    high = max([1.0, *frame["more_usd"]])
    room = _ROOM / 4 * (high - low)
    ax.set_ylim(low - room, high + room)
    heights = apart([(v - low + room) / (high - low + 2 * room) for v in last["more_usd"]], _APART)
    for row, height in zip(last.to_dicts(), heights, strict=True):
        some = frame.filter(pl.col("line_up") == row["line_up"]).sort("elasticity")
        style = look(row["line_up"])
        ax.plot(some["elasticity"], some["more_usd"], **style)
        off = some["more_noise"].cast(pl.Float64).fill_null(0)
        ends = (some["more_usd"] - off, some["more_usd"] + off)
        band(ax, some["elasticity"], *ends, color=style["color"], alpha=_BAND)
        end = (row["more_usd"] - low + room) / (high - low + 2 * room)
        name_beside(ax, row["label"], [(1, end)], height, style["color"])
    ax.axhline(0, color=COLOURS["ink"], linewidth=SIZES["rule"])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: dollars(value)))
    ax.set_xlabel("elasticity of demand to the average price")
    ax.set_ylabel("profit less today's, a user and month")
    nothing(ax, frame)
    return ax


def _ends(row: dict[str, float], key: str) -> tuple[float, float]:
    """Return how far an end lies from the middle, and how far the other one does."""
    other = {"low": "high", "high": "low"}[key]
    return row[ENDS[key]] - row["middle"], row[ENDS[other]] - row["middle"]


def _inner(row: dict[str, float], key: str) -> bool:
    """Tell whether a bar ends inside the other end's, so that their labels would collide."""
    own, other = _ends(row, key)
    return own * other > 0 and abs(own) < abs(other)


def _right(row: dict[str, float], key: str) -> bool:
    """Tell on which side an end is labelled; where it does not move, on the other end's other."""
    own, other = _ends(row, key)
    if own:
        return own > 0
    return other < 0 or (other == 0 and key == "high")


def plot_price_cut(frame: pl.DataFrame, told: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what a cut of all metered prices does to revenue, along the elasticity.

    Parameters
    ----------
    frame
        `measures.simulation.change`.
    told
        `facts("elasticities")`: ranges, drawn below.
    """
    ax = ax or axes(rows=8)
    ax.plot(frame["elasticity"], frame["change"], color=COLOURS["accent"])
    ax.axhline(0, color=COLOURS["ink"], linewidth=SIZES["reference"])
    ax.axvline(-1, color=COLOURS["edge"], linewidth=SIZES["rule"])
    known = told.drop_nulls("low") if frame.height else told.clear()
    for place, row in enumerate(known.to_dicts()):
        height = 0.06 + 0.13 * place
        of = ax.get_xaxis_transform()
        ends = (row["low"], row["high"])
        ax.plot(ends, (height, height), "|-", color=COLOURS["soft"], transform=of)
        one = row["low"] == row["high"]
        across, down, away = ("right", "center", (-6, 0)) if one else ("center", "bottom", (0, 6))
        where = (sum(ends) / 2, height)
        stack(
            ax,
            row["between"],
            where,
            away,
            across=across,
            down=down,
            of=("data", "axes fraction"),
            color=COLOURS["soft"],
        )
    ax.set_xlim(-2, 0)
    ax.yaxis.set_major_locator(MultipleLocator(_TENTH / 2))
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("elasticity of demand to price; ranges below: published estimates")
    ax.set_ylabel("change of revenue")
    nothing(ax, frame)
    return ax


def plot_swings(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far each assumption moves the proposal's profit less today's.

    Parameters
    ----------
    frame
        `measures.swings.swings`, of which the rows that move it are drawn.
    """
    bars = (
        drawn(frame)
        .reverse()
        .with_row_index("y")
        .with_columns(at_low="profit_low", at_high="profit_high", middle="profit")
    )
    rows = bars.to_dicts()
    ax = ax or axes(rows=_PITCH * len(rows))
    swung(ax, bars)
    for key, column in ENDS.items():
        for row in rows:
            right = _right(row, key)
            if _inner(row, key):
                continue
            stack(
                ax,
                amount(row[key], row["unit"]),
                (row[column], row["y"]),
                (5 if right else -5, 0),
                across="left" if right else "right",
                down="center",
            )
    values = [r[column] for r in rows for column in ENDS.values()]
    low, high = min(values, default=-1.0), max(values, default=1.0)
    room = _ROOM * max(high - low, 1.0)
    around(ax, [r["label"] for r in rows], low - room, high + room)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: dollars(value)))
    ax.set_xlabel("firm's profit by the proposal less today's, a user and month")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
