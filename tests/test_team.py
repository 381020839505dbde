"""A team's people: sums, shares, peaks, curve and plans, by requests counted by hand."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from team_by_hand import hour, pricing, row, rows

from analysis import commands, params
from analysis.measures import suppress, team, team_plans, team_shares, team_spread, team_tables
from analysis.measures.hits import OURS, formulas
from analysis.measures.margin import totals
from analysis.measures.suppress import FEWEST
from analysis.measures.team_peaks import peaks
from analysis.words import team as words
from analysis.words import team_sums as paid

MILLION = 1_000_000


def everyone(*made):
    return team.everyone([rows(*made)], pricing)


def shares(people):
    """Return a team's shares as the chapter has them."""
    return team_shares.shares(people, team_tables.classes(people))


def alike(people, **values):
    """Return people who each made one request."""
    return [row(n, **({"read_tokens": MILLION} | values)) for n in range(people)]


def test_a_person_s_sums_are_those_of_their_requests():
    found = everyone(
        row(0, 0, read_tokens=2 * MILLION, output_tokens=1_000),  # $1 and $0.025
        row(0, 1, write_tokens=MILLION, final=False),  # $6.25
        row(0, 1, input_tokens=100, model="other"),  # no price
        row(1, 0, read_tokens=MILLION),
    )
    first, second = found.to_dicts()
    assert found["label"].to_list() == ["person-01", "person-02"]
    assert (first["requests"], first["sessions"], first["final_requests"]) == (3, 2, 2)
    assert (first["unpriced_tokens"], first["uncounted"]) == (100, 0)
    assert [first[f"{name}_tokens"] for name in ("read", "write", "input", "output")] == [
        *(2 * MILLION, MILLION, 100, 1_000)
    ]
    assert first["total_nano"] == 7_275_000_000
    assert second["total_nano"] == 500_000_000


def test_shares_are_the_house_s_own():
    """Of final counts alone the cache's share; of all prompts the hit rate that we recommend."""
    made = rows(
        row(0, 0, read_tokens=2 * MILLION, output_tokens=1_000),
        row(0, 1, write_tokens=MILLION, final=False, output_tokens=1),
        row(0, 2, input_tokens=MILLION),
    )
    (found,) = team.everyone([made], pricing).to_dicts()
    priced = pricing(made.with_columns(first_seen="hour"))
    assert found["share"] == totals(priced.filter("final"))["share"] == 1 / (1 + 0.025 + 5)
    by_formula = dict(formulas(priced).select("formula", "value").iter_rows())
    assert found["rate"] == by_formula[OURS] == 2 / 4
    assert found["pair"] == by_formula["pair"] == 2 / 3


#: What is not known of requests of a tool that counts no writes.
UNCOUNTED = {"source": "codex", "model": "gpt-5"} | dict.fromkeys(
    ("write_tokens", "write_5m_tokens", "rebuilt_tokens")
)


def test_writes_that_nobody_counts_are_not_zero():
    (found,) = everyone(row(0, **UNCOUNTED, read_tokens=30, input_tokens=10)).to_dicts()
    assert found["write_tokens"] is None
    assert (found["rate"], found["pair"]) == (0.75, None)
    assert found["expiry_nano"] == 0


def test_an_interval_takes_ten_sessions_that_have_some_of_the_whole():
    made = [row(0, n, read_tokens=1_000 * n, write_tokens=500, output_tokens=50) for n in range(12)]
    rest = [row(1, n, read_tokens=1_000 * n, final=n < 9) for n in range(12)]
    first, second = everyone(*made, *rest).to_dicts()
    assert first["share_low"] < first["share"] < first["share_high"]
    assert first["rate_low"] < first["rate"] < first["rate_high"]
    assert second["share_low"] is None
    assert second["share"] is not None
    assert second["rate_low"] is not None


