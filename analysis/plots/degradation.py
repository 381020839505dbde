"""Draw how often something goes wrong along a session, and around a compaction."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from analysis.plots.canvas import axes, legend, nothing, percent, stack
from analysis.plots.rows import SNUG, names_above
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.numbers import compact

_ASIDE = 0.02  # of the prompt, that marks stand to the sides
_PROMPTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10)  # of 100,000 tokens
_ROOM = 1.1  # times the first and last prompt, that an axis has
_NOTHING = 1e-9  # of a tick: a rounding error of 0
_MARGIN = 1.1  # times the widest interval: where an axis of changes ends
_WAYS = (
    ("raw", "raw_low", "raw_high", "muted", "paper", "o", "--", "raw"),
    ("project", "project_low", "project_high", "soft", "paper", "s", ":", "within projects"),
    (
        "adjusted",
        "low",
        "high",
        "accent",
        "accent",
        "D",
        "-",
        "within sessions, same calls",
    ),
)


def plot_rates(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the rate of tool errors by context: raw, within projects and within sessions.

    Parameters
    ----------
    frame
        `measures.along.curve`.
    """
    ax = ax or axes()
    for aside, (rate, low, high, colour, face, marker, line, name) in zip(
        (-1, 0, 1), _WAYS, strict=True
    ):
        known = frame.drop_nulls(rate)
        x = known["at"] * (1 + aside * _ASIDE)
        ax.vlines(x, known[low], known[high], color=COLOURS[colour], linewidth=SIZES["span"])
        ax.plot(
            x,
            known[rate],
            marker=marker,
            linestyle=line,
            color=COLOURS[colour],
            markerfacecolor=COLOURS[face],
            label=name if known.height else None,
        )
    tops = [v for way in _WAYS for v in (*frame[way[0]], *frame[way[2]]) if v is not None]
    lows = [v for way in _WAYS for v in frame[way[0]] if v is not None]
    ax.set_ylim(min([0, *lows]), 1.08 * max([0.01, *tops]))
    ax.set_xscale("log")
    _prompts(ax, frame)
    ax.yaxis.set_major_formatter(percent(1))
    ax.set_xlabel("tokens of the prompt: mean of each group, log scale")
    ax.set_ylabel("requests with a failed tool call")
    legend(ax, columns=3)
    nothing(ax, frame)
    return ax


def _prompts(ax: Axes, frame: pl.DataFrame) -> None:
    """Mark prompts on a log axis."""
    known = frame["at"].to_list() or [1.0]
    ax.set_xlim(min(known) / _ROOM, max(known) * _ROOM)
    ticks = [tick for tick in _PROMPTS if min(known) / _ROOM <= tick <= max(known) * _ROOM]
    written = [Even()(1e5 * tick) for tick in ticks] or [compact(1e5 * known[0])]
    ax.set_xticks(ticks or known[:1], written)
    ax.xaxis.set_minor_locator(NullLocator())


def plot_groups(frame: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw how far the rate moves with 100,000 tokens, in parts of the requests.

    Parameters
    ----------
    frame
        `measures.along.groups`.
    """
    shown = frame.drop_nulls("low").with_columns(y=pl.int_range(pl.len()).cast(pl.Float64))
    labels = [f"{part} (n = {compact(n)})" for part, n in shown.select("part", "units").rows()]
    ax = ax or axes(rows=SNUG * len(labels))
    ax.axvline(0, color=COLOURS["ink"], linewidth=SIZES["rule"])
    ax.hlines(
        shown["y"], shown["low"], shown["high"], color=COLOURS["accent"], linewidth=SIZES["span"]
    )
    for column, colour, marker, face, name in (
        ("raw", "muted", "o", "paper", "raw"),
        ("adjusted", "accent", "D", "accent", "within sessions, with interval"),
    ):
        ax.plot(
            shown[column],
            shown["y"],
            marker,
            color=COLOURS[colour],
            markerfacecolor=COLOURS[face],
            label=name if shown.height else None,
        )
    ends = [abs(value) for name in ("low", "high", "raw") for value in shown[name]]
    ax.set_xlim(-_MARGIN * max([0.001, *ends]), _MARGIN * max([0.001, *ends]))
    ax.set_ylim(max(shown.height, 1) - 0.5, -0.8)
    names_above(ax, labels, [kind == "all" for kind in shown["kind"]])
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(100 * value)))
    ax.set_xlabel("percentage points for 100,000 tokens more")
    legend(ax, columns=2)
    nothing(ax, shown)
    return ax


def _signed(value: float) -> str:
    """Write a number with its sign, and 0 without.

    >>> _signed(2.5), _signed(-1), _signed(0)
    ('+2.5', '−1', '0')
    """
    return f"{value:+.3g}".replace("-", "−") if abs(value) > _NOTHING else "0"


def plot_around(frame: pl.DataFrame, sides: pl.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the rate of tool errors by requests from a compaction, and its mean on either side.

    Parameters
    ----------
    frame
        `measures.around.study`.
    sides
        `measures.around.sides`.
    """
    ax = ax or axes()
    at = (frame["first"] + frame["last"]) / 2
    ax.axvline(0, color=COLOURS["ink"], linewidth=SIZES["reference"], linestyle="--")
    known = frame.with_columns(at=at).drop_nulls("low")
    ax.vlines(
        known["at"], known["low"], known["high"], color=COLOURS["accent"], linewidth=SIZES["span"]
    )
    ax.plot(at, frame["rate"], "D", color=COLOURS["accent"], clip_on=False)
    for after, rate in sides.select("after", "rate").rows():
        side = at.filter(at > 0) if after else at.filter(at < 0)
        if len(side):
            ends = [side.to_numpy().min(), side.to_numpy().max()]
            ax.plot(ends, [rate, rate], color=COLOURS["muted"], linewidth=SIZES["reference"])
    top = max([0.01, *frame["rate"], *known["high"]])
    ax.set_ylim(min([0, *known["low"]]), 1.2 * top)
    reach = max([1, *(abs(v) for v in frame["first"]), *frame["last"]])
    ax.set_xlim(-1.05 * reach, 1.05 * reach)
    for text, x, across in (("before", -5, "right"), ("after", 5, "left")):
        stack(ax, text, (0, 1.17 * top), (x, 0), across=across, color=COLOURS["soft"])
    ax.yaxis.set_major_formatter(percent(1))
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value)))
    ax.set_xlabel("requests from a compaction, five a mark")
    ax.set_ylabel("requests with a failed tool call")
    nothing(ax, frame)
    return ax
