"""What each command does, by its name; nothing heavy is imported before one is run."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import paths
from analysis.words.numbers import count

if TYPE_CHECKING:
    from analysis.logs.discover import LogFile
    from analysis.logs.store import Loaded


def _setup(given: argparse.Namespace) -> None:
    """Make .venv and install a dependency group."""
    from analysis import environment

    environment.setup(given.group, given.folder)


def _load(given: argparse.Namespace) -> None:
    """Load logs into a dataset; without --logs, the shipped sample."""
    from analysis.logs import store
    from analysis.logs.summary import text

    _load_logs(given, quiet=given.quiet)
    if given.quiet:
        return
    if found := store.summary(_name(given)):
        print(text(found))


def _load_logs(given: argparse.Namespace, *, quiet: bool = False) -> None:
    """Load logs and say what was new; where it is to be quiet, only what is lost for good."""
    from analysis.logs import store
    from analysis.logs.files import StoreError

    name = _name(given)
    if given.logs and name == "sample":
        raise StoreError("NAME=sample holds the shipped sample: name your logs otherwise")
    logs = given.logs or (str(paths.SAMPLE) if name == "sample" else "")
    if not logs:
        if name not in store.datasets():
            store.read(name)  # says which datasets there are
        return

    def progress(files: list[LogFile], size: int) -> Iterable[LogFile]:
        large = size >= store.LARGE and not quiet
        return _bar(files, size, store.speed(name)) if large else files

    done = store.load_logs(
        name,
        logs,
        progress,
        keep=bool(given.logs),  # the sample is no history
        cluster=getattr(given, "cluster", ""),
        partials=getattr(given, "partials", ""),
    )
    files = count(done.files, "file")
    said = f"loaded {name}: {files}, {done.read:,} new or changed{_missing(done)}"
    if not quiet:
        print(said)
    elif done.lost:
        print(said, file=sys.stderr)


def _missing(done: Loaded) -> str:
    """Say which files are not on this disk, and how much is lost with them."""
    gone = f", {done.gone:,} gone from disk kept" if done.gone else ""
    gone += f", {done.imported:,} imported" if done.imported else ""
    if not done.lost:
        return gone
    from analysis.logs.summary import lost

    return f"{gone}, LOST as tables and logs are gone: {lost(done.lost_rows)}"


def _verify(given: argparse.Namespace) -> None:
    """Compare a dataset with a full fresh read of its logs, and its report with both."""
    from analysis.logs.files import StoreError
    from analysis.logs.store import read
    from analysis.logs.verify import verify
    from analysis.pricebook import price_book
    from analysis.report.inputs import changed
    from analysis.report.privacy import gate

    name = _name(given)
    found = verify(name)
    left = {"gone from disk": found.gone, "imported": found.imported}
    away = "".join(f", {many:,} {why} not compared" for why, many in left.items() if many)
    said = f"{name}: {count(found.files, 'file')}, {count(found.rows, 'row')}{away}"
    if found.differences:
        raise StoreError("\n  ".join([f"{said}. What differs:", *found.differences]))
    if found.files:
        print(f"verified {said}: the tables say what the logs say")
    else:
        print(
            f"not verified {name}: no log that it was read from is where it was{away}. "
            "Its tables keep their rules and their digests; nothing else could be checked"
        )
    if told := changed(name, price_book(read(name).overrides)):
        raise StoreError(
            "\n  ".join([f"the report of {name} is not what was made. What differs:", *told])
            + f"\n`make report NAME={name}` makes it again"
        )
    if (paths.REPORTS / name).exists():
        gate((paths.REPORTS / name).resolve(), name)
        print(f"verified {name}: the report is what was made from them, each file of it")


def _crosscheck(given: argparse.Namespace) -> None:
    """Compare a dataset with what ccusage counts of its logs, and explain each difference."""
    from analysis.crosscheck import compare, result, rules
    from analysis.crosscheck.tool import CrosscheckError
    from analysis.measures.crosscheck import unexplained
    from analysis.words.crosscheck import text

    name = _name(given)
    _load_logs(given)
    of = result.tables(name)
    rows = compare.compare(name)
    result.write(name, rows, of)
    print(text(rows))
    if left := unexplained(rows):
        said = ", ".join(f"{count(tokens, 'token')} of {name}" for name, tokens in left.items())
        raise CrosscheckError(
            f"no rule explains {said}: the rows `unexplained` have them. That is a fault of one "
            "of both programs, and of nothing in the logs"
        )
    print(f"explained  {name}: each difference to ccusage {rules.VERSION} has its rule")


def _archive(given: argparse.Namespace) -> None:
    """Write a dataset to one file for another machine or a team, or take such files in."""
    from analysis.logs import store, team_given, team_labels
    from analysis.logs.export import export
    from analysis.logs.files import StoreError
    from analysis.logs.merge import import_archive
    from analysis.logs.summary import text

    if not (given.anonymous and given.export) and (
        given.anonymous or given.team_key or given.person
    ):
        raise StoreError("--team-key and --person go with --anonymous, and that with --export FILE")
    if given.new_team_key:
        team_labels.new_key(Path(given.new_team_key))
        print(f"wrote a key to {given.new_team_key} (mode 0600): for the team alone")
        return
    name, files = given.name or "mine", [Path(path) for path in given.given or ()]
    if given.anonymous:
        _hand_over(given)
    elif given.export:
        done = export(name, Path(given.export))
        held = f"{count(done.files, 'file')}, {done.size / 1e6:.1f} MB"
        print(f"exported {name}: {held} to {given.export}")
        print("it holds the names of your projects and folders: keep it to yourself (mode 0600)")
    elif team_given.for_team(files):
        _take_in(given, files)
    else:
        found = import_archive(name, files[0])
        if not (found.logs or found.requests):
            whole = f"{count(found.of, 'file')} {'is' if found.of == 1 else 'are'}"
            print(f"imported nothing into {name}: all of {whole} there already")
        else:
            were = "was" if found.requests == 1 else "were"
            new = f"{count(found.requests, 'request')} that {were}"
            some = f"{found.logs:,} of {count(found.of, 'file')}"
            print(f"imported into {name}: {some}, {new} not there")
        print(text(store.summary(name) or {}))


def _hand_over(given: argparse.Namespace) -> None:
    """Write one person's requests for a team, and say what of them is in the file."""
    from analysis.report.anonymous import export_anonymous
    from analysis.words import handed

    name, key = given.name or "mine", Path(given.team_key) if given.team_key else None
    done = export_anonymous(name, Path(given.export), key, given.person)
    print(handed.exported(name, given.export, done, keyed=key is not None))


