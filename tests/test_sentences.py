"""What the write-ups claim: cut into sentences, none left out, nothing copied."""

import csv
import json
import re
from decimal import Decimal
from itertools import pairwise

import pytest
from conftest import require

from analysis.paths import FACTS, NOTEBOOKS, ROOT
from analysis.sentences import digest, loaded, sentences

SEEDS = ROOT.parent / "shared" / "seeds"
TEXTS = {"technical": "003_*.txt", "business": "000_*.txt"}
KINDS = {"number", "fact", "quote", "view"}
CHAPTERS = [
    "00-data",
    "01-capabilities",
    "02-pricing",
    "03-margin",
    "04-growth",
    "05-expiry",
    "06-quota",
    "07-degradation",
    "08-context-files",
    "09-funding",
    "10-revenue",
    "11-open-issues",
    "12-monetization",
    "13-adoption",
    "14-value",
    "15-redesign",
    "16-counterfactual",
    "17-scorecard",
]
TOLD = ("says", "formula", "inputs")


def rows(name):
    """A table as text, cell by cell, as it was typed."""
    with (FACTS / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


CLAIMS = rows("claims")
MAP = rows("sentences")
IDS = [row["claim"] for row in CLAIMS]


@pytest.fixture(scope="module")
def seeds():
    require("shared", SEEDS.is_dir(), "the write-ups are not here (shared/seeds)")
    return {name: next(SEEDS.glob(pattern)).read_text() for name, pattern in TEXTS.items()}


# -- the splitter ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rains. It pours! Why? 3 men snore.", 4),
        ("It rains. “So they say.” It pours.", 3),
        ("It costs 2.5 cents vs. Ten before, e.g. At night.", 1),
        ("Version 1.2.3 reads .env files.", 1),
        ("It rains. but it pours", 1),
        ("First line\nSecond line\n\n", 2),
        ("", 0),
    ],
)
def test_where_a_sentence_ends(text, expected):
    assert len(sentences(text)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- **Bold** and `code`", "Bold and code"),
        ("2. A numbered [link](https://example.org/1)", "A numbered link"),
        ("### A heading", "A heading"),
        ("> A quotation", "A quotation"),
        ("- #12: an issue, not a heading", "#12: an issue, not a heading"),
        ("snake_case and 2 * 3 stay", "snake_case and 2 * 3 stay"),
    ],
)
def test_markup_is_stripped(line, expected):
    assert sentences(line) == [expected]


def test_a_table_row_is_one_sentence_and_its_separator_none():
    table = "| a | b |\n|---|:-:|\n| 1. One | **2.** Two |"
    assert sentences(table) == ["a | b", "1. One | 2. Two"]


@pytest.mark.parametrize("word", ["only", "no", "never", "every", "all", "zero"])
def test_words_that_speak_of_all_or_none(word):
    assert loaded(f"Rain {word} day")
    assert loaded(f"{word.capitalize()}: rain")
    assert not loaded(f"Rain x{word}x day")


def test_a_digest_ignores_case_and_spacing_and_nothing_else():
    assert digest(" It  RAINS.\n") == digest("it rains.")
    assert digest("it rains") != digest("it rains.")
    assert re.fullmatch(r"[0-9a-f]{16}", digest(""))


# -- the claims ------------------------------------------------------------------------------------


def place(claim):
    letter, section, n = re.fullmatch(r"([TBC])(?:(\d+)\.)?(\d+)", claim).groups()
    assert (section is not None) == (letter == "T")
    return "TBC".index(letter), int(section or 0), int(n)


def test_ids_are_unique_and_in_order_without_a_gap():
    for before, after in pairwise(map(place, IDS)):
        same = before[:2] == after[:2]
        assert after > before
        assert after[2] == (before[2] + 1 if same else 1)


def test_every_section_of_the_texts_has_claims():
    technical = {row["section"] for row in CLAIMS if row["claim"].startswith("T")}
    assert {int(section.split()[0]) for section in technical} == set(range(13))
    assert {claim[0] for claim in IDS} == {"T", "B", "C"}


@pytest.mark.parametrize("row", CLAIMS, ids=IDS)
def test_a_claim_is_well_formed(row):
    assert row["kind"] in KINDS
    assert row["chapter"] in CHAPTERS
    assert row["weight"] in {"", "bearing"}
    assert 0 < len(row["says"]) <= 140
    assert row["claim"][0] != "T" or row["section"].startswith(row["claim"][1:].split(".")[0] + " ")
    assert row["kind"] != "number" or (row["printed"] and row["formula"] and row["inputs"])
    assert row["kind"] != "view" or not (row["printed"] or row["formula"])


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r["claim"]) for r in CLAIMS if r["printed"] or r["step"]]
)
def test_a_printed_number_is_a_plain_decimal_that_its_step_divides(row):
    assert re.fullmatch(r"\d+(\.\d+)?", row["printed"])
    assert re.fullmatch(r"10*|0\.0*1", row["step"])
    assert Decimal(row["printed"]) % Decimal(row["step"]) == 0
    assert row["unit"]


def test_no_unit_without_a_number():
    assert not [r["claim"] for r in CLAIMS if r["unit"] and not r["printed"]]


def test_claims_that_repeat_or_contradict_each_other_name_each_other():
    against = {row["claim"]: row["against"].split() for row in CLAIMS}
    for claim, others in against.items():
        assert others == sorted(set(others), key=IDS.index)
        assert claim not in others
        assert all(claim in against[other] for other in others)


def test_what_shows_a_claim_exists():
    labels = set()
    for path in NOTEBOOKS.glob("[0-9]*.ipynb"):
        cells = json.loads(path.read_text())["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells)
        labels |= set(re.findall(r"\"((?:fig|tab)-[\w-]+)\"", source))
    assert {row["shown"] for row in CLAIMS} - {""} <= labels


# -- the map from sentences to claims --------------------------------------------------------------


def test_each_sentence_of_the_map_is_mapped_once_and_to_claims_there_are():
    keys = [(row["text"], int(row["number"])) for row in MAP]
    assert keys == sorted(set(keys), key=lambda key: (list(TEXTS).index(key[0]), key[1]))
    for row in MAP:
        assert re.fullmatch(r"[0-9a-f]{16}", row["digest"])
        letter = row["text"][0].upper()
        claims = row["claims"].split()
        assert claims
        assert claims == ["heading"] or all(c in IDS and c.startswith(letter) for c in claims)


def test_a_claim_that_no_sentence_maps_to_needs_none():
    mapped = {claim for row in MAP for claim in row["claims"].split()}
    left = [r for r in CLAIMS if r["claim"] not in mapped and not r["claim"].startswith("C")]
    assert not [r["claim"] for r in left if loaded(r["says"])]


def test_no_loaded_sentence_of_the_write_ups_is_left_out(seeds):
    for name, text in seeds.items():
        found = [(n, digest(s)) for n, s in enumerate(sentences(text), 1) if loaded(s)]
        assert found == [(int(r["number"]), r["digest"]) for r in MAP if r["text"] == name]


def runs(text, length=8):
    words = re.findall(r"[^\W_]+", text.casefold())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_nothing_is_copied(seeds):
    theirs = runs(seeds["technical"]) | runs(seeds["business"])
    assert not [(r["claim"], c) for r in CLAIMS for c in TOLD if runs(r[c]) & theirs]


def test_a_copied_run_of_eight_words_would_be_found():
    text = "One two, three four: five six SEVEN eight nine"
    assert runs("zero one two three four five six seven eight") & runs(text)
    assert not runs("one two three four five six seven, then eight") & runs(text)
