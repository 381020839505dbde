"""The gate: what it refuses, in whatever file and however it is written."""

import base64
import gzip
import html
import io
import json
import os
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
from urllib.parse import quote
from zlib import compress, crc32

import polars as pl
import pytest
from lines import SESSION, answer, write_log
from stores import update

from analysis import paths
from analysis.report import privacy_names, privacy_words
from analysis.report.privacy import PrivacyError, gate
from analysis.report.privacy_names import SHIPPED, suite
from analysis.report.privacy_rules import SHAPES
from analysis.report.privacy_views import views
from analysis.report.privacy_words import (
    CHUNK,
    SHORTEST,
    USUAL,
    composed,
    own_words,
    parts,
    words_of,
)

ITEMS = {
    "home path": ["/home/mallory/x", "/Users/mallory/x", r"C:\Users\mallory\x", "-home-mallory-x"],
    "id": ["253fd5ef-1f2e-4a3b-8c4d-0123456789ab", "msg_01MKZabcDEF12345", "req_011CXkTHabc"],
    "e-mail": ["mallory@corp.test"],
    "IP address": ["192.168.17.4", "2001:db8:85a3::8a2e:370:7334"],
    "key: Anthropic": ["sk-ant-" + "api03-" + "q7" * 20],
    "key: OpenAI": ["sk-" + "Zk3" * 16, "sk-proj-" + "Zk3_" * 12],
    "key: GitHub": ["ghp_" + "a1B2" * 9, "gho_" + "a1B2" * 9, "github_pat_" + "a1B2" * 10],
    "key: AWS": ["AKIA" + "IOSF7QNN" * 2, "ASIA" + "IOSF7QNN" * 2],
    "key: GitLab": ["glpat-" + "a1B2" * 5],
    "key: Google": ["AIza" + "Sy1-_" * 7],
    "key: Hugging Face": ["hf_" + "aBcD1" * 7],
    "key: npm": ["npm_" + "aBcD" * 9],
    "key: Stripe": ["sk_live_" + "a1B2" * 6, "rk_live_" + "a1B2" * 6],
    "key: Slack": ["xoxb-" + "123456789012-abcdef"],
    "key: JWT": ["eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl"],
    "key: PEM": ["-----BEGIN RSA " + "PRIVATE KEY-----"],
    "key: in a URL": ["postgres://mallory:" + "hunter2@db/x"],
    "key: SendGrid API Key": ["SG." + "a1" * 11 + "." + "b2" * 21 + "b"],
    "part of a folder's name": ["Zanzibar", "zanzi_bar", "quokkaMerger", "myQuokka", "QUOKKA2"],
    "part of a branch's name": ["wombat"],
    "part of a model's name": ["numbat"],
    "part of a log's name": ["bandicoot"],
    "user or host name": ["oskar"],
}
PLANTED = [(rule, item) for rule, items in ITEMS.items() for item in items]
ITEM = "/home/mallory/x"


@pytest.fixture(scope="module")
def name(datasets):
    more = {"cwd": "/srv/quokka/zanzi-bar", "gitBranch": "feature/wombat"}
    more |= {"message_more": {"model": "numbat-analysis"}}
    project = datasets / "logs" / "-srv-quokka-zanzi-bar"
    write_log(project / f"{SESSION}.jsonl", answer(**more))
    write_log(project / "bandicoot.jsonl", answer(2))
    update(datasets / "logs")
    return "mine"


@pytest.fixture(autouse=True)
def user(monkeypatch):
    monkeypatch.setattr(privacy_words, "own", lambda: iter(["root", "oskar"]))


def refused(folder, name):
    """What the gate says of a folder."""
    with pytest.raises(PrivacyError) as caught:
        gate(folder, name)
    return str(caught.value)


