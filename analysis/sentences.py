"""Prose cut into sentences, so that a test can see that none which states something is left out."""

from __future__ import annotations

import re
from hashlib import sha256

#: Words that make a sentence checkable without a number: it speaks of all cases or of none.
WORDS = ("only", "no", "never", "every", "all", "zero")

#: A full stop after one of these ends no sentence.
ABBREVIATIONS = ("vs", "e.g", "i.e", "est", "approx", "cf", "etc", "incl")

_SEPARATOR = re.compile(r"[\s|:-]+")
_MARKER = re.compile(r"^\s*(?:#+|[-*+•>]|\d+[.)])\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*+(?=\S)|(?<=\S)\*+|`+|__+")
_END = re.compile(r"[.!?][\"'”’)\]]*(\s+)(?=[A-Z\"“‘'\d])")
_ABBREVIATION = re.compile(rf"(?:^|[\s(])(?:{'|'.join(map(re.escape, ABBREVIATIONS))})$", re.I)
_LOADED = re.compile(rf"\d|\b(?:{'|'.join(WORDS)})\b", re.I)


def sentences(text: str) -> list[str]:
    r"""Cut a text into sentences, line by line, without its markup.

    A table row is one sentence, its cells kept apart by bars; the row that separates a table's
    head is none. Any other line is cut after ``.``, ``!`` or ``?`` where white space and then a
    capital, a quotation mark or a digit follow, but not after an abbreviation.

    Examples
    --------
    >>> sentences("## Tea\n- **Green** tea: 1.5 g vs. 2 g. Steep it! 80 degrees will do.")
    ['Tea', 'Green tea: 1.5 g vs. 2 g.', 'Steep it!', '80 degrees will do.']
    >>> sentences("| tea | grams |\n|---|---|\n| green | 2. Or 3 |")
    ['tea | grams', 'green | 2. Or 3']
    """
    return [sentence for line in text.splitlines() for sentence in _of_line(line)]


def digest(sentence: str) -> str:
    """Return 16 hex digits that stand for a sentence, whatever its case and spacing.

    Examples
    --------
    >>> digest("Steep it!")
    'bb69a3f6e1018a3f'
    >>> digest("steep   IT!") == digest("Steep it!")
    True
    """
    return sha256(" ".join(sentence.casefold().split()).encode()).hexdigest()[:16]


def loaded(sentence: str) -> bool:
    """Whether a sentence carries a digit, or a word that speaks of all cases or of none.

    Examples
    --------
    >>> [loaded(s) for s in ("Drink 2 cups", "Never boil it", "It is nobody's favourite")]
    [True, True, False]
    """
    return _LOADED.search(sentence) is not None


def _of_line(line: str) -> list[str]:
    if line.lstrip().startswith("|"):
        return [] if _SEPARATOR.fullmatch(line) else [_row(line)]
    prose = _EMPHASIS.sub("", _LINK.sub(r"\1", _MARKER.sub("", line))).strip()
    cuts = [m for m in _END.finditer(prose) if not _ABBREVIATION.search(prose[: m.start()])]
    starts = [0, *(m.end() for m in cuts)]
    ends = [*(m.start(1) for m in cuts), len(prose)]
    return [prose[a:b] for a, b in zip(starts, ends, strict=True) if prose[a:b]]


def _row(line: str) -> str:
    cells = line.strip().strip("|").split("|")
    return " | ".join(_EMPHASIS.sub("", _LINK.sub(r"\1", cell)).strip() for cell in cells)
