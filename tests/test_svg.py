"""Lean SVGs: the same picture, text and colours, without what nobody sees."""

import io
import re
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import pytest

from analysis.report.figures import to_svg
from analysis.report.svg import lean
from analysis.report.theme import COLOURS

pytestmark = pytest.mark.usefixtures("themed")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(draw, label="fig-x"):
    """Draw on new axes, and read the SVG."""
    _, ax = plt.subplots()
    draw(ax)
    return ET.fromstring(to_svg(ax.figure, label))


def wrapped(body):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{body}</svg>'


def scattered(ax):
    ax.scatter(range(40), range(40), color=COLOURS["read"], s=90)
    ax.set(xlim=(0.5, 30), xlabel="<b> & so on", title="Title")


def test_it_is_far_smaller_and_says_the_same():
    _, ax = plt.subplots()
    ax.plot(range(200), [n % 7 for n in range(200)], color=COLOURS["accent"])
    scattered(ax)
    plain = io.StringIO()
    with plt.rc_context({"svg.fonttype": "none"}):
        ax.figure.savefig(plain, format="svg")
    short = to_svg(ax.figure, "fig-x")
    said = [
        sorted(text.text for text in ET.fromstring(svg[svg.index("<svg") :]).iter(f"{SVG}text"))
        for svg in (plain.getvalue(), short)
    ]
    assert said[0] == said[1] != []
    assert len(short) < len(plain.getvalue()) / 3


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("fill: none; stroke: #a90013", {"class": "s-accent", "stroke-width": "1"}),
        ("fill: none; stroke: #a90013; stroke-width: 0.8", {"class": "s-accent"}),
        ("fill: #003e92; stroke-width: 3", {"class": "f-read"}),
        ("fill: #012345", {"fill": "#012345"}),
        ("stroke: none", {"fill": "#000000"}),
        ("fill: #003e92; fill-opacity: 0.5", {"class": "f-read", "fill-opacity": "0.5"}),
        (
            "fill: none; stroke: #a90013; stroke-dasharray: 4,3; stroke-dashoffset: 0",
            {"class": "s-accent", "stroke-dasharray": "4,3", "stroke-width": "1"},
        ),
        ("fill: #003e92; stroke: #ffffff; stroke-opacity: 0", {"class": "f-read"}),
    ],
)
def test_a_style_keeps_what_shows(style, kept):
    path = ET.fromstring(lean(wrapped(f'<path d="M 0 0 L 1 0 L 1 1 z" style="{style}"/>'), "fig-x"))
    assert {name: value for name, value in path[1].items() if name != "d"} == kept


@pytest.mark.parametrize(
    "style", ["fill: none", "fill: #003e92; fill-opacity: 0", "fill: #003e92; opacity: 0"]
)
def test_what_draws_nothing_goes(style):
    path = f'<path d="M 0 0 L 1 0 L 1 1 z" style="{style}"/>'
    assert len(ET.fromstring(lean(wrapped(f'<g id="a">{path}</g>'), "fig-x"))) == 1


def test_text_says_what_it_says_and_where():
    body = (
        "<text style=\"font-size: 12px; font-family: 'A', serif; text-anchor: end; fill: #5a626d\" "
        'x="49.179849" y="247.358647" transform="rotate(-90 49.179849 247.358647)">'
        "&lt;script&gt; &amp; more</text>"
    )
    svg = lean(wrapped(body), "fig-x")
    assert "&lt;script&gt; &amp; more</text>" in svg
    assert dict(ET.fromstring(svg)[1].items()) == {
        "class": "f-soft",
        "font-size": "12",
        "text-anchor": "end",
        "transform": "rotate(-90 49.2 247.4)",
        "x": "49.2",
        "y": "247.4",
    }


@pytest.mark.parametrize(("across", "clipped"), [((-1, 9), False), ((3.5, 9), True)])
def test_only_what_is_cut_off_is_clipped(across, clipped):
    def draw(ax):
        ax.grid(visible=False)
        ax.plot(range(9), range(9), "o-", markersize=3)
        ax.set(xlim=across, ylim=(-1, 9))

    found = [part for part in drawn(draw).iter() if "clip-path" in part.attrib]
    assert bool(found) == clipped


def test_every_reference_leads_to_an_id_of_this_figure():
    svg = ET.tostring(drawn(scattered, "fig-a-b"), encoding="unicode")
    ids = re.findall(r'\bid="([^"]*)"', svg)
    assert len(ids) == len(set(ids)) > 0
    assert all(name.startswith("fig-a-b-") for name in ids)
    referred = {one or other for one, other in re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', svg)}
    assert referred == set(ids)


def test_neighbours_alike_say_so_once():
    lines = "".join(
        f'<g id="l{n}"><path d="M 0 {n} L 9 {n}" style="fill: none; stroke: #e3e6ea"/></g>'
        for n in range(5)
    )
    words = "".join(f'<text style="fill: #5a626d" x="1" y="{n}">{n}</text>' for n in range(5))
    _, line, group = ET.fromstring(lean(wrapped(lines + words), "fig-x"))
    assert line.attrib["d"].count("M") == 5
    assert group.attrib == {"class": "f-soft", "font-size": "medium"}
    assert all(set(text.keys()) == {"x", "y"} for text in group)


def test_what_is_seen_through_is_not_made_one():
    """Where lines cross that are seen through, two of them are darker than one."""
    lines = '<path d="M 0 1 L 9 1" style="fill: none; stroke: #e3e6ea; stroke-opacity: 0.5"/>' * 3
    (group,) = ET.fromstring(lean(wrapped(lines), "fig-x"))[1:]
    assert len(group) == 3


def test_the_ground_is_one_element():
    classes = [part.get("class", "") for part in drawn(scattered).iter()]
    assert [names for names in classes if "ground" in names] == ["f-paper ground"]
