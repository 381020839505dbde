"""No string of a log gets out: a word in every place of one, looked for in all that is made."""

import stat

import canaries
import pytest
from canaries import ALL, NAMES, TOKENS, found, kept, tree
from conftest import report
from stores import update

from analysis import paths, schema
from analysis.logs import parts, scan


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    return tree(tmp_path_factory.mktemp("canaries"))


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    return tmp_path


def mutate(monkeypatch, logs, field, column):
    """Make a loader that keeps one more field of each log, in a column that is there."""
    place = [c.name for c in schema.COPIES].index(column)

    def keeping(log, *more):
        made = scan.scan(log, *more)
        more = kept(field, log.path, logs.parent)
        made.copies[:] = [(*row[:place], more, *row[place + 1 :]) for row in made.copies]
        return made

    monkeypatch.setattr(parts, "scan", keeping)


def test_the_words_are_in_the_logs_and_each_is_one_field(logs):
    assert len(set(TOKENS.values())) == len(ALL) > 60
    assert found(logs.parent).keys() == set(ALL)
    for name in ALL:
        there = [p for p in logs.rglob("*.jsonl*") if TOKENS[name] in kept(name, p, logs.parent)]
        assert there, name


def test_no_word_gets_into_a_table(logs, folders, capfd):
    update(logs)
    assert found(folders / "processed") == {}
    out = capfd.readouterr()
    assert canaries.words(out.out, out.err) == set()
    assert {*NAMES, "cwd", "branch", "model"} <= found(folders / "private").keys()


def test_what_is_private_is_for_its_owner_alone(logs, folders):
    update(logs)
    (private,) = (folders / "private").iterdir()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in private.rglob("*")} == {0o600}


@pytest.mark.parametrize("field", ALL)
def test_a_loader_that_keeps_one_more_field_cannot_write_it(logs, folders, monkeypatch, field):
    mutate(monkeypatch, logs, field, "speed")
    with pytest.raises(schema.SchemaError, match="speed: strings") as refused:
        update(logs)
    assert canaries.words(str(refused.value)) == set()
    assert found(folders / "processed") == {}


@pytest.mark.parametrize("field", ALL)
def test_a_field_that_were_written_would_be_found(logs, folders, monkeypatch, field):
    """The test above this can fail, for each field: here the tables hold it."""
    monkeypatch.setattr(schema, "fits", lambda frame, table: True)
    mutate(monkeypatch, logs, field, "speed")
    update(logs)
    assert field in found(folders / "processed")


@pytest.mark.long
@pytest.mark.exhaustive
@pytest.mark.parametrize("field", ALL)
def test_a_field_that_were_written_would_be_found_in_a_report(logs, tmp_path, monkeypatch, field):
    """Kept as the label of a project, which the page shows; all of it, or until the gate."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "data" / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "data" / "private")
    monkeypatch.setattr(schema, "fits", lambda frame, table: True)
    mutate(monkeypatch, logs, field, "project")
    update(logs)
    done = report(tmp_path, "--name", "mine")
    assert done.returncode == 0 or "not published" in done.stderr
    assert field in found(tmp_path / "build")


@pytest.mark.long
def test_no_word_gets_out_of_a_report(logs, tmp_path):
    done = report(tmp_path, "--logs", str(logs), "--name", "canary")
    assert done.returncode == 0, done.stderr
    assert canaries.words(done.stdout, done.stderr) == set()
    for folder in (paths.PROCESSED, paths.BUILD, paths.REPORTS):
        assert found(tmp_path / folder.relative_to(paths.GENERATED)) == {}
