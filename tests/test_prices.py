import datetime as dt
import math
import time
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.overrides import PriceError
from analysis.pricebook import known_models, quote
from analysis.prices import price

PARTS = ("input", "output", "write_5m", "write_1h", "read", "search")
MARCH_12, MARCH_13 = dt.date(2026, 3, 12), dt.date(2026, 3, 13)
NOVEMBER = dt.date(2026, 11, 1)


def row(model, day, **columns):
    return pl.DataFrame([{"model": model, "first_seen": day, **columns}])


def cost(model, day, **columns):
    return price(row(model, day, **columns)).row(0, named=True)


# Worked out by hand from the price list: tokens x $ per MTok / 1e6.
# model, day, read, 5m write, 1h write, input, output, columns besides, dollars
CASES = """
# Opus 4.6 above 200k: 10/12.5/20/1/37.5 until 2026-03-13, then 5/6.25/10/0.5/25
claude-opus-4-6             2026-03-12  200000    1    0    0   1000  -           0.2375125
claude-opus-4-6             2026-03-13  200000    1    0    0   1000  -           0.12500625
claude-opus-4-6             2026-03-12  200000    0    0    0   1000  -           0.125
claude-opus-4-6             2026-03-12       0    0    0    0 300000  -           7.5
claude-opus-4-6             2026-03-12  300000    0    0    0      0  aggregate   0.15
# the same for Sonnet 4.6 (6/22.5); Sonnet 4 and 4.5 kept their premium
claude-sonnet-4-6           2026-03-12  300000    0    0    0   1000  -           0.2025
claude-sonnet-4-6           2026-03-13  300000    0    0    0   1000  -           0.105
claude-sonnet-4-5-20250929  2026-03-13  300000    0    0    0      0  -           0.18
claude-sonnet-4-20250514    2026-03-12  200000    1    1    0     10  -           0.1202445
# writes: 1.25x for five minutes, 2x for an hour
claude-opus-4-5-20251101    2026-03-13       0 1000    0    0      0  -           0.00625
claude-opus-4-5-20251101    2026-03-13       0    0 1000    0      0  -           0.01
claude-opus-4-5-20251101    2026-03-13       0  600  400    0      0  -           0.00775
# reads: 0.05x, 0.025x, and Sonnet 5.5 either side of its cut
claude-opus-5-5             2026-11-01 1000000    0    0    0      0  -           0.2
claude-fable-5-1            2026-11-01 1000000    0    0    0      0  -           0.25
claude-mythos-5             2026-11-01    1000  500  500 1000   1000  -           0.07725
claude-mythos-5-1           2026-11-01 1000000    0    0    0      0  -           0.25
claude-sonnet-5-5           2026-10-06 1000000    0    0    0      0  -           0.2
claude-sonnet-5-5           2026-10-07 1000000    0    0    0      0  -           0.1
# Haiku 5.5 at 100,000 tokens and one more; Haiku 3 with its odd ratios
claude-haiku-5-5            2026-11-01   99000 1000    0    0   1000  -           0.001615
claude-haiku-5-5            2026-11-01   99000 1000    0    1   1000  -           0.0080755
claude-3-haiku-20240307     2026-03-12    1000 1000 1000 1000   1000  -           0.00233
# fast mode: 6x, then 2x; never a long tier
claude-opus-4-6             2026-03-13       0    0    0 1000   1000  speed=fast  0.18
claude-opus-4-6             2026-03-12  300000    0    0    0      0  speed=fast  0.9
claude-opus-4-7             2026-06-01       0    0    0 1000   1000  speed=fast  0.18
claude-opus-4-8             2026-11-01       0    0    0 1000   1000  speed=fast  0.06
claude-opus-5               2026-11-01    1000 1000 1000    0      0  speed=fast  0.0335
claude-opus-5-5             2026-11-01       0    0    0 1000   1000  speed=fast  0.048
claude-fable-5-2            2026-11-01       0    0    0 1000   1000  speed=fast  0.096
claude-opus-4-6             2026-03-13       0    0    0 1000      0  speed=standard  0.005
# US inference, 1.1x from Opus 4.6 on
claude-opus-4-6             2026-03-13       0    0    0 1000   1000  geo=us      0.033
claude-opus-4-6             2026-03-13       0    0    0 1000      0  geo=us,speed=fast  0.033
claude-opus-4-5             2026-03-13       0    0    0 1000      0  geo=us      0.005
claude-opus-4-6             2026-03-13       0    0    0 1000      0  geo=global  0.005
# batch, half of everything but searches
claude-opus-4-5             2026-03-13    1000 1000    0    0   1000  service_tier=batch  0.015875
claude-opus-4-6             2026-03-12  300000    0    0    0      0  service_tier=batch  0.15
claude-opus-4-6             2026-03-13       0    0    0    0      0  web_searches=3  0.03
claude-opus-4-6             2026-03-13   0 0 0 0 0  web_searches=3,service_tier=batch  0.03
"""
COUNTS = ("read_tokens", "write_5m_tokens", "write_1h_tokens", "input_tokens", "output_tokens")


