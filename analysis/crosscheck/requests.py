"""Which lines are one request to the tool, and which of them speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from analysis.crosscheck.lines import Seen


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
    kept: list[tuple[int, Seen]] = []
    keyed: dict[tuple[object, ...], list[int]] = {}
    routed: dict[tuple[object, ...], list[int]] = {}
    for now in said:
        seen = now[1]
        key, route = _key(seen, report), _route(seen, report)
        # whoever speaks for a request now says what it is found by
        same = (at for at in keyed.get(key, ()) if _key(kept[at][1], report) == key)
        replay = (at for at in routed.get(route, ()) if _replays(seen, kept[at][1], report))
        at = next(chain(same, replay), None) if seen.message is not None else None
        if at is None:
            at = len(kept)
            kept.append(now)
        elif _before(seen, kept[at][1]):
            kept[at] = now
        else:
            continue
        keyed.setdefault(key, []).append(at)
        routed.setdefault(route, []).append(at)
    return [place for place, _ in kept]


def _key(seen: Seen, report: str) -> tuple[object, ...]:
    if seen.request is not None:
        return seen.message, seen.request
    return seen.message, None, seen.session, seen.at if report == "daily" else None


def _route(seen: Seen, report: str) -> tuple[object, ...]:
    return seen.message, seen.session, seen.at if report == "session" else None


def _replays(seen: Seen, other: Seen, report: str) -> bool:
    """Whether one of two is a sidechain's copy of the other."""
    return (seen.sidechain or other.sidechain) and _route(seen, report) == _route(other, report)


def _before(seen: Seen, other: Seen) -> bool:
    if seen.sidechain != other.sidechain:
        return other.sidechain
    return sum(seen.tokens) > sum(other.tokens)
