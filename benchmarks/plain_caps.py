"""The rules of caps once more, as a plain loop over hours of the clock: the rival, and the check.

It shares no code with `analysis.measures.caps`, and goes through every hour of every day.
"""

from __future__ import annotations

from analysis.measures.wanted import Work

#: What is counted, in the order of `analysis.measures.caps.Use`.
COUNTED = (
    "large_usd",
    "small_usd",
    "rewrite_usd",
    "overage_usd",
    "unserved_usd",
    "blocked_hours",
    "degraded_hours",
    "wanted_usd",
    "wanted_hours",
)


def plain(work: Work, user: int, terms: dict[str, float], at_cap: str, days: int) -> list[float]:
    """Return what one user gets in so many days.

    Parameters
    ----------
    terms
        `window_usd`, `week_usd`, `rate`, `small`, `waits`.
    at_cap
        shut off, overage, or degrade.
    """
    got = dict.fromkeys(COUNTED, 0.0)
    window = week = waiting = 0.0
    week_of, window_end, small = -1, 0, False
    for day in range(days):
        profile, usd, begun = work.shape[user, day], work.usd[user, day], False
        for hour in range(24):
            at = day * 24 + hour
            got["unserved_usd"] += (1 - terms["waits"]) * waiting
            waiting *= terms["waits"]
            fresh = usd * work.hours[profile, hour] if profile >= 0 else 0.0
            if fresh <= 0:
                continue
            context = usd * work.context[profile, hour] if begun else 0.0
            begun = True
            if at // 168 != week_of:
                week, week_of = terms["week_usd"], at // 168
            if at >= window_end:
                window, window_end = terms["window_usd"], at + 5
            if small and min(window, week) > context:
                small = False
                got["rewrite_usd"] += context
                window, week = window - context, week - context
            left = 0.0 if small else min(window, week)
            wanted = fresh + waiting
            served = min(wanted, left)
            rest = wanted - served
            window, week, waiting = window - served, week - served, 0.0
            got["large_usd"] += served
            got["wanted_usd"] += fresh
            got["wanted_hours"] += 1
            if rest > 0 and at_cap == "shut off":
                waiting = rest
                got["blocked_hours"] += rest / wanted
            elif rest > 0 and at_cap == "overage":
                got["large_usd"] += rest
                got["overage_usd"] += terms["rate"] * rest
            elif rest > 0:
                got["rewrite_usd"] += 0.0 if small else terms["small"] * context
                got["small_usd"] += rest
                got["degraded_hours"] += rest / wanted
                small = True
    got["unserved_usd"] += waiting
    return list(got.values())
