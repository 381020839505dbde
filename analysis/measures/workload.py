"""What requests ask of an accelerator, by token class and kind of work."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.facts import case
from analysis.measures.margin import PARTS
from analysis.measures.mixes import case_mix, charged_output
from analysis.measures.rates import rates
from analysis.measures.reconstruct import outputs
from analysis.pricebook import rates as list_prices
from analysis.sessions import steps, wrote

#: What an accelerator does for a class, in the order of `measures.serving.unit_costs`.
WORK = ("linear", "pairs", "stream", "load", "hold", "decode")
_SECONDS = {"5m": 300, "1h": 3600}  # the lives of an entry


def reference_rate() -> float:
    """Return what a token of input costs in the model that is modelled, in nano-dollars.

    It is that of the published session. A model at half its price is taken to need half of
    everything.

    Examples
    --------
    >>> reference_rate()
    5000.0
    """
    model, day = case("session").select("model", "price_day").row(0)
    return 1000 * float(list_prices([model], [day])["input"][0])


def workload(priced: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Sum what these requests ask of an accelerator, by token class and kind of work.

    Requests of a cheaper model count for less, in proportion to its input price. An entry is held
    until the next request of its chain, and no longer than it lives.

    Returns
    -------
    pl.DataFrame
        One row for each of read, write, input and output: `class`, `revenue_usd`, and of `WORK`:
        `linear` (tokens of the prompt computed), `pairs` (a new token of the prompt that attends to
        another), `stream` (a token of the answer that attends to another), `load` (cached
        tokens brought back), `hold` (token-hours), `decode` (tokens of the answer). Attention
        to cached tokens stands at reads; `moved` has it by the class of the token that attends.
    """
    rows = outputs(priced.hstack(rates(priced)), policy).filter(
        pl.col("total_nano").is_not_null(), pl.col("input_rate").is_not_null()
    )
    parts = ("read", "write", "input")  # a write that is not counted is inside the input
    n = {p: pl.col(f"{p}_tokens").fill_null(0).cast(pl.Float64) for p in parts}
    out = charged_output().cast(pl.Float64)
    new = n["write"] + n["input"]
    same = pl.col("step").shift(-1) > 0
    kept = pl.coalesce(wrote(), "lifetime", pl.lit("5m")).replace_strict(
        _SECONDS, return_dtype=pl.Float64
    )
    away = pl.when(same).then(pl.min_horizontal(kept, pl.col("gap_seconds").shift(-1)))
    hours = pl.coalesce(away, kept) / 3600
    weight = pl.col("input_rate") / reference_rate()
    sums = {
        "read_load": n["read"],
        "read_hold": n["read"] * hours,
        "read_pairs_input": n["read"] * n["input"],
        "read_pairs_write": n["read"] * n["write"],
        "read_stream": n["read"] * out,
        "write_linear": n["write"],
        "write_pairs": n["write"] * new / 2,
        "write_hold": n["write"] * hours,
        "input_linear": n["input"],
        "input_pairs": n["input"] * new / 2,
        "output_decode": out,
        "output_stream": out * (new + out / 2),
    }
    done = steps(rows).select(
        *((weight * value).sum().fill_null(0).alias(name) for name, value in sums.items()),
        read_usd=pl.col("read_nano").sum() / 1e9,
        write_usd=(pl.col("write_5m_nano") + pl.col("write_1h_nano")).sum() / 1e9,
        input_usd=pl.col("input_nano").sum() / 1e9,
        output_usd=(pl.col("output_nano") + pl.col("rest_nano").fill_null(0)).sum() / 1e9,
    )
    return _by_class(done.row(0, named=True))


def case_workload(name: str = "session") -> pl.DataFrame:
    """Return `workload` of a published case, as if each of its requests were the mean one.

    Its entries live five minutes. When it made its requests is not published: each entry is taken
    to be held for all of its life, which is the upper end.

    Examples
    --------
    >>> found = case_workload()
    >>> [round(cost, 2) for cost in found["revenue_usd"]]
    [45.18, 9.45, 0.03, 1.28]
    """
    row = case(name).row(0, named=True)
    read, write, fresh, out = (float(row[f"{p}_tokens"]) for p in PARTS)
    each, new = 1 / row["requests"], write + fresh
    hours = _SECONDS["5m"] / 3600
    sums = {
        "read_load": read,
        "read_hold": read * hours,
        "read_pairs_input": each * read * fresh,
        "read_pairs_write": each * read * write,
        "read_stream": each * read * out,
        "write_linear": write,
        "write_pairs": each * write * new / 2,
        "write_hold": write * hours,
        "input_linear": fresh,
        "input_pairs": each * fresh * new / 2,
        "output_decode": out,
        "output_stream": each * out * (new + out / 2),
    }
    paid = case_mix(name).select("class", "revenue_usd").rows()
    return _by_class(sums | {f"{part}_usd": usd for part, usd in paid})


def _by_class(sums: dict[str, float]) -> pl.DataFrame:
    """Lay sums out by class and kind of work."""
    rows: list[dict[str, Any]] = [
        {
            "class": part,
            "revenue_usd": sums.get(f"{part}_usd", 0.0),
            **{work: sums.get(f"{part}_{work}", 0.0) for work in WORK},
        }
        for part in PARTS
    ]
    rows[0]["pairs"] = sums["read_pairs_input"] + sums["read_pairs_write"]
    frame = pl.DataFrame(rows)
    attending = {"input": "read_pairs_input", "write": "read_pairs_write", "output": "read_stream"}
    moved = [0.0 if p == "read" else sums[attending[p]] for p in PARTS]
    return frame.with_columns(moved=pl.Series(moved, dtype=pl.Float64))
