"""What-if sliders: as it was is no difference, one slider is its chapter's way, all close."""

import itertools

import polars as pl
import pytest
from chains_by_hand import MILLION, chain, priced_copies
from requests_by_hand import AT, request

from analysis import schema
from analysis.explore import compare, plans
from analysis.explore import otherwise as view
from analysis.explore.bench import SHARED
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.logs import store
from analysis.logs.dataset import Logs
from analysis.measures import counterfactual, otherwise
from analysis.measures.best_length import LENGTHS, best
from analysis.measures.lists import current_models
from analysis.measures.otherwise import CACHES, CLASSES, Otherwise
from analysis.measures.reconstruct import outputs
from analysis.measures.resample import FEWEST
from analysis.measures.rewrites import NANO, added, known
from analysis.paths import SAMPLE
from analysis.prices import price
from analysis.report.theme import COLOURS
from analysis.words import otherwise as words

CARRY = 2_000


def then(rebuilt, **asked):
    """Nano-dollars by class, done otherwise."""
    asked = Otherwise(**{"carry_over": CARRY} | asked)
    lived = otherwise.lived(known(rebuilt), asked.cache)
    return otherwise.priced(otherwise.regrouped(lived, asked), asked, price)


def usd(rebuilt, **asked):
    return sum(then(rebuilt, **asked).values()) / 1e9


#: Every request reads what was before and writes ten thousand tokens more.
GROWING = [{"minute": 0, "write": 20_000}] + [
    {"minute": n, "read": 10_000 + 10_000 * n, "write": 10_000, "output": 100} for n in range(1, 6)
]
PAUSED = ({"minute": 0, "write": 100_000}, {"minute": 20, "write": 110_000, "output": 1_000})


# $ per million: 5 input, 6.25 and 10 writes, 0.50 reads, 25 output
@pytest.mark.parametrize(
    ("asked", "thousandths"),
    [
        ({}, 210 * 6.25 + 25),
        ({"cache": "5m"}, 210 * 6.25 + 25),
        ({"cache": "1h"}, 110 * 10 + 100 * 0.5 + 25),
        ({"cache": "never"}, 110 * 6.25 + 100 * 0.5 + 25),
        ({"cache": "none"}, 210 * 5 + 25),
        ({"output": 3.0}, 210 * 6.25 + 75),
        ({"cache": "1h", "output": 3.0}, 110 * 10 + 100 * 0.5 + 75),
        # at the list of Opus 5.5: 4, 5, 8, 0.20, 20
        ({"model": "claude-opus-5-5"}, 210 * 5 + 20),
        ({"model": "claude-opus-5-5", "cache": "1h"}, 110 * 8 + 100 * 0.2 + 20),
    ],
)
def test_prices_by_hand(asked, thousandths):
    assert usd(chain(*PAUSED), **asked) == pytest.approx(thousandths / 1e3, abs=1e-12)


# thousands of tokens read and written, and tokens of output
@pytest.mark.parametrize(
    ("requests", "asked", "read", "written", "output"),
    [
        (4, {}, 20 + 30 + 40, 20 + 3 * 10, 300),
        # the third writes the first prompt, 2,000 carried over and its own, and makes the 2,000
        (4, {"length": 2}, 20 + (40 - 8), 20 + 10 + (20 + 2 + 10) + 10, 2_300),
        (6, {"length": 6}, 20 + 30 + 40 + 50 + 60, 20 + 5 * 10, 500),
        # twice 12,000 stay beside the first prompt, 0.62 of which is read; 3,300 are a summary
        (
            6,
            {"size": 45_000},
            20 + 30 + 12.4 + 12.4 + 34 + 40 + 42,
            20 + 10 + 10 + (32 - 12.4 + 10) * 2 + 10,
            500 + 2 * 3_300,
        ),
        # the fifth begins anew, so that one context is compacted and not two
        (
            6,
            {"size": 45_000, "length": 4},
            20 + 30 + 12.4 + 32 + 40,
            20 + 10 + 10 + (32 - 12.4 + 10) + (20 + 2 + 10) + 10,
            500 + 3_300 + 2_000,
        ),
    ],
)
def test_shorter_contexts_by_hand(requests, asked, read, written, output):
    found = then(chain(*GROWING[:requests]), **asked)
    assert found["read_nano"] == pytest.approx(read * 0.5 * MILLION, abs=1)
    assert found["write_5m_nano"] == pytest.approx(written * 6.25 * MILLION, abs=1)
    assert found["output_nano"] == output * 25_000


@pytest.fixture(scope="module", params=[1, 2])
def rebuilt(request):
    return priced_copies(3_000, request.param)


