"""What a dollar of list price buys: an answer, a workflow and a review, by the hours they spare."""

from __future__ import annotations

import datetime as dt

import polars as pl

from analysis.facts import facts
from analysis.measures.published import bill
from analysis.measures.spared import MEASURED, studies
from analysis.measures.value import moved
from analysis.pricebook import rates

#: The model that the write-up's day had for reviews, and the day of their launch.
MODEL, LAUNCH = "claude-opus-4-6", dt.date(2026, 3, 9)
#: By whose hours: the write-up's, of work that is finished; those of studies (the share of time is
#: measured, the length of a task stated or assumed); for a review, which has neither, assumed ones.
TEXT, STUDIES, ASSUMED = "the write-up's hours", "hours of studies", "assumed hours"
CHAT, LOGGED, TURN, REVIEW = "chat", "answer", "workflow", "review"
_CLASSES = {"read": "read", "write": "write_5m", "input": "input", "output": "output"}


def assumptions(**own: float) -> pl.DataFrame:
    """Return what the worth of answers and workflows rests on, as `measures.value.assumptions`."""
    return moved(facts("work-assumptions"), own)


def list_price() -> dict[str, float]:
    """Return the list price of each token class at the launch of reviews, in dollars per token.

    Examples
    --------
    >>> {name: round(1e6 * usd, 2) for name, usd in list_price().items()}
    {'read': 0.5, 'write': 6.25, 'input': 5.0, 'output': 25.0}
    """
    row = rates([MODEL], [LAUNCH]).row(0, named=True)
    return {name: row[column] / 1e6 for name, column in _CLASSES.items()}


def tokens(priced: pl.DataFrame, low: float, high: float) -> pl.DataFrame:
    """Compute how many tokens two prices of a review buy at list, in several mixes.

    Parameters
    ----------
    priced
        The reader's requests: their mix is that of their tokens, as logged.
    low, high
        Dollars.

    Returns
    -------
    pl.DataFrame
        `mix` (input, output, session, logs), `usd_a_million` (at Opus 4.6's list, writes kept
        five minutes), `low`, `high` (tokens).

    Examples
    --------
    >>> from analysis.prices import price
    >>> from analysis.schema import dtypes
    >>> none = price(pl.DataFrame(schema=dtypes("requests")))
    >>> tokens(none, 15, 25).head(2).select("mix", "low", "high").rows()
    [('input', 3000000.0, 5000000.0), ('output', 600000.0, 1000000.0)]
    """
    usd = list_price()
    session = bill(facts("cases").filter(pl.col("case") == "session"))
    names = {"session": session, "logs": priced}
    per = {"input": usd["input"], "output": usd["output"]}
    for name, frame in names.items():
        counts = {part: int(frame[f"{part}_tokens"].sum()) for part in usd}
        every = sum(counts.values())
        if every:
            per[name] = sum(counts[part] * usd[part] for part in usd) / every
    return pl.DataFrame(
        {"mix": list(per), "usd_a_million": [1e6 * p for p in per.values()]}
    ).with_columns(
        low=low / pl.col("usd_a_million") * 1e6, high=high / pl.col("usd_a_million") * 1e6
    )


def worth(kinds: pl.DataFrame, known: pl.DataFrame, review: pl.DataFrame) -> pl.DataFrame:
    """Set what work spares beside its list price, by the hours that somebody gives it.

    Parameters
    ----------
    kinds
        `measures.turns.by_kind` of the reader's turns.
    known
        `assumptions`.
    review
        `measures.value.assumptions`: the wage, and price and hours of a review.

    Returns
    -------
    pl.DataFrame
        Per piece of work and way of counting: `work` (chat, answer, workflow, review), `turns` (of
        these logs; null where the price is not theirs), `hours_by`,
        `usd_low`, `usd`, `usd_high` (list price; 10, 50 and 90 % of turns), `wage`, `hours_low`,
        `hours`, `hours_high`, `worth` (dollars, in the middle), `low`, `middle`, `high` (dollars
        of work spared per dollar of list price; ends: least hours at the highest price, most
        at the lowest, the wage in the middle).
    """
    a = {r["name"]: r for r in (*known.to_dicts(), *review.to_dicts())}
    junior, senior = a["junior_wage_usd"]["middle"], a["wage_usd"]["middle"]
    usd = list_price()
    ends = ("low", "middle", "high")
    chat = tuple(
        a["chat_input_tokens"][e] * usd["input"] + a["chat_output_tokens"][e] * usd["output"]
        for e in ends
    )
    prices = {r["kind"]: (r["low"], r["median"], r["high"]) for r in kinds.to_dicts()}
    counts = dict(kinds.select("kind", "count").iter_rows())
    prices |= {CHAT: chat, REVIEW: tuple(a["review_usd"][e] for e in ends)}
    answer, workflow = (tuple(a[f"{name}_hours"][e] for e in ends) for name in (LOGGED, TURN))
    by_answer = {TEXT: answer, STUDIES: _studied(LOGGED)}
    by_workflow = {TEXT: workflow, STUDIES: _studied(TURN)}
    by_review = {ASSUMED: _reviewed(a["hours_spared"], a["success_rate"]["middle"])}
    rows = [
        (work, counts.get(work), name, *prices[work], wage, *hours)
        for work, wage, ways in (
            (CHAT, junior, by_answer),
            (LOGGED, junior, by_answer),
            (TURN, senior, by_workflow),
            (REVIEW, senior, by_review),
        )
        if work in prices
        for name, hours in ways.items()
    ]
    head = {"work": pl.String, "turns": pl.Int64, "hours_by": pl.String}
    schema = head | dict.fromkeys(
        ("usd_low", "usd", "usd_high", "wage", "hours_low", "hours", "hours_high"), pl.Float64
    )
    frame = pl.DataFrame(rows, schema, orient="row")
    wage = pl.col("wage")
    gain, loss = pl.col("usd_high"), pl.col("usd_low")
    return frame.with_columns(
        worth=wage * pl.col("hours"),
        low=wage
        * pl.col("hours_low")
        / pl.when(pl.col("hours_low") < 0).then(loss).otherwise(gain),
        middle=wage * pl.col("hours") / pl.col("usd"),
        high=wage * pl.col("hours_high") / loss,
    )


def _reviewed(hours: dict[str, float], success: float) -> tuple[float, float, float]:
    """Return the hours that a review spares, over those that spare some and those that do not."""
    return hours["low"] * success, hours["middle"] * success, hours["high"] * success


def _studied(work: str) -> tuple[float, float, float]:
    """Return the least, the median and the most hours of studies that measured a share of time."""
    hours = (
        studies()
        .filter(pl.col("work") == work, pl.col("how").is_in(MEASURED))
        .drop_nulls("hours")["hours"]
    )
    least, middle, most = hours.min(), hours.median(), hours.max()
    return float(least), float(middle), float(most)  # type: ignore[arg-type]
