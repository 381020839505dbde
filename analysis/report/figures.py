"""Figures and text that carry what a report needs: label, caption, alt text, data.

A notebook shows them as they are; ``bind`` numbers them and the template prints them. Tables are
in ``tables``, and can be had from here as well.
"""

import io
from base64 import b64encode
from typing import Any

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.report import names
from analysis.report.labels import check_label, check_source, check_text, publish, source_line
from analysis.report.markdown import for_notebook, title_and_rest
from analysis.report.sheets import to_csv
from analysis.report.svg import lean
from analysis.report.tables import table
from analysis.report.theme import STYLE

__all__ = ["say", "show", "table", "use_theme"]

#: Inches of a lead figure by its place in a picture of 1200 by 675: at these its text is some
#: 20 px high below a title, 17 px beside one, and 14 px where there are many rows beside one.
PICTURES = {"wide": (7.4, 2.85), "tall": (6.1, 4.75), "dense": (7.4, 5.75)}


def use_theme() -> None:
    """Apply the suite's style sheet to every figure drawn from now on."""
    plt.style.use(STYLE)


def show(
    fig: Figure | Axes,
    label: str,
    caption: str,
    alt: str,
    data: pl.DataFrame,
    source: str | None = None,
    lead: str = "",
) -> None:
    """Display a figure with its label, caption, alt text, data and source, and close it.

    Parameters
    ----------
    fig : Figure or Axes
        What a plot function returned.
    label : str
        ``fig-`` and lower-case words, e.g. ``fig-margin-eras``; unique in the report.
    caption : str
        One line of Markdown. Its first sentence is the finding, with number, unit and
        definition: it is the title above the figure and in the list of figures. The rest, below,
        says how to read it. May refer to others: ``[](#fig-growth)``.
    alt : str
        What is seen, for those who do not see it; not the caption again.
    data : polars.DataFrame
        What was drawn, published as CSV beside the page. Flat columns only.
    source : str, optional
        Where the numbers come from: a phrase of Markdown without a full stop. By default the
        logs at hand; the page adds by which policy and of which days.
    lead : str, optional
        For the one figure that carries its chapter's finding: ``wide``, ``tall`` or ``dense``.
        It is drawn once more as a picture for sharing: ``wide`` below its title, ``tall`` beside
        it, ``dense`` with smaller text for many rows.

    Raises
    ------
    ValueError
        For a malformed label, an empty or repeated text, or a picture of another shape.

    Examples
    --------
    >>> frame = pl.DataFrame({"day": [1, 2], "reads": [3, 4]})
    >>> show(Figure(), "reads", "Reads a day.", "A rising line.", frame)
    Traceback (most recent call last):
    ValueError: label 'reads': write fig-word or fig-word-word, in lower case
    """
    check_label("figure", label)
    check_text(label, caption=caption, alt=alt)
    check_source(label, source)
    if alt.strip().lower() == caption.strip().lower():
        raise ValueError(f"{label}: alt repeats the caption; say what is seen")
    figure = named(fig, label)
    csv = to_csv(data)
    item: dict[str, Any] = {"label": label, "caption": caption, "alt": alt}
    item |= {"csv": csv, "source": source}
    title, rest = title_and_rest(for_notebook(caption))
    images = {"image/svg+xml": to_svg(figure, label), "image/png": to_png(figure)}
    if lead:
        item["picture"] = {"shape": lead, "svg": to_picture(figure, label, lead)}
    publish({"text/markdown": f"**{title}**"}, caption_of=label)
    publish(images, figure=item)
    below = [text for text in (rest, source_line(source)) if text]
    publish({"text/markdown": "\n\n".join(below)}, caption_of=label)
    plt.close(figure)


def named(fig: Figure | Axes, label: str) -> Figure:
    """Return the figure of what was drawn, with names in place of labels where they are chosen."""
    figure = fig.get_figure(root=True) if isinstance(fig, Axes) else fig
    if figure is None:
        raise ValueError(f"{label}: these axes belong to no figure")
    for drawn in figure.findobj(Text):
        drawn.set_text(names.text(drawn.get_text()))
    return figure


def say(markdown: str) -> None:
    r"""Display a paragraph made by code, so that numbers in prose are never typed.

    ``<`` and ``$`` are escaped: no raw HTML passes, and JupyterLab takes no sum of money for
    mathematics. Links such as ``[](#fig-margin)`` work. Of nothing to say nothing is displayed.

    Outside a notebook it prints what it would display:

    >>> say("The session cost $5.")
    {'text/markdown': 'The session cost \\$5.', 'text/plain': 'The session cost $5.'}
    """
    if markdown:
        publish({"text/markdown": for_notebook(markdown), "text/plain": markdown})


def to_svg(figure: Figure, label: str) -> str:
    """Draw a figure as SVG, the same bytes every time.

    Ids begin with the label, so that figures can share a page; colours of the style sheet are
    classes, light and dark; text has the reader's own sans serif.
    """
    buffer = io.StringIO()
    with plt.rc_context({"svg.hashsalt": label, "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    return lean(svg[svg.index("<svg") :], label)


def to_picture(figure: Figure, label: str, shape: str) -> str:
    """Draw a figure as SVG in the proportions of a picture for sharing, with its text as large."""
    if shape not in PICTURES:
        raise ValueError(f"{label}: lead={shape!r}: one of {', '.join(PICTURES)}")
    figure.set_size_inches(*PICTURES[shape])
    return to_svg(figure, label)


def to_png(figure: Figure) -> str:
    """Draw a figure for viewers that will not show SVG, as base64."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
    return b64encode(buffer.getvalue()).decode()
