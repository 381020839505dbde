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
from analysis.report import privacy_rules as rules

#: The rule of opaque ids; of all that is found by a word, these alone can never be allowed.
ID = "id"

#: What a page is made of whatever its logs. Not `synth`, which names projects as people do, nor
#: docstrings, which give examples of names.
_ROOMS = ("logs", "measures", "plots", "words", "claims", "report")
SOURCES = ("*.py", *(f"{room}/**/*" for room in _ROOMS))

_DOCSTRING = re.compile(r'""".*?"""', re.DOTALL)
_READ = {".py", ".j2", ".css", ".csv", ".ipynb", ".md", ".mplstyle"}


def secrets(name: str, manifest: Manifest) -> dict[str, str]:
    """Return what must not be published: words, joined as `privacy_rules.joined` joins them.

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
        "part of a folder's name": {*manifest.roots, *manifest.projects, *_said(logs, "cwd")},
        "part of a branch's name": _said(logs, "branch"),
        "part of a log's name": _paths(manifest),
        "part of a model's name": manifest.models,
    }
    found = dict.fromkeys(rules.own_words(rules.own()), "user or host name")
    for rule, said in kinds.items():
        for each in said:
            found = dict.fromkeys(rules.parts(each), rule) | found
    public = suite() | _chosen(name) | _allowed(name) | _shown(name)
    found = {word: rule for word, rule in found.items() if word not in public}
    return found | dict.fromkeys(_ids(name), ID)


def allowed(name: str) -> Path:
    """Return where the owner of a dataset may list words of its names that can be published."""
    return private(name).with_name("allowed.txt")


def _said(logs: Iterable[Log], kind: str) -> set[str]:
    return {name for log in logs for name in log.names.get(kind, ())}


def _paths(manifest: Manifest) -> Iterator[str]:
    """Yield the folders and files of the logs, but for those that are called by an id."""
    roots = {len(PurePath(root).parts): None for root in manifest.roots}
    shortest = min(roots, default=0)
    for path in manifest.files:
        for part in PurePath(path).parts[shortest:]:
            stem = part.partition(".")[0].removeprefix("agent-")
            if names.opaque(stem) != stem:
                yield part


def _ids(name: str) -> set[str]:
    """Return the ids of sessions and subagents that could be nothing else."""
    logs = read(name)
    found: set[str] = set()
    for table in (logs.copies, logs.events, logs.files):
        for column in ("session", "agent"):
            found |= set(table[column].drop_nulls().unique())
    ids = {"".join(rules.WORD.findall(rules.folded(said))) for said in found}
    return {said for said in ids if len(said) > 6 and re.search("[a-z]", said)}


def _shown(name: str) -> set[str]:
    """Return the words of projects' names where the page is to have them."""
    return _words(" ".join(projects.of(name).values())) if projects.real(name) else set()


def _allowed(name: str) -> set[str]:
    try:
        return _words(allowed(name).read_text())
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
    """Return the words of what the suite itself says: its notebooks, facts, words and template."""
    here = Path(__file__).parents[1]
    files = [path for pattern in SOURCES for path in here.glob(pattern)]
    files += [*paths.NOTEBOOKS.glob("*.ipynb"), *paths.FACTS.glob("*")]
    texts = (path.read_text() for path in files if path.suffix in _READ)
    return _words(_DOCSTRING.sub("", "\n".join(texts))) | rules.FORMATS


def _words(text: str) -> set[str]:
    chunks = set(rules.CHUNK.findall(rules.folded(text)))
    return {word for chunk in chunks for word in rules.joined(chunk)}
