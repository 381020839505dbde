"""One zip of everything a report is: page, PDF, pictures, data, notebooks, and how to check them.

It is made of a report that is whole, and comes to its place only through the gate. The same report
gives the same bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from jinja2 import Environment, FileSystemLoader
from pyarrow import parquet

from analysis.paths import FACTS, ROOT
from analysis.report import redacted
from analysis.report.builds import BUNDLE
from analysis.report.chromium import Chromium
from analysis.report.finished import Finished, finished
from analysis.report.pdf import pdf
from analysis.report.pictures import NOT_A_BILL, all_figures, draw, leads
from analysis.report.privacy import gate
from analysis.report.publish import MANIFEST, digest
from analysis.report.sharing import draft, place
from analysis.schema import TABLES
from analysis.words import page as words

SUMS = "SHA256SUMS"
ALWAYS = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_CARD = "figures/fig-scorecard-tiles.csv"  # the scorecard, flat
_COPIED = ("CITATION.cff", "LICENSE")
_OWN = {"total_nano": "all of these"} | {
    f"{part}_nano": f"{name}, in nano-dollars (1e-9 $) at list price; null where no price is known"
    for part, name in {
        "input": "uncached input",
        "output": "output",
        "write_5m": "cache writes kept five minutes",
        "write_1h": "cache writes kept one hour",
        "read": "cache reads",
        "search": "web searches",
    }.items()
}
_LABELLED = {
    "project": "label of the project; stays when logs are added",
    "session": "label of the session: the minute of its first line; stays when logs are added",
    "agent": "label of the subagent within its session; null on the main chain",
}


def write_bundle(name: str, *, exact_times: bool = False) -> Path:
    """Pack a finished report as `reports/<name>.zip`.

    Parameters
    ----------
    name
        The dataset.
    exact_times
        Whether the times of requests and events stay as they are; by default they are of the
        minute.

    Returns
    -------
    Path
        The zip. An earlier one is removed before anything is written: what lies there is of the
        report at hand, or nothing does.

    Raises
    ------
    RenderError
        When the report is not there, not whole, or older than its notebooks.
    ChromiumError
        When there is no Chromium, which draws PDF and pictures.
    PrivacyError
        When any file could tell whose logs these are; nothing is left.
    """
    report, target = finished(name), place(name, BUNDLE)
    target.unlink(missing_ok=True)
    with draft(name) as folder:
        fill(report, folder, exact_times=exact_times)
        gate(folder, name)
        packed = folder.with_suffix(BUNDLE)
        _zip(folder, packed)
        os.replace(packed, target)
    return target


def fill(report: Finished, folder: Path, *, exact_times: bool) -> None:
    """Write every file of a bundle into an empty folder."""
    shutil.copytree(report.folder, folder, dirs_exist_ok=True)
    _draw(report, folder)
    (folder / "notebooks").mkdir()
    for notebook in report.notebooks:
        shutil.copyfile(notebook, folder / "notebooks" / notebook.name)
    _tables(report, folder / "data", exact_times=exact_times)
    shutil.copytree(FACTS, folder / FACTS.relative_to(ROOT), ignore=_not_facts)
    _scorecard(folder)
    for name in _COPIED:
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "README.md").write_text(_readme(report, exact_times=exact_times), encoding="utf-8")
    _sum(report, folder)


def _draw(report: Finished, folder: Path) -> None:
    """Add the PDF, each figure as PNG beside its SVG and CSV, and the pictures for sharing."""
    text = folder / "pictures.html"
    (folder / "social").mkdir()
    with Chromium() as browser:
        (folder / "report.pdf").write_bytes(pdf(folder / "index.html", browser))
        for label, picture in draw(all_figures(report), browser, text).items():
            (folder / "figures" / f"{label}.png").write_bytes(picture)
        for label, picture in draw(leads(report), browser, text, density=2).items():
            (folder / "social" / f"{label}.png").write_bytes(picture)
    text.unlink()


def _tables(report: Finished, folder: Path, *, exact_times: bool) -> None:
    folder.mkdir()
    whole, chosen = report.logs, report.chosen
    day = report.inputs["parameters"]["price_date"]
    tables = {
        "requests": redacted.requests(whole, chosen, price_date=day, exact=exact_times),
        "events": redacted.events(whole, chosen, exact=exact_times),
    }
    for name, frame in tables.items():
        # without Arrow's own schema, which is a long unreadable string: the gate looks at each
        path = folder / f"{name}.parquet"
        parquet.write_table(frame.to_arrow(), path, compression="zstd", store_schema=False)


def _not_facts(_: str, names: list[str]) -> list[str]:
    """Name what lies among the facts and is none: an editor's copies, a system's own files."""
    return [name for name in names if not re.fullmatch(r"[a-z0-9-]+\.csv|README\.md", name)]


def _scorecard(folder: Path) -> None:
    """Write the claims with their verdicts as CSV and JSON: what the page's last figure is of."""
    text = (folder / _CARD).read_bytes()
    (folder / "scorecard.csv").write_bytes(text)
    rows = pl.read_csv(text, infer_schema_length=None).to_dicts()
    written = json.dumps(rows, indent=1, ensure_ascii=False)
    (folder / "scorecard.json").write_text(f"{written}\n", encoding="utf-8")


def _readme(report: Finished, *, exact_times: bool) -> str:
    loader = FileSystemLoader(Path(__file__).parent)
    template = Environment(loader=loader, keep_trailing_newline=True).get_template("bundle.md.j2")
    return template.render(
        name=report.name,
        title=report.bound.metadata.title,
        banner=report.bound.metadata.banner,
        given=words.given(report.inputs["parameters"]),
        not_a_bill=NOT_A_BILL,
        tables={"requests": _columns("requests", redacted.REQUESTS)}
        | {"events": _columns("events", redacted.EVENTS)},
        exact_times=exact_times,
        named=report.named,
        sums=SUMS,
    )


def _columns(table: str, names: tuple[str, ...]) -> dict[str, str]:
    """Say what each column of a table means."""
    known = {c.name: c.meaning for c in TABLES[table]} | _OWN | _LABELLED
    return {name: known[name] for name in names}


def _sum(report: Finished, folder: Path) -> None:
    """Write the manifest, and after it the list that `sha256sum -c` reads."""
    (folder / MANIFEST).unlink()
    manifest = {"inputs": report.inputs, "files": dict(_digests(folder))}
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    lines = [f"{stamp}  {name}\n" for name, stamp in _digests(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        yield name, digest(path)


def files(folder: Path) -> list[Path]:
    """Return every file below a folder, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _zip(folder: Path, target: Path) -> None:
    """Pack a folder under its name: by name, all of one date and mode."""
    with zipfile.ZipFile(target, "w") as packed:
        for path in files(folder):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", ALWAYS)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # modes as on Unix
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes(), compresslevel=9)
