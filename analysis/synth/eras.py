"""Client versions of every era, and what the same client writes at another time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analysis.synth.dice import Mix
from analysis.synth.folder import MARK

PROJECTS = tuple(f"{MARK}{name}" for name in ("atlas", "borealis", "cumulus"))

#: Models without a choice of how long to think think often and briefly; later ones as they need.
#: Share of requests with thinking, length of its signature: measured on public sessions.
OFTEN = (0.85, ((0.85, 400.0, 0.65), (0.15, 1500.0, 0.8)))
SELDOM = (0.2, ((1.0, 750.0, 1.35),))
AT_NEED = (0.37, ((1.0, 1550.0, 1.2),))


@dataclass(frozen=True)
class Era:
    """A stretch of client versions that log output in one way.

    `counts` says which: in half or a third of the requests the last line has the final count, else
    all have a placeholder; always a placeholder; on the last line; on every line. What versions
    2.1.43 to 2.1.77 did is not known; here they do as those before them.
    """

    name: str
    versions: tuple[str, ...]
    begins: dt.date
    days: int
    counts: str  # half, placeholder, third, last or final
    models: tuple[str, ...]
    thinking: tuple[float, Mix]
    subagents: tuple[str, ...]  # where they are logged: root, folder, progress
    window: int  # context at which the client compacts
    says_thinking: bool = True  # whether the text of the thinking is logged
    keys: tuple[str, ...] = ("slug",)  # what its lines have that those of other eras have not


#: Models by their names in the logs; each era's first is the one it prefers.
_OPUS_45, _SONNET_45 = "claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929"
_OPUS_46, _SONNET_46 = "claude-opus-4-6", "claude-sonnet-4-6"
HAIKU = "claude-haiku-4-5-20251001"
GATEWAY = "gateway-large"  # a model without a list price

ERAS = (
    Era(
        "before 2.1.12",
        ("2.0.76", "2.1.5"),
        dt.date(2026, 2, 2),
        24,
        "half",
        (_OPUS_45, _SONNET_45),
        OFTEN,
        ("root",),
        155_000,
    ),
    Era(
        "2.1.12 to 2.1.29",
        ("2.1.17", "2.1.19", "2.1.29"),
        dt.date(2026, 2, 3),
        18,
        "placeholder",
        (_OPUS_45, _SONNET_45),
        OFTEN,
        ("folder", "progress"),
        155_000,
    ),
    Era(
        "2.1.30 to 2.1.42",
        ("2.1.37", "2.1.42"),
        dt.date(2026, 2, 9),
        24,
        "third",
        (_OPUS_46, _SONNET_45),
        SELDOM,
        ("progress",),
        155_000,
        keys=("slug", "inference_geo"),
    ),
    Era(
        "2.1.43 to 2.1.77",
        ("2.1.50", "2.1.66", "2.1.75"),
        dt.date(2026, 2, 23),
        24,
        "third",
        (_OPUS_46, _SONNET_46),
        SELDOM,
        ("folder",),
        155_000,
        keys=("slug", "inference_geo"),
    ),
    Era(
        "2.1.78 to 2.1.96",
        ("2.1.80", "2.1.85", "2.1.91"),
        dt.date(2026, 3, 19),
        19,
        "last",
        (_OPUS_46, _SONNET_46),
        AT_NEED,
        ("folder",),
        900_000,
        says_thinking=False,
        keys=("slug", "entrypoint", "stop_details", "inference_geo"),
    ),
    Era(
        "from 2.1.97",
        ("2.1.98", "2.1.101"),
        dt.date(2026, 4, 7),
        6,
        "final",
        (_OPUS_46, _SONNET_46),
        AT_NEED,
        ("folder",),
        900_000,
        says_thinking=False,
        keys=(
            "entrypoint",
            "stop_details",
            "inference_geo",
            "server_tool_use",
            "speed",
            "iterations",
        ),
    ),
)

#: When a project's account gets one-hour cache entries on its main chain: day, and whether from
#: then on. At any time at most one of three does not, so that no era and no large session decides
#: how many writes are kept an hour. Users published such switches of March and April 2026.
_HOURS = {
    PROJECTS[0]: ((dt.date(2026, 2, 15), True),),
    PROJECTS[1]: (
        (dt.date(2026, 2, 1), True),
        (dt.date(2026, 2, 26), False),
        (dt.date(2026, 3, 12), True),
    ),
    PROJECTS[2]: ((dt.date(2026, 2, 1), True), (dt.date(2026, 4, 10), False)),
}


def hour(project: str, at: dt.datetime) -> bool:
    """Return whether a project's main chain writes one-hour entries at a time.

    Examples
    --------
    >>> noon = dt.datetime(2026, 4, 9, 12, tzinfo=dt.UTC)
    >>> hour(PROJECTS[2], noon), hour(PROJECTS[2], noon + dt.timedelta(days=1))
    (True, False)
    """
    return [False, *(is_hour for day, is_hour in _HOURS[project] if day <= at.date())][-1]
