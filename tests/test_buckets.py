"""Copies in buckets say together what they say at once."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import load
from analysis.logs import store, summary
from analysis.logs.buckets import by_request
from analysis.logs.files import folder
from analysis.logs.identity import resolve
from analysis.logs.manifest import read_manifest

ORDER = ("first_seen", "message_id", "session", "request_id")


@pytest.fixture(scope="module")
def copies(datasets):
    """The sample and every other source's logs, some of them twice, as of two machines."""
    sources = load(Path(__file__).parent / "sources", "sources").copies
    sample = load("sample").copies
    logged = sample.filter(pl.col("request_id").is_not_null()).head(40)
    told = logged.with_columns(
        source=pl.lit("otel"),
        message_id="told-" + pl.col("request_id"),
        file=pl.lit(9_001, pl.Int32),
    )
    again = sample.sample(200, seed=1).with_columns(pl.col("file") + 1_000)
    return pl.concat(
        [sample, again, sources, told, told.with_columns(request_id=pl.lit("req_other"))]
    )


def same(found, whole):
    found = pl.concat(found).sort(ORDER, nulls_last=True)
    return found.equals(whole.sort(ORDER, nulls_last=True))


@pytest.mark.parametrize(
    ("policy", "buckets"),
    [("largest", 1), ("largest", 100), ("per-file", 7), ("sum", 7), ("main-chain", 7)],
)
def test_buckets_resolve_to_what_all_copies_resolve_to(copies, policy, buckets, tmp_path):
    dice = random.Random(buckets)
    cuts = sorted(dice.sample(range(copies.height), 5))
    frames = [copies[a:b] for a, b in zip([0, *cuts], [*cuts, copies.height], strict=True)]
    dice.shuffle(frames)
    found = [resolve(rows, policy) for rows in by_request(frames, tmp_path, buckets)]
    assert len(found) <= buckets
    assert same(found, resolve(copies, policy))
    assert not [*tmp_path.iterdir()], "nothing is left behind"


def test_telemetry_is_told_by_request_ids_wherever_it_lies(copies, tmp_path):
    telemetry = copies["source"] == "otel"
    assert telemetry.sum() > resolve(copies).filter(pl.col("source") == "otel").height > 0
    lost = [resolve(rows) for rows in by_request([copies], tmp_path, 40, telemetry=False)]
    assert not same(lost, resolve(copies)), "this test could not fail"


@given(st.integers(1, 50), st.randoms(use_true_random=False))
def test_rows_are_neither_lost_nor_made(tmp_path_factory, buckets, dice):
    rows = pl.DataFrame(
        {
            "message_id": [f"m{dice.randrange(20)}" for _ in range(60)],
            "request_id": [dice.choice([None, f"r{dice.randrange(9)}"]) for _ in range(60)],
            "source": [dice.choice(["claude-code", "otel"]) for _ in range(60)],
            "origin": [dice.choice(["assistant", "sum"]) for _ in range(60)],
            "row": range(60),
        },
        schema_overrides={"request_id": pl.String},
    )
    found = [*by_request([rows], tmp_path_factory.mktemp("b"), buckets, telemetry=False)]
    assert pl.concat(found).sort("row").equals(rows)
    assert (
        pl.concat(part.select("message_id").unique() for part in found)["message_id"]
        .is_unique()
        .all()
    )


def test_a_dataset_without_a_request_has_no_session(logs):
    (logs / "p").mkdir()
    (logs / "p" / "empty.jsonl").touch()
    store.load_logs("none", str(logs / "p"))
    assert store.summary("none")["sessions"] == 0


@pytest.mark.parametrize("gone", [(), ("otel",), ("claude",), ("codex", "gemini")])
def test_a_summary_of_very_many_copies_is_made_by_buckets(copies, monkeypatch, gone):
    manifest = read_manifest("sources")
    away = [path for path in manifest.files if any(kind in path for kind in gone)]
    assert bool(away) == bool(gone) or gone == ("claude",)
    for number, path in enumerate(away):  # some are gone from disk, and some are superseded
        if number % 2:
            del manifest.files[path]
        else:
            manifest.files[path].gone = "2026-11-01"
    whole = summary.summarise(folder("sources"), manifest)
    monkeypatch.setattr(summary, "MANY", 5)
    monkeypatch.setattr(summary, "BUCKET", 3)
    assert summary.summarise(folder("sources"), manifest) == whole
