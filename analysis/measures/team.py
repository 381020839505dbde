"""What each person of a team used and paid: sums, shares with intervals, peaks. No content.

All else that is said of a team is computed from these rows, one a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from analysis.counted import known_sum, prompt
from analysis.logs.team_labels import SYNTHETIC
from analysis.measures.published import write_nano
from analysis.measures.rebuilds import CAUSES, NEW_CHAIN, repriced
from analysis.measures.resample import FEWEST, grouped
from analysis.measures.team_peaks import SPANS, peaks
from analysis.schema import dtypes

CLASSES = ("read", "write", "input", "output", "search")
#: Why something was written again that had been in the cache.
AGAIN = tuple(cause for cause in CAUSES if cause != NEW_CHAIN)

_TOKENS = tuple(f"{name}_tokens" for name in CLASSES[:4])
_READ, _WRITE = pl.col("read_tokens"), pl.col("write_tokens")
_COUNTED = _WRITE.is_not_null()
#: What the shares are made of, and how; each over sessions for its interval.
_SUMS = {
    "read": _READ.sum(),
    "prompt": prompt().sum(),
    "counted": _READ.filter(_COUNTED).sum(),
    "cached": (_READ + _WRITE).filter(_COUNTED).sum(),
    "cache_nano": pl.col("cache_nano").sum(),
    "final_nano": pl.col("final_nano").sum(),
}
_SHARES = {
    "share": ("cache_nano", "final_nano"),
    "rate": ("read", "prompt"),
    "pair": ("counted", "cached"),
}

_KEPT = ("prompt", "counted", "cached")
#: What a request adds to the whole of each share.
_WHOLES = {
    "share": pl.col("final_nano"),
    "rate": prompt(),
    "pair": pl.when(_COUNTED).then(_READ + _WRITE),
}

Pricing = Callable[[pl.DataFrame], pl.DataFrame]


def people(team: pl.DataFrame, pricing: Pricing, seed: int = 1) -> pl.DataFrame:
    """Sum a team's requests by person.

    Parameters
    ----------
    team
        Rows of the table `team`, with all rows of whom it has any.
    pricing
        What prices rows: `Logs.pricing(date)`. An hour is priced as its requests are.

    Returns
    -------
    pl.DataFrame
        A row per person, in order of `person`:

        - `requests`, `sessions`, `final_requests` (whose output count is the answer's last),
          `uncounted` (whose tool does not count what it writes to the cache), `unpriced_tokens`
          (of those without a price), `begins` and `ends` (first and last hour);
        - `read_tokens`, `write_tokens` (null where nobody counted), `input_tokens`,
          `output_tokens`; `read_nano` to `search_nano` and `total_nano`, as logged, of what has
          a price;
        - `share` (cache reads and writes, of dollars, over final counts alone), `rate` (reads, of
          all prompt tokens: `hits.OURS`), `pair` (reads, of reads and writes), each with `_low`
          and `_high` (90 % by resampling the person's sessions; null where they are fewer than
          `resample.FEWEST`, or rows are of no known session); what they are made of:
          `cache_nano`, `final_nano`, `prompt_tokens`, and `counted_tokens` and `cached_tokens`
          (reads, and reads and writes, where writes are counted);
        - of each cause of a rebuild `{cause}_tokens` and `{cause}_nano` (premium above a read);
        - `window_nano` and `week_nano`: the most in five hours, and in a week (`team_peaks.peaks`).
    """
    rows = team.with_columns(first_seen=pl.col("hour"))
    priced = repriced(rows, pricing).with_columns(write_nano())
    known = pl.col("final") & pl.col("total_nano").is_not_null()
    cache = pl.col("read_nano") + pl.col("write_nano")
    ready = priced.with_columns(
        cache_nano=pl.when(known).then(cache), final_nano=pl.when(known).then("total_nano")
    )
    summed = ready.group_by("person").agg(*_counts(), *_ratios(), *_causes())
    drawn = _intervals(ready, seed)
    spent = ready.group_by("person", "hour").agg(pl.col("total_nano").sum())
    found = summed.sort("person").join(drawn, on="person", how="left", maintain_order="left")
    for name, hours in SPANS.items():
        peak = peaks(spent, hours).rename({"nano": f"{name}_nano"})
        found = found.join(peak, on="person", how="left", maintain_order="left")
    return found


def everyone(parts: Iterable[pl.DataFrame], pricing: Pricing, seed: int = 1) -> pl.DataFrame:
    """Return `people` of a team that comes in parts, each with whole people, by label.

    Returns
    -------
    pl.DataFrame
        As `people`, with `label` (person-01 and so on, in the order of what stands for a name,
        which says nothing of anybody's use) and `synthetic` (whether they never were) in place of
        `person`.
    """
    none = people(pl.DataFrame(schema=dtypes("team")), pricing, seed)
    found = pl.concat([none, *(people(part, pricing, seed) for part in parts)]).sort("person")
    digits = max(2, len(str(found.height)))
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(digits)
    return found.select(
        pl.concat_str(pl.lit("person-"), number).alias("label"),
        pl.col("person").str.starts_with(SYNTHETIC).alias("synthetic"),
        pl.exclude("person"),
    )


def _counts() -> list[pl.Expr]:
    nano = [f"{name}_nano" for name in (*CLASSES, "total")]
    return [
        pl.len().cast(pl.Int64).alias("requests"),
        pl.col("session").drop_nulls().n_unique().cast(pl.Int64).alias("sessions"),
        pl.col("final").sum().cast(pl.Int64).alias("final_requests"),
        pl.col("write_tokens").null_count().cast(pl.Int64).alias("uncounted"),
        (prompt() + pl.col("output_tokens"))
        .filter(pl.col("total_nano").is_null())
        .sum()
        .alias("unpriced_tokens"),
        pl.col("hour").min().alias("begins"),
        pl.col("hour").max().alias("ends"),
        *map(known_sum, _TOKENS),
        *(pl.col(name).filter(pl.col("total_nano").is_not_null()).sum() for name in nano),
    ]


def _ratios() -> list[pl.Expr]:
    kept = [_SUMS[name].alias(name) for name in ("cache_nano", "final_nano")]
    shares = [
        pl.when(_SUMS[whole] > 0).then(_SUMS[part] / _SUMS[whole]).alias(name)
        for name, (part, whole) in _SHARES.items()
    ]
    return [*kept, *(_SUMS[name].alias(f"{name}_tokens") for name in _KEPT), *shares]


def _causes() -> list[pl.Expr]:
    return [
        pl.col(column).filter(pl.col("cause") == cause).sum().alias(f"{cause}_{unit}")
        for cause in AGAIN
        for column, unit in (("rebuilt_tokens", "tokens"), ("premium_nano", "nano"))
    ]


def _intervals(ready: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Draw the sessions of each person; of a share, enough of them must have some of its whole.

    None of who has rows without a session: what is drawn would not be what the share is of.
    """
    known = ready.filter(pl.col("session").is_not_null().all().over("person"))
    figures = {
        name: lambda s, part=part, whole=whole: s[part] / s[whole]
        for name, (part, whole) in _SHARES.items()
    }
    drawn = grouped(known, _SUMS, figures, group="person", seed=seed)
    having = [
        pl.col("session").filter(part > 0).n_unique().alias(name) for name, part in _WHOLES.items()
    ]
    enough = known.group_by("person").agg(having)
    both = drawn.join(enough, on="person", how="left", maintain_order="left")
    return both.select(
        "person",
        *(
            pl.when(pl.col(name) >= FEWEST).then(f"{name}_{end}").alias(f"{name}_{end}")
            for name in _SHARES
            for end in ("low", "high")
        ),
    )
