"""Ways to make a page run or fetch something, each with a token of its own to be watched for.

`NOTEBOOKS` holds the cells of hostile notebooks, and what must come of each: "harmless", when the
page shows it as text or leaves it out, or the words with which it is refused.
"""

import base64
from dataclasses import dataclass, field

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from analysis.report.labels import LABELS

ELSEWHERE = "https://elsewhere.invalid"


def runs(token):
    """A script that leaves its token wherever a browser would let it."""
    return f"window.ran=(window.ran||'')+'{token};';document.title='{token}';console.log('{token}')"


@dataclass
class Vector:
    """One hostile notebook: its cells, what it must come to, and metadata of its own."""

    token: str
    cells: list
    told: str
    metadata: dict = field(default_factory=dict)


def markups(token):
    """HTML that runs or fetches, by what it is."""
    js, url = runs(token), f"{ELSEWHERE}/{token}"
    return {
        "script": f"<script>{js}</script>",
        "script-src": f'<script src="{url}.js"></script>',
        "img-onerror": f'<img src="x" onerror="{js}">',
        "unquoted": f"<img src=x onerror={js.replace(' ', '')}>",
        "slashes": f'<img/src="x"/onerror="{js}">',
        "svg-onload": f'<svg onload="{js}"></svg>',
        "details": f'<details open ontoggle="{js}"><summary>s</summary></details>',
        "autofocus": f'<b tabindex="0" autofocus onfocus="{js}">b</b>',
        "js-link": f'<a href="javascript:{js}">link</a>',
        "js-entity": f'<a href="java&#x09;script:{js}">link</a>',
        "vbscript": '<a href="vbscript:msgbox(1)">link</a>',
        "data-link": f'<a href="data:text/html,<script>{js}</script>">link</a>',
        "ping": f'<a href="#x" ping="{url}">link</a>',
        "iframe": f'<iframe src="{url}"></iframe>',
        "srcdoc": f'<iframe srcdoc="<script>{js}</script>"></iframe>',
        "object": f'<object data="{url}"></object>',
        "embed": f'<embed src="{url}">',
        "base": f'<base href="{url}/">',
        "form": f'<form action="{url}"><button formaction="{url}/2">b</button></form>',
        "link-css": f'<link rel="stylesheet" href="{url}.css">',
        "refresh": f'<meta http-equiv="refresh" content="0;url={url}">',
        "picture": f'<img srcset="{url} 2x" alt="a">',
        "video": f'<video src="{url}" poster="{url}/2" autoplay></video>',
        "audio": f'<audio src="{url}" autoplay></audio>',
        "background": f'<table background="{url}"><tr><td>t</td></tr></table>',
        "style-url": f'<p style="background:url({url})">p</p>',
        "style-escape": f'<p style="background:\\75 rl({url})">p</p>',
        "style-import": f'<style>@import "{url}";</style>',
        "style-set": f"<p style=\"background:image-set('{url}' 1x)\">p</p>",
        "template": f"<template><script>{js}</script></template>",
        "in-comment": f'<!--><img src="x" onerror="{js}">-->',
        "in-style": f'<svg><style><img src="x" onerror="{js}"></style></svg>',
        "in-noscript": f'<noscript><p title="</noscript><img src=x onerror={js}>"></noscript>',
        "math": f'<math><mtext><a xlink:href="javascript:{js}">m</a></mtext></math>',
        "svg-script": f"<svg><script>{js}</script></svg>",
        "svg-link": f'<svg><a xlink:href="javascript:{js}"><text>t</text></a></svg>',
        "svg-foreign": f'<svg><foreignObject><iframe src="{url}"/></foreignObject></svg>',
        "svg-use": f'<svg><use href="{url}.svg#a"/></svg>',
        "svg-image": f'<svg><image href="{url}.png"/></svg>',
        "svg-feimage": f'<svg><filter id="f"><feImage href="{url}"/></filter></svg>',
        "svg-set": f'<svg><a><set attributeName="href" to="javascript:{js}"/></a></svg>',
        "svg-animate": f'<svg><animate onbegin="{js}" attributeName="x" dur="1s"/></svg>',
        "svg-entity": f'<!DOCTYPE svg [<!ENTITY x "{url}">]><svg><text>&x;</text></svg>',
        "svg-cdata": f"<svg><style><![CDATA[@import '{url}';]]></style></svg>",
        "svg-xmlstyle": f'<?xml-stylesheet href="{url}"?><svg></svg>',
        "svg-namespace": f'<svg xmlns:h="http://www.w3.org/1999/xhtml"><h:script>{js}</h:script></svg>',
        "twice": f'<a href="#a" href="javascript:{js}">link</a>',
    }


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def display(metadata=None, **data):
    """A cell that displayed something of one or more kinds."""
    kinds = {kind.replace("__", "/").replace("_plus_", "+").replace("_", "."): v
             for kind, v in data.items()}  # fmt: skip
    output = new_output("display_data", kinds, metadata=metadata or {})
    return new_code_cell("show()", outputs=[output])