def case(line):
    model, day, *counts, besides, dollars = line.split()
    columns = dict(zip(COUNTS, map(int, counts), strict=True))
    columns["write_tokens"] = columns["write_5m_tokens"] + columns["write_1h_tokens"]
    for item in besides.replace("-", "").split(","):
        name, _, value = item.partition("=")
        columns |= {name: int(value) if value.isdigit() else value or True} if name else {}
    return model, dt.date.fromisoformat(day), columns, Fraction(dollars) * 10**9


@pytest.mark.parametrize(
    "line", [line for line in CASES.strip().splitlines() if not line.startswith("#")]
)
def test_by_hand(line):
    model, day, columns, nano = case(line)
    found = cost(model, day, **columns)
    assert found["total_nano"] == nano
    assert found["total_nano"] == sum(found[f"{part}_nano"] for part in PARTS)


@pytest.mark.parametrize(
    ("write", "short", "long", "parts"),
    [
        (1_000, None, None, (6_250_000, 0)),  # the log did not split: five minutes
        (1_000, None, 400, (3_750_000, 4_000_000)),
        (1_000, 500, 400, (3_750_000, 4_000_000)),  # what the split leaves out is not lost
        (0, 600, 400, (3_750_000, 4_000_000)),
    ],
)
def test_writes_however_they_are_split(write, short, long, parts):
    names = ("write_tokens", "write_5m_tokens", "write_1h_tokens")
    found = cost("claude-opus-4-5", MARCH_13, **dict(zip(names, (write, short, long), strict=True)))
    assert (found["write_5m_nano"], found["write_1h_nano"]) == parts


def test_published_session():
    found = cost(
        "claude-opus-4-6",
        dt.date(2026, 3, 19),
        read_tokens=90_360_262,
        write_tokens=1_511_817,
        input_tokens=5_017,
        output_tokens=51_360,
    )
    assert found["read_nano"] == 45_180_131_000
    assert found["write_5m_nano"] == 9_448_856_250
    assert found["input_nano"] + found["output_nano"] == 1_309_085_000
    assert round(found["total_nano"] / 1e9, 2) == 55.94


@pytest.mark.parametrize(
    "model",
    ["claude-opus-9", "claude-opus-4-10", "claude-opus-4-6-foo", "other-ab12cd", "gpt-9", ""],
)
def test_unknown_model_has_no_price_but_keeps_its_tokens(model):
    found = cost(model, MARCH_13, read_tokens=7)
    assert {found[f"{part}_nano"] for part in (*PARTS, "total")} == {None}
    assert found["read_tokens"] == 7


@pytest.mark.parametrize(
    "labels", [{"speed": "fast"}, {"speed": "fast", "service_tier": "batch"}], ids=["fast", "both"]
)
def test_no_price_is_guessed_for_a_mode_that_does_not_exist(labels):
    assert cost("claude-haiku-4-5", NOVEMBER, read_tokens=7, **labels)["total_nano"] is None


def test_unknown_count_is_not_zero():
    found = cost("claude-opus-4-6", MARCH_13, input_tokens=None, read_tokens=1_000)
    assert (found["input_nano"], found["read_nano"], found["total_nano"]) == (None, 500_000, None)