@pytest.mark.parametrize(("rule", "item"), PLANTED)
def test_what_is_planted_is_found_and_not_said(tmp_path, name, rule, item):
    (tmp_path / "index.html").write_text(f"<p>a page\n<p>with {item} in it")
    said = refused(tmp_path, name)
    assert f"  {rule}: index.html, line 2\n" in said
    assert item.casefold() not in said.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "the client 2.1.30.1, version 10.4.0.2, genai-prices==0.0.1.2",
        "at 12:34:56 every[::2] of a::b, 2026:02:01",
        "tasks-and-risk-free-income-of-all-the-people, msg_tokens_total, req_count_by_day",
        "https://example.test/home/page and /homes/x and take-home-pay",
        "@media print, claude-opus@20250514, a@b",
        "an analysis of tokens of the cache in the margin",  # words of the page itself
        "root runner localhost main src home",
        "M 12.5 3.25 L 10.0 192.168",
    ],
)
def test_what_says_nothing_of_anybody_passes(tmp_path, name, text):
    (tmp_path / "x.md").write_text(text)
    gate(tmp_path, name)


def parquet(frame, **more):
    stream = io.BytesIO()
    frame.write_parquet(stream, compression="zstd", **more)
    return stream.getvalue()


def png(chunk):
    from PIL import Image, PngImagePlugin

    about, stream = PngImagePlugin.PngInfo(), io.BytesIO()
    about.add_text("Comment", chunk, zip=True)
    Image.new("RGB", (9, 9)).save(stream, "png", pnginfo=about)
    return stream.getvalue()


def pdf(item):
    import pypdf

    writer, stream = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(99, 99)
    writer.add_metadata({"/Title": item})
    writer.write(stream)
    return stream.getvalue()


def pdf_with(put):
    """A PDF to whose objects a function adds one, with others behind it."""
    import pypdf

    writer, stream = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(99, 99)
    put(writer)
    for data in (b"0 0 m", b"0 0 m"):
        writer._add_object(streamed(data).flate_encode())
    writer.write(stream)
    return stream.getvalue()


def streamed(data):
    from pypdf.generic import DecodedStreamObject

    made = DecodedStreamObject()
    made.set_data(data)
    return made


def links(writer):
    """A link after a packed stream and before the next, as Chromium writes a page's."""
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer._add_object(streamed(b"0 0 m").flate_encode())
    link = TextStringObject("Q" * len(ITEM))  # pypdf would write a path in numbers
    writer._add_object(DictionaryObject({NameObject("/URI"): link}))


def says_in_numbers(writer):
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    title = TextStringObject(f"\u03a3: {ITEM}")
    writer._add_object(DictionaryObject({NameObject("/Alt"): title}))


