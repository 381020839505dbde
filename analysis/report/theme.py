"""The suite's colours, read from its two style sheets and named here.

``suite.mplstyle`` holds every colour and size; ``suite-dark.mplstyle`` the same colours for a
dark page. Figures are drawn once, in the light colours, which become classes of the SVG: one of
them serves light, dark and print.
"""

import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex

STYLE = Path(__file__).with_name("suite.mplstyle")
DARK = Path(__file__).with_name("suite-dark.mplstyle")

#: What each position of the prop cycle stands for, the same on every figure.
NAMES = ("read", "write", "input", "output", "accent", "muted")

#: The inks, and the setting of the style sheet that holds each.
INKS = {
    "ink": "text.color",
    "soft": "axes.labelcolor",
    "edge": "axes.edgecolor",
    "rule": "grid.color",
    "paper": "figure.facecolor",
}

#: Sizes in points by meaning, and the setting of the style sheet that holds each: the width of a
#: ``range``, of the ``span`` of a measurement, of the ``reference`` that things are compared with
#: and of a ``rule`` that guides the eye; the diameter of a ``dot`` that stands alone and the width
#: of its ``ring``.
SIZE_SETTINGS = {
    "range": "boxplot.boxprops.linewidth",
    "span": "boxplot.whiskerprops.linewidth",
    "reference": "boxplot.medianprops.linewidth",
    "rule": "grid.linewidth",
    "dot": "boxplot.meanprops.markersize",
    "ring": "boxplot.flierprops.markeredgewidth",
}


def _colours(sheet: Path) -> dict[str, str]:
    """Every named colour of a style sheet, inks first."""
    settings: dict[Any, Any] = mpl.rc_params_from_file(sheet, use_default_template=False)
    inks = {name: to_hex(settings[key]) for name, key in INKS.items()}
    cycle = map(to_hex, settings["axes.prop_cycle"].by_key()["color"])
    return inks | dict(zip(NAMES, cycle, strict=True))


_SETTINGS: dict[Any, Any] = mpl.rc_params_from_file(STYLE, use_default_template=False)

SIZES = {name: float(_SETTINGS[key]) for name, key in SIZE_SETTINGS.items()}

#: How wide JupyterLab shows a figure at most, in pixels.
LAB_WIDTH = 860

#: What an element of a figure looks like that does not say otherwise, as SVG has it.
SVG_DEFAULTS = {
    "fill": "none",
    "font-size": f"{_SETTINGS['font.size']:g}",
    "stroke-linejoin": "round",
    "stroke-width": f"{_SETTINGS['axes.linewidth']:g}",
}
LIGHT_COLOURS = _colours(STYLE)
DARK_COLOURS = _colours(DARK)

#: Colour by meaning: the token classes cache ``read``, cache ``write``, ``input``, ``output``;
#: ``accent`` for the one thing a figure is about, ``muted`` for what surrounds it; and the inks.
COLOURS = LIGHT_COLOURS

_NAMES_BY_COLOUR = {colour: name for name, colour in LIGHT_COLOURS.items()}


def declarations(colours: dict[str, str]) -> str:
    """Write colours as CSS custom properties.

    >>> declarations({"ink": "#111111", "paper": "#ffffff"})
    '--ink:#111111;--paper:#ffffff;'
    """
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def page_variables() -> str:
    """Colours of the page as CSS: light, dark where the reader asks for it, light in print.

    Figures take them from classes: `f-read` fills with a colour and `s-read` draws lines in it.
    """
    light, dark = declarations(LIGHT_COLOURS), declarations(DARK_COLOURS)
    variables = {name: f"var(--{name})" for name in LIGHT_COLOURS}
    return (
        f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f".drawing svg{{{_defaults()}font-family:var(--sans)}}{_classes(variables)}"
    )


def lab_svg(svg: str, alt: str) -> str:
    """Return an SVG as part of a page of JupyterLab, light or dark as the lab is.

    Its own style would hold for the whole lab; here it holds for what stands in the `div`. Two
    sums of money in one text are no mathematics.
    """
    light, dark = (
        # what keeps a name clear of lines has the lab's own ground
        declarations(colours | {"paper": f"var(--jp-layout-color0,{colours['paper']})"})
        for colours in (LIGHT_COLOURS, DARK_COLOURS)
    )
    rules = _classes({name: f"var(--{name})" for name in LIGHT_COLOURS})
    family = "var(--jp-ui-font-family,sans-serif)"
    style = (
        f".explored{{{light}max-width:{LAB_WIDTH}px}}"
        f"[data-jp-theme-light=false] .explored{{{dark}}}"
        f".explored svg{{{_defaults()}font-family:{family};width:100%;height:auto}}"
        + re.sub(r"(?<=\})(?=\.)|^(?=\.)", ".explored ", rules)
        + ".explored .ground{fill:none}"
    )
    drawn = re.sub("<defs><style>.*?</style></defs>|<style>.*?</style>", "", svg)
    said = html.escape(alt)
    place = f'<div class="explored mathjax_ignore" role="img" aria-label="{said}">'
    return f"<style>{style}</style>{place}{drawn}</div>"


def svg_style(classes: Iterable[str]) -> str:
    """CSS that lets an SVG file follow the reader's colour scheme where it stands alone.

    Parameters
    ----------
    classes : iterable of str
        Those that the SVG uses.
    """
    wanted = set(classes)
    family = ",".join(
        name if name.isalpha() or name.startswith("-") or name == "sans-serif" else f"'{name}'"
        for name in _SETTINGS["font.sans-serif"]
        if name != "DejaVu Sans"
    )
    return (
        f"svg{{{_defaults()}font-family:{family}}}{_classes(LIGHT_COLOURS, wanted)}"
        "@media screen and (prefers-color-scheme:dark){"
        f"{_classes(DARK_COLOURS, wanted)}}}"
    )


def _defaults() -> str:
    units = {"font-size": "px"}
    return "".join(f"{name}:{value}{units.get(name, '')};" for name, value in SVG_DEFAULTS.items())


def _classes(colours: dict[str, str], wanted: set[str] | None = None) -> str:
    """Write the classes that fill with a colour and draw in it, or those of them in `wanted`."""
    return "".join(
        f".{kind[0]}-{name}{{{kind}:{colour}}}"
        for name, colour in colours.items()
        for kind in ("fill", "stroke")
        if wanted is None or f"{kind[0]}-{name}" in wanted
    )


def colour_class(name: str, value: str) -> str:
    """Return the class that gives a property a colour of the style sheet, or "".

    >>> colour_class("fill", COLOURS["read"]), colour_class("fill", "#012345")
    ('f-read', '')
    """
    colour = _NAMES_BY_COLOUR.get(value)
    return f"{name[0]}-{colour}" if colour and name in ("fill", "stroke") else ""
