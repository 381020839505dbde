"""The page's HTML, by html-validate's recommended rules.

Two of them are relaxed. A chapter's id is its notebook's name, which begins with a digit: HTML
allows that; only CSS selectors would have to escape it. And a mark of the first screen's figure
stands where its number puts it, so its place and its length are in its own style.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import require
from test_render import bound  # noqa: F401

from analysis.report.render import page

HERE = Path(__file__).with_name("html")


@pytest.fixture(scope="module")
def validate(tmp_path_factory):
    """Install html-validate as it is locked, by hash; return a function that checks a page."""
    npm, node = shutil.which("npm"), shutil.which("node")
    require("node", bool(npm and node), "npm is not installed")
    home = tmp_path_factory.mktemp("html")
    shutil.copytree(HERE, home, dirs_exist_ok=True)
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=home)
    require("node", done.returncode == 0, "the npm registry is out of reach")
    tool = home / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    asked = subprocess.run([node, str(tool), "--version"], capture_output=True)
    require("node", asked.returncode == 0, "this Node.js is too old for html-validate")

    def run(text):
        (home / "page.html").write_text(text)
        words = [node, str(tool), "--formatter", "json", "page.html"]
        with (home / "found.json").open("w") as file:  # a pipe is cut when node exits
            subprocess.run(words, cwd=home, stdout=file)
        found = json.loads((home / "found.json").read_text())
        return {
            (message["ruleId"], message["message"])
            for file in found
            for message in file["messages"]
        }

    return run


def test_a_page_with_one_of_everything_is_clean(validate, bound):  # noqa: F811
    assert validate(page(bound)) == set()


def test_what_is_wrong_is_found(validate, bound):  # noqa: F811
    wrong = page(bound).replace("<h1>", '<h1 id="a">')
    assert {rule for rule, _ in validate(wrong)} == {"no-dup-id"}


@pytest.mark.long
def test_the_whole_report_is_clean(validate, built):
    text = (built[0] / "reports" / "toy" / "index.html").read_text()
    assert validate(text) == set()
