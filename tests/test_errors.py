"""Errors say where, not what: nothing of a log is in what the terminal or a notebook shows."""

import ast
import datetime as dt
import json
import logging
import os
import stat
import subprocess
import sys
import threading
import unicodedata
import warnings

import msgspec
import nbformat
import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import __main__, errors, params, paths
from analysis.logs.files import StoreError
from analysis.paths import ROOT
from analysis.report import run
from analysis.report.run import RunError, execute

CANARIES = [
    "canary-acme-merger",
    "/home/canary/acme",
    "canary@acme.example",
    "<b>canary</b>",
    "кана",
]


class Panic(BaseException):
    """As polars has it, which is no Exception."""


def panic(text):
    raise Panic(text)


def pandera(text):
    import pandera.polars as pa

    schema = pa.DataFrameSchema({"a": pa.Column(pl.String, pa.Check.isin(["x"]))})
    schema.validate(pl.DataFrame({"a": [text]}))


def chained(text):
    try:
        int(text)
    except ValueError as error:
        raise RuntimeError(text) from error


def grouped(text):
    raise ExceptionGroup(text, [ValueError(text), KeyError(text)])


def noted(text):
    error = ValueError(text)
    error.add_note(text)
    raise error


FAULTS = {
    "int": int,
    "float": float,
    "KeyError": lambda text: {}[text],
    "AttributeError": lambda text: getattr(object(), text),
    "fromisoformat": dt.datetime.fromisoformat,
    "json": json.loads,
    "unicode": lambda text: (text.encode() + b"\xff").decode(),
    "unicodedata": unicodedata.lookup,
    "msgspec": lambda text: msgspec.json.decode(text.encode()),
    "msgspec type": lambda text: msgspec.json.decode(json.dumps(text).encode(), type=int),
    "open": open,
    "polars cast": lambda text: pl.Series([text]).cast(pl.Int64),
    "polars column": lambda text: pl.DataFrame().select(text),
    "polars enum": lambda text: pl.Series([text], dtype=pl.Enum(["a"])),
    "polars file": lambda text: pl.read_parquet(text + "/no"),
    "pandera": pandera,
    "panic": panic,
    "chained": chained,
    "grouped": grouped,
    "noted": noted,
    "import": lambda text: __import__("analysis." + text),
    "assert": lambda text: pytest.fail(text),
}


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_library_says_reaches_no_terminal(fault, canary, monkeypatch, capfd):
    monkeypatch.setitem(__main__.COMMANDS, "tables", lambda given: FAULTS[fault](canary))
    assert __main__.main(["tables"]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("tables: stopped by ")
    assert " at analysis/__main__.py, line " in said.err
    assert "DEBUG=1 shows it" in said.err
    assert canary not in said.err
    assert "canary" not in said.err


def test_the_whole_of_it_is_shown_on_request_with_a_warning(monkeypatch, capfd):
    monkeypatch.setitem(__main__.COMMANDS, "tables", lambda given: int("canary"))
    monkeypatch.setenv("DEBUG", "1")
    assert __main__.main(["tables"]) == 1
    before, _, after = capfd.readouterr().err.partition("DEBUG: what follows may hold names")
    assert "canary" not in before
    assert "Traceback" in after
    assert "canary" in after


def test_our_own_errors_say_all_they_have_to_say(monkeypatch, capfd):
    def refuse(given):
        raise StoreError("NAME='x y': use letters")

    monkeypatch.setitem(__main__.COMMANDS, "tables", refuse)
    assert __main__.main(["tables"]) == 1
    assert capfd.readouterr().err == "tables: NAME='x y': use letters\n"


def test_each_of_ours_is_where_it_is_said_to_be():
    for module, name in errors.OURS.items():
        assert f"class {name}(" in (ROOT / f"{module.replace('.', '/')}.py").read_text()


def test_a_file_is_named_if_the_project_made_it_and_no_log_is(tmp_path):
    own = FileNotFoundError(2, "canary", str(paths.BUILD / "sample" / "summary.txt"))
    theirs = PermissionError(13, "canary", str(tmp_path / "-home-canary" / "log.jsonl"))
    told = "as the system says: No such file or directory (build/sample/summary.txt).\n"
    assert told in errors.unexpected(own)
    assert "canary" not in errors.unexpected(own)
    assert "as the system says: Permission denied.\n" in errors.unexpected(theirs)


def test_what_fails_in_a_thread_says_no_more(monkeypatch, capsys):
    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, hook, getattr(sys, hook))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    errors.hush()
    logging.getLogger().removeHandler(errors._NOWHERE)
    thread = threading.Thread(target=int, args=("canary",))
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError("canary"), None)
    said = capsys.readouterr().err
    assert said.count("stopped by ValueError") == 2
    assert "canary" not in said


