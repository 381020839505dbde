"""What of a table about people may be shown: no group of few, no sum that one person makes up.

A cell that may not be shown can be had from the others where their sum is shown, and so others are
withheld with it. What is withheld is not said to be small: it may be what hides a small one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

#: Groups of fewer people are not shown.
FEWEST = 5
#: A sum is one person's where the second in it could tell the first's part to within this share of
#: it: the p% rule (Hundepool and others, Statistical Disclosure Control, 2012, chapter 4.2.2).
CLOSE = 0.1

Parts = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


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


def withheld(measures: Sequence[Parts]) -> Flags:
    """Choose the cells that are not shown, of a table whose sum is or follows from what is.

    Those that are not `safe`; then, as long as what is withheld is not safe as one sum, or is one
    cell, the smallest that is still shown.

    Parameters
    ----------
    measures
        Of each number of a cell, such as people and dollars, what each person has: arrays of
        (people, cells). A cell is shown whole or not at all.

    Examples
    --------
    Two people with the one plan, six with the next, nine with the third:

    >>> which = np.repeat(np.arange(3), [2, 6, 9])
    >>> withheld([np.eye(3)[which]])
    array([ True,  True, False])
    """
    cells = range(measures[0].shape[1])
    hidden = np.array([not all(safe(m[:, n]) for m in measures) for n in cells], bool)
    size = np.sum([np.argsort(np.argsort(m.sum(axis=0), kind="stable")) for m in measures], axis=0)
    filled = np.any([m.sum(axis=0) > 0 for m in measures], axis=0)
    shown = sorted(np.flatnonzero(filled & ~hidden), key=lambda n: (size[n], n), reverse=True)
    while shown and _tells(measures, hidden):
        hidden[shown.pop()] = True
    return hidden


def _tells(measures: Sequence[Parts], hidden: Flags) -> bool:
    """Tell whether the sum of what is withheld tells too much."""
    alone = hidden.sum() == 1
    return bool(alone or not all(safe(m[:, hidden].sum(axis=1)) for m in measures))
