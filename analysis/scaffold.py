"""Lay out the files of a new chapter. Standard library only: it runs before anything is set up."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

from analysis.paths import ROOT

#: What a chapter is made of: template, and where it goes.
FILES = {
    "notebook.ipynb.in": "notebooks/$stem.ipynb",
    "measures.py.in": "analysis/measures/$module.py",
    "plots.py.in": "analysis/plots/$module.py",
    "words.py.in": "analysis/words/$module.py",
    "test.py.in": "tests/test_$module.py",
}

_TEMPLATES = Path(__file__).with_name("templates")
_QUESTION = re.compile(r"(?P<number>\d\d)-(?P<word>[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*)")
_LONGEST = 24  # signs of a word, so that no line of a template grows too long
_TABLE = re.compile(r"^\| notebook \| answers \|\n\|---\|---\|\n(?P<rows>(\|.*\|\n)*)", re.M)
_GALLERY = "OF_LOGS = {\n"
_CASE = '    "$module.plot_weekdays": of_priced("$module.by_weekday"),\n'
_ANSWERS = "on which weekdays requests are made (a start: write what yours answers)"


class ScaffoldError(Exception):
    """A chapter cannot be laid out; says what is in the way, where, and what to do."""


def new_chapter(question: str, root: Path = ROOT) -> list[Path]:
    """Write a chapter that runs, its row in the README and its plot in the gallery, or nothing.

    Parameters
    ----------
    question
        Number and word, such as ``20-habits`` or ``21-time-of-day``. The word names the
        chapter's modules, its test and its labels.
    root
        The project's folder.

    Returns
    -------
    list of Path
        What was written, and last what was added to: the README and the gallery.

    Raises
    ------
    ScaffoldError
        For a malformed name, a number or a word that is taken, or a README without its table.

    Examples
    --------
    >>> new_chapter("habits")
    Traceback (most recent call last):
    analysis.scaffold.ScaffoldError: QUESTION='habits': write two digits, a dash and a word, ...
    """
    stem, names = question, _names(question)
    _refuse_taken(stem, root)
    wanted = {root / Template(place).substitute(names): name for name, place in FILES.items()}
    if there := [str(p.relative_to(root)) for p in wanted if p.exists()]:
        raise ScaffoldError(f"{stem}: the word is taken by {', '.join(there)}; choose another word")
    readme, gallery = root / "README.md", root / "tests" / "gallery.py"
    texts = {path: _filled(name, names) for path, name in wanted.items()}
    try:
        before = {path: path.read_text() for path in (readme, gallery)}
        after = texts | {
            readme: _with_row(before[readme], stem),
            gallery: _with_case(before[gallery], names),
        }
        _write(after, before)
    except OSError as error:
        raise ScaffoldError(f"{stem}: {error.strerror}; nothing was kept") from None
    return [*after]


def _write(after: dict[Path, str], before: dict[Path, str]) -> None:
    """Write files, or leave everything as it was."""
    try:
        for path, text in after.items():
            path.write_text(text)
    except OSError:
        for path in after:
            if path in before:
                path.write_text(before[path])
            else:
                path.unlink(missing_ok=True)
        raise


def _names(question: str) -> dict[str, str]:
    """Return what the templates call the chapter."""
    found = _QUESTION.fullmatch(question)
    if not found:
        raise ScaffoldError(
            f"QUESTION={question!r}: write two digits, a dash and a word, in lower case, "
            "such as 20-habits"
        )
    word = found["word"]
    if len(word) > _LONGEST:
        raise ScaffoldError(f"{question}: a word has at most {_LONGEST} signs")
    if keyword.iskeyword(word):
        raise ScaffoldError(
            f"{question}: Python keeps the word {word!r} for itself; choose another"
        )
    phrase = word.replace("-", " ")
    return {
        "stem": question,
        "word": word,
        "module": word.replace("-", "_"),
        "phrase": phrase,
        "title": phrase.capitalize(),
    }


def _refuse_taken(stem: str, root: Path) -> None:
    number, _, word = stem.partition("-")
    for path in sorted((root / "notebooks").glob("[0-9]*.ipynb")):
        other = path.stem.partition("-")
        if number == other[0] or word == other[2]:
            what = "number" if number == other[0] else "word"
            raise ScaffoldError(
                f"{stem}: notebooks/{path.name} has this {what}; open that, or choose another"
            )


def _with_row(readme: str, stem: str) -> str:
    """Add the chapter to the README's table, in order."""
    table = _TABLE.search(readme)
    if not table:
        raise ScaffoldError(
            "README.md has no table '| notebook | answers |' to enter the chapter in; put it back"
        )
    rows = sorted([*table["rows"].splitlines(), f"| {stem} | {_ANSWERS} |"])
    return readme[: table.start("rows")] + "\n".join(rows) + "\n" + readme[table.end() :]


def _with_case(gallery: str, names: dict[str, str]) -> str:
    """Add the chapter's plot to those that are drawn on odd frames."""
    if _GALLERY not in gallery:
        raise ScaffoldError("tests/gallery.py has no line 'OF_LOGS = {' to add to; put it back")
    return gallery.replace(_GALLERY, _GALLERY + Template(_CASE).substitute(names), 1)


def _filled(template: str, names: dict[str, str]) -> str:
    return Template((_TEMPLATES / template).read_text()).substitute(names)
