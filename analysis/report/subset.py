"""The part of HTML and SVG that may be published: it runs nothing, fetches nothing.

HTML parsers forgive, each in its own way, and what one takes for text another may run. So what is
published keeps to a part of HTML that all of them read alike: tags in full with every value in
quotes, comments without angle brackets, no ``<`` anywhere else. What a parser would have to
forgive is refused, and so is every element, attribute and address that is not listed: a new way to
run something is refused before anybody has heard of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

#: Elements of text, tables and sections; of drawings; and what Matplotlib says of a drawing.
ELEMENTS = frozenset(
    """
    html head meta title style body header footer main nav section article aside div p span br hr
    h1 h2 h3 h4 h5 h6 a b i u s em strong small sub sup mark abbr cite q blockquote code pre kbd
    samp var del ins dfn time data wbr ul ol li dl dt dd figure figcaption img details summary
    table caption colgroup col thead tbody tfoot tr th td
    svg g defs symbol use path rect circle ellipse line polyline polygon text tspan desc clippath
    mask pattern lineargradient radialgradient stop marker image
    metadata rdf:rdf cc:work dc:type dc:format
    """.split()  # noqa: SIM905  (a block of words reads better than a hundred quotes)
)

#: Attributes that are words, numbers, colours or references into the page. No handler is here.
ATTRIBUTES = frozenset(
    """
    id class lang dir title role tabindex hidden style alt width height scope colspan rowspan
    headers span start reversed value open datetime abbr charset name content http-equiv href src
    loading decoding
    xlink:href version viewbox preserveaspectratio xmlns xml:space d x y x1 x2 y1 y2 cx cy r rx ry
    dx dy rotate points transform pathlength clip-path clip-rule clippathunits mask maskunits
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-dasharray stroke-dashoffset stroke-miterlimit opacity color display visibility overflow
    font-family font-size font-style font-weight text-anchor dominant-baseline letter-spacing
    textlength lengthadjust patternunits patterncontentunits patterntransform gradientunits
    gradienttransform spreadmethod fx fy offset stop-color stop-opacity markerwidth markerheight
    markerunits refx refy orient marker-start marker-mid marker-end vector-effect paint-order
    shape-rendering text-rendering image-rendering focusable xmlns:xlink xmlns:cc xmlns:dc
    xmlns:rdf rdf:resource
    """.split()  # noqa: SIM905
)

#: Addresses that name a vocabulary; nobody fetches them.
_VOCABULARIES = {
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/dcmitype/StillImage",
}

_STYLE_RULE = "style with an escape, url() or at-rule that may fetch"
_UNLIKE = "not written so that every parser reads it alike"

_NAME = "[A-Za-z][A-Za-z0-9]*(?:[:-][A-Za-z0-9]+)*"
_VALUE = "\"[^\"]*\"|'[^']*'"
TOKEN = re.compile(
    rf"[^<]+|<(?P<end>/?)(?P<tag>{_NAME})(?P<attributes>(?:[ \t\r\n]+{_NAME}(?:=(?:{_VALUE}))?)*)"
    r"[ \t\r\n]*/?>|<!--[^<>]*-->|<!DOCTYPE html>"
)
_ATTRIBUTE = re.compile(rf"({_NAME})(?:=({_VALUE}))?")
_HERE = re.compile(r"#[^\s]*|(figures|tables)/[a-z0-9]+(-[a-z0-9]+)*\.(csv|svg|png)")
_RASTER = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")
_QUOTED = re.compile(
    r"/\*.*?\*/"
    r'|"[^"\\\n\r\f]*(?:\\[0-9a-f]{1,6}[^"\\\n\r\f]*)*"'
    r"|'[^'\\\n\r\f]*(?:\\[0-9a-f]{1,6}[^'\\\n\r\f]*)*'",
    re.DOTALL,
)
_AT_RULES = "media|page|supports|container|layer|keyframes|(?:top|bottom|left|right)-[a-z-]+"
_REACHES_OUT = re.compile(
    r"url\((?!\s*([\"']?)#[\w.-]+\1\s*\))"
    r"|\b(?:image|image-set|cross-fade|src|expression|paint)\(|-moz-binding|(?<![\w-])behavior\s*:"
)
_LEFT_OVER = re.compile(rf"[\\\"']|@(?!(?:{_AT_RULES})\b)")

#: Attributes that say something and are not style.
_SAID = {"alt", "title", "content", "abbr", "id", "class", "name", "href", "xlink:href", "src"}


def stays(address: str) -> bool:
    """Whether an address leads to a place on the page or to a file beside it.

    >>> stays("#fig-growth"), stays("tables/tab-eras.csv"), stays("https://example.org")
    (True, True, False)
    """
    return bool(_HERE.fullmatch(address))


def pictures(address: str) -> bool:
    """Whether an address is itself a picture made of dots.

    >>> pictures("data:image/png;base64,AAAA"), pictures("data:image/svg+xml,AAAA")
    (True, False)
    """
    return bool(_RASTER.fullmatch(address))


def findings(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the line and the rule of all in a piece of HTML or SVG that is not on the list.

    >>> list(findings('<p>43:1</p>')), list(findings('<p>\n<script src="x"></script>'))
    ([], [(2, 'element that is not on the list'), (2, 'element that is not on the list')])
    >>> list(findings("a < b"))
    [(1, 'not written so that every parser reads it alike')]
    """
    place, style = 0, False
    for token in TOKEN.finditer(text):
        if token.start() != place:
            break
        place = token.end()
        rule = _of_tag(token["tag"], token["attributes"], token["end"]) if token["tag"] else None
        is_style = (token["tag"] or "").lower() == "style"
        if style and not (is_style and token["end"]):
            rule = rule or _of_style(token[0])
        if rule:
            yield text.count("\n", 0, token.start()) + 1, rule
        style = not token["end"] if is_style else style
    if place != len(text):
        yield text.count("\n", 0, place) + 1, _UNLIKE


