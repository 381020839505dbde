"""Say what the same work would have cost otherwise, and what that assumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.measures.resample import LEVEL
from analysis.measures.ways import COMPACTED, HOUR, LISTED, NEVER, NO_CACHE, SHORT, restarting
from analysis.words.counterfactual import NO_BILL
from analysis.words.numbers import NARROW_SPACE, count, signed, usd

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from analysis.measures.otherwise import Otherwise

#: What the cache may be, as a reader picks it.
CACHES = {
    "as it was": "",
    "every write at 5 minutes": "5m",
    "every write at 1 hour": "1h",
    "never expires": "never",
    "none": "none",
}

#: How the other bill is called.
THEN = "what if"

_CACHE = {
    "5m": ("every write at 5 minutes", SHORT),
    "1h": ("every write at 1 hour", HOUR),
    "never": ("a cache that never expires", NEVER),
    "none": ("no cache", NO_CACHE),
}
_LONGER = "an answer has as many more or fewer tokens, and later prompts re-send what they did"
_SAME = (
    "Assumed: prompts, answers and pauses stay as they were where nothing else is said; how good "
    "the work would have been is not modelled."
)
_CENSUS = "Both bills are sums over these logs, not estimates, so they have no interval."
_DRAWN = (
    " The cheapest length is told from other sessions like these by drawing whole sessions anew."
)
_ALONE = " The cheapest length is sought where contexts are not compacted as well."


def title(
    bills: pl.DataFrame,
    asked: Otherwise,
    requests: int,
    of: str,
    best: Mapping[str, int | None] | None = None,
    times: float | None = None,
) -> str:
    """Say both bills and their difference, and which length of a session is cheapest.

    Parameters
    ----------
    bills
        `measures.otherwise.by_class`.
    requests
        How many have a price.
    of
        Of what it is, as `words.explore.of` says.
    best
        The row of `measures.best_length.best`.
    times
        How many times the logged output is reconstructed.
    """
    total = bills.row(-1, named=True)
    if not total["now_nano"]:
        return NO_BILL
    now, then = total["now_nano"] / 1e9, total["then_nano"]
    whose = f"{count(requests, 'request')}{of}"
    if not asked.moved:
        return f"As it was: {usd(now)} at list price for {whose}."
    if then is None:
        return f"What {whose} would have cost is not known: some of it has no price."
    more = then / 1e9 - now
    parts = [part for part, _ in _steps(asked, times)]
    said = f"{', '.join(parts[:-1])} and {parts[-1]}" if parts[1:] else parts[0]
    if usd(then / 1e9) == usd(now):
        same = f"With {said}, {whose} would have cost the same, {usd(now)} at list price."
        return f"{same}{_cheapest(best)}"
    change = "less" if more < 0 else "more"
    return (
        f"With {said}, {whose} would have cost {usd(then / 1e9)} at list price instead of "
        f"{usd(now)}: {usd(abs(more))} {change} ({signed(more / now)}).{_cheapest(best)}"
    )


def _cheapest(best: Mapping[str, int | None] | None) -> str:
    """Say which of the lengths tried is cheapest, with its interval."""
    if best is None:
        return ""
    length, low, high = (best[name] for name in ("length", "low", "high"))
    if low is None or high is None:
        sure = f"{count(best['sessions'] or 0, 'session')}, too few for an interval"
    else:
        ends = f"{low or 'none'} to {high or 'none'}" if low != high else f"{low or 'none'} alone"
        sure = f"{LEVEL:.0%} interval: {ends}".replace("%", f"{NARROW_SPACE}%")
    part = ""
    if best["of"] != best["sessions"]:
        part = f" in {best['sessions']:,} of {count(best['of'] or 0, 'session')}"
    if not length:
        return f" No length tried is cheaper{part} than sessions as they were ({sure})."
    return f" Cheapest of the lengths tried{part}: every {length} requests ({sure})."


def reading(asked: Otherwise, unpriced: int, times: float | None = None) -> str:
    """Say what is assumed, and of what nothing is known."""
    texts = [text for _, text in _steps(asked, times)]
    rest = f" Without a price, and left out: {count(unpriced, 'request')}." if unpriced else ""
    each = "".join(f" {text[0].upper()}{text[1:]}." for text in texts)
    order = " One after the other, in this order." if texts[1:] else ""
    more = "" if not asked.length else _ALONE if asked.size else _DRAWN
    return f"{_SAME}{each}{order} {_CENSUS}{more}{_reconstructed(times)}{rest}"


def _reconstructed(times: float | None) -> str:
    """Say what the reconstruction of the margin chapter makes of the output."""
    if times is None:
        return ""
    if f"{times:.2f}" == "1.00":
        return " Output reconstructed, as in the margin chapter, is what was logged."
    return (
        f" Output reconstructed, as in the margin chapter, comes to {times:.2f} times the logged "
        "dollars: the slider has it."
    )


def _steps(asked: Otherwise, times: float | None = None) -> list[tuple[str, str]]:
    """Return what is otherwise, and what each of it assumes, in the order of the steps."""
    found = [_CACHE[asked.cache]] if asked.cache else []
    if asked.length:
        begun = f"a fresh session every {count(asked.length, 'request')}"
        found.append((begun, restarting(asked.carry_over)))
    if asked.size:
        found.append((f"contexts compacted beyond {asked.size:,} tokens", COMPACTED))
    if asked.output != 1:
        if asked.output == times:
            found.append((f"output as reconstructed, {times:.2f} times the logged", _LONGER))
        else:
            found.append((f"{asked.output:g} times the output", _LONGER))
    if asked.model:
        found.append((f"all at the list of {asked.model.removeprefix('claude-')}", LISTED))
    return found
