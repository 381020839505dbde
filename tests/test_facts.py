"""Facts carry their sources, and hold the numbers the write-ups print."""

import re
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


def test_issues_have_the_states_and_days_that_a_tracker_can_have():
    rows = facts("issues").to_dicts()
    assert len({r["issue"] for r in rows}) == len(rows)
    for r in rows:
        assert r["state"] in {"open", "closed", None}
        assert r["listed"] in {"yes", "no"}
        assert r["about_session_length"] in {"yes", "partly", "no", None}
        assert r["official_reply"] in {"yes", "not seen", None}
        assert (r["reached"] == "no") <= (r["state"] is None and r["seen_day"] is None)
        assert (r["closed_reason"] is not None) <= (r["state"] == "closed")
        days = [r[f"{d}_day"] for d in ("filed", "closed_by", "seen") if r[f"{d}_day"]]
        assert days[0] == min(days) if days else r["filed_day"] is None
    assert sum(r["listed"] == "yes" for r in rows) == 5


def test_closing_rules_follow_each_other():
    rules = facts("closing-rules")
    assert rules["from_day"].is_sorted()
    assert set(rules["known"]) == {"stated", "inferred"}
    idle = rules.filter(rules["applies_to"] == "idle")
    assert idle["from_day"].is_unique().all()
    assert (idle["marked_days"].is_null() == idle["closed_days"].is_null()).all()
    assert (idle["marked_days"] < idle["closed_days"]).drop_nulls().all()
    labels = rules.filter(rules["applies_to"] != "idle")
    assert labels["closed_days"].null_count() == 0


def test_a_published_fault_ends_after_it_begins_and_before_it_is_published():
    for r in facts("faults").to_dicts():
        assert r["from_day"] <= r["until_day"]
        assert r["from_day"] < r["published_day"]
        assert r["everywhere_day"] is None or r["everywhere_day"] > r["until_day"]
        assert r["layer"] in {"servers", "client"}


def test_measurements_of_long_contexts_count_their_models():
    for r in facts("long-contexts").to_dicts():
        assert (r["models"] is None) == (r["worse"] is None)
        assert r["models"] is None or 0 <= r["worse"] <= r["models"]
        assert r["asks_for"] in {"facts", "tasks", "instructions"}
        assert r["direction"] in {"worse", "same"}
        assert r["claude_code"] in {"yes", "no"}


def test_each_cell_of_the_capability_table_is_there_once():
    cells = facts("capabilities")
    assert cells.select("capability", "firm").n_unique() == cells.height == 7 * 4
    assert set(cells["claimed"]) == {"in-house", "third party", "none"}
    assert set(cells["checked"]) == {"agrees", "disagrees", "not checked"}
    checked = cells.filter(cells["checked"] != "not checked")
    assert checked["found"].null_count() == 0


def test_a_release_has_a_day_and_at_most_one_row_of_the_text():
    rows = facts("releases")
    assert rows["release"].n_unique() == rows.height
    assert rows["announced_day"].null_count() == 0
    assert set(rows["precision"]) == {"day", "month"}
    assert set(rows["seen"]) == {"yes", "no"}
    assert set(rows["kind"]) == {"release", "event"}
    assert set(rows["founders"].drop_nulls()) == {"several", "one", "none"}
    assert set(rows["row_year"].drop_nulls()) == set(range(2021, 2027))
    later = rows.drop_nulls("general_day")
    assert (later["general_day"] > later["announced_day"]).all()


def test_every_firm_says_of_every_format_whether_it_lists_it():
    rows = facts("image-formats")
    assert rows.select("firm", "format").n_unique() == rows.height
    assert rows.height == rows["firm"].n_unique() * rows["format"].n_unique()
    assert set(rows["accepted"]) == {"yes", "no"}
    claimed = rows.filter(rows["firm"] == "Anthropic")["claimed"].to_list()
    assert (claimed.count("yes"), claimed.count("no")) == (4, 6)


@pytest.mark.parametrize("name", ["capabilities", "image-formats", "products"])
def test_what_was_read_has_a_date_or_says_that_its_copy_has_none(name):
    for row in facts(name).to_dicts():
        read = row.get("images", row.get("found", row.get("accepted")))
        dated = row["source_date"]
        if row.get("checked") != "not checked":
            assert (read is not None) <= (dated is not None)
        assert dated in (None, "undated copy") or re.fullmatch(r"20\d\d-\d\d(-\d\d)?", dated)
        assert "the write-up" not in row["source"]


