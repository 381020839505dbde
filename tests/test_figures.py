"""show, table and say: what they display, what they refuse, and that they repeat themselves."""

import ast
import itertools
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import polars as pl
import pytest
from coloraide import Color
from matplotlib.colors import CSS4_COLORS, TABLEAU_COLORS, XKCD_COLORS, to_hex

from analysis.paths import ROOT
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
    plt.close("all")  # what tests before left open
    with mpl.rc_context():
        figures.use_theme()
        yield
    plt.close("all")


PALETTES = {"light": theme.LIGHT_COLOURS, "dark": theme.DARK_COLOURS}
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
    assert 'class="s-read"' in svg
    assert f".s-read{{stroke:{theme.LIGHT_COLOURS['read']}}}" in svg
    assert f".s-read{{stroke:{theme.DARK_COLOURS['read']}}}" in svg.partition("dark){")[2]
    assert "Reads &lt;b&gt; &amp; more</text>" in svg
    assert "DejaVu" not in svg
    assert svg.count('id="') == svg.count('id="fig-reads-')
    assert "date" not in svg


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
    frame = pl.DataFrame({"says": ["one", "two"], "claim": ["T4.1", "T4.2 b"]})
    figures.table(frame, "tab-x", "X.", anchors="claim")
    data, metadata = shown[0]
    assert metadata["table"]["rows"] == {"claim-t4-1": "T4.1", "claim-t4-2-b": "T4.2 b"}
    assert '<tr id="claim-t4-1"><th scope="row">one</th><td>T4.1</td>' in data["text/html"]


