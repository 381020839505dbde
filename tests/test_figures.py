"""show, table and say: what they display, what they refuse, and that they repeat themselves."""

import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import polars as pl
import pytest

from analysis.report import figures, labels, theme
from analysis.report.formats import FORMATS
from analysis.report.markdown import inline, title_and_rest, to_html


@pytest.fixture
def shown(monkeypatch):
    """What was displayed: a list of (data, metadata)."""
    outputs = []
    monkeypatch.setattr(
        labels, "display", lambda data, raw, metadata: outputs.append((data, metadata))
    )
    return outputs


@pytest.fixture(autouse=True)
def _style():
    with mpl.rc_context():
        figures.use_theme()
        yield
    plt.close("all")


FRAME = pl.DataFrame({"day": [1, 2, 3], "reads": [3.0, 1.5, 4.25]})


def draw():
    _, ax = plt.subplots()
    ax.plot(FRAME["day"], FRAME["reads"], color=theme.COLOURS["read"])
    ax.set_title("Reads <b> & more")
    return ax


def show(ax=None, label="fig-reads", caption="Reads a day.", alt="A line that dips.", source=None):
    figures.show(ax or draw(), label, caption, alt, FRAME, source)


def test_a_figure_carries_label_caption_alt_and_data(shown):
    show()
    (title, of), (images, metadata), (below, _) = shown
    assert metadata["figure"] == {
        "label": "fig-reads",
        "caption": "Reads a day.",
        "alt": "A line that dips.",
        "csv": "day,reads\n1,3.0\n2,1.5\n3,4.25\n",
        "source": None,
    }
    assert set(images) == {"image/svg+xml", "image/png"}
    assert (title, of) == ({"text/markdown": "**Reads a day.**"}, {"caption_of": "fig-reads"})
    assert below == {"text/markdown": "*Source: these logs.*"}
    assert not plt.get_fignums()


def test_in_a_notebook_the_finding_stands_above_and_its_reading_below(shown):
    show(caption="Reads cost $4 of $5. Below <b> is $1.", source="see [](#tab-x)")
    (title, _), _, (below, of) = shown
    assert title["text/markdown"] == r"**Reads cost \$4 of \$5.**"
    assert below["text/markdown"] == "Below &lt;b> is \\$1.\n\n*Source: see [](#tab-x).*"
    assert of == {"caption_of": "fig-reads"}
    assert shown[1][1]["figure"]["source"] == "see [](#tab-x)"


def test_the_same_figure_has_the_same_bytes(shown):
    show()
    show()
    assert shown[:3] == shown[3:]


def test_svg_follows_the_page_and_keeps_its_text(shown):
    show()
    svg = shown[1][0]["image/svg+xml"]
    assert svg.startswith("<svg")
    assert f"var(--read, {theme.COLOURS['read']})" in svg
    assert "Reads &lt;b&gt; &amp; more</text>" in svg
    assert "DejaVu" not in svg
    assert "prefers-color-scheme:dark" in svg
    assert svg.count('id="') == svg.count('id="fig-reads-')
    assert "<metadata>" not in svg or "date" not in svg


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"label": "reads"}, "label 'reads': write fig-word"),
        ({"label": "fig-Reads"}, "write fig-word"),
        ({"label": "fig-../x"}, "write fig-word"),
        ({"caption": " "}, "fig-reads: caption is empty"),
        ({"alt": ""}, "fig-reads: alt is empty"),
        ({"alt": "reads a day. "}, "alt repeats the caption"),
        ({"caption": "One.\n\nTwo."}, "caption is one paragraph"),
        ({"source": " "}, "source is empty"),
        ({"source": "these logs."}, "source is a phrase"),
    ],
)
def test_what_a_figure_must_have(shown, change, says):
    with pytest.raises(ValueError, match=says):
        show(**change)
    assert not shown


def test_a_table_is_escaped_and_accessible(shown):
    frame = pl.DataFrame({"Who <i>": ["<b>me</b>", None], "Tokens": [1234567, None]})
    figures.table(frame, "tab-who", "Who <u> reads. And *what*.", notes="See [](#fig-x) <i>.")
    data, metadata = shown[0]
    html = data["text/html"]
    assert not {"<i>", "<u>"} & set(re.findall(r"<[^>]*>", html))
    title = "<b>Who &lt;u&gt; reads.</b> And <em>what</em>."
    assert f"<caption><span>{title}</span></caption>" in html
    assert '<th scope="col">Who &lt;i&gt;</th><th scope="col" class="num">Tokens</th>' in html
    assert '<th scope="row">&lt;b&gt;me&lt;/b&gt;</th><td class="num">1,234,567</td>' in html
    assert html.count('<abbr title="no value">–</abbr>') == 2
    assert metadata["table"]["csv"] == data["text/plain"] == frame.write_csv()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("integer", 1234567, "1,234,567"),
        ("number", 1234.5, "1,234.50"),
        ("usd", -1234.5, "−$1,234.50"),
        ("usd-fine", 0.01234, "$0.0123"),
        ("percent", 0.97714, "97.7\u202f%"),
        ("percent-fine", 0.999264, "99.926\u202f%"),
        ("ratio", 42.48, "42.5:1"),
        ("ratio", 1308.4, "1,308:1"),
        ("multiple", 1.25, "1.25×"),
        ("tokens", 999, "999"),
        ("tokens", 999_700, "1.00\u202fM"),
        ("tokens", 88_120_400, "88.1\u202fM"),
        ("tokens", 912_000_000, "912\u202fM"),
        ("text", "x", "x"),
    ],
)
def test_formats(name, value, text):
    assert FORMATS[name](value) == text


