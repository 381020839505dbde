"""Asking object storage, and asking again where it fails for a while."""

from __future__ import annotations

import errno
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

#: Times that a request is made before it is given up.
TIMES = 5

#: Seconds of the longest wait before the second time; it doubles with each, up to the most.
WAIT, LONGEST_WAIT = 0.5, 8.0

_T = TypeVar("_T")

#: Protocols whose libraries try again by themselves, which cannot be turned off.
_PATIENT = ("gs", "gcs", "az", "abfs", "abfss", "adl")


class PlaceError(Exception):
    """A place that logs are kept in does not give them; says which, why, and what to do."""


class _Kind(NamedTuple):
    """A way to fail: its signs, how it is said, what to do, and whether it may pass."""

    signs: re.Pattern[str]
    said: str
    to_do: str
    passes: bool = True


def _kind(signs: str, said: str, to_do: str, *, passes: bool = True) -> _Kind:
    return _Kind(re.compile(rf"\b(?:{signs})\b"), said, to_do, passes)


#: The first that fits counts.
_KINDS = (
    _kind("ENOSPC|EDQUOT", "no room for them here", "set TMPDIR to a larger disk", passes=False),
    _kind(
        "NoSuchBucket|ContainerNotFound|InvalidBucketName|ParamValidationError",
        "there is no such bucket",
        "check its name, and AWS_ENDPOINT_URL where the storage is not Amazon's",
        passes=False,
    ),
    _kind(
        r"\w*Credentials?\w*Error|ProfileNotFound|RefreshError|\w*TokenError|\w*TokenRetrievalError"
        "|ClientAuthenticationError|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken"
        "|InvalidToken|InvalidClientTokenId|401",
        "no credentials that it takes",
        "give some, as the library of this protocol takes them (AWS_PROFILE, AWS_ACCESS_KEY_ID, "
        "GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_CONNECTION_STRING)",
        passes=False,
    ),
    _kind(
        "InvalidObjectState",
        "some are archived, and no longer at hand",
        "restore them, or name what is at hand",
        passes=False,
    ),
    _kind(
        "PermissionError|AccessDenied|Forbidden|403",
        "access is denied",
        "let these credentials list the bucket and read its objects, and write those of PARTIALS=",
        passes=False,
    ),
    _kind(
        r"SlowDown|\w*Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|ServerBusy|EBUSY|429|503",
        "it asks for fewer requests",
        "use fewer workers, or come back later",
    ),
    _kind(
        r"EndpointConnectionError|ConnectionRefusedError|ClientConnector\w*|ECONNREFUSED|gaierror"
        r"|ServiceRequestError|ProxyConnectionError|SSLError",
        "it cannot be reached",
        "check the network, a proxy, and AWS_ENDPOINT_URL where the storage is not Amazon's",
    ),
    _kind(
        r"\w*Timeout\w*|ETIMEDOUT|\w*Connection\w*|ClientPayloadError|IncompleteRead\w*"
        r"|\w*Disconnected\w*|HTTPClientError|ResponseStreamingError|ECONNRESET|EPIPE",
        "the connection breaks, or takes too long",
        "check the network, or use fewer workers",
    ),
    _kind(
        "EREMOTEIO|InternalError|RetriesExceededError|5[0-9][0-9]",
        "its server fails",
        "come back later",
    ),
)

_OTHER = _kind("", "", "")


def asked(act: Callable[[], _T], address: str, what: str) -> _T:
    """Do something with a place, again if it fails for a while.

    Parameters
    ----------
    act
        What asks it.
    address, what
        Where and of what, to say when it cannot be done.

    Raises
    ------
    FileNotFoundError
        When it says that nothing is there.
    PlaceError
        When it fails otherwise, and goes on failing.
    """
    times = 1 if address.partition("://")[0] in _PATIENT else TIMES
    for time_ in range(1, times + 1):
        try:
            return act()
        except Exception as error:
            kind = _kind_of(error)
            if kind is None or (kind is _OTHER and time_ == times):
                raise
            at, why = public(address), f"{kind.said}: {kind.to_do}"
            if not kind.passes or times == 1:
                raise PlaceError(f"{at} cannot be read ({what}): {why}") from None
            if time_ == times:
                raise PlaceError(
                    f"{at} cannot be read ({what}), {times} times in a row: {why}"
                ) from None
        time.sleep(random.uniform(0, min(LONGEST_WAIT, WAIT * 2 ** (time_ - 1))))
    raise AssertionError("it was returned or raised")


def _kind_of(error: Exception) -> _Kind | None:
    """Return how a place fails; null of what is not there, and of a fault of a program."""
    signs = " ".join(_signs(error))
    found = next((kind for kind in _KINDS if kind.signs.search(signs)), _OTHER)
    if isinstance(error, FileNotFoundError) and found.passes:
        return None
    if found is _OTHER and type(error).__module__ == "builtins" and not isinstance(error, OSError):
        return None
    return found


def public(address: str) -> str:
    """Return an address without a password.

    Examples
    --------
    >>> public("s3://bucket/logs"), public("sftp://me:secret@host/logs")
    ('s3://bucket/logs', 'sftp://host/logs')
    """
    return re.sub(r"://[^/@]*:[^/@]*@", "://", address)


def _signs(error: BaseException | None) -> Iterator[str]:
    """Yield the names and codes by which an error says what it is; nothing of its text."""
    while error is not None:
        yield from (kind.__name__ for kind in type(error).__mro__)
        if isinstance(error, OSError) and error.errno:
            yield errno.errorcode.get(error.errno, "")
        if str(error).startswith("Forbidden"):  # as gcsfs says it, and no other way
            yield "Forbidden"
        response = getattr(error, "response", None)
        if isinstance(response, dict):
            yield str(response.get("Error", {}).get("Code"))
            yield str(response.get("ResponseMetadata", {}).get("HTTPStatusCode"))
        for name in ("status", "status_code", "code", "error_code"):
            yield str(getattr(error, name, ""))
        error = error.__cause__


def is_empty(error: Exception) -> bool:
    """Return whether an error says that an object ends before the bytes that were asked for."""
    return not {"InvalidRange", "416"}.isdisjoint(_signs(error))
