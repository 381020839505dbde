import datetime as dt

import pytest

from analysis.overrides import CLASSES, read_overrides
from analysis.pricebook import corrections, known_models, price_book, quote, rates

MARCH_12, MARCH_13 = dt.date(2026, 3, 12), dt.date(2026, 3, 13)
NOVEMBER = dt.date(2026, 11, 1)


def test_price_list_of_the_sources():
    """Every row of the price table: input, 5m write, 1h write, read, output in $ per MTok."""
    table = {
        "haiku-3": (0.25, 0.30, 0.50, 0.03, 1.25),
        "haiku-3-5": (0.80, 1, 1.60, 0.08, 4),
        "haiku-4-5": (1, 1.25, 2, 0.10, 5),
        "haiku-5-5": (0.10, 0.125, 0.20, 0.01, 0.50),
        "sonnet-3-7 sonnet-4 sonnet-4-5 sonnet-4-6": (3, 3.75, 6, 0.30, 15),
        "sonnet-5": (2, 2.50, 4, 0.20, 10),
        "sonnet-5-5": (2, 2.50, 4, 0.10, 10),
        "opus-3 opus-4 opus-4-1": (15, 18.75, 30, 1.50, 75),
        "opus-4-5 opus-4-6 opus-4-7 opus-4-8 opus-5": (5, 6.25, 10, 0.50, 25),
        "opus-5-5": (4, 5, 8, 0.20, 20),
        "fable-5 mythos-5": (10, 12.50, 20, 1, 50),
        "fable-5-1 mythos-5-1": (10, 12.50, 20, 0.25, 50),
        "fable-5-2 mythos-5-2": (8, 10, 16, 0.20, 40),
    }
    expected = {f"claude-{name}": five for names, five in table.items() for name in names.split()}
    found = rates(expected, [NOVEMBER]).filter(above=0).select("model", *CLASSES)
    assert {name: tuple(prices) for name, *prices in found.iter_rows()} == expected


def test_rates_name_the_tier_and_keep_unknown_models():
    found = rates(["claude-opus-4-6", "claude-opus-9"], [MARCH_12, MARCH_13])
    assert found["above"].to_list() == [0, 200_000, 0, 0, 0]
    assert found["output"].to_list() == [25, 37.5, 25, None, None]
    assert rates(["claude-opus-5"], [NOVEMBER], fast=True, us=True)["input"].item() == 11


def label(row):
    return f"{row.model} {row.field}"


@pytest.mark.parametrize("row", corrections(), ids=label)
def test_correction_is_still_needed(row):
    """Fails when genai-prices catches up: then the row can go."""
    mode = row.field if row.field not in (*CLASSES, "search") else None
    model = row.model.replace("*", "opus-4-6")
    day = MARCH_12 if mode == "batch" else min(NOVEMBER, row.until - dt.timedelta(days=1))
    tier = 0 if row.threshold is None else 1  # of a quote: base, above

    def answer(corrected):
        found = quote(model, day, corrected=corrected, **({mode: True} if mode else {}))
        return found if mode else found and found[tier].get(row.field)

    assert answer(corrected=True) != answer(corrected=False)


def test_batch_agrees_with_upstream_where_it_has_one():
    compared = 0
    for model in known_models():
        plain = quote(model, NOVEMBER, corrected=False)
        theirs = quote(model, NOVEMBER, batch=True, corrected=False)
        if theirs != plain:
            compared += 1
            assert quote(model, NOVEMBER, batch=True) == theirs
    assert compared > 10


def test_every_known_model_has_a_quote_in_every_year():
    days = [dt.date(year, month, 1) for year in range(2024, 2028) for month in range(1, 13)]
    assert all(quote(m, day) for m in known_models() for day in days)


def test_price_book_changes_with_what_is_used(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(f"model,{','.join(CLASSES)}\nx,1,2,3,4,5\n")
    book, mine = price_book(), price_book(read_overrides(path))
    assert (book.corrections, mine.overrides) == (len(corrections()), 1)
    assert book == price_book()
    assert book.digest != mine.digest
