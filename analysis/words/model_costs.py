"""Say how fast each model uses up a cap."""

from __future__ import annotations

import polars as pl

from analysis.facts import facts
from analysis.measures.list_ratios import list_ratios
from analysis.measures.model_costs import FEWEST
from analysis.measures.monetization import text_day
from analysis.words.numbers import count, day, extent, money, share
from analysis.words.pricing import PRICES, times

LIST = PRICES
RATIOS = {"times the cheapest": "text"}
MODELS = {
    "requests a turn": "number",
    "tokens a request": "tokens",
    "in one project, at most": "percent",
}
_GUIDED = "hours of Sonnet 4 a week", "hours of Opus 4 a week"


def ratios(frame: pl.DataFrame) -> str:
    """Caption the list ratios."""

    def row(models: pl.DataFrame) -> str:
        parts = "\u00a0:\u00a0".join(f"{v:g}" for v in models["high"])
        return f"{' : '.join(models['model'])} is {parts}"

    now, before, today = (
        frame.filter(pl.col("day") == d) for d in frame["day"].unique(maintain_order=True)
    )
    return (
        f"At list price {row(now)} on every token class, and how a cap weighs models is not "
        f"published. If it counted list-price dollars, the same tokens would use it up this much "
        f"faster. Earlier {row(before)}; on {day(today['day'][0])} the dearest is "
        f"{extent(today['low'][:1], times)} to {extent(today['high'][:1], times)} the cheapest, as "
        "classes differ. Prompts below any tier."
    )


def ratios_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the list ratios as a table."""
    return frame.select(
        "model",
        pl.col("day").alias("list of"),
        pl.col("input").alias("input_usd"),
        pl.col("output").alias("output_usd"),
        pl.Series(
            "times the cheapest",
            [extent((r["low"], r["high"]), lambda v: f"{v:g}×") for r in frame.to_dicts()],
        ),
    )


def guided() -> str:
    """Say what the guidance says of models, where it speaks of two."""
    rows = facts("plan-guidance").with_columns(pl.col("low", "high").cast(pl.Float64))
    sonnet, opus = (
        rows.filter(pl.col("measure") == m).select("plan", "low", "high") for m in _GUIDED
    )
    both = opus.join(sonnet, on="plan", suffix="_sonnet")
    found = [r[f"{end}_sonnet"] / r[end] for r in both.to_dicts() for end in ("low", "high")]
    ratios = list_ratios()
    pair = ratios.filter(pl.col("day") == ratios["day"].unique(maintain_order=True)[1])
    listed = pair["low"][0] / pair["low"][1]
    return (
        f"The guidance of 2025 has {extent(found, times)} as many weekly hours of Sonnet 4 as of "
        f"Opus 4 on the two dearer plans; their list prices are {listed:g} : 1. Opus had a weekly "
        "limit of its own, so these hours are no rate of use, but their order is the write-up's: "
        "Opus ends sooner. Of Haiku no hours are published, so that half of its sentence rests on "
        "list price, which is assumed to be what a cap counts."
    )


def better(frame: pl.DataFrame) -> str:
    """Say which family led the published tests of all three."""

    def led(rows: pl.DataFrame) -> str:
        return f"{rows['dearest'].sum():,} of {rows.height:,}"

    own, others = (frame.filter(pl.col("who") == who) for who in ("the maker", "others"))
    lost = frame.filter(~pl.col("dearest")).to_dicts()
    rest = " and ".join(f"{r['leads'].title()} at {r['test'].split(', ')[-1]}" for r in lost)
    return (
        "That dearer models answer better, as the write-up adds, is so on "
        f"{led(frame)} published tests of Opus 4.6, Sonnet 4.6 and Haiku 4.5: the dearest led "
        f"{led(own)} of the maker's and {led(others)} of others'; {rest} did better than it. What "
        "longer reasoning adds they do not say."
    )


def same(frame: pl.DataFrame) -> str:
    """Say what the tokens of these logs cost on each model of the write-up's day."""
    if frame.is_empty():
        return "These logs have no requests to price on another model."
    write = money(frame["total_usd"].max())  # type: ignore[arg-type]
    listed = ", ".join(f"{write(r['total_usd'])} on {r['model']}" for r in frame.to_dicts())
    top = frame.row(0, named=True)
    parts = {
        name: top[f"{key}_usd"] / top["total_usd"] if top["total_usd"] else None
        for name, key in (
            ("reads", "read"),
            ("writes", "write"),
            ("input", "input"),
            ("output", "output"),
        )
        if top[f"{key}_usd"] is not None
    }
    inside = (
        "" if "writes" in parts else " (what was written to the cache, which nobody counted, in it)"
    )
    split = ", ".join(f"{share(v)} {name}{inside * (name == 'input')}" for name, v in parts.items())
    return (
        f"The tokens of these logs, at the list of {day(text_day())}, would cost {listed}. The "
        f"ratio is the same on every class, so the split is too: {split}, output as logged. That "
        "is arithmetic: it takes each model to need the same tokens, and to see prompts as long."
    )


