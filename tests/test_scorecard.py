"""The scorecard: a row and a verdict for every claim, from published figures alone."""

import datetime as dt
import re

import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import params
from analysis.claims import VERDICTS, claims
from analysis.claims.yours import YOURS
from analysis.measures import scorecard
from analysis.plots.scorecard import plot_tiles
from analysis.prices import price
from analysis.words import scorecard as words

HEART = "^(T3|T4|C)"  # what gets its verdicts first


@pytest.fixture(scope="module")
def card():
    return scorecard.scorecard(price(requests()))


def row(card, claim):
    return card.row(by_predicate=pl.col("claim") == claim, named=True)


def test_every_claim_has_one_row_and_a_known_verdict(card):
    assert card["claim"].to_list() == claims()["claim"].to_list()
    assert set(card["verdict"]) <= VERDICTS.keys()


def test_what_is_pending_waits_for_a_chapter_that_is_still_to_come(card):
    built = {notebook.stem for notebook in params.notebooks()}
    waiting = card.filter(pl.col("verdict") == "pending")
    assert not waiting.filter(pl.col("chapter").is_in(built))["claim"].to_list()


def test_most_of_the_heart_is_not_pending(card):
    heart = card.filter(pl.col("claim").str.contains(HEART))
    waiting = heart.filter(pl.col("verdict") == "pending")
    assert set(waiting["claim"]) == set()


