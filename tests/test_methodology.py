"""What docs/methodology.md and docs/assumptions.md say of the code is what the code has."""

import importlib
import re

import pytest
from constants import NOT_CHOSEN, constants, said

from analysis.facts import facts
from analysis.measures.assumed import PRICES, WORTH
from analysis.paths import ROOT

METHOD, CHOSEN = ((ROOT / "docs" / f"{n}.md").read_text() for n in ("methodology", "assumptions"))
LACKS = 'add to docs/assumptions.md "| `{}` | {} | what it is |", or to NOT_CHOSEN why it is not'
RANGES = ("assumptions", "value-assumptions", "work-assumptions", "redesign-assumptions")


def rows(text):
    """Return every constant of a page's tables, with the number that stands beside it."""
    found = re.findall(r"^\| (`\w+\..+?`) \| (.+?) \| .+ \|$", text, re.M)
    return [(name, value) for names, value in found for name in re.findall("`(.+?)`", names)]


def inline(text):
    """Return every constant that is named in a sentence with its number."""
    return re.findall(r"`([\w.]+\.\w+) = ([^`]+)`", text)


def prose(text):
    """Return the sentences of a page without code, links and numbers of chapters."""
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)", "", text, flags=re.S)
    text = re.sub(r"^(#+ |\[)?\d\d( to \d\d)?", "", text, flags=re.M)
    return re.sub(r"\[\d\d( to \d\d)?|chapter \d\d|CV3", "", text)


def named(text):
    """Return every dotted name of the package that a page has in code."""
    places = "measures|words|claims|sessions|prices|pricebook|schema|logs|overrides"
    return sorted(set(re.findall(rf"`((?:{places})(?:\.\w+)+)[` ]", text)))


def test_every_number_is_its_constant_s():
    told = [*rows(CHOSEN), *inline(METHOD)]
    assert len(told) > 130
    assert {name: value for name, value in told if constants().get(name) != value} == {}


def test_every_number_that_decides_something_is_listed():
    exempt = {name for names in NOT_CHOSEN.values() for name in names.split()}
    listed = {name for name, _ in rows(CHOSEN)}
    lacking = {*constants()} - listed - exempt
    assert not lacking, "\n".join(LACKS.format(n, constants()[n]) for n in sorted(lacking))
    assert exempt <= {*constants()}
    assert not exempt & listed
    assert {name for name, _ in inline(METHOD)} <= listed


def test_every_assumption_s_range_is_listed():
    wanted = [row for table in RANGES for row in facts(table).to_dicts()] + [WORTH, PRICES]
    listed = re.findall(
        r"^\| `(\w+)` \| (.+?) \| (.+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", CHOSEN, re.M
    )
    assert listed == [
        (r["name"], r["label"], *(said(float(r[end])) for end in ENDS), r["unit"], r["kind"])
        for r in wanted
    ]


ENDS = ("low", "middle", "high")


@pytest.mark.parametrize("name", named(METHOD + CHOSEN))
def test_every_function_and_constant_named_is_there(name):
    parts = f"analysis.{name}".split(".")
    for cut in range(len(parts), 1, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return
    pytest.fail(name)


def test_no_number_is_typed_into_a_sentence():
    lines = [line for line in prose(METHOD).splitlines() if not line.startswith("|")]
    assert [line for line in lines if re.search(r"\d", line)] == []


def test_a_number_in_a_sentence_is_found():
    assert re.search(r"\d", prose("It is 5 of them, as (`a.b = 5`) says."))
    assert not re.search(r"\d", prose("## 05 Gaps\n[05 Gaps](#05-gaps) (`a.b = 5`)\n```x\n5\n```"))


def test_both_pages_have_the_chapters_in_one_order():
    heads = [re.findall(r"^## (\d\d .*|Intervals.*)$", text, re.M) for text in (METHOD, CHOSEN)]
    assert heads[1] == [head for head in heads[0] if head in heads[1]]
