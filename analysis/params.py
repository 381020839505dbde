"""Parameters: defaults in the notebooks' own cells, overridden by params.yml, then by the user."""

from __future__ import annotations

import ast
import datetime as dt
import difflib
import json
import math
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.logs.files import StoreError, check_name, write_whole
from analysis.paths import BUILD, NOTEBOOKS, ROOT

#: Every parameter a notebook may have, beside the dataset's name, and what it means.
KNOWN = {
    "since": "first day, inclusive",
    "until": "last day, inclusive",
    "timezone": "whose days",
    "price_date": "price everything at this day's list; empty: each request at its own",
    "policy": "which copy of a request counts",
    "seed": "of anything drawn at random",
    "team": "a team, whose chapter is 18",
    "carry_over_tokens": "what a fresh session takes over from the one before (chapters 04 and 16)",
    # of chapter 14
    "wage_usd": "what an hour of a senior developer costs",
    "junior_wage_usd": "what an hour of entry-level office work costs",
    "hours_spared": "net hours that a review spares",
    "success_rate": "share of reviews that spare them",
    # of chapter 15
    "users": "how many users are simulated (chapter 15, and all below)",
    "days": "how many days of each, whole months of 30",
    "knowledge_share": "share of users that do not write code",
    "level": "list-price dollars that users want, over those of the personas",
    "spread": "how far users of a persona lie apart, in log units",
    "cap_usd": "list-price dollars that Pro holds in a five-hour window",
    "week_windows": "full five-hour windows that a weekly cap holds",
    "waits": "share of blocked work that waits for the next hour",
    "blocked_usd": "what an hour of blocked work costs its user",
    "small": "price of the smaller model over the large one's",
    "quality": "worth of degraded work over the large model's",
    "cost_share": "cost to serve a list-price dollar of work",
    "elasticity": "demand's response to the average price, in percent for one percent",
    "reach": "most that a user answers to a price: this multiple of its work, or one over it",
    "reviews": "reviews wanted over those of the personas",
    "review_list": "list-price dollars of tokens that a review takes",
    "review_worth": "what a review is worth to who wants it",
    "review_usd": "price of a review per checkpoint",
}


#: Parameters that choose a chapter: one that has any is in a report only where they are set.
CHOOSE = ("team",)

#: What make is told in capitals, and is no parameter of a notebook.
MAKES = ("LOGS", "NAME", "CLUSTER", "PARTIALS")


class Number(NamedTuple):
    """What a parameter may be that is a number: its type, its ends, and both in words."""

    kind: type[int] | type[float]
    low: float
    high: float
    hint: str


#: Parameters that are numbers. No window holds more than a million tokens.
NUMBERS = {
    "seed": Number(int, -math.inf, math.inf, "a whole number"),
    "carry_over_tokens": Number(int, 0, 1_000_000, "a whole number of tokens, from 0 to a million"),
    # of chapter 14
    "wage_usd": Number(float, 1, 10_000, "dollars an hour, from 1 to 10,000"),
    "junior_wage_usd": Number(float, 1, 10_000, "dollars an hour, from 1 to 10,000"),
    "hours_spared": Number(float, 0.01, 100, "hours, from 0.01 to 100"),
    "success_rate": Number(float, 0.01, 1, "a share, from 0.01 to 1"),
    # of chapter 15
    "users": Number(int, 500, 100_000, "a whole number, from 500 to 100,000"),
    "days": Number(int, 30, 360, "a whole number of days, from 30 to 360"),
    "knowledge_share": Number(float, 0, 1, "a share, from 0 to 1"),
    "level": Number(float, 0.01, 100, "a multiple, from 0.01 to 100"),
    "spread": Number(float, 0.01, 3, "log units, from 0.01 to 3"),
    "cap_usd": Number(float, 0.01, 10_000, "dollars, from 0.01 to 10,000"),
    "week_windows": Number(float, 1, 34, "windows, from 1 to the 34 that a week has"),
    "waits": Number(float, 0.01, 1, "a share, from 0.01 to 1"),
    "blocked_usd": Number(float, 0.01, 10_000, "dollars an hour, from 0.01 to 10,000"),
    "small": Number(float, 0.01, 1, "a share, from 0.01 to 1"),
    "quality": Number(float, 0.01, 1, "a share, from 0.01 to 1"),
    "cost_share": Number(
        float, 0.01, 10, "a share, from 0.01; above 1 it costs more than its price"
    ),
    "elasticity": Number(float, -2, 0, "a number from -2 to 0"),
    "reach": Number(float, 1, 100, "a multiple, from 1 to 100"),
    "reviews": Number(float, 0, 100, "a multiple, from 0 to 100"),
    "review_list": Number(float, 0.01, 10_000, "dollars, from 0.01 to 10,000"),
    "review_worth": Number(float, 0.01, 10_000, "dollars, from 0.01 to 10,000"),
    "review_usd": Number(float, 0, 10_000, "dollars, from 0 to 10,000"),
}


