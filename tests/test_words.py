"""Captions say computed numbers, read well at the edges, and name their units."""

import dataclasses
import datetime as dt
import re

import pytest
from requests_by_hand import requests

from analysis import load
from analysis.facts import facts
from analysis.logs import store
from analysis.measures import data as measure_data
from analysis.measures import learnt, published
from analysis.measures import margin as measure
from analysis.measures.reconstruct import by_era
from analysis.paths import ROOT, SAMPLE
from analysis.prices import price
from analysis.report.markdown import title_and_rest
from analysis.words import data, margin, page, reconstruct
from analysis.words import published as told
from analysis.words.numbers import NARROW_SPACE, count, day, ratio, share, usd


def plain(text):
    """A sentence with ordinary spaces."""
    return text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


VALUES = {"timezone": "UTC", "policy": "largest"}
HAND = {"read_tokens": 2_000_000, "input_tokens": 50_000, "output_tokens": 100_000}


def test_numbers():
    assert (plain(share(0.12345, 2)), share(None)) == ("12.35 %", "no share")
    assert plain(day(dt.date(2026, 3, 5))) == "5 March 2026"
    assert (ratio(8.04), ratio(1309.9), ratio(None)) == ("8.0:1", "1,310:1", "no ratio")
    assert (usd(0), usd(1234.5), usd(None)) == ("$0.00", "$1,234.50", "an unknown sum")
    assert (count(0, "line"), count(1, "line"), count(2, "line")) == (
        "0 lines",
        "1 line",
        "2 lines",
    )


def opening(*rows, policy="largest"):
    priced = price(requests(*rows))
    return margin.opening(priced, by_era(priced, policy), policy)


def test_the_opening_says_share_of_what():
    said = plain(opening(HAND))
    assert "$3.75" in said
    assert "In the 1 request with a price and a final output count" in said
    assert "**26.7 % of list-price dollars**" in said  # reads $1 of $1 + $0.25 + $2.50
    assert "93.0 % of tokens" in said


def test_a_share_that_rests_on_placeholders_is_never_the_headline():
    placeholder = HAND | {"version": "2.1.20", "output_tokens": 1, "text_chars": 300_000}
    said = plain(opening(placeholder))
    assert "the logs say 80.0 %" in said
    assert "With output reconstructed where the log lacks its final count" in said
    assert "**80.0 %" not in said
    assert "so this is too high: 1 of versions that log a placeholder or a partial count" in said
    both = plain(opening(HAND, placeholder))
    assert "of versions that log final counts it is 26.7 %" in both
    assert "the logs say 40.0 %" in both  # $2 of reads in $5
    assert "**40.0 %" not in both
    assert "pools them with 1 of versions that log a placeholder" in both


def test_nothing_is_pooled_where_every_count_is_final():
    said = plain(opening(HAND, HAND))
    assert "pools" not in said
    assert "Over all" not in said


def test_what_is_not_known_is_not_called_too_high():
    said = plain(opening(HAND | {"version": "2.1.60"}))
    assert "may be too high: 1 of versions whose counting is not known" in said
    mixed = plain(opening(HAND, HAND | {"version": None}))
    assert "pools them with 1 of versions whose counting is not known" in mixed


def test_a_policy_that_multiplies_has_no_share_worth_a_headline():
    said = plain(opening(HAND, policy="sum"))
    assert "counts every line as a request" in said
    assert "**" not in said


def test_the_lead_and_the_summary_say_what_was_chosen():
    values = {"since": "2026-03-01", "until": "", "timezone": "UTC", "policy": "first"}
    priced = price(requests(HAND))
    said = plain(page.lead(priced, values))
    assert "$3.75 at list price, which is not an invoice" in said
    assert said.endswith("from 1 March 2026, days of UTC, counted by the policy first.")
    assert page.chosen({"since": "", "until": "", "timezone": "UTC", "policy": "largest"}) == ""


def test_what_the_reader_set_is_said_on_top_in_the_summary_and_at_the_foot():
    values = VALUES | {"wage_usd": 80.0, "users": 100}
    priced = price(requests(HAND))
    said = "wage_usd 80 (default 116)"
    assert said in page.lead(priced, values)
    assert f"set here   {said}" in page.summary(load("sample"), priced, values)
    assert "**wage_usd 80** (default 116)" in page.given(values)
    assert "Set here" not in page.lead(priced, VALUES)
    assert "\nnames " in page.summary(load("sample"), priced, values, named=True)
    assert "**" not in page.given(VALUES)