COUNT = st.integers(0, 300_000) | st.integers(0, 10**10)
MODELS = st.sampled_from([*known_models(), "claude-opus-9", "claude-opus-4-6[1m]"])
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


REQUESTS = st.fixed_dictionaries({
    **dict.fromkeys(("input_tokens", "output_tokens", "read_tokens"), COUNT),
    **dict.fromkeys(("write_5m_tokens", "write_1h_tokens"), COUNT),
    "web_searches": st.integers(0, 1_000),
    "speed": st.sampled_from([None, "standard", "fast"]),
    "geo": st.sampled_from([None, "us", "global"]),
    "service_tier": st.sampled_from([None, "batch"]),
})  # fmt: skip


@given(MODELS, DAYS, REQUESTS)
def test_equals_exact_fractions(model, day, request):
    request["write_tokens"] = request["write_5m_tokens"] + request["write_1h_tokens"]
    found = cost(model, day, **request)["total_nano"]
    listed = quote(
        model.removesuffix("[1m]"),
        day,
        fast=request["speed"] == "fast",
        us=request["geo"] == "us",
        batch=request["service_tier"] == "batch",
    )
    counts = {p: request["web_searches" if p == "search" else f"{p}_tokens"] for p in PARTS}
    if listed is None:
        assert found is None
        return
    prompt = sum(n for part, n in counts.items() if part not in ("output", "search"))
    high = listed.threshold is not None and prompt > listed.threshold
    prices = listed.above if high else listed.base
    if any(n and part not in prices for part, n in counts.items()):
        assert found is None
        return
    scale = dict.fromkeys(PARTS, 10**3) | {"search": 10**6}  # $ per MTok or 1,000 searches
    exact = [n * Fraction(prices.get(part, 0)) * scale[part] for part, n in counts.items()]
    assert found == sum(math.floor(nano + Fraction(1, 2)) for nano in exact)


@given(DAYS, st.integers(0, 10**8), st.integers(1, 50))
def test_linear_in_tokens(day, read, times):
    one = cost("claude-opus-4-5", day, read_tokens=read)["read_nano"]
    assert cost("claude-opus-4-5", day, read_tokens=read * times)["read_nano"] == one * times


def test_day_is_utc_and_date_reprices_history():
    evening = pl.lit(dt.datetime(2026, 3, 12, 23, 30)).dt.replace_time_zone("America/New_York")
    frame = row("claude-opus-4-6", None, read_tokens=300_000).with_columns(first_seen=evening)
    assert price(frame)["total_nano"].item() == 150_000_000
    assert price(frame, date=MARCH_12)["total_nano"].item() == 300_000_000
    assert price(frame.drop("first_seen"), date=MARCH_13)["total_nano"].item() == 150_000_000


def test_rows_keep_their_order_and_other_columns():
    frame = pl.DataFrame({
        "model": ["claude-opus-9", "claude-opus-4-5", "claude-haiku-4-5"] * 50,
        "first_seen": [MARCH_13, None, MARCH_12] * 50,
        "read_tokens": range(150),
    })  # fmt: skip
    priced = price(frame)
    assert priced.select(frame.columns).equals(frame)
    assert priced["total_nano"].null_count() == 100
    assert price(priced).equals(priced)
    assert price(frame.clear())["total_nano"].dtype == pl.Int64


def test_missing_columns_are_named():
    with pytest.raises(PriceError, match="first_seen, model"):
        price(pl.DataFrame({"read_tokens": [1]}))
    with pytest.raises(PriceError, match="first_seen is not a time"):
        price(row("claude-opus-4-6", "2026-03-13"))


def test_one_million_requests_take_well_under_two_seconds():
    n = 1_000_000
    days = pl.datetime_range(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 1), "1d", eager=True)
    index = pl.int_range(n, eager=True)
    frame = pl.DataFrame({
        "model": pl.Series(known_models()).gather(index % len(known_models())),
        "first_seen": days.gather(index % len(days)),
        "read_tokens": index,
        "write_tokens": index,
    })  # fmt: skip

    def seconds():
        begin = time.perf_counter()
        assert price(frame).height == n
        return time.perf_counter() - begin

    assert min(seconds() for _ in range(2)) < 2
