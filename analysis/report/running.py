"""Running titles: what is printed above the pages of each chapter."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_SPECIAL = re.compile(r'["\\<>\n]')


def running_titles(toc: Iterable[Mapping[str, Any]]) -> str:
    r"""Write CSS that prints each chapter's title above its pages.

    Parameters
    ----------
    toc : iterable of mappings
        A bound notebook's contents: ``id``, ``number`` and ``title`` of each chapter. A chapter
        is the section that is named by the element of that id.

    Examples
    --------
    >>> chapter = {"id": "03-margin", "number": "03", "title": "How much?"}
    >>> print(running_titles([chapter]).replace("}@", "}\n@"))
    [aria-labelledby="03-margin"]{page:c-03-margin}
    @page c-03-margin{@top-left{content:"03 · How much?"}}
    """
    return "".join(map(_rule, toc))


def _rule(chapter: Mapping[str, Any]) -> str:
    name = re.sub(r"[^\w-]", "_", chapter["id"])
    title = " · ".join(filter(None, (chapter["number"], chapter["title"])))
    text = _SPECIAL.sub(lambda sign: f"\\{ord(sign[0]):x} ", title)
    section = f'[aria-labelledby="{_SPECIAL.sub("", chapter["id"])}"]'
    return f'{section}{{page:c-{name}}}@page c-{name}{{@top-left{{content:"{text}"}}}}'
