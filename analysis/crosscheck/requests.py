"""Which lines are one request to the tool, and which of them speaks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.crosscheck.lines import Seen


class _Kept(NamedTuple):
    place: int
    seen: Seen


def spoken(said: Sequence[tuple[int, Seen]], report: str) -> list[int]:
    """Return the places of the usages that the tool counts, in the order of its reading.

    A message and a request id are one request, wherever they stand. Without a request id it is
    the message and its session; in `daily`, its time as well. A sidechain's copy of a message of
    its session is the same request; in `session`, if it has the same time. The main chain speaks
    before a sidechain, then the most tokens, then the first that says its speed.

    Parameters
    ----------
    said
        Places and usages, in order of files and lines.
    report
        `session` or `daily`.

    Examples
    --------
    >>> from analysis.crosscheck.tool import Counts
    >>> one = Seen("msg_1", "req_1", "s", 0, False, "", Counts(1, 1, 1, 1), False)
    >>> more = one._replace(tokens=Counts(1, 9, 1, 1))
    >>> spoken([(0, one), (1, more), (2, more._replace(request="req_2"))], "daily")
    [1, 2]
    """
    kept: list[_Kept] = []
    exact: dict[tuple[object, ...], int] = {}
    replayed: dict[tuple[object, ...], list[int]] = {}
    for place, seen in said:
        now = _Kept(place, seen)
        if seen.message is None:
            kept.append(now)
            continue
        key, route = _key(seen, report), _route(seen, report)
        at = exact.get(key)
        if at is None:
            at = _replay(kept, replayed.get(route, ()), seen)
        if at is None:
            at = len(kept)
            kept.append(now)
        elif _before(seen, kept[at].seen):
            kept[at] = now
        else:
            continue
        exact.setdefault(key, at)
        replayed.setdefault(route, []).append(at)
    return [found.place for found in kept]


def _key(seen: Seen, report: str) -> tuple[object, ...]:
    if seen.request is not None:
        return seen.message, seen.request
    return seen.message, None, seen.session, seen.at if report == "daily" else None


def _route(seen: Seen, report: str) -> tuple[object, ...]:
    return seen.message, seen.session, seen.at if report == "session" else None


def _replay(kept: Sequence[_Kept], found: Iterable[int], seen: Seen) -> int | None:
    return next((at for at in found if seen.sidechain or kept[at].seen.sidechain), None)


def _before(seen: Seen, other: Seen) -> bool:
    if seen.sidechain != other.sidechain:
        return other.sidechain
    return sum(seen.tokens) > sum(other.tokens)
