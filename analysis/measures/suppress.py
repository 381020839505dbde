"""What of a table about people may be shown: no group of few, no sum that one person makes up.

A cell that may not be shown can be had from the others where their sum is shown, and so others are
withheld with it. What is withheld is not said to be small: it may be what hides a small one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: Groups of fewer people are not shown.
FEWEST = 5
#: A sum is one person's where the second in it could tell the first's part to within this share of
#: it: the p% rule (Hundepool and others, Statistical Disclosure Control, 2012, chapter 4.2.2).
CLOSE = 0.1

Parts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Withheld(NamedTuple):
    """Which cells are not shown, and which sums of lines are not."""

    cells: Flags
    sums: Flags


def safe(parts: Parts) -> bool:
    """Tell whether a sum over people may be shown.

    Parameters
    ----------
    parts
        What each person has of it, none below zero.

    Returns
    -------
    bool
        Whether nobody has any of it, or at least `FEWEST` people have and the rest without the
        two largest parts is at least `CLOSE` of the largest.

    Examples
    --------
    >>> safe(np.array([1.0, 1, 1, 1, 1])), safe(np.array([1.0, 1, 1, 1, 0])), safe(np.zeros(3))
    (True, False, True)
    >>> safe(np.array([90.0, 1, 1, 1, 1]))
    False
    """
    some = np.sort(parts[parts > 0])[::-1]
    if not some.size:
        return True
    return bool(some.size >= FEWEST and some[2:].sum() >= CLOSE * some[0])


def withheld(
    measures: Sequence[Parts],
    lines: Sequence[Sequence[int]] | None = None,
    first: Flags | None = None,
) -> Withheld:
    """Choose the cells of a table, or of several, that are not shown.

    Those that are not `safe`; then, as long as what is withheld of a line is not safe as one sum,
    or is one cell, the smallest that is still shown there; and as long as a cell could be computed
    from all lines together, the smallest shown beside it.

    Parameters
    ----------
    measures
        Of each number of a cell, such as people and dollars, what each person has: arrays of
        (people, cells). A cell is shown whole or not at all.
    lines
        The cells whose sum is shown, or follows from what is: rows and columns of a table, tables
        that share a margin. By default one, of all cells.
    first
        Cells that are withheld whatever they hold.

    Returns
    -------
    Withheld
        Whether each cell is, and whether each line's sum is: there is nothing left to hide it
        behind.

    Examples
    --------
    Two people with the one plan, six with the next, nine with the third:

    >>> which = np.repeat(np.arange(3), [2, 6, 9])
    >>> withheld([np.eye(3)[which]]).cells
    array([ True,  True, False])
    """
    cells = measures[0].shape[1]
    sums = [list(range(cells))] if lines is None else [list(line) for line in lines]
    hidden = np.array([not all(safe(m[:, n]) for m in measures) for n in range(cells)], bool)
    hidden |= np.zeros(cells, bool) if first is None else first
    size = np.sum([np.argsort(np.argsort(m.sum(axis=0), kind="stable")) for m in measures], axis=0)
    filled = np.any([m.sum(axis=0) > 0 for m in measures], axis=0)
    open_ = [*sums]
    while (line := _open(measures, open_, hidden)) is not None:
        shown = [n for n in line if filled[n] and not hidden[n]]
        if not shown:  # the line's sum itself is none to show
            open_.remove(line)
            continue
        hidden[min(shown, key=lambda n: (size[n], n))] = True
    return Withheld(hidden, np.array([line not in open_ for line in sums], bool))


def _open(measures: Sequence[Parts], sums: Sequence[list[int]], hidden: Flags) -> list[int] | None:
    """Return a line that tells too much, if there is one."""
    for line in sums:
        some = [n for n in line if hidden[n]]
        if some and (len(some) == 1 or not all(safe(m[:, some].sum(axis=1)) for m in measures)):
            return line
    alone = computed(sums, hidden)
    return next((line for line in sums if alone[line].any()), None)


def computed(lines: Sequence[Sequence[int]], hidden: Flags) -> Flags:
    """Tell which withheld cells follow from those that are shown and from the lines' sums.

    Examples
    --------
    Two rows and two columns, of which three cells are withheld:

    >>> corners = [[0, 1], [2, 3], [0, 2], [1, 3]]
    >>> computed(corners, np.array([True, True, True, False]))
    array([ True,  True,  True, False])
    >>> computed(corners, np.array([True, True, True, True]))
    array([False, False, False, False])
    """
    known = np.zeros((len(lines), hidden.size))
    for row, line in enumerate(lines):
        known[row, list(line)] = 1
    places = np.flatnonzero(hidden)
    found = np.zeros(hidden.size, bool)
    if places.size and len(lines):
        _, values, right = np.linalg.svd(known[:, places])
        rank = int((values > 1e-9).sum())  # what the sums leave open has no part of such a cell
        found[places] = (np.abs(right[rank:]) < 1e-9).all(axis=0)
    return found
