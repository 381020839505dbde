"""What the README and docs say is what the code does."""

import re

import pytest
import yaml

from analysis import params
from analysis.__main__ import COMMANDS
from analysis.logs import store
from analysis.logs.policies import POLICIES
from analysis.paths import ROOT, SAMPLE
from analysis.schema import TABLES, dictionary
from analysis.words.page import summary

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
each = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)

#: What is there only after a report, when the reader makes it, or as the example of a chapter
#: (test_scaffold has these) or of a source (test_sources).
NOT_THERE = (
    r"projects/|reports/|build/|figures/|tables/|social/|data/\w+\.parquet|"
    r"data/raw/prices\.csv|\.venv/|\.tools/|\S*\bhabits\b|\S*test_habits\.py|\S*\bmagpie\.py"
)


@each
def test_every_make_target_named_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", page.read_text(), re.M))
    assert named <= targets
    assert page.name != "README.md" or {"report", "test", "test-long"} <= named


def test_every_target_says_what_it_does_in_help():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split()
    explained = re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.M)
    assert set(explained) == set(phony) - {"pages"}


@each
def test_every_file_and_folder_named_exists(page):
    for path in re.findall(r"`([a-z.][\w./-]*/[\w./-]*)(?:::\w+)?`", page.read_text()):
        if not re.match(NOT_THERE, path):
            assert (ROOT / path).exists(), path


def anchors(page):
    """Return the addresses of a page's headings."""
    headings = [h.strip().lower() for h in re.findall(r"^#+ (.*)$", page.read_text(), re.M)]
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}


@each
def test_every_link_leads_somewhere(page):
    outside_code = re.sub(r"`[^`\n]*`", "", page.read_text())
    for target in re.findall(r"\]\(([^)]+)\)", outside_code):
        if target.startswith("https://"):  # a write-up, as the citation has it
            assert target in (ROOT / "CITATION.cff").read_text(), target
            continue
        path, _, anchor = target.partition("#")
        led = page.parent / path if path else page
        assert led.is_file(), target
        assert not anchor or anchor in anchors(led), target


def test_the_picture_is_there():
    assert [(ROOT / p).stat().st_size > 10_000 for p in re.findall(r"!\[.*?\]\((.+?)\)", README)]


def test_every_section_can_be_reached_from_the_first_screen():
    (line,) = (line for line in README.splitlines() if line.startswith("[Two commands]"))
    linked = re.findall(r"\(#([a-z-]+)\)", line)
    sections = re.findall(r"^## (.*)$", README, re.M)
    assert linked == [section.lower().replace(" ", "-") for section in sections]


def test_every_docs_page_can_be_reached_from_the_first_screen():
    (line,) = (line for line in README.splitlines() if line.startswith("Docs: "))
    assert all(f"(docs/{page.name})" in line for page in PAGES[1:])


def test_the_summary_shown_is_the_sample_s(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    store.load_logs("sample", str(SAMPLE))
    logs = store.read("sample")
    for line in summary(logs, logs.priced(), {"policy": "largest", "timezone": "UTC"}).splitlines():
        assert line in README


def test_the_chapters_are_listed_in_order():
    listed = re.findall(r"^\| (\d\d-[a-z0-9-]+) \| \S.* \|$", README, re.M)
    assert listed == [notebook.stem for notebook in params.notebooks()]


def test_every_parameter_has_its_row_with_what_it_may_be_and_its_default():
    rows = re.findall(r"^\| `(\w+)` \| \S.* \| (\S.*) \| (\S+) \|$", README, re.M)
    known = params.all_defaults()
    written = {name: f"{v:.10g}" if isinstance(v, float) else f"{v}" for name, v in known.items()}
    others = {*TABLES, *POLICIES} - {*params.KNOWN}
    assert [row for row in rows if row[0] not in others] == [
        (name, params.hint(name), written[name] or "empty") for name in params.KNOWN
    ]


def test_every_parameter_and_command_is_explained():
    for name in (*params.KNOWN, *POLICIES):
        assert f"`{name}`" in README
    for command in COMMANDS:
        assert f"`{command}`" in README


def test_the_data_dictionary_is_the_schema_s():
    assert (ROOT / "docs" / "tables.md").read_text() == dictionary()
    assert all(f"`{name}`" in README for name in TABLES)


def test_the_citation_has_the_package_s_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    assert cited["version"] == version


def test_the_write_ups_can_be_cited():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())["references"]
    texts = [
        "the technical write-up",
        "the technical write-up's companion",
        "the business write-up",
    ]
    assert [c["notes"].partition(",")[0] for c in cited] == texts
    assert all(c["title"] and c["authors"] and c["url"].startswith("https://") for c in cited)
