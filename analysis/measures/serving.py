"""What serving each token class may cost: a model of an accelerator's time, with its assumptions.

A token of the prompt that is computed takes the arithmetic of the model's parameters, and attends
to all tokens before it. A cached token takes neither; but its state is kept until its next use,
brought back, attended to by each new token of the prompt, and read from memory for each token of
the answer. `data/raw/facts/assumptions.csv` has every number that this needs, as a range, and
whether it is published or assumed. Most are not known of Claude: the ranges are wide on purpose.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.facts import facts
from analysis.measures.margin import PARTS
from analysis.measures.workload import WORK

Array = npt.NDArray[np.float64]

DRAWS = 10_000
#: On whom attention to cached tokens is charged: on them, or on the new tokens that attend.
CHARGED = ("to reads", "to new tokens")


def assumptions() -> pl.DataFrame:
    """Return what the model assumes.

    Returns
    -------
    pl.DataFrame
        `name`, `label`, `low`, `middle`, `high`, `unit`, `kind` (published, or assumed), `reason`,
        `source`.
    """
    return facts("assumptions")


def draw(seed: int = 1, draws: int = DRAWS) -> dict[str, Array]:
    """Draw every assumption from its range, evenly on a log scale, each by itself.

    Examples
    --------
    >>> drawn = draw(draws=1000)["occupancy"]
    >>> bool(0.4 <= drawn.min() < drawn.max() <= 0.9)
    True
    """
    rng = np.random.default_rng(seed)
    return {
        row["name"]: np.exp(rng.uniform(np.log(row["low"]), np.log(row["high"]), draws))
        for row in assumptions().to_dicts()
    }


def unit_costs(a: dict[str, Array]) -> Array:
    """Compute what a unit of each kind of work costs, in dollars.

    Parameters
    ----------
    a
        Assumptions by name, each an array of draws.

    Returns
    -------
    Array
        Draws by `WORK`.

    Examples
    --------
    >>> middle = {r["name"]: np.array([r["middle"]]) for r in assumptions().to_dicts()}
    >>> [f"{1e6 * cost:.3g}" for cost in unit_costs(middle)[0, [0, 5]]]
    ['0.457', '1.83']
    """
    second = a["accelerator_hour"] / 3600 / a["occupancy"]
    flop = second / (a["peak_flops"] * a["utilisation"])
    linear = 2 * a["active_parameters"] * flop  # a multiplication and an addition by parameter
    gigabytes = a["kv_bytes"] / 1e9
    return np.column_stack(
        [
            linear,
            a["attention_flops"] * flop,
            second * a["kv_bytes"] / a["memory_rate"],
            second * a["kv_bytes"] / a["load_rate"],
            gigabytes * a["hold_price"],
            a["decode_multiple"] * linear,
        ]
    )


def costs(loads: pl.DataFrame, a: dict[str, Array], charged: str = CHARGED[0]) -> Array:
    """Compute what serving each class costs, in dollars.

    Parameters
    ----------
    loads
        `measures.workload.workload`.
    a
        Assumptions by name, each an array of draws.
    charged
        One of `CHARGED`: whether attention to cached tokens is a cost of reads, or of the new
        tokens that attend. Both come to the same total.

    Returns
    -------
    Array
        Draws by token class.
    """
    units, work = unit_costs(a), loads.select(WORK).to_numpy().copy()
    if charged == CHARGED[1]:
        pairs, stream = WORK.index("pairs"), WORK.index("stream")
        moved, read = loads["moved"].to_numpy(), PARTS.index("read")
        work[read, [pairs, stream]] = 0
        for part, kind in (("write", pairs), ("input", pairs), ("output", stream)):
            work[PARTS.index(part), kind] += moved[PARTS.index(part)]
    return np.asarray(units @ work.T)