#: Every claim with a verdict of ours: the first reading's value, by hand from the sources, and
#: how its definition begins; or what is not published.
VERDICTS_BY_HAND = {
    "T0.1": ("unsupported", None, "the author's own session"),
    "T0.2": ("unsupported", 3, "printed numbers that only the author can have seen"),
    "T1.1": ("unsupported", None, "no list of what the firm owns"),
    "T1.2": ("unsupported", 5, "fewest of a rival, search on a bought-in"),  # OpenAI's, less search
    "T1.4": ("exact", 4, "formats that the vision page lists"),
    "T1.5": ("exact", 6, "of those named, not on the vision page's list"),
    "T1.6": ("exact", 2017, "year of iOS 11"),
    "T1.7": ("unsupported", 1, "that list HEIF, with models that are native"),
    "T1.8": ("unsupported", None, "a negative"),
    "T1.9": ("exact", 2021, "year of the founding"),
    "T1.11": ("exact", 463, "days from the announced departure"),  # 29 December 2020, 6 April 2022
    "T1.12": ("unsupported", 1, "with later founders among the authors"),
    "T1.13": ("definition", 100 * 4 / 6, "of rows, every release"),
    "T1.15": ("unsupported", 751 / 365.25, "years from Anthropic's first models"),
    "T1.18": ("exact", 27, "days from CLIP"),
    "T2.1": ("definition", 3, "families of models on the price list"),  # Opus, Sonnet, Haiku
    "T2.2": ("unsupported", 4, "of the 5 looked up, take images"),
    "T3.3": ("exact", 6.25 / 5 * 100, "five-minute writes"),
    "T3.4": ("exact", 25, "five-minute writes"),
    "T3.5": ("exact", 0.5 / 5 * 100, "reads"),
    "T3.6": ("exact", 90, "reads"),
    "T3.10": ("exact", 100 * 8 / 9, "of ArkNill's prompts with one before, longer"),  # 281: written
    "T3.7": ("exact", 5, "the default lifetime"),
    "T3.11": ("unsupported", None, "no hit rate of work with audio"),
    "T3.13": ("unsupported", 6, "releases of Anthropic for images"),
    "T4.1": ("exact", 0.0737 / 0.0613, "input and output as a share of tokens"),
    "T4.2": ("unsupported", 460.669 / 55.938, "times the cost, the same tokens without a cache"),
    "T4.4": ("rounding", 100 * (64.98 - 1.47) / 64.98, "reads and writes, of dollars, 618"),
    "T4.5": ("rounding", 100 * 1.47 / 64.98, "input and output, of dollars, 618"),
    "T4.6": ("rounding", 63.51 / 1.47, "cache : API, 618"),
    "T4.7": ("exact", 30, "days from first to last"),
    "T4.8": ("rounding", 100 * 5_268_998_572 / 5_272_886_331, "reads and writes, of all tokens"),
    "T4.9": ("rounding", 100 * 3_887_759 / 5_272_886_331, "input and output, of all tokens"),
    "T4.10": ("definition", 5_268_998_572 / 3_887_759, "cache : input and output, #24147"),
    "T4.12": ("rounding", 5_092_500_074, "cache reads"),
    "T4.13": ("rounding", 3_887_759, "input and output"),
    # of 8 accounts, the session alone has reads of over 60 % of dollars whatever it leaves open
    "T4.15": ("unsupported", 1, "not identified: accounts, if 40 % over all were theirs"),
    "T4.16": ("definition", 0, "models of the firm whose size is published"),
    "T4.17": ("exact", 10, "reads"),
    "T4.18": ("unsupported", 0.0021, "December 2025, read off the headers"),
    "T4.19": ("definition", 100 * 29.738 / 109.154, "of tokens written, after breaks"),
    "T4.20": ("definition", 60, "longest life of an entry on the price list"),
    "T4.21": ("definition", 0, "longest break from which on most tokens"),
    "T4.22": ("definition", 504.03 / 632.45, "growth after turn 500 over that before"),
    "T4.24": ("exact", 595_141 / 342_008, "exponent of tokens sent so far"),
    "T5.2": ("exact", 225 / 45, "messages in five hours, over those of Pro"),
    "T5.4": ("exact", 900 / 45, "messages in five hours, over those of Pro"),
    "T5.5": ("exact", 5, "length by the header anthropic-ratelimit-unified-5h"),
    "T5.6": ("exact", 7, "length by the header anthropic-ratelimit-unified-7d"),
    "T5.7": ("definition", 1, "of three questions, with anything published"),
    "T5.8": ("definition", 1, "statements on cached content"),
    "T5.9": ("definition", 0, "public figures of 1 by the day of the text"),
    "T5.11": ("definition", 60 / (94 / 16.7), "fastest over slowest"),
    "T5.12": ("definition", 3, "calendar days that the table spans"),
    "T5.14": ("unsupported", None, "tokens by stretch"),
    "T5.15": ("definition", 45, "points used"),
    "T5.16": ("unsupported", None, "the window's tokens are not published"),
    "T5.20": ("unsupported", 1, "statements that give the reason"),
    "T7.1": ("definition", 438, "tasks of both halves"),
    "T7.2": ("definition", 0.5 / 3.3575, "least change over the reach of chance"),
    "T7.3": (
        "rounding",
        100 * (1.51 / 1.3 + 0.43 / 0.32 + 0.22 / 0.18 + 0.13 / 0.12 - 4) / 4,
        "mean",
    ),
    "T7.6": ("definition", 99, "of the text's own messages"),
    "T7.9": ("definition", 1, "earlier studies that ran agents"),
    "T8.3": ("rounding", 67.3e9, "raised before + series G"),
    "T8.4": ("exact", 17, "rounds before + 1"),
    "T8.11": ("exact", 65 / 26, "known commitments over all investments"),
    "T8.12": ("unsupported", 0, "of 4 partners, with a published sum"),
    "T8.13": ("unsupported", 1, "partners' public statements before the text"),
    "T6.1": ("unsupported", 0, "of 5 cited issues, say that quality falls"),
    "T6.5": ("definition", 0, "labels of the tracker with a severity"),
    "T6.9": ("unsupported", None, "the session's log and terminal"),
    "T6.10": ("unsupported", None, "the session's log and terminal"),
    "T6.11": ("exact", 90_360_262, "reads of the published session"),
    "T6.12": ("definition", 90_360_262 / 441, "reads over 441 requests"),
    "T7.7": ("exact", 1_500_000, "read in every message"),
    "T9.3": ("rounding", 100 * 63.51 / 64.98, "reads and writes, of dollars, 618"),
    "T9.4": ("rounding", 100 * 1.47 / 64.98, "input and output, of dollars, 618"),
    "T9.5": ("unsupported", 0, "of 10 other accounts"),
    "T9.6": ("rounding", 99.9263, "reads and writes, of all tokens"),
    "T9.7": ("definition", 2, "units of the two rows"),
    "T9.9": ("definition", 2, "statements by then on what a plan's use is worth"),
    "T10.5": ("unsupported", None, "of the quota nothing was measured"),
    "T10.7": ("definition", 28, "rule from 2026-02-14 (inferred)"),
    "T11.1": ("unsupported", None, "its heads are"),
    "T11.2": ("definition", 0.232 / 0.22245, "cost of a request in ArkNill's sessions of 1 to 2"),
    "T11.3": ("differs", 76.2, "of the first of ArkNill's 990 prompts, read"),
    "T11.4": ("definition", 0, "measured in sessions of Claude Code"),
    "T11.7": ("definition", 1, "statements on cached content"),
    "T12.1": ("unsupported", 50, "of its headline rows are the author's own count"),
    "C1": ("unsupported", None, "the article's other blocks"),
    "C2": ("rounding", 97.6598, "reads and writes, of dollars, 441"),
    "C3": ("rounding", 2.3402, "input and output, of dollars, 441"),
    "C4": ("rounding", 55.938, "at list price"),
    "B3": ("exact", 4, "classes of tokens that moved the meter"),
    "B11": ("definition", 0.4 * 25 / 60, "most hours by a study that measured the share"),
    "B12": ("unsupported", 0.18 * 2, "most hours spared experienced developers"),
    "B4": ("definition", 2, "of 3 families, with weekly hours"),
    "B5": ("definition", 100 * 3.8 / 4.7, "API sales over revenue of 2025, both as retold"),
    "B10": ("exact", 7, "of 7 products that this section names"),
    "B13": ("definition", 2, "of 8 paid seats and plans"),
    "B14": ("exact", 225 / 45, "messages in five hours, over those of Pro"),
    "B15": ("exact", 900 / 45, "messages in five hours, over those of Pro"),
    "B16": ("definition", 3, "more that Max has alone, copy of"),  # answers, priority, PowerPoint
    "B17": ("definition", 0, "features of the plan page in hours"),
    "B19": ("definition", 1, "products that Max has alone, copy of February"),
    "B23": ("rounding", 24.4, "paid Anthropic in February 2026"),
    "B25": ("definition", 100 * 4.9 / 19.5, "relative to the share of the month before"),
    "B26": ("definition", 100 * 1.5 / 35.9, "relative to the share of the month before"),
    "B34": ("definition", 0, "copies of the page's words dated"),
    "B35": ("definition", 8, "of 76 points of both firms"),
    "B36": ("definition", 38.776, "least share of the input side, of a quota"),
    "B38": ("definition", 4, "of 6 published tests of the three families"),
    "B41": ("definition", 2, "of 7 tiers of ChatGPT"),
    "B29": ("exact", 100 * 20 / 23, "share of planned cost that inference must"),
    "B32": (
        "definition",
        29 / 12,
        "wait from a limit to its reset, median of 4",
    ),
    "C5": ("definition", 200 / 55.94, "sessions that the plan's price covers"),
    "C6": ("definition", 1, "statements on cached content"),
    "C12": ("rounding", 90.360262 * 0.5, "at list price"),
    "C13": ("rounding", 100 * 45.180 / 55.938, "reads, of dollars, 441"),
    "C14": ("rounding", 1.511817 * 6.25, "at list price"),
    "C15": ("rounding", 100 * 9.4489 / 55.938, "writes, of dollars, 441"),
    "C16": ("rounding", 0.005017 * 5 + 0.05136 * 25, "at list price"),
    "C17": ("rounding", 54.629, "at list price"),
    "C18": ("definition", 54.629 / 1.309, "cache : API, 441"),
}

