"""Projects by the names of their folders instead of labels, where the reader asks for it.

It is a choice of one run. Tables and measures know labels alone, so no number and no order
depends on it: a label becomes a name where a figure, a table or a sentence is displayed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from analysis.paths import BUILD

if TYPE_CHECKING:
    from analysis.logs.manifest import Manifest

#: A longer name is cut.
LENGTH = 28

_LABEL = re.compile(r"\bproject-[0-9]{2,}\b")
_names: dict[str, str] = {}


def write(dataset: str, *, real: bool) -> None:
    """Note for a run whether its page has real names; make watches the file."""
    from analysis.params import write_if_new

    write_if_new(BUILD / dataset / "names.txt", "real\n" if real else "labels\n")


def real(dataset: str) -> bool:
    """Return whether the page of a dataset is to have real names."""
    try:
        return (BUILD / dataset / "names.txt").read_text() == "real\n"
    except FileNotFoundError:
        return False


def choose(dataset: str, *, always: bool = False) -> None:
    """Take the names of a dataset for what is displayed from now on; none without the choice.

    What nobody publishes has them `always`.
    """
    _names.clear()
    if always or real(dataset):
        _names.update(of(dataset))


@contextmanager
def only(found: Mapping[str, str]) -> Iterator[None]:
    """Take these names alone meanwhile, and then those from before; of none, labels stay.

    >>> with only({"project-01": "acme"}):
    ...     text("project-01 and project-02")
    'acme and project-02'
    """
    before = dict(_names)
    _names.clear()
    _names.update(found)
    try:
        yield
    finally:
        _names.clear()
        _names.update(before)


def of(dataset: str) -> dict[str, str]:
    """Return the names of a dataset's projects by label."""
    from analysis.logs.manifest import read_manifest

    manifest = read_manifest(dataset)
    return named_projects(manifest) if manifest else {}


def named_projects(manifest: Manifest) -> dict[str, str]:
    """Return the names of projects by label: the last folder of the path that each was run in.

    Where no log tells that path, the label stays: the folder that the client made of it does not
    say where a name begins. Of two projects of one name the later has its label beside it.
    """
    found: dict[str, str] = {}
    for folder, label in sorted(manifest.projects.items(), key=lambda item: item[1]):
        said = {cwd.rstrip("/\\") for cwd in _cwds(manifest, folder)}
        run_in = [cwd for cwd in said if re.sub("[^A-Za-z0-9]", "-", cwd) == folder]
        name = clean(re.split(r"[/\\]", min(run_in, default=""))[-1])
        if name and not _LABEL.fullmatch(name):
            found[label] = f"{name} ({label})" if name in found.values() else name
    return found


def _cwds(manifest: Manifest, folder: str) -> Iterable[str]:
    for path, log in manifest.files.items():
        if folder in PurePath(path).parts or folder in log.names.get("folder", ()):
            yield from log.names.get("cwd", ())


def clean(name: str) -> str:
    r"""Return a name as short plain text: letters, digits, space and ``. _ + -``.

    >>> clean("acme_merger"), clean("<b>\u202eacme\n"), clean("=1+1"), clean("..")
    ('acme_merger', 'b acme', '1+1', '')
    """
    plain = unicodedata.normalize("NFKC", name)
    kept = "".join(sign if _fine(sign) else " " for sign in plain)
    short = " ".join(kept.split()).strip(" ._+-")
    return short if len(short) <= LENGTH else f"{short[: LENGTH - 1].rstrip()}…"


def _fine(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LN" or sign in " ._+-"


def text(said: str) -> str:
    """Return a text with names in place of labels, as far as they are chosen."""
    return _LABEL.sub(lambda label: _names.get(label[0], label[0]), said) if _names else said


def shown(value: Any) -> Any:
    """Return what is displayed with names in place of labels, but for pictures."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {key: v if key == "image/png" else shown(v) for key, v in value.items()}
    return value
