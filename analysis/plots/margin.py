"""Draw how much of the bill is the prompt cache."""

from __future__ import annotations

import polars as pl
import seaborn as sns
from matplotlib.axes import Axes

from analysis.measures.margin import YOU
from analysis.plots.canvas import axes, percent, to_one
from analysis.report.theme import COLOURS
from analysis.words.numbers import ratio, share

_MARKED = (1.0, 5.0, 10.0, 17.0)  # multiples worth a label: none, and the round ones published
_ERAS_FROM = 0.7  # where the share's axis begins, unless a share is lower
_POSITIONS_FROM = 0.39  # likewise; the lowest published case
_PART_NAMES = {"read": "cache reads", "write": "cache writes", "io": "input and output"}
_PART_COLOURS = {"read": "read", "write": "write", "io": "output"}


def plot_headline(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the two headline rows as stacked bars, in tokens and in dollars.

    Parameters
    ----------
    frame
        `measures.published.headline`.
    """
    bars = frame.partition_by(["case", "unit", "io_split"], maintain_order=True)
    ax = ax or axes(rows=2 * len(bars))
    for row, bar in enumerate(bars):
        left = 0.0
        for part in bar.iter_rows(named=True):
            colour = COLOURS[_PART_COLOURS[part["part"]]]
            name = _PART_NAMES[part["part"]] if row == 0 else None
            ax.barh(-row, part["share"], 0.6, left, color=colour, label=name)
            if part["share"] > 0.1:
                text = share(part["share"])
                ax.text(
                    left + part["share"] / 2,
                    -row,
                    text,
                    ha="center",
                    va="center",
                    color=COLOURS["paper"],
                )
            left += part["share"]
        io = bar.filter(pl.col("part") == "io")["share"].item()
        ax.text(1.012, -row, share(io, 2), va="center", color=COLOURS["output"])
    ax.set_yticks([-r for r in range(len(bars))], [_bar_name(b) for b in bars])
    ax.set_xlim(0, 1.1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=False)
    ax.set_xlabel("share of the row; at the right, what is left for input and output")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.01), ncols=3)
    return ax


def _bar_name(bar: pl.DataFrame) -> str:
    first = bar.row(0, named=True)
    row = {"session": "row 1", "issue-24147": "row 2"}[first["case"]]
    split = f" (I/O {first['io_split']})" if first["io_split"] else ""
    return f"{row}, {first['unit']}{split}"


def plot_definitions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each ratio under its definition, and the two that are printed.

    Parameters
    ----------
    frame
        `measures.published.definitions`.
    """
    rows = frame.sort("ratio")
    ax = ax or axes(rows=rows.height)
    for printed in sorted(set(frame["printed"])):
        ax.axvline(printed, color=COLOURS["accent"], linewidth=1, linestyle=(0, (4, 3)))
        ax.annotate(
            f"printed {printed:,}:1",
            (printed, 1.01),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            color=COLOURS["accent"],
        )
    ax.hlines(range(rows.height), 1, rows["ratio"], color=COLOURS["rule"], linewidth=1)
    for unit, colour, marker in (("dollars", "read", "o"), ("tokens", "write", "s")):
        mine = rows.with_row_index("y").filter(pl.col("unit") == unit)
        ax.scatter(
            mine["ratio"],
            mine["y"],
            color=COLOURS[colour],
            marker=marker,
            label=f"of {unit}",
            zorder=3,
        )
    for y, row in enumerate(rows.iter_rows(named=True)):
        ax.annotate(
            f"{row['ratio']:,.1f}",
            (row["ratio"], y),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
        )
    names = {
        "session": "session",
        "snapshot": "later state",
        "issue-24147": "#24147",
        "text": "text",
    }
    labels = [f"{names[r['case']]}: {r['definition']}" for r in rows.iter_rows(named=True)]
    ax.set_yticks(range(rows.height), labels)
    ax.set_xscale("log")
    ax.set_xlim(1, 6000)
    ax.set_xticks([1, 10, 100, 1000])
    ax.xaxis.set_major_formatter(to_one())
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("ratio, log scale")
    ax.legend(loc="lower center", bbox_to_anchor=(0.68, 0))
    return ax


def plot_positions(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the reader's cache share of dollars among the published cases.

    Parameters
    ----------
    frame
        `measures.margin.positions`.
    """
    rows = frame.drop_nulls("low").reverse().with_row_index("y")
    ax = ax or axes(rows=rows.height)
    you = pl.col("case").is_in(YOU)
    ax.hlines(rows["y"], rows["low"], rows["high"], color=COLOURS["muted"], linewidth=5, alpha=0.5)
    others, own = rows.filter(~you), rows.filter(you)
    ax.scatter(others["point"], others["y"], color=COLOURS["read"], zorder=3)
    ax.scatter(own["point"], own["y"], color=COLOURS["accent"], marker="D", zorder=4)
    for row in rows.iter_rows(named=True):
        one = f"{100 * row['high']:.1f}"
        text = one if row["high"] - row["low"] < 0.0005 else f"{100 * row['low']:.1f} to {one}"
        colour = COLOURS["accent"] if row["case"] in YOU else COLOURS["ink"]
        ax.annotate(
            f"{text} %",
            (row["high"], row["y"]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
        )
    ax.set_yticks(rows["y"], rows["label"])
    for label, case in zip(ax.get_yticklabels(), rows["case"], strict=True):
        if case in YOU:
            label.set(color=COLOURS["accent"], fontweight="bold")
    low = min(_POSITIONS_FROM, *rows["low"])
    ax.set_xlim(low - 0.05, 1.25)
    ax.set_xticks([tick for tick in (0, 0.2, 0.4, 0.6, 0.8, 1) if tick >= low])
    ax.xaxis.set_major_formatter(percent())
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("cache reads and writes, share of list-price dollars")
    return ax


def plot_undercount(frame: pl.DataFrame, known: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the session's share if its true output was k times the logged.

    Parameters
    ----------
    frame
        `measures.published.undercount`.
    known
        `measures.published.undercounts`, marked along the axis.
    """
    ax = ax or axes()
    styles = {
        "5m": ("read", "-", "writes kept 5 minutes"),
        "1h": ("write", "--", "writes kept 1 hour"),
    }
    for lifetime, (colour, dash, name) in styles.items():
        mine = frame.filter(pl.col("lifetime") == lifetime).to_pandas()
        sns.lineplot(
            mine, x="k", y="share", color=COLOURS[colour], linestyle=dash, label=name, ax=ax
        )
    marked = frame.filter(pl.col("k").is_in(_MARKED), pl.col("lifetime") == "5m")
    for row in marked.iter_rows(named=True):
        first = row["k"] == _MARKED[0]
        ax.annotate(
            f"{share(row['share'])}, {ratio(row['ratio'])}",
            (row["k"], row["share"]),
            xytext=(10, 2) if first else (-4, -4),
            textcoords="offset points",
            ha="left" if first else "right",
            va="bottom" if first else "top",
        )
        ax.plot(row["k"], row["share"], "o", color=COLOURS["read"])
    low = 0.55  # below the curve there is room for the published undercounts
    for number, row in enumerate(known.iter_rows(named=True)):
        y = low + 0.016 * (number + 0.7)
        ax.plot(
            [row["low"], row["high"]], [y, y], color=COLOURS["accent"], marker="|", linewidth=1.5
        )
        far = row["high"] > _MARKED[-2]
        ax.annotate(
            row["label"],
            (row["low"] if far else row["high"], y),
            xytext=(-6 if far else 6, 0),
            textcoords="offset points",
            ha="right" if far else "left",
            va="center",
            color=COLOURS["accent"],
            fontsize="small",
        )
    ax.set_ylim(low, 1)
    ax.set_yticks([0.6, 0.7, 0.8, 0.9, 1])
    ax.set_xlim(0.5, 18)
    ax.set_xticks([1, 5, 10, 17], ["1×", "5×", "10×", "17×"])
    ax.yaxis.set_major_formatter(percent())
    ax.set_xlabel("true output, as a multiple of the logged; in red, published undercounts")
    ax.set_ylabel("cache share of dollars")
    ax.legend(loc="upper right")
    return ax


def plot_eras(frame: pl.DataFrame, printed: float, ax: Axes | None = None) -> Axes:
    """Draw the logged cache share of dollars by client-version era.

    Parameters
    ----------
    frame
        `measures.margin.by_era`.
    printed
        The published share, as a line to compare with.
    """
    ax = ax or axes()
    ax.axhline(printed, color=COLOURS["accent"], linewidth=1, linestyle=(0, (4, 3)))
    ax.annotate(
        f"published: {share(printed)}",
        (1, printed),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=COLOURS["accent"],
    )
    room = 0.1  # below a dot, for its label
    lowest = min([_ERAS_FROM + room, *frame["share"].drop_nulls()]) - room
    low = _ERAS_FROM if lowest >= _ERAS_FROM else 0.0
    for x, row in enumerate(frame.iter_rows(named=True)):
        if row["share"] is None:
            ax.annotate(
                "no requests", (x, low + 0.005), ha="center", va="bottom", color=COLOURS["soft"]
            )
            continue
        colour = COLOURS["muted" if row["final"] is None else "read"]
        face = colour if row["final"] else COLOURS["paper"]
        ax.plot(x, row["share"], "o", ms=10, mew=2, color=colour, markerfacecolor=face)
        above = row["share"] > printed
        ax.annotate(
            f"{share(row['share'])}\n{ratio(row['ratio'])}",
            (x, row["share"]),
            xytext=(0, 8 if above else -10),
            textcoords="offset points",
            ha="center",
            va="bottom" if above else "top",
        )
    ax.set_xticks(
        range(frame.height), [_era_name(r["era"], r["requests"]) for r in frame.to_dicts()]
    )
    ax.set_xlim(-0.6, frame.height - 0.4)
    ax.set_ylim(low, 1.05)
    ax.set_yticks([0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] if low else [0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.yaxis.set_major_formatter(percent())
    ax.set_ylabel("cache share of list-price dollars, as logged")
    return ax


def _era_name(era: str, requests: int) -> str:
    """Return an era's name on lines short enough for an axis of six."""
    return era.replace(" to ", "\nto ") + f"\nn = {requests:,}"
