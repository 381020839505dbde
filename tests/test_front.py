"""The first screen: five findings of public sessions and five of the reader's, in equal terms."""

import io
import re

import polars as pl
import pytest
from bs4 import BeautifulSoup
from requests_by_hand import requests

from analysis import schema
from analysis.claims import VERDICTS, claims
from analysis.facts import facts
from analysis.measures import front as measure
from analysis.prices import price
from analysis.report.front import table
from analysis.words import findings
from analysis.words import front as words
from analysis.words.numbers import share
from benchmarks.findings import shown

NO_EVENTS = pl.DataFrame(schema=schema.dtypes("events"))
HAND = {
    "version": "2.1.120",
    "model": "claude-opus-4-7",
    "stop_reason": "end_turn",
    "input_tokens": 50_000,
    "read_tokens": 2_000_000,
    "output_tokens": 100_000,
    "text_chars": 310_000,
}
SHORT = HAND | {"version": "2.1.20", "output_tokens": 5, "stop_reason": None}
ODD = {
    "none": [],
    "one": [HAND],
    "no price": [HAND | {"model": "other-01"}],
    "one with a price": [HAND, HAND | {"model": "other-01"}],
    "a placeholder": [SHORT],
    "no version": [HAND | {"version": None}],
    "no version, short": [SHORT | {"version": None}],
    "free": [HAND | dict.fromkeys(("input_tokens", "read_tokens", "output_tokens"), 0)],
    "huge": [HAND | {"read_tokens": 10**15}],
}
TITLES = ["cost", "miscounted", "Without", "expires", "cannot be known"]


def found(*rows, policy="largest"):
    """The five findings of requests made by hand."""
    priced = price(requests(*rows))
    made = shown(priced, NO_EVENTS, policy=policy)
    seen = {label: table(frame.write_csv()) for label, frame in made.items()}
    numbers = measure.numbers(priced, seen)
    return [plain(f) for f in words.findings(numbers, seen[measure.ERAS], "these logs")]


def plain(finding):
    texts = {k: v.replace("\u202f", " ") for k, v in finding._asdict().items() if k != "labels"}
    return finding._replace(**texts)


@pytest.mark.parametrize("policy", ["largest", "first", "sum"])
@pytest.mark.parametrize("name", ODD)
def test_odd_logs_have_five_findings_that_say_what_there_is(name, policy):
    five = found(*ODD[name], policy=policy)
    assert all(word in f.title for word, f in zip(TITLES, five, strict=True))
    for finding in five:
        assert finding.number
        assert finding.said.endswith(".")
        text = " ".join(part for part in finding[:-1] if part)
        assert not re.search(r"None|nan|inf\b|null|\{|\}|no ratio|  ", text), text
        assert all(end in ("", ".") for end in (finding.band[-1:], finding.definition[-1:]))


def test_of_no_request_nothing_is_said_but_what_nobody_knows():
    *four, last = found()
    assert {f.number for f in four} == {"no request"}
    assert "in these logs" in four[0].said
    assert last.number == "0 to 1"
    assert "no limit hit" in last.said


def test_without_a_price_there_is_a_share_of_tokens_alone():
    cache, counter, bare, *_ = found(HAND | {"model": "other-01"})
    assert cache.number == "no share"
    assert "cache reads and writes are 93.0 %" in cache.said  # 2.0 M of 2.15 M
    assert counter.number == "no count"
    assert bare.number == "no bill"


def test_one_request_by_hand_needs_no_band():
    cache, counter, bare, expiry, _ = found(HAND)  # $0.25 of input, $1 of reads, $2.50 of output
    assert cache.number == "26.7 %"
    assert cache.band == "No band: nothing had to be reconstructed."
    assert counter.number == "none"
    assert bare.number == "3.40×"  # 2.05 M at $5 and the output, over $3.75
    assert expiry.number == "no gap"


def test_a_placeholder_is_told_from_what_was_written():
    cache, counter, *_ = found(HAND, SHORT, SHORT)
    assert "of client versions 2.1.12 to 2.1.29" in counter.said
    assert counter.number == "over 99.9 %"
    assert counter.said.startswith("**of output tokens are missing from the logs of client")
    assert "they hold 5.0 a request, where about" in counter.said
    assert "seems to be 80.0 % of dollars" in counter.said
    assert re.fullmatch(r"90 % band: \d\d\.\d % to \d\d\.\d %\.", cache.band)


def test_a_policy_that_counts_lines_has_its_share_and_no_band():
    cache, *_ = found(HAND, policy="sum")
    assert cache.number == "26.7 %"
    assert cache.band.startswith("No band: this policy counts lines")


