"""Say what a page, or a line in the terminal, says first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from analysis import params
from analysis.facts import facts
from analysis.logs.dataset import Logs
from analysis.logs.identity import summed
from analysis.logs.summary import NOWHERE
from analysis.measures.data import only_here, span, unpriced
from analysis.measures.margin import totals
from analysis.measures.reconstruct import ALL, by_era
from analysis.words import uncounted
from analysis.words.numbers import NARROW_SPACE, count, day, extent, ratio, share, usd

#: Parameters of which `chosen` speaks.
_CHOSEN = ("since", "until", "timezone", "policy", "price_date")
#: And names of what was read, which nothing says.
_NAMES = ("dataset", "team")
TITLE = "What coding agents cost, and how much of it is the prompt cache"
_REAL = (
    f"The {count(facts('public-sessions')['sessions'][0], 'public session')} and the published "
    "figures are real."
)
SYNTHETIC = (
    "**The logs of this dataset are synthetic.** They were made by a seeded simulation to show "
    "what the report looks like; what is said of *these logs* is about nobody. " + _REAL
)
RECONSTRUCTION = (
    "**The logs of this dataset hold a reconstruction.** Of one published session, the totals of "
    "every token class are the published ones; its path from request to request is simulated, and "
    "so is all that these totals do not say. " + _REAL
)

NAMED = (
    "**This page names projects** as their owner calls them, because REAL_NAMES=1 asked for it. "
    "Think before you pass it on; without REAL_NAMES=1 it has labels again."
)


def banner(logs: Logs, *, named: bool = False) -> str:
    """Say what logs are not, if nobody's client wrote them, and whether projects have names."""
    said = (
        RECONSTRUCTION if logs.reconstruction else "",
        SYNTHETIC if logs.synthetic else "",
        NAMED if named else "",
    )
    return " ".join(text for text in said if text)


def whose(logs: Logs) -> str:
    """Name the logs as the source of a figure."""
    return "these logs, a reconstruction among them" if logs.reconstruction else "these logs"


def lead(priced: pl.DataFrame, values: Mapping[str, Any]) -> str:
    """Say what the logs come to, and what of them was chosen; the findings say the rest."""
    days = span(priced, values["timezone"])
    if days is None:
        none = f"No request in these logs{chosen(values, ' for what was chosen: {}')}."
        return none + set_here(values, " Set here: {}.")
    own = totals(priced)
    said = (
        f"{count(priced.height, 'request')} from {day(days[0])} to {day(days[1])}: "
        f"{usd(own['total'])} at list price, which is not an invoice{_without(priced)}."
    )
    said += chosen(values, " Chosen: {}.") + set_here(values, " Set here: {}.")
    return f"{said} {uncounted.writes(priced)}".strip()


def chosen(values: Mapping[str, Any], form: str = "{}") -> str:
    """Say which parameters narrow or change the count; nothing when none does."""
    since, until = values.get("since"), values.get("until")
    parts = [
        f"from {day(dt.date.fromisoformat(since))}" if since else "",
        f"to {day(dt.date.fromisoformat(until))}" if until else "",
        f"days of {values['timezone']}"
        if (since or until or "timezone" in params.changed(values))
        else "",
        f"counted by the policy {values['policy']}" if values["policy"] != "largest" else "",
        f"priced as of {values['price_date']}" if values.get("price_date") else "",
    ]
    text = ", ".join(part for part in parts if part)
    return form.format(text) if text else ""


def set_here(values: Mapping[str, Any], form: str = "{}") -> str:
    """Say which other parameters are not their defaults, and what these are; nothing for none.

    Examples
    --------
    >>> set_here({"seed": 2, "wage_usd": 80.0, "policy": "first"})
    'seed 2 (default 1), wage_usd 80 (default 116)'
    """
    text = ", ".join(
        f"{name} {_plain(values[name])} (default {_plain(default)})"
        for name, default in params.changed(values).items()
        if name not in (*_CHOSEN, *_NAMES)
    )
    return form.format(text) if text else ""


def given(values: Mapping[str, Any]) -> str:
    """List parameters and their values in Markdown, what is not a default in bold.

    Examples
    --------
    >>> given({"seed": 2, "policy": "largest", "until": ""})
    'policy largest, **seed 2** (default 1)'
    """
    changed = params.changed(values)
    return ", ".join(
        f"**{name} {_plain(value)}** (default {_plain(changed[name]) or 'empty'})"
        if name in changed
        else f"{name} {_plain(value)}"
        for name, value in sorted(values.items())
        if value != "" and name not in _NAMES
    )