#: Where another definition fits: which, and what it gives.
FITS = {
    "B11": ("Anthropic's estimate by Claude", 1.4 * 0.8),
    "T1.13": ("of Anthropic's releases", 100),
    "T2.1": ("one kind of model", 0),
    "T7.2": ("higher of the two mean changes", -0.5),
    "T10.7": ("rule from 2025-12-02", 60),
    "T4.10": ("reads : input and output, #24147", 5_092_500_074 / 3_887_759),
    "T4.19": ("large writes, not writing as such", 73_068 / 4_524),
    # 109.154 million tokens written in 17,963 requests, at a hit rate of 94 % and so 6 % of prompts
    "T4.20": ("least part of the mean prompt", 100 * 73_068 / (109.154e6 / 17_963 / 0.06)),
    "T4.21": ("large writes, not writing as such", 5),
    "T4.22": ("R² of a line through ten prompts", 0.978),
    # 2 * 61 * 128 * 320 operations a look, 3,556 new tokens and 208,343 of prompt a request
    "T4.16": ("arithmetic for a cached token over a computed one", 2.9021),
    "T9.9": ("statements of any day that give a cost or a margin", 0),
    "T6.5": ("a P1 that the filer gave it", 1),
    "T6.12": ("mean prompt over an instruction of 100 tokens", 90_360_262 / 618 / 100),
    "T11.4": ("of 6 measurements of models at any task", 100 * 5 / 6),
    "T11.2": ("cost of a request in ArkNill's sessions of 1 to 2 hours, over that in l", 0.735),
    "T7.1": ("tasks of SWE-bench Lite", 300),
    "T7.6": ("the same: most of them", 100 * (1 - 407 / 17_963)),
    "T7.9": ("of them, those that measured success", 0),
    "T9.7": ("input and output as a share of tokens", 0.0737 / 0.0613),
    "T5.7": ("of three questions, answered in tokens", 0),
    "T5.8": ("statements on cache reads of Claude Code", 0),
    "T5.9": ("of 8 public figures to date, 1", 5),
    "T5.11": ("median of the stretches under five hours", 55.78 / (94 / 16.7)),
    "T5.12": ("slowest and fastest end on one day", 55.484 / 9.646),
    "T5.15": ("level reached", 65),
    "T11.7": ("statements on cache reads of Claude Code", 0),
    "B5": ("the same within the rounding of both", 80),
    "B4": ("Opus 4.6 over Haiku 4.5", 5),
    "B13": ("of 2 individual plans", 0),
    "B19": ("products that Max has alone, later copy", 0),
    "B36": ("least share of the input side, of list-price dollars", 57.915),
    "B38": ("of 6 published tests of the three families, led by the dearest: most", 4),
    "B41": ("of 7 tiers of ChatGPT, with ads by the write-up's day, as a test", 2),
    "B16": ("products that Max has alone, later copy", 0),
    "B17": ("of 11 figures of the help centre's guidance", 5),
    "B25": ("in points, not percent", 4.9),
    "B26": ("in points, not percent", 1.5),
    "B34": ("of 3 plans, with price and features", 3),
    "B35": ("of 4 points of the two months", 4),
    "B32": ("length of the window, which runs from its first request", 5),
    "C5": ("whole ones", 3),
    "C6": ("statements on cache reads of Claude Code", 0),
    "C18": ("total : API, 441", 55.938 / 1.309),
}


