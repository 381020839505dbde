"""The gate: nothing is published that could tell whose logs a report was made of.

It looks at every file in every way in which it can be read, and fails closed: a file that it
cannot read does not pass. It says which rule was broken and where, never what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.logs.files import private
from analysis.logs.manifest import read_manifest
from analysis.report import privacy_rules as rules
from analysis.report.privacy_names import secrets
from analysis.report.privacy_views import UnreadableError, View, views


class PrivacyError(Exception):
    """Something must not be published; the message says which rule it breaks and where."""


class Finding(NamedTuple):
    """A rule that is broken, and where."""

    rule: str
    place: str


def gate(folder: Path, name: str, *more: Path) -> None:
    """Look at every file below a folder, and at more files, before they are published.

    Parameters
    ----------
    folder : Path
        Every file below it: HTML, SVG, CSV, JSON, notebooks, text, Parquet, PNG, PDF.
    name : str
        The dataset whose names, paths and ids must not be there.
    more : Path
        Files that lie elsewhere.

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
            f"the report of {name!r} is not published, and what was published before stays. Some "
            f"of it could tell whose logs it is of (rule: place):\n{listed}"
        )


class _Look:
    """Looks for secrets: words without what separates them, each with the rule that it breaks."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self.secrets = secrets
        self.clean: set[str] = set()

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
        lines = view.text.split("\n")
        fresh = set(lines) - self.clean  # most lines stand in several views and files
        if not self.broken("\n".join(fresh)):
            self.clean |= fresh
            return
        for number, line in enumerate(lines, 1):
            if line not in self.clean:
                if broken := self.broken(line):
                    yield from ((rule, number) for rule in sorted(broken))
                else:
                    self.clean.add(line)

    def broken(self, text: str) -> set[str]:
        """Return the rules that lines break: by a shape, or by words of the input."""
        lowered = text.lower()
        broken = {shape.name for shape in rules.SHAPES if shape.found(text, lowered)}
        chunks = set(rules.CHUNK.findall(rules.folded(text)))
        words = {word for chunk in chunks for word in rules.joined(chunk)}
        return broken | {self.secrets[word] for word in words & self.secrets.keys()}
