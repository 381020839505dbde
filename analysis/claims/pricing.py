"""What we compute for the claims on the price of caching, by the name in their column `check`."""

from __future__ import annotations

from collections.abc import Callable

from analysis.claims import Reading
from analysis.facts import case, facts
from analysis.pricebook import rates


def _list_price(part: str, *, apart: bool = False) -> list[Reading]:
    """Return the price of a token class as a share of input's, or what it is above or below."""
    model, day = case("session").select("model", "price_day").row(0)
    row = rates([model], [day]).row(0, named=True)
    names = {"write_5m": "five-minute writes", "write_1h": "one-hour writes", "read": "reads"}
    found = [part, "write_1h"] if part == "write_5m" else [part]
    shares = [(names[p], 100 * row[p] / row["input"]) for p in found]
    return [Reading(n, abs(s - 100) if apart else s) for n, s in shares]


def _lifetime() -> list[Reading]:
    """Return how long a cache entry lives: the lifetime of every request that asks for none."""
    kinds = facts("lifetimes").sort("minutes").select("kind", "minutes").rows()
    return [Reading(f"the {kind} lifetime", minutes) for kind, minutes in kinds]


PUBLISHED: dict[str, Callable[[], list[Reading]]] = {
    "write-price": lambda: _list_price("write_5m"),
    "write-premium": lambda: _list_price("write_5m", apart=True),
    "read-price": lambda: _list_price("read"),
    "read-discount": lambda: _list_price("read", apart=True),
    "lifetime": _lifetime,
}
