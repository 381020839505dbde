"""Parameters: notebook defaults, params.yml, the command line, in this order."""

import json
import re

import pytest

from analysis import params
from analysis.params import ParameterError


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(params, "ROOT", tmp_path)
    monkeypatch.setattr(params, "BUILD", tmp_path / "build")
    return tmp_path


def test_the_command_line_wins_over_the_file(root):
    (root / "params.yml").write_text("since: 2026-01-01\nuntil: 2026-02-01\n")
    found = params.overrides(["since=2026-01-15", "policy=first"])
    assert found == {"since": "2026-01-15", "until": "2026-02-01", "policy": "first"}


def test_an_empty_value_takes_an_override_back(root):
    (root / "params.yml").write_text("since: 2026-01-01\n")
    assert params.overrides(["since="]) == {"since": ""}


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_overrides_nothing(root, text):
    (root / "params.yml").write_text(text)
    assert params.overrides([]) == {}


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("sinse=2026-01-01", "'sinse': did you mean since? There are since, until"),
        ("wages_usd=80", "did you mean wage_usd"),
        ("SINCE=2026-03-01", "unknown parameter 'SINCE': did you mean since?"),
        ("logs=~/.claude", "unknown parameter 'logs': did you mean LOGS?"),
        ("zzz=1", "unknown parameter 'zzz': there are since, until"),
        ("elasticity=3", "a number from -2 to 0 (on the command line; left out, it is -1.0)"),
        ("wage_usd=", "(on the command line; left out, it is 116.0)"),
        ("since=1.1.2026", "since='1.1.2026': a day as YYYY-MM-DD"),
        ("timezone=localtime", "a zone such as UTC"),
        ("timezone=Mars", "timezone='Mars': a zone such as UTC"),
        ("timezone=../../etc/passwd", "a zone such as UTC"),
        ("policy=best", "policy='best': one of largest, first"),
        ("seed=one", "seed='one': a whole number"),
        ("carry_over_tokens=-1", "carry_over_tokens='-1': a whole number of tokens, from 0"),
        ("carry_over_tokens=few", "carry_over_tokens='few': a whole number of tokens"),
        ("dataset=other", "unknown parameter 'dataset'"),
        ("a=1;import os=2", "unknown parameter"),
        ("until=1999-01-01", "since=2026-01-01 is after until=1999-01-01"),
    ],
)
def test_a_wrong_parameter_is_named(root, word, told):
    (root / "params.yml").write_text("since: 2026-01-01\n")
    with pytest.raises(ParameterError, match=re.escape(told)):
        params.overrides([word])


@pytest.mark.parametrize("text", ["- since\n", "since: [\n", "since\n"])
def test_a_file_that_is_no_mapping_is_refused(root, text):
    (root / "params.yml").write_text(text)
    with pytest.raises(ParameterError, match=r"params\.yml"):
        params.overrides([])


def test_a_wrong_value_in_the_file_has_its_line(root):
    (root / "params.yml").write_text("seed: 1\nusers: 20.5\n")
    with pytest.raises(ParameterError, match=r"in params\.yml, line 2; left out, it is"):
        params.overrides([])


def test_what_differs_from_its_default_is_named_with_it():
    values = params.all_defaults()
    assert params.changed(values) == {}
    assert params.changed(values | {"wage_usd": 80.0, "dataset": "x"}) == {"wage_usd": 116.0}


def test_only_files_whose_content_changes_are_touched(root):
    params.write("mine", {"since": "2026-01-01"})
    files = sorted((root / "build" / "mine").iterdir())
    before = {f: f.stat().st_mtime_ns for f in files}
    params.write("mine", {"since": "2026-01-01"})
    assert {f: f.stat().st_mtime_ns for f in files} == before
    params.write("mine", {"since": "2026-01-02"})
    dated = [f for f in files if "since" in json.loads(f.read_text())]
    assert {f for f in files if f.stat().st_mtime_ns > before[f]} == set(dated)
    assert len(dated) > 1
    assert all(json.loads(f.read_text())["since"] == "2026-01-02" for f in dated)


def test_the_dataset_is_a_name_and_no_parameter_is_a_path(root):
    params.write("mine", {})
    for file in (root / "build" / "mine").iterdir():
        values = json.loads(file.read_text())
        assert values["dataset"] == "mine"
        assert not [v for v in values.values() if "/" in str(v)]


def test_a_carry_over_is_a_number_of_tokens():
    assert params.checked("carry_over_tokens", "0") == 0
    assert params.checked("carry_over_tokens", 1_000_000) == 1_000_000