@pytest.mark.parametrize("claim", VERDICTS_BY_HAND)
def test_verdicts_worked_out_by_hand(card, claim):
    verdict, value, definition = VERDICTS_BY_HAND[claim]
    found = row(card, claim)
    assert found["verdict"] == verdict
    first = found["ours"][0]["definition"] if found["ours"] else found["under"]
    assert first.startswith(definition)
    assert [r["value"] for r in found["ours"][:1]] == (
        [] if value is None else [pytest.approx(value, rel=1e-3)]
    )
    if claim in FITS:
        fits, value = FITS[claim]
        (other,) = (r for r in found["ours"] if r["definition"] == found["under"])
        assert other["definition"].startswith(fits)
        assert other["value"] == pytest.approx(value, rel=1e-3)
    else:
        assert found["under"].startswith(definition)


def test_no_other_claim_has_a_verdict_of_ours(card):
    others = card.filter(~pl.col("claim").is_in(list(VERDICTS_BY_HAND)))
    assert set(others["verdict"]) == {"quoted", "unreached", "opinion"}
    assert others["ours"].list.len().max() == 0


def test_the_reader_s_logs_have_no_part_in_a_verdict(card):
    other = scorecard.scorecard(price(requests({"output_tokens": 10**9, "input_tokens": 5})))
    same = ["claim", "verdict", "under", "ours"]
    assert other.select(same).equals(card.select(same))
    assert not other["yours"].equals(card["yours"])


@pytest.mark.parametrize("name", YOURS)
def test_logs_without_a_request_have_no_readings(name):
    assert YOURS[name](price(requests()), "largest") == []


def minute(number, **more):
    seen = AT + dt.timedelta(minutes=number)
    return {"first_seen": seen, "last_seen": seen, "message_id": f"m{number}"} | more


def yours(check, *made):
    return [r.value for r in YOURS[check](price(requests(*made)), "largest")]


