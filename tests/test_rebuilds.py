"""The rebuild ledger: what was written again, why, and what it cost."""

import datetime as dt

import polars as pl
import pytest
from gallery import ODD
from requests_by_hand import AT, requests
from test_synth_truth import made

from analysis import load, schema
from analysis.logs import store
from analysis.measures.rebuilds import CAUSES, by_cause, costliest, ledger, listed, rebuilt
from analysis.prices import price
from analysis.sessions import steps, triggered
from analysis.words import rebuilds as words

__all__ = ["made"]
CAUSE = {"expiry": "expiry", "model": "model change", "tools": "unknown"}


@pytest.fixture(scope="module")
def found(made):
    _, logs, _ = made
    return ledger(rebuilt(logs.priced(), logs.events))


def test_it_finds_each_planted_rebuild_and_no_other(made, found):
    _, logs, truth = made
    known = dict(found.select("first_seen", "cause").rows())
    files = dict(logs.copies.group_by("first_seen").agg("session").rows())
    compacted = after(truth.compactions, logs)
    for planted in truth.rebuilds:
        cause = known.pop(planted.at)
        assert planted.session in files[planted.at]
        if planted.at in compacted:  # two causes at once: the first of the ledger's order
            assert cause == "compaction"
        elif cause == "rewind or fork":  # a fork whose tools changed: no log says which it was
            assert planted.cause == "tools"
        else:
            assert cause == CAUSE[planted.cause]
    assert set(known.values()) == {"new chain", "compaction"}


def test_it_finds_each_planted_compaction(made, found):
    _, logs, truth = made
    said = set(found.filter(cause="compaction")["first_seen"])
    assert said == after(truth.compactions, logs)
    assert len(said) == len(truth.compactions)


def test_it_finds_each_planted_model_change(made, found):
    _, _, truth = made
    said = set(found.filter(cause="model change")["first_seen"])
    assert said == {change.at for change in truth.model_changes}


def after(compactions, logs):
    """Return when the main chain first answered after each compaction."""
    main = logs.requests.filter(~logs.requests["is_sidechain"])
    return {
        min(at for at in main.filter(session=c.session)["first_seen"] if at > c.at)
        for c in compactions
    }


LARGE = 100_000
NONE = pl.DataFrame(schema=schema.dtypes("events"))
FIVE = {"write_5m_tokens": None, "write_1h_tokens": None}  # as a log that does not split


def request(minute, **more):
    """A request at a minute, which wrote its whole prompt."""
    at = AT + dt.timedelta(minutes=minute)
    seen = {"requested_at": at, "first_seen": at, "last_seen": at, "message_id": f"msg_{minute}"}
    return seen | {"context_tokens": LARGE, "write_tokens": LARGE} | FIVE | more


def event(minute, kind, **more):
    about = {"session": "s", "is_sidechain": False, "at": AT + dt.timedelta(minutes=minute)}
    return about | {"kind": kind} | more


def by_hand(*rows, events=()):
    """Return cause, tokens and premium in dollars of each request but the first."""
    happened = pl.DataFrame(list(events), schema=schema.dtypes("events"))
    made = rebuilt(price(requests(*rows)), happened)
    dollars = (pl.col("premium_nano") / 1e9).alias("premium")
    return made.select("cause", "rebuilt_tokens", dollars).rows()[1:]


PREMIUM = LARGE * (6.25 - 0.5) / 1e6  # Opus 4.7


@pytest.mark.parametrize(
    ("second", "events", "cause"),
    [
        (request(4), (), "unknown"),
        (request(5), (), "unknown"),
        (request(6), (), "expiry"),
        (request(6, model="claude-opus-4-6"), (), "model change"),
        (request(6, cache_miss_reason="tools_changed"), (), "api reason"),
        (request(4, cache_miss_reason="unavailable"), (), "unknown"),
        (request(6, model="claude-opus-4-6"), (event(3, "compaction"),), "compaction"),
        (request(4, agent="a", is_sidechain=True), (), "new chain"),
        (request(4), (event(-1, "compaction"),), "unknown"),
        (request(4), (event(3, "compaction", agent="a", is_sidechain=True),), "unknown"),
        (request(4), (event(3, "prompt"),), "unknown"),
    ],
)
def test_causes_by_precedence(second, events, cause):
    ((found, tokens, premium),) = by_hand(request(0), second, events=events)
    assert (found, tokens) == (cause, LARGE)
    assert premium == pytest.approx(PREMIUM)


def test_what_was_read_or_is_new_was_not_rebuilt():
    new = request(9, context_tokens=LARGE + 500, read_tokens=LARGE, write_tokens=500)
    part = request(20, context_tokens=LARGE, read_tokens=LARGE - 1_000, write_tokens=1_000)
    tail = request(30, context_tokens=LARGE, read_tokens=LARGE - 999, write_tokens=999)
    uncached = request(40, write_tokens=0, input_tokens=LARGE)
    found = [(cause, tokens) for cause, tokens, _ in by_hand(request(0), new, part, tail, uncached)]
    assert found == [(None, 0), ("expiry", 1_000), (None, 0), (None, 0)]


