"""Say what no log tells."""

from __future__ import annotations

from analysis.measures.gross_margins import planned
from analysis.measures.likelihood import WEIGHTS
from analysis.measures.weight import Span, published, tells
from analysis.words.findings import Finding, Rows
from analysis.words.numbers import count, extent, share


def unknown(rows: Rows, here: str) -> Finding:
    """Say what a read weighs in a quota and earns its provider, as far as anything tells."""
    weight, margin = rows["read-weight"], rows["read-margin"]
    told = published()["weight"]
    number = extent(told, "{:g}".format)
    said = "**is what a cache read may weigh in a plan's quota**, an input token being 1: "
    zero = told.filter(told < _HALF).len()
    listed = f"{zero} public figures say nearly 0, {told.len() - zero} say 1"
    if not weight["count"]:
        said += f"{listed}, and {here} hold no limit hit that could tell."
        band = "Weight: no interval without a limit hit."
    else:
        span = Span(weight["low"], weight["high"], weight["count"], 0)
        ends = _weights(span)
        band = f"Weight: {ends}, 90 %, from {count(span.hits, 'limit hit')}."
        number = ends if tells(span) else number
        said += (
            f"that is what {here} leave, if one of the ways to weigh other tokens is right."
            if tells(span)
            else f"{listed}, and {here} leave {ends}, which does not tell."
        )
    if margin["low"] is not None:
        said += (
            " What the provider earns on a read is not known either: "
            f"{extent((margin['low'], margin['high']), lambda v: share(v, 0))} of its price."
        )
        band += " Margin: bounds, if no cost is below zero."
    definition = (
        "Not published: the size of a quota's window, and what serving a token costs. One gross "
        f"margin, {share(planned(), 0)} as reported, does not give those of four token classes."
    )
    return Finding(
        "What cannot be known",
        number,
        said,
        band,
        definition,
        ("fig-quota-likelihood", "fig-revenue-bounds"),
    )


_HALF = 0.5  # of the way from free to full weight


def _weights(span: Span) -> str:
    open_ended = span.high >= float(WEIGHTS[-1])
    return f"{span.low:.2f} and more" if open_ended else f"{span.low:.2f} to {span.high:.2f}"