LOUD = """
import logging, warnings
from analysis import errors
errors.hush()
warnings.warn("canary")
warnings.warn_explicit("canary", UserWarning, str(errors.ROOT / "analysis" / "prices.py"), 7)
warnings.warn("canary", type("canary", (UserWarning,), {}))
logging.error("canary")
logging.getLogger("papermill").error("canary %s")
logging.getLogger("other").warning("canary %d", "x")
"""


def loud(before="", after="", **env):
    command = [sys.executable, "-c", before + LOUD + after]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True)
    assert done.returncode == 0
    return done.stdout + done.stderr


def test_of_a_warning_class_and_place_are_said_and_of_a_log_nothing():
    rest = "; what it says may hold content, DEBUG=1 shows it\n"
    said = [
        "UserWarning", "UserWarning at analysis/prices.py, line 7", "a warning"
    ]  # fmt: skip
    assert loud() == "".join(f"{line}{rest}" for line in said)
    assert loud(DEBUG="1").count("canary") >= 6


def test_what_a_cell_warns_of_and_logs_is_as_in_any_kernel():
    assert loud(after="errors.unhush()\nwarnings.warn('shown')\nlogging.error('too')").endswith(
        "UserWarning: shown\nERROR:root:too\n"
    )


@pytest.fixture
def failing(tmp_path, monkeypatch):
    """Return a function that runs a notebook with one cell and returns what its failure says."""
    monkeypatch.setattr(run, "BUILD", tmp_path)
    monkeypatch.setattr(params, "BUILD", tmp_path)

    def fail(source):
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = new_notebook(cells=[new_code_cell(source)], metadata={"kernelspec": kernel})
        nbformat.write(notebook, tmp_path / "09-toy.ipynb")
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / "09-toy.params.json").write_text("{}")
        with pytest.raises(RunError) as told:
            execute(tmp_path / "09-toy.ipynb", "mine")
        return str(told.value)

    return fail


#: Cells that fail over what a log could hold, here spelt so that their source has no canary.
HIDDEN = "text = ''.join(map(chr, [99, 97, 110, 97, 114, 121]))\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("int(text)", "ValueError\n"),
        ("import polars as pl; pl.Series([text]).cast(int)", "InvalidOperationError\n"),
        ("import polars as pl; raise pl.exceptions.SchemaError(text)", "SchemaError\n"),
        ("raise type(text, (Exception,), {})(text)", "an error\n"),
        ("import warnings; warnings.warn(text)", "cell 1 wrote to stderr"),
        ("import sys; print(text, file=sys.stderr)", "cell 1 wrote to stderr"),
    ],
)
def test_a_failed_cell_says_its_class_its_number_and_its_source(failing, tmp_path, source, told):
    said = failing(HIDDEN + source)
    assert told in said
    assert "canary" not in said
    kept = tmp_path / "mine" / "09-toy.running.ipynb"
    assert str(kept) in said
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not (tmp_path / "mine" / "09-toy.ipynb").exists()


