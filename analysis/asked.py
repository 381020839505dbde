"""Switches of the surroundings, and what of them means yes."""

from __future__ import annotations

import os

#: As the Makefile has them.
YES = ("1", "yes", "true")


def asked(variable: str) -> bool:
    """Return whether a variable of the surroundings says yes; anything else says no.

    Examples
    --------
    >>> asked("NO_SUCH_SWITCH")
    False
    """
    return os.environ.get(variable) in YES
