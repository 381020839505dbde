"""The same work otherwise: known dollars by hand, what must hold of any logs, odd input."""

import datetime as dt
from itertools import pairwise

import polars as pl
import pytest
from chains_by_hand import MILLION, chain, priced_copies

from analysis.facts import case
from analysis.measures import counterfactual
from analysis.measures.lists import current_models
from analysis.measures.published import uncached
from analysis.measures.reconstruct import outputs
from analysis.measures.rewrites import NANO, bare, known, sums
from analysis.pricebook import tiers
from analysis.prices import price
from analysis.words import counterfactual as words

#: A pause of 20 minutes, in which 110,000 tokens kept five minutes expired.
EXPIRED = (
    {"minute": 0, "write": 100_000},
    {"minute": 1, "read": 100_000, "write": 10_000},
    {"minute": 21, "write": 120_000, "output": 1_000},
)
#: The same pause, and entries kept for an hour.
LIVED = ({"minute": 0, "hour": 100_000}, {"minute": 20, "read": 100_000, "hour": 10_000})


def totals(rebuilt, reprice=price):
    """Dollars by way."""
    found = counterfactual.scenarios(rebuilt, reprice)
    return {way: nano and nano / 1e9 for way, nano in found.select("scenario", "total_nano").rows()}


# $ per million: 5 input, 6.25 and 10 writes, 0.50 reads, 25 output
@pytest.mark.parametrize(
    ("rows", "way", "usd"),
    [
        (EXPIRED, "the bill", (230 * 6.25 + 100 * 0.5 + 25) / 1e3),
        (EXPIRED, "without a cache", (330 * 5 + 25) / 1e3),
        (EXPIRED, "writes repriced at 5 minutes", (230 * 6.25 + 100 * 0.5 + 25) / 1e3),
        (EXPIRED, "writes repriced at 1 hour", (230 * 10 + 100 * 0.5 + 25) / 1e3),
        (EXPIRED, "every write at 5 minutes", (230 * 6.25 + 100 * 0.5 + 25) / 1e3),
        (EXPIRED, "every write at 1 hour", (120 * 10 + 210 * 0.5 + 25) / 1e3),
        (EXPIRED, "the cheaper lifetime, by session", (120 * 10 + 210 * 0.5 + 25) / 1e3),
        (EXPIRED, "a cache that never expires", (120 * 6.25 + 210 * 0.5 + 25) / 1e3),
        # the 10,000 tokens before the pause live an hour, all others five minutes
        (EXPIRED, "the cheaper lifetime, by pause", (110 * 6.25 + 10 * 10 + 210 * 0.5 + 25) / 1e3),
        (LIVED, "the bill", (110 * 10 + 100 * 0.5) / 1e3),
        (LIVED, "without a cache", 210 * 5 / 1e3),
        (LIVED, "writes repriced at 5 minutes", (110 * 6.25 + 100 * 0.5) / 1e3),
        (LIVED, "every write at 5 minutes", 210 * 6.25 / 1e3),
        (LIVED, "every write at 1 hour", (110 * 10 + 100 * 0.5) / 1e3),
        (LIVED, "the cheaper lifetime, by session", (110 * 10 + 100 * 0.5) / 1e3),
        (LIVED, "a cache that never expires", (110 * 6.25 + 100 * 0.5) / 1e3),
        (LIVED, "the cheaper lifetime, by pause", (100 * 10 + 10 * 6.25 + 100 * 0.5) / 1e3),
        # at the list of Opus 5.5: 4, 5, 8, 0.20, 20
        (EXPIRED, "all at opus-5-5", (230 * 5 + 100 * 0.2 + 20) / 1e3),
        (EXPIRED, "at the list of 2026-11-01", (230 * 6.25 + 100 * 0.5 + 25) / 1e3),
    ],
)
def test_ways_by_hand(rows, way, usd):
    assert totals(chain(*rows))[way] == pytest.approx(usd, abs=1e-12)


def test_a_pause_that_no_lifetime_covers_changes_nothing():
    found = totals(chain({"minute": 0, "write": 100_000}, {"minute": 90, "write": 100_000}))
    assert found["every write at 5 minutes"] == found["the bill"]
    assert found["the cheaper lifetime, by pause"] == found["the bill"]
    assert found["every write at 1 hour"] == pytest.approx(2)
    assert found["a cache that never expires"] == pytest.approx((100 * 6.25 + 100 * 0.5) / 1e3)


