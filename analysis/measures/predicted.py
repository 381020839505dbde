"""A day that another firm disclosed, predicted by the model of serving: a check that can fail."""

from __future__ import annotations

import numpy as np
import polars as pl

from analysis.measures.architectures import of_model
from analysis.measures.disclosed import day, disclosed
from analysis.measures.serving import Array, draw, unit_costs
from analysis.measures.workload import WORK

_ENDS = {"low": 0.05, "median": 0.5, "high": 0.95}


def own() -> dict[str, float]:
    """Return what is published of DeepSeek's day and model for the model's assumptions.

    Its bill counts nodes while they serve, and no disks: no paid hour is idle, and keeping state
    costs nothing.

    Examples
    --------
    >>> sorted(own())[:3]
    ['accelerator_hour', 'active_parameters', 'attention_flops']
    """
    model = of_model()
    sizes = {n: float(model[n]) for n in ("active_parameters", "attention_flops", "kv_bytes")}
    hour = disclosed()["accelerator_hour"]
    return {"accelerator_hour": hour, "occupancy": 1.0, "hold_price": 0.0} | sizes


def load() -> dict[str, Array]:
    """Return the work of that day by phase, in the order of `measures.workload.WORK`.

    How long prompts are is not disclosed. A computed token is taken to attend to as many others as
    a token of output does on average, which is the upper end.
    """
    d = disclosed()
    fresh, context = d["input_tokens"] - d["hit_tokens"], d["context_tokens"]
    prompts = {"linear": fresh, "pairs": fresh * context, "load": d["hit_tokens"]}
    answers = {"decode": d["output_tokens"], "stream": d["output_tokens"] * context}
    return {
        phase: np.array([work.get(kind, 0.0) for kind in WORK])
        for phase, work in (("prompts", prompts), ("answers", answers))
    }


def predicted(seed: int = 1) -> pl.DataFrame:
    """Predict what the day cost: its own sizes and price, all else drawn from the model's ranges.

    Returns
    -------
    pl.DataFrame
        One row each for prompts, answers and both: `phase`, `low`, `median`, `high` (5, 50 and 95 %
        of draws, dollars), `disclosed` (by its two rates), `inside` (whether that lies between
        low and high).

    Examples
    --------
    >>> predicted()["inside"].to_list()
    [True, True, True]
    """
    drawn = draw(seed)
    fixed = {name: np.full_like(drawn[name], value) for name, value in own().items()}
    units = unit_costs(drawn | fixed)
    by_phase = {phase: units @ work for phase, work in load().items()}
    by_phase["both"] = sum(by_phase.values(), np.zeros(len(units)))
    ends = list(_ENDS.values())
    rows = [(phase, *np.quantile(cost, ends).tolist()) for phase, cost in by_phase.items()]
    frame = pl.DataFrame(rows, ["phase", *_ENDS], orient="row")
    known = day().select("phase", disclosed="cost_usd")
    return frame.join(known, on="phase", maintain_order="left").with_columns(
        inside=pl.col("disclosed").is_between("low", "high")
    )
