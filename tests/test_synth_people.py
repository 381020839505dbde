"""People who never were: the same each time, files like an export's, and a few with most."""

import numpy as np
import polars as pl
import pytest

from analysis import schema
from analysis.__main__ import main
from analysis.logs import team_file
from analysis.logs.team_labels import SYNTHETIC, Labels
from analysis.logs.team_rules import broken
from analysis.synth.folder import SynthError
from analysis.synth.people import person, sizes, write_people


def test_a_person_keeps_every_rule_and_is_the_same_again():
    rows = person(1, 2_000, seed=7)
    assert broken(rows) is None
    assert rows.equals(person(1, 2_000, seed=7))
    assert not rows.equals(person(1, 2_000, seed=8))
    assert not set(rows["request"]) & set(person(2, 2_000, seed=7)["request"])
    assert rows["model"].n_unique() > 1
    assert {"new chain", "expiry"} <= set(rows["cause"].drop_nulls())
    assert rows.filter(pl.col("cause") == "expiry")["rebuilt_tokens"].min() > 0
    assert 1_900 < len(rows) < 2_001


def test_a_person_who_never_was_is_labelled_so():
    assert person(300, 10, seed=7)["person"].unique().to_list() == [f"{SYNTHETIC}0000012c"]
    names = [Labels(bytes(range(32))).person(name) for name in ("Jane", "John", "")]
    assert not any(name.startswith(SYNTHETIC) for name in names)


def test_a_few_make_most_of_the_requests():
    drawn = np.sort(sizes(1_000, 2_000, seed=3))
    assert drawn.min() >= 1
    assert 0.4 < drawn[-100:].sum() / drawn.sum() < 0.6


def test_files_are_those_of_an_export_and_nothing_else_is_removed(tmp_path, capsys):
    to = tmp_path / "came"
    words = ["synth", "--people", "3", "--to", str(to), "--seed", "5"]
    assert main(words) == 0
    made = [pl.concat(team_file.decode(path.read_bytes())) for path in sorted(to.iterdir())]
    assert capsys.readouterr().out == (
        f"wrote {sum(map(len, made)):,} requests in 3 files to {to}\n"
    )
    assert all(rows.schema == schema.dtypes("team") for rows in made)
    assert len({rows["person"][0] for rows in made}) == 3
    assert sum(write_people(to, 1, seed=5, requests=50)) > 0
    assert len([*to.iterdir()]) == 1
    (to / "notes.txt").write_text("mine")
    with pytest.raises(SynthError, match="holds what is not synthetic: choose another folder"):
        next(write_people(to, 1, seed=5))
    assert len([*to.iterdir()]) == 2
    assert main(["synth", "--people", "3"]) == 1
    assert main(["synth", "--people", "-3", "--to", str(to)]) == 1
    said = capsys.readouterr().err
    assert "say where with --to FOLDER" in said
    assert "--people -3: write a number above 0" in said