def notebook(*outputs, **metadata):
    cell = {"cell_type": "code", "id": "x", "metadata": {}, "source": [], "outputs": [*outputs]}
    first = {"cell_type": "markdown", "id": "y", "metadata": {}, "source": ["fine"]}
    whole = {"cells": [first, cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1).encode()


def output(kind, value):
    return {"output_type": "display_data", "metadata": {}, "data": {kind: value}}


def zipped(data, of_all="", of_one=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment, item = of_all.encode(), zipfile.ZipInfo("x.txt")
        item.comment = of_one.encode()
        archive.writestr(item, data)
    return stream.getvalue()


def base(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def percent(text):
    return "".join(f"%{ord(sign):02x}" for sign in text)


SVG = f"<svg xmlns='x'><text>{ITEM}</text></svg>"
READ = {
    "page.html, line 1": f"<p title='{ITEM}'>",
    "entities.html, line 2": "\n" + "".join(f"&#{ord(sign)};" for sign in ITEM),
    "split.html, line 2": "<p>\n<span>/ho</span><b>me</b>/<i>mal</i>lory",
    "hidden.html, line 1": "/ho\u200bme/mal\u00adlory",
    "comment.svg, line 2": f"<svg>\n<!-- {ITEM} --></svg>",
    "text.svg, line 1": "<svg><text><tspan>/home</tspan><tspan>/mallory</tspan></text></svg>",
    "image.html, base64 1": f"<img src='data:image/svg+xml;base64,{base(SVG)}'>",
    "png.html, base64 1, metadata": f"<img src='data:image/png;base64,{base(png(ITEM))}'>",
    "uri.html, line 1": f"<img src='data:image/svg+xml,{quote(SVG)}'>",
    "link.md, line 1": "x " + quote(ITEM, safe=""),
    "table.csv, line 3": f"a,b\n1,2\n3,{ITEM}\n",
    "name.json": json.dumps({"a": {ITEM: 1}}).replace("/", "\\u002f"),
    "value.json": json.dumps([{"a": [1, ITEM]}]).replace("/", "\\/"),
    "cell.ipynb, cell 2": notebook(output("text/html", ["<b>/ho</b>", "me/mallory"])),
    "picture.ipynb, cell 2, base64 1, metadata": notebook(output("image/png", base(png(ITEM)))),
    "about.ipynb": notebook(papermill={"input_path": ITEM.replace("/", "/")}),
    "text.txt, line 1": ITEM,
    "image.png, metadata": png(ITEM),
    "table.parquet, column model": parquet(pl.DataFrame({"model": ["fine", ITEM]})),
    "list.parquet, column of": parquet(pl.DataFrame({"of": [["fine", ITEM]]})),
    "named.parquet, column of another name": parquet(pl.DataFrame({ITEM: [1]})),
    "about.parquet, metadata": parquet(pl.DataFrame({"a": [1]}), metadata={"a": ITEM}),
    "page.pdf, metadata": pdf(ITEM),
    "link.pdf, objects": pdf_with(links).replace(b"Q" * len(ITEM), ITEM.encode()),
    "alt.pdf, strings": pdf_with(says_in_numbers),
    "xmp.pdf, streams": pdf_with(lambda w: w._add_object(streamed(f"\ufeff{ITEM}".encode()))),
    "packed.pdf, streams": pdf_with(
        lambda w: w._add_object(streamed(f"\ufeff{ITEM}".encode()).flate_encode())
    ),
    "escaped.html, line 1": f"<a href='{percent(ITEM)}'>x</a>",
    "twice.html, line 1": f"<a href='{percent(percent(ITEM))}'>x</a>",
    "mixed.html, line 1": ITEM.replace("m", "%&#54;d"),
    "amp.html, line 1": ITEM.replace("m", "&amp;#109;"),
    "joined.html, line 2": "\n" + ITEM.replace("m", "m<!-- x -->"),
    "style.html, line 1": "<style>.x::after{content:'" + ITEM.replace("m", r"\6d ") + "'}</style>",
    "json.md, line 1": "`" + ITEM.replace("m", r"\u006d") + "`",
    "marked.html, line 1": "\u034f\ufe0f\u180e\U000e0061".join(ITEM),
    "safe.md, base64 1": base64.urlsafe_b64encode(f"\u07ff>> {ITEM} \u07ff??".encode()).decode(),
    "utf8.md, base64 1": base("Gr\u00fc\u00dfe \u6771\u4eac " + ITEM),
    **{f"shift{n}.md, base64 1": "Q" * n + base(ITEM * 2) for n in (1, 2, 3)},
    "packed.json.gz, line 1": gzip.compress(json.dumps({"a": ITEM}).encode()),
    "bundle.zip, file 1": zipped(ITEM),
    "said.zip": zipped("fine", of_all=ITEM),
    "of one.zip, file 1": zipped("fine", of_one=ITEM),
}


@pytest.mark.parametrize("place", READ)
def test_it_is_found_in_every_kind_of_file_however_it_is_written(tmp_path, name, place):
    data = READ[place]
    (tmp_path / place.partition(",")[0]).write_bytes(
        data.encode() if isinstance(data, str) else data
    )
    said = refused(tmp_path, name)
    assert f"  home path: {place}\n" in said
    assert "mallory" not in said


def test_no_line_makes_a_version_of_an_address_on_another():
    """Lines that no view has had before are looked at together, in no order."""
    (rule, _) = (shape for shape in SHAPES if shape.name == "IP address")
    for said in ("Version 10.20.30.40", "release: 10.20.30.40", "v10.20.30.40"):
        assert not rule.found(said, said)
        assert rule.found(said.replace("10", "\n10"), said)


@pytest.mark.parametrize("said", [["quokka", "numbers"], [["quokka", 1]], ["x\n", "quokka"]])
def test_a_list_in_json_is_read_word_by_word_and_as_one_text(tmp_path, name, said):
    (tmp_path / "x.json").write_text(json.dumps({"a": said}))
    assert "part of a folder's name: x.json" in refused(tmp_path, name)


def test_no_text_is_taken_for_a_picture_however_long(tmp_path, name):
    """A part of it happens to be base64 of something that can be read."""
    said = base("Nothing of this is of anybody.") + "/quokka/" + "a1/" * 200
    (tmp_path / "x.md").write_text(said)
    assert "part of a folder's name: x.md, line 1" in refused(tmp_path, name)


def test_the_words_in_which_a_pdf_is_written_are_nobody_s(tmp_path, name, monkeypatch):
    monkeypatch.setattr(privacy_words, "own", lambda: iter(["catalog", "mediabox", "quoll"]))
    (tmp_path / "x.pdf").write_bytes(pdf("fine"))
    gate(tmp_path, name)
    (tmp_path / "x.pdf").write_bytes(pdf("a catalog"))
    assert "user or host name: x.pdf, metadata" in refused(tmp_path, name)
    (tmp_path / "x.pdf").write_bytes(pdf_with(lambda w: w._add_object(streamed(b"by quoll"))))
    assert "user or host name: x.pdf, streams" in refused(tmp_path, name)


def test_words_that_a_parquet_file_keeps_unused_are_found(tmp_path, name):
    import pandas as pd

    kept = pd.DataFrame({"a": pd.Categorical(["fine", "quokka"])})
    kept[kept["a"] == "fine"].to_parquet(tmp_path / "x.parquet", compression="zstd")
    assert "part of a folder's name: x.parquet, column a" in refused(tmp_path, name)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("x.bin", b"\x00\x01\x02\x03"),
        ("x.txt", b"\xff\xfe"),
        ("x.json", b"{"),
        ("x.parquet", b"PAR1 not a table"),
        ("x.png", b"\x89PNG\r\n\x1a\n and no more"),
        ("x.gz", b"\x1f\x8b and no more"),
        ("x.zip", b"PK\x03\x04 and no more"),
        ("x.jpg", b"\xff\xd8\xff\xe0"),
        ("x.html", b"<img src='data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ'>"),
        ("x.html", b"<img src='data:image/webp;base64,UklGRhIAAABXRUJQVlA4TA'>"),
        ("twice.json", b'{"a": "quokka", "a": "x"}'),
    ],
)
def test_what_cannot_be_looked_into_does_not_pass(tmp_path, name, file, data):
    (tmp_path / file).write_bytes(data)
    assert f"cannot be looked into: {file}" in refused(tmp_path, name)


def test_a_link_does_not_pass(tmp_path, name):
    (tmp_path / "x.txt").symlink_to(tmp_path.parent)
    assert "not a file: x.txt" in refused(tmp_path, name)


def test_names_of_files_are_looked_at_and_not_said(tmp_path, name):
    (tmp_path / "wombat.csv").write_text("fine")
    said = refused(tmp_path, name)
    assert "part of a branch's name: the name of a file" in said
    assert "wombat" not in said


def test_each_file_that_has_it_is_named(tmp_path, name):
    for file in ("a.md", "b.md"):
        (tmp_path / file).write_text("the same line: quokka\n" * 2)
    said = refused(tmp_path, name)
    assert all(f"{f}, line {n}" in said for f in ("a.md", "b.md") for n in (1, 2))


def test_files_that_lie_elsewhere_are_looked_at(tmp_path, name):
    (tmp_path / "page").mkdir()
    (tmp_path / "x.ipynb").write_bytes(notebook(output("text/plain", "quokka")))
    with pytest.raises(PrivacyError, match=r"x\.ipynb, cell 2"):
        gate(tmp_path / "page", name, tmp_path / "x.ipynb")


def test_only_words_of_names_can_be_allowed_and_only_in_private(tmp_path, name):
    (tmp_path / "x.md").write_text(f"quokka {ITEMS['e-mail'][0]}")
    assert "allowed.txt" in refused(tmp_path, name)
    told, allowed = (paths.PRIVATE / name / file for file in ("refused.txt", "allowed.txt"))
    assert (told.read_text(), stat.S_IMODE(told.stat().st_mode)) == ("quokka\n", 0o600)
    allowed.write_text("quokka\n" + ITEMS["e-mail"][0])
    said = refused(tmp_path, name)
    assert "e-mail" in said
    assert "folder" not in said
    (tmp_path / "x.md").write_text("quokka")
    gate(tmp_path, name)
    allowed.unlink()


def test_without_the_names_nothing_passes(tmp_path, name):
    with pytest.raises(PrivacyError, match="nobody can tell"):
        gate(tmp_path, "elsewhere")


def test_a_picture_s_pixels_are_not_read_as_text(tmp_path, name):
    """Letters stand there by chance, and once they made an address."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    row = b"\0" + b"mallory@corp.test "
    head = struct.pack(">IIBBBBB", len(row) - 1, 1, 8, 0, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", compress(row, 0)), (b"IEND", b"")
    made = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
    assert b"mallory@corp.test" in made
    (tmp_path / "x.png").write_bytes(made)
    gate(tmp_path, name)
    (tmp_path / "x.png").write_bytes(made + b"mallory@corp.test")
    assert "e-mail: x.png, metadata" in refused(tmp_path, name)


def test_a_report_passes_the_gate_or_stays_what_it_was(built, tmp_path):
    root = shutil.copytree(built[0], tmp_path / "root", symlinks=True)
    page = root / "reports" / "toy"
    before = {p.name: p.read_bytes() for p in page.iterdir() if p.is_file()}
    about = json.loads(before["manifest.json"])
    assert about["inputs"]["names"] == "labels"
    assert b"Projects have labels, not names" in before["index.html"]
    chapter = root / "build" / "toy" / "09-funding.ipynb"
    said = json.loads(chapter.read_text())
    said["cells"][0]["source"] = [*said["cells"][0]["source"], f"\n\nSee {ITEM}."]
    chapter.write_text(json.dumps(said))
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "render", "--name", "toy"],
        cwd=paths.ROOT,
        env=os.environ | {"CACHE_MARGIN_OUT": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "home path: index.html, line" in done.stderr
    assert "home path: 09-funding.ipynb, cell 1" in done.stderr
    assert "mallory" not in done.stdout + done.stderr
    assert {p.name: p.read_bytes() for p in page.iterdir() if p.is_file()} == before


def test_no_word_of_a_page_keeps_the_report_of_a_project_of_that_name_back(built):
    """All words of a report but those made of the logs are known to be the suite's own."""
    report = built[0] / "reports" / "toy"
    files = [*report.rglob("*.html"), *report.rglob("*.csv"), *report.rglob("*.svg")]
    files += (built[0] / "build" / "toy").glob("*.ipynb")
    assert {path.suffix for path in files} == {".html", ".csv", ".svg", ".ipynb"}
    seen = (view for path in files for view in views(path.name, path.read_bytes()) if view.words)
    chunks = {chunk for view in seen for chunk in CHUNK.findall(composed(view.text))}
    found = {word for chunk in chunks for word in words_of(chunk)}
    names = {word for word in found if word.isalpha() and len(word) >= SHORTEST}
    assert len(names) > 2000
    assert names - suite() - USUAL - hexadecimal(names) == {"toy"}  # its owner's word for it


def test_a_word_typed_into_a_notebook_is_no_word_of_the_suite(tmp_path, name, monkeypatch):
    notebooks = shutil.copytree(paths.NOTEBOOKS, tmp_path / "notebooks")
    typed = notebooks / "13-adoption.ipynb"
    typed.write_text(typed.read_text().replace('"# ', '"# Quokka: ', 1))
    assert "Quokka" in typed.read_text()
    monkeypatch.setattr(paths, "NOTEBOOKS", notebooks)
    suite.cache_clear()
    shown = tmp_path / "page"
    shown.mkdir()
    (shown / "x.md").write_text("In quokka")
    assert "part of a folder's name: x.md" in refused(shown, name)
    assert "quokka" in privacy_names.in_notebooks().splitlines()  # it would be, if asked for


def test_the_list_of_the_notebooks_words_is_theirs():
    said = privacy_names.in_notebooks().splitlines()
    assert len(said) > 1000
    new = {*said} - {*SHIPPED.read_text().splitlines()}
    assert not new, "`python -m analysis tables` adds these: each of them may be published"


def hexadecimal(words):
    """Colours and digests, which nobody calls a project."""
    return {word for word in words if set(word) <= set("abcdef")}


def test_html_escapes_are_no_way_out(tmp_path, name):
    (tmp_path / "x.html").write_text(html.escape("a & b <quokka>"))
    assert "part of a folder's name" in refused(tmp_path, name)


def test_json_is_not_read_as_words_that_it_does_not_say(tmp_path, name, monkeypatch):
    monkeypatch.setattr(privacy_words, "own", lambda: iter(["natqk"]))
    (tmp_path / "x.json").write_text(json.dumps({"a": "first\natqk"}))
    gate(tmp_path, name)
    (tmp_path / "x.json").write_text(json.dumps({"a": "first natqk"}))
    assert "user or host name: x.json" in refused(tmp_path, name)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/home/x/\u6771\u4eac", "in\u6771\u4eac\u652f\u5e97"),
        ("/home/x/\u817e\u8baf-app", "\u817e\u8baf"),
        ("/home/x/\uae40\uce58", "a \uae40\uce58\ub294 b"),
        ("/home/x/\u0926\u093f\u0932\u094d\u0932\u0940", "\u0926\u093f\u0932\u094d\u0932\u0940"),
        ("/home/x/ibm", "for IBM."),
        ("fix/kfc", "tab-kfc.csv"),
        ("/home/x/acmeMerger", "Merger"),
        ("/home/x/quokkaq2", "Quokkaq"),
        ("/home/x/ax-qy-zu", "Ax Qy  Zu"),
    ],
)
def test_short_names_and_names_in_other_scripts_are_found(tmp_path, name, monkeypatch, place, said):
    monkeypatch.setattr(privacy_names, "_said", lambda logs, kind: {place})
    (tmp_path / "x.md").write_text("nothing of it")
    gate(tmp_path, name)
    (tmp_path / "x.md").write_text(said)
    assert "part of a" in refused(tmp_path, name)


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("\u674e\u4f1f", "\u7531\u674e\u4f1f\u5199"),
        ("oskarq-laptop", "Oskarq  laptop"),
        ("oskarq-laptop", "oskarqLaptop"),
        ("pc7.quokkaq.com", "Quokkaq"),
        ("annaq.smithq", "by Smithq"),
    ],
)
def test_a_user_s_and_a_machine_s_name_are_found_as_people_write_them(
    tmp_path, name, monkeypatch, owner, said
):
    monkeypatch.setattr(privacy_words, "own", lambda: iter([owner]))
    (tmp_path / "x.md").write_text(said)
    assert "user or host name" in refused(tmp_path, name)
    (tmp_path / "x.md").write_text("the laptop of a com or a corp")
    gate(tmp_path, name)


