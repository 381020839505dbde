"""Draw what a unit of a plan costs, what models cost, and how much of usage is input."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.measures.input_side import YOU
from analysis.plots.canvas import axes, legend, nothing, percent, stack
from analysis.plots.rows import TALL, names_above
from analysis.report.theme import COLOURS, SIZES
from analysis.words.pricing import times

#: Per way of counting: colour, marker and name.
_WAYS = {
    "tokens": ("muted", "s", "of tokens"),
    "dollars": ("accent", "o", "of list-price dollars"),
    "quota": ("write", "D", "of a quota, by the weights of December 2025"),
}
_HALF = 0.5  # where the axis of shares begins


def _rows(ax: Axes, labels: list[str], marked: list[bool]) -> None:
    """Name rows from the bottom, with guides down the page."""
    names_above(ax, labels, marked)
    ax.set_ylim(-0.5, max(len(labels), 1) - 0.2)


def plot_units(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what a unit of Pro costs on each plan, as sold and by weekly hours.

    Parameters
    ----------
    frame
        `measures.monetization.units`.
    """
    rows = frame.reverse().with_row_index("y")
    ax = ax or axes(rows=2 * rows.height)
    ax.hlines(
        rows["y"],
        rows["sold_usd"],
        rows["hours_usd"],
        color=COLOURS["rule"],
        linewidth=SIZES["span"],
    )
    ax.plot(
        rows["hours_usd"], rows["y"], "o", color=COLOURS["read"], label="by weekly hours of Sonnet"
    )
    ax.plot(
        rows["sold_usd"],
        rows["y"],
        "|",
        color=COLOURS["accent"],
        markersize=SIZES["dot"],
        markeredgewidth=SIZES["ring"],
        label="by the multiple as sold",
    )
    for row in rows.to_dicts():
        apart = row["sold_usd"] != row["hours_usd"]
        for key, colour, above in (("sold", "accent", True), ("hours", "read", False)):
            if apart or above:
                stack(
                    ax,
                    f"{times(row[key])}: ${row[f'{key}_usd']:.2f}",
                    (row[f"{key}_usd"], row["y"]),
                    (0, 9 if above else -9),
                    down="bottom" if above else "top",
                    color=COLOURS[colour if apart else "soft"],
                )
    labels = [f"{r['plan']} at ${r['usd_a_month']:.0f}" for r in rows.to_dicts()]
    _rows(ax, labels, [False] * rows.height)
    ax.set_xlim(0, max([10, *rows["hours_usd"]]) * 1.2)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:g}"))
    ax.set_xlabel("dollars a month for as much usage as one Pro plan has")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_models(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what a request and a human turn cost on each model, beside the list price.

    Parameters
    ----------
    frame
        `measures.model_costs.by_model`.
    """
    rows = frame.reverse().with_row_index("y")
    ax = ax or axes(rows=TALL * rows.height)
    known = rows.drop_nulls("low")
    ax.hlines(
        known["y"],
        known["low"],
        known["high"],
        color=COLOURS["read"],
        linewidth=SIZES["span"],
        label="90 % interval of a turn, the wider" if known.height else "_",
    )
    ax.plot(
        rows["listed"],
        rows["y"],
        "|",
        color=COLOURS["accent"],
        markersize=SIZES["dot"],
        markeredgewidth=SIZES["ring"],
        label="the same tokens at list price" if rows.height else None,
    )
    for key, colour, marker, name in (
        ("request", "muted", "s", "a request, as it was"),
        ("turn", "read", "o", "a human turn, as it was"),
    ):
        label = name if rows.height else None
        ax.plot(rows[key], rows["y"], marker, color=COLOURS[colour], label=label)
    labels = [
        f"{r['model']}: {r['turns']:,} turns" + (", the measure" if r["measure"] else "")
        for r in rows.to_dicts()
    ]
    _rows(ax, labels, rows["measure"].to_list())
    ends = [1.0, *rows["turn"], *rows["request"], *rows["listed"], *known["low"], *known["high"]]
    ax.set_xscale("log")
    ax.set_xlim(min(ends) / 1.5, max(ends) * 1.5)
    ax.xaxis.set_minor_locator(NullLocator())
    ticks = [t for t in (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100) if ax.get_xlim()[0] <= t]
    ticks = [t for t in ticks if t <= ax.get_xlim()[1]]
    ax.set_xticks(ticks, [f"{t:g}×" for t in ticks])
    ax.set_xlabel("times the model with most turns, log scale")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax


def plot_inputs(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how much of usage is on the input side, by account and way of counting.

    Parameters
    ----------
    frame
        `measures.input_side.input_side`.
    """
    rows = frame.reverse().with_row_index("y")
    labels = rows["label"].to_list()
    ax = ax or axes(rows=TALL * rows.height)
    for way, (colour, marker, name) in _WAYS.items():
        low, high = f"{way}_low", f"{way}_high"
        some = rows.drop_nulls([low, high])
        ax.hlines(some["y"], some[low], some[high], color=COLOURS[colour], linewidth=SIZES["span"])
        for end in (low, high):
            ax.plot(
                some[end],
                some["y"],
                marker,
                color=COLOURS[colour],
                label=name if end == low and some.height else None,
                clip_on=False,
            )
    ends = [v for way in _WAYS for v in rows[f"{way}_low"].drop_nulls()]
    _rows(ax, labels, [case == YOU for case in rows["case"]])
    ax.set_xlim(0 if min([1.0, *ends]) < _HALF / 2 else min([_HALF, *ends]) - 0.03, 1)
    ax.xaxis.set_major_formatter(percent())
    ax.set_xlabel("share of input, cache writes and cache reads; the rest is output")
    legend(ax, columns=2)
    nothing(ax, frame)
    return ax
