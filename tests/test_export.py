"""Views as files: what is in them, where they are, whose names, and that nobody publishes them."""

import stat
from xml.etree import ElementTree

import polars as pl
import pytest
from PIL import Image

from analysis import commands, paths
from analysis.explore import compare, export, ledger, otherwise, overview, sessions
from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.explore.export import KINDS, place_of
from analysis.explore.view import View
from analysis.logs import store
from analysis.paths import SAMPLE
from analysis.report import builds, names
from analysis.words import export as words

NAMED = {"project-02": "=atlas", "project-01": "borealis"}


@pytest.fixture(scope="module")
def data(datasets):
    store.load_logs("sample", str(SAMPLE))
    return Data.of(store.read("sample"), NAMED)


@pytest.fixture(autouse=True)
def _shown_by_name(themed):
    """In the workbench every project has its name."""
    with names.only(NAMED):
        yield


def picture(path):
    with Image.open(path) as found:
        return found.size


def drawn(path):
    return "".join(ElementTree.parse(path).getroot().itertext())


def test_a_figure_s_view_is_its_numbers_and_its_picture(data, tmp_path):
    view = otherwise.otherwise(data, Choices(project="project-02"), cache="1h")
    written = export.export(view, tmp_path / "own" / "what if")
    assert [path.name for path in written] == [f"what if.{kind}" for kind in KINDS]
    csv, parquet, png, svg = written
    assert pl.read_parquet(parquet).equals(view.frame)
    assert pl.read_csv(csv).columns == view.frame.columns
    assert csv.read_text().splitlines()[0] == "class,now_usd,then_usd,difference_usd"
    assert min(picture(png)) > 200
    assert "With every write at 1 hour" in drawn(svg)
    assert "what if" in drawn(svg)


def test_a_table_is_no_picture(data, tmp_path):
    view = sessions.listed(data, Choices())
    written = export.export(view, tmp_path / "sessions")
    assert [path.suffix for path in written] == [".csv", ".parquet"]
    assert export.export(view, tmp_path / "sessions", ["png", "svg"]) == []
    assert pl.read_parquet(written[1]).equals(view.frame)
    assert words.exported([], named=False) == words.NOTHING


def test_projects_have_labels_unless_names_are_chosen(data, tmp_path):
    view = compare.compare(data, Choices(), a="project:project-01", b="project:project-02")
    labels = export.export(view, tmp_path / "labels", ["svg"])
    assert "project-02 (B)" in drawn(labels[0])
    own = export.export(view, tmp_path / "names", ["svg"], NAMED)
    assert "=atlas (B) beside borealis (A)" in drawn(own[0])
    assert "project-0" not in drawn(own[0])
    assert names.text("project-02") == "=atlas"  # on the screen as before


def test_names_and_formulas_in_a_table(data, tmp_path):
    view = sessions.listed(data, Choices())
    for projects, wanted in (({}, {"project-02"}), (NAMED, {"=atlas"})):
        csv, parquet = export.export(view, tmp_path / "x", projects=projects)
        found = pl.read_parquet(parquet)
        assert wanted < set(found["project"])
        assert found.drop("project").equals(view.frame.drop("project"))
        text = csv.read_text()
        assert ("'=atlas" in text) is bool(projects)  # which a spreadsheet takes for text
        assert ("project-02" in text) is not bool(projects)


@pytest.mark.parametrize(
    ("chosen", "own", "name"),
    [
        ({}, {}, "days"),
        ({"project": "project-02", "since": "2026-03-01"}, {}, "days-project-02-since-2026-03-01"),
        ({"timezone": "Europe/Paris"}, {"unit": "usd"}, "days-timezone-europe-paris-unit-usd"),
        ({"session": "0123456789ab-cdef"}, {}, "days-session-01234567"),
        (
            {},
            {"a": "project:project-01", "b": "project:project-02"},
            "days-a-project-01-b-project-02",
        ),
        ({"source": "days"}, {}, "days"),
        ({"project": "daysy"}, {}, "days-daysy"),
        (
            {"model": "claude-opus-4-6"},
            {"a": "../../x", "b": "..", "c": 1.5},
            "days-claude-opus-4-6-a-x-b-c-1.5",
        ),
    ],
)
def test_files_are_named_after_what_was_chosen(data, chosen, own, name):
    view = View("days", "Days.", "", pl.DataFrame())
    found = place_of(view, data, Choices(**chosen), own)
    assert found == paths.REPORTS / "sample.views" / name
    assert len(place_of(view, data, Choices(), {"a": "long" * 99}).name) < 200


def test_prices_of_a_day_are_in_the_name(data):
    view = View("days", "Days.", "", pl.DataFrame())
    assert place_of(view, data.at("2026-11-01"), Choices()).name == "days-prices-2026-11-01"


@pytest.fixture
def reports(monkeypatch, tmp_path):
    found = tmp_path / "reports"
    for module in (paths, export):
        monkeypatch.setattr(module, "REPORTS", found)
    return found


def test_what_a_panel_writes_is_for_its_owner_alone_and_goes_with_the_dataset(data, reports):
    view = overview.by_day(data, Choices())
    written = export.export(view, place_of(view, data, Choices()))
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    folder = written[0].parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in written)
    assert builds.beside("sample", reports) == [folder]
    assert builds.builds_of("sample", reports) == []
    commands._remove("sample", [])
    assert not folder.exists()


def test_a_panel_s_folder_is_the_owner_s_alone_however_it_is_spelled(
    data, reports, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for place in ("reports/x.views/a", tmp_path / "other" / ".." / "reports" / "x.views" / "b"):
        (written,) = export.export(ledger.causes(data, Choices()), place, ["csv"])
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        assert stat.S_IMODE(written.parent.stat().st_mode) == 0o700


def test_a_folder_of_one_s_own_stays_as_it_is(data, reports, tmp_path):
    tmp_path.chmod(0o755)
    export.export(ledger.causes(data, Choices()), tmp_path / "causes", ["csv"])
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_what_was_written_stands_whole_until_it_is_replaced(data, tmp_path, monkeypatch):
    view = overview.by_day(data, Choices())
    (written,) = export.export(view, tmp_path / "days", ["csv"])
    before = written.read_bytes()

    def stop(*_):
        raise InterruptedError

    monkeypatch.setattr("os.replace", stop)
    with pytest.raises(InterruptedError):
        export.export(
            overview.by_day(data, Choices(project="project-01")), tmp_path / "days", ["csv"]
        )
    assert written.read_bytes() == before


def test_another_kind_is_refused(data, tmp_path):
    with pytest.raises(ValueError, match="no kind xlsx: there are csv, parquet, png, svg"):
        export.export(overview.by_day(data, Choices()), tmp_path / "x", ["csv", "xlsx"])
    assert not list(tmp_path.iterdir())


def test_nothing_chosen_can_be_written(data, tmp_path):
    for view in (otherwise.otherwise, compare.compare, sessions.listed):
        for path in export.export(view(data, Choices(project="project-99")), tmp_path / "none"):
            assert path.stat().st_size


def test_it_is_said_where_the_files_are_and_whose_names_they_have():
    place = paths.GENERATED / "reports" / "sample.views" / "days.csv"
    said = words.exported([place, place.with_suffix(".svg")], named=True)
    assert said.startswith("Written: reports/sample.views/days.csv and .svg.")
    assert "names" in said
    assert "labels" in words.exported([place], named=False)
