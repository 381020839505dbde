"""Users, plans and assumptions that are easily counted by hand."""

import numpy as np
import polars as pl

from analysis.measures.day_shapes import Profiles
from analysis.measures.population import population

#: One day: all of it in the hour from nine.
DAY = Profiles(np.array([3.0]), np.eye(1, 24, 9), np.zeros((1, 24)))

PLAN = {
    "line_up": "caps",
    "label": "caps",
    "plan": "Pro",
    "fee_usd": 20.0,
    "units": 1.0,
    "at_cap": "shut off",
    "rate": 1.0,
    "reviews": "none",
    "review_usd": None,
    "office": "no",
}
MAX = PLAN | {"plan": "Max", "fee_usd": 100.0, "units": 5.0}
METERED = PLAN | {
    "line_up": "metered",
    "label": "metered",
    "plan": "Metered",
    "fee_usd": 0.0,
    "units": 0.0,
    "at_cap": "overage",
}

ASSUMED = {
    "cap_usd": 6.0,
    "week_windows": 99.0,
    "small": 0.2,
    "quality": 0.5,
    "elasticity": 0.0,
    "waits": 0.0,
    "blocked_usd": 1.0,
    "cost_share": 0.5,
    "reach": 4.0,
    "knowledge_share": 0.6,
    "reviews": 1.0,
    "level": 1.0,
    "spread": 0.0,
    "review_list": 20.0,
    "review_worth": 40.0,
    "worth": 0.5,
    "prices": 1.0,
}


def plans(*rows):
    return pl.DataFrame(rows, {**pl.DataFrame([PLAN]).schema, "review_usd": pl.Float64})


def people(*wanted, days=30, logged=DAY, **more):
    """Return one user for each dollars a day, at work every day."""
    rows = [
        {
            "persona": f"p{n}",
            "label": f"persona {n}",
            "share": 1.0,
            "day_usd": usd,
            "active_days": 1.0,
            "reviews_month": 0.0,
            "worth_low": 1.0,
            "worth": 2.0,
            "worth_high": 4.0,
            "office": 0.0,
        }
        | more
        for n, usd in enumerate(map(float, wanted))
    ]
    return population(pl.DataFrame(rows), logged, users=len(wanted), days=days)


def assumptions(**ends):
    """Return a table of assumptions: each at its middle, but for the ends that are given."""
    rows = []
    for name, middle in ASSUMED.items():
        if name not in ("worth", "prices"):
            low, high = ends.get(name, (middle, middle))
            rows.append({"name": name, "low": low, "middle": middle, "high": high})
    said = {word: pl.lit(word) for word in ("label", "unit", "kind", "reason", "source")}
    return pl.DataFrame(rows).with_columns(**said)
