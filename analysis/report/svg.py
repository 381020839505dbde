"""A figure's SVG without what no reader sees: the same picture in a third of matplotlib's bytes.

Text stays text and colours follow the page. Coordinates are rounded to a tenth of a point, ids
that nothing refers to and groups that say nothing go, and what neighbours share stands once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET

from analysis.report import pathdata
from analysis.report.svg_looks import INITIAL, say_briefly
from analysis.report.svg_marks import by_id, clip_where_needed, drop, mark_in_place
from analysis.report.theme import svg_style

_SVG = "{http://www.w3.org/2000/svg}"
#: Signs that no XML may hold, and that matplotlib writes all the same.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HREF = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"(?:url\()?#([^)]*)\)?")
_REFERRING = ("href", "clip-path", "fill")

#: What a group may say for its children: they would take it over, or are one picture with it.
_SHARED = {"class", "clip-path", *INITIAL} - {"opacity"}
_SEE_THROUGH = {"opacity", "stroke-opacity"}
_ALIKE = 3  # neighbours alike that share a group


def lean(svg: str, label: str) -> str:
    """Write matplotlib's SVG anew, with what shows and nothing else.

    Parameters
    ----------
    svg : str
        What matplotlib wrote, from its ``<svg`` on, with text as text.
    label : str
        The figure's label. Ids are the label and a number, so that figures can share a page.

    Returns
    -------
    str
        A standalone SVG. Colours of the style sheet are classes such as ``f-read`` (fill) and
        ``s-read`` (stroke), to which its own style gives light and dark values; other colours
        stay. The figure's ground is the one element of class ``ground``.

    Examples
    --------
    >>> drawn = (
    ...     '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="line2d_1">'
    ...     '<path d="M 1.04 2 L 3.26 2 " style="fill: none; stroke: #a90013"/></g></svg>'
    ... )
    >>> print(lean(drawn, "fig-x").partition("</defs>")[2])
    <path d="M1 2h2.3" stroke-width="1" class="s-accent"/></svg>
    """
    root = ET.fromstring(_NO_XML.sub("", svg))
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        if _HREF in element.attrib:
            element.set("href", element.attrib.pop(_HREF))
        element.tail = None
    drop(root, [part for part in root.iter() if _says_nothing(part)])
    ground = root.find(".//g[@id='patch_1']/path")
    mark_in_place(root)
    _order_axes(root)
    say_briefly(root)
    if ground is not None:
        ground.set("class", "f-paper ground")
    clip_where_needed(root)
    _flatten(root)
    _merge(root)
    _gather(root)
    _write_paths(root)
    _name(root, label)
    classes = {name for part in root.iter() for name in part.get("class", "").split()}
    style = f"<defs><style>{svg_style(classes)}</style></defs>"
    body = "".join(ET.tostring(part, encoding="unicode") for part in root).replace(" />", "/>")
    kept = {name: root.get(name) for name in ("width", "height", "viewBox")}
    attributes = "".join(f' {name}="{value}"' for name, value in kept.items() if value)
    return f'<svg xmlns="{_SVG[1:-1]}"{attributes}>{style}{body}</svg>'


def _says_nothing(element: ET.Element) -> bool:
    """Whether an element is about the drawing, or draws along no points."""
    empty = element.tag == "path" and not element.get("d", "").strip()
    return empty or element.tag in ("metadata", "style")


def _order_axes(root: ET.Element) -> None:
    """Draw an axis's lines before its labels, so that those alike are neighbours."""
    for axis in root.iter("g"):
        if not axis.get("id", "").startswith("matplotlib.axis"):
            continue
        ticks = [part for part in axis if "tick_" in part.get("id", "")]
        parts = [
            (part.find(".//text") is not None, place, part)
            for tick in ticks
            for place, part in enumerate(tick)
        ]
        parts.sort(key=lambda part: part[:2])
        axis[:] = [part for *_, part in parts] + [part for part in axis if part not in ticks]


def _flatten(root: ET.Element) -> None:
    """Lift what groups hold that say nothing, and leave out what draws nothing."""
    referred = set(_references(root))
    for element in root.iter():
        if element.get("id") not in referred:
            element.attrib.pop("id", None)

    def lifted(parent: ET.Element) -> Iterator[ET.Element]:
        for child in list(parent):
            child[:] = list(lifted(child))
            if child.tag == "g" and not child.attrib:
                yield from child
            elif _shows(child):
                yield child

    root[:] = list(lifted(root))


def _shows(element: ET.Element) -> bool:
    if element.get("opacity") == "0":
        return False
    if element.tag in ("g", "defs"):
        return len(element) > 0
    if element.tag == "path":
        return bool({"class", "fill", "stroke", "id"} & element.attrib.keys())
    return True


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for name in _REFERRING:
            if found := _REFERENCE.fullmatch(element.get(name, "")):
                yield found[1]


def _look(element: ET.Element) -> dict[str, Any]:
    """Return what neighbours can have in common."""
    return {name: value for name, value in element.items() if name in _SHARED}


def _merge(root: ET.Element) -> None:
    """Make one path of neighbours that are lines alike, which may cross: they hide nothing."""
    for parent in list(root.iter()):
        children: list[ET.Element] = []
        for child in parent:
            last = children[-1] if children else None
            if last is not None and _plain_line(child) and _without_d(last) == _without_d(child):
                last.set("d", f"{last.get('d')} {child.get('d')}")
            else:
                children.append(child)
        parent[:] = children


def _plain_line(element: ET.Element) -> bool:
    filled = "fill" in element.attrib or "f-" in element.get("class", "")
    return (
        element.tag == "path"
        and not filled
        and not ({"id", "transform"} | _SEE_THROUGH) & element.attrib.keys()
    )


def _without_d(element: ET.Element) -> tuple[str, dict[str, str]]:
    return element.tag, {name: value for name, value in element.items() if name != "d"}


def _gather(root: ET.Element) -> None:
    """Put runs of neighbours that look alike into groups that say so once."""
    for parent in [part for part in root.iter() if part.tag in ("svg", "g")]:
        children: list[ET.Element] = []
        for look, run in groupby(parent, _look):
            alike = list(run)
            if look and len(alike) >= _ALIKE:
                group = ET.Element("g", look)
                for child in alike:
                    for name in look:
                        del child.attrib[name]
                group[:] = alike
                alike = [group]
            children += alike
        parent[:] = children


def _write_paths(root: ET.Element) -> None:
    """Round what places things; a mark, which stands many times, is rounded less."""
    for element in root.iter():
        if "d" in element.attrib:
            digits = 2 if "id" in element.attrib else 1
            element.set("d", pathdata.write(pathdata.parse(element.attrib["d"]), digits))
        for name in ("x", "y", "width", "height"):
            if element is not root and name in element.attrib:
                element.set(name, pathdata.rounded(float(element.attrib[name])))


def _name(root: ET.Element, label: str) -> None:
    """Give what is referred to an id of the label and a number."""
    names = {name: f"{label}-{n}" for n, name in enumerate(dict.fromkeys(by_id(root)), 1)}
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", names[element.attrib["id"]])
        for name in _REFERRING:
            found = _REFERENCE.fullmatch(element.get(name, ""))
            if found and found[1] in names:
                element.set(name, found[0].replace(found[1], names[found[1]]))
