"""What a source does not count: it is said to be unknown, wherever asked for, and not none."""

import json
import re

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

from analysis.explore import compare, ledger, otherwise, overview, sessions
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.logs import store
from analysis.logs.summary import text
from analysis.measures import compare as measured
from analysis.measures import counterfactual, hits, list_ratios, paid, spend, standing
from analysis.measures import session as along
from analysis.measures.margin import totals
from analysis.measures.rebuilds import by_cause
from analysis.paths import NOTEBOOKS, ROOT
from analysis.plots.rebuilds import plot_causes
from analysis.plots.session import plot_context, plot_dollars
from analysis.words import explore, model_costs, page, uncounted
from analysis.words import paid as of_paid
from analysis.words import spend as of_spend
from analysis.words import standing as of_standing
from analysis.words.card import card
from analysis.words.overview import UNCOUNTED

FIXTURES = ROOT / "tests" / "sources"
ALL = Choices()
NOT_KNOWN = "Not known: what was written to the cache is not counted by Gemini CLI."
PART = "Writes are known of 1 of 6 requests; Codex CLI did not count the rest."


@pytest.fixture(scope="module")
def loaded(datasets):
    """Codex CLI counts writes of one request in six, Gemini CLI of none."""
    for name in ("codex", "gemini"):
        store.load_logs(name, str(FIXTURES / name))
    return {name: Data.of(store.read(name)) for name in ("codex", "gemini")}


@pytest.fixture(scope="module")
def none(loaded):
    return loaded["gemini"]


@pytest.fixture(scope="module")
def some(loaded):
    return loaded["codex"]


@pytest.mark.parametrize("asked", [{"cache": "1h"}, {"length": 20}, {"size": 50_000}])
def test_what_would_be_written_otherwise_is_not_known(none, asked):
    found = otherwise.otherwise(none, ALL, **asked)
    assert found.title == NOT_KNOWN
    assert found.frame["then_usd"].null_count() == found.frame.height


def test_without_a_cache_nothing_is_written(none):
    assert otherwise.otherwise(none, ALL, cache="none", length=20).title.startswith("With no cache")


def test_writes_of_what_has_no_price_are_no_dollars(some):
    told = pl.col("write_tokens").is_not_null()
    nanos = pl.when(~told).then(pl.col("^.*_nano$"))
    assert totals(some.rows.with_columns(nanos))["write"] is None
    assert totals(some.rows)["write"] > 0


def test_of_none_nothing_is_summed(none):
    rows = none.rows
    causes = by_cause(rows)
    assert causes.drop("cause").null_count().sum_horizontal().item() == 6 * causes.height
    assert along.sessions(rows).select(
        "rebuilds", "rebuilt_tokens", "premium_usd"
    ).null_count().row(0) == (2, 2, 2)
    course = along.course(rows, rows["session"][0])
    assert course["rebuilt_tokens"].null_count() == course.height
    assert course["premium_usd"].null_count() == course.height
    assert hits.reuse(rows)["tokens"].null_count() == 3
    parts = spend.spend(rows)
    written = parts.filter(pl.col("class") == "write")
    assert written["nano"].null_count() == written.height
    assert parts["nano"].sum() == rows["total_nano"].sum()
    assert standing.by_project(spend.parted(rows))["begun_nano"].null_count() == 2
    assert list_ratios.same_tokens(rows)["write_usd"].null_count() == 3
    assert totals(rows)["write"] is None
    days = overview.by_day(none, ALL).frame
    assert (days["write_tokens"].null_count(), days["write_usd"].null_count()) == (2, 2)
    assert days["hit_rate"].null_count() == 0


def test_of_some_the_rest_is_unknown(some):
    rows = some.rows
    causes = dict(by_cause(rows).select("cause", "rebuilds").rows())
    assert (causes["new chain"], causes["expiry"]) == (1, 0)
    told = dict(along.sessions(rows).select("requests", "rebuilds").rows())
    assert told == {5: 0, 1: None}
    assert hits.reuse(rows)["tokens"].sum() == 8000  # the prompt of the one that tells


def test_ways_to_have_written_otherwise_have_no_dollars(none, some):
    ways = counterfactual.scenarios(none.rows)
    lived = ways.filter(pl.col("group") == "lifetime")
    assert lived["total_nano"].null_count() == lived.height
    bare = ways.filter(scenario="without a cache")["ratio"].item()
    assert bare == pytest.approx(counterfactual.times_bare(none.rows))
    told = counterfactual.scenarios(some.rows).filter(scenario="writes repriced at 5 minutes")
    assert told["total_nano"].null_count() == 0
    told = counterfactual.scenarios(some.rows).filter(
        pl.col("scenario").str.contains("every write")
    )
    assert told["total_nano"].null_count() == told.height == 2
    cheaper = counterfactual.scenarios(some.rows).filter(
        scenario="the cheaper lifetime, by session"
    )
    assert cheaper["total_nano"].to_list() == [None]  # of two ways that nobody knows
    for cache in ("5m", "1h", "never"):
        view = otherwise.otherwise(none, ALL, cache=cache)
        assert view.title == NOT_KNOWN
        assert view.frame["then_usd"].null_count() == view.frame.height
    assert not otherwise.otherwise(none, ALL, cache="none").title.startswith("Not known")