def test_one_hour_writes_expire_after_an_hour_and_cost_more():
    hour = {"write_5m_tokens": 0, "write_1h_tokens": LARGE}
    late = request(75, **hour)
    found = by_hand(request(0, **hour), request(14, **hour), late)
    assert [cause for cause, *_ in found] == ["unknown", "expiry"]
    assert found[1][2] == pytest.approx(LARGE * (10 - 0.5) / 1e6)


def test_a_limit_makes_the_client_wait():
    """The prompt was typed before the limit, and sent again after it."""
    later = {"first_seen": AT + dt.timedelta(hours=3), "last_seen": AT + dt.timedelta(hours=3)}
    made = request(0), request(1, **later)
    assert by_hand(*made)[0][0] == "unknown"
    assert by_hand(*made, events=[event(2, "limit")])[0][0] == "expiry"


def test_a_rewind_is_set_against_the_prompt_it_goes_back_to():
    old = request(0, context_tokens=50_000, write_tokens=50_000)
    grown = request(1, read_tokens=50_000, write_tokens=50_000)
    back = request(2, parent_message_id="msg_0", context_tokens=51_000)
    kept = back | {"read_tokens": 50_000, "write_tokens": 1_000}
    lost = back | {"read_tokens": 10_000, "write_tokens": 41_000}
    assert by_hand(old, grown, kept)[1][:2] == (None, 0)
    assert by_hand(old, grown, lost)[1][:2] == ("rewind or fork", 40_000)


def test_a_fork_goes_on_from_another_chain_and_its_last_use():
    old = request(0)
    fork = {"session": "t", "parent_message_id": "msg_0"}
    assert by_hand(old, request(4, **fork))[0][0] == "rewind or fork"
    assert by_hand(old, request(8, **fork))[0][0] == "expiry"
    used = request(5, read_tokens=LARGE, write_tokens=0)
    assert by_hand(old, used, request(8, **fork))[1][0] == "rewind or fork"
    assert by_hand(old, request(8, **fork | {"parent_message_id": "msg_9"}))[0][0] == "new chain"