def test_an_unknown_write_is_a_dash_and_a_sentence():
    people = everyone(*alike(8, **UNCOUNTED, input_tokens=MILLION))
    table, again = team_tables.classes(people), team_tables.causes(people)
    assert table.filter(pl.col("class") == "write").row(0)[1:] == (None, None, None)
    assert table["tokens"][-1] == 16 * MILLION
    assert again["premium_usd"].null_count() == again["people"].null_count() == again.height
    for said in (paid.classes(table, people), paid.causes(again, people)):
        assert "Not known: what was written to the cache is counted by no tool" in said
        assert "that had been there" not in said
    assert dict(shares(people).select("figure", "value").iter_rows())["rate"] == 0.5
    some = everyone(*alike(8), *[row(n, **UNCOUNTED) for n in range(6)])
    told = paid.classes(team_tables.classes(some), some)
    assert "42.9\u202f% of requests are of tools that do not count what they write" in told
    few = everyone(*alike(8), *[row(n, **UNCOUNTED) for n in range(2)])
    assert "Some requests are of tools" in paid.classes(team_tables.classes(few), few)


def test_who_has_rows_without_a_session_has_no_interval():
    made = [row(0, n, read_tokens=1_000 * n, input_tokens=500) for n in range(12)]
    loose = [row(1, n, read_tokens=1_000 * n, input_tokens=500) for n in range(12)]
    loose += [row(1, input_tokens=MILLION) | {"session": None}]
    first, second = everyone(*made, *loose).to_dicts()
    assert first["rate_low"] < first["rate"] < first["rate_high"]
    assert (second["rate_low"], second["rate_high"]) == (None, None)
    assert second["rate"] is not None


def test_a_rebuild_is_paid_above_a_read_and_a_new_chain_is_none():
    again = {"write_tokens": MILLION, "rebuilt_tokens": MILLION}
    (found,) = everyone(
        row(0, **again, cause="expiry"), row(0, **again, cause="new chain")
    ).to_dicts()
    assert (found["expiry_tokens"], found["expiry_nano"]) == (MILLION, 5_750_000_000)
    assert sum(found[f"{cause}_nano"] for cause in team.AGAIN) == 5_750_000_000


def test_parts_with_whole_people_are_the_team():
    made = rows(*(row(n % 3, n, read_tokens=n, hour=hour(n)) for n in range(60)))
    whole = team.everyone([made], pricing)
    parts = [made.filter(pl.col("person").str.ends_with(str(n))) for n in (2, 0, 1)]
    assert team.everyone(parts, pricing).equals(whole)
    assert team.everyone([], pricing).schema == whole.schema


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(1, 9)), min_size=1))
def test_a_span_opens_with_what_comes_after_the_last_has_ended(made):
    spent = (
        pl.DataFrame(made, ["person", "hour", "total_nano"], orient="row")
        .with_columns(pl.format("p{}", "person").alias("person"))
        .group_by("person", "hour")
        .agg(pl.col("total_nano").sum())
    )
    wanted = {}
    for person, at, nano in spent.sort("person", "hour").iter_rows():
        begun, held, most = wanted.get(person, (at, 0, 0))
        begun, held = (begun, held + nano) if at < begun + 5 else (at, nano)
        wanted[person] = (begun, held, max(most, held))
    times = spent.with_columns(hour=hour(0) + pl.duration(hours=pl.col("hour")))
    assert dict(peaks(times, 5).iter_rows()) == {p: most for p, (_, _, most) in wanted.items()}


def spread_of(*usd):
    """Return people who used so many dollars each."""
    nano = [round(each * 1e9) for each in usd]
    base = everyone(*alike(len(usd)))
    return base.with_columns(
        pl.Series("total_nano", nano), prompt_tokens=pl.Series(nano) // 1000,
        window_nano=pl.Series(nano), week_nano=pl.Series(nano),
    )  # fmt: skip


def test_gini_is_of_all_pairs():
    usd = np.array([9.0, 7, 4, 2, 2, 1, 1, 1, 1, 1])
    pairs = np.abs(usd[:, None] - usd).sum() / (2 * 10 * 9 * usd.mean())
    (found,) = team_spread.spread(spread_of(*usd)).filter(unit="dollars").to_dicts()
    assert found["gini"] == round(pairs, 3)