#: What the other parameters may be, in words.
HINTS = {
    **dict.fromkeys(("since", "until", "price_date"), "a day as YYYY-MM-DD, or nothing"),
    "timezone": "a zone such as UTC or Europe/Paris",
    "team": "the name of a team that was imported, or nothing",
    **{name: number.hint for name, number in NUMBERS.items()},
}


def hint(name: str) -> str:
    """Say in words what a parameter may be.

    >>> hint("elasticity")
    'a number from -2 to 0'
    """
    from analysis.logs.policies import POLICIES

    return f"one of {', '.join(POLICIES)}" if name == "policy" else HINTS[name]


class ParameterError(Exception):
    """A parameter is unknown or cannot be read; says which and what it may be."""


def notebooks() -> list[Path]:
    """Return the report's notebooks in order."""
    return sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))


def chapters(values: Mapping[str, Any]) -> list[Path]:
    """Return the notebooks of a report with these parameters, in order.

    Examples
    --------
    >>> chapters({"team": "acme"})[-1].stem, chapters({})[-1].stem
    ('18-team', '17-scorecard')
    """
    return [
        notebook
        for notebook in notebooks()
        if all(values.get(name) for name in CHOOSE if name in defaults(notebook))
    ]


def chosen(dataset: str) -> list[Path]:
    """Return the notebooks of a dataset's report, as its last run chose them."""
    try:
        stems = (BUILD / dataset / "chapters.txt").read_text().split()
    except FileNotFoundError:
        return chapters({})
    return [notebook for notebook in notebooks() if notebook.stem in stems]


def cells(notebook: Path, tag: str | None = None) -> list[str]:
    """Return the source of a notebook's code cells, those with `tag` if given."""
    found = json.loads(notebook.read_text())["cells"]
    return [
        "".join(c["source"])
        for c in found
        if c["cell_type"] == "code" and (tag is None or tag in c["metadata"].get("tags", []))
    ]


def defaults(notebook: Path) -> dict[str, Any]:
    """Return what a notebook's parameters cell sets."""
    found = {}
    for statement in ast.parse("\n".join(cells(notebook, "parameters"))).body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            assert statement.value is not None
            found[statement.target.id] = ast.literal_eval(statement.value)
    return found


def all_defaults() -> dict[str, Any]:
    """Return the default of every parameter.

    Examples
    --------
    >>> all_defaults()["policy"], all_defaults()["seed"]
    ('largest', 1)
    """
    found: dict[str, Any] = {}
    for notebook in notebooks():
        found |= defaults(notebook)
    return {name: value for name, value in found.items() if name in KNOWN}


