"""One more net for keys: the detectors of detect-secrets, by the fork that is kept up.

Those that guess by entropy or by a word such as "password" are left out: a report is full of
digests. Nothing is verified over a network.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

#: What every key holds: a long run with a digit. Most lines of a page have none.
_RUN = re.compile(r"[\w+/=-]{20,}")
_DIGIT = re.compile(r"\d")

#: A key of this kind has no shape of its own: it is base64, as pictures and digests are.
_AZURE = re.compile("(?i)azure|account.?key")


def caught(lines: list[str]) -> set[str]:
    """Return the kinds of keys that lines hold.

    Examples
    --------
    >>> caught(["a line", "key: SG." + "a1" * 11 + "." + "b2" * 21 + "b"])
    {'key: SendGrid API Key'}
    """
    text = "\n".join(line for line in lines if any(map(_DIGIT.search, _RUN.findall(line))))
    if not text:
        return set()
    kinds = {d.secret_type for d in _detectors() if any(d.analyze_string(text))}
    if not _AZURE.search(text):
        kinds = {kind for kind in kinds if not kind.startswith("Azure Storage")}
    return {f"key: {kind}" for kind in kinds}


@cache
def _detectors() -> tuple[Any, ...]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
    from detect_secrets.plugins.base import RegexBasedDetector

    kinds = get_mapping_from_secret_type_to_class()
    return tuple(kind() for kind in kinds.values() if issubclass(kind, RegexBasedDetector))
