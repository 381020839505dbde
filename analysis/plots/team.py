"""Draw what may be shown of a team: groups of people, and each person's share."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.plots.canvas import axes, legend, nothing, percent, row_labels
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import share, usd

#: People that are drawn one by one, each with a name.
NAMED = 40
#: People that are drawn, where there are more: evenly chosen along the order.
DRAWN = 400

_CURVES = {"dollars": ("accent", "-", "o"), "tokens": ("read", "--", "s")}
_ROW = 0.62  # of a row of text, for each person
_ROOM = 1.7  # of the longest bar, for what stands behind it
_WITHHELD = "withheld"


def plot_lorenz(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw which share of dollars and tokens the people with most have, part by part.

    Parameters
    ----------
    frame
        `measures.team_spread.lorenz`.
    """
    ax = ax or axes()
    if frame.height:
        thin, label = SIZES["rule"], "if all had as much"
        ax.plot([0, 1], [0, 1], color=COLOURS["muted"], linewidth=thin, label=label)
    for name, (colour, style, marker) in _CURVES.items():
        some = frame.filter(pl.col("unit") == name)
        if some.height:
            (line,) = ax.plot(some["top"], some["share"], color=COLOURS[colour], label=name)
            line.set(linestyle=style, marker=marker, clip_on=False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent())
    ax.set_xlabel("people, those with most first")
    ax.set_ylabel("their share of the team's")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def plot_people(frame: pl.DataFrame, what: str, ax: Axes | None = None) -> Axes:
    """Draw a share of each person with its interval: by label, or of many the whole order.

    Parameters
    ----------
    frame
        `measures.team_shares.by_person`.
    what
        What it is a share of, for the axis.
    """
    if frame.height > NAMED:
        return _order(frame, what, ax or axes())
    ax = ax or axes(rows=_ROW * frame.height)
    rows = frame.reverse().with_row_index("y")
    drawn = rows.drop_nulls("low")
    ax.hlines(
        drawn["y"], drawn["low"], drawn["high"], color=COLOURS["muted"], linewidth=SIZES["span"]
    )
    ax.plot(rows["value"], rows["y"], "o", color=COLOURS["read"])
    # the value in the name, where a narrow screen shows it as well
    names = [f"{label}: {share(value)}" for label, value in rows.select("label", "value").rows()]
    row_labels(ax, names, [False] * rows.height)
    ax.set_ylim(-0.7, max(rows.height, 1) - 0.3)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(percent())
    ax.set_xlabel(what)
    nothing(ax, frame)
    return ax


def _order(frame: pl.DataFrame, what: str, ax: Axes) -> Axes:
    """Draw many people side by side, highest first."""
    rows = frame.with_row_index("place", offset=1).gather_every(-(-frame.height // DRAWN))
    drawn = rows.drop_nulls("low")
    ax.vlines(
        drawn["place"], drawn["low"], drawn["high"], color=COLOURS["muted"], linewidth=SIZES["rule"]
    )
    ax.plot(rows["place"], rows["value"], color=COLOURS["read"])
    ax.set_xlim(0, frame.height + 1)
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel(f"{frame.height:,} people, highest first")
    ax.set_ylabel(what)
    return ax


def plot_causes(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what was paid for writing again, by cause, each with the people who did.

    Parameters
    ----------
    frame
        `measures.team_tables.causes`.
    """
    rows = frame.filter(pl.col("cause") != "all")
    told = [
        f"{_WITHHELD if r['premium_usd'] is None else usd(r['premium_usd'])}{_of(r['people'])}"
        for r in rows.to_dicts()
    ]
    ax = _bars(ax, rows["cause"].to_list(), rows["premium_usd"].fill_null(0).to_list(), told)
    ax.xaxis.set_major_formatter(Even(usd=True))
    ax.set_xlabel("paid above the price of a read, list-price dollars")
    nothing(ax, rows)
    return ax


def plot_plans(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how many people each plan is the least for that holds them.

    Parameters
    ----------
    frame
        `measures.team_plans.fit`.
    """
    rows = frame.filter(pl.col("plan") != "all")
    told = [
        _WITHHELD if many is None else f"{many:,} people" if many else "nobody"
        for many in rows["people"]
    ]
    ax = _bars(ax, rows["plan"].to_list(), rows["people"].fill_null(0).to_list(), told)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.set_xlabel("people whose least plan it is")
    nothing(ax, rows)
    return ax


def _bars(ax: Axes | None, names: list[str], lengths: list[float], told: list[str]) -> Axes:
    ax = ax or axes(rows=1.6 * len(names))
    ax.barh(range(len(names)), lengths, 0.6, color=COLOURS["write"])
    for y, (length, text) in enumerate(zip(lengths, told, strict=True)):
        ax.annotate(
            text,
            (length, y),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS["soft" if text.startswith(_WITHHELD) else "ink"],
        )
    row_labels(ax, names, [False] * len(names))
    ax.set_xlim(0, _ROOM * max([*lengths, 0.6]))
    ax.set_ylim(max(len(names), 1) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    return ax


def _of(people: int | None) -> str:
    """Say behind a sum how many people it is of."""
    return "" if people is None else f", {people:,} people" if people else ", nobody"