def changed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults of the parameters whose value is another one.

    Examples
    --------
    >>> changed({"seed": 2, "policy": "largest"})
    {'seed': 1}
    """
    known = all_defaults()
    return {name: known[name] for name in values if name in known and values[name] != known[name]}


def overrides(given: list[str]) -> dict[str, Any]:
    """Read params.yml and `name=value` words; the words win.

    Raises
    ------
    ParameterError
        For an unknown name or a value that does not fit: says where it was given, and the default.
    """
    import yaml

    text = ""
    try:
        text = (ROOT / "params.yml").read_text()
        values = yaml.safe_load(text) or {}
    except FileNotFoundError:
        values = {}
    except yaml.YAMLError:
        raise ParameterError("params.yml is not YAML: write one `name: value` a line") from None
    if not isinstance(values, dict):
        raise ParameterError("params.yml: write one `name: value` a line")
    places = {str(name): _line(text, str(name)) for name in values}
    for word in given:
        name, _, value = word.partition("=")
        values[name] = value
        places[name] = "on the command line"
    found = {}
    for name, value in values.items():
        try:
            found[str(name)] = checked(str(name), value)
        except ParameterError as error:
            left_out = _left_out(str(name))
            raise ParameterError(f"{error} ({places[str(name)]}{left_out})") from None
    since, until = found.get("since", ""), found.get("until", "")
    if since and until and since > until:
        raise ParameterError(f"since={since} is after until={until}: no day lies between them")
    return found


def _line(text: str, name: str) -> str:
    """Say on which line of params.yml a name stands."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.split(":")[0].strip() == name]
    return f"in params.yml, line {lines[-1]}" if lines else "in params.yml"


def _left_out(name: str) -> str:
    """Say what a parameter is that nobody sets."""
    default = all_defaults().get(name)
    return "" if default is None else f"; left out, it is {'empty' if default == '' else default}"


def checked(name: str, value: Any) -> Any:
    """Return a parameter's value in its type.

    Examples
    --------
    >>> checked("since", "2026-03-01"), checked("seed", "7")
    ('2026-03-01', 7)
    >>> checked("since", "March")
    Traceback (most recent call last):
    analysis.params.ParameterError: since='March': a day as YYYY-MM-DD, or nothing
    """
    if name not in KNOWN:
        near = _near(name)
        meant = f"did you mean {near[0]}? There" if near else "there"
        raise ParameterError(f"unknown parameter {name!r}: {meant} are {', '.join(KNOWN)}")
    text = "" if value is None else str(value)
    if name in ("since", "until", "price_date"):
        return _fits(name, text, lambda: text and dt.date.fromisoformat(text), hint(name))
    if name == "timezone":
        return _fits(name, text, lambda: _zone(text), hint(name))
    if name == "team":
        return _fits(name, text, lambda: text and check_name(text), hint(name))
    if name in NUMBERS:
        number = NUMBERS[name]
        _fits(name, text, lambda: _within(text, number), hint(name))
        return number.kind(text)
    from analysis.logs.policies import POLICIES

    return _fits(name, text, lambda: POLICIES[text], hint(name))


def _near(name: str) -> list[str]:
    """Return what a name may have been meant as: parameters are written small, make's words large.

    >>> _near("SINCE"), _near("logs"), _near("zzz")
    (['since'], ['LOGS'], [])
    """
    if name.upper() in MAKES:
        return [name.upper()]
    return difflib.get_close_matches(name.lower(), KNOWN, n=1)


def _zone(name: str) -> zoneinfo.ZoneInfo:
    if name not in zoneinfo.available_timezones() - {"localtime", "Factory"}:
        raise ValueError
    return zoneinfo.ZoneInfo(name)


def _within(text: str, number: Number) -> None:
    if not number.low <= number.kind(text) <= number.high:
        raise ValueError


def _fits(name: str, text: str, attempt: Any, hint: str) -> str:
    try:
        attempt()
    except (ValueError, KeyError, OSError, StoreError):
        raise ParameterError(f"{name}={text!r}: {hint}") from None
    return text


def path(dataset: str, notebook: Path) -> Path:
    """Return where the parameters of a notebook's run on a dataset are kept."""
    return BUILD / dataset / f"{notebook.stem}.params.json"


def write(dataset: str, values: Mapping[str, Any]) -> None:
    """Write each notebook's parameters, touching only files whose content changes."""
    for notebook in notebooks():
        own = defaults(notebook)
        wanted = own | {k: v for k, v in values.items() if k in own} | {"dataset": dataset}
        text = json.dumps(wanted, indent=1, sort_keys=True) + "\n"
        write_if_new(path(dataset, notebook), text)


def write_if_new(target: Path, text: str) -> None:
    """Write a file that make watches, only when its content changes."""
    if not target.exists() or target.read_text() != text:
        write_whole(target, text.encode())
