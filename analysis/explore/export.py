"""Write a view as files: its numbers as CSV and Parquet, its figure as PNG and SVG.

Those of a panel lie beside the reports, where no report takes them from: nothing publishes them,
and they are for their owner alone. Projects have their labels, unless names are given.
"""

from __future__ import annotations

import io
import re
import textwrap
from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import polars as pl

from analysis.explore.choices import Choices
from analysis.explore.data import Data
from analysis.explore.view import View, apart
from analysis.logs.files import PRIVATE, write_whole
from analysis.paths import REPORTS
from analysis.report import names
from analysis.report.builds import VIEWS
from analysis.report.figures import named, to_png, to_svg
from analysis.report.sheets import to_csv

#: What a view can be written as; a table is no picture.
NUMBERS, PICTURES = ("csv", "parquet"), ("png", "svg")
KINDS = (*NUMBERS, *PICTURES)

_NO_NAME = re.compile(r"([^a-z0-9.]|(?<!\d)\.|\.(?!\d))+")  # what no file is called here
_STUTTER = re.compile(r"(?<![^-])([a-z]{2,})-(?=\1(-|$))")  # a word that comes again at once
_LONGEST = 120  # letters of a file's name
_TITLE = 90  # letters of a line below a figure
_PITCH = 1.3  # heights of a letter from one line to the next


def export(
    view: View,
    place: str | Path,
    kinds: Collection[str] = KINDS,
    projects: Mapping[str, str] | None = None,
) -> list[Path]:
    r"""Write a view as files, each whole or not at all.

    Parameters
    ----------
    view
        What a view function returned. Its `frame` is written, whose column names have the units:
        of `_usd` list-price dollars, of `_nano` billionths of them, of `_tokens` tokens, of
        `share` and `rate` parts of one.
    place
        Where to, without an ending: `place_of`, or a path of one's own.
    kinds
        Some of `KINDS`.
    projects
        Names of projects by label; without, projects have their labels.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ValueError
        For a kind that there is not.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> view = View("x", "X.", "", pl.DataFrame({"project": ["project-01"], "total_usd": [0.5]}))
    >>> with TemporaryDirectory() as folder:
    ...     (written,) = export(view, f"{folder}/x", ["csv"])
    ...     written.name, written.read_text()
    ('x.csv', 'project,total_usd\nproject-01,0.5\n')
    """
    if unknown := sorted(set(kinds) - set(KINDS)):
        raise ValueError(f"no kind {', '.join(unknown)}: there are {', '.join(KINDS)}")
    found: dict[str, bytes] = {}
    with names.only(projects or {}):
        if set(kinds) & set(NUMBERS):
            found |= _numbers(view)
        if set(kinds) & set(PICTURES) and view.draw:
            with apart():
                found |= _pictures(view)
    path = Path(place).expanduser()
    written = [
        path.with_name(f"{path.name}.{kind}") for kind in KINDS if kind in {*kinds} & found.keys()
    ]
    ours = path.resolve().is_relative_to(REPORTS.resolve())
    mode = {"mode": PRIVATE} if ours else {}  # else the folder is not ours
    for file in written:
        write_whole(file, found[file.suffix[1:]], **mode)
    return written


def place_of(
    view: View, data: Data, choices: Choices, own: Mapping[str, Any] | None = None
) -> Path:
    """Return where a view is written: beside the dataset's report, named after what was chosen.

    Parameters
    ----------
    own
        What the panel's own controls say, as far as it is not what they begin with.

    Examples
    --------
    >>> from analysis import load
    >>> data = Data(load("sample"), pl.DataFrame())
    >>> view = View("days", "Days.", "", pl.DataFrame())
    >>> place_of(view, data, Choices(project="project-01"), {"unit": "tokens"}).name
    'days-project-01-unit-tokens'
    """
    said = {f.name: getattr(choices, f.name) for f in fields(choices)}
    said |= {"session": choices.session[:8], "prices": data.price_date}
    plain = "project", "model", "source"
    parts = [view.name]
    for name, value in said.items():
        if value and (name, value) != ("timezone", "UTC"):
            parts += [value] if name in plain else [name, value]
    parts += [f"{name}-{value}" for name, value in (own or {}).items()]
    stem = _STUTTER.sub("", _NO_NAME.sub("-", "-".join(parts).lower()).strip("-"))
    return REPORTS / f"{data.logs.name}{VIEWS}" / stem[:_LONGEST]


def _numbers(view: View) -> dict[str, bytes]:
    """Write the numbers, with names in place of labels where there are any."""
    words = [name for name, kind in view.frame.schema.items() if kind == pl.String]
    frame = view.frame.with_columns(
        pl.col(words).map_elements(names.text, return_dtype=pl.String) for _ in words[:1]
    )
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return {"csv": to_csv(frame).encode(), "parquet": stream.getvalue()}


def _pictures(view: View) -> dict[str, bytes]:
    """Draw the figure with its finding below, since no caption comes with a file."""
    label = f"fig-explore-{view.name}"
    assert view.draw is not None
    figure = named(view.draw(), label)
    said = textwrap.wrap(names.text(view.title), _TITLE)
    size = plt.rcParams["font.size"]
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + (len(said) + 1) * _PITCH * size / 72)
    text = "\n".join(said).replace("$", r"\$")  # two are mathematics
    figure.supxlabel(text, x=0.01, ha="left", fontsize=size)
    found = {"png": b64decode(to_png(figure)), "svg": to_svg(figure, label).encode()}
    plt.close(figure)
    return found
