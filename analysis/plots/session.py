"""Draw one session: its prompt, what was written again, and what it came to cost."""

from __future__ import annotations

from typing import Any, cast

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
from matplotlib.axes import Axes

from analysis.measures.session import PAUSES, thinned, told_apart
from analysis.plots.canvas import axes, band, legend, nothing, stack
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES
from analysis.words.overview import NAMES, UNCOUNTED

#: The mark of each cause of a rebuild.
MARKS = {
    "compaction": "v",
    "model change": "s",
    "api reason": "P",
    "expiry": "o",
    "rewind or fork": "D",
    "unknown": "X",
}
#: What stands across: the request's number, or the hours since the first.
ALONG = {"number": "request", "hours": "hours since the first request"}

_PARTS = ("read", "write", "input")
_ROOM = 1.12  # of the longest prompt, for the marks above it
_TOP = 0.94  # of the axes: from there up, pauses are marked
_HALF = 0.5  # of the room that a request has
_PITCH = 1.4  # heights of a letter from a line to the next
_BESIDE = 120  # marks with an edge, side by side; more would leave nothing but edges
_HEIGHTS = (3, 1.4)  # of the prompt, of the dollars


def draw_both(frame: pl.DataFrame, cuts: pl.DataFrame, along: str = "number") -> Axes:
    """Draw the prompt above the dollars, and return the upper axes."""
    width, height = plt.rcParams["figure.figsize"]
    _, both = plt.subplots(2, 1, sharex=True, figsize=(width, height * 1.3), height_ratios=_HEIGHTS)
    upper, lower = cast("tuple[Axes, Axes]", tuple(both))
    plot_context(frame, cuts, along, upper)
    upper.set_xlabel("")
    upper.tick_params(labelbottom=False)
    plot_dollars(frame, along, lower)
    return upper


def plot_context(
    frame: pl.DataFrame, cuts: pl.DataFrame, along: str = "number", ax: Axes | None = None
) -> Axes:
    """Draw the prompts of a session, its rebuilds by cause, compactions and pauses.

    Parameters
    ----------
    frame
        `measures.session.course`.
    cuts
        `measures.session.compactions`.
    along
        `number` or `hours`.
    """
    ax = ax or axes()
    _prompts(ax, thinned(frame), along)
    others = frame.filter(pl.col("chain") != "main")
    if others.height:
        label = "subagents' prompts"
        others = told_apart(others, along, "context_tokens")
        ax.plot(others[along], others["context_tokens"], ".", color=COLOURS["muted"], label=label)
    most = max([*frame["context_tokens"], 1])
    if along == "number":
        _pauses(ax, frame)
    _uprights(ax, cuts, along, color=COLOURS["output"], linestyle="--", label="compaction")
    _rebuilds(ax, frame, along)
    ax.set_ylim(0, _ROOM * most)
    ax.yaxis.set_major_formatter(Even())
    ax.set_ylabel("prompt, tokens")
    _across(ax, frame, along)
    legend(ax, columns=4)
    nothing(ax, frame)
    return ax


def plot_dollars(frame: pl.DataFrame, along: str = "number", ax: Axes | None = None) -> Axes:
    """Draw the sum of dollars along a session, and of it what rebuilds cost above reads.

    Parameters
    ----------
    frame
        `measures.session.course`.
    """
    ax = ax or axes()
    told = frame.is_empty() or frame["rebuilt_tokens"].count() > 0
    ax.plot(frame[along], frame["cumulative_usd"], color=COLOURS["ink"], drawstyle="steps-post")
    if told:
        again = frame["premium_usd"].fill_null(0).cum_sum()
        ax.plot(frame[along], again, color=COLOURS["accent"], drawstyle="steps-post")
    most = max([*frame["cumulative_usd"].drop_nulls(), 0.01])
    ax.set_ylim(0, _ROOM * most)
    ax.yaxis.set_major_formatter(Even(usd=True))
    ax.locator_params(axis="y", nbins=4)
    ax.set_ylabel("dollars so far")
    rebuilds = "rebuilds" if told else "rebuilds: not known"
    for down, (text, colour) in enumerate((("all requests", "ink"), (rebuilds, "accent"))):
        offset = (6, -down * _PITCH * plt.rcParams["font.size"])
        of = ("axes fraction", "axes fraction")
        stack(ax, text, (0, 1), offset, across="left", of=of, color=COLOURS[colour])
    _across(ax, frame, along)
    nothing(ax, frame)
    return ax


def _prompts(ax: Axes, shown: pl.DataFrame, along: str) -> None:
    """Stack what is known of each prompt: side by side along numbers, apart along the clock."""
    names = NAMES | ({"input": UNCOUNTED} if shown["write_tokens"].null_count() else {})
    across, below = shown[along].cast(pl.Float64).to_numpy(), np.zeros(shown.height)
    ends = np.array([-_HALF, _HALF]) + across[[0, -1]] if shown.height else across
    whole = np.concatenate([ends[:1], across, ends[1:]])
    for part in _PARTS:
        above = below + shown[f"{part}_tokens"].fill_null(0).to_numpy()
        label, colour = names[part] if above.sum() > below.sum() else None, COLOURS[part]
        if along == "number":
            low, high = (np.pad(edge, 1, "edge") if len(edge) else edge for edge in (below, above))
            band(ax, whole, low, high, step="mid", color=colour, label=label)
        elif label:  # where time passes, nothing is sent between two requests
            some = above > below
            ax.vlines(across[some], below[some], above[some], color=colour, label=label)
        below = above


def _uprights(ax: Axes, frame: pl.DataFrame, along: str, begins: float = 0, **style: Any) -> None:
    """Draw lines up to the top of the axes, as many as can be told apart."""
    if frame.height:
        places = told_apart(frame, along)[along]
        ax.vlines(places, begins, 1, transform=ax.get_xaxis_transform(), **style)


def _rebuilds(ax: Axes, frame: pl.DataFrame, along: str) -> None:
    for cause, mark in MARKS.items():
        of = frame.filter(pl.col("cause") == cause)
        of = told_apart(of, along, "context_tokens", spots=_BESIDE)
        if of.height:
            ax.plot(
                of[along], of["context_tokens"], mark, color=COLOURS["accent"],
                markeredgecolor=COLOURS["paper"], label=f"rebuilt: {cause}",
            )  # fmt: skip


def _pauses(ax: Axes, frame: pl.DataFrame) -> None:
    """Mark at the top where a pause of the main chain ends, the bolder one of an hour."""
    short, long = PAUSES
    pause = pl.col("pause_seconds")
    main = frame.filter(pl.col("chain") == "main").with_columns(pl.col("number") - _HALF)
    for label, colour, width, some in (
        ("pause over 5 minutes", "muted", "reference", (pause > short) & (pause <= long)),
        ("pause over an hour", "ink", "ring", pause > long),
    ):
        style = {"color": COLOURS[colour], "linewidth": SIZES[width], "label": label}
        _uprights(ax, main.filter(some), "number", _TOP, **style)


def _across(ax: Axes, frame: pl.DataFrame, along: str) -> None:
    ax.grid(visible=False, axis="x")
    ax.set_xlabel(ALONG[along])
    if frame.height:
        first, last = frame[along][0], frame[along][-1]
        room = max(0.01 * (last - first), _HALF if along == "number" else 0.01)
        ax.set_xlim(first - room, last + room)
        ax.locator_params(axis="x", nbins=8, integer=along == "number")
    else:
        ax.set_xticks([])
