"""208 real public sessions: our totals against a list made by others, and against ccusage.

The logs are no part of the project; where they are absent, these tests are skipped and say so.
"""

import json
from decimal import Decimal

import polars as pl
import pytest
from conftest import require
from polars.testing import assert_frame_equal

from analysis import load
from analysis.claims.yours import YOURS
from analysis.crosscheck import compare
from analysis.crosscheck.tool import REPORTS, said
from analysis.facts import facts
from analysis.logs import dataset, names, store
from analysis.measures import (
    characters,
    counterfactual,
    cuts,
    expiry,
    learnt,
    lifetimes,
    rebuilds,
    reconstruct,
    spend,
    switches,
)
from analysis.measures.front import KINDS, same
from analysis.models import normalise
from analysis.paths import ROOT
from analysis.schema import LINE_CLASSES
from benchmarks import findings

LOGS = ROOT.parent / "shared" / "logs"
PEER = LOGS / "ccusage-20.0.24"


@pytest.fixture(scope="module")
def public(datasets):
    """The public logs, loaded once."""
    require("public-logs", LOGS.is_dir(), "the public logs are not here (shared/logs)")
    store.load_logs("public", str(LOGS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PRICES", datasets / "none.csv")
        yield load("public")


@pytest.fixture(scope="module")
def truth(public):
    return json.loads((LOGS / "totals.json").read_text())


def totals(requests):
    """Tokens as totals.json names them; writes that were not split count as five minutes."""
    sums = requests.select(pl.col("^.*_tokens$").sum()).row(0, named=True)
    return {
        "input": sums["input_tokens"],
        "output": sums["output_tokens"],
        "write_5m": sums["write_tokens"] - sums["write_1h_tokens"],
        "write_1h": sums["write_1h_tokens"],
        "read": sums["read_tokens"],
    }


def test_without_agent_progress(public, truth):
    found = public.policy("no-progress").requests
    assert found.height == truth["messages"] == 14_937
    assert totals(found) == truth["totals"]


def test_with_agent_progress(public, truth):
    expected = truth["with_agent_progress"]
    assert public.requests.height == expected["messages"] == 15_716
    assert totals(public.requests) == expected["totals"]


def test_each_model(public, truth):
    found = public.policy("no-progress").requests
    parts = {
        model: {"messages": part.height} | totals(part) for (model,), part in by(found, "model")
    }
    assert parts == {normalise(name): part for name, part in truth["by_model"].items()}


def by(frame, *columns):
    return frame.group_by(*columns, maintain_order=True)


def test_first_wins_would_undercount_the_output(public, truth):
    first = public.copies.filter(pl.col("origin") == "assistant")
    assert totals(public.policy("no-progress").requests)["output"] == 4_178_685
    logs = dataset.Logs("public", first, public.events, public.files, "first")
    assert logs.requests["output_tokens"].sum() == truth["output_first_wins"] == 3_197_183


def test_every_line_is_accounted_for(public, truth):
    files = public.files
    assert files.height == truth["files"] == 208
    assert files["lines"].sum() == truth["lines"] == 76_965
    assert files["bytes"].sum() == sum(p.stat().st_size for p in LOGS.rglob("*.jsonl"))
    assert (files["lines"] == files.select(pl.sum_horizontal(LINE_CLASSES)).to_series()).all()
    assert files["extra_records"].sum() == truth["glued_lines"] == 3
    assert files["rejected"].sum() == truth["bad_lines"] == 0
    assert files["blank"].sum() == truth["blank"] == 0
    assert files["synthetic"].sum() == truth["synthetic_lines"] == 32
    assert files["skipped"].is_null().all()


def test_every_usage_line_is_in_a_copy(public, truth):
    lines = dict(by(public.copies, "origin").agg(pl.col("lines").sum()).rows())
    assert lines["assistant"] == truth["usage_lines"] == 31_126
    assert sum(lines.values()) == public.files["usage"].sum() == 32_439


def test_the_rules_explain_what_ccusage_counts(public, truth):
    """Its reports as recorded beside the logs; dollars are those of its own price list."""
    whole = {n: json.loads((PEER / f"{n}.json").read_text(), parse_float=Decimal) for n in REPORTS}
    rows = compare.compare("public", lambda roots: {n: said(whole[n]) for n in REPORTS})
    steps = rows.group_by("report", maintain_order=True).agg(pl.col("step").unique().sort())
    assert dict(steps.iter_rows()) == {
        "session": ["ours", "progress", "theirs"],
        "daily": ["ours", "theirs"],
    }
    sums = rows.filter(pl.col("step") != "theirs").group_by("report").agg(pl.col("output").sum())
    assert dict(sums.iter_rows()) == {
        "session": truth["totals"]["output"],
        "daily": truth["with_agent_progress"]["totals"]["output"],
    }


def peer(name):
    return json.loads((PEER / f"{name}.json").read_text())[{"session": "sessions"}.get(name, name)]


def as_peer(part):
    sums = part.select(pl.col("^.*_tokens$").sum()).row(0, named=True)
    return (
        sums["input_tokens"],
        sums["output_tokens"],
        sums["write_tokens"],
        sums["read_tokens"],
    )


def peer_tokens(row):
    return tuple(
        row[name]
        for name in ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
    )


def test_each_session_equals_the_peers(public, datasets):
    """ccusage's session report leaves agent progress out."""
    manifest = json.loads((datasets / "private" / "public" / "manifest.json").read_text())
    project = {label: name for name, label in manifest["projects"].items()}
    parts = by(public.policy("no-progress").requests, "project", "session")
    found = {(project[label], session): as_peer(part) for (label, session), part in parts}
    expected = {
        (row["projectPath"], names.opaque(row["sessionId"], bytes.fromhex(manifest["key"]))): (
            peer_tokens(row)
        )
        for row in peer("session")
    }
    assert len(expected) == 208
    assert found == expected


def test_each_day_equals_the_peers(public):
    """ccusage's daily report counts agent progress."""
    parts = by(public.requests, pl.col("first_seen").dt.date().cast(pl.String))
    found = {day: as_peer(part) for (day,), part in parts}
    assert found == {row["date"]: peer_tokens(row) for row in peer("daily")}


def test_each_day_and_model_costs_what_the_peer_says(public):
    priced = public.priced()
    assert priced["total_nano"].null_count() == 0
    assert priced["total_nano"].sum() == 1_550_529_939_600
    parts = by(priced, pl.col("first_seen").dt.date().cast(pl.String), "model")
    found = {key: part["total_nano"].sum() / 1e9 for key, part in parts}
    expected = {
        (row["date"], normalise(part["modelName"])): part["cost"]
        for row in peer("daily")
        for part in row["modelBreakdowns"]
    }
    assert found == pytest.approx(expected, abs=1e-6)


def test_what_it_costs_without_agent_progress(public):
    priced = public.policy("no-progress").priced()
    assert priced["total_nano"].sum() == 1_512_919_649_150


@pytest.mark.parametrize(
    ("policy", "requests", "output"),
    [
        ("largest", 15_716, 4_183_421),
        ("first", 15_716, 3_201_919),
        ("last", 15_716, 4_183_421),
        ("request-key", 15_716, 4_183_421),
        ("per-file", 15_726, 4_196_825),
        ("main-chain", 14_776, 4_129_388),
        ("no-progress", 14_937, 4_178_685),
    ],
)
def test_other_ways_to_count(public, policy, requests, output):
    found = public.policy(policy).requests
    assert (found.height, found["output_tokens"].sum()) == (requests, output)


def test_no_project_or_path_is_in_the_tables(public):
    private = {p.name.encode() for p in (LOGS / "projects").iterdir()} | {b"-home-user", b"/home/"}
    tables = (public.copies, public.events, public.files)
    cells = b"\n".join(t.select(pl.selectors.string()).write_csv().encode() for t in tables)
    assert len(private) > 10
    assert not [name for name in private if name in cells]


@pytest.mark.parametrize(
    ("check", "values"),
    [
        ("resend", [98.957]),
        ("breaks", [89.677, 7.477]),  # after five-minute writes, after one-hour writes
        ("inactivity", [41.641]),
        ("last-use", [99.182, 99.558]),
        ("lifetime", [60.925]),
        ("write-price", [171.788]),
        ("read-price", [10]),
        ("overhead", [6.336]),
        ("linear", [0.61684, 0.94215]),
        ("cache-share", [89.03, 89.20, 93.19]),
    ],
)
def test_what_the_scorecard_says_of_these_logs(public, check, values):
    """Each was counted a second time from the raw lines, by code that shares nothing with ours."""
    found = [reading.value for reading in YOURS[check](public.priced(), "largest")]
    assert found == pytest.approx(values, rel=1e-3)


def test_what_public_sessions_taught_is_what_they_teach(public):
    """The shipped table is these logs' own, rounded."""
    found = learnt.coefficients(public.priced())
    table = facts("output-tokens").select(found.columns)
    assert found.select("model", "requests", "sessions").rows() == (
        table.select("model", "requests", "sessions").rows()
    )
    for name in characters.COEFFICIENTS:
        assert found[name].to_list() == pytest.approx(table[name].to_list(), abs=0.06)
        assert found[name].to_list() == pytest.approx(table[name].to_list(), rel=2e-3)


def test_with_output_reconstructed_the_eras_agree(public):
    """Where the log lacks counts, the share lies with that of the eras that have them."""
    frame = reconstruct.by_era(public.priced())
    found = dict(frame.drop_nulls("share").select("era", "share").rows())
    assert found == pytest.approx(
        {
            "before 2.1.12": 0.8831,
            "2.1.12 to 2.1.29": 0.8807,
            "2.1.30 to 2.1.42": 0.8990,
            "2.1.78 to 2.1.96": 0.9229,
            "from 2.1.97": 0.8889,
            "all": 0.8903,
        },
        abs=2e-4,
    )
    whole = learnt.validation(public.priced()).row(0, named=True)
    assert whole["r2"] == pytest.approx(0.972, abs=2e-3)
    assert abs(whole["bias"]) < 0.015


def test_what_a_pause_loses(public):
    """Counted a second time from the raw lines; as in a larger set, 96 and 98 % past a lifetime."""
    found = expiry.losses(expiry.went_on(public.priced()))
    parts = by(found, "lifetime")
    assert {life: part.select("lost", "requests").rows() for (life,), part in parts} == {
        "5m": [(13, 4108), (16, 348), (17, 28), (70, 72), (52, 55), (2, 2), (12, 13)],
        "1h": [(44, 8735), (24, 749), (3, 51), (13, 151), (8, 112), (0, 1), (61, 62)],
    }


def test_what_other_lifetimes_would_serve(public):
    """Counted a second time from the raw lines, too; 43 published users have 85, 94 and 98.6 %."""
    found = lifetimes.published_hits(expiry.went_on(public.priced()))
    assert found["share"].to_list() == pytest.approx([0.874493, 0.948701, 0.982782], abs=1e-6)
    assert ((found["published"] - found["share"]).abs() < 0.03).all()


def test_the_rebuilds_by_cause(public):
    found = rebuilds.by_cause(rebuilds.rebuilt(public.priced(), public.events))
    assert {cause: n for cause, n, *_ in found.rows()} == {
        "expiry": 219,
        "unknown": 269,
        "new chain": 276,
        "compaction": 39,
        "model change": 4,
        "rewind or fork": 2,
        "api reason": 0,
    }


@pytest.fixture(scope="module")
def ways(public):
    rebuilt = rebuilds.rebuilt(public.priced(), public.events)
    return counterfactual.scenarios(rebuilt, public.pricing())


def test_the_bill_without_a_cache_and_its_parts(public, ways):
    usd = {way: round(nano / 1e9, 2) for way, nano in ways.select("scenario", "total_nano").rows()}
    assert (usd["the bill"], usd["without a cache"]) == (1550.53, 9824.12)
    rebuilt = rebuilds.rebuilt(public.priced(), public.events)
    assert spend.spend(rebuilt)["nano"].sum() == ways["total_nano"][0]


def test_what_other_lifetimes_and_habits_would_have_cost(ways):
    """A cache that never expires pays five-minute writes: storage is free, so no hour's price.

    Compactions write what real ones write, and a new session's carry-over is output first.
    """
    usd = {way: round(nano / 1e9, 2) for way, nano in ways.select("scenario", "total_nano").rows()}
    assert usd["a cache that never expires"] == 1284.74 < usd["the cheaper lifetime, by pause"]
    lifetimes = ("every write at 5 minutes", "every write at 1 hour")
    assert [usd[way] for way in lifetimes] == [1707.56, 1525.02]
    tokens = (f"compacted beyond {size}k tokens" for size in (50, 100, 150, 200))
    assert [usd[way] for way in tokens] == [1497.89, 1093.67, 1207.15, 1263.87]
    lengths = (f"a new session every {length} requests" for length in (25, 50, 100, 200))
    assert [usd[way] for way in lengths] == [1375.49, 1238.82, 1265.78, 1344.72]


def test_what_real_compactions_read_write_and_carry(public):
    """The constants of earlier compaction are these logs' own, rounded."""
    rebuilt = rebuilds.rebuilt(public.priced(), public.events)
    first = pl.when(pl.col("step") == 0).then("context_tokens").forward_fill()
    found = rebuilt.with_columns(first=first).filter(cause="compaction")
    assert found.height == 39
    read = found.select((pl.col("read_tokens") / pl.col("first")).median()).item()
    carried = found.select((pl.col("context_tokens") - pl.col("first")).median()).item()
    assert read == pytest.approx(cuts.STILL_READ, abs=5e-3)
    assert carried == pytest.approx(cuts.CARRIED, rel=0.03)


def test_two_clients_side_by_side_are_no_switch(public):
    """One project ran two versions at once for two weeks, each with a lifetime of its own."""
    found = switches.switches(public.requests)
    assert found.height == 10
    assert found["project"].n_unique() == 7


@pytest.mark.parametrize("name", ["public-sessions", "public-eras"])
def test_what_the_front_says_of_public_sessions_is_what_they_give(public, front, name):
    """Nobody typed the shipped tables: computed again they are the same."""
    fresh = pl.read_csv(front[name].write_csv().encode(), infer_schema_length=None)
    shipped = facts(name).with_columns(pl.col(pl.Date).cast(pl.String))
    assert_frame_equal(fresh, shipped, check_exact=False, rel_tol=1e-4, abs_tol=1e-5)
    mine = front[name].select(list(KINDS) if name == "public-sessions" else pl.exclude("source"))
    assert same(mine, facts(name))


@pytest.fixture(scope="module")
def front(public):
    """Both tables of the front, computed now."""
    return findings.tables(public, findings.repositories(LOGS))
