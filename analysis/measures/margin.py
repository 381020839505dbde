"""How much of the bill is the prompt cache: the share and the ratio, by definition.

Throughout, *cache* is reads and writes together, *API* (the write-ups' word) is uncached input
and output, a share says of what, and dollars are list-price equivalents.
"""

from __future__ import annotations

import polars as pl

from analysis.counted import tell_writes
from analysis.facts import facts
from analysis.logs.policies import POLICIES
from analysis.logs.sources import CLAUDE_CODE
from analysis.measures.data import with_era
from analysis.measures.published import bill, split_io, write_nano

PARTS = ("read", "write", "input", "output")


def totals(priced: pl.DataFrame) -> dict[str, float | None]:
    """Sum the reader's own priced requests: dollars by part, and the cache's shares.

    Returns
    -------
    dict
        `read`, `write`, `input`, `output`, `search`, `total` in dollars; `share` (cache, of
        dollars), `ratio` (cache : API), `token_share` (cache, of tokens),
        `token_ratio` (cache : input and output, in tokens); `priced` (requests). Dollars and
        their shares are None where nothing has a price; `write` is where nobody counted it.
    """
    known = priced.filter(pl.col("total_nano").is_not_null()).with_columns(write_nano())
    nano = {p: int(known[f"{p}_nano"].sum()) for p in (*PARTS, "search", "total")}
    tokens = {p: int(priced[f"{p}_tokens"].sum()) for p in PARTS}
    cache, api = nano["read"] + nano["write"], nano["input"] + nano["output"]
    every, io = sum(tokens.values()), tokens["input"] + tokens["output"]
    dollars = {p: v / 1e9 if known.height else None for p, v in nano.items()}
    if not tell_writes(known):
        dollars["write"] = None
    return dollars | {
        "priced": known.height,
        "share": cache / nano["total"] if nano["total"] else None,
        "ratio": cache / api if api else None,
        "token_share": (tokens["read"] + tokens["write"]) / every if every else None,
        "token_ratio": (tokens["read"] + tokens["write"]) / io if io else None,
    }


def _final(policy: str) -> pl.Expr:
    """Return whether a policy finds the final output count in an era's logs; null if unknown."""
    rule = POLICIES[policy]
    if rule.lines:  # every line is counted as a request: no count is anybody's
        return pl.lit(None, pl.Boolean).alias("final")
    where = ["every line"] if _first_line(policy) else ["every line", "last line"]
    known = pl.col("final_on") != "not known"
    return pl.when(known).then(pl.col("final_on").is_in(where)).alias("final")


def _first_line(policy: str) -> bool:
    return POLICIES[policy].output == "output_first_tokens"


def final(priced: pl.DataFrame, policy: str = "largest") -> pl.DataFrame:
    """Keep the requests whose logged output count is the answer's last.

    Those are of client versions that log it; where they do so on the last line only, of requests
    that have that line (it says why the answer ended). Subagents' files have it on the last line
    in every version. A share of these needs no correction; a share of all pools counts that are
    right with counts that are placeholders.
    """
    return priced.filter(is_final(priced, policy))


def is_final(priced: pl.DataFrame, policy: str = "largest") -> pl.Series:
    """Say of each request whether its logged output count is the answer's last, as `final` does."""
    eras = facts("eras").select("era", "final_on", _final(policy))
    ended = (pl.col("final_on") == "every line") | pl.col("stop_reason").is_not_null()
    kept = ~pl.col("is_sidechain") if _first_line(policy) else pl.lit(True)
    of = priced.select("version", "stop_reason", "is_sidechain", _other(priced).alias("other"))
    counts = pl.lit(not POLICIES[policy].lines)  # other tools log an answer when it has ended
    return (
        with_era(of)
        .join(eras, on="era", how="left", maintain_order="left")
        .select(
            pl.when("other")
            .then(counts)
            .otherwise(pl.col("final") & ended & kept)
            .fill_null(False)
            .alias("final")
        )
        .to_series()
    )


def _other(priced: pl.DataFrame) -> pl.Expr:
    """Return whether a request is of another tool than Claude Code."""
    known = "source" in priced.columns
    return pl.col("source") != CLAUDE_CODE if known else pl.lit(False)


def other(priced: pl.DataFrame, policy: str = "largest") -> dict[str, int]:
    """Count the requests that are not `final`: counted short, and not known to be.

    Returns
    -------
    dict
        `short`, `unknown`: numbers of requests.
    """
    eras = facts("eras").select("era", _final(policy))
    known = with_era(priced.filter(~_other(priced))).join(eras, on="era", how="left")["final"]
    unknown = known.null_count()
    return {"short": priced.height - unknown - final(priced, policy).height, "unknown": unknown}