@pytest.fixture(scope="module")
def chapter(rebuilt):
    """Nano-dollars by way, as chapter 16 has them."""
    found = counterfactual.scenarios(rebuilt, price, CARRY)
    return {row["scenario"]: {name: row[name] for name in NANO} for row in found.to_dicts()}


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ({"cache": "none"}, "without a cache"),
        ({"cache": "5m"}, "every write at 5 minutes"),
        ({"cache": "1h"}, "every write at 1 hour"),
        ({"cache": "never"}, "a cache that never expires"),
        *(({"size": size}, f"compacted beyond {size // 1000}k tokens") for size in (50_000, 10**5)),
        *(({"length": n}, f"a new session every {n} requests") for n in (25, 100)),
        *(({"model": m}, f"all at {m.removeprefix('claude-')}") for m in current_models()),
    ],
)
def test_one_slider_is_the_way_of_chapter_16(rebuilt, chapter, asked, way):
    found = then(rebuilt, **asked)
    grouped = asked.get("cache") in ("5m", "1h")  # there by session: rounded elsewhere
    for name in NANO:
        assert abs(found[name] - chapter[way][name]) <= (rebuilt.height if grouped else 0)


@pytest.mark.parametrize("cache", CACHES)
def test_what_cuts_nothing_changes_nothing_beside_what_does(rebuilt, cache):
    for one, other in (({"length": 40}, {"size": 10**9}), ({"size": 60_000}, {"length": 10**9})):
        assert then(rebuilt, cache=cache, **one, **other) == then(rebuilt, cache=cache, **one)


def test_what_was_kept_so_changes_nothing_before_a_cut():
    rows = chain(*GROWING)
    for cut in ({"length": 3}, {"size": 50_000}):
        assert then(rows, cache="5m", **cut) == then(rows, **cut)


def test_as_it_was_is_the_bill_to_the_nano_dollar(rebuilt):
    now = added(known(rebuilt))
    found = otherwise.by_class(now, now)
    assert found["difference_nano"].to_list() == [0] * (len(CLASSES) + 1)
    assert found["now_nano"][-1] == rebuilt["total_nano"].sum()
    assert found.filter(pl.col("class") != "total")["now_nano"].sum() == found["now_nano"][-1]
    assert not Otherwise(carry_over=1).moved


def test_the_classes_are_the_total_whatever_is_asked(rebuilt):
    now = added(known(rebuilt))
    for cache, length, size in itertools.product(CACHES, (0, 30), (0, 70_000)):
        found = otherwise.by_class(now, then(rebuilt, cache=cache, length=length, size=size))
        parts, total = found.head(-1), found.row(-1, named=True)
        for name in ("now_nano", "then_nano", "difference_nano"):
            assert parts[name].sum() == total[name]


def test_longer_answers_cost_output_alone(rebuilt):
    once, twice = then(rebuilt, output=1.0), then(rebuilt, output=2.0)
    assert twice["output_nano"] == 2 * once["output_nano"]
    assert {n: v for n, v in twice.items() if n != "output_nano"} == {
        n: v for n, v in once.items() if n != "output_nano"
    }


@pytest.fixture(scope="module")
def data(datasets):
    store.load_logs("sample", str(SAMPLE))
    return Data.of(store.read("sample"))


def test_the_view_begins_as_it_was_and_says_so(data):
    first = {name: one.first(data, Choices()) for name, one in view.CONTROLS.items()}
    found = view.otherwise(data, Choices(), **first)
    assert found.frame["difference_usd"].to_list() == [0] * found.frame.height
    assert round(found.frame["now_usd"][-1] * 1e9) == data.rows["total_nano"].sum()
    assert found.title.startswith("As it was: $")
    assert "1 request." in found.reading.partition("left out")[2]


def test_the_view_says_both_bills_the_difference_and_each_assumption(data, themed):
    asked = {"cache": "1h", "length": 40, "size": 80_000, "output": 0.5}
    found = view.otherwise(
        data, Choices(project="project-02"), **asked, priced_as="claude-opus-5-5"
    )
    total = found.frame.row(-1, named=True)
    for value in (total["now_usd"], total["then_usd"], abs(total["difference_usd"])):
        assert f"${value:,.2f}" in found.title
    assert "189 requests of project-02" in found.title
    assert len(words._steps(Otherwise(**asked, model="m"))) == 5
    for _, text in words._steps(Otherwise(**asked, model="m")):
        assert text[1:] in found.reading
    assert found.draw().get_figure()


