"""What carrying a context file costs by the list, by hand."""

import polars as pl
import pytest

from analysis.measures import carrying
from analysis.words import carrying as words


def test_the_example_is_one_write_and_ninety_nine_reads():
    row = carrying.example().row(0, named=True)
    assert (row["write_tokens"], row["read_tokens"]) == (15_000, 99 * 15_000)
    assert row["write_usd"] == pytest.approx(0.015 * 6.25)
    assert row["read_usd"] == pytest.approx(1.485 * 0.5)
    assert row["cost_usd"] == pytest.approx(0.83625)


@pytest.mark.parametrize(
    ("model", "write", "read"),
    [("claude-opus-4-1", 18.75, 1.5), ("claude-haiku-4-5", 1.25, 0.1)],
)
def test_another_model_has_other_prices(model, write, read):
    cost = carrying.carried([1_000], [11], [model])["cost_usd"].item()
    assert cost == pytest.approx((write + 10 * read) / 1e3)


def test_long_sessions_are_no_long_prompts():
    """Reads summed over a session are no prompt, so that no dearer tier applies."""
    long = carrying.carried([60_000], [1_000])["cost_usd"].item()
    assert long == pytest.approx(0.06 * (6.25 + 999 * 0.5))


def test_the_sweep_has_every_combination_once():
    found = carrying.carried(models=carrying.MODELS)
    assert found.height == len(carrying.SIZES) * len(carrying.REQUESTS) * len(carrying.MODELS)
    assert found.select("model", "file_tokens", "requests").is_unique().all()
    assert found["cost_usd"].null_count() == 0


def test_a_model_without_a_price_has_no_dollars():
    found = carrying.carried([1_000], [10], ["other-01"])
    assert found["cost_usd"].to_list() == [None]
    assert words.carried(found, carrying.example()).startswith("The model has no list price")


def test_the_words_have_the_numbers_of_the_example():
    said = words.opening(carrying.example())
    for text in ("1,500,000 tokens", "the other 99 read it", "**$0.84**", "$0.09", "$0.74"):
        assert text in said
    assert "12.5 reads" in words.carried(carrying.carried(), carrying.example())
    table = carrying.by_model()
    assert table.columns == ["model", "10 requests", "100 requests", "1,000 requests"]
    assert "$0.17 to $2.51 over 100 requests" in words.by_model(table, carrying.example())


def test_more_requests_and_larger_files_cost_more():
    found = carrying.carried().sort("file_tokens", "requests")
    steps = found.with_columns(pl.col("cost_usd").diff().over("file_tokens").alias("step"))
    assert (steps["step"].drop_nulls() > 0).all()
