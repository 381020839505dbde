"""What a notebook's result depends on: the modules it imports, directly or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analysis.params import cells, notebooks
from analysis.paths import BUILD, ROOT

#: What every chapter depends on beside its own imports: how it is run and how it looks.
ALWAYS = (
    "analysis/report/run.py",
    "analysis/report/suite.mplstyle",
    "analysis/report/suite-dark.mplstyle",
)


def write() -> Path:
    """Write `build/deps.mk`: one rule a notebook, for make to include."""
    lines = [
        f"build/$(NAME)/{notebook.stem}.ipynb: {' '.join(modules(notebook))}"
        for notebook in notebooks()
    ]
    BUILD.mkdir(exist_ok=True)
    target, text = BUILD / "deps.mk", "\n".join(lines) + "\n"
    if not target.exists() or target.read_text() != text:
        target.write_text(text)
    return target


def modules(notebook: Path) -> list[str]:
    """Return the package files a notebook imports, directly or not, relative to the root."""
    found: set[Path] = set()
    for source in cells(notebook):
        _follow(source, found)
    return sorted({*ALWAYS, *(str(p.relative_to(ROOT)) for p in found)})


def _follow(source: str, found: set[Path]) -> None:
    for path in _imports(source):
        if path not in found:
            found.add(path)
            _follow(path.read_text(), found)


@cache
def _imports(source: str) -> tuple[Path, ...]:
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