def test_shares_and_ratios_of_the_reader_s_logs():
    # Opus 4.7: 1,000 x $0.50 reads and 100 x $6.25 writes, 10 x $5 input and 20 x $25 output
    made = {"read_tokens": 1000, "write_tokens": 100, "input_tokens": 10, "output_tokens": 20}
    assert yours("cache-share", made) == pytest.approx([100 * 1125 / 1675] * 3)
    assert yours("rest-share", made) == pytest.approx([100 * 550 / 1675] * 3)
    assert yours("cache-ratio", made) == pytest.approx([1125 / 550] * 3)
    assert yours("issue-share", made) == pytest.approx([100 * 1100 / 1130] * 2)
    assert yours("issue-ratio", made) == pytest.approx([1100 / 30] * 2)
    assert yours("read-share", made) == pytest.approx([100 * 500 / 1675])
    assert yours("overhead", made) == pytest.approx([(1110 * 5 + 500) / 1675])
    assert yours("issue-rest", made) == pytest.approx([100 * 30 / 1130] * 2)
    hour = made | {"write_5m_tokens": 0, "write_1h_tokens": 100}
    assert yours("write-share", hour) == pytest.approx([100 * 1000 / 2050])


def test_what_reads_and_writes_are_paid_at():
    hour = {"write_tokens": 100, "write_5m_tokens": 60, "write_1h_tokens": 40}
    made = hour | {"read_tokens": 1000, "input_tokens": 1}
    assert yours("write-price", made) == pytest.approx([100 * (0.6 * 1.25 + 0.4 * 2)])
    assert yours("write-premium", made) == pytest.approx([55])
    assert yours("read-price", made) == pytest.approx([10])
    assert yours("read-discount", made) == pytest.approx([90])
    assert yours("lifetime", made) == pytest.approx([40])


def test_a_request_without_input_has_its_model_s_price_of_input():
    first = minute(0, read_tokens=1000, input_tokens=10, output_tokens=20)
    second = minute(1, read_tokens=3000, output_tokens=20)
    assert yours("overhead", first, second) == pytest.approx([(4010 * 5 + 1000) / (2050 + 1000)])


def test_a_break_loses_the_cache_or_does_not_by_the_lifetime_of_the_last_write():
    prompt = {"context_tokens": 1000}
    hour = {"write_5m_tokens": 0, "write_1h_tokens": 100}
    start = minute(0, write_tokens=1000, **prompt)
    kept = minute(8, read_tokens=900, write_tokens=100, **prompt)
    lost = minute(20, read_tokens=0, write_tokens=1000, **prompt)
    soon = minute(21, read_tokens=0, write_tokens=900, **prompt)  # no break
    cut = minute(40, read_tokens=0, write_tokens=300, context_tokens=300)  # a compaction
    switch = minute(41, read_tokens=300, write_tokens=100, context_tokens=400, **hour)
    quiet = minute(60, read_tokens=400, context_tokens=400)  # writes nothing
    long = minute(121, read_tokens=0, write_tokens=400, context_tokens=400)  # over an hour
    made = (start, kept, lost, soon, cut, switch, quiet, long)
    assert yours("breaks", *made[:5]) == [50]
    assert yours("breaks", *made) == [50, 0]
    total = 1000 + 100 + 1000 + 900 + 300 + 100 + 400
    assert yours("inactivity", *made) == pytest.approx([100 * (100 + 1000 + 400) / total])


def test_prompts_that_are_no_shorter_than_the_one_before():
    sizes = (100, 100, 90, 120, 30)
    made = [minute(n, context_tokens=size) for n, size in enumerate(sizes)]
    assert yours("resend", *made) == [50]
    assert yours("resend", made[0]) == []


def test_a_line_is_fitted_to_each_stretch_of_each_chain_between_cuts():
    grown = [minute(n, context_tokens=1000 + 50 * n) for n in range(20)]
    again = [minute(20 + n, context_tokens=500 + 70 * n) for n in range(20)]
    assert yours("linear", *grown, *again) == pytest.approx([1, 1])
    assert yours("linear", *grown[:19]) == []
    zigzag = [minute(n, context_tokens=1000 + 50 * (n % 2), session="z") for n in range(20)]
    (fit,) = yours("linear", *zigzag)
    assert fit == pytest.approx(3 / (20**2 - 1), rel=1e-6)  # of a zigzag of n points
    other = [row | {"agent": "a"} for row in grown]
    assert yours("linear", *grown, *other, *zigzag) == pytest.approx([1, 1])


