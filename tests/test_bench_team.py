"""The benchmark of a team runs, and its page is what was measured; nothing says how fast it is."""

import re

from conftest import require

from analysis.logs import team_file, team_footer
from benchmarks import team, team_page, team_results
from benchmarks.inputs import PUBLIC


def test_it_runs_small_and_keeps_what_it_measured(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(team, "a_year", lambda: 22_000)
    words = ["--requests", "300", "--mean", "200", "--to", str(tmp_path)]
    assert team.main(["--folder", str(tmp_path / "work"), *words]) == 0
    rows = team_results.read(tmp_path / "team.csv")
    assert [(row.step, row.people) for row in rows] == [("import", 2), ("sum", 2)]
    assert all(300 <= row.requests < row.largest + 300 for row in rows)
    assert all(row.peak_mib > 10 and row.seconds > 0 and row.disk_mib > 0 for row in rows)
    assert capsys.readouterr().out.endswith(f"{team_page.section(rows)}\n")


def test_a_year_is_days_of_what_projects_have():
    require("public-logs", PUBLIC.is_dir(), "the public logs are not here (shared/logs)")
    assert team.a_year() == round(team_page.DAYS * 15_716 / 142)


def test_the_page_has_what_was_measured():
    rows, page = team_results.read(), team_page.PAGE.read_text()
    assert page.endswith(team_page.section(rows))
    assert rows[-1].requests >= 50_000_000
    peaks = [row.peak_mib for row in rows if row.step == "import"]
    assert max(peaks) < 3 * min(peaks)
    assert "Nothing has been measured yet" in team_page.section([])


def test_the_page_has_the_limits_of_a_file():
    page = team_page.PAGE.read_text()
    for said in (
        f"at most {team_file.MOST_BYTES // 2**20} MiB",
        f"at most {team_footer.MOST_ROWS:,} rows in groups of at most {team_footer.GROUP:,}",
        f"the {len(team_footer.schema.TEAM)} columns",
    ):
        assert said in page
    assert re.search(r"groups of at most [\d,]+, packed by zstd", page)