def models(frame: pl.DataFrame) -> str:
    """Caption what turns cost by model."""
    if frame.height < 2:
        return (
            f"These logs have {count(frame.height, 'model')} with human turns enough to compare, "
            "so they say nothing of how models differ beside the list price."
        )
    measure = frame.filter("measure").row(0, named=True)
    others = frame.filter(~pl.col("measure")).sort("turns", descending=True)
    known = others.drop_nulls("low")
    leaves = (pl.col("low") > pl.col("listed")) | (pl.col("high") < pl.col("listed"))
    apart = known.filter(leaves)
    return (
        f"{_found(apart, known, others, measure['model'])} Of "
        f"{count(others.height, 'other model')} {known.height:,} "
        f"{'has' if known.height == 1 else 'have'} an interval, which takes {FEWEST} sessions and "
        f"{FEWEST} projects of either model; {_lopsided(frame)}. Whether a model needs other "
        "steps or was given other work, logs do not say: people chose it for the task. Main "
        "chains alone, turns with one model, output reconstructed, list prices of the requests' "
        "own days."
    )


def _found(apart: pl.DataFrame, known: pl.DataFrame, others: pl.DataFrame, measure: str) -> str:
    """Say what is found: a ratio that is not the list's, or that none can be told from it."""
    if apart.height:
        one = apart.row(0, named=True)
        span = f"{times(one['low'])} to {times(one['high'])}"
        return (
            f"A human turn on {one['model']} cost {times(one['turn'])} ({span}) one on {measure}, "
            f"where the same tokens at list price cost {times(one['listed'])}."
        )
    if known.height:
        one = known.row(0, named=True)
        return (
            f"What a human turn on {one['model']} cost beside one on {measure}, "
            f"{times(one['low'])} to {times(one['high'])}, cannot be told apart from the list "
            f"price's {times(one['listed'])}."
        )
    return (
        f"What a human turn costs on {others['model'][0]} and on {measure} cannot be told apart: "
        "there are too few sessions or projects."
    )


def _lopsided(frame: pl.DataFrame) -> str:
    """Say of how many models one project has most turns."""
    most = frame.filter(pl.col("top_share") > 0.5).height
    return f"{most:,} of all {frame.height:,} have most turns in one project"


def models_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the models."""
    if frame.is_empty():
        return "Empty axes."
    listed = "; ".join(
        f"{r['model']} {times(r['listed'])} listed, {times(r['request'])} a request, "
        f"{times(r['turn'])} a turn"
        for r in frame.to_dicts()
    )
    return f"In each row a tick for the list price and marks for a request and a turn. {listed}."


def models_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the models as a table."""
    return frame.select(
        "model",
        "turns",
        "sessions",
        "projects",
        pl.col("top_share").alias("in one project, at most"),
        pl.col("requests_a_turn").alias("requests a turn"),
        pl.col("tokens_a_request").alias("tokens a request"),
        pl.col("request_usd").alias("a request_usd"),
        pl.col("turn_usd").alias("a human turn_usd"),
    )


def models_caption(frame: pl.DataFrame) -> str:
    """Caption the table of models."""
    if frame.is_empty():
        return "No model has human turns enough."
    turn = extent(frame["turn_usd"], money(frame["turn_usd"].max()))  # type: ignore[arg-type]
    steps = extent(frame["requests_a_turn"], lambda v: f"{v:.1f}")
    return (
        f"A human turn cost {turn} on average, by model, and took {steps} requests. Models differ "
        "in how many requests a turn takes and how many tokens each has. Subagents are left out, "
        "which [](#tab-value-units) counts in. List-price equivalents, not an invoice."
    )
