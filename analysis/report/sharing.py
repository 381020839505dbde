"""The PDF and the pictures of a finished report: each comes to its place only through the gate."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.logs.files import locked
from analysis.paths import REPORTS
from analysis.report.builds import FIGURES, FOLDER, MAKING, PDF
from analysis.report.chromium import Chromium
from analysis.report.finished import finished
from analysis.report.pdf import pdf
from analysis.report.pictures import draw, leads
from analysis.report.privacy import gate


def place(name: str, ending: str) -> Path:
    """Return where something made of a report lies."""
    return REPORTS / f"{name}{ending}"


def write_pdf(name: str) -> Path:
    """Print a report's page to `reports/<name>.pdf` and return it."""
    report = finished(name)
    with draft(name) as folder, Chromium() as browser:
        printed = folder / f"{name}{PDF}"
        printed.write_bytes(pdf(report.folder / "index.html", browser))
        gate(folder, name)
        os.replace(printed, place(name, PDF))
    return place(name, PDF)


def write_figures(name: str) -> Path:
    """Draw each chapter's lead figure into `reports/<name>.figures/` and return that."""
    report = finished(name)
    with draft(name) as folder, Chromium() as browser:
        text = folder / "figures.html"
        for label, picture in draw(leads(report), browser, text, density=2).items():
            (folder / f"{label}.png").write_bytes(picture)
        gate(folder, name)  # what is written in the pictures is text in that page
        text.unlink()
        _swap(folder, place(name, FIGURES))
    return place(name, FIGURES)


@contextmanager
def draft(name: str) -> Iterator[Path]:
    """Yield an empty folder beside the builds, and leave nothing of it.

    One at a time for a report: it has one name, so that the next removes what a killed one left.
    """
    folder = REPORTS / FOLDER / f".{name}{MAKING}"
    with locked(folder.with_name(f".lock.{name}")):
        shutil.rmtree(folder, ignore_errors=True)
        inner = folder / name
        inner.mkdir(parents=True)
        try:
            yield inner
        finally:
            shutil.rmtree(folder)


def _swap(folder: Path, target: Path) -> None:
    if target.exists():
        os.replace(target, folder.with_suffix(".old"))
    shutil.copystat(target.parent, folder)
    os.replace(folder, target)