def test_the_models_offered_have_a_price(data):
    offered = view.CONTROLS["priced_as"].offered(data, Choices())
    for _, model in offered[1:]:
        assert view.otherwise(data, Choices(), priced_as=model).frame["then_usd"][-1] > 0


def test_its_controls_are_its_own(data):
    """One called as a choice that all panels share would set that."""
    assert not set(SHARED) & {*view.CONTROLS, *plans.CONTROLS, *compare.CONTROLS}
    rows = data.within(Choices()).height
    for _, model in view.CONTROLS["priced_as"].offered(data, Choices()):
        assert f"{rows - 1:,} requests" in view.otherwise(data, Choices(), priced_as=model).title


def test_nothing_chosen_and_nothing_priced_say_so(data, themed):
    none = view.otherwise(data, Choices(project="project-99"), cache="1h")
    copy = request(model="other-01", message_id="msg_a", requested_at=AT, context_tokens=5)
    copies = pl.DataFrame([copy], schema=schema.dtypes("copies"))
    rest = (pl.DataFrame(schema=schema.dtypes(name)) for name in ("events", "files"))
    unpriced = Data.of(Logs("unpriced", copies, *rest))
    for found in (
        none,
        view.otherwise(unpriced, Choices(), size=50_000, priced_as="claude-opus-5-5"),
    ):
        assert found.title.startswith("No request")
        assert found.frame["then_usd"].sum() == 0
        assert found.draw().texts
    assert "1 request." in view.otherwise(unpriced, Choices()).reading


def test_other_prices_are_those_of_the_bench(data):
    later = data.at("2026-11-01")
    found = view.otherwise(later, Choices(), cache="none")
    assert round(found.frame["now_usd"][-1] * 1e9) == later.rows["total_nano"].sum()
    assert found.frame["then_usd"][-1] == pytest.approx(
        counterfactual.scenarios(later.rows, later.logs.pricing("2026-11-01"))
        .filter(scenario="without a cache")["total_nano"]
        .item()
        / 1e9
    )


def row(found):
    return found.row(0, named=True)


@pytest.mark.parametrize("asked", [{}, {"cache": "1h"}, {"cache": "none", "carry_over": 0}])
def test_the_cheapest_length_is_the_one_whose_bill_is_lowest(rebuilt, asked):
    asked = Otherwise(**{"carry_over": CARRY} | asked)
    lived = otherwise.lived(known(rebuilt), asked.cache)
    found = row(best(lived, asked, price))
    bills = {
        n: sum(then(rebuilt, **asked._replace(length=n)._asdict()).values()) for n in (0, *LENGTHS)
    }
    assert bills[found["length"]] == pytest.approx(min(bills.values()), rel=1e-9)
    low, high = (found[end] or max(LENGTHS) + 1 for end in ("low", "high"))
    assert low <= (found["length"] or max(LENGTHS) + 1) <= high
    assert best(lived, asked._replace(length=50, size=9_000), price).equals(
        best(lived, asked, price)
    )


def test_its_interval_is_of_sessions_drawn_and_few_have_none(rebuilt):
    few = rebuilt["session"].unique(maintain_order=True).head(FEWEST - 1).to_list()
    rows = known(rebuilt.filter(pl.col("session").is_in(few)))
    found = row(best(rows, Otherwise(), price))
    assert (found["low"], found["high"], found["sessions"]) == (None, None, FEWEST - 1)
    assert f"{FEWEST - 1} sessions, too few" in words._cheapest(found)
    alike = pl.concat(
        rows.with_columns(sitting=pl.lit(n, pl.UInt32), chain=pl.col("chain") + 10_000 * n)
        for n in range(20)
    )
    same = row(best(alike, Otherwise(), price))  # twenty that are the same tell nothing apart
    assert same["low"] == same["length"] == same["high"]


def test_what_cuts_nothing_is_no_cheaper(rebuilt):
    longest = rebuilt.group_by("session").len().sort("len")["session"][-1]
    long = known(rebuilt.filter(session=longest))
    short = long.head(5).with_columns(sitting=pl.lit(1, pl.UInt32), chain=pl.lit(1, pl.UInt32))
    many = [
        short.with_columns(sitting=pl.lit(n, pl.UInt32), chain=pl.lit(n, pl.UInt32) * 1000)
        for n in range(100, 111)
    ]
    found = row(best(pl.concat([long, *many]), Otherwise(carry_over=0), price))
    assert found["length"] > 0
    assert found["high"] == 0  # without the long one, as a third of the draws are, nothing is cut


