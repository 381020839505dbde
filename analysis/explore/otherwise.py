"""What the same work would have cost otherwise: sliders, over the ways of chapter 16."""

from __future__ import annotations

from functools import partial

import polars as pl

from analysis.counted import tell_writes
from analysis.explore.choices import Choices
from analysis.explore.controls import Pick, Slide
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.measures import otherwise as measure
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


def otherwise(
    data: Data,
    choices: Choices,
    *,
    cache: str = "",
    length: int = 0,
    carry_over: int = CARRY_OVER,
    size: int = 0,
    output: float = 1.0,
    priced_as: str = "",
) -> View:
    """Show the bill as it was, and what it would have been; `measures.otherwise.Otherwise`."""
    asked = Otherwise(cache, length, carry_over, size, output, priced_as)
    all_of, rows = data.within(choices), data.once("known", choices, known)
    now = then = added(rows)
    rests = bool(cache) and cache != "none"  # on what was written
    if rests and not tell_writes(all_of):
        then = dict.fromkeys(now)
    elif asked.moved:
        name = f"left {asked._replace(output=1.0, model='')}"  # without what prices alone tell
        left = data.once(
            name, choices, lambda _: measure.regrouped(measure.lived(rows, cache), asked)
        )
        then = measure.priced(left, asked, data.logs.pricing(data.price_date))
    bills = measure.by_class(now, then)
    ways = framed([Scenario("", BILL, now, ""), Scenario("", words.THEN, then, "")])
    steps = waterfall(ways, words.THEN)
    title = words.title(bills, asked, rows.height, of(choices))
    reading = words.reading(asked, all_of.height - rows.height)
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


#: What its panel has.
CONTROLS = {
    "cache": Pick("Cache", list(words.CACHES.items())),
    "length": Slide("Fresh session every, requests", 0, 300, 5, 0),
    "carry_over": Slide("taking over, tokens", 0, 100_000, 1_000, CARRY_OVER),
    "size": Slide("Compact beyond, tokens", 0, 400_000, 10_000, 0),
    "output": Slide("Output, times logged", 0.25, 5, 0.25, 1.0),
    "priced_as": Pick("All at the list of", _models),
}
