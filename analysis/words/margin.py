"""Say how much of the bill is the prompt cache."""

from __future__ import annotations

import polars as pl

from analysis.logs.policies import POLICIES
from analysis.measures.margin import YOU, final, other, totals
from analysis.measures.reconstruct import ALL
from analysis.words.numbers import count, extent, ratio, share, usd
from analysis.words.sources import published

AMONG_PUBLISHED = f"these logs and {published('cases')}"

_BASES = ("tokens", "dollars", "shares")


def opening(priced: pl.DataFrame, eras: pl.DataFrame, policy: str = "largest") -> str:
    """Say the reader's own share, with its definition: first one that needs no correction.

    Parameters
    ----------
    eras
        `measures.reconstruct.by_era` of the same requests.
    """
    own, sure = totals(priced), totals(final(priced, policy))
    rest = other(priced.filter(pl.col("total_nano").is_not_null()), policy)
    if own["share"] is None:
        return "No request of these logs has a price, so there is no share of dollars."
    pooled = (
        f"Over all {_requests(own)}, worth {usd(own['total'])}, the logs say {share(own['share'])} "
        f"({ratio(own['ratio'])}), and {share(own['token_share'])} of tokens"
    )
    if POLICIES[policy].lines:
        return f"{pooled}. This policy counts every line as a request, so none of it was used so."
    what = "cache reads and writes are"
    if not any(rest.values()):
        return (
            f"In the {_requests(sure)} and a final output count, {what} **{share(sure['share'])} "
            f"of list-price dollars**, {ratio(sure['ratio'])} to uncached input and output, worth "
            f"{usd(own['total'])} in all, and {share(own['token_share'])} of tokens."
        )
    whole = eras.filter(pl.col("era") == ALL).row(0, named=True)
    said = (
        f"With output reconstructed where the log lacks its final count, {what} "
        f"**{share(whole['share'])} of list-price dollars** "
        f"(90 % band: {extent((whole['low'], whole['high']))}), {ratio(whole['ratio'])} to "
        "uncached input and output"
    )
    if sure["share"] is None:
        return f"{said}. {pooled}. {_caution(rest)} ([](#fig-margin-eras))."
    certain = (
        f"In the {_requests(sure)} of versions that log final counts it is {share(sure['share'])}"
    )
    return (
        f"{said}. {certain}. {pooled}; that pools them with {_others(rest)} ([](#fig-margin-eras))."
    )


def _requests(own: dict[str, float | None]) -> str:
    return f"{count(int(own['priced'] or 0), 'request')} with a price"


def _others(rest: dict[str, int]) -> str:
    """Name the requests whose output is not known to be counted in full."""
    short, unknown = rest["short"], rest["unknown"]
    parts = [
        f"{short:,} of versions that log a placeholder or a partial count, for some answers or all"
        if short
        else "",
        f"{unknown:,} of versions whose counting is not known" if unknown else "",
    ]
    return " and ".join(part for part in parts if part)


def _caution(rest: dict[str, int]) -> str:
    """Say what a share is worth where no priced request has a final output count."""
    worth = "is too high" if rest["short"] and not rest["unknown"] else "may be too high"
    whose = f": {_others(rest)}" if any(rest.values()) else ""
    return f"No priced request is known to have a final output count, so this {worth}{whose}"


def positions(frame: pl.DataFrame) -> str:
    """Caption the reader's place among published cases."""
    own, true, sure = ({r["case"]: r for r in frame.to_dicts()}[name] for name in YOU)
    cases = frame.filter(~pl.col("case").is_in(YOU))
    others = f"{count(cases.height, 'published case')} lie at {_reach(cases)}"
    reading = (
        "Where a case publishes token counts, the dot has five-minute writes and the bar goes to "
        "one-hour writes; a bar without a dot leaves open how parts split. Most cases are counts "
        "of logs, with the faults of their versions; [](#tab-margin-sources) says which are not."
    )
    if own["low"] is None:
        return (
            f"By cache reads and writes as a share of list-price dollars, {others}; these logs "
            f"have no priced request. {reading}"
        )
    final = (
        f"and {share(sure['low'])} where the output counts are final"
        if sure["low"] is not None
        else "with no output count known to be final"
    )
    logged = f"{share(own['low'])} as logged, {final}"
    stands, how, lead = own, "as logged", logged
    if true["point"] is not None:
        stands, how = true, "output reconstructed"
        lead = f"{share(true['point'])} with output reconstructed, {logged}"
    higher = cases.filter(pl.col("low") > stands["high"]).height
    lower = cases.filter(pl.col("high") < stands["low"]).height
    return (
        f"Of these logs' list-price dollars, cache reads and writes are {lead}; {others}. Beside "
        f"these logs, {how}: {count(higher, 'case')} above, {lower:,} below, "
        f"{cases.height - higher - lower:,} around. {reading}"
    )


def positions_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the reader's place among published cases."""
    seen = frame.drop_nulls("low").to_dicts()
    listed = "; ".join(f"{r['label']} {extent([r['low'], r['high']])}" for r in seen)
    return f"Dots and ranges of shares, from the highest to the lowest: {listed}."


def sources(places: pl.DataFrame) -> str:
    """Caption where the published cases come from."""
    cases = places.filter(~pl.col("case").is_in(YOU))
    based = dict(cases["basis"].value_counts().rows())
    first, *rest = (name for name in _BASES if name in based)
    others = " and ".join(f"{based[name]} from published {name}" for name in rest)
    return (
        f"{based[first]} of {count(cases.height, 'published share')} of dollars are computed here "
        f"from published {first}. The others: {others or 'none'}. "
        "The cases of [](#fig-margin-positions): where they come from, and what was assumed of "
        "each."
    )


def _reach(cases: pl.DataFrame) -> str:
    return extent([*cases["low"], *cases["high"]])
