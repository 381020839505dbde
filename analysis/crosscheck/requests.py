"""Which lines are one request to the tool, and which of them speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from analysis.crosscheck.seen import Seen


def spoken(said: Sequence[tuple[int, Seen]], report: str) -> list[int]:
    """Return the places of the usages that the tool counts, in the order of its reading.

    A message and a request id are one request, wherever they stand. Without a request id it is
    the message and its session; in `daily`, its time as well. A sidechain's copy of a message of
    its session is the same request; in `session`, if it has the same time. The main chain speaks
    before a sidechain, then the most tokens, then fast mode, then the first.

    Parameters
    ----------
    said
        Places and usages, in order of files and lines.
    report
        `session` or `daily`.

    Examples
    --------
    >>> from analysis.crosscheck.seen import Counts
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
        key, route = _key(seen, report), (seen.message, seen.session)
        # whoever speaks for a request now says what it is found by
        same = (at for at in keyed.get(key, ()) if _key(kept[at][1], report) == key)
        replay = (at for at in routed.get(route, ()) if _replays(seen, kept[at][1], report))
        at = next(chain(same, replay), None) if seen.message is not None else None
        if at is None:
            at = len(kept)
            kept.append(now)
        else:
            other = kept[at][1].session
            if seen.session != other:  # a message of two sessions is found in both
                routed.setdefault((seen.message, other), []).append(at)
                routed.setdefault(route, []).append(at)
            if not _before(seen, kept[at][1]):
                continue
            kept[at] = now
        keyed.setdefault(key, []).append(at)
        routed.setdefault(route, []).append(at)
    return [place for place, _ in kept]


def _key(seen: Seen, report: str) -> tuple[object, ...]:
    if seen.request is not None:
        return seen.message, seen.request
    return seen.message, None, seen.session, seen.at if report == "daily" else None


def _replays(seen: Seen, other: Seen, report: str) -> bool:
    """Whether one of two copies in a session is a sidechain's."""
    return (seen.sidechain or other.sidechain) and (report == "daily" or seen.at == other.at)


def _before(seen: Seen, other: Seen) -> bool:
    if seen.sidechain != other.sidechain:
        return other.sidechain
    return (sum(seen.tokens), seen.fast) > (sum(other.tokens), other.fast)
