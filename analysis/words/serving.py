"""Say what serving each token class may cost, by the model and its assumptions."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.gross_margins import reported
from analysis.measures.serving import CHARGED
from analysis.measures.serving import assumptions as known
from analysis.measures.simulated import ALL
from analysis.words.numbers import NARROW_SPACE, count, share, usd
from analysis.words.sources import published

CLASSES = {
    "read": "cache reads",
    "write": "cache writes",
    "input": "uncached input",
    "output": "output",
    ALL: "all",
}
MODEL = f"these logs and {published('assumptions', 'margins')}"
ASSUMED = published("assumptions")
FLOOR = -1.0  # a margin below it is not told to its digits: a class sold at half its cost
_PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
NO_REVENUE = "No request of these logs has a price, so no class has revenue or a margin"


def amount(value: float, unit: str) -> str:
    r"""Write a quantity of an assumption with its unit.

    Examples
    --------
    >>> amount(9.89e14, "FLOP/s"), amount(0.4, "share"), amount(2.35, "usd"), amount(12, "multiple")
    ('989\u202fTFLOP/s', '40\u202f%', '$2.35', '12×')
    >>> amount(1e-5, "usd/GB/h"), amount(3.7e10, "parameters")
    ('$0.00001/GB/h', '37\u202fB')
    """
    if unit == "share":
        return share(value, 0)
    if unit == "multiple":
        return f"{value:.2g}×"
    if unit == "usd":
        return usd(value)
    if unit.startswith("usd/"):
        return f"${value:.5f}".rstrip("0") + unit.removeprefix("usd")
    size, prefix = next(((s, p) for s, p in _PREFIXES if value >= s), (1, ""))
    if unit == "parameters":
        return f"{value / 1e9:.3g}{NARROW_SPACE}B"
    name = {"bytes": "B", "bytes/s": "B/s"}.get(unit, unit)
    return f"{value / size:.3g}{NARROW_SPACE}{prefix}{name}"


def signed_share(value: float, decimals: int = 0) -> str:
    r"""Write a margin.

    >>> signed_share(-0.033), signed_share(0.4)
    ('−3\u202f%', '40\u202f%')
    """
    below = round(100 * value, decimals) < 0
    size = abs(value)
    text = share(size, decimals) if size < 10 else f"{100 * size:,.0f}{NARROW_SPACE}%"
    return f"{'−' if below else ''}{text}"


def reach(row: dict[str, Any]) -> str:
    r"""Write how far a row of bounds or draws goes; below the figures' floor, that it does.

    >>> reach({"low": -0.03, "high": 1.0}), reach({"low": -18.55, "high": 1.0})
    ('−3\u202f% to 100\u202f%', 'below −100\u202f% to 100\u202f%')
    """
    if row["high"] < FLOOR:
        return f"below {signed_share(FLOOR)}"
    far = "below " if row["low"] < FLOOR else ""
    return f"{far}{signed_share(max(row['low'], FLOOR))} to {signed_share(row['high'])}"


def assumptions(frame: pl.DataFrame) -> str:
    """Caption the assumptions."""
    assumed = frame.filter(pl.col("kind") == "assumed").height
    return (
        f"The model rests on {count(frame.height, 'number')}, of which {assumed:,} are assumed. "
        "None is published of Claude or of the hardware that serves it: a published range is that "
        "of what is sold. Each is drawn by itself from its range, evenly on a log scale; middle is "
        "where it stands while another one moves."
    )


def listed() -> pl.DataFrame:
    """Return the assumptions as a table, their numbers written with their units."""
    rows = [
        {
            "assumption": r["label"],
            "range": f"{amount(r['low'], r['unit'])} to {amount(r['high'], r['unit'])}",
            "middle": amount(r["middle"], r["unit"]),
            "kind": r["kind"],
            "why this range, and source": f"{r['reason']} ({r['source']})",
        }
        for r in known().to_dicts()
    ]
    return pl.DataFrame(rows)


def simulated(frame: pl.DataFrame) -> str:
    """Caption the drawn margins."""
    reads = frame.filter(pl.col("class") == "read", pl.col("kept") == "all draws").to_dicts()
    if not reads:
        return f"{NO_REVENUE}."
    first, other = ({r["charged"]: r for r in reads}[c] for c in CHARGED)
    return (
        f"By the model, the margin on cached reads at list price is {reach(first)} (90 % of "
        f"draws; half are above {signed_share(first['median'])}), or {reach(other)} if attention "
        "to cached tokens is charged to the tokens that attend. Both split the same total: which "
        "class bears a cost that two have in common is a convention, and the price list does not "
        f"say. {first['draws']:,} draws of the assumptions of [](#tab-revenue-assumptions); "
        "the work is that of these logs. An arrow: the range goes on below."
    )


def simulated_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the drawn margins."""
    frame = frame.filter(pl.col("kept") == "all draws")
    parts = [
        f"{CLASSES[r['class']]} ({r['charged']}) {reach(r)}, median {signed_share(r['median'])}"
        for r in frame.to_dicts()
    ]
    return f"Horizontal bars with marks: {'; '.join(parts)}." if parts else "Empty axes."


