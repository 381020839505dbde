"""A dataset narrowed, recounted and priced."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from lines import (
    OTHER_SESSION,
    SESSION,
    answer,
    line,
    message_id,
    progress,
    prompt,
    usage,
    write_log,
)

from analysis import load, synth
from analysis.logs import store
from analysis.logs.dataset import WhereError
from analysis.logs.discover import NoLogsError
from analysis.logs.policies import POLICIES


def day(date, time="12:00:00"):
    return {"timestamp": f"{date}T{time}.000Z"}


@pytest.fixture(autouse=True)
def list_prices(monkeypatch, tmp_path):
    """No prices of the reader's own."""
    monkeypatch.setattr("analysis.paths.PRICES", tmp_path / "none.csv")


@pytest.fixture(scope="module")
def logs(datasets):
    """Four requests on three days, one of them in two files, and events on all of them."""
    root = datasets / "logs" / "projects" / "p"
    million = usage(1_000_000, inputs=1_000_000, write=0, read=1_000_000)
    write_log(
        root / f"{SESSION}.jsonl",
        prompt("one", **day("2026-05-01", "23:00:00")),
        answer(1, used=million, **day("2026-05-01", "23:30:00")),
        answer(2, used=usage(7, write=0), **day("2026-05-02", "00:30:00")),
        prompt("two", **day("2026-05-03")),
        line("system", 0, subtype="compact_boundary", timestamp=None),
        answer(3, used=usage(5), message_more={"model": "acme-large"}, **day("2026-05-03")),
        progress(4, nested=day("2026-05-03")),
    )
    # a fork repeats the second answer later, and with more output
    write_log(
        root / f"{OTHER_SESSION}.jsonl", answer(2, used=usage(9, write=0), **day("2026-05-09"))
    )
    store.load_logs("days", str(root.parent))
    return load("days")


def numbers(found):
    return sorted(int(m[4:]) for m in found.requests["message_id"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, [1, 2, 3, 4]),
        ({"since": "2026-05-02"}, [2, 3, 4]),
        ({"until": "2026-05-02"}, [1, 2]),
        ({"since": "2026-05-02", "until": "2026-05-02"}, [2]),
        ({"since": "2026-05-03"}, [3, 4]),
        ({"since": "2026-05-04"}, []),  # the fork's copy is of the day the request was made
        ({"since": "2026-05-03", "until": "2026-05-02"}, []),
        ({"since": "2026-05-02", "timezone": "Europe/Berlin"}, [1, 2, 3, 4]),
        ({"until": "2026-05-01", "timezone": "America/New_York"}, [1, 2]),
        ({"since": "2026-05-04", "timezone": "Pacific/Kiritimati"}, [3, 4]),
    ],
)
def test_days_are_inclusive_and_a_request_is_of_its_first_line(logs, given, kept):
    assert numbers(logs.where(**given)) == kept


def test_what_telemetry_repeats_on_the_next_day_is_of_the_log_s_day(logs):
    told = logs.copies.filter(message_id=message_id(1)).with_columns(
        pl.lit("otel").alias("source"),
        pl.lit("otel:1").alias("message_id"),
        pl.col("first_seen", "last_seen") + dt.timedelta(days=1),
    )
    both = replace(logs, copies=pl.concat([logs.copies, told]))
    assert numbers(both.where("2026-05-01", "2026-05-01")) == [1]
    assert numbers(both.where("2026-05-02", "2026-05-02")) == [2]
    assert both.where().copies.height == both.copies.height


def test_days_keep_every_copy_of_a_request(logs):
    (request,) = logs.where("2026-05-02", "2026-05-02").requests.to_dicts()
    assert (request["output_tokens"], request["copies"]) == (9, 2)
    assert request["first_seen"] == dt.datetime(2026, 5, 2, 0, 30, tzinfo=dt.UTC)


def test_events_have_days_too_and_the_ledger_does_not(logs):
    assert sorted(logs.events["kind"]) == ["compaction", "model_change", "prompt", "prompt"]
    narrow = logs.where(since="2026-05-02")
    assert sorted(narrow.events["kind"]) == ["model_change", "prompt"]  # no time, no day
    assert narrow.where().events.equals(narrow.events)
    assert logs.where().events.height == 4
    assert narrow.files.equals(logs.files)


def test_the_parts_are_the_whole(logs):
    days = [f"2026-05-0{n}" for n in range(1, 10)]
    whole = logs.requests["output_tokens"].sum()
    assert sum(logs.where(d, d).requests["output_tokens"].sum() for d in days) == whole