@pytest.mark.parametrize(
    ("values", "anchors", "says"),
    [
        (["T4.1", "T4-1"], "claim", "tab-x: two rows are labelled 'claim-t4-1'"),
        (["T4.1", None], "claim", "None names no row"),
        (["T4.1", "–"], "claim", "'–' names no row"),
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


def test_the_dark_sheet_has_every_colour_of_the_light_one_by_the_same_name():
    names = {colour: name for name, colour in theme.LIGHT_COLOURS.items()}
    light, dark = (
        mpl.rc_params_from_file(sheet, use_default_template=False)
        for sheet in (theme.STYLE, theme.DARK)
    )
    inks = {key: ink for key, ink in light.items() if key.endswith("color") and ink != "none"}
    coloured = {key: names[to_hex(ink)] for key, ink in inks.items() if to_hex(ink) in names}
    assert {"figure.facecolor", "xtick.labelcolor", "patch.edgecolor"} < coloured.keys()
    assert {key: to_hex(dark[key]) for key in coloured} == {
        key: theme.DARK_COLOURS[name] for key, name in coloured.items()
    }


@pytest.mark.parametrize("sight", [None, "protan", "deutan", "tritan"])
@pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)
def test_any_two_data_colours_are_told_apart_by_every_eye(colours, sight):
    """CIEDE2000 of 12 is five times what is just noticed; coloraide simulates dichromats."""
    seen = {name: Color(colours[name]) for name in theme.NAMES}
    if sight:
        seen = {name: colour.filter(sight) for name, colour in seen.items()}
    for one, other in itertools.combinations(theme.NAMES, 2):
        assert seen[one].delta_e(seen[other], method="2000") >= 12, (one, other)


@pytest.mark.parametrize("colours", PALETTES.values(), ids=PALETTES)
def test_colours_are_readable_on_their_paper(colours):
    """WCAG asks 3:1 of graphics and 4.5:1 of text; each of these is text, or carries some."""
    paper = Color(colours["paper"])
    for name in (*theme.NAMES, "ink", "soft"):
        assert paper.contrast(colours[name], method="wcag21") >= 4.5, name


CSS = "".join(path.read_text() for path in theme.STYLE.parent.glob("template/*.css"))
STEPS = {name: float(size) for name, size in re.findall(r"--(\w+): ([\d.]+)rem;", CSS)}


def test_every_size_of_text_is_a_step_of_one_scale():
    names = ("mark", "small", "text", "large", "title", "head", "front", "number", "first")
    for one, next_one in itertools.pairwise(STEPS[name] for name in names):
        assert next_one / one == pytest.approx(1.25, abs=0.001)
    steps = {f"var(--{name})" for name in STEPS} | {"inherit", "106.25%", "10.5pt", "8pt"}
    said = re.findall(r"font-size: ([^;}]+?) ?[;}]", CSS)
    said += [
        re.split("[/ ]", font.removeprefix("600 "))[0]
        for font in re.findall(r"font: ([^;}]+)[;}]", CSS)
    ]
    assert len(said) > 20
    assert set(said) <= steps


def test_figures_have_the_page_s_smallest_text():
    """At the width of the column; and 11 px where they are narrowest."""
    sheet = mpl.rc_params_from_file(theme.STYLE, use_default_template=False)
    sizes = {value for key, value in sheet.items() if key.endswith(("font.size", "labelsize"))}
    sizes |= {sheet["legend.fontsize"], sheet["axes.titlesize"]}
    (size,) = sizes
    points = 72 * sheet["figure.figsize"][0]
    assert size / points * STEPS["column"] == pytest.approx(STEPS["small"])
    least = float(re.search(r"\.drawing \{ min-width: ([\d.]+)rem", CSS)[1])
    assert size / points * least * 17 >= 11  # a rem is 17 px


SIZED = re.compile(r"(font)?size|linewidths?|lw|markersize|ms|markeredgewidth|mew|alpha|s")
COLOURED = re.compile(r"colou?rs?|c|\w*(edge|face)colors?|m[ef]c")
HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$|C\d$", re.I)
NAMED = {*CSS4_COLORS, *TABLEAU_COLORS, *XKCD_COLORS}


def literals(source):
    """Colours and sizes that code writes out instead of taking them from the style."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and (HEX.match(str(node.value)) or node.value in NAMED):
            yield node.value
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "plot":
            for form in node.args[2:]:
                if isinstance(form, ast.Constant) and re.search("[bgrcmykw]", str(form.value)):
                    yield form.value
        for keyword in node.keywords:
            name = keyword.arg or ""
            if SIZED.fullmatch(name) or COLOURED.fullmatch(name):
                yield from written_out(keyword.value)


def written_out(node):
    """Constants in an expression, but for the names by which something is looked up."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif not isinstance(node, ast.Subscript):
        for part in ast.iter_child_nodes(node):
            yield from written_out(part)


@pytest.mark.parametrize(
    "code",
    [
        "ax.plot(x, y, color='red')",
        "ax.plot(x, y, 'r--')",
        "ax.plot(x, y, c='0.5')",
        "ax.bar(x, y, facecolor=(0.1, 0.2, 0.3))",
        "COLOUR = '#a90013'",
        "COLOUR = 'tab:blue'",
        "ax.plot(x, y, 'o', ms=10)",
        "ax.axvline(1, linewidth=1 if x else y)",
        "ax.text(0, 0, 'x', fontsize='small')",
        "ax.hlines(0, 0, 1, alpha=0.5)",
    ],
)
def test_a_colour_or_size_that_is_written_out_is_found(code):
    assert list(literals(code))


def test_colours_and_sizes_of_plots_are_the_style_s():
    """Positions and extents in data units are the plot's own; what the eye compares is not."""
    assert not list(literals("ax.plot(x, y, 'o', color=COLOURS['read'], markersize=SIZES['dot'])"))
    for path in (ROOT / "analysis" / "plots").glob("*.py"):
        assert not list(literals(path.read_text())), path.name


def test_sizes_have_names_and_come_from_the_sheet():
    assert theme.SIZES.keys() == theme.SIZE_SETTINGS.keys()
    assert all(size > 0 for size in theme.SIZES.values())


def test_a_column_of_sentences_is_marked_to_have_width(shown):
    frame = pl.DataFrame({"name": ["x"], "why": ["[a](#fig-x) " + "word " * 20], "n": [1]})
    figures.table(frame, "tab-x", "X.", formats={"why": "markdown"})
    html = shown[0][0]["text/html"]
    assert '<th scope="col">name</th><th scope="col" class="long">why</th>' in html
    assert html.count('class="long"') == 1