def test_of_very_many_requests_a_part_of_the_sessions_tells(rebuilt, monkeypatch):
    rows = known(rebuilt)
    whole, of = row(best(rows, Otherwise(), price)), rows["sitting"].n_unique()
    assert (whole["sessions"], whole["of"]) == (of, of)
    assert " in " not in words._cheapest(whole).partition("(")[0]
    monkeypatch.setattr("analysis.measures.best_length._MOST", 1)
    assert row(best(rows, Otherwise(), price)) == whole  # too few to leave any out
    monkeypatch.setattr("analysis.measures.best_length._LEAST", of // 2)
    every_second = rows["sitting"].unique().sort().gather_every(2)
    some = row(best(rows.filter(pl.col("sitting").is_in(every_second)), Otherwise(), price))
    part = row(best(rows, Otherwise(), price))
    assert part == some | {"of": of}
    assert f" in {part['sessions']} of {of} sessions" in words._cheapest(part)


def test_what_has_no_price_has_no_best_length(rebuilt):
    rows = known(rebuilt)
    assert best(rows, Otherwise(model="other-01"), price).is_empty()
    assert best(rows.clear(), Otherwise(), price).is_empty()


@pytest.mark.parametrize(
    ("best", "says"),
    [
        (None, ""),
        ((50, 30, 75, 60), "every 50 requests (90\u202f% interval: 30 to 75)"),
        ((50, 50, 0, 60), "every 50 requests (90\u202f% interval: 50 to none)"),
        ((50, 50, 50, 60), "every 50 requests (90\u202f% interval: 50 alone)"),
        ((0, 200, 0, 60), "No length tried is cheaper than sessions as they were"),
        ((0, None, None, 1), "as they were (1 session, too few for an interval)"),
    ],
)
def test_the_cheapest_length_is_said_with_its_interval(best, says):
    names = ("length", "low", "high", "sessions")
    found = best and dict(zip(names, best, strict=True))
    assert says in words._cheapest(found and found | {"of": found["sessions"]})


def test_the_view_says_the_cheapest_length_where_sessions_are_cut(data):
    assert "Cheapest" not in view.otherwise(data, Choices()).title
    cut = view.otherwise(data, Choices(), length=10)
    assert "(90\u202f% interval: " in cut.title
    both = view.otherwise(data, Choices(), length=10, size=80_000)
    assert "interval: " not in both.title
    assert "sought where contexts are not compacted" in both.reading


def test_output_as_reconstructed_is_the_bill_of_the_report(data, themed):
    found = view.otherwise(data, Choices(), output=view.RECONSTRUCTED)
    rows = outputs(data.rows).filter(pl.col("total_nano").is_not_null())
    rest = rows["rest_nano"].sum() / 1e9
    assert found.frame["difference_usd"][-1] == pytest.approx(rest, rel=1e-4)
    times = 1 + rest / (rows["output_nano"].sum() / 1e9)
    assert f"With output as reconstructed, {times:.2f} times the logged, " in found.title
    assert f"comes to {times:.2f} times" in view.otherwise(data, Choices()).reading


def test_the_slider_of_output_has_what_is_reconstructed_in_its_place(data):
    offered = view.CONTROLS["output"].offered(data, Choices())
    (label,) = [label for label, value in offered if value == view.RECONSTRUCTED]
    heights = [float(label.partition(",")[0].replace("as logged", "1")) for label, _ in offered]
    assert heights == sorted(heights)
    assert label.endswith(", reconstructed")
    none = view.CONTROLS["output"].offered(data, Choices(project="project-99"))
    assert view.RECONSTRUCTED not in dict(none).values()
    assert view.otherwise(data, Choices(project="project-99"), output=view.RECONSTRUCTED).title


def test_numbers_along_sliders_are_read_at_a_glance(data):
    steps = {n: c for n, c in view.CONTROLS.items() if getattr(c, "slide", False)}
    assert {*steps} == {"length", "carry_over", "size", "output"}
    for one in steps.values():
        labels, values = zip(*one.offered(data, Choices()), strict=True)
        assert one.first(data, Choices()) in values
        assert not [label for label in labels if label.isdigit() and int(label) >= 1_000]
    assert dict(view.CONTROLS["carry_over"].options)["20\u202fk"] == 20_000


def test_only_what_is_costlier_is_red(data, themed):
    def reds(**asked):
        drawn = view.otherwise(data, Choices(), **asked).draw()
        return [t.get_text() for t in drawn.texts if t.get_color() == COLOURS["accent"]]

    assert reds() == []
    assert reds(cache="5m") == []  # cheaper on the sample
    assert [text[:7] for text in reds(cache="none")] == ["what if"]


def test_the_same_bill_is_said_to_be_the_same(data):
    found = view.otherwise(data, Choices(), length=300)
    assert " would have cost the same, $" in found.title
