"""The gate: nothing is published that could tell whose logs a report was made of.

It looks at every file in the readings that `privacy_views` makes of it, and fails closed: a file
that it cannot read does not pass. It says which rule was broken and where, never what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.logs.files import PRIVATE, private, write_whole
from analysis.logs.manifest import read_manifest
from analysis.report.privacy_formats import UnreadableError
from analysis.report.privacy_names import ID, allowed, secrets
from analysis.report.privacy_net import caught
from analysis.report.privacy_rules import SHAPES
from analysis.report.privacy_views import View, views
from analysis.report.privacy_words import CHUNK, OTHER, composed, joined


class PrivacyError(Exception):
    """Something must not be published; the message says which rule it breaks and where."""


class Finding(NamedTuple):
    """A rule that is broken, and where."""

    rule: str
    place: str


def gate(folder: Path, name: str, *more: Path, what: str = "the report") -> None:
    """Look at every file below a folder, and at more files, before they are published.

    Parameters
    ----------
    folder : Path
        Every file below it: HTML, SVG, CSV, JSON, notebooks, text, Parquet, PNG, PDF.
    name : str
        The dataset whose names, paths and ids must not be there.
    more : Path
        Files that lie elsewhere.
    what : str
        What all of it is, as a message has it.

    Raises
    ------
    PrivacyError
        One line for each rule and place, never the match; or the names are not at hand.
    """
    manifest = read_manifest(name)
    if manifest is None:
        raise PrivacyError(
            f"{private(name)} is gone, so nobody can tell which names must stay out of the report "
            f"of {name!r}: load its logs again"
        )
    look = _Look(secrets(name, manifest))
    files = [(p, folder) for p in sorted(folder.rglob("*")) if p.is_symlink() or not p.is_dir()]
    files += [(path, path.parent) for path in more]
    found = [finding for path, above in files for finding in look.at(path, above)]
    if found:
        listed = "\n".join(f"  {f.rule}: {f.place}" for f in dict.fromkeys(found))
        raise PrivacyError(
            f"{what} of {name!r} is not published, and what was published before stays. Some "
            f"of it could tell whose logs it is of (rule: place):\n{listed}\n{_advice(name, look)}"
        )


def _advice(name: str, look: _Look) -> str:
    """Say what can be done, and put the words that were found where only their owner looks."""
    if not look.words:
        return "Nothing of this can be allowed: where it is of the suite's making, that is a bug."
    refused = private(name).with_name("refused.txt")
    write_whole(refused, "".join(f"{word}\n" for word in sorted(look.words)).encode(), PRIVATE)
    return (
        f"Take what you wrote yourself out of the notebook. The words of names are in "
        f"data/private/{name}/{refused.name}, for you alone: one that may be published can be put "
        f"into {allowed(name).name} beside it, a word a line, and then make report again. Nothing "
        "else can be allowed: where it is of the suite's making, that is a bug."
    )


class _Spaced(NamedTuple):
    """Words beside each other, and the longest of them, which most texts do not have."""

    said: str
    needle: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, said: str) -> _Spaced:
        between = said.replace(" ", r"[^\S\n]+")
        pattern = re.compile(rf"(?<![^\W_]){between}(?![^\W_])")
        return cls(said, max(said.split(" "), key=len), pattern)


class _Look:
    """Looks for secrets: words without what separates them, each with the rule that it breaks."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self.secrets = secrets
        self.others = [said for said in secrets if OTHER.fullmatch(said)]
        self.spaced = [_Spaced.of(said) for said in secrets if " " in said]
        self.clean: dict[bool, set[str]] = {True: set(), False: set()}  # lines, with words or not
        self.harmless: set[str] = set()  # chunks
        self.words: set[str] = set()  # that were found and could be allowed

    def at(self, path: Path, folder: Path) -> Iterator[Finding]:
        """Yield what a file and its name break."""
        name = path.relative_to(folder).as_posix()
        broken = {rule for rule, _ in self.found(View("", name))}
        yield from (Finding(rule, "the name of a file") for rule in sorted(broken))
        name = "a file" if broken else name
        if path.is_symlink() or not path.is_file():
            yield Finding("not a file", name)
            return
        try:
            for view in views(path.name, path.read_bytes()):
                for rule, line in self.found(view):
                    place = f"line {line}" if view.lines else view.place
                    yield Finding(rule, ", ".join(filter(None, (name, place))))
        except UnreadableError:
            yield Finding("cannot be looked into", name)

    def found(self, view: View) -> Iterator[tuple[str, int]]:
        """Yield each rule that a text breaks, with the line."""
        clean = self.clean[view.words]
        lines = view.text.split("\n")
        fresh = set(lines) - clean  # most lines stand in several views and files
        if not self.broken("\n".join(fresh), words=view.words):
            clean |= fresh
            return
        for number, line in enumerate(lines, 1):
            if line not in clean:
                if broken := self.broken(line, words=view.words):
                    yield from ((rule, number) for rule in sorted(broken))
                else:
                    clean.add(line)

    def broken(self, text: str, *, words: bool) -> set[str]:
        """Return the rules that lines break: by a shape, or by words of the input."""
        text = composed(text)
        lowered = text.casefold()
        broken = {shape.name for shape in SHAPES if shape.found(text, lowered)}
        broken |= caught(text.split("\n"))
        said = self.said(text, lowered) if words else set()
        self.words |= {word for word in said if self.secrets[word] != ID}
        return broken | {self.secrets[word] for word in said}

    def said(self, text: str, lowered: str) -> set[str]:
        """Return the secrets that lines hold."""
        chunks = set(CHUNK.findall(text)) - self.harmless
        said = {chunk: self.secrets.keys() & joined(chunk) for chunk in chunks}
        self.harmless |= {chunk for chunk in chunks if not said[chunk]}
        found = {word for words in said.values() for word in words}
        if not lowered.isascii():
            found |= {word for word in self.others if word in lowered}
        near = (s for s in self.spaced if s.needle in lowered)
        return found | {s.said for s in near if s.pattern.search(lowered)}