def test_one_letter_and_two_are_looked_for_nowhere():
    assert parts("/home/x/ab/\u5f20") == set()
    assert own_words(["\u5f20", "al"]) == set()


def test_words_of_the_suite_beside_each_other_are_no_name():
    """A folder `cost-per-turn` is not found where a page says what turns cost."""
    known = suite() | USUAL
    assert not privacy_names._strange(["cost", "per", "turn"], known)
    assert privacy_names._strange(["cost", "per", "quokka"], known)


def test_ids_are_found_in_short_and_without_a_shape(datasets, tmp_path):
    session = "c0ffee12-1f2e-4a3b-8c4d-0123456789ab"
    log = datasets / "logs" / "-srv-short" / f"{session}.jsonl"
    write_log(log, answer(3, sessionId=session, requestId="req_abcdefgh"))
    update(datasets / "logs")
    for said in ("session c0ffee12.", "c0ffee12_x", "req_abcdefgh"):
        (tmp_path / "x.md").write_text(said)
        assert "  id: x.md" in refused(tmp_path, "mine")


def test_a_picture_and_a_table_are_no_keys(tmp_path, name):
    frame = pl.DataFrame({f"c{n}": [n] for n in range(9)})
    for n in range(1, 10):
        (tmp_path / f"{n}.parquet").write_bytes(parquet(frame[:, :n]))
    (tmp_path / "x.md").write_text("digest " + "aB1" * 28 + "aB==")
    gate(tmp_path, name)
    (tmp_path / "x.md").write_text("AccountKey=" + "aB1" * 28 + "aB==")
    assert "key: Azure Storage" in refused(tmp_path, name)
