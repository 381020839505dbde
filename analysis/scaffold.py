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
_ANSWERS = "on which weekdays requests are made (a start: write what yours answers)"


class ScaffoldError(Exception):
    """A chapter cannot be laid out; says what is in the way, where, and what to do."""


def new_chapter(question: str, root: Path = ROOT) -> list[Path]:
    """Write a chapter that runs, and its row in the README; all of it or nothing.

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
        What was written, the README last.

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
    readme = root / "README.md"
    listed = _with_row(readme.read_text(), stem)
    texts = {path: _filled(name, names) for path, name in wanted.items()}
    try:
        for path, text in texts.items():
            path.write_text(text)
        readme.write_text(listed)
    except OSError as error:
        for path in texts:
            path.unlink(missing_ok=True)
        raise ScaffoldError(f"{stem}: {error}; nothing was kept") from None
    return [*texts, readme]


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


def _filled(template: str, names: dict[str, str]) -> str:
    return Template((_TEMPLATES / template).read_text()).substitute(names)