def test_a_prompt_cut_without_an_event_goes_on_from_another():
    cut = request(4, context_tokens=LARGE // 2 - 1, write_tokens=LARGE // 2 - 1)
    assert by_hand(request(0), cut)[0][:2] == ("rewind or fork", LARGE // 2 - 1)


def test_after_a_compaction_all_that_is_written_counts():
    longer = request(4, context_tokens=LARGE + 9, read_tokens=LARGE - 9, write_tokens=5_000)
    assert by_hand(request(0), longer)[0][0] is None
    happened = [event(3, "compaction")]
    assert by_hand(request(0), longer, events=happened)[0][:2] == ("compaction", 5_000)


def test_what_has_no_price_is_rebuilt_without_a_premium():
    ((cause, tokens, premium),) = by_hand(*(request(m, model="other-01") for m in (0, 9)))
    assert (cause, tokens, premium) == ("expiry", LARGE, None)


@pytest.fixture(scope="module")
def whole(made):
    _, logs, _ = made
    return logs, rebuilt(logs.priced(), logs.events)


def test_the_rows_are_those_of_steps(whole):
    logs, found = whole
    ours = ("rebuilt_tokens", "pause_seconds", "cause", "premium_nano")
    assert found.drop(ours).equals(steps(logs.priced()))


def test_causes_sum_to_the_whole(whole):
    _, found = whole
    sums = by_cause(found)
    assert sums["rebuilds"].sum() == ledger(found).height
    for name in ("rebuilt_tokens", "premium_nano"):
        assert sums[name].sum() == found[name].sum() > 0
    assert set(sums["cause"]) == set(CAUSES)
    assert (found["rebuilt_tokens"] <= found["write_tokens"]).all()
    known = found.filter(pl.col("total_nano").is_not_null())
    assert known["premium_nano"].null_count() == 0
    assert (known["premium_nano"] <= known["total_nano"]).all()


def test_prices_that_are_doubled_double_the_premium(whole):
    logs, found = whole
    double = logs.priced().with_columns(pl.col("^.*_nano$") * 2)
    assert rebuilt(double, logs.events)["premium_nano"].equals(found["premium_nano"] * 2)


def test_days_do_not_matter(whole):
    logs, found = whole
    day = pl.duration(days=21)
    times = ["requested_at", "first_seen", "last_seen"]
    moved = logs.priced().with_columns(pl.col(times) + day)
    again = rebuilt(moved, logs.events.with_columns(pl.col("at") + day))
    assert again.with_columns(pl.col(times) - day).equals(found)


def test_the_order_of_rows_does_not_matter(whole):
    logs, found = whole
    mixed = logs.priced().sample(fraction=1, shuffle=True, seed=3)
    events = logs.events.sample(fraction=1, shuffle=True, seed=3)
    assert rebuilt(mixed, events).equals(found)


def test_splitting_files_changes_nothing(made, whole, tmp_path):
    """Each log goes on, from its last tool result, in a file of the same name elsewhere."""
    root, _, _ = made
    split = 0
    for path in root.rglob("*.jsonl"):
        lines = path.read_bytes().splitlines(keepends=True)
        results = [n for n, line in enumerate(lines) if b'"tool_result"' in line]
        cut = results[-1] if results and path.parent.parent.name == "projects" else len(lines)
        split += cut < len(lines)
        for part, where in ((lines[:cut], "projects"), (lines[cut:], "projects/more")):
            target = tmp_path / where / path.relative_to(root / "projects")
            target.parent.mkdir(parents=True, exist_ok=True)
            if part:
                target.write_bytes(b"".join(part))
    name = f"split-{tmp_path.name}"
    store.load_logs(name, str(tmp_path / "projects"))
    logs = load(name)
    again = ledger(rebuilt(logs.priced(), logs.events))
    kept = ("message_id", "rebuilt_tokens", "cause", "premium_nano")
    assert split > 20
    assert again.select(kept).equals(ledger(whole[1]).select(kept))


def test_the_published_ledger_sums_to_the_causes(whole):
    _, found = whole
    rows, sums = listed(found), by_cause(found).filter(pl.col("cause") != "new chain")
    assert rows.height == sums["rebuilds"].sum()
    assert rows["rebuilt_tokens"].sum() == sums["rebuilt_tokens"].sum()
    assert rows["premium_usd"].sum() == pytest.approx(sums["premium_nano"].sum() / 1e9)


def test_the_costliest_are_listed_by_label(whole):
    _, found = whole
    rows = costliest(listed(found), 5)
    assert rows.height == 5
    assert rows["premium_usd"].is_sorted(descending=True)
    assert rows["project"].str.contains("^project-").all()
    assert not {"session", "message_id"} & set(rows.columns)


@pytest.mark.parametrize("name", ODD)
def test_every_caption_is_a_sentence_whatever_the_logs(name):
    odd = ODD[name]
    found = rebuilt(odd.priced, odd.logs.events)
    for text in (
        words.causes(by_cause(found)),
        words.costliest(costliest(listed(found))),
        words.ledger(listed(found), 9),
        words.unknown(triggered(found, odd.logs.events)),
    ):
        assert text[0].isalnum()
        assert text.endswith(".")
        assert "None" not in text.replace("None of", "")
        assert "nan" not in text


def test_what_has_no_cause_is_told_by_what_led_to_it():
    """Two human turns, one of which loses a part of the prompt without a cause."""
    at = [AT + dt.timedelta(seconds=20 * n) for n in range(4)]
    whole = {"read_tokens": 50_000, "context_tokens": 50_000}
    lost = {"read_tokens": 20_000, "write_tokens": 30_000, "context_tokens": 50_000}
    rows = [
        kind | {"first_seen": t, "requested_at": t, "message_id": f"m{n}"}
        for n, (t, kind) in enumerate(zip(at, (whole, lost, whole, whole), strict=True))
    ]
    said = [{"session": "s", "is_sidechain": False, "kind": "prompt", "at": t} for t in at[1:3]]
    events = pl.DataFrame(said, schema=schema.dtypes("events"))
    found = rebuilt(price(requests(*rows)), events)
    text = words.unknown(triggered(found, events))
    assert "1 follow a human turn, with 100.0" in text
    assert "50.0" in text
    assert "and 0.0" in text


def test_a_premium_that_is_not_known_is_not_zero():
    odd = [request(m, model="other-01") for m in (0, 9)]
    sums = by_cause(rebuilt(price(requests(*odd)), NONE))
    row = sums.row(by_predicate=pl.col("cause") == "expiry", named=True)
    assert (row["rebuilds"], row["unpriced"], row["premium_nano"]) == (1, 1, None)
    assert sums.filter(rebuilds=0)["premium_nano"].to_list() == [0] * 5
    assert "the premium is not known" in words.causes(sums)
    assert "$0.00" not in words.causes(sums)


def test_rebuilds_without_a_price_are_said_to_be_left_out():
    known = [request(m) for m in (0, 9)]
    odd = [request(m, model="other-01", session="t") for m in (0, 9)]
    text = words.causes(by_cause(rebuilt(price(requests(*known, *odd)), NONE), 10**9))
    assert "2 rebuilds" in text
    assert "1 of them by models without a price" in text
    assert "of the bill as logged" in text
    assert "with output reconstructed" in text
