"""The page of synthetic logs, whole: built once, read as a reader and as a machine would."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from conftest import report

from analysis.facts import facts
from analysis.params import notebooks


@pytest.fixture(scope="module")
def page(built):
    html = (built[0] / "reports" / "toy" / "index.html").read_text()
    return BeautifulSoup(html, "html.parser")


def rows(page, label):
    table = page.find(id=label)
    head = [th.get_text() for th in table.select("thead th")]
    body = [[c.get_text() for c in tr.select("th, td")] for tr in table.select("tbody tr")]
    return [dict(zip(head, cells, strict=True)) for cells in body]


def number(text):
    return float(re.sub(r"[^0-9.]", "", text))


def test_it_says_first_that_the_logs_are_synthetic(page):
    text = page.body.get_text()
    first = text[: text.index("What was read")]
    assert "The logs of this dataset are synthetic" in first
    sessions = facts("public-sessions")["sessions"][0]
    assert f"The {sessions} public sessions and the published figures are real" in first


def test_the_summary_tells_span_requests_dollars_share_rejected_and_unpriced(built):
    _, truth, said = built
    total = truth.requests + truth.progress_requests
    assert re.search(rf"^requests +{total} in \d+ sessions$", said, re.M)
    assert re.search(r"^span +2026-02-02 to 2026-04-12 \(UTC\)$", said, re.M)
    assert re.search(r"^dollars +\$\d+\.\d\d at list price, not an invoice$", said, re.M)
    assert re.search(
        r"^cache +\d\d\.\d % of dollars are cache reads and writes "
        r"\(90 % band: \d\d\.\d % to \d\d\.\d %\), output reconstructed",
        said,
        re.M,
    )
    assert re.search(r"^unpriced +1 request, ", said, re.M)
    assert re.search(rf"^rejected +1 of {truth.lines.total():,} lines$", said, re.M)
    assert re.search(r"^page +/.+/reports/toy/index\.html$", said, re.M)


def test_the_printed_ledger_sums_to_the_lines(built, page):
    _, truth, _ = built
    printed = sum(number(row["lines"]) for row in rows(page, "tab-data-ledger"))
    assert printed == truth.lines.total()


def test_the_printed_totals_are_the_truth(built, page):
    _, truth, _ = built
    without, both = rows(page, "tab-data-progress")
    assert number(without["output tokens"]) == truth.tokens["output_tokens"]
    assert number(both["requests"]) == truth.requests + truth.progress_requests


def test_the_published_session_stands_on_the_page_to_the_cent(page):
    printed = {row["part"]: row["dollars"] for row in rows(page, "tab-margin-session")}
    assert list(printed.values()) == ["$45.18", "$9.45", "$1.31", "$55.94"]
    assert "$460.67" in page.find(id="tab-margin-session").get_text()


def test_every_chapter_figure_and_table_is_listed(page):
    links = {a["href"] for a in page.select("nav a")}
    assert {f"#{n.stem}" for n in notebooks()} <= links
    for item in page.select("figure[id^=fig-], [id^=tab-]"):  # the front's has no number
        assert f"#{item['id']}" in links


def test_each_figure_and_table_has_its_data_beside_the_page(built, page):
    """Its columns at least: where these logs have nothing to draw, there is no row."""
    folder, rows = built[0] / "reports" / "toy", []
    for item in page.select("figure[id^=fig-], [id^=tab-]"):
        if item.name == "figure" or item.find("table"):
            kind = "figures" if item["id"].startswith("fig-") else "tables"
            head, *rest = (folder / kind / f"{item['id']}.csv").read_text().splitlines()
            assert head.strip(",")
            rows.append(len(rest))
    assert len(rows) > 50
    assert sum(n > 0 for n in rows) > 0.8 * len(rows)


def test_every_note_leads_back_to_each_figure_and_table_by_its_chapter(page):
    said = {}
    for note in page.select(".sources li[id^=source-]"):
        for uses in note.select(".uses"):
            chapter = uses.text.partition(":")[0]
            for a in uses.select("a"):
                said[a["href"][1:]] = (note["id"], chapter, a.text)
    shown = {}
    for item in page.select("main figure[id], main .table[id]"):
        chapter = item.find_previous("h2", id=re.compile(r"\d\d-"))["id"][:2]
        mark = item.find_next(class_="beneath").sup.a["href"][1:]
        name = re.match(r"(?:Figure|Table) \d+", item.find(["figcaption", "caption"]).text)[0]
        shown[item["id"]] = (mark, chapter, name)
    assert len({chapter for _, chapter, _ in shown.values()}) == len(notebooks())
    assert said == shown


def test_an_issue_that_is_called_by_number_leads_to_what_it_is(page):
    links = page.select('main a[href^="#issue-"]')
    chapters = [(a.find_previous("h2", id=re.compile(r"\d\d-"))["id"], a.text) for a in links]
    assert len({chapter for chapter, _ in chapters}) > 2
    assert len(chapters) == len({*chapters})
    for a in links:
        assert page.select_one(a["href"]).text.startswith(f"{a.text}: ")
    assert {a["href"][1:] for a in links} == {li["id"] for li in page.select("li[id^=issue-]")}


def test_nothing_runs_and_nothing_is_fetched(page):
    assert page.find("script") is None
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'")
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            assert not re.match(r"(https?:|//|javascript:)", tag.get(name, "")), tag


def test_names_and_paths_of_the_logs_are_nowhere(built):
    root, _, said = built
    private = json.loads((root / "data" / "private" / "toy" / "manifest.json").read_text())
    sessions = [path.stem for path in (root / "logs").rglob("*.jsonl")]
    secrets = {
        *private["projects"],
        *private["models"],
        "/home/sample",
        str(root),
        "msg_synthetic",
        *sessions,
    }
    public = [p for d in ("build", "reports") for p in (root / d).rglob("*") if p.is_file()]
    for path in public:
        text = path.read_bytes().decode(errors="replace")
        if "/.home/" not in str(path):
            assert not [s for s in secrets if s in text], path.name
    assert "gateway-large" in private["models"]
    assert not [s for s in secrets - {str(root)} if s in said]


def test_days_without_requests_still_make_a_page(built, tmp_path):
    logs = built[0] / "logs"
    done = report(tmp_path, "--name", "toy", "--logs", str(logs), "since=2030-01-01")
    assert done.returncode == 0, done.stderr
    assert "chosen     from 1 January 2030, days of UTC\nrequests   none\n" in done.stdout
