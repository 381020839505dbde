"""Tables without logs: valid, seeded, and with the mechanics of real ones."""

import polars as pl
import pytest

from analysis.logs.identity import resolve
from analysis.schema import validate
from analysis.synth import tables

ROWS = 30_000


@pytest.fixture(scope="module")
def table():
    return pl.concat(tables.copies(ROWS, seed=1, batch=10_000))


def test_it_is_valid_and_has_as_many_rows(table):
    assert validate(table, "copies").height == ROWS
    assert [p.height for p in tables.copies(25, seed=1, batch=10)] == [10, 10, 5]
    assert not list(tables.copies(0, seed=1))


def test_the_same_seed_draws_the_same_rows(table):
    assert table.equals(pl.concat(tables.copies(ROWS, seed=1, batch=10_000)))
    assert not table.equals(pl.concat(tables.copies(ROWS, seed=2, batch=10_000)))


def test_one_row_in_a_hundred_repeats_a_request_of_another_file(table):
    requests = resolve(table)
    assert requests.height == 0.99 * ROWS
    assert requests["copies"].max() == 2
    assert table.select("file", "message_id").is_duplicated().sum() == 0


def test_prompts_obey_the_cache(table):
    prompt = pl.sum_horizontal("read_tokens", "write_tokens", "input_tokens")
    assert table.select((prompt == pl.col("context_tokens")).all()).item()
    split = pl.col("write_5m_tokens") + pl.col("write_1h_tokens")
    assert table.select((split == pl.col("write_tokens")).all()).item()
    reads = table["read_tokens"].sum() / table["context_tokens"].sum()
    assert 0.85 < reads < 0.99
    chained = resolve(table).sort("session", "first_seen")
    late = pl.col("first_seen").diff().over("session") > pl.when(
        pl.col("write_1h_tokens") > 0
    ).then(pl.duration(hours=1)).otherwise(pl.duration(minutes=5))
    assert chained.filter(late)["read_tokens"].max() <= 15_700
    assert chained.filter(late).height > 100


def test_eras_log_output_as_they_do(table):
    shares = dict(table.group_by("version").agg(pl.col("stop_reason").is_not_null().mean()).rows())
    assert shares["2.1.29"] == 0
    assert shares["2.1.101"] == 1
    assert shares["2.1.91"] == pytest.approx(0.95, abs=0.02)
    first, last = table["output_first_tokens"], table["output_last_tokens"]
    assert (first <= last).all()
