"""What published figures rest on: the sources that their rows name, in short."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.facts import facts
from analysis.paths import FACTS

_SHOWN = 8  # sources of a file; the CSV has all
_LONGEST = 110  # letters of one
_FILE = re.compile(r"(?<![\w-])([a-z0-9]+(?:-[a-z0-9]+)*)\.csv\b")
_PAUSE = re.compile(r"[,;:] ")


@dataclass(frozen=True)
class Origins:
    """What a file of published figures rests on."""

    name: str
    named: tuple[str, ...]  # plain text
    more: int


def origins(text: str) -> list[Origins]:
    """Return what the files of published figures that a text names rest on.

    Parameters
    ----------
    text : str
        A source of a figure or table. A file that it names may name further ones in its rows:
        these come too.

    Returns
    -------
    list of Origins
        One for each file of `data/raw/facts` whose rows have a source, in order of naming.

    Examples
    --------
    >>> origins("these logs; formulas from `data/raw/facts/headlines.csv`")[0].named[0]
    'A Technical and Business Model Analysis, 2026-03-25, section 4, table, row 1'
    >>> [file.name for file in origins("see `value-assumptions.csv`")][:3]
    ['value-assumptions', 'wages', 'employer-costs']
    """
    found: dict[str, Origins] = {}
    _collect(text, found)
    return [file for file in found.values() if file.named]


def _collect(text: str, found: dict[str, Origins]) -> None:
    for name in _FILE.findall(text):
        if name not in found and (FACTS / f"{name}.csv").exists():
            sources = list(_sources(name))
            named = list(dict.fromkeys(map(in_brief, sources)))
            found[name] = Origins(name, tuple(named[:_SHOWN]), max(len(named) - _SHOWN, 0))
            for source in sources:
                _collect(source, found)


def _sources(name: str) -> Iterator[str]:
    frame = facts(name)
    if "source" in frame.columns:
        yield from frame["source"].drop_nulls().str.strip_chars().unique(maintain_order=True)


def in_brief(source: str) -> str:
    """Cut a long source at a pause, outside parentheses.

    >>> in_brief("arXiv 2602.11988"), in_brief("arXiv 2602.11988: " + "mean of agents, " * 9)[-18:]
    ('arXiv 2602.11988', ', mean of agents …')
    """
    pauses = (match.start() for match in _PAUSE.finditer(source, 0, _LONGEST))
    ends = [end for end in pauses if source.count("(", 0, end) == source.count(")", 0, end)]
    return source if len(source) <= _LONGEST or not ends else f"{source[: ends[-1]]} …"
