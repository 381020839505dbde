"""Draw what sessions read in sum, and what their models see at once."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from analysis.plots.canvas import axes, legend, nothing, stack
from analysis.plots.ticks import Even
from analysis.report.theme import COLOURS, SIZES

_CLOUD = 0.55  # opacity of the reader's sessions
_TENS = (10, 100)  # tokens: what the text calls tens of tokens


def plot_attention(
    frame: pl.DataFrame, published: pl.DataFrame, window: int, ax: Axes | None = None
) -> Axes:
    """Draw each session's reads in sum and its largest prompt, by its requests.

    Parameters
    ----------
    frame
        `measures.attention.sessions`.
    published
        `measures.attention.published`.
    window
        Tokens that a model sees at once, at most.
    """
    ax = ax or axes()
    ax.axhspan(*_TENS, color=COLOURS["rule"]).set_linewidth(0)
    for column, colour, marker, name in (
        ("read_tokens", "read", "o", "read in sum"),
        ("largest_tokens", "accent", "D", "largest prompt: seen at once"),
    ):
        ax.plot(
            frame["requests"],
            frame[column],
            marker,
            color=COLOURS[colour],
            alpha=_CLOUD,
            label=f"these logs: {name}" if frame.height else None,
        )
    for column, colour, name in (
        ("read_tokens", "read", "read in sum"),
        ("seen_tokens", "accent", "mean prompt"),
    ):
        ax.plot(
            published["requests"],
            published[column],
            "*-",
            color=COLOURS[colour],
            markersize=SIZES["dot"],
            markeredgecolor=COLOURS["ink"],
            markeredgewidth=SIZES["rule"],
            linewidth=SIZES["span"],
            label=f"published session: {name}",
        )
    ax.axhline(window, color=COLOURS["ink"], linewidth=SIZES["reference"], linestyle="--")
    soft: dict[str, Any] = {"color": COLOURS["soft"], "of": ("axes fraction", "data")}
    stack(ax, "largest window", (0, window), (3, 3), across="left", down="bottom", **soft)
    text = "an instruction of tens of tokens"
    stack(ax, text, (0, _TENS[0]), (3, 4), across="left", down="bottom", **soft)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(0.9, 1.3 * max([*frame["requests"], *published["requests"]]))
    ax.set_ylim(_TENS[0], 3 * max([*frame["read_tokens"], *published["read_tokens"]]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.yaxis.set_major_formatter(FuncFormatter(Even()))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())
    ax.set_xlabel("requests of the session, log scale")
    ax.set_ylabel("tokens, log scale")
    legend(ax, columns=2)
    nothing(ax, published)
    return ax
