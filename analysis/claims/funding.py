"""Checks of what is claimed of funding and partners, from what is published."""

from __future__ import annotations

from collections.abc import Callable

from analysis.claims import Reading
from analysis.measures.funding import margins, ranking, recovered, rounds, statements, sums

_FAR = 2  # times: from where one sum far exceeds another


def _raised() -> list[Reading]:
    return [Reading("raised before + series G", rounds()["raised_usd"][-1])]


def _number() -> list[Reading]:
    return [Reading("rounds before + 1", rounds()["number"][-1])]


def _exceeds() -> list[Reading]:
    names = {
        "both": "commitment over investment, partners with dollars on both sides",
        "overlap": "the same, if what Microsoft and Nvidia are owed overlaps entirely",
        "all": "known commitments over all investments, as if the rest were nothing",
        "all_low": "the same, at the lower estimate of a gigawatt",
        "all_overlap": "the same as the third, with the overlap",
    }
    found = sums()
    return [
        Reading(text, found[key], found[key] >= _FAR, "multiple") for key, text in names.items()
    ]


def _regardless() -> list[Reading]:
    """Ask what comes back if Anthropic does not pay, and what it takes if it does."""
    least = 100 * max(recovered(1, 0)["part"])
    needed = margins().rows()
    nothing = "of the investments, if nothing is paid, at any margin"
    found = [Reading(nothing, least, least >= 100, "percent")]
    return found + [
        Reading(f"gross margin that repays {r[0]}, if all is paid", 100 * r[1], False, "percent")
        for r in needed
    ]


def _endorsed() -> list[Reading]:
    """Look for one public statement that refutes it."""
    found = ranking(statements()).height
    text = "partners' public statements before the text that rank a Claude model above others"
    return [Reading(text, found, found == 0)]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "raised": _raised,
    "rounds": _number,
    "commitments": _exceeds,
    "regardless": _regardless,
    "endorsed": _endorsed,
}
