"""How a text reads once what is escaped in it is decoded, and its tags are gone."""

from __future__ import annotations

import html
import re
import sys
from urllib.parse import unquote

_NESTED = 3  # escapes in escapes in escapes
_TAG = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][\w:-]*|[!?])?[^<>]*>", re.DOTALL)
#: Tags that part no words.
_INLINE = frozenset(
    """
    a abbr b bdi bdo code em i kbd mark q s small span strong sub sup tspan u wbr
    """.split()  # noqa: SIM905
)
#: As JSON, Python and CSS write a sign by its number.
_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|([0-9a-fA-F]{1,6})[ \t]?)"
)


def readings(text: str) -> list[str]:
    """Return a text as it is, decoded, without tags, and both; each reading once."""
    stripped = _TAG.sub(_breaks, text) if "<" in text else text
    return [*dict.fromkeys((text, _decoded(text), stripped, _decoded(stripped)))]


def _decoded(text: str) -> str:
    r"""Return a text with what stands in it by number: in HTML, in an address, in JSON, in CSS.

    >>> {_decoded(said) for said in ("%61cme", "&amp;#97;cme", "%&#54;1cme", r"\61 cme")}
    {'acme'}
    """
    for _ in range(_NESTED):
        before = text
        text = html.unescape(text) if "&" in text else text
        text = unquote(text) if "%" in text else text
        text = _ESCAPE.sub(_sign, text) if "\\" in text else text
        if text == before:
            break
    return text


def _sign(escape: re.Match[str]) -> str:
    number = int(escape[escape.lastindex or 0], 16)
    return chr(number) if number <= sys.maxunicode and number != ord("\n") else escape[0]


def _breaks(tag: re.Match[str]) -> str:
    """Keep the line breaks of a tag, so that lines stay the file's; cells and blocks part words."""
    joins = tag[2] in _INLINE or tag[0].startswith("<!--")
    return "\n" * tag[0].count("\n") or ("" if joins else " ")
