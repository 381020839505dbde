"""make re-runs a chapter when something it imports changes, and only then."""

from analysis import makerules
from analysis.params import cells, notebooks


def of(stem):
    (notebook,) = (n for n in notebooks() if n.stem == stem)
    return set(makerules.modules(*cells(notebook)))


def test_a_chapter_depends_on_its_own_rooms():
    assert {
        "analysis/measures/margin.py",
        "analysis/plots/margin.py",
        "analysis/words/margin.py",
    } <= of("03-margin")


def test_a_chapter_depends_on_what_its_modules_import():
    assert {
        "analysis/prices.py",
        "analysis/schema.py",
        "analysis/logs/identity.py",
        "analysis/plots/canvas.py",
        "analysis/report/suite.mplstyle",
    } <= of("03-margin")


def test_a_chapter_does_not_depend_on_another_or_on_the_page():
    assert "analysis/plots/margin.py" not in of("00-data")
    assert "analysis/report/page.py" not in of("00-data") | of("03-margin")
    assert not [m for m in of("00-data") | of("03-margin") if m.startswith("analysis/synth")]


def test_make_reads_a_rule_for_each_notebook_and_one_for_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(makerules, "BUILD", tmp_path)
    head, *lines = makerules.write().read_text().splitlines()
    assert head.startswith("# ")
    made = [line.split(":")[0] for line in lines]
    assert made[:-1] == [f"build/$(NAME)/{n.stem}.ipynb" for n in notebooks()]
    assert made[-1] == "reports/$(NAME)/index.html"
    for module in ("report/bind.py", "report/render.py", "words/page.py", "measures/margin.py"):
        assert f" analysis/{module}" in lines[-1]


def test_the_rules_are_written_again_when_a_module_changes_and_only_then(tmp_path, monkeypatch):
    monkeypatch.setattr(makerules, "BUILD", tmp_path)
    written = makerules.write()
    before = written.stat().st_ino, written.read_text()
    assert makerules.write().stat().st_ino == before[0]
    monkeypatch.setattr(makerules, "_stamps", lambda: "others")
    assert makerules.write().stat().st_ino != before[0]
    assert written.read_text().splitlines()[1:] == before[1].splitlines()[1:]
