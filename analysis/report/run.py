# mypy: disable-error-code="no-untyped-call"
"""Run a notebook through papermill, and believe it only when every cell really ran."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import errors, params
from analysis.logs.files import locked
from analysis.paths import BUILD, ROOT
from analysis.report.publish import settled

if TYPE_CHECKING:
    from nbformat import NotebookNode


class RunError(Exception):
    """A notebook did not run to its end; says which cell and why."""


def execute(notebook: Path, dataset: str, manager: Any = None, since: int | None = None) -> Path:
    """Run a notebook on a dataset and return the executed one.

    The result appears under its name only after it has been verified, so a run that fails at any
    point leaves nothing that make would take for good. What failed stays beside it as
    `*.running.ipynb`. It is as old as the beginning of its run: what changes meanwhile is newer.

    Parameters
    ----------
    notebook : Path
        With a cell that is tagged `parameters`, whose values are written already.
    dataset : str
        Whose folder below `build` has these values, and gets the result.
    manager : KernelManager, optional
        Of a kernel that has run nothing; left out, papermill starts one.
    since : int, optional
        Nanoseconds since 1970 at which this process began to import what it runs; the result is
        no younger than that.

    Raises
    ------
    RunError
        When a cell failed, the kernel died, a cell was left out, or something was written to
        stderr, which would put a path on the page.
    """
    with locked(BUILD / dataset / f".{notebook.stem}.lock"):
        return _execute(notebook, dataset, manager, since)


def _execute(notebook: Path, dataset: str, manager: Any, since: int | None) -> Path:
    import nbformat

    target = BUILD / dataset / notebook.name
    running = target.with_suffix(".running.ipynb")
    values = json.loads(params.path(dataset, notebook).read_text())
    target.parent.mkdir(parents=True, exist_ok=True)
    running.touch()
    begun = running.stat().st_mtime_ns
    begun = min(begun, since or begun)
    token = secrets.token_hex(8)
    _with_sentinel(notebook, running, token)
    os.environ |= surroundings()
    _papermill(running, values, manager)
    found = nbformat.read(running, as_version=4)
    _verify(found, token, running)
    finished = target.with_suffix(".finished.ipynb")
    nbformat.write(_normal(found), finished)
    os.utime(finished, ns=(begun, begun))
    settled(finished)
    os.replace(finished, target)
    settled(target.parent)
    running.unlink()
    return target


def _with_sentinel(notebook: Path, running: Path, token: str) -> None:
    """Write the notebook with a last cell that prints a token no earlier end can print."""
    import nbformat

    node = nbformat.read(notebook, as_version=4)
    node.cells.append(nbformat.v4.new_code_cell(f"print('{token}')", id="sentinel"))
    running.unlink(missing_ok=True)
    running.touch(0o600)  # a failed run may hold what the logs say, and stays
    nbformat.write(node, running)


def surroundings() -> dict[str, str]:
    """Return what keeps the reader's own settings out of a run, and the run out of HOME."""
    own = BUILD / ".home"
    own.mkdir(parents=True, exist_ok=True)
    return {
        "IPYTHONDIR": str(own / "ipython"),
        "MPLCONFIGDIR": str(own / "matplotlib"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JPY_SESSION_NAME": "",  # as where no Jupyter server started the run
        "EXPLORE_STATIC": "1",
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",
        "OPENBLAS_NUM_THREADS": "1",  # sums are the same on any number of cores
    }


def _papermill(running: Path, values: dict[str, Any], manager: Any) -> None:
    import papermill
    from nbclient.exceptions import CellTimeoutError

    from analysis.report import engine

    seconds = cell_timeout()
    given = {"km": manager} if manager else {}
    try:
        papermill.execute_notebook(
            running,
            running,
            parameters=values,
            engine_name=engine.NAME,
            request_save_on_cell_execute=False,  # the engine does
            kernel_name="python3",
            progress_bar=False,
            cwd=ROOT,
            extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            execution_timeout=seconds,
            kept=running,
            **given,
        )
    except papermill.PapermillExecutionError as error:
        raise RunError(
            f"{errors.of_cell(error.ename, error.evalue)}\n"
            f"  in cell {error.exec_count}: {error.source.strip()}\n"
            f"  the run up to there, not to be passed on: {running}"
        ) from None
    except CellTimeoutError:
        raise RunError(
            f"a cell took longer than {seconds} s; see {running}, or allow more: "
            f"make report CELL_TIMEOUT={10 * seconds}"
        ) from None
    except RuntimeError as error:
        raise RunError(f"the kernel died ({type(error).__name__}); see {running}") from None


def cell_timeout() -> int:
    """Return how many seconds a cell may take: CELL_TIMEOUT of the surroundings, or half an hour.

    Raises
    ------
    RunError
        When it is no whole number above zero.
    """
    text = os.environ.get("CELL_TIMEOUT") or "1800"
    if not text.isascii() or not text.isdigit() or not int(text):
        raise RunError(f"CELL_TIMEOUT={text}: write whole seconds")
    return int(text)


def _verify(node: NotebookNode, token: str, running: Path) -> None:
    code = [c for c in node.cells if c.cell_type == "code" and c.source.strip()]
    counts = [c.execution_count for c in code]
    if counts != list(range(1, len(code) + 1)):
        number = next((n for n, c in enumerate(counts, 1) if c != n), 0)
        raise RunError(f"cell {number} of {len(code)} did not run; see {running}")
    outputs = [(n, o) for n, c in enumerate(code, 1) for o in c.outputs]
    for number, output in outputs:
        if output.output_type == "error" or output.get("name") == "stderr":
            raise RunError(f"cell {number} wrote to stderr or failed; see {running}")
    if not any(token in o.get("text", "") for _, o in outputs if o.output_type == "stream"):
        raise RunError(f"the notebook ended before its last cell; see {running}")


def _normal(node: NotebookNode) -> NotebookNode:
    """Drop what differs from run to run, and any metadata but tags, kernel and language."""
    node.cells = [c for c in node.cells if c.id != "sentinel"]
    node.metadata = {key: node.metadata.get(key, {}) for key in ("kernelspec", "language_info")}
    node.metadata["language_info"].pop("version", None)
    for number, cell in enumerate(node.cells):
        cell.id = f"cell-{number:03d}"
        cell.metadata = {"tags": cell.metadata.get("tags", [])}
    return node
