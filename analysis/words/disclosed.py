"""Say what can be checked of the model of serving: a disclosed day, open models, later prices."""

from __future__ import annotations

import polars as pl

from analysis.measures.architectures import attention
from analysis.measures.disclosed import day, disclosed, hits_from
from analysis.words.numbers import NARROW_SPACE, count, extent, share, usd
from analysis.words.serving import amount
from analysis.words.sources import published

READ_PRICES = published("models", "price-corrections")
DISCLOSED = published("disclosed", "architectures")
ARITHMETIC = published("architectures", "cases")
PREDICTED = published("disclosed", "architectures", "assumptions")
_PARTS = {"no": "none", "seen": "known when it was set", "end": "sets an end of it"}


def disclosed_day() -> str:
    """Say what the disclosed day identifies, and what it does not."""
    d, (prompts, answers, both) = disclosed(), day().to_dicts()
    return (
        "One firm has disclosed a day. DeepSeek served "
        f"{d['input_tokens'] / 1e9:,.0f} billion input tokens, {share(d['hit_rate'])} of them from "
        f"its cache, and {d['output_tokens'] / 1e9:,.0f} billion output tokens. Its two rates by "
        f"node say that prompts took {prompts['nodes']:.1f} nodes and answers "
        f"{answers['nodes']:.1f}: {both['nodes']:.1f} together, and it prints "
        f"{both['printed_nodes']:.2f}. Had all been billed at R1's prices, prompts would have "
        f"earned a margin of {share(prompts['margin'])} and answers {share(answers['margin'])}; "
        f"profit over cost would be {share(both['revenue_usd'] / both['cost_usd'] - 1, 0)}, and "
        f"it prints {share(d['cost_profit_margin'], 0)}. What hits cost it is not said: their "
        f"margin lies anywhere from {share(hits_from())} to 100{NARROW_SPACE}%. What a hit is "
        f"charged there is {share(d['hit_price'] / d['miss_price'])} of the price of a miss. Its "
        "actual revenue was substantially lower, by its own account."
    )


def checks(frame: pl.DataFrame) -> str:
    """Caption the assumptions that the disclosed day and open models can check."""
    free = frame.filter(pl.col("deepseek") == "no")
    ends, seen = ((frame["deepseek"] == part).sum() for part in ("end", "seen"))
    return (
        f"Of {count(free.height, 'range')} that were set without DeepSeek's numbers, "
        f"{free['inside'].sum():,} hold what they imply. The other {frame.height - free.height:,} "
        f"check nothing: DeepSeek's own value set an end of {ends:,}, and was known when {seen:,} "
        "were set. It is one firm's hardware and one architecture: a check that ranges are not "
        "absurd, not that they are Claude's. The implied part of the peak leaves attention and "
        "hits out, and is a lower end."
    )


def checked(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the checks as a table, their numbers written with their units."""
    rows = [
        {"assumption": r["label"]}
        | {name: amount(r[name], r["unit"]) for name in ("implied", "low", "high")}
        | {"inside": r["inside"], "DeepSeek's part in the range": _PARTS[r["deepseek"]]}
        for r in frame.to_dicts()
    ]
    return pl.DataFrame(rows)


def predicted(frame: pl.DataFrame) -> str:
    """Caption the prediction of the disclosed day."""
    both = frame.filter(pl.col("phase") == "both").row(0, named=True)
    of = disclosed()
    fresh = (of["input_tokens"] - of["hit_tokens"]) / 1e6
    prompts = frame.filter(pl.col("phase") == "prompts").row(0, named=True)
    told = "holds" if both["inside"] else "does not hold"
    return (
        f"With DeepSeek's own sizes and price of an hour, the model's range for its day {told} "
        f"what it cost: {_whole(both['low'])} to {_whole(both['high'])}, against "
        f"{_whole(both['disclosed'])} by its rates. That is 90{NARROW_SPACE}% of draws; half are "
        f"above {_whole(both['median'])}, and the ends are {both['high'] / both['low']:.1f} times "
        "apart, so smaller errors of the model would not be seen. A million computed tokens of "
        f"prompt cost {usd(prompts['median'] / fresh)} in the middle of the draws, and "
        f"{usd(prompts['disclosed'] / fresh)} that day. Peak rate (an H100's, for an H800), the "
        "part of it that is reached, memory, links and the multiple of output are drawn from the "
        "ranges of [](#tab-revenue-assumptions). DeepSeek's rates set the low end of that "
        "multiple, so answers are the weaker check. Its bill has no idle hours and no disks, nor "
        "has the prediction. How long prompts are is not disclosed: a computed token is taken to "
        f"attend to {of['context_tokens']:,.0f} others, the mean of output."
    )


def day_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the prediction as a table, in whole dollars."""
    rows = [
        {"phase": r["phase"]}
        | {name: _whole(r[name]) for name in ("low", "median", "high", "disclosed")}
        | {"inside": r["inside"]}
        for r in frame.to_dicts()
    ]
    return pl.DataFrame(rows)


def _whole(value: float) -> str:
    return f"${value:,.0f}"


def arithmetic() -> str:
    """Say how much arithmetic a cached token takes, in open models."""
    rows = attention()
    reach = extent(rows["share"])
    names = ", ".join(rows["model"])
    return (
        f"In open models of published size ({names}), a cached token of the published session "
        f"takes {reach} of the arithmetic that a computed one takes. So the text is right on the "
        "kind of the thing: reading a state takes a fraction of computing it, if the model is "
        "built like these. Arithmetic is not all: the state must be kept and brought back, and "
        "neither its size nor its place is published of Claude."
    )


def arithmetic_table(frame: pl.DataFrame) -> str:
    """Caption the arithmetic of a cached token."""
    return (
        f"A cached token of the published session takes at most {share(frame['share'].max())} of "  # type: ignore[arg-type]
        "the arithmetic of a computed one, by published sizes of open models. Attention flops: "
        "of a token to one other; fresh and cached: for a token of the session's mean "
        "prompt. No size of a Claude model is published."
    )


def read_prices(frame: pl.DataFrame) -> str:
    """Caption what reads cost by model."""
    usual = frame.filter(pl.col("models").str.contains("Opus 4.6"))["read_multiple"].item()
    least = frame["read_multiple"].min()
    leaves = 1 - float(least) / usual  # type: ignore[arg-type]
    return (
        f"A read costs {share(usual, 0)} of input in Opus 4.6, and {share(float(least))} in the "  # type: ignore[arg-type]
        "models where it costs least. If the lower price covers the cost of a read there, and if "
        f"a read costs the same part of input elsewhere, the higher one has a margin of "
        f"{share(leaves, 0)} at least. Neither is known: newer models may keep less state, and a "
        "price may be below cost. A price says what is charged."
    )