def test_a_curve_has_no_part_of_few_and_no_part_of_one():
    curve = team_spread.lorenz(spread_of(*range(1, 41))).filter(unit="dollars")
    assert np.diff(curve["people"]).min() >= FEWEST
    assert curve["people"].to_list() == [0, 5, 10, 15, 20, 25, 30, 35, 40]
    assert curve["share"][1] == round(sum(range(36, 41)) / sum(range(1, 41)), 3)
    one = team_spread.lorenz(spread_of(301, *[10] * 19)).filter(unit="dollars")
    assert one["people"].to_list() == [0, 6, 13, 20]  # of five, the second would know the first's
    assert team_spread.lorenz(spread_of(*range(1, 10))).is_empty()
    assert team_spread.lorenz(spread_of(3_000, *[10] * 19)).is_empty()


def test_plans_are_those_that_hold_the_fullest_window():
    usd = [6.3] * 6 + [6.4] * 5 + [126] * 7 + [127] * 2
    fitted = team_plans.fit(spread_of(*usd))
    assert fitted["plan"].to_list() == ["Pro", "Max 5x", "Max 20x", team_plans.BEYOND, "all"]
    assert fitted["people"].to_list() == [6, None, 7, None, 20]
    assert fitted["seats_usd"].to_list()[:3] == [400, 2_000, 4_000]
    assert team_plans.bill(fitted) == (6 * 20 + 7 * 200 + 7 * 100, 6 * 20 + 14 * 200)
    week = team_plans.held(spread_of(*[12.6] * 5).with_columns(window_nano=1), 6.3, 1)
    assert set(week["plan"]) == {"Max 5x"}


def test_a_month_is_a_person_s_own():
    made = [row(n, d, read_tokens=MILLION, hour=hour(24 * d)) for n in range(12) for d in range(60)]
    people = everyone(*made)
    assert team_plans.monthly(people) == pytest.approx([15] * 12)
    early = team_plans.monthly(everyone(*made, row(0, 99, read_tokens=1, hour=hour(-24 * 700))))
    assert early[0] < 2
    assert early[1:] == pytest.approx([15] * 11)
    one = alike(12)
    assert team_plans.monthly(everyone(*one)) == pytest.approx([0.5] * 12)
    stayed = everyone(*one, row(0, hour=hour(24 * 59)))  # a mean of months would tell of this one
    assert dict(team_tables.sums(stayed).iter_rows())["dollars a person a month"] is None
    assert dict(team_tables.sums(people).iter_rows())["dollars a person a month"] == 15


def test_tokens_without_a_price_are_told_and_their_plan_is_not_known():
    made = alike(12) + [row(n, read_tokens=9 * MILLION, model="other") for n in range(7)]
    people = everyone(*made)
    said = words.opening(people, team_tables.sums(people), shares(people))
    assert "84.0\u202f% of tokens are of models without a price" in said
    fitted = team_plans.fit(people)
    assert dict(fitted.select("plan", "people").iter_rows())[team_plans.NOT_KNOWN] == 7
    assert team_plans.bill(fitted) == (5 * 20 + 7 * 20, 5 * 20 + 7 * 200)
    assert "is not known" in paid.plans(fitted, team_tables.sums(people))
    few = everyone(*alike(12), row(0, read_tokens=MILLION, model="other"))
    said = words.opening(few, team_tables.sums(few), shares(few))
    assert "Some tokens are of models without a price" in said
    assert team_tables.classes(few)["tokens"].null_count() == 6


def test_who_is_missing_from_one_figure_is_missing_from_both():
    made = [row(n, read_tokens=MILLION, final=n != 6) for n in range(12)]
    drawn = [team_shares.by_person(everyone(*made), name)["label"] for name in ("share", "rate")]
    assert [*map(len, drawn)] == [11, 11]
    many = everyone(*(r | {"final": n > 4} for n, r in enumerate(made)))
    drawn = [team_shares.by_person(many, name)["label"] for name in ("share", "rate")]
    assert [*map(len, drawn)] == [7, 12]