def agreeing(frame: pl.DataFrame) -> str:
    """Say what is left of the draws whose whole has a margin that is told of the firm."""
    some = frame.filter(pl.col("kept") == "agreeing", pl.col("class") == "read").to_dicts()
    every = frame.filter(pl.col("kept") == "all draws", pl.col("class") == ALL).to_dicts()
    if not some:
        return f"{NO_REVENUE}."
    least, most = reported()
    whole, left = every[0], some[0]["draws"]
    text = (
        f"Over all classes, half of the draws are above {signed_share(whole['median'])}. The gross "
        "margins that others have reported, planned or estimated of the firm for 2025 and later, "
        f"{share(least, 0)} to {share(most, 0)}, are those of {left:,} of {whole['draws']:,} draws"
    )
    if not left:
        return f"{text}."
    both = " or ".join(f"{reach(r)} (attention charged {r['charged']})" for r in some)
    return (
        f"{text}; in these, the margin on reads is {both}. A list price has a higher margin than "
        "the firm reports if much is sold below list price, as by subscription, if free use is "
        "paid for by others, or if serving costs more than the middle of these ranges: the draws "
        "cannot tell which."
    )


def swings(frame: pl.DataFrame) -> str:
    """Caption what moves the margin on reads."""
    if frame.is_empty():
        return f"{NO_REVENUE}."
    first, second = (r["label"] for r in frame.head(2).to_dicts())
    wide = frame.row(0, named=True)
    return (
        f"The margin on reads moves most with the {first}: {signed_share(wide['at_low'])} to "
        f"{signed_share(wide['at_high'])}, all others in the middle; then with the {second}. Each "
        "bar moves one assumption from its low to its high end; the line is where all are in the "
        "middle. Attention to cached tokens is charged to reads."
        f"{_cut(frame)}{_still(frame)}"
    )


def _cut(frame: pl.DataFrame) -> str:
    """Say that bars are cut, if any is."""
    lowest = frame.select(pl.min_horizontal("at_low", "at_high").min()).item()
    return f" Bars end at a margin of {signed_share(FLOOR)}." if lowest < FLOOR else ""


def _still(frame: pl.DataFrame) -> str:
    """Name the assumptions that do not move it."""
    names = frame.filter(pl.col("at_low") == pl.col("at_high"))["label"]
    return f" Not drawn, since they do not move it: {'; '.join(names)}." if names.len() else ""


def swings_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the swings."""
    parts = [
        f"{r['label']} {signed_share(r['at_low'])} to {signed_share(r['at_high'])}"
        for r in frame.to_dicts()
    ]
    return f"Horizontal bars, widest on top: {'; '.join(parts)}." if parts else "Empty axes."
