"""Say how far a rate moves in parts of the requests."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.along import ALONG, COMMON, LAST
from analysis.measures.resample import FEWEST, LEVEL
from analysis.words.degradation import between, points
from analysis.words.numbers import count


def groups(frame: pl.DataFrame) -> str:
    """Caption the comparison in parts."""
    known = frame.drop_nulls("low")
    if known.is_empty():
        return (
            "No part of these requests has enough sessions with a failed call to say how its rate "
            f"moves: {FEWEST} are needed."
        )
    if known.height == 1:
        return (
            f"Only {known['part'][0].removeprefix('all of ')} as a whole have enough sessions with "
            f"a failed call to say how its rate moves: {FEWEST} are needed in a part. "
            f"{points(known['adjusted'][0])} for {ALONG['context']} more "
            f"({between(known['low'][0], known['high'][0])})."
        )
    clear = known.filter((pl.col("low") > 0) | (pl.col("high") < 0))
    stands = clear.filter(pl.col("chance") * known.height < 1 - LEVEL)
    rows = stands.to_dicts()
    named = "; ".join(
        f"{row['part']}, {points(row['adjusted'])} for {ALONG['context']} more "
        f"({between(row['low'], row['high'])}), worth {_worth(row):.1f} {row['by']}s of equal "
        f"weight where {FEWEST} are needed"
        for row in rows
    )
    return (
        f"{_found(known, clear, stands)}. One in ten has an interval "
        "without 0 by chance, and "
        f"{clear.height} of them {'has' if clear.height == 1 else 'have'}; among so many "
        f"(Bonferroni) {stands.height} still "
        f"{'differs' if stands.height == 1 else 'differ'} from 0{f': {named}' if named else ''}. "
        "A client refuses to edit a file that was not read or has changed: that grows with the "
        "work that lies behind, may be all there is to edits, and is not tested here, since logs "
        "do not say why a call failed. Parts overlap. Bars: the wider of the intervals by session "
        "and by project; where one project has most of what varies, even that is too narrow. "
        f"Without the last {LAST} requests a session cannot end because of what failed; sessions "
        f"of {COMMON} or more are all there in their first {COMMON}. Parts where fewer than "
        f"{FEWEST} sessions have a failed call are in the data alone; the leading project is that "
        "in which context varies most."
    )


def _found(known: pl.DataFrame, clear: pl.DataFrame, stands: pl.DataFrame) -> str:
    """Say in how many parts failures move, and whether that can be trusted."""
    parts = f"{count(known.height, 'part')} of the requests"
    if clear.is_empty():
        return f"Failures cannot be said to move with context within sessions in any of {parts}"
    sound = sum(_worth(row) >= FEWEST for row in stands.to_dicts())
    if sound:
        return f"Failures move with context within sessions in {sound} of {parts}"
    seen = "Failures seem to move with context within sessions in"
    if stands.is_empty():
        return f"{seen} {clear.height} of {parts}, which may be chance among so many"
    listed = ", ".join(stands["part"])
    return f"{seen} {stands.height} of {parts} ({listed}), on too few to trust"


def _worth(row: dict[str, Any]) -> float:
    """Return how many clusters of equal weight an interval rests on."""
    return float(row[f"{row['by']}s_effective"])


def groups_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the comparison in parts."""
    return (
        f"A row for each of {count(frame.drop_nulls('low').height, 'part')}: an open circle for "
        "the raw change, a diamond with a bar for the change within sessions, and a line at 0."
    )