def _take_in(given: argparse.Namespace, files: list[Path]) -> None:
    """Take files that people handed over into a team."""
    from analysis.logs.files import StoreError
    from analysis.logs.team_import import take_in
    from analysis.words import handed

    if not given.name:
        raise StoreError("those are files of a team: say which with --name TEAM")
    print(handed.imported(given.name, take_in(given.name, files)))


def _prepare(given: argparse.Namespace) -> None:
    """Load, then write what make needs to know."""
    from analysis import makerules, params
    from analysis.crosscheck import result
    from analysis.report import names
    from analysis.report.privacy_names import allowed
    from analysis.report.publish import digest, whole

    values = params.overrides(given.params)
    stamp, team = _own_prices(), _team(values.get("team", ""))
    _load_logs(given)
    params.write(_name(given), values)
    names.write(_name(given), real=given.real_names)
    build, chapters = paths.BUILD / _name(given), params.chapters(values)
    params.write_if_new(build / "prices.sha256", stamp)
    params.write_if_new(build / "team.sha256", team)
    params.write_if_new(build / "crosscheck.sha256", result.stamp(_name(given)))
    params.write_if_new(build / "chapters.txt", "".join(f"{n.stem}\n" for n in chapters))
    may = allowed(_name(given))
    params.write_if_new(build / "allowed.sha256", digest(may) if may.exists() else "")
    makerules.write()
    if not ((build / "summary.txt").exists() and whole(paths.REPORTS / _name(given))):
        (build / "chapters.txt").touch()  # so that make renders the page


def _own_prices() -> str:
    """Check the reader's own prices and return their digest; empty without any."""
    if not paths.PRICES.exists():
        return ""
    from analysis.overrides import read_overrides
    from analysis.report.publish import digest

    read_overrides(paths.PRICES)
    return digest(paths.PRICES)


