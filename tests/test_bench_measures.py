"""The benchmark of measures runs every one of them; nothing here says how fast."""

from benchmarks import measures


def test_every_measure_runs_and_has_its_seconds(capsys):
    assert measures.main(["--requests", "2000", "--rounds", "1"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in (measures.PASS, *measures.POINTS, *measures.DRAWN))


def test_intervals_are_no_part_of_the_sum():
    found = dict.fromkeys(measures.POINTS, measures.AT_MOST / len(measures.POINTS))
    found[measures.PASS] = 1.001
    slow = found | dict.fromkeys(measures.DRAWN, 1e3)
    assert measures.report(slow).endswith(": met")
    assert measures.report(slow | {measures.PASS: 0.999}).endswith(": missed")
