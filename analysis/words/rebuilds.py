"""Say what rebuilds cost, by cause."""

from __future__ import annotations

import polars as pl

from analysis.measures.rebuilds import LEAST, NEW_CHAIN
from analysis.words.numbers import compact, count, share, usd


def causes(frame: pl.DataFrame) -> str:
    """Caption the premium of rebuilds by cause."""
    again = frame.filter(pl.col("cause") != NEW_CHAIN)
    rebuilds, tokens = int(again["rebuilds"].sum()), int(again["rebuilt_tokens"].sum())
    if not rebuilds:
        return "Nothing is seen in these logs that was written to the cache a second time."
    premium, unpriced = int(again["premium_nano"].sum()) / 1e9, int(again["unpriced"].sum())
    top = again.row(0, named=True)
    most = f" Most of it: {top['cause']}, {usd(top['premium_nano'] / 1e9)}." if premium else ""
    paid = f"at a premium of {usd(premium)}{_of_bill(again)}"
    if 0 < unpriced < rebuilds:
        most += f" The premium leaves out {unpriced:,} of them by models without a price."
    if unpriced == rebuilds:
        paid = "by models without a price, so the premium is not known"
    return (
        f"{count(rebuilds, 'rebuild')} wrote {compact(tokens)} tokens again, {paid}.{most} "
        "Premium: rebuilt tokens times what the request paid for a written token, less its read "
        f"price. From {LEAST:,} tokens on: fewer are the tail of a prompt that no breakpoint "
        "covers. Grey: the first request of a conversation or subagent, which writes anew and "
        "rebuilds nothing. Api reason: one that the API itself gave. Unknown: no log line says why."
    )


def _of_bill(again: pl.DataFrame) -> str:
    """Say how much of the bill it is, with output as logged and reconstructed."""
    logged, corrected = (share(float(again[name].sum())) for name in ("share", "corrected share"))
    if not again["share"].count():
        return ""
    means = f" ({corrected} with output reconstructed)"
    return f", {logged} of the bill as logged{means if corrected != logged else ''}"


CAUSES_ALT = "Horizontal bars, one for each cause of a rebuild, as long as its premium."


def causes_table(frame: pl.DataFrame) -> str:
    """Caption the table of rebuilds by cause."""
    again = frame.filter(pl.col("cause") != NEW_CHAIN).sort("rebuilds", descending=True)
    rebuilds = int(again["rebuilds"].sum())
    found = (
        f"The most frequent cause is *{again['cause'][0]}*, of {again['rebuilds'][0]:,} of "
        f"{count(rebuilds, 'rebuild')}"
        if rebuilds
        else "Nothing is seen in these logs that was written to the cache a second time"
    )
    return (
        f"{found}. In the order in which causes are looked for: a *compaction* lies between the "
        "two requests, and all that is written counts; *new chain* is the first request of a "
        "conversation or subagent; *model change*; *api reason* is one that the API gave; "
        "*expiry*: the pause from request to request is longer than the lifetime last written, "
        "five minutes where the log does not split it; *rewind or fork*: it goes on from another "
        "prompt than the one before it, or less than half of that is left; *unknown* is the rest, "
        "such as a change of tools or of the system prompt, which no log shows. Unpriced: rebuilds "
        "by models without a price, which have no premium. Share: the premium, of the bill's "
        "list-price dollars as logged; corrected: of the bill and the rest of the output."
    )


def ledger(frame: pl.DataFrame, drawn: int) -> str:
    """Caption the ledger of rebuilds.

    Parameters
    ----------
    frame
        `measures.rebuilds.listed`.
    drawn
        How many are drawn at most.
    """
    dear = frame.filter(pl.col("premium_usd") > 0).sort("premium_usd", descending=True)
    if dear.is_empty():
        return "No rebuild has a premium."
    tenth = dear.head(-(-dear.height // 10))["premium_usd"]
    part = float(tenth.sum()) / float(dear["premium_usd"].sum())
    cut = f" The dearest {drawn:,} are drawn." if dear.height > drawn else ""
    return (
        f"The dearest tenth of {count(dear.height, 'rebuild')} makes {share(part)} of the premium. "
        "Each rebuild by the pause before it, from request to request, and what it paid above the "
        "price of a read. A pause under ten seconds or over a week is drawn at the edge. Dashed: "
        f"the two lifetimes. The data beside it are the whole ledger, new chains left out.{cut}"
    )


LEDGER_ALT = (
    "Dots by pause and by premium, both on log scales: circles for expiry lie behind the two "
    "lifetimes, crosses for unknown causes anywhere."
)


def costliest(frame: pl.DataFrame) -> str:
    """Caption the costliest rebuilds."""
    if frame.is_empty():
        return "No rebuild with a price."
    return (
        f"The costliest rebuild cost {usd(frame['premium_usd'][0])} above a read. The "
        f"{count(frame.height, 'rebuild')} with the highest premium; pause: from request to "
        "request, in minutes; lifetime: of what was last written before."
    )


def unknown(rebuilt: pl.DataFrame) -> str:
    """Say what the rebuilds without a cause look like.

    Parameters
    ----------
    rebuilt
        The ledger, with `sessions.triggered`.
    """
    some = rebuilt.filter(pl.col("cause") == "unknown")
    if rebuilt.filter(pl.col("cause") != NEW_CHAIN).is_empty():
        return "No rebuild is seen in these logs, so none is without a cause."
    if some.is_empty():
        return "Every rebuild in these logs has a cause that the log shows."
    part = some.filter(pl.col("read_tokens") > 0)
    whole = count(some.height, "rebuild")
    if part.is_empty():
        return f"None of {whole} without a known cause read anything."
    tokens = part.select(pl.col("read_tokens").median()).item()
    return (
        f"Of {whole} without a known cause, {part.height:,} still read a first part of the "
        f"prompt, {compact(tokens)} tokens in the median: its beginning was in the cache, and "
        f"something behind it had changed or was lost.{_by_trigger(rebuilt, some)}"
    )


def _by_trigger(rebuilt: pl.DataFrame, some: pl.DataFrame) -> str:
    """Say how often they follow a human turn, at which a client may send an edited prompt."""
    human = pl.col("trigger") == "human turn"
    of, all_of = some.filter(human), rebuilt.filter(human)
    rest = rebuilt.filter(pl.col("trigger") == "tool result")
    if of.is_empty() or rest.is_empty():
        return ""
    tokens = int(of["rebuilt_tokens"].sum()) / max(int(some["rebuilt_tokens"].sum()), 1)
    return (
        f" {of.height:,} follow a human turn, with {share(tokens)} of their tokens: "
        f"{share(of.height / all_of.height)} of human turns lose some of the prompt so, and "
        f"{share((some.height - of.height) / rest.height)} of tool results."
    )
