"""Markdown as the report prints it: no raw HTML, nothing fetched, no harmful links.

nbconvert's own filter reads ``$5 and $6`` as mathematics and lets raw HTML through. The report
speaks of money, and its text is partly made by code: here a dollar is a dollar, and ``<`` is text.
"""

import html
import os
import re
from collections.abc import Iterable, Iterator

import mistune

from analysis.report.subset import pictures, stays

#: What a Jupyter server sets for its kernels; a report's kernels have none.
SERVED = "JPY_SESSION_NAME"

_ELSEWHERE = re.compile("(https?|mailto):")
_SCROLL = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'

_UNIT = re.compile(
    r"(?<=\d) (?=%|(?:points?|tokens?|dollars?|seconds?|minutes?|hours?|days?|weeks?|months?)\b)"
)
_SIGN = re.compile(r"(?<=[\u2212+~])(?=\$)")


class _Renderer(mistune.HTMLRenderer):
    """Headings take the anchors that bind gave them; an address outside the page is text."""

    def __init__(self, anchors: Iterator[str]) -> None:
        super().__init__(escape=True)
        self.anchors = anchors

    def heading(self, text: str, level: int, **attrs: object) -> str:
        anchor = next(self.anchors, None)
        name = f' id="{html.escape(anchor)}"' if anchor else ""
        return f"<h{level}{name}>{text}</h{level}>\n"

    def text(self, text: str) -> str:
        return html.escape(unbroken(html.unescape(text)), quote=False)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if stays(url):
            return super().link(text, url, title)
        address = html.escape(html.unescape(url), quote=False)
        return f"{text} ({address})" if _ELSEWHERE.match(url) and address != text else text

    def linebreak(self) -> str:
        return "<br>\n"

    def thematic_break(self) -> str:
        return "<hr>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if pictures(url):
            return super().image(text, url, title).replace(" />", ">")
        return self.link(text or "image", url, title)


def to_html(source: str, anchors: Iterable[str] = ()) -> str:
    r"""Render Markdown for the page.

    Parameters
    ----------
    source : str
        CommonMark with tables, strikethrough and bare links.
    anchors : iterable of str
        Ids for the headings, in order; a heading beyond them has none.

    Examples
    --------
    >>> to_html("## Costs", ["03-margin-costs"])
    '<h2 id="03-margin-costs">Costs</h2>\n'
    >>> to_html("$5 to $6 <b>")
    '<p>$5 to $6 &lt;b&gt;</p>\n'
    >>> to_html("[x](javascript:alert), [y](https://example.org)")
    '<p>x, y (https://example.org)</p>\n'
    """
    markdown = mistune.create_markdown(
        renderer=_Renderer(iter(anchors)), plugins=["table", "strikethrough", "url"]
    )
    rendered = str(markdown(source))
    rendered = rendered.replace(' style="text-align:right"', ' class="num"')
    rendered = re.sub(r'(<t[hd])( style="text-align:\w+")', r"\1", rendered)
    return (
        rendered.replace("<table>", f"{_SCROLL}<table>")
        .replace("</table>", "</table></div>")
        .replace("<th>", '<th scope="col">')
        .replace("<th class", '<th scope="col" class')
    )


def unbroken(text: str) -> str:
    r"""Keep a number on one line with its sign and its unit.

    >>> unbroken("24 % of requests, 5.8 points")
    '24\xa0% of requests, 5.8\xa0points'
    >>> unbroken("\u2212$12")
    '\u2212\u2060$12'
    """
    return _SIGN.sub("\u2060", _UNIT.sub("\xa0", text))


def inline(source: str) -> str:
    """Render one line of Markdown without a paragraph around it.

    >>> inline("*43:1* of dollars")
    '<em>43:1</em> of dollars'
    """
    return to_html(source.strip()).strip().removeprefix("<p>").removesuffix("</p>")


def plain(source: str) -> str:
    """Markdown as text alone, for lists and attributes.

    >>> plain("*Reads* grow, see [Figure 2](#fig-growth)")
    'Reads grow, see Figure 2'
    """
    return html.unescape(re.sub(r"<[^>]*>", "", inline(source)))


def title_and_rest(caption: str) -> tuple[str, str]:
    """Split a caption after its first sentence: the finding, and how to read it.

    A sentence ends at a full stop, question or exclamation mark before anything that is not a
    small letter.

    >>> title_and_rest("Reads are *97.7 %*. 3 cases of 4.")
    ('Reads are *97.7 %*.', '3 cases of 4.')
    >>> title_and_rest("Reads rise.")
    ('Reads rise.', '')
    """
    title, *rest = re.split(r"(?<=[.!?])\s+(?=[^\sa-z])", caption.strip(), maxsplit=1)
    return title, "".join(rest)


def first_sentence(source: str) -> str:
    """Return the first sentence of a caption as text, for a list.

    >>> first_sentence("Reads *rise*. Writes do not.")
    'Reads rise.'
    """
    return plain(title_and_rest(source)[0])


def for_notebook(source: str) -> str:
    r"""Keep JupyterLab from reading HTML or mathematics into Markdown.

    In a kernel of a Jupyter server each dollar stands in an element of its own: JupyterLab looks
    for mathematics once more in what Markdown has become, where a backslash is gone.

    >>> for_notebook("$5 to $6 <b>")
    '\\$5 to \\$6 &lt;b>'
    """
    dollar = r"<span>\\$</span>" if os.environ.get(SERVED) else r"\\$"
    return re.sub(r"(?<!\\)\$", dollar, source.replace("<", "&lt;"))
