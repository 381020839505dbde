"""Say what a team paid: who most, by token class, for writing again, and with a plan."""

from __future__ import annotations

import polars as pl

from analysis.counted import tell_writes
from analysis.measures.resample import FEWEST as CLUSTERS
from analysis.measures.suppress import FEWEST
from analysis.measures.team_plans import BARE, BEYOND, CAP_USD, NOT_KNOWN, WEEK_WINDOWS, bill
from analysis.words.numbers import compact, count, extent, money, share, usd
from analysis.words.team import DASH, HELD, LOGGED, source
from analysis.words.uncounted import of_people


def lorenz(spread: pl.DataFrame, people: int) -> str:
    """Caption the curve of Lorenz.

    Parameters
    ----------
    spread
        `measures.team_spread.spread`.
    """
    told = {row["unit"]: row for row in spread.to_dicts()}
    if "dollars" not in told:
        return (
            f"Of {count(people, 'people', '')} no curve is shown: it would be one person's, or "
            f"that of too few ({CLUSTERS} make one)."
        )
    own = told["dollars"]
    lead = f"Gini's coefficient of list-price dollars over people is {own['gini']:.2f}"
    if own["top"] is not None:
        first = round(own["top"] * own["people"])
        lead = (
            f"The {first:,} of {own['people']:,} people with most have {share(own['share'], 0)} of "
            f"the team's list-price dollars; {lead}"
        )
    rest = f", of tokens {told['tokens']['gini']:.2f}" if "tokens" in told else ""
    return (
        f"{lead}{rest}. 0 is all alike, 1 is one who has all, corrected for few people by "
        "n / (n − 1). It is of all who take part, and so has no interval. A point is drawn only "
        f"between groups of at least {FEWEST} people, of which no sum is one person's: with few "
        "people it would be a person's own part."
    )


def lorenz_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the curve."""
    first = frame.filter(pl.col("people") > 0).group_by("unit", maintain_order=True).first()
    parts = [f"{r['unit']} {share(r['share'], 0)}" for r in first.to_dicts()]
    if not parts:
        return "An empty square."
    return f"Lines above a diagonal; at their first point: {', '.join(parts)}."


def classes(frame: pl.DataFrame, people: pl.DataFrame) -> str:
    """Caption the sums by token class.

    Parameters
    ----------
    frame
        `measures.team_tables.classes`.
    people
        `measures.team.everyone`.
    """
    whole = frame.row(-1, named=True)
    if whole["cost_usd"] is None:
        return f"What this team used by token class is withheld: one person makes up most. {DASH}"
    cost = f"{usd(whole['cost_usd'])} at list price, {LOGGED}"
    used = (
        f"What the team used comes to {cost}; how many tokens that is could tell what few used."
        if whole["tokens"] is None
        else f"The team used {compact(whole['tokens'])} tokens for {cost}."
    )
    bare = (
        " Tokens of models without a price are in no dollars."
        if (people["unpriced_tokens"] > 0).any()
        else ""
    )
    return " ".join(
        (
            f"{used}{bare} A dollar of output is too few where its count is a placeholder. Web "
            f"searches have no tokens. {of_people(people)}".strip(),
            DASH,
        )
    )


def causes(frame: pl.DataFrame, people: pl.DataFrame) -> str:
    """Caption the rebuilds by cause.

    Parameters
    ----------
    frame
        `measures.team_tables.causes`.
    people
        `measures.team.everyone`.
    """
    whole, rows = frame.row(-1, named=True), frame.filter(pl.col("premium_usd") > 0).to_dicts()
    uncounted = of_people(people)
    if not tell_writes(people):
        lead, uncounted = uncounted, ""
    elif whole["premium_usd"] is None:
        lead = "What this team paid for writing again is withheld, as one person or few paid it."
    elif not whole["premium_usd"]:
        lead = "Nothing was written to the cache again that had been there."
    else:
        part = "" if whole["share"] is None else f", {share(whole['share'])} of the bill as logged"
        lead = f"Writing again what had been in the cache cost {usd(whole['premium_usd'])}{part}"
        most = rows[0] if rows and rows[0]["cause"] != "all" else None
        lead += f", most of what is shown for {most['cause']}." if most else "."
    return (
        f"{lead} {uncounted}".strip() + " What a rebuilt token cost above the price of a read; "
        "causes are those of [](#05-expiry), found on each person's machine with the true times. "
        f"{HELD}"
    )


def causes_alt(frame: pl.DataFrame) -> str:
    """Say what is seen of causes."""
    shown = frame.filter(pl.col("cause") != "all").drop_nulls("premium_usd")
    return f"A bar for each of {count(shown.height, 'cause')}; others have the word withheld."


def plans_source(people: pl.DataFrame) -> str:
    """Say where the numbers of plans come from."""
    listed = "prices of plans from `data/raw/facts/plans.csv`"
    return f"{source(people)}; {listed}, what they hold is assumed"


def plans(frame: pl.DataFrame, sums: pl.DataFrame) -> str:
    """Caption the plans.

    Parameters
    ----------
    frame
        `measures.team_plans.fit`.
    sums
        `measures.team_tables.sums`.
    """
    whole = frame.row(-1, named=True)
    write = money(max(bill(frame)[1], 1.0))
    paid = extent(bill(frame), write)
    month = dict(sums.iter_rows())["dollars a month"]
    beside = "" if month is None else f", beside {usd(month)} at list price"
    bare = (
        f" Who has more than {share(BARE, 0)} of their tokens without a price is {NOT_KNOWN}."
        if NOT_KNOWN in frame["plan"]
        else ""
    )
    return (
        f"With the least plan that holds each person's fullest window and week, this team of "
        f"{whole['people']:,} pays {paid} a month{beside}.{bare} Assumed, not published: Pro holds "
        f"{usd(CAP_USD)} of list price in five hours and {WEEK_WINDOWS:g} such windows in a week, "
        "other plans their multiple; one account a person, as if all use were of one vendor; "
        "windows that open on the hour. Who uses "
        f"more than any plan holds ({BEYOND}) is counted with the dearest, without what lies "
        "beyond. Plans and prices are those of individuals; seats of companies are sold apart."
    )


def plans_alt(frame: pl.DataFrame) -> str:
    """Say what is seen of plans."""
    rows = frame.filter(pl.col("plan") != "all").drop_nulls("people").to_dicts()
    told = ", ".join(f"{r['plan']} {r['people']:,}" for r in rows)
    return f"Bars of people by plan: {told}." if told else "Plans, each with the word withheld."


def plans_table() -> str:
    """Caption the table of plans."""
    return (
        "A month of each plan for everyone, and how many people it is the least for. No dollars "
        f"stand beside these counts: with the curve above they could be one person's. {DASH}"
    )


def plans_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the plans as the page has them."""
    return frame.rename({"usd_a_month": "a seat_usd", "seats_usd": "for everyone_usd"})


def classes_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the token classes as the page has them."""
    return frame.with_columns(pl.col("class").replace({"search": "web searches"}))