def _plain(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def source(values: Mapping[str, Any], whose: str = "these logs") -> str:
    """Say which of the logs' requests a figure counts, where it does not say so itself.

    Examples
    --------
    >>> source({"policy": "largest", "timezone": "UTC"})
    'these logs, policy largest'
    """
    rest = chosen(dict(values) | {"policy": "largest"}, ", {}")
    return f"{whose}, policy {values['policy']}{rest}"


def alone(logs: Logs, values: Mapping[str, Any]) -> str:
    """Say which logs a picture counts that stands without the page: how many, of whom, and when.

    Parameters
    ----------
    logs
        Narrowed and counted as `values` say.
    values
        The report's parameters.
    """
    requests = logs.requests
    sessions = count(requests["session"].n_unique(), "Claude Code session")
    if logs.synthetic:
        sessions = sessions.replace(" ", " synthetic ", 1)
    rebuilt = ", a reconstruction among them" if logs.reconstruction else ""
    days = span(requests, values["timezone"])
    return f"{sessions}{rebuilt}{f', {_months(*days)}' if days else ''}{chosen(values, ', {}')}"


def _months(first: dt.date, last: dt.date) -> str:
    """Write the months from one day to another.

    >>> _months(dt.date(2026, 2, 2), dt.date(2026, 4, 12))
    'February to April 2026'
    >>> _months(dt.date(2025, 6, 1), dt.date(2026, 7, 1)), _months(*[dt.date(2026, 2, 2)] * 2)
    ('June 2025 to July 2026', 'February 2026')
    """
    until = f"{last:%B %Y}"
    since = f"{first:%B %Y}" if first.year != last.year else f"{first:%B}"
    same = (first.year, first.month) == (last.year, last.month)
    return until if same else f"{since} to {until}"


def summary(
    logs: Logs, priced: pl.DataFrame, values: Mapping[str, Any], *, named: bool = False
) -> str:
    """Return what the terminal says of a dataset: a line a fact; `named` if projects have names."""
    rejected, lines = int(logs.files["rejected"].sum()), int(logs.files["lines"].sum())
    kinds = {"synthetic": logs.synthetic, "reconstruction": logs.reconstruction}
    made = ", ".join(kind for kind, there in kinds.items() if there)
    said = {"dataset": f"{logs.name} ({made})" if made else logs.name}
    if about := chosen(values):
        said["chosen"] = about
    if about := set_here(values):
        said["set here"] = about
    if named:
        said["names"] = "of projects, as REAL_NAMES=1 asked: think before you pass the page on"
    days = span(priced, values["timezone"])
    if days is None:
        said["requests"] = "none"
    else:
        own, missing = totals(priced), unpriced(priced)
        form = "{} of dollars are cache reads and writes"
        true = _reconstructed(priced, values["policy"], form)
        said |= {
            "span": f"{days[0]} to {days[1]} ({values['timezone']})",
            "requests": f"{priced.height:,} in {count(priced['session'].n_unique(), 'session')}",
            "dollars": f"{usd(own['total'])} at list price, not an invoice",
            "cache": true or "no share of dollars",
            "": f"{share(own['share'])} over all requests as logged, "
            f"{ratio(own['ratio'])} to uncached input and output",
            "unpriced": f"{count(int(missing['requests']), 'request')}, "
            f"{share(missing['token_share'])} of tokens",
        }
        if unknown := priced["write_tokens"].null_count():
            of = count(priced.height, "request")
            said["writes"] = f"not counted in {unknown:,} of {of}: there inside uncached input"
    if sums := summed(logs.copies).height:
        said["sums"] = f"{count(sums, 'row')} of other reports, in chapter 00: no requests"
    said["rejected"] = f"{rejected:,} of {count(lines, 'line')}"
    alone = only_here(logs)
    if alone["requests"]:
        about = f"{count(alone['requests'], 'request')}, {alone['first']} to {alone['last']} (UTC)"
        said["only here"] = f"{about}, {NOWHERE}"
    text = "".join(f"{name:<10} {text}\n" for name, text in said.items())
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def _without(priced: pl.DataFrame) -> str:
    missing = int(unpriced(priced)["requests"])
    return f" ({count(missing, 'request')} without a price)" if missing else ""


def _reconstructed(priced: pl.DataFrame, policy: str, form: str) -> str:
    """Say the share of dollars with all output counted, or nothing where there is none."""
    row = by_era(priced, policy).filter(pl.col("era") == ALL).row(0, named=True)
    if row["share"] is None:
        return ""
    said = form.format(share(row["share"]))
    band = extent((row["low"], row["high"]))
    if not row["rest_usd"]:
        return said
    between = f" (90 % band: {band})" if band != share(row["share"]) else ""
    return f"{said}{between}, output reconstructed where not logged"