def test_a_chapter_that_is_not_there_leaves_its_finding_out():
    priced = price(requests(HAND))
    seen = shown(priced, NO_EVENTS)
    for label in (measure.WAYS, measure.LOSSES):
        del seen[label]
    five = words.findings(measure.numbers(priced, seen), seen[measure.ERAS], "these logs")
    assert [f.title for f in five][1:] == ["What the logs miscounted", "What cannot be known"]
    assert not words.findings(measure.numbers(priced, {}), None, "these logs")


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (29, 4456), (136, 142), (61, 62)])
def test_the_interval_is_wilson_s(part, whole):
    from statsmodels.stats.proportion import proportion_confint

    wanted = proportion_confint(part, whole, 0.1, method="wilson")
    assert measure.wilson(part, whole) == pytest.approx(wanted, abs=1e-12)


def test_gaps_are_pooled_without_the_minutes_in_which_either_may_be():
    """97 of 97 gone beyond six minutes, 29 of 4,456 within five; between, none counts."""
    names = ["under 1 min", "1 to 5 min", "5 to 6 min", "6 to 15 min", "over 65 min"]
    gaps = pl.DataFrame(
        {
            "lifetime": ["5m"] * 5,
            "gap": names,
            "requests": [4108, 348, 28, 90, 7],
            "lost": [13, 16, 17, 90, 7],
        }
    )
    rows = measure.numbers(price(requests()), {measure.LOSSES: gaps})
    by = {r["measure"]: (r["value"], r["count"]) for r in rows.to_dicts()}
    assert by["lost-5m-within"] == (29 / 4456, 4456)
    assert by["lost-5m-past"] == (1, 97)
    assert by["lost-1h-past"] == (None, 0)


@pytest.mark.parametrize(
    ("count", "number", "goes_on"),
    [(4, "4 of 4", "**prompts cached"), (10, "100.0 %", "**of prompts cached")],
)
def test_a_share_of_fewer_than_ten_is_counted(count, number, goes_on):
    lost = {"value": 1.0, "low": 0.5, "high": 1.0, "count": count}
    none = dict.fromkeys(("value", "low", "high")) | {"count": 0}
    rows = dict.fromkeys(("lost-5m-within", "lost-1h-within", "lost-1h-past"), none)
    found = plain(findings.expiry(rows | {"lost-5m-past": lost}, "these logs"))
    assert found.number == number
    assert found.said.startswith(goes_on)
    assert found.band == f"90 % interval: 50.0 % to 100.0 % of {count}."


@pytest.mark.parametrize(
    ("name", "columns", "value"),
    [(words.PUBLIC, list(measure.KINDS), "value"), ("public-eras", pl.exclude("source"), "share")],
)
def test_the_public_sessions_are_told_from_other_logs(name, columns, value):
    theirs = facts(name)
    mine = theirs.select(columns)
    assert measure.same(mine.with_columns(pl.col(value) * 1.00001), theirs)
    assert not measure.same(mine.with_columns(pl.col(value) * 1.001), theirs)
    assert not measure.same(mine.head(3), theirs)
    assert not measure.same(mine.with_columns(another=1), theirs)


def test_the_public_five_are_those_of_the_facts():
    rows = facts(words.PUBLIC)
    value = dict(rows.select("measure", "value").rows())
    cache, counter, bare, expiry, unknown = words.findings(
        rows, facts("public-eras"), "these sessions"
    )
    assert cache.number == share(value["cache-share"])
    assert share(value["token-share"]) in cache.said
    worst = facts("public-eras").filter(era="2.1.12 to 2.1.29").row(0, named=True)
    held = worst["mean_output_tokens"] / worst["mean_expected_tokens"]
    assert counter.number == share(1 - held)
    assert "missing from the logs of client versions 2.1.12 to 2.1.29" in counter.said
    assert bare.number == f"{value['without-cache']:.2f}×"
    assert expiry.number == share(value["lost-5m-past"])
    assert share(value["lost-1h-past"]) in expiry.said
    assert unknown.number == "0 to 1"


def test_the_picture_has_every_era_in_its_place():
    hero = words.hero(facts("public-eras"))
    assert [row["name"] for row in hero["rows"]] == [*facts("eras")["era"], "All"]
    assert hero["title"].startswith("The counter changed, not the cache")
    for row in hero["rows"]:
        places = [float(at) for at in row.get("at", {}).values()]
        assert all(0 <= at <= 100 for at in places)
        if places:
            logged, true, low, high = places
            assert low <= true <= high
            assert true <= logged
            assert row["share"] in hero["alt"]
    assert "208 public Claude Code sessions" in hero["source"]
    assert "(blog.sd.idv.tw, 25\u00a0March\u00a02026)" in hero["source"]
    assert "in both rows" in hero["source"]  # 210 sessions in rows of 208
    few = pl.concat([facts("public-eras").head(1), facts("public-eras").tail(1)])
    assert "in both rows" not in words.hero(few)["source"]
    assert hero["ticks"][0]["at"] == "0.00"
    assert hero["ticks"][-1]["at"] == "100.00"


def test_eras_that_lie_apart_anyway_are_not_the_counter_s():
    apart = pl.col("share") - pl.when(era="before 2.1.12").then(0.2).otherwise(0)
    moved = facts("public-eras").with_columns(share=apart, low=apart)
    assert words.hero(moved)["title"].startswith("From one client version to another")