def _of_style(inside: str) -> str | None:
    """Return the rule that a piece of a style element breaks: HTML takes a tag in it for text."""
    if inside.startswith("<"):
        return _UNLIKE
    return _STYLE_RULE if _fetches(inside) else None


@lru_cache(2**14)
def _of_tag(tag: str, attributes: str, end: str) -> str | None:
    """Return the first rule that a tag breaks."""
    if tag.lower() not in ELEMENTS:
        return "element that is not on the list"
    if end:
        return "end of an element with attributes" if attributes else None
    pairs = attributes_of(attributes)
    if len(dict(pairs)) < len(pairs):
        return "attribute that is there twice"
    for name, value in pairs:
        if rule := _of_attribute(tag.lower(), name, value):
            return rule
    return None


def attributes_of(attributes: str) -> list[tuple[str, str]]:
    """Return names and values of attributes, as often as they are there."""
    found = _ATTRIBUTE.findall(attributes)
    return [(name.lower(), html.unescape(value[1:-1])) for name, value in found]


def _of_attribute(tag: str, name: str, value: str) -> str | None:
    if name.startswith(("aria-", "data-")):
        return None
    if name not in ATTRIBUTES:
        return "attribute that is not on the list"
    if name.startswith(("xmlns", "rdf:")):
        return None if value in _VOCABULARIES else "vocabulary that is not on the list"
    if name == "http-equiv":
        return None if value == "Content-Security-Policy" else "instruction to the browser"
    if name in ("href", "xlink:href", "src"):
        inside = pictures(value) if tag in ("img", "image") else stays(value)
        return None if inside else "address outside the page"
    return _STYLE_RULE if name not in _SAID and _fetches(value) else None


def _fetches(style: str) -> bool:
    """Whether CSS could ask for anything: as it stands, or as XML would read it."""
    return any(
        _REACHES_OUT.search(text) or _LEFT_OVER.search(_QUOTED.sub(" ", text))
        for text in (style.lower(), html.unescape(style).lower())
    )
