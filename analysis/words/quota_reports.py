"""Say what the reports that the write-up cites show by their own numbers."""

from __future__ import annotations

import polars as pl

from analysis.facts import case, facts
from analysis.words.numbers import compact, count, extent, share, usd
from analysis.words.sources import published

_ANSWERS = ("holiday", "opus", "million", "drain", "misses", "doubled")
SOURCE = published("quota-reports", "cases", "burn-rates")


def table(used: dict[str, float], priced: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """Return each cited report: what the text says of it, and what its numbers say.

    Parameters
    ----------
    used, priced
        `measures.quota_reports.used` and `day_usd`.
    rates
        `measures.quota.burn`.
    """
    calls = case("issue-29000")["requests"].item()
    more = used["context_after"] / used["context_before"] - 1
    days = rates["begins"].dt.date().n_unique()
    rows = [
        (
            "#22435",
            "10x on one account, on one day, and not deterministic",
            f"{count(rates.height, 'stretch', 'es')} on {days} days; tokens of a stretch are not "
            "published, so nothing is said of a rule; the issue says 48 hours",
        ),
        (
            "#29000",
            "65 % of a five-hour quota, minimal tokens",
            f"{used['level']:.0f} % is the level reached, {used['points']:.0f} points were used; "
            f"the day's tokens, not the window's, are {compact(used['tokens'])} in {calls:,} calls "
            f"of three models: {_priced(priced)}, all by the cheapest or all by the dearest; "
            f"{share(used['hit_share'])} of prompt tokens read",
        ),
        (
            "#28927",
            "identical workload, billed otherwise from v2.1.51 on",
            f"{share(more, 0)} more context a call ({used['context_before']:,.0f} and "
            f"{used['context_after']:,.0f} tokens read); the later day's reads cost "
            f"{usd(used['base_usd'])} at the base price and {usd(used['premium_usd'])} at that "
            f"then in force for prompts over 200,000 tokens; {usd(used['charged_usd'])} is the sum "
            "that was shown",
        ),
        (
            "#28723",
            "billed as extra usage, or not",
            f"the balance moved by {usd(used['balance_usd'])}; {used['session_points']:.0f} points "
            f"of the five-hour quota went in {used['minutes']:.0f} minutes, "
            f"{used['week_points']:.0f} of the week's",
        ),
        (
            "#24147",
            "reads use up 99.93 % of the quota (its title)",
            "its numbers are of tokens; of the quota nothing was measured",
        ),
    ]
    return pl.DataFrame(rows, ["report", "said of it", "its own numbers"], orient="row")


def _priced(priced: pl.DataFrame) -> str:
    """Say what the day costs at list, by model, if writes live short and if they live long."""
    short, long = (
        extent(some["usd"], usd) for some in (priced.filter(lifetime=kept) for kept in ("5m", "1h"))
    )
    return (
        f"{short} at list price if its writes were kept five minutes, {long} if they were kept "
        "an hour"
    )


def caption(used: dict[str, float], priced: pl.DataFrame) -> str:
    """Caption the reports."""
    return (
        f"The report cited for {used['level']:.0f} % of a five-hour quota used "
        f"{used['points']:.0f} points of it. It is issue #29000; {used['level']:.0f} is the level "
        "that was reached. The window's tokens are not published; its day's cost "
        f"{_priced(priced)}. Said of it: by the write-up "
        "or by the report's title, in our words. Its own numbers: computed from those it prints. "
        "They are what users saw, on accounts that nobody else can see; a limit that comes sooner "
        "than before is real to who meets it, whatever the cause."
    )


def replies() -> str:
    """Say what Anthropic's answers on limits, listed among the disclosures, leave open."""
    frame = facts("disclosures").filter(pl.col("question").is_in(_ANSWERS))
    weighed = frame["weight"].count()
    return (
        f"{f'{weighed:,}' if weighed else 'None'} of Anthropic's {count(frame.height, 'answer')} "
        "on limits says what a cache read weighs in a plan's quota."
    )
