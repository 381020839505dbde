"""The cache's share and ratio: published figures to the digit, then hand cases."""

import polars as pl
import pytest
from requests_by_hand import requests

from analysis.facts import case, facts
from analysis.measures import margin, published
from analysis.measures.reconstruct import by_era
from analysis.prices import price


def shares(case_name, unit, io=None):
    bars = published.headline().filter(
        pl.col("case") == case_name, pl.col("unit") == unit, pl.col("io_split").eq_missing(io)
    )
    return {part: round(100 * share, 2) for part, share in bars.select("part", "share").rows()}


def test_the_published_session_recomputes_to_the_cent():
    rows = published.recomputed().select("part", "dollars", "published").rows()
    assert [(part, round(ours, 2), published) for part, ours, published in rows] == [
        ("cache reads", 45.18, 45.18),
        ("cache writes", 9.45, 9.45),
        ("input and output", 1.31, 1.31),
        ("all", 55.94, 55.94),
    ]


def test_the_headline_rows_in_both_units():
    assert shares("session", "dollars") == {"read": 80.77, "write": 16.89, "io": 2.34}
    assert shares("session", "tokens")["io"] == 0.06
    assert shares("issue-24147", "tokens") == {"read": 96.58, "write": 3.35, "io": 0.07}
    assert shares("issue-24147", "dollars", "all input")["io"] == 0.53
    assert shares("issue-24147", "dollars", "all output")["io"] == 2.59


@pytest.mark.parametrize(
    ("case_name", "definition", "ratio"),
    [
        ("session", "cache : API", 41.7),
        ("session", "total : API", 42.7),
        ("snapshot", "cache : API", 43.2),
        ("snapshot", "total : API", 44.2),
        ("session", "cache : input and output", 1629.6),
        ("session", "reused : computed", 4.2),
        ("issue-24147", "reads : input and output", 1309.9),
        ("issue-24147", "cache : input and output", 1355.3),
    ],
)
def test_the_ratio_under_each_definition(case_name, definition, ratio):
    row = published.definitions().filter(
        pl.col("case") == case_name, pl.col("definition") == definition
    )
    assert round(row["ratio"].item(), 1) == ratio


def test_the_printed_shares_give_other_ratios():
    rows = published.definitions().filter(pl.col("case") == "text")
    assert [round(r, 1) for r in rows["ratio"]] == [42.5, 1427.6]


def test_three_readings_of_the_issue():
    assert [round(100 * s, 3) for s in published.readings()["share"]] == [99.926, 99.924, 96.579]


def test_without_a_cache_the_session_is_eight_times_dearer():
    bare = published.uncached(case("session"))["total_nano"].item()
    assert round(bare / 1e9, 2) == 460.67
    assert round(bare / published.bill(case("session"))["total_nano"].item(), 2) == 8.24


def test_one_hour_writes_make_the_session_dearer():
    hour = published.bill(case("session"), "1h")
    assert round(hour["write_nano"].item() / 1e9, 2) == 15.12
    assert round(hour["total_nano"].item() / 1e9, 2) == 61.61


@pytest.mark.parametrize(
    ("k", "share", "ratio"),
    [(1, 97.7, 41.7), (2.7, 94.0, 15.6), (5, 89.4, 8.5), (10, 80.9, 4.2), (17, 71.4, 2.5)],
)
def test_the_share_if_output_was_undercounted(k, share, ratio):
    row = published.undercount([k]).filter(pl.col("lifetime") == "5m").row(0, named=True)
    assert (round(100 * row["share"], 1), round(row["ratio"], 1)) == (share, ratio)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("session", 97.7, 97.9),
        ("snapshot", 97.7, 97.7),
        ("issue-24147", 97.4, 99.6),
        ("block", 95.8, 95.8),
        ("issue-39803", 90.2, 91.5),
        ("issue-38335", 63.2, 63.2),
        ("arknill", 81.0, 82.7),
        ("issue-28197-log", 93.7, 94.6),
        ("issue-28197-bar", 39.0, 42.1),
        ("tracelab", 59.5, 88.7),
    ],
)
def test_published_cases_in_their_places(name, low, high):
    row = (
        margin.positions(price(requests()), by_era(price(requests())))
        .filter(pl.col("case") == name)
        .row(0, named=True)
    )
    assert (round(100 * row["low"], 1), round(100 * row["high"], 1)) == (low, high)


