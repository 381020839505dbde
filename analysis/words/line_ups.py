"""Say who gains and loses by a line-up, and how steady bills are."""

from __future__ import annotations

import polars as pl

from analysis.measures.outcomes import NOTICED
from analysis.measures.redesign import PROPOSAL, TODAY
from analysis.words.frontier import TOO_FEW
from analysis.words.numbers import count, share


def dollars(value: float) -> str:
    """Write whole dollars more or less.

    >>> dollars(12.4), dollars(-3.6), dollars(0.2)
    ('+$12', '−$4', '$0')
    """
    whole = round(value)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}${abs(whole):,}"


def off(value: float | None) -> str:
    r"""Write how far a number may be off, on a line of its own; nothing where it is not.

    >>> off(1.7), off(0.34), off(0.0), off(None)
    ('\n±2', '\n±0.3', '', '')
    """
    if value is None or value < 0.05:
        return ""
    return f"\n±{value:.0f}" if value >= 0.95 else f"\n±{value:.1f}"


def personas(frame: pl.DataFrame) -> str:
    """Caption what personas gain and lose.

    Parameters
    ----------
    frame
        `measures.simulation.gains`.
    """
    if frame.is_empty():
        return f"{TOO_FEW}."
    own = frame.filter(pl.col("line_up") == PROPOSAL)
    least = pl.max_horizontal(pl.lit(NOTICED), pl.col("gain_noise"))
    losing = own.filter(pl.col("gain_usd") <= -least)
    gaining = own.filter(pl.col("gain_usd") >= least)
    best = gaining.sort("gain_usd").tail(1)["persona_label"].to_list()
    worst = losing.sort("gain_usd").head(1)["persona_label"].to_list()
    text = (
        f"The write-up's proposal leaves {count(gaining.height, 'persona')} of {own.height:,} "
        f"better off and {losing.height:,} worse, all assumptions in the middle"
    )
    if best:
        text += f"; the {best[0]} gains most"
    if worst:
        text += f"{', and' if best else ';'} the {worst[0]} loses most"
    return (
        f"{text}. In a cell: dollars a month that the line-up leaves a mean user of the persona "
        "(what work, reviews and office tools are worth to it, less the bill and what blocked "
        "hours cost it), less those under today's caps, ± twice the standard error over groups of "
        "users; less than that, or than a dollar, is neither better nor worse."
    )


def personas_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the grid of personas."""
    if frame.is_empty():
        return "Empty axes."
    parts = [
        f"{label}: "
        + ", ".join(f"{r['persona_label']} {dollars(r['gain_usd'])}" for r in some.to_dicts())
        for (label,), some in frame.group_by("label", maintain_order=True)
    ]
    return f"A grid of line-ups and personas. {'; '.join(parts)}."


def bills(frame: pl.DataFrame) -> str:
    """Caption how steady bills are."""
    known = frame.drop_nulls("steady_months")
    if known.is_empty():
        return f"{TOO_FEW}."
    by = {r["line_up"]: r for r in known.to_dicts()}
    last = known.sort("steady_months").row(0, named=True)
    said = [
        f"{share(by[name]['steady_months'], 0)} {text}"
        for name, text in ((TODAY, "under today's caps"), (PROPOSAL, "under the proposal"))
        if name in by
    ]
    return (
        f"A month's bill is within a tenth of the user's mean in {' and '.join(said)}; least often "
        f"under {last['label']}: {share(last['steady_months'], 0)}. At the right: how far a user's "
        "monthly bills vary, standard deviation over mean, the middle user. Of users with a plan."
    )


def bills_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the steadiness of bills."""
    known = frame.drop_nulls("steady_months").to_dicts()
    parts = [f"{r['label']} {share(r['steady_months'], 0)}" for r in known]
    return f"Lines with dots: {'; '.join(parts)}." if parts else "Empty axes."
