"""What opens below a figure: its data in short, its code in few spans."""

import html
import re

import pytest

from analysis.report.excerpt import ROWS, code, data


def csv(rows):
    return "name,some_share\n" + "".join(f"row {n},{n / 7}\n" for n in range(rows))


def test_small_data_are_shown_whole():
    shown = data(csv(ROWS))
    assert shown["table"].count("<tr>") == ROWS + 1
    assert shown["says"] == f"The {ROWS} rows of the data"


def test_of_many_rows_the_first_are_shown_and_it_says_so():
    shown = data(csv(1234))
    assert shown["table"].count("<tr>") == 9
    assert shown["says"] == "The first 8 of 1,234 rows of the data"


def test_numbers_stand_right_and_columns_without_are_left():
    table = data(csv(3))["table"]
    assert table.count('<th scope="col" class="num">some_<wbr>share</th>') == 1
    assert re.findall(r'class="num">([^<]*)</td>', table) == ["0", "0.1429", "0.2857"]


@pytest.mark.parametrize("cell", ["<script>alert(1)</script>", "a & b", "<img src=x>"])
def test_data_are_escaped(cell):
    assert html.escape(cell) in data(f"x\n{cell}\n")["table"]
    assert cell not in data(f"{cell}\n1\n")["table"]


@pytest.mark.parametrize(
    "source", ["x = '<b>&' # </pre>\nif x:\n    pass", "", "%%bash\necho 'x", "f'{x!r:>{y}}'"]
)
def test_code_keeps_every_letter(source):
    shown = code(source)
    assert set(re.findall(r"<[^>]*>", shown)) <= {
        "<pre>", "</pre>", "</span>", *(f'<span class="{ink}">' for ink in "ksc")
    }  # fmt: skip
    assert html.unescape(re.sub(r"<[^>]*>", "", shown)) == source.rstrip()


@pytest.mark.parametrize("more", range(12))
def test_a_long_text_is_cut_where_a_word_ends(more):
    """Half a word could be a name, which keeps the report of its owner back."""
    said = "a" * more + " the output is corrupted, interventions of an administrator follow"
    cell = re.search("<td>(.*?)…</td>", data(f'x\n"{said}"\n')["table"])[1]
    assert cell == said[: len(cell)]
    assert 40 < len(cell) < 60
    assert said[len(cell)] in " ,"


def test_a_text_that_is_one_word_is_not_begun():
    assert "<td>…</td>" in data("x\n" + "a" * 61 + "\n")["table"]
