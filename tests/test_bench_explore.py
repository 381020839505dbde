"""The benchmark of the workbench draws every view and its rival; nothing here says how fast."""

from benchmarks import explore


def test_every_view_and_its_rival_is_drawn(capsys):
    assert explore.main(["--requests", "2000", "--rounds", "1"]) == 0
    said = capsys.readouterr().out
    assert all(f"| {view.__name__} " in said for view in explore.VIEWS)
    assert said.splitlines()[0].startswith("1,980 requests, ")


def test_the_slowest_decides():
    fast, most = explore.Took(1, 1), explore.AT_MOST
    rest = [(fast, fast)] * (len(explore.VIEWS) - 1)
    assert explore.report([*rest, (explore.Took(most, 2 * most), fast)]).endswith(": met")
    assert explore.report([*rest, (explore.Took(most + 1, 1), None)]).endswith(": missed")