def test_a_table_refuses_unknown_columns_and_formats(shown):
    with pytest.raises(ValueError, match="tab-x: no column 'z' to format"):
        figures.table(FRAME, "tab-x", "X.", formats={"z": "usd"})
    with pytest.raises(ValueError, match="tab-x: no format 'euro' for column 'day'"):
        figures.table(FRAME, "tab-x", "X.", formats={"day": "euro"})
    with pytest.raises(ValueError, match="write tab-word"):
        figures.table(FRAME, "fig-x", "X.")
    assert not shown


def test_a_table_says_its_source(shown):
    figures.table(FRAME, "tab-x", "X.", source="published figures")
    assert shown[0][1]["table"]["source"] == "published figures"
    said = {"text/markdown": "*Source: published figures.*"}, {"caption_of": "tab-x"}
    assert shown[1] == said
    with pytest.raises(ValueError, match="tab-x: source is empty"):
        figures.table(FRAME, "tab-x", "X.", source="")


def test_a_column_of_markdown_has_links_and_no_html(shown):
    frame = pl.DataFrame({"claim": ["*43:1* <b>, [](#fig-x)"]})
    figures.table(frame, "tab-x", "X.", formats={"claim": "markdown"})
    data, metadata = shown[0]
    cell = '<th scope="row"><em>43:1</em> &lt;b&gt;, <a href="#fig-x"></a></th>'
    assert cell in data["text/html"]
    assert metadata["table"]["csv"] == frame.write_csv()


def test_rows_can_be_linked_to(shown):
    frame = pl.DataFrame({"says": ["one", "two"], "claim": ["claim-T4.1", "claim-T4.2 b"]})
    figures.table(frame, "tab-x", "X.", anchors="claim")
    data, metadata = shown[0]
    assert metadata["table"]["rows"] == {
        "claim-t4-1": "claim-T4.1",
        "claim-t4-2-b": "claim-T4.2 b",
    }
    assert '<tr id="claim-t4-1"><th scope="row">one</th><td>claim-T4.1</td>' in data["text/html"]


@pytest.mark.parametrize(
    ("values", "anchors", "says"),
    [
        (["T4.1", "T4-1"], "claim", "tab-x: two rows are labelled 't4-1'"),
        (["T4.1", None], "claim", "None names no row"),
        (["T4.1", "4.1"], "claim", "'4.1' names no row"),
        (["T4.1", "T4.2"], "name", "tab-x: no column 'name' for anchors"),
    ],
)
def test_rows_that_cannot_be_linked_to_are_refused(shown, values, anchors, says):
    with pytest.raises(ValueError, match=says):
        figures.table(pl.DataFrame({"claim": values}), "tab-x", "X.", anchors=anchors)
    assert not shown


@pytest.mark.parametrize(
    ("caption", "title", "rest"),
    [
        ("Reads are 97.7 %.", "Reads are 97.7 %.", ""),
        ("Reads are 97.7 %. 3 cases of 4.", "Reads are 97.7 %.", "3 cases of 4."),
        ("As *logged*. *Cache*: reads.", "As *logged*.", "*Cache*: reads."),
        ("How much? [](#fig-x) says.", "How much?", "[](#fig-x) says."),
        ("From 2.1.97 on it is 1.5 M. Then", "From 2.1.97 on it is 1.5 M.", "Then"),
        ("Of some, e.g. of one. Then", "Of some, e.g. of one.", "Then"),
    ],
)
def test_the_first_sentence_is_the_title(caption, title, rest):
    assert title_and_rest(caption) == (title, rest)


def test_said_text_passes_no_html_and_no_mathematics(shown):
    figures.say("<script>x</script> costs $5 to $6, see [](#fig-x)")
    text = shown[0][0]["text/markdown"]
    assert "<" not in text
    assert to_html(text) == (
        '<p>&lt;script&gt;x&lt;/script&gt; costs $5 to $6, see <a href="#fig-x"></a></p>\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert)",
        "[x](vbscript:y)",
        "[x](data:text/html,y)",
        "<a href='javascript:alert(1)'>x</a>",
        "<img src=x onerror=alert(1)>",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](https://example.org/x.png)",
    ],
)
def test_markdown_lets_nothing_harmful_through(source):
    rendered = to_html(source)
    for tag in ("<img", "<script", 'javascript:alert(1)"', 'href="java', 'href="data', 'href="vb'):
        assert tag not in rendered.lower()


def test_inline_keeps_emphasis_and_entities():
    assert inline("*a* &amp; b < c") == "<em>a</em> &amp; b &lt; c"


def test_the_two_style_sheets_name_the_same_colours():
    assert theme.LIGHT_COLOURS.keys() == theme.DARK_COLOURS.keys()
    assert len(set(theme.LIGHT_COLOURS.values())) == len(theme.LIGHT_COLOURS)


@pytest.mark.parametrize("colours", [theme.LIGHT_COLOURS, theme.DARK_COLOURS])
def test_colours_are_readable_on_their_paper(colours):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def contrast(name, ground="paper"):
        low, high = sorted([luminance(colours[name]), luminance(colours[ground])])
        return (high + 0.05) / (low + 0.05)

    assert contrast("muted") >= 3  # WCAG: graphics
    assert contrast("ink", "muted") >= 4.5  # text
    assert all(contrast(name) >= 4.5 for name in {"ink", "soft", *theme.NAMES} - {"muted"})