def test_what_stands_in_the_tables_is_withheld_together():
    made = alike(8, write_tokens=MILLION, output_tokens=10, input_tokens=1)
    made += [row(0, web_searches=100)]
    found = team_tables.classes(everyone(*made))
    hidden = found.filter(pl.col("cost_usd").is_null())["class"].to_list()
    assert hidden == ["read", "input", "output", "search"]  # with less, one would make it up
    assert found["cost_usd"][-1] == round(8 * (0.5 + 6.25 + 0.00025 + 0.000005) + 1, 2)
    again = {"write_tokens": MILLION, "rebuilt_tokens": MILLION}
    causes = [row(n, **again, cause=c) for n in range(8) for c in ("expiry", "unknown")]
    causes += [row(n, **again, cause="compaction") for n in range(3)]
    table = team_tables.causes(everyone(*causes))
    assert table["cause"][0] == "unknown"
    assert table.filter(cause="compaction").row(0)[1:] == (None, None, None, None)
    assert table.filter(cause="expiry").row(0)[1:] == (8, None, None, None)
    assert table["premium_usd"][-1] == pytest.approx(19 * 5.75)


def test_a_team_of_one_spender_has_no_sums():
    people = spread_of(1_000, *[0.01] * 11)
    assert team_tables.sums(people)["value"].to_list() == [12, None, None, None, 0]
    assert team_spread.spread(people).is_empty()
    said = words.opening(people, team_tables.sums(people), shares(people))
    assert "withheld" in said


def test_a_person_s_share_is_rounded_and_stands_alone():
    people = everyone(*alike(6, output_tokens=7_777))
    found = team_shares.by_person(people, "share")
    assert found.columns == ["label", "value", "low", "high"]
    assert found["value"].to_list() == [round(x, 3) for x in people["share"]]
    assert team_shares.by_person(people.head(4), "share").is_empty()


def test_few_people_are_one_sentence():
    people = everyone(*alike(4))
    assert not team_tables.enough(people)
    assert team_tables.enough(everyone(*alike(5)))
    said = words.opening(people, team_tables.sums(people), shares(people))
    assert said == words.FEW == "This team has fewer than 5 people: nothing of it is shown."


@pytest.mark.parametrize("people", [5, 9, 10, 12, 45])
@pytest.mark.parametrize("kind", ["alike", "no price", "no final", "unpaid", "unlike"])
def test_there_is_something_to_say_of_odd_teams(people, kind):
    values = {"no price": {"model": "other"}, "no final": {"final": False}}.get(kind, {})
    made = alike(people, **values)
    if kind == "unpaid":
        made = alike(people, read_tokens=0)
    if kind == "unlike":
        made = [row(n, read_tokens=10 ** min(n, 9)) for n in range(people)]
    frame = everyone(*made)
    sums, of_all = team_tables.sums(frame), shares(frame)
    spread, fits = team_spread.spread(frame), team_plans.fit(frame)
    each = team_shares.by_person(frame, "share")
    said = [
        words.opening(frame, sums, of_all), words.shares(of_all),
        paid.lorenz(spread, frame.height), paid.lorenz_alt(team_spread.lorenz(frame)),
        words.people(each, "share"), words.people_alt(each),
        paid.classes(team_tables.classes(frame), frame),
        paid.causes(team_tables.causes(frame), frame),
        paid.causes_alt(team_tables.causes(frame)), paid.plans(fits, sums),
        paid.plans_alt(fits), paid.plans_table(),
    ]  # fmt: skip
    for text in said:
        assert not any(word in text for word in ("None", "nan", "inf")), text