def _team(name: str) -> str:
    """Return the digest of a team, once it is seen to be there."""
    from analysis.logs import team
    from analysis.params import ParameterError

    if name and name not in team.teams():
        known = ", ".join(team.teams())
        there = f"there are {known}" if known else "there is none"
        raise ParameterError(f"team={name!r}: no such team, {there} (docs/team.md)")
    return team.stamp(name)


def _run(given: argparse.Namespace) -> None:
    """Run notebooks on a dataset, side by side."""
    from analysis.report import runs

    runs.execute_all([_notebook(name) for name in given.notebook], _name(given))


def _build(given: argparse.Namespace) -> None:
    """Run what is out of date, render the page if anything was, and print the summary."""
    if notebooks := [word for word in given.stale if word != "page"]:
        _run(argparse.Namespace(notebook=notebooks, name=_name(given)))
    if given.stale:
        _render(given)
    _summary(given)


def _notebook(name: str | Path) -> Path:
    """Return a notebook by its path or its stem."""
    from analysis.params import ParameterError, notebooks

    found = [n for n in notebooks() if n.stem == Path(name).stem]
    if not found:
        raise ParameterError(f"no notebook {name}: {', '.join(n.stem for n in notebooks())}")
    return found[0]


def _render(given: argparse.Namespace) -> None:
    """Bind the executed notebooks and render the page."""
    from analysis.report import page

    begun = time.monotonic()
    page.build(_name(given))
    print(f"rendered {_name(given):<15} {time.monotonic() - begun:5.1f} s", flush=True)


def _summary(given: argparse.Namespace) -> None:
    """Print a report's summary and where its page is."""
    name = _name(given)
    text = paths.BUILD / name / "summary.txt"
    if not text.exists():
        from analysis.environment import SetupError

        raise SetupError(f"no report of {name!r} yet: make report NAME={name}")
    print(text.read_text(), end="")
    print(f"page       {paths.REPORTS / name / 'index.html'}")


def _report(given: argparse.Namespace) -> None:
    """All of `make report`, without its memory."""
    from analysis import params

    _prepare(given)
    stale = [n.stem for n in params.chosen(_name(given))]
    _build(argparse.Namespace(stale=[*stale, "page"], name=_name(given)))


def _pdf(given: argparse.Namespace) -> None:
    """Print a report's page as PDF."""
    from analysis.report import sharing

    print(f"pdf        {sharing.write_pdf(_name(given))}")


def _figures(given: argparse.Namespace) -> None:
    """Draw each chapter's lead figure as a picture to share."""
    from analysis.report import sharing

    folder = sharing.write_figures(_name(given))
    print(f"figures    {folder} ({len([*folder.iterdir()])} pictures)")


def _bundle(given: argparse.Namespace) -> None:
    """Pack a report with its PDF, pictures, data and notebooks as one zip."""
    from analysis.report import bundle
    from analysis.report.publish import digest

    packed = bundle.write_bundle(_name(given), exact_times=given.exact_times)
    print(f"bundle     {packed}, {packed.stat().st_size / 1e6:.1f} MB")
    print(f"sha256     {digest(packed)}")


def _clean(given: argparse.Namespace) -> None:
    """Remove a dataset's tables, names and report."""
    from analysis.logs.files import StoreError, check_name, locked
    from analysis.logs.store import imported, only_here

    name = check_name(_name(given))
    folders = [f / name for f in (paths.PROCESSED, paths.PRIVATE, paths.BUILD)]
    if not any(folder.exists() for folder in folders):
        raise StoreError(f"nothing is called {name!r}")
    with locked(paths.PROCESSED / name / ".lock"):
        if not given.force and (alone := only_here(name)):
            of_them = f" ({came:,} of them imported)" if (came := imported(name)) else ""
            raise StoreError(
                f"dataset {name!r} keeps the rows of {count(alone, 'log file')} that cannot be "
                f"read from disk again{of_them}: add FORCE=yes (--force) to remove them all the "
                "same"
            )
        _remove(name, folders)
    print(f"removed {name}: tables, names, executed notebooks, report")


