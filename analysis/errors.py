"""Errors that say where, not what: a message made elsewhere may hold what the logs say.

Libraries put values, whole lines and paths into their messages. An error of ours has a message
written for readers; of any other, its class and its place in our code are said. `DEBUG=1` shows
the rest on request, to whoever may see the logs.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import TextIO

from analysis.asked import asked
from analysis.paths import BUILD, GENERATED, PRIVATE, PROCESSED, REPORTS, ROOT

#: Our own errors by module: what they say never comes from a line of a log. A path in it is one
#: that the user gave or one of the project.
OURS = {
    "analysis.crosscheck.tool": "CrosscheckError",
    "analysis.environment": "SetupError",
    "analysis.logs.asking": "PlaceError",
    "analysis.logs.dataset": "WhereError",
    "analysis.logs.discover": "NoLogsError",
    "analysis.logs.files": "StoreError",
    "analysis.logs.fleet": "FleetError",
    "analysis.logs.sound": "ArchiveError",
    "analysis.logs.team_footer": "UnsoundError",
    "analysis.logs.team_labels": "KeyFileError",
    "analysis.params": "ParameterError",
    "analysis.scaffold": "ScaffoldError",
    "analysis.schema": "SchemaError",
    "analysis.overrides": "PriceError",
    "analysis.synth.folder": "SynthError",
    "analysis.report.run": "RunError",
    "analysis.report.bind": "BindError",
    "analysis.report.chromium": "ChromiumError",
    "analysis.report.inert": "InertError",
    "analysis.report.privacy": "PrivacyError",
    "analysis.report.publish": "RenderError",
}

#: How a class of errors is called; another name may have been made of anything.
_CLASS = re.compile("[A-Za-z]{0,40}(Error|Errors|Exception|Warning|Exit|Interrupt|Stop)")

#: Those of ours whose name no library uses: a kernel tells the name of a class alone.
_OURS_BY_NAME = set(OURS.values()) - {"SchemaError"}


def is_ours(error: BaseException) -> bool:
    """Whether an error has a message of ours, which says nothing of the logs.

    >>> is_ours(ValueError("secret"))
    False
    """
    return any(OURS.get(kind.__module__) == kind.__name__ for kind in type(error).__mro__)


def debugging() -> bool:
    """Whether the user asked for whole messages, with DEBUG=1."""
    return asked("DEBUG")


def told(error: BaseException) -> str:
    """Return what the terminal may say of any error; all of it where DEBUG=1 asks.

    Examples
    --------
    >>> told(ValueError("secret")).splitlines()[0]
    'stopped by ValueError, which is a fault of this program.'
    """
    said = f"{error}" if is_ours(error) else unexpected(error)
    return f"{said}\n{whole(error)}" if debugging() else said


def unexpected(error: BaseException) -> str:
    """Say of an error that is not ours its class and its place in our code, and how to see more.

    Of an error of the operating system, also what the system calls it, and the file if it is one
    of the project's.

    Examples
    --------
    >>> print(unexpected(ValueError("secret")))
    stopped by ValueError, which is a fault of this program.
      Its message is not shown, as it may hold what the logs say; DEBUG=1 shows it.
    """
    return (
        f"stopped by {_class(error)}{_place(error.__traceback__)}, {_reason(error)}\n"
        "  Its message is not shown, as it may hold what the logs say; DEBUG=1 shows it."
    )


def whole(error: BaseException) -> str:
    """Return the whole traceback, under a warning; for who asked for it."""
    lines = traceback.format_exception(error)
    return "DEBUG: what follows may hold names, paths and content of the logs\n" + "".join(lines)


def hush() -> None:
    """Let what no caller can catch, in a thread or while tidying up, say no more than the rest.

    So with warnings, of which class and place are said, and with what libraries log, of which
    nothing is. DEBUG=1 shows all of it.
    """

    def say(error: BaseException | None) -> None:
        if error is not None:
            sys.stderr.write(f"{told(error)}\n")

    sys.excepthook = lambda _kind, error, _trace: say(error)
    sys.unraisablehook = lambda unraisable: say(unraisable.exc_value)
    threading.excepthook = lambda args: say(args.exc_value)
    if not debugging():
        warnings.showwarning = _warned
        logging.raiseExceptions = False
        logging.getLogger().addHandler(_NOWHERE)


def unhush() -> None:
    """Take it back, for a kernel: what its cells warn of or log belongs to their outputs."""
    sys.excepthook, sys.unraisablehook = sys.__excepthook__, sys.__unraisablehook__
    threading.excepthook = threading.__excepthook__
    warnings.showwarning = _SHOWN
    logging.raiseExceptions = True
    logging.getLogger().removeHandler(_NOWHERE)


#: A handler of the root is what keeps `logging.error` from making one that writes to stderr.
_NOWHERE = logging.NullHandler()
_SHOWN = warnings.showwarning


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Stand in for `warnings.showwarning`."""
    name = category.__name__ if _CLASS.fullmatch(category.__name__) else "a warning"
    path = Path(filename)
    own = path.is_relative_to(ROOT / "analysis")
    place = f" at {path.relative_to(ROOT)}, line {lineno}" if own else ""
    sys.stderr.write(f"{name}{place}; what it says may hold content, DEBUG=1 shows it\n")


def of_cell(name: str, message: str) -> str:
    """Return what a failed cell may say: its message if the error is ours, else its class.

    Examples
    --------
    >>> of_cell("StoreError", "no dataset 'mine'"), of_cell("ComputeError", "secret")
    ("StoreError: no dataset 'mine'", 'ComputeError')
    """
    kind = name if _CLASS.fullmatch(name) else "an error"
    return f"{kind}: {message}" if name in _OURS_BY_NAME or debugging() else kind


def _class(error: BaseException) -> str:
    kind = type(error)
    if not _CLASS.fullmatch(kind.__name__):
        return "an error"
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _place(trace: TracebackType | None) -> str:
    """Name the last line of ours that an error came through."""
    passed = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(trace)]
    ours = [(path, line) for path, line in passed if path.is_relative_to(ROOT / "analysis")]
    return f" at {ours[-1][0].relative_to(ROOT)}, line {ours[-1][1]}" if ours else ""


def _reason(error: BaseException) -> str:
    if not isinstance(error, OSError) or error.errno is None:
        return "which is a fault of this program."
    return f"as the system says: {os.strerror(error.errno)}{_own(error.filename)}."


def _own(name: object) -> str:
    """Name a file that the project makes; a log's name is its project's, and is not said."""
    made = (PROCESSED, PRIVATE, BUILD, REPORTS)
    if not isinstance(name, str) or not any(Path(name).is_relative_to(place) for place in made):
        return ""
    return f" ({Path(name).relative_to(GENERATED)})"
