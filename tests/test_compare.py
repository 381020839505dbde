"""Two sets beside each other: values by hand, intervals where there are enough sessions."""

import datetime as dt

import polars as pl
import pytest
from chains_by_hand import priced_copies, request
from requests_by_hand import AT, requests

from analysis import schema
from analysis.explore import compare as view
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.logs import store
from analysis.measures import compare
from analysis.measures.compare import MEASURES
from analysis.measures.rebuilds import rebuilt
from analysis.measures.resample import FEWEST, interval
from analysis.paths import SAMPLE
from analysis.plots.compare import plot_compare
from analysis.prices import price
from analysis.report.theme import SIZES
from analysis.words import compare as words

DAY = 24 * 60
#: A session with a pause that loses 100,000 tokens: 220,000 written, 10,000 output.
PAUSED = (
    {"minute": 0, "write": 100_000, "output": 4_000},
    {"minute": 20, "write": 120_000, "output": 6_000},
)
#: Next day one without: 100,000 written and read, 50,000 uncached.
PLAIN = (
    {"minute": DAY, "write": 100_000},
    {"minute": DAY + 1, "read": 100_000, "input": 50_000},
)


def made(*sessions, project="project-01"):
    rows = [
        request(9 * number + n, **{"session": f"{project}-{number}", "project": project} | row)
        for number, session in enumerate(sessions)
        for n, row in enumerate(session)
    ]
    return rebuilt(price(requests(*rows)), pl.DataFrame(schema=schema.dtypes("events")))


def column(frame, name):
    return dict(frame.select("measure", name).iter_rows())


# $ per million: 5 input, 6.25 writes, 0.50 reads, 25 output
def test_values_by_hand():
    found = compare.compare(made(PAUSED, PLAIN), made(PLAIN))
    paused, plain = 220 * 6.25 + 10 * 25, 100 * 6.25 + 100 * 0.5 + 50 * 5
    both = paused + plain
    assert column(found, "a") == pytest.approx(
        {
            "dollars a day with requests": both / 2e3,
            "dollars a session": both / 2e3,
            "cache, of dollars": (both - 250 - 250) / both,
            "hit rate, of prompt tokens": 100 / 470,
            "premium of rebuilds, of dollars": 100 * (6.25 - 0.5) / both,
            "output tokens a request": 2_500,
            "prompt tokens a request": 470_000 / 4,
        }
    )
    assert column(found, "b")["dollars a session"] == pytest.approx(plain / 1e3)
    assert column(found, "b")["premium of rebuilds, of dollars"] == 0
    more = column(found, "difference")["dollars a session"]
    assert more == pytest.approx((plain - both / 2) / 1e3)
    assert column(found, "change")["dollars a session"] == pytest.approx(2 * plain / both - 1)
    assert column(found, "of_a")["dollars a day with requests"] == 2


def test_days_are_those_of_a_place():
    late = {"first_seen": AT.replace(hour=23), "write": 10}
    rows = made((late, late | {"minute": 120}))
    assert compare.compare(rows, rows)["of_a"][0] == 2
    assert compare.compare(rows, rows, "Asia/Tokyo")["of_a"][0] == 1


def test_what_has_no_price_has_tokens_and_no_dollars():
    found = compare.compare(made(({"model": "other-01", "write": 10, "read": 30},)), made(PLAIN))
    values = column(found, "a")
    assert [values[m.name] for m in MEASURES[:3]] == [None] * 3
    assert values["hit rate, of prompt tokens"] == 0.75
    assert column(found, "difference")["dollars a session"] is None


def test_a_prompt_is_whole_where_writes_are_not_counted():
    none = dict.fromkeys(("write_tokens", "write_5m_tokens", "write_1h_tokens"))
    row = request(1, read=30, input=10)
    rows = rebuilt(price(requests(row | none)), pl.DataFrame(schema=schema.dtypes("events")))
    values = column(compare.compare(rows, made(PLAIN)), "a")
    assert values["hit rate, of prompt tokens"] == 0.75
    assert values["prompt tokens a request"] == 40


def row_of(found, measure):
    return found.filter(measure=measure).row(0, named=True)


def many(count, project="project-01", *, day=0, output=100):
    """Sessions a day each, whose answers differ a little."""
    return made(
        *(
            ({"minute": (day + n) * DAY, "write": 9_000 + n, "output": output + n % 7},)
            for n in range(count)
        ),
        project=project,
    )