def test_published_token_counts_give_the_published_bills():
    assert round(published.bill(case("issue-39803"))["total_nano"].item() / 1e9, 2) == 8.99
    issue = published.bill(case("issue-24147")).row(0, named=True)
    assert (round(issue["read_nano"] / 1e9, 2), round(issue["write_nano"] / 1e9, 2)) == (
        2546.25,
        1103.12,
    )


# One request by hand: reads $1, writes $1.25, input $0.25, output $2.50: $5 in all.
HAND = {
    "read_tokens": 2_000_000,
    "write_tokens": 200_000,
    "input_tokens": 50_000,
    "output_tokens": 100_000,
}


def test_the_reader_s_own_share_by_hand():
    own = margin.totals(price(requests(HAND)))
    assert (own["read"], own["write"], own["input"], own["output"]) == (1, 1.25, 0.25, 2.5)
    assert own["total"] == 5
    assert own["share"] == pytest.approx(2.25 / 5)
    assert own["ratio"] == pytest.approx(2.25 / 2.75)
    assert own["token_share"] == pytest.approx(2_200_000 / 2_350_000)


def test_parts_sum_to_the_whole():
    rows = [HAND | {"web_searches": n, "input_tokens": 7 * n + 1} for n in range(20)]
    own = margin.totals(price(requests(*rows)))
    assert sum(own[p] for p in (*margin.PARTS, "search")) == pytest.approx(own["total"], abs=1e-12)


def test_an_unpriced_request_moves_tokens_and_no_dollars():
    odd = HAND | {"model": "other-abcdef"}
    one, two = (margin.totals(price(requests(*rows))) for rows in ([HAND], [HAND, odd]))
    assert one["total"] == two["total"]
    assert margin.totals(price(requests(odd)))["share"] is None


def test_no_requests_no_share():
    own = margin.totals(price(requests()))
    assert own["share"] is own["ratio"] is own["token_share"] is None


@pytest.mark.parametrize(
    ("version", "era"),
    [
        ("1.0.17", "before 2.1.12"),
        ("2.1.9", "before 2.1.12"),
        ("2.1.12", "2.1.12 to 2.1.29"),
        ("2.1.29", "2.1.12 to 2.1.29"),
        ("2.1.30", "2.1.30 to 2.1.42"),
        ("2.1.60", "2.1.43 to 2.1.77"),
        ("2.1.96", "2.1.78 to 2.1.96"),
        ("2.1.97", "from 2.1.97"),
        ("3.0.0", "from 2.1.97"),
        (None, "version unknown"),
    ],
)
def test_eras_by_client_version(version, era):
    frame = by_era(price(requests(HAND | {"version": version})))
    assert frame.filter(pl.col("requests") > 0)["era"].to_list() == [era, "all"]


def test_an_era_whose_requests_have_no_price_has_no_share():
    frame = by_era(price(requests(HAND | {"model": "other-01"})))
    assert frame["requests"].sum() == 0
    assert frame["share"].null_count() == frame["cost_usd"].null_count() == frame.height


def test_requests_without_a_version_are_an_era_of_their_own():
    frame = by_era(price(requests(HAND | {"version": None})))
    assert frame.filter(pl.col("requests") > 0)["era"].to_list() == ["version unknown", "all"]


