"""Where everything of a chapter lives: one question has one word, and the word finds each room."""

from collections.abc import Iterable
from pathlib import Path

from analysis.makerules import imports
from analysis.paths import ROOT

#: What makes a chapter, beside its notebook.
_ROOMS = ("measures", "plots", "words")


def rooms(stem: str, sources: Iterable[str], root: Path = ROOT) -> str:
    """Write which files make a chapter, and which test it, as Markdown.

    Parameters
    ----------
    stem : str
        The notebook's, e.g. ``03-margin``; what follows the dash is the chapter's word.
    sources : iterable of str
        The code of its cells. Further measures that it imports are named as well, with their
        plots and words if it imports these too.
    root : Path
        The project's folder. Only files that exist there are named.

    Returns
    -------
    str
        One sentence, or "" where there is no such notebook.

    Examples
    --------
    >>> print(rooms("00-data", []))
    Made by `notebooks/00-data.ipynb`, `analysis/measures/data.py`, `analysis/plots/data.py`,
    `analysis/words/data.py`; tested by `tests/test_data.py`.
    """
    notebook = f"notebooks/{stem}.ipynb"
    if not (root / notebook).exists():
        return ""
    word = _word(stem)
    imported = {(path.parent.name, path.stem) for code in sources for path in imports(code)}
    others = sorted(name for room, name in imported if room == "measures" and name != "__init__")
    questions = dict.fromkeys([word, *others])
    made = [
        notebook,
        *(
            f"analysis/{room}/{name}.py"
            for room in _ROOMS
            for name in questions
            if name == word or (room, name) in imported
        ),
    ]
    tested = _listed(root, (f"tests/test_{name}.py" for name in questions))
    return f"Made by {_listed(root, made)}{f'; tested by {tested}' if tested else ''}."


def measures(stem: str, root: Path = ROOT) -> str:
    """Return the file that computes a chapter's numbers, or "" where there is none.

    >>> measures("03-margin"), measures("99-nothing")
    ('analysis/measures/margin.py', '')
    """
    path = f"analysis/measures/{_word(stem)}.py"
    return path if (root / path).exists() else ""


def _word(stem: str) -> str:
    """Return a chapter's word, as files of code are named."""
    return stem.partition("-")[2].replace("-", "_")


def _listed(root: Path, names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names if (root / name).exists())
