"""Marks that stand in many places of a figure, and what cuts its shapes off."""

from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from analysis.report import pathdata
from analysis.report.theme import SVG_DEFAULTS

_MARK = 3  # steps: a mark of so few is written where it stands


def mark_in_place(root: ET.Element) -> None:
    """Write marks that are short, or stand once, as paths where they stand.

    >>> mark = '<path id="m" d="M 0 0 L 0 3" style="stroke: #000000"/>'
    >>> tree = ET.fromstring(f'<svg>{mark}<use href="#m" x="5" y="9"/></svg>')
    >>> mark_in_place(tree)
    >>> ET.tostring(tree)
    b'<svg><path d="M 5.0 9.0 L 5.0 12.0" /></svg>'
    """
    marks = {name: part for name, part in by_id(root).items() if part.tag == "path"}
    shapes = {part.attrib["d"]: name for name, part in marks.items()}  # of one shape, one is kept
    uses = list(root.iter("use"))
    names = [shapes[marks[use.attrib["href"][1:]].attrib["d"]] for use in uses]
    times = Counter(names)
    for use, name in zip(uses, names, strict=True):
        use.set("href", f"#{name}")
        path = pathdata.parse(marks[name].attrib["d"])
        if times[name] == 1 or len(path) <= _MARK:
            use.tag = "path"
            moved = pathdata.shifted(path, float(use.attrib.pop("x")), float(use.attrib.pop("y")))
            use.set("d", pathdata.spelled(moved))
            del use.attrib["href"]
    left = {use.attrib["href"][1:] for use in root.iter("use")}
    drop(root, [mark for name, mark in marks.items() if name not in left])
    for name in left:
        marks[name].attrib.pop("style", None)  # each use says the same


def clip_where_needed(root: ET.Element) -> None:
    """Leave clipping out where there is nothing to cut off.

    >>> area = '<clipPath id="a"><rect x="0" y="0" width="9" height="9"/></clipPath>'
    >>> line = '<path clip-path="url(#a)" d="M 1 1 L 1 3"/>'
    >>> tree = ET.fromstring(f"<svg>{area}{line}</svg>")
    >>> clip_where_needed(tree)
    >>> ET.tostring(tree[1])
    b'<path d="M 1 1 L 1 3" />'
    """
    marks = by_id(root)
    for element in root.iter():
        if not (clip := element.get("clip-path")):
            continue
        area = marks[clip[5:-1]].find("rect")
        boxes = [_box(part, marks) for part in (element if element.tag == "g" else [element])]
        if area is None or None in boxes:
            continue
        x, y, width, height = (float(area.attrib[name]) for name in ("x", "y", "width", "height"))
        if all(
            box[0] >= x and box[1] >= y and box[2] <= x + width and box[3] <= y + height
            for box in boxes
            if box
        ):
            del element.attrib["clip-path"]


def _box(
    element: ET.Element, marks: dict[str, ET.Element]
) -> tuple[float, float, float, float] | None:
    """Return what an element covers at most, or None where that is not known."""
    if element.tag == "path" and "transform" not in element.attrib:
        left, top, right, bottom = pathdata.bounds(pathdata.parse(element.attrib["d"]))
    elif element.tag == "use":
        path = pathdata.parse(marks[element.attrib["href"][1:]].attrib["d"])
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left, top, right, bottom = pathdata.bounds(pathdata.shifted(path, x, y))
    else:
        return None
    width = float(element.get("stroke-width", SVG_DEFAULTS["stroke-width"]))
    stroked = "stroke" in element.attrib or "s-" in element.get("class", "")
    edge = width / 2 if stroked else 0
    return left - edge, top - edge, right + edge, bottom + edge


def by_id(root: ET.Element) -> dict[str, ET.Element]:
    """Find elements by their ids.

    >>> list(by_id(ET.fromstring('<svg><g id="a"/><g/></svg>')))
    ['a']
    """
    return {part.attrib["id"]: part for part in root.iter() if "id" in part.attrib}


def _parents(root: ET.Element) -> dict[ET.Element, ET.Element]:
    return {child: parent for parent in root.iter() for child in parent}


def drop(root: ET.Element, elements: Iterable[ET.Element]) -> None:
    """Take elements out of the tree.

    >>> tree = ET.fromstring("<svg><g/><text/></svg>")
    >>> drop(tree, tree.findall("g"))
    >>> ET.tostring(tree)
    b'<svg><text /></svg>'
    """
    parents = _parents(root)
    for element in elements:
        parents[element].remove(element)
