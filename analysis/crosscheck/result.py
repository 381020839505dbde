"""The last comparison of a dataset, kept beside its tables with the digest of what they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analysis.crosscheck.rules import VERSION
from analysis.logs.files import digest, folder, sealed, unsealed, write_whole
from analysis.logs.manifest import read_dataset

#: Rows of a comparison: what we count, each rule, what is left, what the tool counts.
COLUMNS = {
    "report": pl.String,
    "step": pl.String,
    "model": pl.String,
    **dict.fromkeys(("input", "output", "write", "read", "nano"), pl.Int64),
}


class Crosscheck(NamedTuple):
    """A comparison: its rows, the tool's version, and whether the tables are still those."""

    rows: pl.DataFrame
    version: str
    current: bool


def path(name: str) -> Path:
    """Return where the comparison of a dataset lies."""
    return folder(name) / "crosscheck.json"


def stamp(name: str) -> str:
    """Return a digest of the comparison of a dataset; empty without one."""
    return digest(path(name).read_bytes()) if path(name).exists() else ""


def tables(name: str) -> str:
    """Return a digest of what the tables of a dataset are."""
    found = read_dataset(name)
    if found is None:
        return ""
    return digest(json.dumps([found.live, found.kept, found.batches], sort_keys=True).encode())


def write(name: str, rows: pl.DataFrame, of: str) -> None:
    """Keep a comparison of tables with this digest, whole, in place of an earlier one."""
    made = {"tool": "ccusage", "version": VERSION, "tables": of, "rows": rows.rows()}
    write_whole(path(name), sealed(json.dumps(made).encode()))


def read(name: str) -> Crosscheck | None:
    """Return the last comparison of a dataset; null without one that is whole."""
    try:
        whole = unsealed(path(name).read_bytes())
    except FileNotFoundError:
        return None
    if whole is None:
        return None
    made = json.loads(whole[1])
    rows = pl.DataFrame(made["rows"], COLUMNS, orient="row")
    return Crosscheck(rows, made["version"], made["tables"] == tables(name))
