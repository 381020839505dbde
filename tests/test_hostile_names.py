"""Whatever models, projects and branches are called: nothing runs, and no name is on the page."""

import csv
import io
import json
import re

import matplotlib.pyplot as plt
import polars as pl
import pytest
from conftest import report
from hostile_names import NAMES, folder
from lines import answer, prompt, tool_result, write_log
from nbformat.v4 import new_markdown_cell, new_notebook
from stores import update
from test_inert import Watch
from test_render import displayed

from analysis.logs import store
from analysis.models import public_name
from analysis.paths import ROOT
from analysis.report import figures
from analysis.report.bind import bind
from analysis.report.render import render
from analysis.report.sheets import to_csv

PLAIN = [name for name in NAMES.values() if name.isprintable()]


def write(root, requests=1):
    """Logs in which every name is a model's, a project's, a working directory's and a branch's."""
    for number, name in enumerate(NAMES.values()):
        session = f"5e551011-0000-4000-8000-{number:012d}"
        more = {"cwd": f"/home/{name}", "gitBranch": name, "slug": name, "sessionId": session}
        made = [prompt(name, **more)]
        for turn in range(requests):
            what = answer(1000 * number + turn, 60 * turn, **more)
            what["message"]["model"] = name if turn % 2 == 0 else "claude-opus-4-7"
            made += [what, tool_result(60 * turn + 20, **more)]
        lines = "".join(f"{json.dumps(line)}\n" for line in made)  # lone surrogates included
        write_log(root / folder(name) / f"{session}.jsonl", lines.encode())
    return root


def test_no_hostile_name_passes_into_a_table(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    update(write(tmp_path / "logs"))
    logs = store.read("mine")
    assert logs.requests.height == len(NAMES)
    models = set(logs.requests["model"])
    assert [m for m in models if not re.fullmatch(r"other-\d{2}", m)] == []
    rows = str([t.rows() for t in (logs.copies, logs.events, logs.files)])
    files = b"".join(p.read_bytes() for p in (tmp_path / "processed").rglob("*") if p.is_file())
    said = "".join(capfd.readouterr())
    assert not [t for t in NAMES if t in rows or t.encode() in files or t in said]


@pytest.mark.parametrize("shown", ["as labels", "as they are"])
@pytest.mark.filterwarnings("ignore:Glyph:UserWarning", "ignore:Matplotlib currently:UserWarning")
def test_a_name_on_the_page_is_text_wherever_it_stands(shown, tmp_path, browser):
    """As they are is what no chapter does, and the worst that showing real names could."""
    names = list(NAMES.values())
    names = [n.encode(errors="replace").decode() for n in names]
    if shown == "as labels":
        names = [public_name(n, b"key") for n in names]
    texts = [" ".join(n.split()) for n in names]  # captions are one paragraph
    frame = pl.DataFrame({"project": names, "requests": range(len(names))})

    def draw():
        _, ax = plt.subplots(figsize=(9, 12))
        bars = ax.barh(range(len(names)), range(len(names)), label=f"_{names[0]}")
        ax.set_yticks(range(len(names)), [n[:30] for n in names], parse_math=False)
        ax.set_title(names[1], parse_math=False)
        for bar, name in zip(bars, names, strict=True):
            bar.set_gid(name)
        figures.show(ax, "fig-names", f"Names. {' '.join(texts)}", f"Bars. {names}", frame)

    def tabulate():
        figures.table(frame, "tab-names", "Names.", notes=" ".join(texts), source=f"{texts[0]} x")
        kinds = {"project": "markdown"}
        figures.table(frame, "tab-marked", "Marked.", formats=kinds)
        wide = frame.unique("project", maintain_order=True).transpose(column_names="project")
        figures.table(wide, "tab-wide", "Wide.")

    def talk():
        figures.say("\n\n".join(texts))

    import nbformat

    cells = [new_markdown_cell("# Names"), *map(displayed, (draw, tabulate, talk))]
    nbformat.write(new_notebook(cells=cells), tmp_path / "names.ipynb")
    head = {"title": texts[2], "subtitle": texts[3], "banner": texts[4], "provenance": texts[5]}
    render(bind([tmp_path / "names.ipynb"], **head), tmp_path / "page")
    watch = Watch(browser, (tmp_path / "page" / "index.html").as_uri())
    assert (watch.ran(), watch.asked, watch.heard) == ("", [], [])
    cells = watch.tab.eval_on_selector_all(
        "#tab-names tbody th", "all => all.map(e => e.innerText)"
    )
    assert len(cells) == len(names)
    if shown == "as they are":
        assert not [t for t, c in zip(NAMES, cells, strict=True) if t not in c]
    watch.tab.goto((tmp_path / "page" / "figures" / "fig-names.svg").as_uri())
    assert watch.asked == []
    watch.tab.close()
    for path in (tmp_path / "page").glob("*/*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(), newline="")))
        assert not [c for row in rows for c in row if re.match(r"[=@\t\r]|[+-](?!\d+$)", c)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+2", "'=1+2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        ("-x", "'-x"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ('-1+HYPERLINK("a")', '\'-1+HYPERLINK("a")'),
        ("+6.9 to +13.8 points", "+6.9 to +13.8 points"),
        ("-5\u202f% ($1.30 to $1.51)", "-5\u202f% ($1.30 to $1.51)"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
    ],
)
def test_text_in_a_csv_is_no_formula(text, written):
    for kind in (pl.String, pl.Categorical):
        made = to_csv(pl.DataFrame({"a": pl.Series([text], dtype=kind), "n": [-1.5]}))
        assert list(csv.reader(io.StringIO(made, newline=""))) == [["a", "n"], [written, "-1.5"]]
    assert to_csv(pl.DataFrame(schema=["=a"])) == "'=a\n"


@pytest.mark.long
@pytest.mark.exhaustive  # a whole report; that no name passes into a table is tested above
def test_a_report_of_hostile_names_has_none_of_them(tmp_path, browser):
    write(tmp_path / "logs", requests=6)
    done = report(tmp_path, "--logs", str(tmp_path / "logs"), "--name", "hostile")
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert not [token for token in NAMES if token in said]
    made = [p for top in ("reports", "build") for p in (tmp_path / top).rglob("*") if p.is_file()]
    made = [p for p in made if ".home" not in p.parts]
    assert {".html", ".svg", ".csv", ".ipynb", ".json"} <= {p.suffix for p in made}
    for path in made:
        text = path.read_bytes()
        assert not [token for token in NAMES if token.encode() in text], path
    watch = Watch(browser, (tmp_path / "reports" / "hostile" / "index.html").as_uri())
    assert (watch.ran(), watch.asked, watch.heard) == ("", [], [])
    watch.tab.close()
    assert not [p for p in ROOT.iterdir() if p.name in NAMES]  # no shell touched them