def test_an_era_s_share_by_hand_and_eras_without_requests_stay():
    frame = by_era(price(requests(HAND, HAND)))
    assert frame.height == 7
    row = frame.filter(pl.col("era") == "from 2.1.97").row(0, named=True)
    assert row["requests"] == 2
    assert row["cost_usd"] == 10
    assert row["share"] == row["logged_share"] == pytest.approx(2.25 / 5)
    assert frame["share"].null_count() == 5


@pytest.mark.parametrize(
    ("version", "era"),
    [
        ("2.1.11", "before 2.1.12"),
        ("2.1.12", "2.1.12 to 2.1.29"),
        ("2.1.42", "2.1.30 to 2.1.42"),
        ("2.1.77", "2.1.43 to 2.1.77"),
        ("2.1.96", "2.1.78 to 2.1.96"),
        ("2.1.97", "from 2.1.97"),
    ],
)
def test_the_share_of_every_era_by_hand(version, era):
    searched = HAND | {"version": version, "web_searches": 100}  # $10 a thousand
    frame = by_era(price(requests(searched)))
    found = dict(frame.drop_nulls("share").select("era", "logged_share").rows())
    assert found == {name: pytest.approx(2.25 / (5 + 1)) for name in (era, "all")}


def test_the_reader_stands_among_the_cases():
    places = margin.positions(price(requests(HAND)), by_era(price(requests(HAND))))
    assert places.height == 16
    for case_name in margin.YOU:
        you = places.filter(pl.col("case") == case_name).row(0, named=True)
        assert you["low"] == you["point"] == you["high"] == pytest.approx(0.45)


def test_the_reader_stands_thrice_where_some_counts_are_placeholders():
    placeholder = HAND | {"version": "2.1.20", "output_tokens": 0}
    priced = price(requests(HAND, placeholder | {"text_chars": 400_000}))
    places = margin.positions(priced, by_era(priced))
    found = dict(places.filter(pl.col("case").is_in(margin.YOU)).select("case", "point").rows())
    text = facts("output-tokens").filter(pl.col("model") == "claude-opus-4-7")["text"].item()
    rest = 400_000 * text * 25 / 1e6
    assert found["you"] == pytest.approx(4.5 / 7.5)
    assert found["you-final"] == pytest.approx(2.25 / 5)
    assert found["you-reconstructed"] == pytest.approx(4.5 / (7.5 + rest), rel=1e-3)


@pytest.mark.parametrize(
    ("policy", "eras"),
    [
        ("largest", ["2.1.78 to 2.1.96", "from 2.1.97"]),
        ("last", ["2.1.78 to 2.1.96", "from 2.1.97"]),
        ("first", ["from 2.1.97"]),
        ("sum", []),
    ],
)
def test_whether_a_policy_finds_final_counts(policy, eras):
    rows = [
        HAND | {"version": v, "stop_reason": "end_turn"}
        for v in ("2.1.5", "2.1.90", "2.1.99", None)
    ]
    assert margin.final(price(requests(*rows)), policy).height == len(eras)


def test_a_request_without_its_last_line_is_not_final():
    rows = [HAND | {"version": "2.1.90"}, HAND | {"version": "2.1.90", "stop_reason": "tool_use"}]
    assert margin.final(price(requests(*rows))).height == 1
    assert margin.other(price(requests(*rows))) == {"short": 1, "unknown": 0}


def test_a_subagent_s_first_line_is_not_final_in_any_version():
    rows = [HAND, HAND | {"is_sidechain": True}]
    assert margin.final(price(requests(*rows)), "largest").height == 2
    assert margin.final(price(requests(*rows)), "first").height == 1


def test_what_is_not_final_is_short_or_unknown():
    versions = ("2.1.20", "2.1.60", None, "2.1.99")
    rows = [HAND | {"version": v} for v in versions]
    assert margin.other(price(requests(*rows))) == {"short": 1, "unknown": 2}
    assert margin.other(price(requests(*rows)), "sum") == {"short": 0, "unknown": 4}