def handed(seed):
    """Return a team of which each has a few requests, of unlike sizes, causes and models."""
    rng = np.random.default_rng(seed)
    made = []
    for person in range(rng.integers(FEWEST, 16)):
        size = int(10 ** rng.uniform(2, 8))
        for session in range(rng.integers(1, 4)):
            cause = rng.choice([None, "new chain", *team.AGAIN])
            written = int(size * rng.random())
            made.append(
                row(
                    person, session, read_tokens=size, write_tokens=written, output_tokens=session,
                    web_searches=int(rng.integers(40) == 0), final=bool(rng.integers(3)),
                    rebuilt_tokens=written if cause else 0, cause=cause if written else None,
                    model=str(rng.choice(["claude-opus-4-7", "claude-haiku-4-5", "other"])),
                    hour=hour(int(rng.integers(200))),
                )
            )  # fmt: skip
    return everyone(*made)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_of_a_shown_sum_is_safe(seed):
    people = handed(seed)
    usd = people.select(pl.col("^.*_nano$") / 1e9)
    again = usd.select(pl.col(f"{cause}_nano").alias(cause) for cause in team.AGAIN)
    classes = usd.select(pl.col(f"{name}_nano").alias(name) for name in team.CLASSES)
    plan = team_plans.held(people)["plan"].to_dummies(separator=":")
    plan = plan.rename(lambda name: name.removeprefix("plan:")).cast(pl.Float64)
    fits = team_plans.fit(people)
    for table, parts, column in (
        (team_tables.causes(people), again, "premium_usd"),
        (team_tables.classes(people), classes, "cost_usd"),
        (fits, plan, "people"),
    ):
        *cells, whole = table.select(table.columns[0], column).rows()
        shown = {name: value for name, value in cells if value is not None}
        for name, value in shown.items():
            own = parts[name].to_numpy() if name in parts.columns else np.zeros(people.height)
            assert suppress.safe(own), name
            assert value == pytest.approx(own.sum(), abs=0.005)
        if whole[1] is not None:
            left = parts.select(pl.sum_horizontal(pl.exclude(list(shown)), pl.lit(0.0)))
            assert suppress.safe(left.to_series().to_numpy().round(9))
        else:
            assert not shown


def chapter(monkeypatch, people):
    """Run the chapter on people; return what it says, and the frames that it publishes."""
    said, frames = [], []
    monkeypatch.setattr("analysis.team.load_team", lambda *_: people)
    monkeypatch.setattr("analysis.report.figures.say", said.append)
    for name, place in {"show": 4, "table": 0}.items():
        keep = lambda *given, place=place, **_: frames.append(given[place])  # noqa: E731
        monkeypatch.setattr(f"analysis.report.figures.{name}", keep)
    (notebook,) = (n for n in params.notebooks() if n.stem == "18-team")
    known = params.defaults(notebook)
    with plt.rc_context():
        for cell in params.cells(notebook)[1:]:
            exec(cell, known)
    plt.close("all")
    return said, frames


def test_of_few_people_the_chapter_is_one_sentence(monkeypatch):
    assert chapter(monkeypatch, everyone(*alike(4))) == ([words.FEW], [])


@pytest.mark.parametrize("people", [5, 12, 41])
def test_the_chapter_publishes_no_few_and_no_dollars_of_one(monkeypatch, people):
    said, frames = chapter(monkeypatch, everyone(*alike(people, output_tokens=5)))
    assert len(said) == 1
    assert len(frames) == 8
    for frame in frames:
        if "people" in frame.columns:
            assert all(n is None or n == 0 or n >= FEWEST for n in frame["people"])
        if "label" in frame.columns:
            assert frame.columns == ["label", "value", "low", "high"]
        assert not {"person", "begins", "requests"} & {*frame.columns}


def test_a_team_that_is_not_there_is_told_with_those_that_are(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path)
    assert commands._team("") == ""
    with pytest.raises(params.ParameterError, match="no such team, there is none"):
        commands._team("crew")
    (tmp_path / "makers").mkdir()
    (tmp_path / "makers" / "team.json").write_text("{}")
    with pytest.raises(params.ParameterError, match="'crew': no such team, there are makers"):
        commands._team("crew")
    assert len(commands._team("makers")) == 32
    with pytest.raises(params.ParameterError, match="a team that was imported, or nothing"):
        params.checked("team", "../crew")


def test_a_run_s_chapters_are_those_that_it_chose(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.params.BUILD", tmp_path)
    assert params.chosen("mine") == params.chapters({}) == params.notebooks()[:-1]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "chapters.txt").write_text("00-data\n18-team\n99-gone\n")
    assert [n.stem for n in params.chosen("mine")] == ["00-data", "18-team"]


def test_a_synthetic_team_says_so():
    real, made = everyone(*alike(6)), everyone(*alike(6)).with_columns(synthetic=True)
    assert "synthetic" not in words.source(real.with_columns(synthetic=False))
    assert "synthetic" in words.source(made)
    assert "synthetic" in words.opening(made, team_tables.sums(made), shares(made))
    one = real.with_columns(synthetic=pl.col("label") == "person-02")
    said = words.opening(one, team_tables.sums(one), shares(one))
    assert "**Synthetic: 1 person of these 6.**" in said
    assert "synthetic" not in words.source(one)
