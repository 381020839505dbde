"""stand-in until merged."""

from contextlib import contextmanager
from pathlib import Path

from analysis.logs import discover


def is_address(text):
    return "://" in text


def roots(logs):
    return [str(r) for r in discover.roots(logs)]


def listed(roots):
    return discover.listing(map(Path, roots))


placed = discover.placed
none_in = discover.none_in


@contextmanager
def fetched(files):
    yield {}
