"""The suite's colours, read from its two style sheets and named here.

``suite.mplstyle`` holds every colour and size; ``suite-dark.mplstyle`` the same colours for a
dark page. Figures are drawn once, in the light colours; on the page each of them is a CSS
variable, so that one SVG serves light, dark and print.
"""

import re
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


def _sizes(sheet: Path) -> dict[str, float]:
    settings: dict[Any, Any] = mpl.rc_params_from_file(sheet, use_default_template=False)
    return {name: float(settings[key]) for name, key in SIZE_SETTINGS.items()}


SIZES = _sizes(STYLE)
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
    """Colours of the page as CSS: light, dark where the reader asks for it, light in print."""
    light, dark = declarations(LIGHT_COLOURS), declarations(DARK_COLOURS)
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def svg_style() -> str:
    """CSS that lets an SVG file follow the reader's colour scheme where it stands alone."""
    dark = declarations(DARK_COLOURS)
    return (
        "*{stroke-linejoin:round;stroke-linecap:butt}"
        f"@media screen and (prefers-color-scheme:dark){{svg{{{dark}}}}}"
    )


def follow_page(svg: str) -> str:
    """Replace the style sheet's colours in an SVG by the page's variables.

    Colours the sheet does not name stay as they are.

    >>> follow_page(f"fill: {COLOURS['read']}; stroke: #012345") == (
    ...     f"fill: var(--read, {COLOURS['read']}); stroke: #012345"
    ... )
    True
    """

    def variable(match: re.Match[str]) -> str:
        name = _NAMES_BY_COLOUR.get(match[0])
        return f"var(--{name}, {match[0]})" if name else match[0]

    return re.sub(r"#[0-9a-f]{6}\b", variable, svg)
