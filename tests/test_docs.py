"""What the README and docs say is what the code does."""

import re

import pytest

from analysis import params
from analysis.__main__ import COMMANDS
from analysis.logs import store
from analysis.logs.policies import POLICIES
from analysis.paths import ROOT, SAMPLE
from analysis.schema import TABLES, dictionary
from analysis.words.page import summary

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def test_every_make_target_named_exists():
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.M))
    code = "\n".join([*blocks("sh"), *re.findall(r"`([^`\n]+)`", README)])
    named = set(re.findall(r"^make ([a-z]+)", code, re.M))
    assert named
    assert named <= targets
    assert {"report", "test"} <= named


def test_every_target_says_what_it_does_in_help():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split()
    explained = re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.M)
    assert set(explained) == set(phony) - {"pages"}


def test_every_file_and_folder_named_exists():
    for path in re.findall(r"`([a-z.][\w./-]*/[\w./-]*)`", README):
        if not path.startswith(("projects/", "reports/", "data/raw/prices.csv")):
            assert (ROOT / path).exists(), path
    for image in re.findall(r"!\[.*?\]\(([^)]+)\)", README):
        assert (ROOT / image).stat().st_size > 10_000


def test_the_summary_shown_is_the_sample_s(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    store.load_logs("sample", str(SAMPLE))
    logs = store.read("sample")
    for line in summary(logs, logs.priced(), {"policy": "largest", "timezone": "UTC"}).splitlines():
        assert line in README


def test_every_chapter_parameter_and_command_is_explained():
    for notebook in params.notebooks():
        assert f"| {notebook.stem} |" in README
    for name in (*params.KNOWN, *POLICIES):
        assert f"`{name}`" in README
    for command in COMMANDS:
        assert f"`{command}`" in README


@pytest.mark.parametrize("block", blocks("python"))
def test_every_python_block_runs(block, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    store.load_logs("sample", str(SAMPLE))
    exec(compile(block, "README", "exec"), {})


def test_the_data_dictionary_is_the_schema_s():
    assert (ROOT / "docs" / "tables.md").read_text() == dictionary()
    assert all(f"`{name}`" in README for name in TABLES)


def test_the_citation_has_the_package_s_version():
    version = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.M)[1]
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text()
