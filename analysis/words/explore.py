"""Say what the workbench shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.words.numbers import count
from analysis.words.uncounted import writes

if TYPE_CHECKING:
    from analysis.explore.choices import Choices
    from analysis.explore.data import Data


def chosen(data: Data, choices: Choices) -> str:
    """Say of which requests everything below is, and at which prices."""
    of = [
        choices.project and f"project {choices.project}",
        choices.model and f"model {choices.model}",
        choices.source and f"source {choices.source}",
        choices.since and f"from {choices.since}",
        choices.until and f"until {choices.until}",
    ]
    narrowed = f", {', '.join(filter(None, of))}" if any(of) else ""
    rows = data.within(choices)
    prices = f"the list of {data.price_date}" if data.price_date else "each day's own list"
    return (
        f"{count(rows.height, 'request')} of the dataset {data.logs.name}"
        f"{narrowed}; days of {choices.timezone}; dollars at {prices}, not an invoice. "
        f"{writes(rows)}"
    ).strip()


def of(choices: Choices) -> str:
    """Say in a title of what it is, where that is not everything."""
    found = [choices.project, choices.model, choices.source]
    return f" of {', '.join(filter(None, found))}" if any(found) else ""


#: Said where no day lies between those that were chosen.
TURNED = "From is after Until: no request is between them."


def turned(choices: Choices) -> bool:
    """Return whether the first day that was chosen is after the last."""
    return bool(choices.since and choices.until and choices.since > choices.until)
