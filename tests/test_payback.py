"""When a write pays: the rule against bills worked out by hand."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests_by_hand import requests

from analysis.measures import payback
from analysis.measures.pricing import prices
from analysis.plots.pricing import plot_costs
from analysis.prices import price
from analysis.words import payback as words

pytestmark = pytest.mark.usefixtures("themed")

WRITES = st.fractions(Fraction(101, 100), 20, max_denominator=1000)
READS = st.fractions(0, Fraction(99, 100), max_denominator=1000)
MODELS = ["claude-opus-4-7", "claude-haiku-3", "claude-opus-5-5", "claude-fable-5-1"]


@pytest.fixture(scope="module")
def even():
    return payback.break_even(prices())


def bill(model, **tokens):
    return price(requests({"model": model} | tokens))["total_nano"].item()


@pytest.mark.parametrize(
    ("write", "read", "reads"),
    [
        ("1.25", "0.1", "5/18"),
        ("2", "0.1", "10/9"),
        ("1.2", "0.12", "5/22"),
        ("2", "0.05", "20/19"),
    ],
)
def test_reads_at_which_a_write_has_paid(write, read, reads):
    assert payback.reads_needed(Fraction(write), Fraction(read)) == Fraction(reads)


@given(WRITES, READS)
def test_at_the_break_even_cached_and_uncached_cost_the_same(write, read):
    n = payback.reads_needed(write, read)
    assert write + n * read == 1 + n


@given(WRITES, WRITES, READS)
def test_at_the_break_even_both_lifetimes_cost_the_same(one, other, read):
    short, long = sorted((one, other))
    k = payback.breaks_needed(short, long, read)
    assert long + k * read == (1 + k) * short
    if long > short:  # and so they do by the share of written tokens that one hour would spare
        assert (long - short) / (long - read) == k / (1 + k)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("lifetime", ["5m", "1h"])
def test_whole_reads_are_those_from_which_a_bill_is_lower(even, model, lifetime):
    """Priced as requests: one that writes a million tokens, then so many that read them."""
    name = model.removeprefix("claude-").replace("-", " ", 1).replace("-", ".").title()
    row = even.filter(pl.col("models").str.split(", ").list.contains(name)).row(0, named=True)
    hour = 10**6 if lifetime == "1h" else 0
    kept = {"write_tokens": 10**6, "write_5m_tokens": 10**6 - hour, "write_1h_tokens": hour}
    whole = row[f"whole_{lifetime}"]
    for reads, cheaper in ((whole, True), (whole - 1, False)):
        cached = bill(model, **kept) + reads * bill(model, read_tokens=10**6)
        assert (cached < (1 + reads) * bill(model, input_tokens=10**6)) == cheaper


def test_one_spared_rewrite_pays_for_the_hour(even):
    assert even["whole_breaks_1h"].to_list() == [1] * even.height
    usual = even.filter(pl.col("read_multiple") == 0.1).row(0, named=True)
    assert usual["breaks_1h"] == pytest.approx(0.75 / 1.15)
    assert usual["rewritten_share"] == pytest.approx(0.75 / 1.9)


def test_the_pairs_are_those_of_the_list(even):
    pairs = even.select("write_5m_multiple", "write_1h_multiple", "read_multiple").rows()
    assert sorted(pairs) == [(1.2, 2, 0.12), (1.25, 2, 0.025), (1.25, 2, 0.05), (1.25, 2, 0.1)]


def test_the_curve_begins_at_the_write_and_crosses_one_at_the_break_even(even):
    curve = payback.costs(even)
    for lifetime, start in (("5m", 1.25), ("1h", 2.0)):
        rows = curve.filter(pl.col("lifetime") == lifetime)
        assert rows["usual"][0] == start
        below = rows.filter(pl.col("usual") < 1)["reads"].min()
        assert below - 0.05 <= rows["even"][0] <= below
        assert (rows["low"] <= rows["usual"]).all()
        assert (rows["usual"] <= rows["high"]).all()
    ax = plot_costs(curve)
    assert {"0.28", "reads", "1.11 reads"} <= {text.get_text() for text in ax.texts}


def test_the_captions_say_from_which_read_on(even):
    said = words.costs(even)
    assert said.startswith("A write kept five minutes pays from its first read on, a write kept an")
    assert "from its second" in said
    assert words.break_even(even).startswith("One spared rewrite pays for the hour: 0.61 to 0.74")
    rows = words.even_table(even)
    assert rows["models"].to_list()[-1] == "21 others"
    assert rows["read"].to_list()[-1] == "0.1×"
