"""A notebook counts as run only when every cell really ran."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import params
from analysis.report import run
from analysis.report.run import RunError, execute

PARAMETERS = new_code_cell('dataset: str = "sample"  # which logs')
PARAMETERS.metadata["tags"] = ["parameters"]


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Return a function that runs a notebook of some cells on a dataset `mine`."""
    monkeypatch.setattr(run, "BUILD", tmp_path)
    monkeypatch.setattr(params, "BUILD", tmp_path)

    def execute_cells(*sources):
        notebook = tmp_path / "09-toy.ipynb"
        cells = [PARAMETERS, *map(new_code_cell, sources)]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), notebook)
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / "09-toy.params.json").write_text(json.dumps({"dataset": "mine"}))
        return execute(notebook, "mine")

    execute_cells.target = tmp_path / "mine" / "09-toy.ipynb"
    return execute_cells


def test_a_run_leaves_the_notebook_and_nothing_of_the_run(make, tmp_path):
    target = make("print(dataset)")
    assert target == make.target
    text = target.read_text()
    assert '"mine\\n"' in text
    assert str(tmp_path) not in text
    assert "papermill" not in text.replace('"injected-parameters"', "")
    assert [p.name for p in target.parent.glob("*.ipynb")] == ["09-toy.ipynb"]


def test_two_runs_are_the_same_to_the_byte(make):
    first = make("print({'a', 'b', 'c'})").read_bytes()
    assert make("print({'a', 'b', 'c'})").read_bytes() == first


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1 / 0", "ZeroDivisionError\\n  in cell 3: 1 / 0\\n"),
        ("import sys; sys.exit(0)", "SystemExit|did not run|ended before"),
        ("import os; os._exit(0)", "kernel died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "kernel died"),
        ("import warnings; warnings.warn('x')", "wrote to stderr"),
        ("import sys; print('x', file=sys.stderr)", "wrote to stderr"),
    ],
)
def test_a_run_that_fails_in_any_way_leaves_nothing_that_make_would_take(make, source, told):
    with pytest.raises(RunError, match=told):
        make(source, "print('later')")
    assert not make.target.exists()


def test_a_failed_run_keeps_the_last_good_result(make):
    good = make("print(1)").read_bytes()
    with pytest.raises(RunError, match="ZeroDivisionError"):
        make("1 / 0")
    assert make.target.read_bytes() == good