def test_without_a_priced_request_there_is_no_share():
    assert "no share of dollars" in opening()
    odd = price(requests(HAND | {"model": "other-01"}))
    assert "no share of dollars" in opening(HAND | {"model": "other-01"})
    assert "no priced request" in margin.positions(measure.positions(odd, by_era(odd)))
    assert "no share by client version" in reconstruct.eras(by_era(odd))


def test_the_published_numbers_in_captions_are_computed():
    assert "0.06 % and 0.07 % of tokens" in plain(told.headline(published.headline()))
    assert "2.34 % and 0.53 % to 2.59 % of list-price dollars" in plain(
        told.headline(published.headline())
    )
    assert "$55.94" in told.recomputed()
    assert "$460.67, 8.2 times as much" in told.recomputed()
    assert "falls from 97.7 % as logged to 71.4 %" in plain(told.undercount(published.undercount()))
    assert "about 60 times" in told.undercount(published.undercount())
    assert "from 1.05 to 17.45 times, and one of 60" in told.undercount_range()


def test_the_definitions_that_give_a_printed_number_are_named():
    said = told.definitions(published.definitions())
    assert "*total : API* of the session (42.7)" in said
    assert "*cache : API* of its later state (43.2)" in said
    assert "*reads : input and output* of #24147 (1,309.9)" in said
    assert "97.7 by 2.3 and 99.93 by 0.07" in said
    assert "(41.7)" not in said


def test_final_counts_without_a_price_give_no_share():
    odd = HAND | {"model": "other-01"}
    said = plain(opening(odd, HAND | {"version": "2.1.20"}))
    assert "No priced request is known to have a final output count" in said
    assert "Over all 1 request with a price" in said
    assert "1 request without a price" in page.lead(price(requests(odd)), VALUES)


def test_what_has_no_price_is_no_zero_dollars():
    odd = price(requests(HAND | {"model": "other-01"}))
    assert "$0.00" not in page.lead(odd, VALUES)
    assert "an unknown sum at list price" in page.lead(odd, VALUES)


def test_days_are_those_of_the_chosen_zone():
    late = HAND | {"first_seen": dt.datetime(2026, 2, 4, 3, tzinfo=dt.UTC)}
    values = {"since": "2026-02-03", "timezone": "America/Los_Angeles", "policy": "largest"}
    said = plain(page.lead(price(requests(late)), values))
    assert "from 3 February 2026 to 3 February 2026" in said
    assert "days of America/Los_Angeles" in said


def test_eras_say_how_far_shares_lie_apart():
    said_all = HAND | {"text_chars": 310_000}  # about as many tokens as counted
    rows = [said_all | {"version": "2.1.20", "output_tokens": 5}, said_all | {"version": "2.1.120"}]
    said = plain(reconstruct.eras(by_era(price(requests(*rows)))))
    assert "are 26.7 % to 80.0 % of list-price dollars as logged" in said
    assert "the counter changed more than the cache. Versions lie 53.3 points apart as" in said


def test_eras_that_lie_apart_anyway_are_not_the_counter_s():
    cheap = HAND | {"output_tokens": 10}
    said = plain(reconstruct.eras(by_era(price(requests(cheap, HAND | {"version": "2.1.90"})))))
    assert "the counter changed" not in said
    assert "53.3 points apart as logged, 53.3 reconstructed" in said


def test_positions_count_who_is_above_and_below():
    said = plain(
        margin.positions(measure.positions(price(requests(HAND)), by_era(price(requests(HAND)))))
    )
    assert "are 26.7 % with output reconstructed, 26.7 % as logged" in said
    assert "output reconstructed: 13 cases above, 0 below, 0 around" in said


ODD = {
    "none": [],
    "one": [HAND],
    "unpriced": [HAND | {"model": "other-01"}],
    "placeholder": [HAND | {"version": "2.1.20", "output_tokens": 1}],
    "no version": [HAND | {"version": None}],
    "free": [HAND | dict.fromkeys(("read_tokens", "input_tokens", "output_tokens"), 0)],
    "huge": [HAND | {"read_tokens": 10**15}],
}


