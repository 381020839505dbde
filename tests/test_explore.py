"""The workbench: what is chosen, what is shown of it, and what JupyterLab saves of it."""

import dataclasses
import itertools
import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import matplotlib.pyplot as plt
import nbformat
import polars as pl
import pytest
from matplotlib_inline import backend_inline

from analysis import params
from analysis.explore import ledger, overview, saved, sessions
from analysis.explore.bench import Bench, Kept
from analysis.explore.choices import Choices
from analysis.explore.controls import Pick
from analysis.explore.data import Data
from analysis.explore.export import export
from analysis.explore.view import ROWS, View
from analysis.logs import store
from analysis.measures.rebuilds import rebuilt
from analysis.paths import NOTEBOOKS, SAMPLE
from analysis.plots.canvas import axes
from analysis.report import names, run

NOTEBOOK = NOTEBOOKS / "explore.ipynb"
VIEWS = {
    overview.by_day: {"unit": overview.SHOWN},
    overview.by_hour: {"column": overview.SUMS},
    sessions.listed: {"order": sessions.ORDER},
    sessions.course: {"along": sessions.ALONG},
    ledger.causes: {"scope": ledger.OF},
    ledger.rebuilds: {"scope": ledger.OF},
}
SHOWN = [
    (view, dict(zip(controls, chosen, strict=True)))
    for view, controls in VIEWS.items()
    for chosen in itertools.product(*([v for _, v in c.options] for c in controls.values()))
]


@pytest.fixture(scope="module")
def sample(datasets):
    store.load_logs("sample", str(SAMPLE))
    return store.read("sample")


@pytest.fixture(scope="module")
def data(sample):
    return Data.of(sample, names.of("sample"))


@pytest.fixture
def bench(sample, monkeypatch, themed):
    monkeypatch.setenv("EXPLORE_STATIC", "1")
    monkeypatch.setattr(Bench, "kept", Kept())
    yield Bench("sample")
    names.choose("no such dataset")


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"project": "project-02"},
        {"model": "claude-opus-4-6", "since": "2026-03-01"},
        {"source": "claude-code", "until": "2026-02-20"},
        {"since": "2026-03-08", "until": "2026-03-08", "timezone": "Pacific/Auckland"},
        {"since": "2026-03-08", "until": "2026-03-29", "timezone": "America/New_York"},
    ],
)
def test_what_is_chosen_is_what_where_keeps(sample, data, chosen):
    kept = sample.where(**chosen).requests["message_id"]
    found = data.within(Choices(**chosen))["message_id"]
    assert found.len() > 0
    assert sorted(found) == sorted(kept)


def test_a_rebuild_is_found_in_the_whole_chain_whatever_is_chosen(data):
    march = data.within(Choices(since="2026-03-01"))
    whole = data.rows.filter(pl.col("message_id").is_in(march["message_id"].to_list()))
    assert march.equals(whole)


def test_other_prices_change_dollars_alone(sample, data, monkeypatch, tmp_path):
    own = "model,input,write_5m,write_1h,read,output,from\nclaude-opus-4-6,9,9,9,1,9,2026-04-01\n"
    (tmp_path / "prices.csv").write_text(own)
    monkeypatch.setattr("analysis.paths.PRICES", tmp_path / "prices.csv")
    again = data.at("2026-04-01")
    fresh = rebuilt(sample.priced("2026-04-01"), sample.events)
    assert again.rows.select(fresh.columns).equals(fresh)
    monkeypatch.undo()
    assert again.at("").rows.equals(data.rows)
    assert again.rows["premium_nano"].sum() != data.rows["premium_nano"].sum()


def test_an_answer_is_computed_once_and_few_are_kept(data):
    asked = []

    def measure(rows):
        asked.append(rows.height)
        return rows.head(1)

    some = [Choices(project=f"project-0{n}") for n in range(9)]
    for chosen in (*some, some[-1], some[0]):
        data.once("toy", chosen, measure)
        data.once("toy", dataclasses.replace(chosen, session="s"), measure)
    assert len(asked) == len(some) + 1


@pytest.mark.parametrize(("view", "own"), SHOWN, ids=[f"{v.__name__}-{o}" for v, o in SHOWN])
def test_every_view_says_numbers_and_can_be_shown_both_ways(data, themed, view, own):
    found = view(data, Choices(), **own)
    assert re.search(r"\d", found.title)
    assert found.title.endswith(".")
    assert found.frame.height
    live = [output["data"] for output in found.outputs()]
    assert found.title[:20].replace("$", r"\$") in live[0]["text/markdown"]
    if found.draw is None:
        assert found.written().height == found.rows.height
        assert set(found.written().dtypes) == {pl.String}
    else:
        assert found.alt
        assert live[1]["text/html"].count("<svg") == 1


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_view_of_nothing_says_so(data, themed, view):
    found = view(data, Choices(project="project-99"))
    assert re.match(r"No |Nothing ", found.title)
    assert found.outputs()


