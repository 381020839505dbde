"""What is said of a benchmark's results: held against the targets, and printed."""

from dataclasses import replace

import pytest

from benchmarks import page, results
from benchmarks.results import Row
from benchmarks.scaling import scaling
from benchmarks.subjects import subjects
from benchmarks.targets import TARGETS, Bound, reached


def row(tool="ours", case="cold", name="R1500", **own):
    return Row(name, 1500.0, 2, tool, case, "1.0", 2, rounds=7, **own)


@pytest.mark.parametrize(
    ("ours", "theirs", "value", "verdict"),
    [
        (0.5, 2.0, 0.25, "stretch"),
        (0.8, 2.0, 0.40, "stretch"),
        (1.0, 2.0, 0.50, "met"),
        (1.2, 2.0, 0.60, "met"),
        (1.3, 2.0, 0.65, "missed"),
        (None, 2.0, None, "not measured"),
        (1.2, None, None, "not measured"),
    ],
)
def test_a_ratio_is_held_against_its_target(ours, theirs, value, verdict):
    rows = [row(wall=ours), row("ccusage", wall=theirs)]
    (one,) = (r for r in reached(rows) if r.target is TARGETS[0] and r.input == "R1500")
    assert (one.value, one.verdict) == (value, verdict)


def test_memory_and_import_are_held_as_they_are():
    rows = [row(peak_mib=351), row(name="S6000", peak_mib=399), row(case="import", wall=0.02)]
    found = {(r.target.what, r.input): (r.value, r.verdict) for r in reached(rows)}
    assert found["peak memory", "R1500"] == (351, "missed")
    assert found["peak memory", "S6000"] == (399, "met")
    assert found["`import analysis`", "any"] == (20, "met")


def test_every_target_is_of_something_measured(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.subjects.install", lambda *a: "")
    there = {(s.tool, s.case) for s in subjects(tmp_path)}
    for target in TARGETS:
        assert {("ours", target.case), target.against or ("ours", target.case)} <= there
        for bound in target.bounds.values():
            assert bound == Bound(bound.at_most) or bound.stretch < bound.at_most


def test_results_are_read_as_they_were_written(tmp_path):
    rows = [
        row(wall=1.5, wall_min=1.25, wall_max=2.0, cpu=3.0, cpu_min=2.5, cpu_max=4.0, peak_mib=9.5),
        replace(row("tokscale"), rounds=0, absent="npm is not installed"),
    ]
    results.write(rows, tmp_path / "r.csv")
    assert results.read(tmp_path / "r.csv") == rows


def test_results_of_two_versions_are_said_to_be():
    rows = [row(wall=1.0), replace(row(name="S1500", wall=1.0), version="1.1")]
    assert "Measured on 2 cores: ours 1.0 and 1.1." in page.page(rows)


def test_an_input_s_rows_are_replaced_together(tmp_path):
    path = tmp_path / "r.csv"
    results.keep([row(wall=1.0), row("ccusage", wall=2.0), row(name="S1500", wall=3.0)], path)
    assert results.keep([row(wall=4.0)], path) == [row(name="S1500", wall=3.0), row(wall=4.0)]


def test_the_page_says_what_the_results_say():
    assert page.PAGE.read_text() == page.page(results.read())


def test_nothing_measured_is_said():
    assert "Nothing has been measured yet." in page.page([])
    assert "met" not in page.verdicts([]).replace("not measured", "").split()


def sizes(*cpu):
    megabytes = (100, 500, 1500, 6000)
    return [
        replace(row(name=f"R{mb}", wall=c, cpu=c), megabytes=mb)
        for mb, c in zip(megabytes, cpu, strict=False)
    ]


def test_the_same_for_each_further_gb_is_linear_whatever_the_start_takes():
    said = scaling(sizes(1.1, 1.5, 2.5, 7.0))
    assert "1.00 s from 100 to 500 MB, 1.00 s from 500 to 1,500 MB" in said
    assert "That is linear," in said


@pytest.mark.parametrize("cpu", [(1, 2, 5, 40), (1, 2, 3, 2)])
def test_what_bends_is_not_linear(cpu):
    assert "That is not linear," in scaling(sizes(*cpu))


def test_two_sizes_say_nothing_of_a_line():
    assert scaling(sizes(1, 2)) == ""
    assert "Is it linear?" not in page.page(sizes(1, 2))


def test_a_file_more_is_the_difference_by_their_number():
    few = row(name="R500x1000", wall=1.0, cpu=1.0)
    many = replace(row(name="R500x10000", wall=1.0, cpu=1.5), files=5002)
    said = scaling([few, many, row(wall=1.0, cpu=1.0)])
    assert "the same bytes: 100 µs of cpu a file more." in said


def test_the_time_of_a_cold_load_is_told_step_by_step():
    cases = {"start": 0.2, "read": 0.5, "split": 0.75, "decode": 2.0, "scan": 4.0, "cold": 6.0}
    said = page.page([row(case=case, cpu=cpu) for case, cpu in cases.items()])
    (line,) = (text for text in said.splitlines() if text.startswith("| R1500 | 200 ms"))
    told = [cell.strip() for cell in line.strip("|").split("|")]
    assert told[1:] == ["200 ms", "500 ms", "250 ms", "1.25 s", "2.00 s", "1.80 s", "6.00 s"]
    del cases["split"]
    rows = [row(case=case, cpu=cpu) for case, cpu in cases.items()]
    assert "Where the time goes" not in page.page(rows)