#: The reader's rows among the published cases: all requests as logged and with the output that
#: the log leaves out, and those that need no correction.
YOU = ("you", "you-reconstructed", "you-final")


def accounts() -> pl.DataFrame:
    """Compute the cache share of dollars of every published account.

    Each is a range over what it does not publish: the lifetime of its writes (five minutes or an
    hour) and, for one, how input and output split.

    Returns
    -------
    pl.DataFrame
        `case`, `label`, `covers`, `low`, `point` (as tools of the day counted: five-minute
        writes; null where the split is open), `high`, `basis` (tokens, dollars or shares).
    """
    cases = facts("cases")
    counted = cases.filter(
        pl.col("read_tokens").is_not_null(), pl.col("write_tokens").is_not_null()
    )
    ranges = pl.concat(
        [bill(split_io(counted), t).with_columns(at=pl.lit(t)) for t in ("5m", "1h")]
    )
    share = (pl.col("read_nano") + pl.col("write_nano")) / pl.col("total_nano")
    from_tokens = ranges.group_by("case", maintain_order=True).agg(
        share.min().alias("low"),
        share.filter((pl.col("at") == "5m") & pl.col("io").is_null()).first().alias("point"),
        share.max().alias("high"),
        pl.lit("tokens").first().alias("basis"),
    )
    told = cases.join(from_tokens, on="case", how="anti").pipe(_told)
    return cases.select("case", "label", "covers").join(
        pl.concat([from_tokens, told]), on="case", maintain_order="left"
    )


def positions(
    priced: pl.DataFrame,
    eras: pl.DataFrame,
    policy: str = "largest",
    label: str = "These logs",
) -> pl.DataFrame:
    """Set the reader's cache share of dollars beside the published cases.

    The reader has three rows: all requests as logged, like most cases; all of them with output
    reconstructed, and its band; and the requests of versions that log final output counts.

    Parameters
    ----------
    eras
        `measures.reconstruct.by_era` of the same requests.

    Returns
    -------
    pl.DataFrame
        The columns of `accounts`, highest share first.
    """
    logged, sure = totals(priced)["share"], totals(final(priced, policy))["share"]
    whole = eras.filter(pl.col("era") == "all").select("low", "share", "high")
    low, point, high = whole.row(0) if whole.height else (None, None, None)
    shares = ((logged, logged, logged), (low, point, high), (sure, sure, sure))
    names = (f"{label}, as logged", f"{label}, output reconstructed", f"{label}, final counts")
    you = [
        {"case": case, "label": name, "covers": "these logs", "basis": "tokens"}
        | dict(zip(("low", "point", "high"), found, strict=True))
        for case, name, found in zip(YOU, names, shares, strict=True)
    ]
    floats = dict.fromkeys(("low", "point", "high"), pl.Float64)
    middle = pl.coalesce("point", (pl.col("low") + pl.col("high")) / 2)
    return pl.concat(
        [accounts(), pl.DataFrame(you, schema_overrides=floats)], how="diagonal_relaxed"
    ).sort(middle, descending=True, nulls_last=True)


def sources(places: pl.DataFrame) -> pl.DataFrame:
    """Return where the published cases come from and what was assumed of each.

    Parameters
    ----------
    places
        `positions`, whose order is kept.
    """
    cases = facts("cases").select("case", "source", "note")
    return (
        places.select("case", "label")
        .join(cases, on="case", maintain_order="left")
        .select("label", "source", "note")
    )


def _told(cases: pl.DataFrame) -> pl.DataFrame:
    """Return shares of cases that publish dollars or shares instead of all four token counts."""
    priced = bill(cases)
    read, fresh = pl.col("read_cost"), pl.col("fresh_cost")
    parts = pl.when(pl.col("cost_unit") == "percent").then(100)  # printed rounded: 99.9 in all
    rest = (pl.col("input_nano") + pl.col("output_nano")) / 1e9
    by_total = 1 - pl.coalesce("api_cost", rest) / pl.col("total_cost")
    low = pl.coalesce(by_total, (read + pl.col("write_cost").fill_null(0)) / parts)
    high = pl.coalesce(by_total, (read + pl.coalesce("write_cost", fresh)) / parts)
    return priced.select(
        "case",
        low=low,
        point=pl.when(low == high).then(low),
        high=high,
        basis=pl.when(pl.col("cost_unit") == "percent")
        .then(pl.lit("shares"))
        .otherwise(pl.lit("dollars")),
    )
