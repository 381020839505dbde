"""The benchmark of a fleet, small, and the page that it writes."""

import pytest

from benchmarks import fleet, fleet_page, fleet_results


@pytest.mark.long
@pytest.mark.exhaustive
def test_the_benchmark_measures_and_says_what_follows(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(fleet, "available", lambda kind: False)  # synthetic ones will do
    words = ["--folder", str(tmp_path), "--megabytes", "5", "--rounds", "1", "--millions", "1", "2"]
    assert fleet.main([*words, "--to", str(tmp_path)]) == 0
    rows = fleet_results.read(tmp_path / "fleet.csv")
    assert fleet_page.section(rows) in capsys.readouterr().out
    assert {row.kind for row in rows} == {"load", "step", "weight", "count", "memory"}
    assert all(row.value > 0 for row in rows)


def test_the_page_ends_with_what_was_measured():
    assert fleet_page.PAGE.read_text().endswith(fleet_page.section(fleet_results.read()))


def row(kind, name, partitions, value, megabytes=1000.0):
    return fleet_results.Row(kind, name, partitions, megabytes, value)


def test_a_plan_is_what_was_measured_times_what_is_asked():
    rows = [
        row("load", "one process", 1, 10.0),
        row("load", "64 MB", 10, 11.0),
        row("load", "about 100", 110, 12.0),
        row("step", "read", 10, 9.0),
        row("step", "combine", 10, 1.0),
        row("weight", "partials", 10, 20.0),
        row("weight", "plan", 10, 4.0),
        row("count", "files", 10, 2000.0),
        row("count", "requests", 10, 100_000.0),
        *(row("memory", how, 1, m * 1000, m) for m in (1, 3) for how in fleet.RESOLVE),
    ]
    of = fleet_page.measured(rows)
    assert of == (100.0, 0.009, 0.01, 10.0, 100.0, 2.0, 0.02, 1000.0, 0.004)
    planned = fleet_page._planned(of, 10**6)
    assert planned["partitions"] == "10,000"
    assert planned["workers, to read in 60 minutes"] == "2"  # 9,000 s of a core
    assert planned["minutes of the machine that combines"] == "18"  # 100 s, and 100 million rows
    assert planned["GET requests, one an object"] == "2.0 million"
    said = fleet_page.section(rows)
    assert "That is kept: 1.10." in said
    assert "holds 33 million requests, 0.3 TB of such logs" in said
