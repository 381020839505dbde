"""Say which claims hold."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.claims import VERDICTS
from analysis.words.numbers import NARROW_SPACE, count, minus, ratio, usd
from analysis.words.sources import published

CLAIMS = f"these logs and {published('claims')}"
JUDGED = published("claims")  #: of what logs have no part in

HOLD = ("exact", "rounding")
FAIL = ("differs", "unsupported")
_COMPUTED = (*HOLD, "definition", *FAIL)

_LACKS = pl.col("lacks").is_not_null()
#: Claims that what was computed or found speaks against, and those that nothing published carries.
CONTRADICTED = pl.col("verdict").is_in(FAIL) & ~_LACKS
UNCARRIED = pl.col("verdict").is_in(FAIL) & _LACKS

COLUMNS = ("claim", "verdict", "it says, and the check", "printed", "ours", "these logs")

_NEAR_ONE = 2  # times: from where a multiple has one decimal
_BREAK = "  \n"  # a new line in a cell, as Markdown has it

#: A table of the page, by the ids of its claims.
PARTS = {
    "caching": (r"T3\.", "the technical write-up's section on prompt caching"),
    "margin": (r"T4\.", "the technical write-up's section on the cache margin"),
    "companion": (r"C", "the companion article on the same session"),
    "technical": (r"T([0-2]|[5-9]|1\d)\.", "the technical write-up's other sections"),
    "business": (r"B", "the write-up on the business model"),
}


def opening(card: pl.DataFrame) -> str:
    """Say how many claims there are, what became of them, and that some repeat others."""
    done = card.filter(pl.col("verdict").is_in(_COMPUTED))
    told = _count(card, ("quoted", "unreached"))
    return (
        f"The two write-ups and the companion article make {count(card.height, 'claim')} as split "
        f"here. {done.height:,} have a verdict of ours: {_count(done, HOLD)} hold as they stand, "
        f"{_count(done, ('definition',))} hold under another definition than the text's, "
        f"{done.filter(CONTRADICTED).height:,} are contradicted by what was computed or found, and "
        f"{done.filter(UNCARRIED).height:,} have nothing published to carry them. Of the others, "
        f"{told} are somebody's numbers or words and {_count(card, ('opinion',))} are views"
        f"{_waiting(card)}. Some claims repeat others, and each time counts."
    )


def tiles(card: pl.DataFrame) -> str:
    """Caption the picture of all claims."""
    bearing = card.filter(pl.col("weight") == "bearing")
    done = bearing.filter(pl.col("verdict").is_in(_COMPUTED))
    return (
        f"Of {bearing.height:,} load-bearing claims, {_count(done, HOLD)} hold as they stand, "
        f"{_count(done, ('definition',))} under another definition, "
        f"{done.filter(CONTRADICTED).height:,} are contradicted, {done.filter(UNCARRIED).height:,} "
        f"have nothing published to carry them, and {bearing.height - done.height:,} are "
        f"quoted{_waiting(bearing, ' or not checked yet')}. One tile is one claim, by verdict; an "
        "outline marks those on which a text's conclusion rests. T is the technical write-up and "
        "its section, B the one on the business model, C the companion article."
    )


def tiles_alt(card: pl.DataFrame) -> str:
    """Say what is seen in the picture of all claims."""
    rows = card.group_by("verdict").len().rows()
    found = dict(rows)
    listed = ", ".join(f"{found[word]} {word}" for word in VERDICTS if word in found)
    return f"Rows of small squares with a claim's id in each, a group for each verdict: {listed}."


def verdicts(card: pl.DataFrame) -> str:
    """Caption the list of verdicts."""
    return (
        f"{_count(card, ('quoted', 'unreached', 'opinion'))} of {count(card.height, 'claim')} are "
        f"others' words or views and {_count(card, _COMPUTED)} have a verdict of ours. Beside each "
        "verdict, when it is given."
    )


def part(card: pl.DataFrame, name: str) -> str:
    """Caption one table of claims."""
    rows, text = _of(card, name), PARTS[name][1]
    done = rows.filter(pl.col("verdict").is_in(_COMPUTED))
    said = (
        f"{_count(done, HOLD)} of {count(done.height, 'checked claim')} of {text} hold as printed"
    )
    if not done.height:
        said = f"No claim of {text} is checked yet"
    return (
        f"{said}. Ours: computed from what is published, the text's own definition first. These "
        "logs: a like measure on the logs at hand, which has no part in the verdict. Bold: "
        "load-bearing."
    )


def rows(card: pl.DataFrame, name: str) -> pl.DataFrame:
    """Write one part of the scorecard as a table: everything in words, one row a claim."""
    found = [_row(claim) for claim in _of(card, name).iter_rows(named=True)]
    return pl.DataFrame(found, dict.fromkeys(COLUMNS, pl.String))


def _of(card: pl.DataFrame, name: str) -> pl.DataFrame:
    return card.filter(pl.col("claim").str.contains(f"^{PARTS[name][0]}"))


def _count(frame: pl.DataFrame, words: tuple[str, ...]) -> str:
    return f"{frame.filter(pl.col('verdict').is_in(words)).height:,}"


def _waiting(card: pl.DataFrame, said: str = "") -> str:
    """Say that claims wait for their chapter, where some do."""
    waiting = _count(card, ("pending",))
    return "" if waiting == "0" else said or f", and {waiting} wait for their chapter"


def _row(claim: dict[str, Any]) -> dict[str, str | None]:
    bold = "**" if claim["weight"] == "bearing" else ""
    check = [t for t in (claim["formula"], claim["inputs"]) if t]
    says = [
        f"{bold}{claim['says']}{bold} ({claim['section']})",
        f"*{'; from '.join(check)}*" if check else "",
        f"`{claim['check']}`" if claim["check"] else "",
    ]
    shown = f"[](#{claim['shown']})" if claim["shown"] else ""
    rests = claim["under"] if claim["verdict"] == "definition" else ""
    chapter = claim["chapter"] if claim["verdict"] == "pending" else ""
    cells = (
        claim["claim"],
        _lines(f"**{claim['verdict']}**", rests, chapter, shown),
        _lines(*says),
        _printed(claim),
        _readings(claim["ours"], claim["step"]) or claim["lacks"] or _seen(claim),
        _readings(claim["yours"], claim["step"]),
    )
    return dict(zip(COLUMNS, cells, strict=True))


def _seen(claim: dict[str, Any]) -> str | None:
    return f"seen: {claim['source']}" if claim["verdict"] == "quoted" else None


def _lines(*texts: str) -> str:
    return _BREAK.join(text for text in texts if text)


def _printed(claim: dict[str, Any]) -> str | None:
    if claim["printed"] is None:
        return None
    value, step = claim["printed"], claim["step"]
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if value >= size and step >= size / 1000:  # printed in words: 5.09 billion
            return f"{value / size:g} {word}"
    return number(value, claim["unit"], step)


def _readings(found: list[dict[str, Any]], step: float | None) -> str | None:
    """Write each reading on a line: the value, as fine as a tenth of what is printed."""
    fine = step / 10 if step else None
    return (
        _lines(*(f"{number(r['value'], r['unit'], fine)}: {r['definition']}" for r in found))
        or None
    )


def number(value: float, unit: str | None, step: float | None = None) -> str:
    r"""Write a number in its unit, as fine as `step` says.

    Examples
    --------
    >>> number(97.6598, "percent", 0.01), number(1309.88, "ratio"), number(5092500074, "tokens")
    ('97.66\u202f%', '1,310:1', '5,092,500,074')
    """
    decimals = max(0, -_exponent(step)) if step else None
    if unit == "percent":
        return minus(f"{value:z,.{1 if decimals is None else decimals}f}{NARROW_SPACE}%")
    if unit == "ratio":
        return ratio(value) if decimals is None else f"{value:,.{decimals}f}:1"
    if unit == "usd":
        return usd(value) if decimals is None else f"${value:,.{decimals}f}"
    if unit == "year":
        return f"{value:.0f}"
    if unit == "multiple":
        return f"{value:,.0f}×" if float(value).is_integer() else f"{value:,.{_fine(value)}f}×"
    text = minus(f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3g}")
    return text if unit in NOT_WRITTEN or not unit else f"{text} {unit}"


def _fine(times: float) -> int:
    """Return the decimals of a multiple: near 1 the second tells more from less."""
    return 2 if times < _NEAR_ONE else 1


#: Units that the words beside a number say.
NOT_WRITTEN = ("tokens", "count", "weight", "number")


def _exponent(step: float) -> int:
    """Return the power of ten of a step: -2 for 0.01."""
    return int(f"{step:e}".split("e")[1])