def test_the_long_context_tier_holds_without_a_cache():
    old = {"model": "claude-opus-4-6", "first_seen": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}
    found = totals(chain({"read": 250_000} | old))
    assert found["the bill"] == pytest.approx(0.25 * 1)
    assert found["without a cache"] == pytest.approx(0.25 * 10)
    assert found["at the list of 2026-11-01"] == pytest.approx(0.25 * 0.5)


@pytest.mark.parametrize("model", ["gpt-5-4", "gemini-1-5-pro", "claude-opus-4-6"])
def test_prompts_on_both_sides_of_a_tier_are_priced_apart(model):
    """Whoever's it is, and wherever it begins: the mean of both sides would lie on one."""
    day = {"model": model, "first_seen": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}
    reads = [end + more for end in tiers() for more in (-1, 0, 1, 1, 1)]
    found = chain(*({"read": n} | day for n in reads))
    assert sum(sums(known(found), price).values()) == found["total_nano"].sum()


def test_the_published_session_without_a_cache():
    session = uncached(case("session"))["total_nano"].item()
    assert (
        price(
            bare(case("session")).with_columns(
                pl.col("price_day").alias("first_seen"), aggregate=True
            )
        )["total_nano"].item()
        == session
    )
    assert round(session / 1e9, 2) == 460.67
    row = counterfactual.readings(counterfactual.scenarios(chain())).row(1, named=True)
    assert row["without_usd"] == session / 1e9
    assert (round(row["cache share"], 3), round(row["high"], 2)) == (0.977, 8.24)


def test_the_30_day_issue_without_a_cache_over_what_it_does_not_publish():
    found = counterfactual.readings(counterfactual.scenarios(chain()))
    row = found.filter(pl.col("label").str.contains("24147")).row(0, named=True)
    assert (round(row["low"], 1), round(row["high"], 1)) == (6.0, 7.2)


def test_both_readings_of_the_cache():
    own = counterfactual.readings(counterfactual.scenarios(chain(*EXPIRED))).row(0, named=True)
    assert own["cache share"] == pytest.approx(1.4875 / 1.5125)
    assert own["saved share"] == pytest.approx(1 - 1.5125 / 1.675)
    assert own["low"] == own["high"] == pytest.approx(1.675 / 1.5125)


def test_the_waterfall_goes_from_the_bill_to_the_total_without_a_gap():
    found = counterfactual.scenarios(chain(*EXPIRED))
    steps = counterfactual.waterfall(found, "without a cache").to_dicts()
    assert [s["step"] for s in steps] == [
        "the bill", "cache reads", "cache writes", "uncached input", "without a cache",
    ]  # fmt: skip
    for one, other in pairwise(steps[:-1]):
        assert one["end_usd"] == other["start_usd"]
    assert steps[-2]["end_usd"] == steps[-1]["end_usd"] == pytest.approx(1.675)


@pytest.fixture(scope="module", params=[1, 2])
def logs(request):
    return priced_copies(3_000, request.param)


@pytest.fixture(scope="module")
def ways(logs):
    return counterfactual.scenarios(logs)


def test_every_way_closes_to_a_total_of_its_own(ways):
    assert ways.select(pl.sum_horizontal(NANO)).to_series().equals(ways["total_nano"])
    assert ways["total_nano"].null_count() == 0
    assert ways["ratio"].to_list()[0] == 1


def test_the_bill_is_the_bill(logs, ways):
    assert ways["total_nano"][0] == logs["total_nano"].sum()


def test_without_a_cache_all_prompt_tokens_cost_what_input_costs(logs, ways):
    prompt = pl.col("input_tokens") + pl.col("read_tokens") + pl.col("write_tokens")
    days = logs.select("model", "first_seen", input_tokens=prompt)
    found = ways.row(by_predicate=pl.col("scenario") == "without a cache", named=True)
    assert found["input_nano"] == price(days)["total_nano"].sum()
    assert found["output_nano"] == logs["output_nano"].sum()
    assert found["read_nano"] == found["write_5m_nano"] == found["write_1h_nano"] == 0