def test_each_part_of_the_page_has_its_claims_and_together_they_have_all(card):
    parts = [words.rows(card, name)["claim"].to_list() for name in words.PARTS]
    assert all(parts)
    assert sorted(claim for part in parts for claim in part) == sorted(card["claim"])


def test_a_row_says_what_is_computed_from_what_and_where_it_is_shown(card):
    rows = {r["claim"]: r for r in words.rows(card, "margin").to_dicts()}
    share = rows["T4.4"]
    assert share["printed"] == "97.7\u202f%"
    assert share["ours"].startswith("97.74\u202f%: reads and writes, of dollars")
    assert "Opus 4.6 list price" in share["it says, and the check"]
    assert share["verdict"] == "**rounding**  \n[](#fig-margin-headline)"
    assert share["it says, and the check"].startswith("**97.7 % of")
    assert "(4 Cache margin)" in share["it says, and the check"]
    assert not rows["T4.5"]["it says, and the check"].startswith("**")
    assert "reads : input and output" in rows["T4.10"]["verdict"]
    assert rows["T4.12"]["printed"] == "5.09 billion"
    assert rows["T4.11"]["ours"].startswith("seen: anthropics/claude-code#24147")
    others = {r["claim"]: r for r in words.rows(card, "technical").to_dicts()}
    assert "the author's own session" in others["T0.1"]["ours"]
    others = {r["claim"]: r for r in words.rows(card, "business").to_dicts()}
    assert others["B14"]["verdict"] == "**exact**  \n[](#fig-monetization-units)"


@pytest.mark.parametrize(
    ("value", "unit", "step", "text"),
    [
        (97.6598, "percent", 0.01, "97.66 %"),
        (0.0737, "percent", 0.001, "0.074 %"),
        (43, "ratio", 1, "43:1"),
        (1355.28, "ratio", 0.1, "1,355.3:1"),
        (41.73, "multiple", 0.1, "41.7×"),
        (41.0, "multiple", 0.1, "41×"),
        (1.0429, "multiple", None, "1.04×"),
        (0.9969, "multiple", None, "1.00×"),
        (55.938, "usd", 0.001, "$55.938"),
        (15, "usd", 1, "$15"),
        (5_092_500_074, "tokens", 1e6, "5,092,500,074"),
        (5, "minutes", 1, "5 minutes"),
        (2017, "year", 1, "2017"),
        (0.0021, "weight", None, "0.0021"),
    ],
)
def test_numbers_are_written_in_their_unit(value, unit, step, text):
    assert words.number(value, unit, step).replace("\u202f", " ") == text


def test_the_sentences_count_every_claim_once(card):
    said = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", words.opening(card))]
    total, done, hold, otherwise, against, without, told, views = said
    assert total == card.height
    assert done == hold + otherwise + against + without
    failing = card.filter(pl.col("verdict").is_in(["differs", "unsupported"]))
    assert without == failing["lacks"].count() > 0
    assert against == failing["lacks"].null_count() > 0
    assert total == done + told + views
    bearing, *parts = map(int, re.findall(r"\d+", words.tiles(card).partition(". ")[0]))
    assert bearing == sum(parts) == card.filter(pl.col("weight") == "bearing").height
    assert words.part(card, "business").startswith("6 of 22 checked claims of the write-up on the")
    assert words.part(card, "caching").startswith("6 of 8 checked claims")


def test_what_waits_for_a_chapter_is_counted_where_something_does(card):
    assert "wait for" not in words.opening(card)
    later = card.with_columns(verdict=pl.when(pl.col("claim") == "B9").then(pl.lit("pending")))
    assert "views, and 1 wait for their chapter" in words.opening(
        card.with_columns(verdict=pl.coalesce(later["verdict"], "verdict"))
    )


def test_the_tiles_are_the_claims_by_verdict(card):
    frame = scorecard.tiles(card)
    order = list(VERDICTS)
    places = [order.index(v) for v in frame["verdict"].cast(pl.String)]
    assert places == sorted(places)
    assert len(plot_tiles(frame).patches) == card.height
    first = frame.row(by_predicate=pl.col("claim") == "T4.4", named=True)
    assert first["ours_value"] == pytest.approx(97.738, rel=1e-4)
    assert first["bearing"]
    assert scorecard.by_verdict(card)["claims"].sum() == card.height


def test_a_flat_scorecard_can_be_written(card):
    assert len(scorecard.tiles(card).write_csv().splitlines()) > card.height