def test_a_wrong_day_or_zone_is_none(logs):
    with pytest.raises(WhereError, match=r"until='march'\): write a day as YYYY-MM-DD"):
        logs.where(until="march")
    with pytest.raises(WhereError, match="2026-5-1"):
        logs.where(since="2026-5-1")
    with pytest.raises(WhereError, match=r"timezone='Berlin'\): write a zone such as UTC"):
        logs.where(since="2026-05-01", timezone="Berlin")


def test_a_policy_counts_again_and_lasts(logs):
    assert numbers(logs) == [1, 2, 3, 4]
    assert numbers(logs.policy("no-progress")) == [1, 2, 3]
    assert numbers(logs.policy("no-progress").where(since="2026-05-03")) == [3]
    assert numbers(logs.where(since="2026-05-03").policy("no-progress")) == [3]
    assert numbers(logs) == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="unknown policy"):
        _ = logs.policy("best").requests


def test_requests_are_priced_at_list_and_unknown_is_not_zero(logs):
    nano = dict(logs.priced().select("message_id", "total_nano").rows())
    # a million tokens each of input, read and output of Opus 4.7: $5, $0.50, $25
    assert nano[message_id(1)] == 30_500_000_000
    # 3 input, 1,000 read, 9 output
    assert nano[message_id(2)] == 3 * 5_000 + 1_000 * 500 + 9 * 25_000
    assert nano[message_id(3)] is None
    assert logs.priced().height == logs.requests.height


def test_prices_of_another_day(datasets):
    """Reading Sonnet 5.5's cache cost $0.20, and $0.10 from 7 October 2026."""
    root = datasets / "dated" / "projects" / "p"
    sonnet = {"message_more": {"model": "claude-sonnet-5-5"}}
    used = usage(0, inputs=0, write=0, read=1_000_000)
    write_log(root / f"{SESSION}.jsonl", answer(1, used=used, **sonnet, **day("2026-10-06")))
    store.load_logs("dated", str(root.parent))
    dated = load("dated")
    assert dated.priced()["total_nano"].to_list() == [200_000_000]
    assert dated.priced("2026-10-07")["total_nano"].to_list() == [100_000_000]


def test_the_readers_own_prices_win(logs, monkeypatch, tmp_path):
    own = tmp_path / "prices.csv"
    own.write_text("model,input,write_5m,write_1h,read,output\nclaude-opus-4-7,1,1,1,1,1\n")
    monkeypatch.setattr("analysis.paths.PRICES", own)
    first = logs.priced().filter(pl.col("message_id") == message_id(1))
    assert first["total_nano"].item() == 3_000_000_000


def test_only_synthetic_logs_say_that_they_are(logs, datasets):
    synth.write(datasets / "made", seed=1, sessions=1)
    store.load_logs("made", str(datasets / "made"))
    assert load("made").synthetic
    assert not logs.synthetic
    assert not logs.where(since="2030-01-01").synthetic


def test_a_model_is_meant_however_it_is_spelled(logs):
    assert numbers(logs.where(model="claude-opus-4-7")) == [1, 2, 4]
    assert numbers(logs.where(model="anthropic/claude-opus-4.7")) == [1, 2, 4]
    assert numbers(logs.where(model="acme-large")) == numbers(logs.where(model="other-01")) == [3]
    assert numbers(logs.where(model=["other-01", "claude-opus-4-7"])) == [1, 2, 3, 4]
    assert numbers(logs.where(model="other-01").where(until="2026-05-02")) == []


def test_a_request_keeps_all_its_copies_and_its_session_s_events(logs):
    assert numbers(logs.where(session=SESSION[:8])) == [1, 2, 3, 4]  # both begin so
    one = logs.where(session=SESSION)
    assert numbers(one) == [1, 3, 4]  # of the second, the fork's copy has more output
    assert one.events.height == 4
    assert one.files["session"].to_list() == [SESSION]
    other = logs.where(session=OTHER_SESSION)
    assert numbers(other) == [2]
    assert (other.requests["copies"].to_list(), other.copies.height) == ([2], 2)
    assert other.events.is_empty()
    assert logs.where(model="other-01").files.equals(logs.files)


def test_a_policy_that_has_a_request_in_every_file_is_narrowed_by_file(logs):
    for policy in ("per-file", "sum"):
        counted = logs.policy(policy)
        for session, wanted in ((SESSION, [1, 2, 3, 4]), (OTHER_SESSION, [2])):
            narrow = counted.where(session=session)
            assert numbers(narrow) == wanted
            assert narrow.requests["session"].unique().to_list() == [session]


