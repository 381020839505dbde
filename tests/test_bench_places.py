"""The benchmark of logs in object storage, run small."""

import shutil

import pytest

from analysis.paths import SAMPLE
from benchmarks import places
from benchmarks.places import FILES, PACKED, Found


def test_each_time_is_held_against_that_of_the_files():
    ways = [Found(FILES, 100, [0], [0], [2]), Found(".gz", 25, [3, 4, 9], [1, 2, 3], [1, 1, 1])]
    files, packed = places.said(ways).splitlines()[2:]
    cells = [[cell.strip() for cell in line.split("|")[2:-1]] for line in (files, packed)]
    assert cells == [
        ["1.00", "", "", "2.00 s", "1.00"],
        ["0.25", "4.00 s", "2.00 s", "1.00 s", "1.50"],
    ]


def test_the_same_logs_are_read_whichever_way_they_are_kept(tmp_path, monkeypatch):
    pytest.importorskip("s3fs").S3FileSystem.clear_instance_cache()
    project = next(path for path in (SAMPLE / "projects").iterdir())
    shutil.copytree(project, tmp_path / "projects" / project.name)
    counted = []
    scanned = places._scanned
    monkeypatch.setattr(places, "_scanned", lambda logs: counted.append(len(logs)) or scanned(logs))
    found = places.measured(tmp_path, rounds=1)
    assert [one.way for one in found] == [FILES, *PACKED]
    assert len(set(counted)) == 1
    assert found[0].bytes == found[1].bytes > found[2].bytes > 0
