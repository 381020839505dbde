"""Which strings a table may hold: the allowlist that every text column names.

Whatever a log says, a column holds words of a closed list, short numbers, labels that the dataset
gave, or ids whose shape says nothing. A frame that holds anything else is never written.
Standard library only; the patterns are read by Python and by polars alike.
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.logs.names import TOOLS, WORDS
from analysis.models import PUBLIC

_ID = (
    r"(?:msg|req|toolu)_[A-Za-z0-9_]{6,60}|x-[0-9a-f]{16}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?:(?:acompact|aside_question|aprompt_suggestion)-)?a?[0-9a-f]{6,40}"
    r"|line-[0-9]{9,11}\.[0-9]{6}"
)
_WORD = rf"other|[1-5][0-9]{{2}}|{'|'.join(sorted(WORDS))}"
_MODEL = rf"{PUBLIC}|other-(?:[0-9]{{2,9}}|[0-9a-f]{{6}})"
_TOOL = "|".join(TOOLS)

#: What a text column may hold, by name: a pattern for the whole string.
STRINGS: Mapping[str, str] = {
    "id": rf"(?:{_ID})(?::[a-z]+:[0-9]+)?",
    "project": r"project-[0-9]{2,9}",
    "model": _MODEL,
    "version": r"[0-9]{1,3}\.[0-9]{1,4}\.[0-9]{1,6}",
    "word": _WORD,
    "tools": rf"(?:{_TOOL})(?:,(?:{_TOOL}))*",
    "word or model": rf"{_WORD}|{_MODEL}",
    "public model": rf"{PUBLIC}|other",
    "person label": r"p-[0-9a-f]{16}",
    "request label": r"r-[0-9a-f]{16}",
    "session label": r"s-[0-9a-f]{16}",
}

#: The same in words.
MEANING: Mapping[str, str] = {
    "id": "opaque ids, as the API and the client make them; of any other a keyed digest",
    "project": "`project-01` and so on, in order of appearance; a number is never given again",
    "model": "names of public model families; of any other `other-01` and so on",
    "version": "three numbers",
    "word": "words of a closed list or an HTTP status; for any other `other`",
    "tools": "classes of tools, joined by commas",
    "word or model": "what word or model holds",
    "public model": "names of public model families; for any other `other`",
    "person label": "`p-` and a digest of a name, keyed by the team's key or one thrown away",
    "request label": "`r-` and such a digest of an id",
    "session label": "`s-` and such a digest of an id",
}


def whole(name: str) -> str:
    """Return the pattern of a kind of strings from first sign to last, as polars writes it.

    >>> whole("project")
    '^(?:project-[0-9]{2,9})$'
    """
    return rf"^(?:{STRINGS[name]})$"