def test_reads_and_long_prompts_are_paid_for_whether_or_not_writes_are_known(none, some):
    found = paid.paid(none.logs)
    assert found.select("requests", "read_tokens").row(-1) == (6, 19300)
    assert found["read_multiple"].to_list() == pytest.approx([0.1] * 4)
    for name in ("write_tokens", "write_multiple", "reads_per_write", "even"):
        assert found[name].null_count() == found.height
    assert of_paid.premium(found).startswith("None of 6 requests with a price")
    both = paid.paid(some.logs).row(-1, named=True)
    assert (both["read_tokens"], both["write_tokens"]) == (37000, 2000)
    assert both["reads_per_write"] == pytest.approx(3000 / 2000)  # of the one request that tells


def test_a_session_is_drawn_as_far_as_it_is_known(none, themed):
    rows = none.rows.filter(pl.col("agent").is_null())
    frame = along.course(rows, rows["session"][0])
    for axis in ("number", "hours"):
        cuts = along.compactions(none.events, frame, rows["session"][0])
        ax = plot_context(frame, cuts, axis)
        named = ax.get_legend_handles_labels()[1]
        assert named[:2] == ["cache reads", UNCOUNTED]
        drawn = [p.vertices[:, 1] for c in ax.collections for p in c.get_paths()]
        assert np.concatenate(drawn).max() == frame["context_tokens"].max()
        plt.close("all")
    ax = plot_dollars(frame)
    assert any("not known" in text.get_text() for text in ax.texts)
    assert len(ax.lines) == 1
    causes = by_cause(none.rows)
    assert {text.get_text() for text in plot_causes(causes).texts} == {"not known"}
    plt.close("all")


def test_every_view_says_so(none, some):
    for data, title in ((none, NOT_KNOWN), (some, PART)):
        short = uncounted.of_how_many(data.rows)
        for scope in ("everything", "session"):
            own = data.rows
            if scope == "session":
                own = own.filter(session=sessions.picked(data, ALL))
            for view in (ledger.causes, ledger.rebuilds):
                said = view(data, ALL, scope=scope).caption
                assert said.startswith(title) or uncounted.of_how_many(own) in said
        course = sessions.course(data, ALL)
        assert "Writes are known of" in course.reading
        for view in (overview.by_day, sessions.listed, compare.compare, otherwise.otherwise):
            assert short in view(data, ALL).reading
        assert "not count what" in explore.chosen(data, ALL)
    assert "what was written again is not known" in sessions.course(none, ALL).title
    halves = none.rows.head(3), none.rows.tail(3)
    beside = measured.compare(*halves, "UTC").filter(measure="premium of rebuilds, of dollars")
    assert beside.select("a", "b", "difference", "beyond").row(0) == (None,) * 4


def test_sentences_leave_out_what_nobody_counted(none):
    parts = spend.beyond(
        spend.spend(none.rows),
        none.rows.with_columns(
            rest_nano=pl.lit(0, pl.Int64), expected_output_tokens="output_tokens"
        ),
    )
    said = [
        of_spend.spend(parts),
        of_standing.opening(standing.by_project(spend.parted(none.rows))),
        model_costs.same(list_ratios.same_tokens(none.rows)),
    ]
    assert all("nobody counted" in one for one in said)
    assert said[0].startswith("The largest part of $0.03 is uncached input")
    assert not re.search(r"0\.0\s%|% writes", " ".join(said))
    assert "not counted</td>" in card(none.logs)
    values = {"timezone": "UTC", "policy": "largest"}
    assert "6 are of tools" in page.lead(none.rows, values)
    assert "not counted in 6 of 6 requests" in page.summary(none.logs, none.rows, values)


def test_the_terminal_says_so(loaded):
    assert "cache write not counted" in text(store.summary("gemini"))
    assert "2,000 cache write" in text(store.summary("codex"))
    assert "; 5 requests do not say what was written" in text(store.summary("codex"))


def test_chapters_say_it_where_they_speak_of_writes():
    """Whatever speaks of rebuilds goes through `uncounted`, which alone knows when it may not."""
    guarded = {
        "05-expiry": (
            "again.causes(",
            "again.causes_table(",
            "again.unknown(",
            "again.ledger(",
            "again.costliest(",
            "lives.break_even(",
            "lives.sessions(",
            "words.opening(",
        ),
        "04-growth": ("of_restarts.rule(", "of_fresh.verdict("),
        "11-open-issues": ("of_fresh.verdict(",),
        "02-pricing": ("bill.kept(",),
        "03-margin": ("rated.reuse(",),
    }
    for name, calls in guarded.items():
        cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text())["cells"]
        code = "".join("".join(cell["source"]) + "\n" for cell in cells)
        for call in calls:
            assert re.search(rf"uncounted\.known\(\w+(\.\w+)?, {re.escape(call)}", code), call
