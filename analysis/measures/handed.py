"""One person's requests as a team may see them: without content, ids, names and exact times.

What needs true times or versions is computed here, from the logs: whether an output count is
final, and what was written to the cache again and why.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analysis import schema
from analysis.logs.dataset import Logs
from analysis.logs.identity import TELEMETRY
from analysis.logs.team_labels import Labels
from analysis.logs.team_merge import once
from analysis.measures.margin import is_final
from analysis.measures.rebuilds import rebuilt
from analysis.strings import whole

_COUNTS = ("input_tokens", "output_tokens", "read_tokens", "write_tokens")


def for_team(logs: Logs, labels: Labels, person: str, odd: Mapping[str, str]) -> pl.DataFrame:
    """Return a dataset's requests as the table `team`, in the order of their labels.

    Parameters
    ----------
    labels
        Makes the labels of requests and sessions.
    person
        The person's label.
    odd
        The ids that digests of the dataset are of, so that labels meet those of other machines.
    """
    priced = logs.priced()
    found = rebuilt(priced.with_columns(final=is_final(priced)), logs.events)
    public = pl.col("model").str.contains(whole("public model"))
    made = found.with_columns(
        pl.Series("request", labels.of("request", _requests(found, odd)), pl.String),
        _sessions(found["session"], labels, odd),
        person=pl.lit(person),
        model=pl.when(public | pl.col("model").is_null()).then("model").otherwise(pl.lit("other")),
        hour=pl.col("first_seen").dt.truncate("1h"),
    )
    return once(made.select(schema.dtypes("team").names()))


def _requests(found: pl.DataFrame, odd: Mapping[str, str]) -> list[object]:
    """Return what makes each a request, as `identity.key` has it.

    The message id of telemetry is made of others, which may be digests: those behind it speak.
    """
    told = pl.col("source") == TELEMETRY
    asked = told & pl.col("request_id").is_not_null()
    said = found.select(
        pl.when(told).then("source").otherwise("message_id"),
        pl.when(~asked).then(pl.col("session").replace(odd)),
        pl.col("request_id").replace(odd),
        pl.when(~asked).then(pl.col("first_seen").dt.strftime("%Y-%m-%dT%H:%M:%S.%6f")),
        pl.when(told & ~asked).then(pl.concat_list(_COUNTS)),
    )
    unique = found.select(pl.col("message_id").str.starts_with("msg_") & ~told).to_series()
    return [row[0] if alone else row for row, alone in zip(said.iter_rows(), unique, strict=True)]


def _sessions(ids: pl.Series, labels: Labels, odd: Mapping[str, str]) -> pl.Series:
    known = ids.drop_nulls().unique()
    texts = [odd.get(each, each) for each in known]
    made = dict(zip(known, labels.of("session", texts), strict=True))
    return ids.replace_strict(made, return_dtype=pl.String)
