"""Parameters: defaults in the notebooks' own cells, overridden by params.yml, then by the user."""

from __future__ import annotations

import ast
import datetime as dt
import json
import math
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.paths import BUILD, NOTEBOOKS, ROOT

#: Every parameter a notebook may have, beside the dataset's name, and what it means.
KNOWN = {
    "since": "first day, inclusive",
    "until": "last day, inclusive",
    "timezone": "whose days",
    "price_date": "price everything at this day's list; empty: each request at its own",
    "policy": "which copy of a request counts",
    "seed": "of anything drawn at random",
    "carry_over_tokens": "what a fresh session takes over from the one before (chapters 04 and 16)",
}


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
}


class ParameterError(Exception):
    """A parameter is unknown or cannot be read; says which and what it may be."""


def notebooks() -> list[Path]:
    """Return the report's notebooks in order."""
    return sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))


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


def overrides(given: list[str]) -> dict[str, Any]:
    """Read params.yml and `name=value` words; the words win.

    Raises
    ------
    ParameterError
        For an unknown name or a value that does not fit.
    """
    import yaml

    try:
        values = yaml.safe_load((ROOT / "params.yml").read_text()) or {}
    except FileNotFoundError:
        values = {}
    except yaml.YAMLError:
        raise ParameterError("params.yml is not YAML: write one `name: value` a line") from None
    if not isinstance(values, dict):
        raise ParameterError("params.yml: write one `name: value` a line")
    for word in given:
        name, _, value = word.partition("=")
        values[name] = value
    found = {str(name): checked(str(name), value) for name, value in values.items()}
    since, until = found.get("since", ""), found.get("until", "")
    if since and until and since > until:
        raise ParameterError(f"since={since} is after until={until}: no day lies between them")
    return found


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
        raise ParameterError(f"unknown parameter {name!r}: there are {', '.join(KNOWN)}")
    text = "" if value is None else str(value)
    if name in ("since", "until", "price_date"):
        return _fits(
            name,
            text,
            lambda: text and dt.date.fromisoformat(text),
            "a day as YYYY-MM-DD, or nothing",
        )
    if name == "timezone":
        return _fits(name, text, lambda: _zone(text), "a zone such as UTC or Europe/Paris")
    if name in NUMBERS:
        number = NUMBERS[name]
        _fits(name, text, lambda: _within(text, number), number.hint)
        return number.kind(text)
    from analysis.logs.policies import POLICIES

    return _fits(name, text, lambda: POLICIES[text], f"one of {', '.join(POLICIES)}")


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
    except (ValueError, KeyError, OSError):
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
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists() or target.read_text() != text:
        target.write_text(text)