def test_what_is_never_dearer(ways):
    nano = dict(ways.select("scenario", "total_nano").rows())
    pure = [nano["every write at 5 minutes"], nano["every write at 1 hour"]]
    by_session, by_pause = (
        nano[f"the cheaper lifetime, by {what}"] for what in ("session", "pause")
    )
    assert by_pause < by_session < min(pure)
    assert by_pause < nano["the bill"]
    assert nano["a cache that never expires"] <= by_pause
    assert nano["the bill"] < nano["without a cache"]


def test_twice_the_prices_are_twice_the_money(logs, ways):
    def dear(rows, **more):
        return price(rows, **more).with_columns(pl.col(*NANO, "total_nano") * 2)

    double = counterfactual.scenarios(logs.with_columns(pl.col(*NANO, "total_nano") * 2), dear)
    assert double["total_nano"].equals(ways["total_nano"] * 2)


def test_the_order_and_the_files_of_rows_change_nothing(ways, logs, request):
    seed = request.node.callspec.params["logs"]
    again = counterfactual.scenarios(priced_copies(3_000, seed, files=7))
    assert again.equals(ways)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ({"read": 90_000, "write": 10},),
        ({"model": "other-01", "write": 90_000},),
        ({"write": 50_000, "write_5m_tokens": None, "write_1h_tokens": None},) * 2,
        ({"input": 5, "output": 7},),
    ],
)
def test_odd_logs_are_priced_and_put_into_words(rows):
    rebuilt = chain(*rows)
    found = counterfactual.scenarios(rebuilt)
    both = counterfactual.readings(found)
    answers = outputs(rebuilt)
    said = [words.opening(both, answers), words.ratios(found), words.ratios_alt(found)]
    said += [
        words.readings(both),
        words.waterfall(counterfactual.waterfall(found, "without a cache")),
    ]
    assert all(text and "None" not in text and "nan" not in text for text in said)
    assert (words.NO_BILL in said[0]) == (found["total_nano"][0] == 0)


def test_a_total_is_a_multiple_of_the_bill_with_its_output_and_as_logged_beneath():
    """A tenth of the output was logged: $1.00 of reads and $0.25 of output, $10 uncached."""
    rebuilt = chain({"read": 2 * MILLION, "output": 10_000})
    ways, left_out = counterfactual.scenarios(rebuilt), 2_250_000_000
    steps = counterfactual.waterfall(ways, "without a cache", rest_nano=left_out)
    assert steps.filter(pl.col("class").is_null())["end_usd"].to_list() == [3.5, 12.5]
    title, _, rest = words.waterfall(steps, left_out).partition(". As logged: ")
    assert title.endswith("3.57× the bill without a cache, output reconstructed in both")
    assert rest.startswith("$10.25 (8.20×) without a cache, beside a bill of $1.25. ")
    whole = words.waterfall(counterfactual.waterfall(ways, "without a cache"))
    assert whole.startswith("The same work would have cost 8.20× the bill without a cache. ")


def test_times_without_a_cache_from_what_requests_paid_for_input(logs, ways):
    ratio = ways.row(by_predicate=pl.col("scenario") == "without a cache", named=True)["ratio"]
    assert counterfactual.times_bare(logs) == pytest.approx(ratio)
    assert counterfactual.times_bare(chain()) is None


def test_what_survived_without_a_known_lifetime_would_be_lost_at_five_minutes():
    """As where the log splits writes, an hour is dearer than the bill and five minutes more so."""
    unsplit = {"write_5m_tokens": None, "write_1h_tokens": None}
    found = totals(
        chain({"write": 100_000} | unsplit, {"minute": 20, "read": 100_000, "write": 9} | unsplit)
    )
    assert found["every write at 5 minutes"] == pytest.approx(200_009 * 6.25e-6)
    assert found["every write at 1 hour"] == pytest.approx(100_009 * 10e-6 + 100_000 * 0.5e-6)


def test_an_unpriced_request_has_no_part():
    odd = {"minute": 2, "model": "other-01", "write": MILLION}
    with_it = chain(*EXPIRED[:2], odd, EXPIRED[2])
    assert totals(with_it)["without a cache"] == totals(chain(*EXPIRED))["without a cache"]


def test_current_models_have_a_price_and_are_the_newest_of_their_family():
    models = current_models()
    assert "claude-opus-4-6" not in models
    assert len({m.split("-")[1] for m in models}) == len(models)