@pytest.mark.parametrize("policy", POLICIES)
def test_where_and_policy_are_the_same_in_either_order(logs, policy):
    narrow = (
        {"session": SESSION},
        {"session": OTHER_SESSION},
        {"since": "2026-05-02", "session": OTHER_SESSION},
        {"model": "other-01"},
    )
    for chosen in narrow:
        one, other = logs.where(**chosen).policy(policy), logs.policy(policy).where(**chosen)
        assert one.requests.equals(other.requests)
        assert one.events.equals(other.events)
        assert one.files.equals(other.files)
    twice = logs.where(session=SESSION).where(until="2026-05-02").policy("sum").policy(policy)
    once = logs.policy(policy).where(until="2026-05-02", session=SESSION)
    assert twice.requests.equals(once.requests)
    tool = logs.tool("claude-code").where(session=OTHER_SESSION).policy("per-file")
    assert set(tool.requests["session"]) == {OTHER_SESSION}


def test_a_day_of_prices_that_is_none_is_told_with_how_to_write_one(logs):
    with pytest.raises(WhereError, match=r"priced\(date='march'\): write a day as YYYY-MM-DD"):
        logs.priced(date="march")


def test_a_report_s_sums_are_narrowed_as_requests_are(logs):
    said = logs.copies.filter(message_id=message_id(1)).with_columns(
        pl.lit("sum").alias("origin"),
        pl.lit("ccusage").alias("source"),
        pl.lit("ccusage:1").alias("message_id"),
        pl.lit(None, pl.String).alias("session"),
    )
    both = replace(logs, copies=pl.concat([logs.copies, said]))
    assert both.where(source="ccusage").copies.equals(said)
    assert "sum" in set(both.where(model="claude-opus-4-7").copies["origin"])
    for chosen in ({"source": "claude-code"}, {"model": "other-01"}, {"session": SESSION}):
        assert "sum" not in set(both.where(**chosen).copies["origin"])


def test_a_project_has_a_label_and_the_name_of_its_folder(logs, monkeypatch):
    monkeypatch.setattr("analysis.report.names.of", lambda name: {"project-01": "acme"})
    for called in ("project-01", "acme"):
        assert numbers(logs.where(project=called)) == [1, 2, 3, 4]
        assert logs.where(project=called).events.height == 4


@pytest.mark.parametrize("column", ["project", "session", "model", "source"])
def test_what_there_is_not_is_told_with_what_there_is(logs, column):
    with pytest.raises(WhereError, match=f"no request of 'days' has {column} 'none': the"):
        logs.where(**{column: "none"})


def test_prices_may_be_given(logs, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("model,input,write_5m,write_1h,read,output\nacme-large,0,0,0,0,2\n")
    told = logs.priced(overrides=path).filter(pl.col("model") == "other-01")
    assert told["total_nano"].to_list() == [5 * 2000]


def test_the_four_tables_go_to_pandas(logs):
    tables = logs.to_pandas()
    assert {name: len(rows) for name, rows in tables.items()} == {
        name: getattr(logs, name).height for name in ("copies", "requests", "events", "files")
    }
    assert str(tables["requests"]["first_seen"].dtype.tz) == "UTC"


def test_a_folder_that_is_not_there_is_told_before_what_a_name_holds(datasets, logs):
    with pytest.raises(NoLogsError, match="no such folder"):
        load(datasets / "no such folder", logs.name)


def test_a_folder_is_loaded_under_the_name_that_holds_it(datasets, logs):
    place = datasets / "logs" / "projects"
    assert load(str(place)).name == "days"
    other = datasets / "other" / "projects"
    write_log(other / "q" / f"{SESSION}.jsonl", answer(1, **day("2026-05-01")))
    assert load(other).name == load(str(other)).name == "mine"
    assert load(other, name="mine").requests.height == 1
    another = datasets / "another" / "projects"
    write_log(another / "q" / f"{SESSION}.jsonl", answer(2, **day("2026-05-01")))
    assert load(f"{another},{other}").name == "mine-2"
    with pytest.raises(store.StoreError, match="no dataset 'nowhere'"):
        load("nowhere")


def test_the_sample_is_there_without_being_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    assert load().requests.height > 500
    assert store.datasets() == ["sample"]
    assert load("sample").name == "sample"
