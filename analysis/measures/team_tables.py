"""A team's sums as they may be shown: nothing of few people, or of one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.counted import tell_writes
from analysis.measures.suppress import FEWEST, Parts, safe, withheld
from analysis.measures.team import AGAIN, CLASSES
from analysis.measures.team_plans import monthly
from analysis.measures.team_shares import DECIMALS, heads

#: Decimals of dollars, in the files as on the page.
CENTS = 2
_TOKENS = [f"{name}_tokens" for name in CLASSES[:-1]]
_ALIKE = 0.01  # of a price per token: within it, people are taken to have paid the same


def enough(people: pl.DataFrame) -> bool:
    """Tell whether a team has people enough for anything of it to be shown."""
    return people.height >= FEWEST


def sums(people: pl.DataFrame) -> pl.DataFrame:
    """Sum what a team used and paid, as logged.

    Parameters
    ----------
    people
        `measures.team.everyone`.

    Returns
    -------
    pl.DataFrame
        A row for each of `requests`, `dollars`, `dollars a month` and `dollars a person a month`
        (`team_plans.monthly`), and `without a price` (share of tokens): `figure`, `value`; null
        where one person or few make it up, or what it leaves out of another.
    """
    usd = _matrix(people, ["total_nano"])[:, 0] / 1e9
    month = monthly(people)
    requests = _matrix(people, ["requests"])[:, 0]
    tokens, bare = (_matrix(people, pair).sum(axis=1) for pair in (_TOKENS, ["unpriced_tokens"]))
    may = safe(usd) and safe(month) and safe((usd - month).round(CENTS))
    apart = tokens.sum() > 0 and safe(bare) and safe(tokens - bare)
    rows: list[tuple[str, float | None]] = [
        ("requests", float(requests.sum()) if safe(requests) else None),
        ("dollars", _usd(usd) if safe(usd) else None),
        ("dollars a month", _usd(month) if may else None),
        ("dollars a person a month", _usd(month / max(people.height, 1)) if may else None),
        ("without a price", float(bare.sum() / tokens.sum()) if apart else None),
    ]
    return pl.DataFrame(rows, {"figure": pl.String, "value": pl.Float64}, orient="row")


def classes(people: pl.DataFrame) -> pl.DataFrame:
    """Sum tokens and dollars by token class, as logged.

    Dollars of two classes and their tokens are two equations, where prices are known: tokens are
    shown only where no class is withheld, and where those who paid another price per token than
    most are no few, since the tokens of these could be told by it.

    Returns
    -------
    pl.DataFrame
        A row per class, and `all`: `class`, `tokens` (null of web searches, which are none),
        `cost_usd`, `share` (of dollars); null where they would tell of one person or of few, and
        what is written where nobody's tool counts it.
    """
    tokens = _matrix(people, _TOKENS)
    dollars = _matrix(people, [f"{name}_nano" for name in CLASSES]) / 1e9
    padded = np.column_stack([tokens, np.zeros(len(tokens))])
    hidden = withheld([dollars, padded])
    whole = safe(dollars.sum(axis=1)) and safe(tokens.sum(axis=1))
    count = whole and not hidden.any() and _mixed(tokens, dollars)
    unknown = set() if tell_writes(people) else {"write"}
    rows = [
        (
            name,
            int(tokens[:, n].sum()) if count and name not in {"search", *unknown} else None,
            _usd(dollars[:, n]) if whole and not hidden[n] and name not in unknown else None,
        )
        for n, name in enumerate(CLASSES)
    ]
    rows.append(("all", int(tokens.sum()) if count else None, _usd(dollars) if whole else None))
    frame = pl.DataFrame(
        rows, {"class": pl.String, "tokens": pl.Int64, "cost_usd": pl.Float64}, orient="row"
    )
    return frame.with_columns(share=_part("cost_usd", pl.col("cost_usd").last()))


def causes(people: pl.DataFrame) -> pl.DataFrame:
    """Sum what was written to the cache again, by cause.

    Returns
    -------
    pl.DataFrame
        A row per cause, dearest first, those that are withheld after them, then `all`: `cause`,
        `people` (who has it), `rebuilt_tokens` (of none where a cause is withheld, as in
        `classes`), `premium_usd` (above the price of a read), `share` (of all list-price dollars);
        null where they would tell of one person or of few, or nobody's tool counts writes.
    """
    tokens = _matrix(people, [f"{cause}_tokens" for cause in AGAIN])
    dollars = _matrix(people, [f"{cause}_nano" for cause in AGAIN]) / 1e9
    hidden = withheld([dollars, tokens])
    known = tell_writes(people)
    whole = known and safe(dollars.sum(axis=1)) and safe(tokens.sum(axis=1))
    count = whole and not hidden.any() and _mixed(tokens, dollars)
    rows = [
        (
            name,
            heads(int((tokens[:, n] > 0).sum()), people.height) if known else None,
            int(tokens[:, n].sum()) if count else None,
            _usd(dollars[:, n]) if whole and not hidden[n] else None,
        )
        for n, name in enumerate(AGAIN)
    ]
    some = heads(int((tokens.sum(axis=1) > 0).sum()), people.height) if known else None
    every = int(tokens.sum()) if count else None, _usd(dollars) if whole else None
    kinds = {"cause": pl.String, "people": pl.Int64, "rebuilt_tokens": pl.Int64}
    total = _matrix(people, ["total_nano"])[:, 0] / 1e9
    bill = _usd(total) if safe(total) else 0.0
    frame = pl.DataFrame(rows, kinds | {"premium_usd": pl.Float64}, orient="row")
    last = pl.DataFrame([("all", some, *every)], frame.schema, orient="row")
    return pl.concat(
        [frame.sort("premium_usd", descending=True, nulls_last=True, maintain_order=True), last]
    ).with_columns(share=_part("premium_usd", pl.lit(bill)))


def _mixed(tokens: Parts, dollars: Parts) -> bool:
    """Tell whether those who paid another price per token than most are nobody or safe."""
    for each, paid in zip(tokens.T, dollars.T, strict=False):
        prices = np.divide(paid, each, out=np.zeros_like(paid), where=each > 0)
        usual = np.median(prices[each > 0]) if each.any() else 0.0
        other = np.abs(prices - usual) > _ALIKE * usual
        if not safe(np.where(other, each, 0)):
            return False
    return True


def _matrix(people: pl.DataFrame, columns: Sequence[str]) -> Parts:
    wanted = people.select(pl.col(list(columns)).fill_null(0).cast(pl.Float64))
    return wanted.to_numpy()


def _usd(parts: Parts) -> float:
    return round(float(parts.sum()), CENTS)


def _part(column: str, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then((pl.col(column) / whole).round(DECIMALS))
