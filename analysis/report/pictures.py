"""Figures as pictures that stand alone: title, drawing, source, and what the numbers are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader
from nbformat import NotebookNode

from analysis.report.chromium import Chromium
from analysis.report.finished import Finished
from analysis.report.labels import THESE_LOGS
from analysis.report.markdown import plain, title_and_rest
from analysis.report.theme import LIGHT_COLOURS
from analysis.words import page as words

#: CSS pixels of a picture for sharing: 16:9, as feeds show one whole. Where a preview cuts it to
#: 1.91:1 or 2:1, that takes 23 or 38 of the 42 pixels above and below that hold no text.
WIDTH, HEIGHT = 1200, 675

NOT_A_BILL = "List-price dollars, not an invoice."
_AT_LEFT = '<svg preserveAspectRatio="xMinYMid" '
_REFERENCE = re.compile(r"\]\(#")

#: Take sentences off the end of each reading until it fits: below a wide drawing as long as that
#: stays as large as it can be, beside a higher one as long as there is room.
_FIT = """
for (const card of document.querySelectorAll(".wide, .beside")) {
  const reading = card.querySelector(".reading"), drawing = card.querySelector(".drawing");
  const box = drawing.shadowRoot.querySelector("svg").viewBox.baseVal;
  const fits = () => card.matches(".beside")
    ? reading.scrollHeight <= reading.clientHeight && card.scrollHeight <= card.clientHeight
    : drawing.clientHeight >= drawing.clientWidth * box.height / box.width;
  while (reading.lastElementChild && !fits()) reading.lastElementChild.remove();
  if (!reading.lastElementChild) reading.remove();
}
"""


_ALONE = """
document.querySelectorAll(".card").forEach((card, place) =>
  card.style.display = place == {place} ? "" : "none");
document.querySelectorAll(".card")[{place}].offsetHeight
"""


class Card(NamedTuple):
    """What a picture shows: texts as they are printed, and the drawing as SVG."""

    label: str
    layout: str
    chapter: str
    title: str
    reading: tuple[str, ...]
    source: str
    stamp: str
    svg: str


def leads(report: Finished) -> list[Card]:
    """Return the lead figure of each chapter that has one, in the shape of a picture to share."""
    return [card for card in _cards(report) if card.layout != "page"]


def all_figures(report: Finished) -> list[Card]:
    """Return every figure as the page has it, as high as it is there."""
    return [card for card in _cards(report) if card.layout == "page"]


def draw(cards: list[Card], browser: Chromium, draft: Path, density: int = 1) -> dict[str, bytes]:
    """Draw cards as PNG.

    Parameters
    ----------
    cards
        At least one.
    browser
        A browser that is open.
    draft
        A file to write the cards to, for the browser.
    density
        Pixels for each of CSS.

    Returns
    -------
    dict
        By label, 1200 CSS pixels wide; those of leads 675 high.
    """
    loader = FileSystemLoader(Path(__file__).parent)
    template = Environment(loader=loader, autoescape=True).get_template("pictures.html.j2")
    page = template.render(cards=cards, width=WIDTH, height=HEIGHT, colours=LIGHT_COLOURS)
    draft.write_text(page, encoding="utf-8")
    browser.open(draft)
    browser.evaluate(_FIT)
    drawn = {}
    for place, card in enumerate(cards):  # alone: where a card stands decides on its edges' pixels
        height = browser.evaluate(_ALONE.format(place=place))
        drawn[card.label] = browser.png(0, 0, WIDTH, height, density)
    return drawn


def _cards(report: Finished) -> Iterator[Card]:
    chapters = {entry["id"]: entry for entry in report.bound.metadata.toc}
    chapter, logs = "", words.alone(report.chosen, report.inputs["parameters"])
    for cell in report.bound.cells:
        for anchor in chapters.keys() & cell.metadata.get("anchors", []):
            entry = chapters[anchor]
            chapter = " · ".join(filter(None, (entry["number"], entry["title"])))
        for output in cell.get("outputs", []):
            if figure := output.get("metadata", {}).get("figure"):
                card = _card(report, chapter, figure, logs, output.data["image/svg+xml"])
                yield card
                if picture := figure.get("picture"):
                    layout = "wide" if picture["shape"] == "wide" else "beside"
                    drawn = picture["svg"].replace("<svg ", _AT_LEFT, 1)
                    yield card._replace(layout=layout, svg=drawn)


def _source(report: Finished, source: str, logs: str) -> str:
    """Write where the numbers come from, without the page that says which logs these are."""
    given = words.source(report.inputs["parameters"], words.whose(report.logs))
    text = plain(THESE_LOGS if source == given else source)
    return text.replace(f"{THESE_LOGS} and", f"{logs}, and").replace(THESE_LOGS, logs)


def _card(report: Finished, chapter: str, figure: NotebookNode, logs: str, svg: str) -> Card:
    """Put a figure as the page has it on a card."""
    of_logs = THESE_LOGS in figure.source
    title, reading = title_and_rest(figure.caption)
    said = f"{figure.caption} {re.sub('<[^>]*>', '', svg)}"
    dollars = re.search(r"\$|dollar", said) and (of_logs or "list price" in figure.source)
    return Card(
        figure.label,
        "page",
        chapter,
        plain(title).removesuffix("."),
        tuple(_own(reading)),
        f"Source: {_source(report, figure.source, logs)}.{f' {NOT_A_BILL}' if dollars else ''}",
        _stamp(report) if of_logs else "",
        svg,
    )


def _own(reading: str) -> Iterator[str]:
    """Yield the sentences that refer to nothing else in the report."""
    while reading:
        sentence, reading = title_and_rest(reading)
        if not _REFERENCE.search(sentence):
            yield plain(sentence)


def _stamp(report: Finished) -> str:
    made = {"reconstruction": report.logs.reconstruction, "synthetic logs": report.logs.synthetic}
    logs = " and ".join(kind for kind, there in made.items() if there)
    said = ", ".join(filter(None, (logs, "real project names" if report.named else "")))
    return said.capitalize()
