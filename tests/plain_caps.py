"""The rules of caps once more, as a plain loop over users and hours of the clock."""

from analysis.measures.caps import AT_CAP


def month(work, user, terms, days):
    """Return what one user gets in some days, by name, all hours of the clock one by one.

    `terms` has numbers: window_usd, week_usd, at_cap (its name), rate, small, waits.
    """
    names = ("large", "small", "rewrite", "overage", "unserved", "blocked", "degraded", "wanted")
    got = dict.fromkeys((*names, "hours"), 0.0)
    window = waiting = 0.0
    week, week_of, window_end, small = 0.0, -1, 0, False
    assert terms["at_cap"] in AT_CAP
    for day in range(days):
        first = True
        for hour in range(24):
            at = day * 24 + hour
            kept = waiting * terms["waits"]
            got["unserved"] += waiting - kept
            waiting = kept
            profile = work.shape[user, day]
            if profile < 0 or not work.usd[user, day] * work.hours[profile, hour]:
                continue
            fresh = work.usd[user, day] * work.hours[profile, hour]
            context = 0.0 if first else work.usd[user, day] * work.context[profile, hour]
            first = False
            if at // 168 != week_of:
                week, week_of = terms["week_usd"], at // 168
            if at >= window_end:
                window, window_end = terms["window_usd"], at + 5
            left = min(window, week)
            if small and left > context:
                small = False
                got["rewrite"] += context
                window, week = window - context, week - context
                left = min(window, week)
            if small:
                left = 0.0
            wanted = fresh + waiting
            waiting = 0.0
            served = min(wanted, left)
            window, week = window - served, week - served
            got["large"] += served
            got["wanted"] += fresh
            got["hours"] += 1
            rest = wanted - served
            if rest == 0:
                continue
            if terms["at_cap"] == "shut off":
                waiting = rest
                got["blocked"] += rest / wanted
            elif terms["at_cap"] == "overage":
                got["large"] += rest
                got["overage"] += terms["rate"] * rest
            else:
                if not small:
                    got["rewrite"] += terms["small"] * context
                small = True
                got["small"] += rest
                got["degraded"] += rest / wanted
    got["unserved"] += waiting
    return got
