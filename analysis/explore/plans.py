"""Other line-ups of plans on few simulated users: sliders over the assumptions of chapter 15."""

from __future__ import annotations

from functools import partial

from analysis.explore.choices import Choices
from analysis.explore.controls import Slide
from analysis.explore.data import Data
from analysis.explore.view import View
from analysis.measures import plans as measure
from analysis.measures import redesign
from analysis.measures.day_shapes import day_shapes
from analysis.plots.plans import plot_plans
from analysis.words import plans as words

_MIDDLES = dict(redesign.assumptions().select("name", "middle").iter_rows())


def plans(
    data: Data,
    choices: Choices,
    *,
    prices: float = 1.0,
    cap_usd: float = _MIDDLES["cap_usd"],
    small: float = _MIDDLES["small"],
    quality: float = _MIDDLES["quality"],
    elasticity: float = _MIDDLES["elasticity"],
    knowledge_share: float = _MIDDLES["knowledge_share"],
) -> View:
    """Show what each line-up leaves the firm and its users, less today's."""
    shapes = data.once("day shapes", choices, day_shapes)
    assumed = redesign.assumptions(
        cap_usd=cap_usd,
        small=small,
        quality=quality,
        elasticity=elasticity,
        knowledge_share=knowledge_share,
    )
    frame = measure.plans(
        shapes, redesign.personas(), redesign.line_ups(), assumed, {"prices": prices}
    )
    return View(
        "plans",
        words.title(frame),
        words.reading(frame, knowledge_share),
        frame,
        partial(plot_plans, frame),
        words.alt(frame),
    )


#: What its panel has.
CONTROLS = {
    "prices": Slide("Prices but today's, times", 0.5, 2, 0.05, 1.0),
    "cap_usd": Slide("Pro's cap in five hours, $", 1, 20, 0.1, _MIDDLES["cap_usd"]),
    "small": Slide("Small model's price, share", 0.1, 1, 0.05, _MIDDLES["small"]),
    "quality": Slide("Worth of its work, share", 0, 1, 0.05, _MIDDLES["quality"]),
    "elasticity": Slide("Response to price", -2, 0, 0.1, _MIDDLES["elasticity"]),
    "knowledge_share": Slide("Knowledge workers, share", 0, 1, 0.05, _MIDDLES["knowledge_share"]),
}