def test_few_sessions_have_no_interval_and_it_is_said():
    found = compare.compare(many(FEWEST - 1), many(2 * FEWEST, "project-02"))
    assert found["low"].null_count() == found["beyond"].null_count() == found.height
    said = words.title(found, "a", "b")
    assert f"{FEWEST - 1} sessions and {2 * FEWEST} where {FEWEST} of each" in said


def test_a_difference_is_told_from_noise():
    found = compare.compare(many(30), many(40, "project-02", output=140))
    beyond = column(found, "beyond")
    assert beyond["output tokens a request"]
    assert beyond["hit rate, of prompt tokens"] is False
    row = found.filter(measure="output tokens a request").row(0, named=True)
    assert row["low"] < row["difference"] < row["high"]
    assert row["change_low"] < row["change"] < row["change_high"]
    said = words.title(found, "a", "b")
    assert found["beyond"].sum() > 2
    assert said.startswith("b (B) beside a (A), as logged, beyond noise: ")
    assert said.endswith(f", and {found['beyond'].sum() - 2} more.")
    assert said.count("→") == 2
    assert "output tokens" not in said  # versions count it in different ways
    rest = found.filter(pl.col("beyond") & pl.col("measure").is_in(["output tokens a request"]))
    assert "beyond noise: output tokens a request: 103 → 143, 1.39×." in words.title(rest, "a", "b")


def test_the_same_is_no_difference():
    rows = priced_copies(1_500, 3)
    found = compare.compare(rows, rows)
    assert found["difference"].to_list() == found["low"].to_list() == [0] * len(MEASURES)
    assert not found["beyond"].any()
    assert words.title(found, "a", "b") == "b (B) beside a (A): no difference is beyond noise."


def test_an_interval_is_the_one_of_its_sums():
    """A session that is in both sets is drawn in both."""
    rows = priced_copies(3_000, 4)
    a, b = rows.gather_every(2), rows.gather_every(2, 1)
    found = compare.compare(a, b).filter(measure="hit rate, of prompt tokens").row(0, named=True)
    prompt = pl.col("read_tokens") + pl.col("write_tokens") + pl.col("input_tokens")
    sums = {
        f"{side}_{name}": of.filter(pl.col("side") == side).sum()
        for side in "ab"
        for name, of in (("read", pl.col("read_tokens")), ("all", prompt))
    }
    both = pl.concat([a.with_columns(side=pl.lit("a")), b.with_columns(side=pl.lit("b"))])
    wanted = interval(
        both, sums, lambda s: s["b_read"] / s["b_all"] - s["a_read"] / s["a_all"], seed=1
    )
    assert (found["low"], found["high"]) == pytest.approx(wanted[:2], rel=1e-12)


def test_projects_are_drawn_where_there_are_enough():
    def of(first, output):
        parts = [many(3, f"project-{first + n:02}", output=output + 4 * n) for n in range(FEWEST)]
        return pl.concat(parts)

    few = compare.compare(many(30), of(1, 100))
    assert few["project_low"].null_count() == few.height
    assert "10 on either side" in words.by_project(few)
    found = compare.compare(of(1, 100), of(21, 400))
    row = found.filter(measure="output tokens a request").row(0, named=True)
    assert row["project_beyond"]
    assert found.filter(unit="usd", drawn="day")["project_low"].item() is None  # no sum by project
    assert "the same is beyond noise" in words.by_project(found)
    wide = found.with_columns(project_beyond=pl.lit(value=False))
    assert "noise has also" in words.by_project(wide)


@pytest.fixture(scope="module")
def data(datasets):
    store.load_logs("sample", str(SAMPLE))
    return Data.of(store.read("sample"), {"project-02": "atlas"})


def test_halves_projects_months_and_weeks_can_be_compared(data):
    offered = dict(view.sides(data, Choices()))
    assert list(offered)[:2] == ["first half of requests", "second half of requests"]
    assert offered["atlas"] == "project:project-02"
    assert offered["March 2026"] == "2026-03-01/2026-03-31"
    assert offered["week of 2026-02-02"] == "2026-02-02/2026-02-08"
    assert view.CONTROLS["b"].first(data, Choices()) == offered["second half of requests"]
    for whole in tuple(offered)[:2], ("February 2026", "March 2026", "April 2026"):
        parts = [data.within(view.chosen(Choices(), offered[name])).height for name in whole]
        assert sum(parts) == data.rows.height
        assert all(parts)
    of_one = view.sides(data, Choices(project="project-01"))
    assert not any(value.startswith("project:") for _, value in of_one)


