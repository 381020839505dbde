"""What an element of a figure looks like, in as few words as say it."""

import re
from xml.etree import ElementTree as ET

from analysis.report import pathdata
from analysis.report.theme import SVG_DEFAULTS, colour_class

_DRAWN = {"path", "text", "use"}
_AREA = 3  # steps: fewer enclose nothing

#: What an element of matplotlib's has that does not say otherwise.
INITIAL = {
    "fill": "#000000",
    "fill-opacity": "1",
    "font-size": "medium",
    "font-weight": "400",
    "opacity": "1",
    "stroke": "none",
    "stroke-dasharray": "none",
    "stroke-dashoffset": "0",
    "stroke-linecap": "butt",
    "stroke-linejoin": "round",  # by a rule that matplotlib writes
    "stroke-opacity": "1",
    "stroke-width": "1",
    "text-anchor": "start",
}
_STROKES_ALONE = {name for name in INITIAL if name.startswith("stroke-")}
_TEXT_ALONE = {"font-size", "font-weight", "text-anchor"}


def say_briefly(root: ET.Element) -> None:
    """Turn styles into attributes and classes, and leave out what the figure's defaults say.

    >>> path = ET.fromstring('<path d="M 0 0" style="fill: none; stroke: #a90013"/>')
    >>> say_briefly(path)
    >>> path.attrib
    {'d': 'M 0 0', 'stroke-width': '1', 'class': 's-accent'}
    """
    for element in root.iter():
        style = element.attrib.pop("style", "")
        said = dict(re.findall(r"([a-z-]+):\s*([^;]+)", style))
        own = {name: element.attrib.pop(name) for name in INITIAL if name in element.attrib}
        said = {name: value.removesuffix("px") for name, value in (own | said).items()}
        said.pop("font-family", None)
        if element.tag in _DRAWN and "id" not in element.attrib:
            said = _seen(element, said)
        classes = []
        for name, value in said.items():
            coloured = colour_class(name, value)
            if coloured:
                classes.append(coloured)
            else:
                element.set(name, value)
        if classes:
            element.set("class", " ".join(classes))
        if turn := element.get("transform"):
            element.set("transform", _turned(turn))
            if not element.get("transform"):
                del element.attrib["transform"]


def _seen(element: ET.Element, said: dict[str, str]) -> dict[str, str]:
    """Return what shows of a style, without what the figure's defaults give."""
    full = INITIAL | said
    line = element.tag == "path" and len(pathdata.parse(element.attrib["d"])) < _AREA
    full |= {"fill": "none"} if line or float(full["fill-opacity"]) == 0 else {}
    full |= {"stroke": "none"} if float(full["stroke-opacity"]) == 0 else {}
    unseen = {"fill-opacity"} if full["fill"] == "none" else set()
    unseen |= _STROKES_ALONE if full["stroke"] == "none" else set()
    unseen |= {"stroke-dashoffset"} if full["stroke-dasharray"] == "none" else set()
    unseen |= _TEXT_ALONE if element.tag != "text" else set()
    defaults = INITIAL | SVG_DEFAULTS
    return {
        name: re.sub(r"(?<=\d)\.(\d)\d+", r".\1", value) if name == "stroke-width" else value
        for name, value in full.items()
        if name not in unseen and value != defaults[name]
    }


def _turned(transform: str) -> str:
    """Round a transformation; turning by nothing is none.

    >>> _turned("rotate(-0 49.179849 247.358647)"), _turned("rotate(-90 49.179849 247.358647)")
    ('', 'rotate(-90 49.2 247.4)')
    """
    if transform.startswith("rotate(-0 "):
        return ""
    if not re.fullmatch(r"((rotate|translate)\([^)]*\)\s*)+", transform):
        return transform
    return re.sub(r"-?\d+(\.\d+)?", lambda n: pathdata.rounded(float(n[0])), transform)