@pytest.mark.parametrize("policy", ["largest", "first", "sum"])
@pytest.mark.parametrize("name", ODD)
def test_a_caption_begins_with_a_finding_that_is_true_of_odd_logs(name, policy):
    priced = price(requests(*ODD[name]))
    eras = by_era(priced, policy)
    places, errors = measure.positions(priced, eras, policy), learnt.validation(priced)
    models = measure_data.by_model(priced)
    said = {
        "positions": margin.positions(places),
        "sources": margin.sources(places),
        "eras": reconstruct.eras(eras),
        "eras_table": reconstruct.eras_table(eras),
        "errors": reconstruct.errors(errors),
        "validation": reconstruct.validation(errors),
        "misses": reconstruct.misses(learnt.misses(priced)),
        "coefficients": reconstruct.coefficients(learnt.taught(priced)),
        "models": data.models(models, priced),
        "data eras": data.eras(measure_data.by_era(priced)),
    }
    for what, caption in said.items():
        title, reading = title_and_rest(caption)
        assert re.search(r"\d|^No ", title), what
        assert reading or title.startswith("No "), what
        assert not re.search(r"\b(nan|inf|None)\b|no share \(|no ratio|an unknown", caption), what
    assert len(margin.positions_alt(places)) > 30


@pytest.mark.usefixtures("datasets")
def test_captions_of_what_was_read_count_it():
    store.load_logs("sample", str(SAMPLE))
    logs = store.read("sample")
    nothing = dataclasses.replace(logs, copies=logs.copies.clear(), files=logs.files.clear())
    both, none = measure_data.by_count(logs), measure_data.by_count(nothing)
    found = plain(data.progress(both))
    assert re.match(r"\d+ of \d+ requests?, and \d+\.\d % of list-price dollars, are", found)
    assert data.progress(none).startswith("0 of 0 requests, are known")
    lines = logs.files["lines"].sum()
    assert f"Of {lines:,} lines, " in data.ledger(logs.files)
    assert data.ledger(nothing.files).startswith("No line was read. ")
    assert f"1 of {lines:,} lines could not be read." in data.rejections(logs.files)
    assert data.rejections(nothing.files).startswith("0 of 0 lines could not be read.")
    flow, empty = measure_data.flow(logs), measure_data.flow(nothing)
    assert f"Found in {lines:,} lines: " in data.flow(flow)
    assert "Found in 0 lines: 0 usage records of 0 requests." in data.flow(empty)
    assert f"requests {logs.policy('largest').requests.height}, " in data.flow_alt(flow)
    assert data.flow_alt(empty) == "A stacked bar a row: nothing was read."


def test_the_published_captions_begin_with_a_finding():
    for caption in (
        told.headline(published.headline()),
        told.recomputed(),
        told.definitions(published.definitions()),
        told.readings(),
        told.undercount(published.undercount()),
        told.undercounts_table(facts("undercounts")),
    ):
        title, reading = title_and_rest(caption)
        assert re.search(r"\d", title)
        assert reading
    assert told.readings().startswith(
        f"The {share(0.9993, 2)} of tokens that issue #24147 prints are reads and writes, of all "
        f"tokens; reads alone are {share(0.96579, 2)}."
    )
    assert told.definitions(published.definitions()).startswith(
        "Of 10 ratios that could be meant, 3 round to a printed one, 43:1 or 1,310:1. "
    )
    assert told.undercounts_table(facts("undercounts")).startswith(
        "9 published measurements put the true output at 1.05 to 60 times the logged."
    )


def test_every_table_of_published_figures_that_is_named_as_a_source_is_there():
    named = {
        name
        for source in (margin.AMONG_PUBLISHED, told.CASES, told.RATIOS, told.FACTORS, told.CURVE)
        for name in re.findall(r"`(.+?)`", source)
    }
    assert {"data/raw/facts/cases.csv", "data/raw/facts/headlines.csv"} < named
    assert all((ROOT / name).is_file() for name in named)


def test_a_source_says_what_narrows_it():
    values = {"since": "2026-03-01", "until": "", "timezone": "UTC", "policy": "first"}
    assert plain(page.source(VALUES)) == "these logs, policy largest"
    assert plain(page.source(values)) == "these logs, policy first, from 1 March 2026, days of UTC"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([HAND], "Every request has a price."),
        ([HAND, HAND | {"model": "other-01"}], "1 request (50.0 % of tokens)"),
    ],
)
def test_unpriced_requests_are_told(rows, says):
    priced = price(requests(*rows))
    assert says in plain(data.models(measure_data.by_model(priced), priced))