def test_a_failed_cell_says_what_an_error_of_ours_says(failing):
    said = failing("from analysis import load\nload('nothing-there')")
    assert "StoreError: no dataset 'nothing-there'" in said


def test_an_executed_notebook_has_no_metadata_but_kernel_language_and_tags(built):
    found = sorted((built[0] / "build" / "toy").glob("[0-9]*.ipynb"))
    assert [path.stem for path in found] == [path.stem for path in params.notebooks()]
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert notebook.metadata.kernelspec == {
            "display_name": "Python 3", "language": "python", "name": "python3"
        }  # fmt: skip
        assert all(set(cell.metadata) == {"tags"} for cell in notebook.cells)
        injected = [c.source for c in notebook.cells if "injected-parameters" in c.metadata.tags]
        assert len(injected) == 1
        for line in ast.parse(injected[0]).body:
            name, value = line.targets[0].id, ast.literal_eval(line.value)
            assert name == "dataset" or name in params.KNOWN
            assert isinstance(value, str | int | float)
            assert not set(str(value)) & set("\\~")
            assert name == "timezone" or "/" not in str(value)


#: What a handler may ask of an error that is not ours: words from closed lists, and names of ours.
ASKED = {"strerror", "errno", "name", "ename", "exec_count", "source", "schema_errors"}

#: Where a message is only compared with, and what is kept of it: nothing, or the number of a byte.
COMPARED = {
    ("analysis/logs/records.py", "_fitting"),
    ("analysis/logs/damage.py", "_trailing"),
    ("analysis/logs/decode.py", "decoded"),
}

#: What turns an error into words that hold nothing of it.
TOLD = {
    "_failed",
    "_kind_of",
    "is_empty",
    "errors.is_ours",
    "errors.told",
    "errors.of_cell",
    "type",
}


def handlers():
    """Every `except ... as name` of the package that may catch an error that is not ours."""
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        tree = ast.parse(path.read_text())
        place = path.relative_to(ROOT).as_posix()
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
                continue
            for node in function.body if isinstance(function, ast.Module) else ast.walk(function):
                for handler in getattr(node, "handlers", []):
                    if handler.name and not ours(handler.type):
                        yield place, getattr(function, "name", ""), handler


def ours(kind):
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    names = {ast.unparse(k).split(".")[-1] for k in kinds}
    return names <= {*errors.OURS.values(), "RejectedError", "RefusedError", "BehindError"}


def misused(handler):
    """Yield the lines where a handler uses the error in a way that could show what it says."""
    allowed = set()
    for node in ast.walk(handler):
        if isinstance(node, ast.Attribute) and node.attr in ASKED:
            allowed.add(node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in TOLD:
            allowed |= {part for given in node.args for part in ast.walk(given)}
    for node in ast.walk(handler):
        if isinstance(node, ast.Name) and node.id == handler.name and node not in allowed:
            yield node.lineno


def test_no_handler_shows_what_an_error_says_that_is_not_ours():
    found = list(handlers())
    assert found
    for place, function, handler in found:
        if (place, function) not in COMPARED:
            assert not list(misused(handler)), (place, function)


@pytest.mark.parametrize(
    "body",
    [
        "print(e)",
        "raise X(f'{e}')",
        "raise X(str(e))",
        "raise X from e",
        "log(repr(e))",
        "x = e.args",
    ],
)
def test_the_rule_for_handlers_can_fail(body):
    handler = ast.parse(f"try:\n    f()\nexcept (OSError, StoreError) as e:\n    {body}").body[0]
    assert list(misused(handler.handlers[0]))


def test_no_log_of_python_and_no_traceback_is_written():
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        words = {
            ast.unparse(n)
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.Attribute)
        }
        banned = {
            "logging.exception",
            "traceback.print_exc",
            "sys.exc_info",
            "traceback.format_exc",
        }
        assert not words & banned, path
        assert path.name == "errors.py" or not {w for w in words if w.startswith("traceback.")}
