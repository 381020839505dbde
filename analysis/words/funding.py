"""Say what partners put in, what was committed in return, and what it takes to repay them."""

from __future__ import annotations

import polars as pl

from analysis.measures.funding import FAR, assured, latest, margins, partners, sums
from analysis.plots.funding import row_name
from analysis.words.numbers import count, day, share
from analysis.words.sources import published

SOURCE = published("partners")
ROUNDS_SOURCE = published("rounds")
ROUNDS = {"number": "integer", "valuation over run-rate": "multiple"}
_HALF = 0.5  # of a commitment, for an example


def billions(value: float | None) -> str | None:
    r"""Write dollars in billions.

    Examples
    --------
    >>> billions(37_300_000_000), billions(3e9)
    ('$37.3\xa0bn', '$3\xa0bn')
    """
    return None if value is None else f"${value / 1e9:,.10g}\u00a0bn"


def commitments(frame: pl.DataFrame) -> str:
    """Caption commitments against investments."""
    text = frame.filter(pl.col("state") == "text")
    known = text.drop_nulls("ratio")
    if known.is_empty():
        return "No partner has dollars on both sides."
    total = sums()
    by = " and ".join(
        f"{r['ratio']:.1f} times what {r['partner']} invested" for r in known.to_dicts()
    )
    far = sum(value >= FAR for value in total.values())
    later = latest()
    return (
        f"What Anthropic committed to buy is {by}, {total['both']:.2f} times both together; "
        f"{known.height} of {text.height} partners in the text have dollars on both sides. The "
        "capacity with Nvidia's chips runs on Azure and was announced with that purchase, as "
        "additional and up to 1 GW; if the two overlap entirely, the sum is "
        f"{total['overlap']:.2f}×. Over all {text.height} investments, with what is not in "
        f"dollars as nothing, it is {total['all']:.2f}×, and {total['all_overlap']:.2f}× with the "
        f"overlap; at the lower estimate of a gigawatt's chips, the line in Nvidia's bar, "
        f"{total['all_low']:.2f}×. By {far} of these {len(total)} ways to count the sum is {FAR} "
        "times or more, so that the excess is as much again. Google's name was lost from "
        f"the copy at hand and is restored. After the text, by "
        f"{day(max(later['announced_day']))}, all {later.height} have dollars on both sides: "
        f"{_extent(later['ratio'])}."
    )


def _extent(values: pl.Series) -> str:
    known = values.drop_nulls().to_list()
    return f"{min(known):.1f}× to {max(known):.1f}×"


def commitments_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in commitments and investments."""
    listed = "; ".join(
        f"{row_name(r)}: {billions(r['invested_usd'])} {r['invested_is']}, "
        f"{billions(r['committed_usd']) or 'no dollars'} {r['committed_is']}"
        for r in frame.to_dicts()
    )
    return f"Two bars for each partner, invested and committed. {listed or 'None'}."


def partners_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the partners with both sums, the ratio, the day and the source."""
    rows = [
        {
            "partner": row_name(r),
            "invested": f"{billions(r['invested_usd'])}, {r['invested_is']}",
            "committed": f"{billions(r['committed_usd']) or 'no dollars'}, {r['committed_is']}"
            if r["committed_usd"] is not None
            else "not in dollars",
            "for": r["commitment"],
            "ratio": "" if r["ratio"] is None else f"{r['ratio']:.1f}×",
            "day": r["announced_day"],
            "where it is from": r["source"],
        }
        for r in frame.to_dicts()
    ]
    columns = ("partner", "invested", "committed", "for", "ratio", "day", "where it is from")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String) | {"day": pl.Date})


def partners_caption(frame: pl.DataFrame) -> str:
    """Caption the table of partners."""
    stated = frame.filter(pl.col("committed_is") == "stated").height
    return (
        f"{stated} of {frame.height} commitments are dollars that the companies stated; the others "
        "are an estimate of the press, a press report that neither company confirmed, or no "
        "dollars at all. *Up to* is the most that may be invested. Rows after the text are sums "
        "with what came before, and have no part in the verdicts."
    )


def recovery(frame: pl.DataFrame) -> str:
    """Caption the margin that repays an investment."""
    if frame.is_empty():
        return "No partner has dollars on both sides, so no margin can be computed."
    found = margins().to_dicts()
    needed = " and ".join(f"{share(r['margin'])} for {r['partner']}" for r in found)
    half = " and ".join(
        share(v) for v in frame.filter(pl.col("paid") == _HALF, estimate="text")["margin"]
    )
    sure = assured(partners()).height
    low = [r for r in found if r["high_margin"] is not None]
    lower = "".join(
        f", or {share(r['high_margin'])} with the lower estimate of {r['partner']}'s chips"
        for r in low
    )
    return (
        "An investment comes back only from a customer who pays: in full, at a gross margin of "
        f"{needed}{lower}. If half of a commitment is paid, it takes {half}. For "
        f"{sure or 'none'} of the partners did we find a sum that covers the investment published "
        "as paid ahead, or as guaranteed by others than Anthropic. Left of "
        "the point where a line reaches 100 %, no margin is enough. Gross profit, without "
        "interest, tax and what the capacity costs to build; the share that is invested is kept as "
        "well, and worth what Anthropic is. Nvidia sells chips to those who build the capacity, so "
        "that its margin is on a part of the sum."
    ).replace("100 %", "100\u202f%")


def recovery_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the margins."""
    ends = frame.filter(pl.col("paid") == 1).to_dicts()
    listed = "; ".join(f"{r['partner']} ({r['estimate']}) {share(r['margin'])}" for r in ends)
    return f"Curves that fall as more is paid, and end at: {listed or 'none'}."


def rounds_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rounds, with dollars in words."""
    return frame.select(
        "rounds",
        "number",
        pl.col("raised_usd").map_elements(billions, pl.String).alias("raised"),
        pl.col("valuation_usd").map_elements(billions, pl.String).alias("valued at"),
        pl.col("over_run_rate").alias("valuation over run-rate"),
        pl.col("kind").alias("from"),
    )


def rounds_caption(frame: pl.DataFrame) -> str:
    """Caption the rounds."""
    whole, series = frame.row(-1, named=True), frame.row(-2, named=True)
    later = partners().filter(pl.col("in_round") == "next")
    named, when = " and ".join(later["partner"]), day(max(later["announced_day"]))
    return (
        f"The press's count of earlier rounds and series G's {billions(series['raised_usd'])} come "
        f"to {billions(whole['raised_usd'])} in {count(whole['number'], 'round')}; "
        f"{billions(series['valuation_usd'])} values Anthropic at "
        f"{series['over_run_rate']:.1f} times its run-rate revenue of then. Valuation: after the "
        f"money. What {named} announced on {when} was to be a part of the next round, as the press "
        "has it from people familiar with it: what of it is in series G is not published where we "
        "read, so that investments and rounds must not be added. Who counted 90 investors we "
        "could not read."
    )
