"""What the same work would have cost otherwise: sliders, over the ways of chapter 16."""

from __future__ import annotations

from functools import partial

import polars as pl

from analysis.counted import tell_writes
from analysis.explore.choices import Choices
from analysis.explore.controls import Pick
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.measures import otherwise as measure
from analysis.measures.best_length import LENGTHS
from analysis.measures.best_length import best as best_length
from analysis.measures.counterfactual import framed, waterfall
from analysis.measures.lists import current_models
from analysis.measures.otherwise import Otherwise
from analysis.measures.restarts import CARRY_OVER
from analysis.measures.rewrites import added, known
from analysis.measures.ways import BILL, Scenario
from analysis.plots.counterfactual import plot_waterfall
from analysis.pricebook import known_models
from analysis.words import otherwise as words
from analysis.words import uncounted
from analysis.words.counterfactual import waterfall_alt
from analysis.words.explore import of

#: What output may be beside a number.
RECONSTRUCTED = "reconstructed"

_OUTPUTS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
_CARRIED = (5_000, 10_000, 15_000, 20_000, 30_000, 40_000, 60_000, 80_000, 100_000)
_SIZES = (50_000, 75_000, 100_000, 125_000, 150_000, 200_000, 250_000, 300_000, 400_000)


def otherwise(
    data: Data,
    choices: Choices,
    *,
    cache: str = "",
    length: int = 0,
    carry_over: int = CARRY_OVER,
    size: int = 0,
    output: float | str = 1.0,
    priced_as: str = "",
) -> View:
    """Show the bill as it was, and what it would have been; `measures.otherwise.Otherwise`.

    An `output` of `RECONSTRUCTED` is as many times the logged as is reconstructed.
    """
    times = _times(data, choices)
    factor = (times or 1.0) if output == RECONSTRUCTED else float(output)
    asked = Otherwise(cache, length, carry_over, size, factor, priced_as)
    all_of, rows = data.within(choices), data.once("known", choices, known)
    reprice = data.logs.pricing(data.price_date)
    now = then = added(rows)
    rests = cache != "none" and bool(cache or length or size)  # on what was written
    if rests and not tell_writes(all_of):
        then = dict.fromkeys(now)
    elif asked.moved:
        name = f"left {asked._replace(output=1.0, model='')}"  # without what prices alone tell
        left = data.once(
            name, choices, lambda _: measure.regrouped(measure.lived(rows, cache), asked)
        )
        then = measure.priced(left, asked, reprice)
    bills = measure.by_class(now, then)
    best = None
    if length and not size:
        name = f"best {asked._replace(length=0)}"
        found = data.once(
            name, choices, lambda _: best_length(measure.lived(rows, cache), asked, reprice)
        )
        best = next(found.iter_rows(named=True), None)
    ways = framed([Scenario("", BILL, now, ""), Scenario("", words.THEN, then, "")])
    steps = waterfall(ways, words.THEN)
    title = words.title(bills, asked, rows.height, of(choices), best, times)
    reading = words.reading(asked, all_of.height - rows.height, times)
    return View(
        "otherwise",
        uncounted.known(all_of, title) if rests else title,
        f"{reading} {uncounted.of_how_many(all_of)}".strip(),
        bills.select("class", (pl.col("^.*_nano$") / 1e9).name.map(_in_usd)),
        partial(plot_waterfall, steps),
        waterfall_alt(steps),
    )


def _in_usd(name: str) -> str:
    return name.replace("_nano", "_usd")


def _models(data: Data, choices: Choices) -> list[tuple[str, str]]:
    """Offer the newest model of each family, then those of the logs that have a list price."""
    listed = set(known_models())
    names = dict.fromkeys([*current_models(), *(name for name in data.models if name in listed)])
    return [("each as it was", ""), *((name.removeprefix("claude-"), name) for name in names)]


def _times(data: Data, choices: Choices) -> float | None:
    """Return how many times the logged output is reconstructed."""
    found = data.once("reconstructed", choices, measure.reconstructed)
    times: float | None = found["times"].item()
    return times


def _outputs(data: Data, choices: Choices) -> list[tuple[str, float | str]]:
    """Offer multiples of the logged output, among them what is reconstructed."""
    times = _times(data, choices)
    offered: list[tuple[float, str, float | str]] = [
        (one, "as logged" if one == 1 else f"{one:g}", one) for one in _OUTPUTS
    ]
    if times is not None:
        offered.append((times, f"{times:.2f}, reconstructed", RECONSTRUCTED))
    return [(label, value) for _, label, value in sorted(offered, key=lambda one: one[0])]


def _tokens(*counts: int) -> list[tuple[str, int]]:
    return [(f"{count // 1000}\u202fk" if count else "as it was", count) for count in counts]


#: What its panel has.
CONTROLS = {
    "cache": Pick("Cache", list(words.CACHES.items())),
    "length": Pick(
        "Fresh session every, requests",
        [("as it was", 0), *((f"{length}", length) for length in LENGTHS)],
        slide=True,
    ),
    "carry_over": Pick(
        "taking over, tokens", [("0", 0), *_tokens(*_CARRIED)], CARRY_OVER, slide=True
    ),
    "size": Pick("Compact beyond, tokens", _tokens(0, *_SIZES), slide=True),
    "output": Pick("Output, times logged", _outputs, 1.0, slide=True),
    "priced_as": Pick("All at the list of", _models),
}