@pytest.mark.parametrize(("name", "rows"), [("products", 8), ("posts", 2), ("speech", 2)])
def test_small_tables_have_the_rows_that_the_text_has(name, rows):
    assert facts(name).height == rows


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


def test_personas_are_everybody_once_and_their_ranges_are_in_order():
    rows = facts("personas")
    assert rows["persona"].is_unique().all()
    assert rows["share"].sum() == pytest.approx(1)
    for middle in ("worth",):
        assert (rows[f"{middle}_low"] <= rows[middle]).all()
        assert (rows[middle] <= rows[f"{middle}_high"]).all()
    assert rows["active_days"].is_between(0, 1).all()
    assert rows["reason"].null_count() == 0


def test_a_line_up_has_each_plan_once_and_says_what_happens_at_its_cap():
    rows = facts("line-ups")
    assert rows.select("line_up", "plan").is_unique().all()
    assert rows.select("line_up", "label").n_unique() == rows["line_up"].n_unique()
    assert set(rows["at_cap"]) == {"shut off", "overage", "degrade"}
    assert set(rows["reviews"]) == {"none", "token", "checkpoint", "included"}
    assert set(rows["office"]) == {"yes", "no"}
    assert (rows["review_usd"].is_not_null() == (rows["reviews"] == "checkpoint")).all()
    assert rows.filter(rows["units"] == 0)["at_cap"].unique().to_list() == ["overage"]
    assert (rows["rate"] > 0).all()


def test_today_s_line_up_is_that_of_the_plan_page():
    today = facts("line-ups").filter(line_up="caps").select("plan", "fee_usd", "units")
    assert today.rows() == facts("plans").select("plan", "usd_a_month", "multiple_of_pro").rows()


def test_an_assumption_of_the_redesign_lies_within_its_ends():
    rows = facts("redesign-assumptions")
    assert rows["name"].is_unique().all()
    assert set(rows["kind"]) == {"published", "computed", "assumed"}
    assert (rows["low"] <= rows["middle"]).all()
    assert (rows["middle"] <= rows["high"]).all()
    assert rows["reason"].null_count() == 0
    elasticity = rows.filter(name="elasticity").row(0, named=True)
    assert (elasticity["low"], elasticity["high"]) == (-2, 0)


def test_a_partner_s_unknown_commitment_is_empty_and_every_sum_has_a_kind():
    rows = facts("partners")
    dollars = rows["committed_usd"].is_not_null()
    assert (dollars == (rows["committed_is"] != "not in dollars")).all()
    assert set(rows["invested_is"]) <= {"stated", "up to", "more than"}
    assert set(rows["committed_is"]) <= {"stated", "estimated", "reported", "not in dollars"}
    assert (rows["low_whole_usd"].is_null() == rows["low_part"].is_null()).all()
    assert (rows["low_whole_usd"] * rows["low_part"] < rows["committed_usd"]).drop_nulls().all()
    assert set(rows["in_round"].drop_nulls()) == {"next"}


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


def test_a_number_of_the_front_has_a_unit_a_definition_and_its_interval_around_it():
    rows = facts("public-sessions")
    assert rows.columns == [
        *("measure", "value", "low", "high", "count", "of", "unit", "definition"),
        *("sessions", "all_requests", "from_day", "until_day", "source"),
    ]
    assert rows["measure"].is_unique().all()
    assert rows.select("of", "unit", "definition", "count").null_count().sum_horizontal()[0] == 0
    assert (rows["low"].is_null() == rows["high"].is_null()).all()
    assert (rows["low"] <= rows["high"]).drop_nulls().all()
    assert (rows["low"] <= rows["value"]).drop_nulls().all()
    assert (rows["value"] <= rows["high"]).drop_nulls().all()
    whose = rows.select("sessions", "all_requests", "from_day", "until_day", "source")
    assert whose.unique().height == 1
    assert (rows["from_day"] < rows["until_day"]).all()


def test_the_eras_of_public_sessions_are_all_eras_and_sum_to_all():
    rows = facts("public-eras")
    assert rows["era"].to_list() == [*facts("eras")["era"], "all"]
    assert rows["requests"][:-1].sum() == rows["requests"][-1]
    assert rows["cost_usd"][:-1].sum() == pytest.approx(rows["cost_usd"][-1], abs=1e-4)
    seen = rows.drop_nulls("share")
    assert (seen["low"] <= seen["share"]).all()
    assert (seen["share"] <= seen["high"]).all()
    assert (seen["share"] <= seen["logged_share"]).all()
