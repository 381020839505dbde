"""What a notebook shows of logs."""

import re

import pytest
from lines import SESSION, answer, write_log

from analysis import load
from analysis.logs import store
from analysis.words.card import card


def cells(html):
    """Return the rows of a card's tables, as text."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    return [
        [re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", r)] for r in rows
    ]


@pytest.fixture(scope="module")
def sample():
    return load("sample")


def test_its_classes_sum_to_the_whole(sample):
    (*parts, whole) = cells(card(sample))[-5:]
    tokens = [int(row[1].replace(",", "")) for row in parts]
    assert sum(tokens) == int(whole[1].replace(",", ""))
    dollars = [float(row[2][1:]) for row in parts]
    assert sum(dollars) == pytest.approx(float(whole[2][1:]), abs=0.03)


def test_it_says_what_it_is_of(sample):
    said = dict(row for row in cells(card(sample)) if len(row) == 2)
    assert said["requests"].startswith("516 in 50 sessions, ")
    assert re.match(r"[\d.]+ % \(90 % band: .*\) of dollars", said["cache"].replace("\u202f", " "))
    assert "all tokens of all prompts" in said["hits"]
    assert said["lines"] == "1,979 lines read, 1 rejected"
    assert "synthetic" in card(sample)
    assert sample._repr_html_() == card(sample)


def test_logs_without_a_request_have_one_too(sample):
    none = cells(card(sample.where(since="2099-01-01")))
    assert ["requests", "none"] in none
    assert none[-1][1] == "0"


def test_what_has_no_price_is_no_zero_dollars(datasets):
    log = datasets / "logs" / "projects" / "p" / f"{SESSION}.jsonl"
    write_log(log, answer(1, message_more={"model": "acme-large"}))
    store.load_logs("free", str(log.parents[1]))
    said = card(load("free"))
    assert "1 request, 100.0\u202f% of tokens" in said
    assert cells(said)[-1][2] == "an unknown sum"
