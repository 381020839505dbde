"""The numbers that the package names: thresholds, prices, gaps, draws, sizes."""

import ast
import datetime as dt
import importlib
from functools import cache

import numpy as np

from analysis.paths import ROOT

#: Where numbers stand that a number on the page may rest on.
PLACES = (
    *("measures/*.py", "claims/*.py", "words/*.py", "sessions.py", "prices.py", "params.py"),
    *("overrides.py", "schema.py", "logs/lines.py"),
)

#: Numbers that decide nothing, and why.
NOT_CHOSEN = {
    "units of time, money and sums": """
        claims.capabilities._YEAR claims.quota._HOURS measures.adoption_year._YEAR
        measures.disclosed._DAY measures.wanted.HOURS measures.shut_off.HOURS measures.value.MINUTES
        measures.weeks._WEEK measures.windows._LENGTH measures.windows._HOUR
        measures.fresh._QUARTERS prices._PICO_PER_TOKEN prices._PICO_PER_SEARCH
        words.counterfactual._MILLION words.value.MINUTES measures.context_files._POINTS
        measures.team_peaks._HOUR
        measures.compare._NANO measures.overview._QUARTER measures.session._SECOND
    """,
    "follows from another that is listed": """
        measures.team_plans.CAP_USD measures.team_plans.WEEK_WINDOWS measures.team_plans._MIDDLES
        measures.context_files._REACH measures.characters._N words.weight._LAST
    """,
    "of a method: where it ends, what counts as nothing": """
        measures.jackknife._NOTHING measures.learnt._MEDIAN_OF_NORMAL measures.likelihood._BEYOND
        measures.likelihood._STEPS measures.likelihood._ENOUGH measures.windows._NEVER
        measures.front._DIGITS measures.paid._PROBE measures.rates._PROBE measures.simulation._ODD
    """,
    "what is computed at once": """
        measures.caps._BLOCK measures.concentration._CELLS measures.resample._CELLS
        measures.resample._TOGETHER measures.dearer._CELLS
        measures.rewrites._BITS measures.rewrites._MOST measures.shapes._BINS
        measures.totals._AT_ONCE logs.lines._CHUNK
    """,
    "a sign, not an amount": """
        measures.caps.SHUT_OFF measures.caps.OVERAGE measures.caps.DEGRADE
        measures.line_ups.NO_PLAN measures.best_length._UNCUT measures.wanted.IDLE schema.VERSION
    """,
    "points of a curve, bars, ends of an axis": """
        measures.concentration._POINTS measures.expiry.GRID measures.frontier._POINTS
        measures.funding.PAID measures.published._WHOLE_UNDERCOUNT measures.restarts._A_DECADE
        measures.revenue._STEPS measures.shapes.WIDTH measures.swings.POINTS
        measures.value._SUCCESS words.elasticity.LEAST words.front._TICK words.frontier.FLOOR
        words.serving.FLOOR measures.overview._DAYS measures.overview._WEEKS measures.session.MOST
        measures.session.SPOTS
    """,
    "how a number is written, or an example in a sentence": """
        words.compare._TOLD words.counterfactual._CENTS words.dearer._WHOLE words.funding._HALF
        words.hits._FULL words.months._LISTED words.payback._NAMED words.policies._TIMES
        words.revenue._DIGITS words.scorecard._NEAR_ONE words.weight._NEAR
    """,
}


def modules():
    """Return the modules that may have such numbers, by path."""
    analysis = ROOT / "analysis"
    return sorted(path for place in PLACES for path in analysis.glob(place))


def assigned(path):
    """Return the names in capitals that a module assigns."""
    for node in ast.parse(path.read_text()).body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        for target in targets if isinstance(node, ast.Assign | ast.AnnAssign) else ():
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            yield from (n.id for n in names if isinstance(n, ast.Name) and n.id.isupper())


def said(value):
    """Write a number, or several, as the page does; None for what is no number.

    >>> said(20_000), said(0.5), said({"5m": 300}), said(dt.timedelta(hours=5)), said("text")
    ('20,000', '0.5', '5m 300', '5 h', None)
    """
    if isinstance(value, bool | str) or value is None:
        return None
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        minutes = value.total_seconds() / 60
        return f"{minutes / 60:g} h" if minutes >= 60 else f"{minutes:g} min"
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        parts = {key: said(part) for key, part in value.items()}
        known = value and all(part or value[key] is None for key, part in parts.items())
        return ", ".join(f"{k} {v}" if v else f"{k}" for k, v in parts.items()) if known else None
    if isinstance(value, tuple | list | range):
        parts = [said(part) for part in value]
        if not parts or not all(parts):
            return None
        return (
            ", ".join(parts)
            if len(parts) < 13
            else f"{parts[0]} to {parts[-1]}, {len(parts)} of them"
        )
    return None


@cache
def constants():
    """Return every such number by its dotted name below `analysis`, as it is written."""
    found = {}
    for path in modules():
        place = ".".join(path.relative_to(ROOT / "analysis").with_suffix("").parts)
        module = importlib.import_module(f"analysis.{place}".removesuffix(".__init__"))
        for name in assigned(path):
            if (text := said(getattr(module, name))) is not None:
                found[f"{place}.{name}".replace(".__init__", "")] = text
    return found