def test_dollars_of_all_views_are_the_same(data):
    total = data.rows["total_nano"].sum() / 1e9
    none = Choices()
    for view in (overview.by_day, overview.by_hour, sessions.listed):
        assert view(data, none).frame["total_usd"].sum() == pytest.approx(total)
    again = ledger.rebuilds(data, none).frame["premium_usd"].sum()
    assert sessions.listed(data, none).frame["premium_usd"].sum() == pytest.approx(again)
    by_cause = ledger.causes(data, none).frame.filter(pl.col("cause") != "new chain")
    assert by_cause["premium_nano"].sum() / 1e9 == pytest.approx(again)


def test_the_session_that_is_chosen_is_the_one_that_is_shown(data):
    offered = sessions.SESSION.offered(data, Choices())
    first, other = offered[0][1], offered[7][1]
    assert sessions.course(data, Choices()).frame["usd"].sum() == pytest.approx(
        sessions.course(data, Choices(session=first)).frame["usd"].sum()
    )
    own = ledger.rebuilds(data, Choices(session=other), scope="session").frame
    assert set(own["session"]) <= {other}
    assert sessions.listed(data, Choices()).picks[1][7] == other


def test_a_table_is_written_so_that_its_text_sorts_as_its_numbers_do():
    frame = pl.DataFrame({"premium_usd": [-1.5, None, 1234.5], "at": ["project-01", "b", None]})
    written = View("x", "X.", "", frame).written()
    assert written.columns == ["premium", "at"]
    assert written["premium"].to_list() == ["-$1.50", "", "$1,234.50"]


def test_a_bench_without_widgets_shows_once_with_the_names_of_projects(bench, capsys):
    names._names.update(dict.fromkeys(bench.data.projects, "quokka"))
    assert bench.pickers() is None
    assert bench.panel(ledger.rebuilds, scope=Pick("Of", [("session", "session")])) is None
    said = capsys.readouterr().out
    assert "quokka" in said
    assert "project-0" not in said
    assert f"{bench.data.rows.height} requests of the dataset sample" in said
    assert said.count("<tr>") <= ROWS + 1


def test_another_choice_lets_go_of_the_session_and_another_dataset_of_all(bench, sample):
    store.load_logs("other", str(SAMPLE))
    bench.choose(project="project-02")
    bench.choose(session="s")
    assert (bench.choices.project, bench.choices.session) == ("project-02", "s")
    bench.choose(since="2026-03-01")
    assert (bench.choices.project, bench.choices.session) == ("project-02", "")
    bench.choose(price_date="2026-04-01")
    assert bench.data.price_date == "2026-04-01"
    bench.choose(source="claude-code", model="claude-opus-4-6", until="2026-03-31")
    bench.choose(dataset="other")
    assert bench.choices == Choices()
    assert (bench.data.logs.name, bench.data.price_date) == ("other", "2026-04-01")


def test_the_dataset_is_the_one_of_make_lab_if_none_is_named(bench, monkeypatch):
    store.load_logs("other", str(SAMPLE))
    monkeypatch.setenv("EXPLORE_DATASET", "other")
    assert Bench().data.logs.name == "other"
    monkeypatch.setenv("EXPLORE_DATASET", "gone")
    with pytest.raises(store.StoreError, match=r"no dataset 'gone' \(there are: .*make data LOGS"):
        Bench()


def test_what_was_chosen_stays_when_all_cells_are_run_again(bench, monkeypatch):
    store.load_logs("other", str(SAMPLE))
    bench.choose(dataset="other")
    bench.choose(project="project-02", timezone="Asia/Tokyo", price_date="2026-04-01")
    again = Bench()
    assert (again.data.logs.name, again.data.price_date) == ("other", "2026-04-01")
    assert again.choices == bench.choices
    assert Bench("other").choices == bench.choices
    assert Bench("sample").choices == Choices()  # which a cell names
    assert Bench(project="project-01").choices == Choices(project="project-01")
    monkeypatch.setattr(Bench, "kept", Kept("gone", "2026-04-01", Choices(project="project-02")))
    assert (Bench().data.logs.name, Bench().choices) == ("sample", Choices())
    since = Choices(project="project-99", model="gone", since="2026-03-01")
    monkeypatch.setattr(Bench, "kept", Kept("sample", "", since))
    assert Bench().choices == Choices(since="2026-03-01")  # other logs have that name by now


def test_days_the_wrong_way_round_are_said_in_every_panel(bench):
    bench.choose(since="2026-03-02", until="2026-03-01")
    for view in VIEWS:
        assert bench.see(view, {}).title.startswith("From is after Until")
    bench.choose(until="2026-03-02")
    assert not bench.see(overview.by_day, {}).title.startswith("From")


@pytest.fixture
def _inline(themed):
    """Draw as in a cell of JupyterLab."""
    before = plt.get_backend()
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    plt.ion()
    yield
    plt.ioff()
    plt.switch_backend(before)
    backend_inline.show._draw_called = False


