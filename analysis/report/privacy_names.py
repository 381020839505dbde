"""The words of a dataset's logs that must not be published: of names, paths, branches and ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePath

from analysis import paths
from analysis.logs import names
from analysis.logs.files import private
from analysis.logs.manifest import Log, Manifest
from analysis.logs.store import read
from analysis.report import names as projects
from analysis.report import privacy_words as words

#: The rule of opaque ids; of all that is found by a word, these alone can never be allowed.
ID = "id"

#: What a page is made of whatever its logs. Not `synth`, which names projects as people do, nor
#: docstrings, which give examples of names.
_ROOMS = ("logs", "measures", "plots", "words", "claims", "report")
SOURCES = ("*.py", *(f"{room}/**/*" for room in _ROOMS))

#: Ids that have a shape of `privacy_rules.SHAPES`, in the words of polars.
_COVERED = r"^(?:(?:msg|req|toolu)_[A-Za-z_]*\d[A-Za-z0-9_]{7,}|x-[0-9a-f]{16})$"
_UUID = re.compile("[0-9a-f]{8}-")
_SHORT = 8  # of a session's id, as the client shows it

_DOCSTRING = re.compile(r'""".*?"""', re.DOTALL)
_READ = {".py", ".j2", ".css", ".csv", ".md", ".mplstyle", ".txt"}

#: What the notebooks say as they are shipped: what a reader types into one may be a name.
SHIPPED = Path(__file__).with_name("notebooks.txt")


def secrets(name: str, manifest: Manifest) -> dict[str, str]:
    """Return what must not be published: words, joined as `privacy_words.joined` joins them.

    Where only words beside each other tell anything they are there with spaces as well.

    A word that the suite itself says is not evidence of anything: a project called `analysis`
    would keep a report back for ever. So those of the suite's own text are left out, those of the
    dataset's name, which its owner chose for the report, those of the parameters, those that the
    owner allows, and, where the page has real names, those of the projects.

    Returns
    -------
    dict
        The rule that each word breaks.
    """
    logs = manifest.files.values()
    kinds: dict[str, Iterable[str]] = {
        "part of a folder's name": {*_roots(manifest), *manifest.projects, *_said(logs, "cwd")},
        "part of a branch's name": _said(logs, "branch"),
        "part of a log's name": _paths(manifest),
        "part of a model's name": manifest.models,
    }
    found = dict.fromkeys(words.own_words([*words.own()]), "user or host name")
    for rule, said in kinds.items():
        for each in said:
            found = dict.fromkeys(words.parts(each), rule) | found
    public = suite() | _chosen(name) | _allowed(name) | _shown(name)
    found = {said: rule for said, rule in found.items() if said.replace(" ", "") not in public}
    known = public | words.USUAL | found.keys()
    prose = {said for said in found if " " in said and not _strange(said.split(" "), known)}
    found = {said: rule for said, rule in found.items() if said not in prose}
    return found | dict.fromkeys(_ids(name), ID)


def _strange(said: list[str], known: set[str]) -> bool:
    """Whether words beside each other have one that is no word of the suite, nor found alone."""
    return any(word.isalpha() and len(word) > 1 and word not in known for word in said)


def allowed(name: str) -> Path:
    """Return where the owner of a dataset may list words of its names that can be published."""
    return private(name).with_name("allowed.txt")


def _said(logs: Iterable[Log], kind: str) -> set[str]:
    return {name for log in logs for name in log.names.get(kind, ())}


def _roots(manifest: Manifest) -> list[str]:
    """Return the folders of the logs, here and where imported ones come from."""
    return [*manifest.roots, *manifest.elsewhere]


def _paths(manifest: Manifest) -> Iterator[str]:
    """Yield the folders and files of the logs, but for those that are called by an id."""
    roots = {len(PurePath(root).parts): None for root in _roots(manifest)}
    shortest = min(roots, default=0)
    for path in manifest.files:
        for part in PurePath(path).parts[shortest:]:
            stem = part.partition(".")[0].removeprefix("agent-")
            if names.opaque(stem) != stem:
                yield part


def _ids(name: str) -> set[str]:
    """Return the ids that could be nothing else and that no shape covers, and their short forms."""
    logs = read(name)
    found: set[str] = set()
    for table in (logs.copies, logs.events, logs.files):
        for column in ("session", "agent"):
            found |= set(table[column].drop_nulls().unique())
    found |= {each[:_SHORT] for each in found if _UUID.match(each)}
    for column in ("message_id", "request_id", "parent_message_id"):
        said = logs.copies[column].drop_nulls().unique()
        found |= set(said.filter(~said.str.contains(_COVERED)))
    ids = {"".join(words.WORD.findall(words.folded(each))) for each in found}
    return {each for each in ids if len(each) > 6 and re.search("[a-z]", each)}


def _shown(name: str) -> set[str]:
    """Return the words of projects' names where the page is to have them."""
    return _words(" ".join(projects.of(name).values())) if projects.real(name) else set()


def _allowed(name: str) -> set[str]:
    try:
        said = allowed(name).read_text()
        return _words(said) | _words(said.replace(" ", "-"))  # as `refused.txt` has two words
    except FileNotFoundError:
        return set()


def _chosen(name: str) -> set[str]:
    """Return the words that the owner of the report gave it: its name and its parameters."""
    said = [name]
    for path in (paths.BUILD / name).glob("*.params.json"):
        said += [str(value) for value in json.loads(path.read_text()).values()]
    return _words(" ".join(said))


@cache
def suite() -> set[str]:
    """Return the words of what the suite itself says: facts, words, templates, shipped notebooks.

    Not those of the notebooks that lie there: what a reader types into one may be a name.
    """
    return _written() | _words(SHIPPED.read_text())


def _written() -> set[str]:
    here = Path(__file__).parents[1]
    files = {path for pattern in SOURCES for path in here.glob(pattern)} - {SHIPPED}
    texts = (path.read_text() for path in [*files, *paths.FACTS.glob("*")] if path.suffix in _READ)
    return _words(_DOCSTRING.sub("", "\n".join(texts))) | words.FORMATS


def in_notebooks() -> str:
    """Return what `SHIPPED` holds: words of the notebooks that the suite says nowhere else.

    For who writes the suite, not for readers: each of these may be published.
    """
    said = "\n".join(path.read_text() for path in paths.NOTEBOOKS.glob("*.ipynb"))
    return "".join(f"{word}\n" for word in sorted(_words(said) - _written()))


def _words(text: str) -> set[str]:
    text = words.composed(text)
    chunks = set(words.CHUNK.findall(text))
    return {word for chunk in chunks for word in words.joined(chunk)} | words.others(
        text.casefold()
    )
