"""The benchmark of the simulated plans runs, and fails where the two ways differ."""

from benchmarks import redesign


def small():
    return redesign.main(["--users", "60", "--days", "30", "--rounds", "1", "--plain-users", "3"])


def test_it_runs_and_both_ways_agree(capsys):
    assert small() == 0
    said = capsys.readouterr().out
    assert "both count the same" in said
    assert "60 s asked" in said


def test_a_difference_is_told(capsys, monkeypatch):
    monkeypatch.setattr(redesign, "looped", lambda work: redesign.vectorised(work) + 1)
    assert small() == 1
    assert "DO NOT COUNT THE SAME" in capsys.readouterr().out
