"""Five-hour windows: both published rules by hand, limits, and what was planted."""

import datetime as dt

import gallery
import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import load, schema, synth
from analysis.logs import store
from analysis.measures import reconstruct, window_use, windows
from analysis.paths import SAMPLE
from analysis.prices import price
from analysis.words import windows as words

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
NONE = pl.DataFrame(schema=schema.dtypes("events"))


@pytest.fixture(scope="module")
def sample(datasets):
    store.load_logs("sample", str(SAMPLE))
    return load("sample")


def made(*minutes, project="project-01"):
    """Requests at so many minutes after noon."""
    return requests(
        *(
            {
                "message_id": f"msg_{project}_{n:03}",
                "first_seen": AT + n * MINUTE,
                "read_tokens": 1000,
            }
            | {"project": project}
            for n in minutes
        )
    )


def limits(*rows):
    """Refusals: project, minutes after noon, minutes after noon of the reset."""
    said = [
        {"project": project, "kind": "limit", "is_sidechain": False, "file": 0}
        | {"at": AT + at * MINUTE, "resets_at": None if reset is None else AT + reset * MINUTE}
        for project, at, reset in rows
    ]
    return pl.DataFrame(said, schema=schema.dtypes("events"))


def spans(rows):
    """Return the windows as minutes after noon, each with its requests."""
    found = rows.group_by("begins", "ends", maintain_order=True).len()
    return [
        ((begin - AT) // MINUTE, (end - AT) // MINUTE, n) for begin, end, n in found.iter_rows()
    ]


def test_the_server_opens_with_the_first_request_and_closes_five_hours_on():
    rows = windows.windowed(made(20, 319, 320, 619, 1000), NONE)
    assert spans(rows) == [(20, 320, 2), (320, 620, 2), (1000, 1300, 1)]


def test_the_tools_begin_on_the_hour_and_keep_the_last_moment():
    rows = windows.windowed(made(20, 300, 301), NONE, "tools")
    assert spans(rows) == [(0, 300, 2), (300, 600, 1)]


def test_what_closes_a_window_of_the_tools_by_a_pause_is_beyond_its_end_anyway():
    minutes = [0, 10, 299, 600, 601, 1300, 1600, 1601]
    found, start, before = [], None, None
    for at in minutes:  # the rule as it is published, row by row
        if start is None or at - start > 300 or at - before > 300:
            start = at // 60 * 60
            found.append([start, start + 300, 0])
        found[-1][2] += 1
        before = at
    rows = windows.windowed(made(*minutes), NONE, "tools")
    assert spans(rows) == [tuple(window) for window in found]


def test_a_told_reset_says_where_the_window_began():
    told = limits(("project-01", 100, 245))
    rows = windows.windowed(made(-100, -54, 10, 90, 246), told)
    assert spans(rows) == [(-100, -55, 1), (-55, 245, 3), (246, 546, 1)]
    assert rows["hit_at"].drop_nulls().unique().to_list() == [AT + 100 * MINUTE]
    assert rows.filter(pl.col("hit_at").is_not_null()).height == 3


def test_windows_begin_on_the_hour_if_every_told_reset_does():
    told = limits(("project-01", 100, 240))
    assert spans(windows.windowed(made(50, 610), told)) == [(-60, 240, 1), (600, 900, 1)]
    odd = limits(("project-01", 100, 240), ("project-01", 3000, 3010))
    assert spans(windows.windowed(made(50, 610), odd)) == [(-60, 240, 1), (610, 910, 1)]


def test_other_limits_are_no_hits():
    told = limits(
        ("project-01", 0, 301),  # a weekly one
        ("project-01", 0, None),  # it does not say when it ends
        ("project-01", 10, 0),  # said after it ended
        ("project-01", 0, 300),
    )
    assert windows.hits(told).rows() == [("project-01", AT, AT + 5 * HOUR)]


def test_one_reset_told_twice_is_one_window_and_the_first_refusal_counts():
    told = limits(("project-01", 60, 240), ("project-02", 50, 240), ("project-01", 70, 239))
    rows = windows.windowed(made(0, 40), told)
    assert not windows.contradicted(windows.hits(told))
    assert windows.account(told) is None
    assert rows["hit_at"].unique().to_list() == [AT + 50 * MINUTE]


def test_windows_that_overlap_are_not_one_accounts():
    told = limits(("project-01", 60, 240), ("project-02", 70, 330))
    assert windows.account(told) == "project"
    both = pl.concat([made(0, 40), made(35, 45, project="project-02")])
    rows = windows.windowed(both, told, account="project")
    assert rows.group_by("account", maintain_order=True).agg(pl.col("hit_at").first()).rows() == [
        ("project-01", AT + 60 * MINUTE),
        ("project-02", AT + 70 * MINUTE),
    ]
    said = words.opening(window_use.per_window(used(rows)), told, 2)
    assert "taken for an account of its own" in said
    said = words.windows(worth(rows), 2)
    assert said.startswith("If each of 2 projects is an account, ")


def test_windows_of_several_projects_are_counted_under_an_assumption():
    both = pl.concat([made(0, 40), made(35, 45, project="project-02")])
    said = words.windows(worth(windows.windowed(both, NONE)), 2)
    assert said.startswith(
        "If all 2 projects are one account's, no limit is seen in 1 window of 5 hours."
    )
    alone = windows.windowed(made(0, 40), NONE)
    assert words.windows(worth(alone), 1).startswith("No limit is seen in 1 window")


def worth(rows):
    """Windows of a dollar each."""
    return window_use.per_window(used(rows)).with_columns(cost_usd=1.0)


def used(rows):
    return reconstruct.outputs(price(rows))


@pytest.mark.parametrize("rule", windows.RULES)
@pytest.mark.parametrize("account", [None, "project"])
def test_every_request_is_in_one_window_that_holds_it(rule, account, sample):
    logs = sample
    rows = windows.windowed(logs.requests, logs.events, rule, account)
    assert sorted(rows["message_id"]) == sorted(logs.requests["message_id"])
    assert (rows["begins"] <= rows["first_seen"]).all()
    late = (
        rows["first_seen"] > rows["ends"] if rule == "tools" else rows["first_seen"] >= rows["ends"]
    )
    assert not late.any()
    spanned = rows.select("account", "begins", "ends").unique().sort("account", "begins")
    assert (spanned["ends"] - spanned["begins"] <= windows.LENGTH).all()
    after = spanned.select((pl.col("begins") >= pl.col("ends").shift()).over("account"))
    assert after.to_series().drop_nulls().all()


@pytest.mark.parametrize("weight", [0.0, 0.1, 1.0])
def test_the_planted_windows_are_found(weight, tmp_path, datasets):
    truth = synth.write(tmp_path, quota_weight=weight)
    name = f"quota-{10 * weight:.0f}"
    store.load_logs(name, str(tmp_path))
    logs = load(name)
    rows = windows.windowed(logs.requests, logs.events)
    assert set(rows["begins"]) == {window.begins for window in truth.windows}
    refused = {limit.resets - windows.LENGTH for limit in truth.limits}
    assert set(rows.drop_nulls("hit_at")["begins"]) == refused


def test_windows_sum_to_the_whole(sample):
    logs = sample
    whole = reconstruct.outputs(logs.priced())
    for rule in windows.RULES:
        found = window_use.per_window(windows.windowed(whole, logs.events, rule))
        for name in ("read_tokens", "write_tokens", "input_tokens"):
            assert found[name].sum() == whole[name].sum()
        nano = whole.select((pl.col("total_nano") + pl.col("rest_nano")).sum()).item()
        assert found["cost_usd"].sum() == pytest.approx(nano / 1e9)
        assert found["requests"].sum() == whole.height


def test_rules_are_counted_with_projects_together_and_apart():
    both = pl.concat([made(20, 330), made(50, project="project-02")])
    found = window_use.by_rule(used(both), NONE)
    assert found.select("rule", "account", "windows", "hits").rows() == [
        ("server", "all", 2, 0),
        ("server", "project", 3, 0),
        ("tools", "all", 2, 0),
        ("tools", "project", 3, 0),
    ]
    assert found["requests"].to_list() == [1.5, 1, 1.5, 1]
    assert "Both published rules find 2 windows" in words.rules_caption(found)


@pytest.mark.parametrize("name", gallery.ODD)
def test_there_is_something_to_say_of_odd_logs(name):
    odd = gallery.ODD[name]
    rows = reconstruct.outputs(odd.priced)
    found = window_use.per_window(windows.windowed(rows, NONE))
    said = [
        words.opening(found, NONE, rows["project"].n_unique()),
        words.windows(found, rows["project"].n_unique()),
        words.windows_alt(found),
        words.rules_caption(window_use.by_rule(rows, NONE)),
    ]
    assert not any(bad in text for text in said for bad in ("None", "nan", "inf "))
