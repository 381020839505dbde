"""A dataset beside the tool: what both count of it, and a row for each rule between them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from analysis.crosscheck import dollars, entries, reconcile, result, rules, tool
from analysis.crosscheck.reconcile import Sums
from analysis.crosscheck.seen import Counts, Said
from analysis.crosscheck.tool import CrosscheckError
from analysis.logs import discover, store, update
from analysis.logs.dataset import Logs
from analysis.logs.discover import Listed
from analysis.logs.files import StoreError, private
from analysis.logs.identity import resolve
from analysis.logs.manifest import Manifest, read_manifest
from analysis.logs.places import is_address
from analysis.logs.sources import CLAUDE_CODE
from analysis.models import public_name


def compare(
    name: str, reports: Callable[[Iterable[Path]], Mapping[str, Said]] | None = None
) -> pl.DataFrame:
    """Compare a dataset with the tool's count of the same logs.

    Parameters
    ----------
    name
        A dataset that is loaded.
    reports
        Lets the tool count the logs below some folders; by default it is installed and run.

    Returns
    -------
    pl.DataFrame
        Of each report and model: `ours`, the rules that make a difference in the order in which
        they were applied, `unexplained`, and `theirs`, which is the sum of the rows before it;
        tokens by class, and nano-dollars (ours at our prices, theirs at its own).

    Raises
    ------
    CrosscheckError
        When there is nothing to compare, the tool cannot be had, or logs grow meanwhile.
    StoreError
        When there is no such dataset, or it is damaged.
    """
    logs, manifest = store.read(name), read_manifest(name)
    if manifest is None:
        raise StoreError(f"{private(name)} is gone, which says which logs the tables are of")
    if not (logs.copies["source"] == CLAUDE_CODE).any():
        raise CrosscheckError(
            f"dataset {name!r} has no request of Claude Code's own logs, which are what ccusage "
            "can be shown: load such with LOGS=~/.claude/projects"
        )
    roots = [Path(root) for root in manifest.roots if not is_address(root)]
    listed = discover.listing(roots)
    seen = [log for log in discover.placed(listed) if _opened(log.path)]
    if not seen:
        raise CrosscheckError(
            f"no log of dataset {name!r} is on disk as ccusage reads it: {_why(manifest, listed)}"
        )
    run = reports or (lambda roots: tool.reports(tool.install(), [*roots]))
    said = run(root for root in roots if any(found.root == root for found in listed.values()))
    numbers = {path: log.number for path, log in manifest.files.items()}
    found = entries.entries(seen, numbers, bytes.fromhex(manifest.key))
    if _stamps(discover.listing(roots)) != _stamps(listed):
        raise CrosscheckError("logs were written while they were compared: once more, in a pause")
    named = _names(manifest)
    copies = entries.ours(found).with_columns(pl.col("model").replace(_labels(manifest)))
    tables = _tables(name, logs, manifest, listed, [str(log.path) for log in seen])
    rows = []
    for report in tool.REPORTS:
        done = _steps(report, tables, copies, found, logs.pricing(), said[report], named)
        rows += _rows(report, done)
    return pl.DataFrame(rows, result.COLUMNS, orient="row")


def _opened(path: Path) -> bool:
    """Whether the tool opens a log: it follows no link below the folder that it is given."""
    return path.suffix == ".jsonl" and os.path.realpath(path) == str(path)


def _why(manifest: Manifest, listed: Mapping[str, Listed]) -> str:
    """Say where the logs of a dataset are, none of which the tool opens."""
    away = [log.imported for path, log in manifest.files.items() if path not in listed]
    gone, came = away.count(None) + len(manifest.kept), len(away) - away.count(None)
    packed = len(listed)
    parts = {"gone": gone, "imported from another dataset": came, "compressed or a link": packed}
    return ", ".join(f"{number:,} {what}" for what, number in parts.items() if number)


def _stamps(listed: Mapping[str, Listed]) -> dict[str, tuple[int, int] | None]:
    return {
        path: (found.stat.st_size, found.stat.st_mtime_ns) if found.stat else None
        for path, found in listed.items()
    }


def _labels(manifest: Manifest) -> dict[str, str]:
    key = bytes.fromhex(manifest.key)
    return {public_name(model, key): label for model, label in manifest.models.items()}


def _names(manifest: Manifest) -> Callable[[str], str]:
    key, labels = bytes.fromhex(manifest.key), _labels(manifest)

    def named(model: str) -> str:
        name = public_name(model, key)
        return labels.get(name, name)

    return named


def _as_named(said: Said, named: Callable[[str], str]) -> Sums:
    """Return what the tool says by model as the tables name it."""
    tokens: dict[str, Counts] = {}
    nano: dict[str, int] = {}
    for model, counts in said.tokens.items():
        name = named(model.removesuffix("-fast"))
        tokens[name] = tokens.get(name, Counts()).plus(counts)
        nano[name] = nano.get(name, 0) + said.nano.get(model, 0)
    return Sums(tokens, nano)


def _tables(
    name: str, logs: Logs, manifest: Manifest, listed: Mapping[str, Listed], seen: list[str]
) -> list[tuple[str, pl.DataFrame]]:
    """Go from all requests of a dataset to those of the logs that the tool opens."""
    files = manifest.files
    there = [log.number for path, log in files.items() if path in listed]
    opened = [files[path].number for path in seen if path in files]
    found = [("", logs.copies)]
    found.append(("sources", logs.copies.filter(pl.col("source") == CLAUDE_CODE)))
    found.append(("gone", found[-1][1].filter(pl.col("file").is_in(there))))
    found.append(("unseen", found[-1][1].filter(pl.col("file").is_in(opened))))
    if update.news(name, manifest, listed, keep=True).changed:
        found.append(("changed", logs.copies.clear()))  # what they say now is read afresh
    return [(rule, resolve(copies)) for rule, copies in found]


def _steps(
    report: str,
    tables: list[tuple[str, pl.DataFrame]],
    copies: pl.DataFrame,
    found: list[entries.Entry],
    price: dollars.Price,
    said: Said,
    named: Callable[[str], str],
) -> list[tuple[str, Sums]]:
    """Return what is counted after each rule: of tokens, then of dollars for the same tokens."""
    done = [(rule, reconcile.sums(requests, price)) for rule, requests in tables]
    requests = copies
    for rule, requests in reconcile.steps(copies, found, report, named):
        if rule == "lines" and done[-1][0] == "changed":
            done[-1] = ("changed", reconcile.sums(requests, price))
        else:
            done.append((rule, reconcile.sums(requests, price)))
    theirs = _as_named(said, named)
    logged = {
        n: look.seen[0].cost
        for n, look in enumerate(entry.theirs[report] for entry in found)
        if look.seen and look.seen[0].cost is not None
    }
    tokens = done[-1][1].tokens
    for rule, nano in dollars.steps(requests, theirs.nano, price, logged):
        done.append((rule, Sums(tokens, nano)))
    return [*done, (rules.UNEXPLAINED, theirs)]


def _rows(report: str, done: list[tuple[str, Sums]]) -> list[tuple[Any, ...]]:
    """Return what each step adds, for each model that has any of it."""
    models = sorted({model for _, sums in done for part in sums for model in part})
    rows: list[tuple[Any, ...]] = []
    for step, now, before in (
        (rules.OURS, done[0][1], Sums({}, {})),
        *((rule, now, done[n][1]) for n, (rule, now) in enumerate(done[1:])),
        (rules.THEIRS, done[-1][1], Sums({}, {})),
    ):
        for model in models:
            counts = now.tokens.get(model, Counts()).minus(before.tokens.get(model, Counts()))
            nano = now.nano.get(model, 0) - before.nano.get(model, 0)
            if any(counts) or nano:
                rows.append((report, step, model, *counts, nano))
    return rows