@pytest.fixture(scope="module")
def page(built):
    html = (built[0] / "reports" / "toy" / "index.html").read_text()
    return BeautifulSoup(html, "html.parser")


@pytest.fixture(scope="module")
def own(page):
    """The reader's five by their titles: the number, and the whole text."""
    parts = page.select("#front-own ~ .findings .finding")
    return {
        part.h3.text: (spaced(part.select_one(".number").text), spaced(part.text)) for part in parts
    }


def spaced(text):
    return " ".join(text.split())


def csv(built, name):
    path = built[0] / "reports" / "toy" / name
    return pl.read_csv(io.BytesIO(path.read_bytes()), infer_schema_length=None)


def test_the_front_comes_first_and_says_what_it_is_of(page):
    first = page.body.select("h1, h2")[:4]
    assert [h.name for h in first] == ["h1", "h2", "h2", "h2"]
    said = [h.text for h in first[1:]]
    assert said[0] == f"In {facts(words.PUBLIC)['sessions'][0]} public Claude Code sessions"
    assert said[2] == "In these logs, which are synthetic"
    assert "not your invoice" in page.header.text
    assert len(page.select(".public .finding")) == len(page.select(".own .finding")) == 5


def test_the_reader_s_numbers_are_those_of_the_chapters(page, built, own):
    main = spaced(page.main.text)
    eras = csv(built, "figures/fig-margin-eras.csv")
    whole = eras.filter(era="all").row(0, named=True)
    cache, text = own["The cache's share of the cost"]
    assert cache == spaced(share(whole["share"]))
    band = f"90 % band: {share(whole['low'])} to {share(whole['high'])}"
    assert f"{cache} of list-price dollars ({spaced(band)})" in main
    assert spaced(band) in text
    bare = own["Without a cache"][0]
    assert f"come to {bare} the bill" in main
    assert f"The same work would have cost {bare} the bill without a cache" in main
    lost = re.search(
        r"lost in (\d of \d|\S+ % of [0-9,]+) requests over six minutes after five-minute", main
    )
    assert own["When the cache expires"][0] == lost[1].partition(" % of")[0] + (
        " %" if "%" in lost[1] else ""
    )
    bounds = csv(built, "figures/fig-revenue-bounds.csv")
    read = bounds.filter(pl.col("class") == "read", pl.col("step") == 0)
    assert spaced(share(read["low"][0], 0)) in own["What cannot be known"][1]
    ways = csv(built, "tables/tab-quota-ways.csv")
    assert f"from {ways['hits'][0]} limit hits" in own["What cannot be known"][1]
    worst = measure.miscounted(eras).row(0, named=True)
    assert own["What the logs miscounted"][0] == spaced(share(1 - worst["held_share"]))


def test_the_count_of_verdicts_sums_to_the_claims(page):
    listed = [li.text.split() for li in page.select(".verdicts li")]
    assert sum(int(number) for number, _ in listed) == claims().height
    told = page.select_one("#tab-scorecard-verdicts tbody").select("tr")
    cells = [[cell.text for cell in row.select("th, td")[:2]] for row in told]
    assert [[word, number] for number, word in listed] == [c for c in cells if c[1] != "0"]
    assert [word for _, word in listed] == [
        w for w in VERDICTS if w in dict(cells) and w != "pending"
    ]


def test_what_is_contradicted_is_told_from_what_nothing_can_carry(page, built):
    said = spaced(page.select_one("#front-verdicts ~ .of").text)
    assert "blog.sd.idv.tw, 25 March 2026" in said
    assert "pricingcode.substack.com, March 2026" in said
    listed = re.findall(r"(\d+) (hold as|hold under|are contra|have nothing|are others)", said)
    number = {words: int(found) for found, words in listed}
    card = csv(built, "figures/fig-scorecard-tiles.csv")
    assert sum(number.values()) == card.height
    given = dict(card["verdict"].value_counts().rows())
    assert number["hold as"] == given["exact"] + given["rounding"]
    assert number["hold under"] == given["definition"]
    without = card.filter(pl.col("verdict") == "unsupported", pl.col("lacks").is_not_null())
    assert number["have nothing"] == without.height > 0
    assert number["are contra"] == given["differs"] + given["unsupported"] - without.height > 0


def test_every_link_of_the_front_leads_to_its_chapter_or_figure(page):
    ids = {tag["id"] for tag in page.select("[id]")}
    links = page.select(".front a")
    assert {a["href"][1:] for a in links} <= ids
    figures = page.select(".own .sure a")
    assert len(figures) == 6
    for a in figures:
        number, chapter = re.fullmatch(r"Figure (\d+), chapter (\d\d)", a.text).groups()
        target = page.find(id=a["href"][1:])
        assert target.figcaption.text.startswith(f"Figure {number}. ")
        assert target.find_previous("h2", id=True)["id"].startswith(f"{chapter}-")