@pytest.mark.usefixtures("_inline")
def test_a_cell_that_ends_while_a_view_is_drawn_shows_nothing_of_it(tmp_path):
    asked = []

    def draw():
        ax = plt.subplots()[1]
        asked.append(backend_inline.show._draw_called)
        return ax

    view = View("x", "X.", "", pl.DataFrame({"a": [1]}), draw)
    view.outputs()
    export(view, tmp_path / "x", ["png"])
    assert asked == [False, False]
    draw()
    assert asked[2]  # what a cell draws itself is the cell's


def test_another_zone_lists_its_own_times(bench):
    data = bench.data
    here, there = (sessions.listed(data, Choices(timezone=z)) for z in ("UTC", "Asia/Tokyo"))
    assert not here.looks_like(there)
    assert here.looks_like(sessions.listed(data, Choices()))
    assert [here.written()["begins"][0], there.written()["begins"][0]] == [
        f"{at:%Y-%m-%d %H:%M}" for at in (here.rows["begins"][0], there.rows["begins"][0])
    ]


def test_two_threads_that_draw_show_each_its_own(themed):
    """A picker is answered on a thread of its own, while cells may run."""
    second, first_done = Event(), Event()

    def early():
        second.wait(0.2)  # for nothing: the other may not draw meanwhile
        return axes()

    def late():
        second.set()
        first_done.wait(0.2)
        return axes()

    def shown(name, draw):
        found = View(name, f"{name}.", "", pl.DataFrame({"a": [1]}), draw, name).outputs()
        first_done.set()
        return [output["data"]["text/plain"] for output in found]

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(shown, "one", early)
        other = pool.submit(shown, "other", late)
        assert one.result() == ["**one.**", "one"]
        assert other.result() == ["**other.**", "other"]


def test_a_view_without_rows_is_said_and_no_empty_table(capsys):
    View("x", "Nothing.", "Why.", pl.DataFrame({"a": []})).show()
    said = capsys.readouterr().out
    assert "Nothing." in said
    assert "<t" not in said


def test_the_hours_have_a_scale_and_their_title_is_of_what_they_show(data, themed):
    for column, starts, marks in (
        ("total_usd", "Most is spent on ", {"$1", "$2", "$3", "$4"}),
        ("requests", "Most requests are sent on ", {"10", "20", "30"}),
        ("output_tokens", "Most output tokens come on ", None),
    ):
        found = overview.by_hour(data, Choices(), column=column)
        assert found.title.startswith(starts)
        ax = found.draw()
        (scale,) = ax.figure.legends
        said = [text.get_text() for text in scale.get_texts()]
        assert len(said) > 1
        assert marks is None or set(said) == marks
        shades = [patch.get_alpha() for patch in scale.get_patches()]
        assert shades == sorted(shades)


@pytest.fixture(scope="module")
def executed(sample, datasets):
    """Run the notebook as it is committed, as papermill does in CI: without widgets."""
    place = datasets / "run"
    with pytest.MonkeyPatch.context() as patch:
        for module in (run, params):
            patch.setattr(module, "BUILD", place / "build")
        patch.setenv("CACHE_MARGIN_OUT", str(place))
        (place / "build" / "sample").mkdir(parents=True)
        (place / "data").mkdir()
        for made in ("processed", "private"):
            (place / "data" / made).symlink_to(datasets / made)
        (place / "build" / "sample" / "explore.params.json").write_text('{"dataset": "sample"}')
        return nbformat.read(run.execute(NOTEBOOK, "sample"), as_version=4)


def test_papermill_runs_it_and_every_view_is_in_it(executed):
    outputs = [o for cell in executed.cells for o in cell.get("outputs", [])]
    labels = {
        item["label"] for o in outputs for k, item in o.metadata.items() if k in ("figure", "table")
    }
    figures = ("days", "hours", "session", "causes", "otherwise", "plans", "compare")
    assert labels == {f"fig-explore-{n}" for n in figures} | {
        f"tab-explore-{n}" for n in ("sessions", "rebuilds")
    }
    assert not re.search("project-0[0-9]", json.dumps([o.get("data") for o in outputs]))


def test_what_is_saved_is_what_is_committed(executed):
    node = nbformat.from_dict(json.loads(json.dumps(executed)))
    node.cells = [c for c in node.cells if "injected-parameters" not in c.metadata.tags]
    for cell, own in zip(node.cells, json.loads(NOTEBOOK.read_text())["cells"], strict=True):
        cell.id = own["id"]
        cell.metadata |= {"editable": True, "trusted": True}
    node.metadata |= {"widgets": {"state": "project-01"}}
    model = {"type": "notebook", "content": node}
    saved.clean(model, "explore.ipynb")
    assert nbformat.writes(model["content"]) + "\n" == NOTEBOOK.read_text()
    other = {"type": "notebook", "content": executed}
    saved.clean(other, "mine.ipynb")
    assert any(cell.get("outputs") for cell in other["content"].cells)