def output(kind, data, metadata=None):
    """A cell with one output of one kind."""
    return new_code_cell(
        "x", outputs=[new_output("display_data", {kind: data}, metadata=metadata or {})]
    )


def labelled(kind, body, **texts):
    """A cell that passes its output off as one of show() or table()."""
    prefix = "fig" if kind == "figure" else "tab"
    item = {"label": f"{prefix}-evil", "caption": "Seen.", "alt": "What.", "csv": "a\n1\n",
            "source": None, "rows": {}} | texts  # fmt: skip
    assert kind in LABELS
    mime = "image/svg+xml" if kind == "figure" else "text/html"
    return output(mime, body, {kind: item})


TABLE = (
    "<table><caption><span><b>Seen.</b></span></caption><tbody><tr><td>1</td></tr></tbody></table>"
)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><text>1</text></svg>'


def notebooks():
    """Every vector, each with its token."""
    made = []

    def add(name, told, cells, **metadata):
        made.append(Vector(name, cells, told, metadata))

    for name, markup in markups("t").items():
        add(f"md-{name}", "harmless", [new_markdown_cell(markups(f"md-{name}")[name])])
        token = f"out-{name}"
        add(token, "harmless", [output("text/html", markups(token)[name])])
        token = f"table-{name}"
        add(token, "refused", [labelled("table", TABLE + markups(token)[name])])
        if markup.startswith(("<svg", "<!DOCTYPE", "<?xml")):
            token = f"figure-{name}"
            add(token, "refused", [labelled("figure", markups(token)[name])])

    def one(name, told, make, **metadata):
        js, url = runs(name), f"{ELSEWHERE}/{name}"
        add(name, told, make(js, url), **metadata)

    text = [
        ("javascript-link", lambda js, url: f"[x](javascript:{js})"),
        ("data-link", lambda js, url: f"[x](data:text/html,<script>{js}</script>)"),
        ("entity-link", lambda js, url: f"[x](&#106;avascript:{js})"),
        ("autolink", lambda js, url: f"<javascript:{js}> and <{url}>"),
        ("bare-link", lambda js, url: f"see {url} there"),
        ("reference", lambda js, url: f"[x][r] ![y][s]\n\n[r]: javascript:{js}\n\n[s]: {url}"),
        ("image", lambda js, url: f'![x]({url}.png "t")'),
        ("image-svg", lambda js, url: f"![x](data:image/svg+xml,%3Csvg%20onload={js}%3E)"),
        ("breakout", lambda js, url: f'![" onerror="{js}]({url})'),
        ("title-breakout", lambda js, url: f"[x](#a-b '\" onmouseover=\"{js}')"),
        ("mermaid", lambda js, url: f"```mermaid\ngraph TD\nA-->B\nclick A call {js}\n```"),
        ("fence-breakout", lambda js, url: f'```"><script>{js}</script>\nx\n```'),
        ("mathematics", lambda js, url: f"$\\href{{javascript:{js}}}{{x}}$ $$\\unicode{{<b>}}$$"),
        ("heading", lambda js, url: f'## A" onclick="{js}" <script>{js}</script>'),
        ("table-markdown", lambda js, url: f"|<script>{js}</script>|\n|-|\n|<img onerror={js}>|"),
    ]
    for name, make in text:
        one(
            f"cell-{name}",
            "harmless",
            lambda js, url, make=make: [new_markdown_cell(make(js, url))],
        )
        one(
            f"said-{name}",
            "harmless",
            lambda js, url, make=make: [output("text/markdown", make(js, url))],
        )
    kinds = {
        "application/javascript": "{js}",
        "text/vnd.mermaid": "graph TD; A[<img src=x onerror={js}>]",
        "text/latex": "$\\href{{javascript:{js}}}{{x}}$",
        "application/json": '{{"a": "<script>{js}</script>"}}',
        "application/geo+json": '{{"type": "<script>{js}</script>"}}',
        "application/vnd.vega.v5+json": '{{"data": {{"url": "{url}"}}}}',
        "application/vnd.plotly.v1+json": '{{"data": "<script>{js}</script>"}}',
        "application/vnd.jupyter.widget-view+json": '{{"model_id": "<script>{js}</script>"}}',
        "application/pdf": "{url}",
        "video/mp4": "{url}",
        "audio/wav": "{url}",
        "text/plain": "<script>{js}</script>",
    }
    for kind, data in kinds.items():
        name = f"kind-{kind.replace('/', '-').replace('+', '-').replace('.', '-')}"
        body = data.format(js=runs(name), url=f"{ELSEWHERE}/{name}")
        add(name, "harmless", [output(kind, body)])
    for kind, data in (("image/png", PNG), ("image/svg+xml", DRAWING)):
        name = f"unlabelled-{kind[6:9]}"
        size = {kind: {"width": f'1" onload="{runs(name)}'}}
        add(name, "an image without a label", [output(kind, data, size)])
    for where in ("caption", "source"):
        name = f"figure-{where}"
        hostile = f"<script>{runs(name)}</script> [x](javascript:{runs(name)}) ![y]({ELSEWHERE})"
        add(name, "harmless", [labelled("figure", DRAWING, **{where: hostile})])
    breakout = f'"><script>{runs("figure-alt")}</script>'
    add("figure-alt", "harmless", [labelled("figure", DRAWING, alt=breakout)])
    breakout = f'fig-"><script>{runs("figure-label")}</script>'
    add("figure-label", "is not a figure label", [labelled("figure", DRAWING, label=breakout)])
    breakout = {f'a-"><script>{runs("row-label")}</script>': "x"}
    add("row-label", "is not a row's label", [labelled("table", TABLE, rows=breakout)])
    named = {f"a-row-{n}": f"<script>{runs('row-name')}</script>" for n in (1,)}
    cells = [labelled("table", TABLE, rows=named), new_markdown_cell("[](#a-row-1)")]
    add("row-name", "harmless", cells)
    for stream in ("stdout", "stderr"):
        name = f"stream-{stream}"
        body = f"\x1b]8;;javascript:{runs(name)}\x1b\\<script>{runs(name)}</script>\x1b[31m"
        add(
            name,
            "harmless",
            [new_code_cell("x", outputs=[new_output("stream", name=stream, text=body)])],
        )
    error = new_output("error", ename="<script>", evalue=f"<script>{runs('traceback')}</script>")
    add("traceback", "a cell failed", [new_code_cell("x", outputs=[error])])
    code = f"# </pre></details><script>{runs('source')}</script>\nx = '<img src=x onerror=1>'"
    add("source", "harmless", [new_code_cell(code)])
    cell = new_code_cell("x", metadata={"tags": [f'"><script>{runs("tags")}</script>']})
    add("tags", "harmless", [cell])
    cell = new_markdown_cell("![x](attachment:a.png)")
    cell["attachments"] = {"a.png": {"image/png": PNG}}
    add("attachment", "harmless", [cell])
    script = f"<script>{runs('metadata')}</script>"
    more = {"title": script, "authors": [{"name": script}], "widgets": {"a": {"state": script}}}
    add("metadata", "harmless", [new_markdown_cell("x")], language_info={"name": script}, **more)
    return made


NOTEBOOKS = notebooks()
