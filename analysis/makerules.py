"""What chapters and the page depend on: the modules they import, directly or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analysis.logs.files import digest, write_whole
from analysis.params import cells, notebooks
from analysis.paths import BUILD, ROOT

#: What binds and renders.
PAGE = ROOT / "analysis" / "report" / "page.py"

#: What every chapter depends on beside its own imports: how it is run and how it looks.
ALWAYS = (
    "analysis/report/engine.py",
    "analysis/report/kernels.py",
    "analysis/report/run.py",
    "analysis/report/suite.mplstyle",
    "analysis/report/suite-dark.mplstyle",
)


def write() -> Path:
    """Write `build/deps.mk`, for make to include: a rule for each notebook and one for the page.

    Nothing is read as long as no notebook and no module has changed.
    """
    target = BUILD / "deps.mk"
    head = f"# of the sources {_stamps()}\n"
    if target.exists() and target.read_text().startswith(head):
        return target
    wanted = {f"build/$(NAME)/{n.stem}.ipynb": modules(*cells(n)) for n in notebooks()}
    wanted["reports/$(NAME)/index.html"] = modules(PAGE.read_text())
    rules = "".join(f"{made}: {' '.join(by)}\n" for made, by in wanted.items())
    write_whole(target, f"{head}{rules}".encode())
    return target


def _stamps() -> str:
    """Return a digest of what notebooks and modules there are, of their sizes and times."""
    found = [*notebooks(), *(ROOT / "analysis").rglob("*.py")]
    stamps = sorted((str(path), (s := path.stat()).st_mtime_ns, s.st_size) for path in found)
    return digest(repr(stamps).encode())


def modules(*sources: str) -> list[str]:
    """Return the package files that code imports, directly or not, relative to the root."""
    found: set[Path] = set()
    for source in sources:
        _follow(source, found)
    return sorted({*ALWAYS, *(str(p.relative_to(ROOT)) for p in found)})


def _follow(source: str, found: set[Path]) -> None:
    for path in imports(source):
        if path not in found:
            found.add(path)
            _follow(path.read_text(), found)


@cache
def imports(source: str) -> tuple[Path, ...]:
    """Return the package files that code imports itself, those of packages included."""
    return tuple(sorted({p for name in _names(ast.parse(source)) for p in _files(name)}))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{a.name}" for a in node.names)


def _files(name: str) -> Iterator[Path]:
    """Yield the files that importing a name of this package reads: its packages' and its own."""
    parts = name.split(".")
    if parts[0] != "analysis":
        return
    for end in range(1, len(parts) + 1):
        base = ROOT.joinpath(*parts[:end])
        yield from (p for p in (base / "__init__.py", base.with_suffix(".py")) if p.exists())
