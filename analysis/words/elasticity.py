"""Say what moves with demand's response to price, and with each assumption."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.flips import flip, told_flip
from analysis.measures.redesign import TODAY
from analysis.words.frontier import TOO_FEW
from analysis.words.numbers import count, extent, minus, signed
from analysis.words.redesign import amount, elasticities

#: A swing of profit below it is not drawn: a dollar a user and month.
LEAST = 1.0


def _at(value: float) -> str:
    return minus(f"{value:.2g}")


def crossing(frame: pl.DataFrame, column: str) -> float | None:
    """Return the elasticity nearest to −1 at which a column crosses zero."""
    return flip(frame["elasticity"].to_numpy(), frame[column].to_numpy(), -1.0)


def turning(frame: pl.DataFrame) -> float | None:
    """Return the elasticity nearest to −1 at which a line-up's gain turns, beyond its noise."""
    rising = frame.sort("elasticity")
    noises = rising["more_noise"].cast(pl.Float64).fill_null(0).to_numpy()
    return told_flip(rising["elasticity"].to_numpy(), rising["more_usd"].to_numpy(), noises, -1.0)


def price_cut(frame: pl.DataFrame) -> str:
    """Caption what a cut of metered prices does to revenue."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    still = frame.filter(pl.col("elasticity") == frame["elasticity"].max())
    least, most = still["change"].item(), frame["change"].max()
    at = crossing(frame, "change")
    if at is None:
        start = "No elasticity from 0 to −2 makes a cut of metered prices by a tenth pay for itself"
    else:
        start = (
            f"A cut of metered prices by a tenth raises revenue only if the elasticity is beyond "
            f"{_at(at)}"
        )
    return (
        f"{start}. Elasticity: by how many percent more is wanted where the price is one percent "
        f"lower, written with a minus. Revenue changes from {signed(least)} where demand does not "
        f"answer to {signed(most)} at its most. {elasticities()} How far a user's "  # type: ignore[arg-type]
        "demand goes at most is assumed ([](#tab-redesign-assumptions))."
    )


def price_cut_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the cut of prices."""
    if frame.is_empty():
        return "Empty axes."
    ends = frame["change"].to_list()
    return (
        f"A falling line from {signed(ends[0])} at an elasticity of −2 to {signed(ends[-1])} at 0; "
        "published estimates as short ranges below."
    )


def elasticity(frame: pl.DataFrame) -> str:
    """Caption the profit of line-ups along the elasticity."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    turns = {
        label: at
        for (label,), some in frame.group_by("label", maintain_order=True)
        if (at := turning(some)) is not None
    }
    flips = " and ".join(f"{label} (at {_at(at)})" for label, at in turns.items())
    start = (
        "Demand's response to price decides whether the firm earns more than by today's caps for "
        f"{len(turns):,} of {count(frame['label'].n_unique(), 'line-up')}: {flips}"
        if turns
        else "However demand answers to price, from not at all (0) to an elasticity of −2, no "
        "line-up turns the firm's gain over today's caps into a loss, or a loss into a gain"
    )
    return (
        f"{start}. Elasticity: by how many percent more is wanted where the price is one "
        "percent lower, written with a minus. Profit: revenue less the cost to serve, all other "
        "assumptions in the middle; bands: twice the standard error over groups of users, and "
        f"what turns within them is not counted. {_left_out(frame)}Demand answers once, to the "
        "average price of the plan chosen (as people do: Ito, American Economic Review, 2014)."
    )


def _left_out(frame: pl.DataFrame) -> str:
    """Say which line-ups are not drawn, and where they are."""
    drawn = {TODAY, *frame["line_up"]}
    names = facts("line-ups").filter(~pl.col("line_up").is_in(list(drawn)))["label"]
    listed = "; ".join(names.unique(maintain_order=True))
    if not listed:
        return ""
    return f"Not drawn, to keep lines apart, but in [](#tab-redesign-outcomes): {listed}. "


def elasticity_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in profits along the elasticity."""
    if frame.is_empty():
        return "Empty axes."
    parts = [
        f"{label} {extent(some['more_usd'], lambda v: minus(f'{v:+.0f} dollars'))}"
        for (label,), some in frame.group_by("label", maintain_order=True)
    ]
    return f"Lines with narrow bands against the elasticity, a line at zero: {'; '.join(parts)}."


def drawn(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the swings that are drawn, the widest first."""
    return frame.filter((pl.col("profit_low") - pl.col("profit_high")).abs() >= LEAST)


def swings(frame: pl.DataFrame) -> str:
    """Caption how far each assumption moves the proposal's profit less today's."""
    if frame.is_empty():
        return f"{TOO_FEW}."
    wide = frame.row(0, named=True)
    names = "; ".join(frame.filter("turns")["label"])
    flips = f"these ends turn its sign: {names}" if names else "no end turns its sign"
    still = frame.join(drawn(frame), on="name", how="anti", maintain_order="left")["label"]
    rest = f" Not drawn, since they move it by less than a dollar: {'; '.join(still)}."
    return (
        f"By the proposal the firm earns ${abs(wide['profit']):.0f} "
        f"{'less' if wide['profit'] < 0 else 'more'} a user and month than by today's caps, and "
        f"most hangs on {wide['label']}: {_usd(wide['profit_low'])} at "
        f"{amount(wide['low'], wide['unit'])}, {_usd(wide['profit_high'])} at "
        f"{amount(wide['high'], wide['unit'])}. Of {count(frame.height, 'assumption')}, "
        f"{flips}. One at a time, the others in the middle; of fewer users than the table above."
        f"{rest if still.len() else ''}"
    )


def _usd(value: float) -> str:
    """Write whole dollars more or less, a zero too.

    >>> _usd(-6.2), _usd(28.0)
    ('−$6', '+$28')
    """
    return minus(f"{value:+.0f}").replace("+", "+$").replace("−", "−$")


def swings_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the swings."""
    parts = [
        f"{r['label']} {_usd(r['profit_low'])} to {_usd(r['profit_high'])}"
        for r in drawn(frame).to_dicts()
    ]
    return f"Horizontal bars, widest on top: {'; '.join(parts)}." if parts else "Empty axes."
