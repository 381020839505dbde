"""A record of another source, or a part of one: what it holds, or why it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from analysis.logs.records import RejectedError

Kind = TypeVar("Kind")


def fault(error: msgspec.ValidationError) -> str:
    """Return the reason that a value of another type or size gives.

    Examples
    --------
    >>> from analysis.logs.shapes import Count
    >>> for said in (b'"1"', b"-1"):
    ...     try:
    ...         msgspec.json.decode(said, type=Count)
    ...     except msgspec.ValidationError as error:
    ...         print(fault(error))
    wrong_type
    out_of_range
    """
    return "wrong_type" if ", got " in str(error) else "out_of_range"


def required(data: Any, decode: Callable[[Any], Kind]) -> Kind:
    """Return a record, or a part of one, that cannot be done without.

    Raises
    ------
    RejectedError
        When it cannot be read.
    """
    found = decoded(data, decode)
    if isinstance(found, str):
        raise RejectedError(found)
    return found


def decoded(data: Any, decode: Callable[[Any], Kind]) -> Kind | str:
    """Return a record, or a part of one, or why it cannot be read."""
    try:
        return decode(data)
    except UnicodeDecodeError:
        return "bad_utf8"
    except RecursionError:
        return "too_deep"
    except msgspec.ValidationError as error:
        return fault(error)
    except msgspec.DecodeError:
        return "not_json"