def test_a_set_is_of_what_was_chosen(data):
    chosen = Choices(since="2026-03-10", until="2026-03-20", model="claude-opus-4-6")
    april, march = (view.chosen(chosen, f"2026-0{m}-01/2026-0{m}-31") for m in (4, 3))
    assert (march.since, march.until, march.model) == ("2026-03-10", "2026-03-20", chosen.model)
    assert data.within(april).is_empty()
    found = view.compare(data, chosen, a="2026-04-01/2026-04-30", b="project:project-02")
    assert found.title == "Nothing to compare: a set has no requests."


def test_the_view_says_both_sets_and_every_value(data, themed):
    found = view.compare(data, Choices(), a="project:project-01", b="project:project-02")
    assert found.title.startswith("project-02 (B) beside project-01 (A)")
    assert f"Of {len(MEASURES)} measures" in found.reading
    heights = [data.within(Choices(project=f"project-0{n}")).height for n in (1, 2)]
    assert found.reading.startswith(f"A has {heights[0]} requests, B {heights[1]}. ")
    assert len(found.draw().texts) == len(MEASURES)
    first = found.frame["a"][0]
    assert f"${first:,.2f} → " in found.alt
    own = data.within(Choices(project="project-01"))
    days = own.filter(pl.col("total_nano").is_not_null())["first_seen"].dt.date().n_unique()
    assert first == pytest.approx(own["total_nano"].sum() / 1e9 / days)


def test_two_sums_of_money_in_the_lab_are_no_mathematics(data, themed):
    found = view.compare(data, Choices(), a="project:project-01", b="project:project-02")
    drawn = found.outputs()[1]["data"]["text/html"]
    assert '<div class="explored mathjax_ignore" ' in drawn
    a, b = found.frame.select("a", "b").row(0)
    assert f">dollars a day with requests: ${a:,.2f} → ${b:,.2f}, " in drawn


def test_halves_hold_about_half_of_the_requests_however_uneven_their_days(data):
    offered = view.sides(data, Choices())
    first, second = (data.within(view.chosen(Choices(), side)).height for _, side in offered[:2])
    days = data.rows.group_by(pl.col("first_seen").dt.date()).len()["len"]
    assert first + second == data.rows.height
    assert abs(first - second) <= days.max()
    assert view.compare(data, Choices()).reading.startswith(
        f"A has {first} requests, B {second}, parted at the day that leaves most nearly half"
    )


def test_one_day_with_almost_everything_is_a_half(datasets):
    rows = pl.concat([many(2, day=n) for n in (0, 30)] + [many(1, day=60)] * 20)
    uneven = Data(store.read("sample"), rows)
    (_, first), (_, second), *_ = view.sides(uneven, Choices())
    last = f"{(AT + dt.timedelta(days=60)).date()}"
    assert second == f"{last}/{last}"
    assert first.startswith(f"{AT.date()}/")


def test_a_set_beside_itself_is_not_drawn_and_it_is_said(data, themed):
    own = "project:project-01"
    for chosen, a in ((Choices(), own), (Choices(project="project-01"), "2026-03-01/2026-03-31")):
        found = view.compare(data, chosen, a=a, b=a)
        assert found.title.startswith("Nothing to compare: A and B are the same, ")
        assert found.draw is None
        assert len(found.outputs()) == 1


def test_intervals_are_drawn_wider_than_a_tick_and_said(themed):
    found = compare.compare(many(30), many(40, "project-02", output=140))
    ax = plot_compare(found)
    bars = [c for c in ax.collections if c.get_linewidth()[0] == SIZES["range"]]
    assert len(bars) == found["change_low"].count()
    assert ax.get_xscale() == "log"
    one = row_of(found, "output tokens a request")
    ends = (words.times(1 + one[f"change_{end}"]) for end in ("low", "high"))
    assert " to ".join(ends).replace("×", "", 1) in words.row(one)


def test_what_is_farther_than_the_axis_is_an_arrow(themed):
    found = compare.compare(many(30, output=1), many(30, "project-02", output=4_000))
    assert [line.get_marker() for line in plot_compare(found).lines[1:]].count(">") >= 1


def test_nothing_chosen_is_said(data, themed):
    found = view.compare(data, Choices(project="project-99"))
    assert found.title.startswith("Nothing to compare")
    assert found.draw is None


def test_a_day_alone_has_no_second_half(data):
    day = data.rows["first_seen"].min().date()
    alone = Choices(since=f"{day}", until=f"{day}")
    first, second, *_ = dict(view.sides(data, alone)).values()
    assert (first, second) == (f"{day}/{day}", f"{day + dt.timedelta(1)}/{day}")
    assert view.compare(data, alone).title.startswith("Nothing to compare")
