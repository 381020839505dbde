"""The benchmark of a whole report runs both ways; nothing here says how fast they are."""

import re

from benchmarks import report


def test_both_ways_run_and_the_ratio_is_told(capsys):
    assert report.main(["--rounds", "1", "13-adoption"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("1 notebooks, ")
    assert re.search(r"^\| ours +\| \d", said, re.M)
    assert re.search(r"^\d+\.\d\d of nbconvert; at most 0\.5 asked: (met|missed)$", said, re.M)