def _remove(name: str, folders: list[Path]) -> None:
    import shutil

    from analysis.report.builds import beside, builds_of, drafts_of

    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    (paths.REPORTS / name).unlink(missing_ok=True)
    for built in builds_of(name, paths.REPORTS):
        shutil.rmtree(built)
    for made in (*beside(name, paths.REPORTS), *drafts_of(name, paths.REPORTS)):
        shutil.rmtree(made) if made.is_dir() and not made.is_symlink() else made.unlink()


def _synth(given: argparse.Namespace) -> None:
    """Write the shipped sample again, other synthetic logs, or the files of a synthetic team."""
    from analysis import synth
    from analysis.synth.people import write_people

    to, seed = Path(given.to), synth.SEED if given.seed is None else given.seed
    if not given.to and (given.megabytes or given.people or given.seed is not None):
        raise synth.SynthError("the shipped sample is what it is: say where with --to FOLDER")
    if given.megabytes < 0:
        raise synth.SynthError(f"--megabytes {given.megabytes:g}: write a size above 0")
    if given.people < 0:
        raise synth.SynthError(f"--people {given.people}: write a number above 0")
    if given.people:
        made = [*write_people(to, given.people, seed)]
        print(f"wrote {count(sum(made), 'request')} in {count(len(made), 'file')} to {to}")
        return
    if given.megabytes:
        begun = time.monotonic()
        size = synth.fill(to, given.megabytes, seed).bytes / 1e6
        print(f"wrote {size:,.0f} MB to {to}, {size / (time.monotonic() - begun):.0f} MB/s")
    elif given.to:
        wrote = synth.write(to, seed)
        said = f"{count(wrote.requests, 'request')}, {count(wrote.lines.total(), 'line')}"
        print(f"wrote {said}, {wrote.bytes / 1e6:.1f} MB to {to}")
    else:
        synth.write_sample(paths.SAMPLE)


def _new_chapter(given: argparse.Namespace) -> None:
    """Lay out the files of a new chapter, ready to run."""
    from analysis.scaffold import new_chapter

    for path in new_chapter(given.question):
        added = path.name in ("README.md", "gallery.py")
        print(f"{'added to' if added else 'wrote'} {path.relative_to(paths.ROOT)}")
    print("it runs as it is: make report; what to fill in is in docs/chapters.md")


def _tables(given: argparse.Namespace) -> None:
    """Write what is made of the sources: docs/tables.md, and the notebooks' words for the gate."""
    from analysis.report.privacy_names import SHIPPED, in_notebooks
    from analysis.schema import dictionary

    (paths.ROOT / "docs" / "tables.md").write_text(dictionary())
    SHIPPED.write_text(in_notebooks())


def _name(given: argparse.Namespace) -> str:
    return given.name or ("mine" if getattr(given, "logs", "") else "sample")


def _bar(files: list[LogFile], size: int, speed: float) -> Iterator[LogFile]:
    """Say how much there is to read and about how long it takes, then how far it is."""
    from tqdm import tqdm

    seconds = size / speed
    long = f"{seconds / 60:.0f} min" if seconds > 90 else f"{max(seconds, 1):.0f} s"
    where = count(len(files), "file")
    print(f"reading {size / 1e9:.1f} GB in {where}, about {long}", file=sys.stderr)
    with tqdm(total=size, unit="B", unit_scale=True, desc="load", disable=None) as bar:
        for log in files:
            yield log
            bar.update(_size(log.place, size // len(files)))


def _size(path: str, mean: int) -> int:
    """Return how much a log has; of one that is elsewhere, what they have on average."""
    from analysis.logs.places import is_address

    try:
        return mean if is_address(path) else os.path.getsize(path)
    except OSError:
        return 0


#: Each with its description, the first line of its docstring.
COMMANDS = {
    "setup": _setup,
    "load": _load,
    "verify": _verify,
    "crosscheck": _crosscheck,
    "archive": _archive,
    "prepare": _prepare,
    "build": _build,
    "run": _run,
    "render": _render,
    "summary": _summary,
    "report": _report,
    "pdf": _pdf,
    "figures": _figures,
    "bundle": _bundle,
    "clean": _clean,
    "new-chapter": _new_chapter,
    "synth": _synth,
    "tables": _tables,
}
