"""Facts carry their sources, and hold the numbers the write-ups print."""

from itertools import pairwise

import pytest

from analysis.facts import case, facts
from analysis.paths import FACTS

TABLES = sorted(p.stem for p in FACTS.glob("*.csv"))
OTHERS = {"claims", "sentences"}  # what the write-ups say: tests/test_sentences.py


def test_the_readme_names_every_table():
    text = (FACTS / "README.md").read_text()
    assert all(f"`{name}.csv`" in text for name in TABLES)


@pytest.mark.parametrize("name", [name for name in TABLES if name not in OTHERS])
def test_every_row_has_a_source(name):
    frame = facts(name)
    known = frame.filter(~frame["counts"].str.starts_with("not known")) if name == "eras" else frame
    assert known["source"].null_count() == 0
    assert (known["source"].str.len_chars() > 5).all()


def test_the_headline_table_as_printed():
    rows = facts("headlines").select("unit", "cache_share", "rest_share", "ratio").rows()
    assert rows == [("dollars", 0.977, 0.023, 43), ("tokens", 0.9993, 0.0007, 1310)]


def test_the_published_session():
    row = case("session").row(0, named=True)
    assert (row["read_tokens"], row["write_tokens"]) == (90_360_262, 1_511_817)
    assert (row["input_tokens"], row["output_tokens"]) == (5_017, 51_360)


def test_eras_follow_each_other_without_a_gap():
    rows = facts("eras").select("first", "last").rows()
    for (_, last), (first, _) in pairwise(rows):
        *head, patch = (int(n) for n in last.split("."))
        assert first == ".".join(str(n) for n in (*head, patch + 1))


def test_an_effect_has_its_ends_in_order_and_its_units():
    rows = facts("context-files")
    for low, high in (
        ("success_low_points", "success_high_points"),
        ("cost_low_percent", "cost_high_percent"),
        ("without_usd", "with_usd"),
    ):
        assert (rows[low] <= rows[high]).drop_nulls().all()
    assert set(rows["written_by"]) == {"model", "people"}
    assert rows["effect"].is_unique().all()


def test_a_partner_s_unknown_commitment_is_empty_and_every_sum_has_a_kind():
    rows = facts("partners")
    dollars = rows["committed_usd"].is_not_null()
    assert (dollars == (rows["committed_is"] != "not in dollars")).all()
    assert set(rows["invested_is"]) <= {"stated", "up to", "more than"}
    assert set(rows["committed_is"]) <= {"stated", "estimated", "reported", "not in dollars"}
    assert (rows["committed_low_usd"] < rows["committed_usd"]).drop_nulls().all()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("partners", "announced_day"),
        ("rounds", "until_day"),
        ("partner-statements", "said_day"),
        ("context-studies", "published_day"),
        ("wrappers", "seen_day"),
    ],
)
def test_each_row_has_its_day(name, day):
    assert facts(name)[day].null_count() == 0


def test_whether_a_statement_counts_is_said_by_yes_or_no():
    rows = facts("partner-statements")
    for column in ("strategic", "ranks", "public"):
        assert set(rows[column]) <= {"yes", "no"}
    assert set(rows["about"]) == {"technology", "business"}
