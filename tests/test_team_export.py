"""One person's file for a team: every token, and nothing that tells of the logs."""

import datetime as dt
import os
import re
import stat

import canaries
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import require
from lines import SESSION, answer, prompt, write_log
from stores import ATLAS, update

from analysis import paths, schema
from analysis.__main__ import main
from analysis.logs import store, team_file
from analysis.logs.files import StoreError
from analysis.logs.sound import ArchiveError
from analysis.logs.team_labels import KeyFileError, Labels, new_key, read_key
from analysis.measures import handed
from analysis.measures.margin import is_final
from analysis.measures.rebuilds import by_cause, rebuilt
from analysis.paths import ROOT, SAMPLE
from analysis.report import anonymous, privacy
from analysis.report.anonymous import export_anonymous
from analysis.report.privacy_views import views
from analysis.report.privacy_words import joined

PUBLIC = ROOT.parent / "shared" / "logs" / "projects"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NAMES = ("model", "service_tier", "speed", "geo", "source", "is_sidechain")
COUNTS = tuple(c.name for c in schema.TEAM if c.kind == "Int64" and c.name != "rebuilt_tokens")


@pytest.fixture
def key(tmp_path):
    new_key(path := tmp_path / "team.key")
    return path


def read(path):
    return pl.concat(team_file.decode(path.read_bytes()))


def hand(tmp_path, key=None, person="Jane", name="mine"):
    """Export a dataset and return its rows."""
    path = tmp_path / "out.parquet"
    done = export_anonymous(name, path, key, person)
    assert done.requests == read(path).height
    return read(path)


# What is in it


@pytest.mark.parametrize("place", ["sample", "public", "sources"])
def test_every_token_is_in_the_file(datasets, tmp_path, key, place):
    logs = {"sample": SAMPLE / "projects", "public": PUBLIC, "sources": ROOT / "tests" / "sources"}
    require("public-logs", logs[place].is_dir(), "the public logs are not here (shared/logs)")
    update(logs[place], name=place)
    rows, known = hand(tmp_path, key, name=place), store.read(place)
    assert rows.schema == schema.dtypes("team")
    assert rows.select(pl.col(COUNTS).sum()).equals(known.requests.select(pl.col(COUNTS).sum()))
    priced = known.priced()
    again, ledger = rebuilt(priced, known.events), by_cause(rebuilt(priced, known.events))
    assert rows["rebuilt_tokens"].sum() == again["rebuilt_tokens"].sum()
    assert rows["final"].sum() == is_final(priced).sum()
    sums = rows.drop_nulls("cause").group_by("cause").agg(pl.col("rebuilt_tokens").sum())
    assert dict(sums.iter_rows()) == {
        cause: tokens
        for cause, tokens in ledger.select("cause", "rebuilt_tokens").iter_rows()
        if tokens
    }
    for name in NAMES:
        said = known.requests[name].value_counts(sort=False, name="n").sort(name)
        if name != "model":
            assert rows[name].value_counts(sort=False, name="n").sort(name).equals(said)
    public = known.requests.filter(~pl.col("model").str.starts_with("other"))
    assert rows.filter(pl.col("model") != "other")["model"].n_unique() == public["model"].n_unique()
    assert rows["session"].n_unique() == known.requests["session"].n_unique()
    assert rows["person"].n_unique() == 1


def test_a_time_is_the_hour_and_the_order_tells_nothing(logs, tmp_path, key):
    update(logs)
    rows = hand(tmp_path, key)
    assert (rows["hour"].dt.truncate("1h") == rows["hour"]).all()
    assert rows["request"].is_sorted()


def test_a_file_says_nothing_but_its_rows(logs, tmp_path, key):
    update(logs)
    hand(tmp_path, key)
    about = pq.read_metadata(tmp_path / "out.parquet")
    assert about.metadata is None
    assert "jane" not in (tmp_path / "out.parquet").read_bytes().decode("latin-1").lower()
    assert not about.row_group(0).column(0).is_stats_set
    assert stat.S_IMODE((tmp_path / "out.parquet").stat().st_mode) == 0o600


def test_the_same_dataset_key_and_person_give_the_same_bytes(logs, tmp_path, key):
    update(logs)
    hand(tmp_path, key, "Jane Doe")
    known = (tmp_path / "out.parquet").read_bytes()
    hand(tmp_path, key, "  jane   DOE ")
    assert (tmp_path / "out.parquet").read_bytes() == known
    rows = hand(tmp_path, key, "John")
    assert not set(rows["person"]) & set(pl.read_parquet(known)["person"])
    assert rows.drop("person").equals(pl.read_parquet(known).drop("person"))


def test_without_a_key_no_label_comes_again(logs, tmp_path):
    update(logs)
    one, other = hand(tmp_path), hand(tmp_path)
    for name in ("person", "request", "session"):
        assert not set(one[name]) & set(other[name])


def test_sums_of_other_reports_are_no_requests(logs, tmp_path, key, capsys):
    report = ROOT / "tests" / "sources" / "ccusage"
    update(f"{logs},{report}")
    assert store.read("mine").copies["origin"].is_in(["sum"]).any()
    assert hand(tmp_path, key).height == store.read("mine").requests.height
    out = str(tmp_path / "out.parquet")
    assert main(["archive", "--export", out, "--anonymous"]) == 0
    assert "of other reports, which are sums and no requests" in capsys.readouterr().out
    update(report, name="sums")
    with pytest.raises(StoreError, match="'sums' has no single requests"):
        export_anonymous("sums", tmp_path / "sums.parquet")


# Labels


def test_kinds_of_labels_have_nothing_in_common():
    labels = Labels(bytes(range(32)))
    made = {labels.of(kind, ["text"])[0][2:] for kind in ("person", "request", "session")}
    assert len(made) == 3
    assert labels.of("request", [None, ("a", None), ("a", "null")])[0] is None
    assert len(set(labels.of("request", [("a", None), ("a", "null"), ("a",), "a"]))) == 4


def test_a_request_has_one_label_on_two_machines(tmp_path, key, monkeypatch):
    """Sessions of odd names are digests of each dataset's own key, which labels do not show."""
    found = {}
    odd = {"message": answer(1)["message"] | {"id": "acme-merger"}}
    for machine in ("one", "other"):
        monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / machine / "processed")
        monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / machine / "private")
        root = tmp_path / machine / "home" / "projects"
        write_log(root / ATLAS / "acme-notes.jsonl", prompt(), answer(1) | odd, answer(2, 5))
        write_log(root / ATLAS / f"{SESSION}.jsonl", answer(3, 7))
        update(root)
        found[machine] = hand(tmp_path, key)
        ids = set(store.read("mine").requests["session"])
        assert len({i for i in ids if i.startswith("x-")}) == 1
    assert found["one"].equals(found["other"])
    assert found["one"]["request"].n_unique() == 3


@pytest.mark.parametrize("named", [True, False])
def test_telemetry_has_one_label_on_two_machines(tmp_path, key, monkeypatch, named):
    """Its message id is made of ids that may be digests of each dataset's own key."""
    found = {}
    for machine in ("one", "other"):
        monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / machine / "processed")
        monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / machine / "private")
        log = tmp_path / machine / "logs" / "telemetry.jsonl"
        log.parent.mkdir(parents=True)
        said = (ROOT / "tests" / "sources" / "otel" / "telemetry.jsonl").read_text()
        changed = re.sub(r"req_(\w+)", r"gw.acme/\1", said)
        if not named:
            changed = re.sub(UUID, "acme-notes", changed).replace("request_id", "other_id")
        log.write_text(changed)
        update(log.parent)
        known = store.read("mine").requests.filter(pl.col("source") == "otel")
        odd = known["request_id" if named else "session"]
        assert odd.str.starts_with("x-").any()
        found[machine] = hand(tmp_path, key)
        assert found[machine].height == store.read("mine").requests.height
    assert found["one"].height > 1
    assert found["one"].equals(found["other"])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "that is no random key"),
        (b"hunter2" * 9, "that is no random key"),
        (b"\0" * 64, "that is no random key"),
        (b"00" * 32, "that is no random key"),
        (bytes(range(256)) * 2, "that is no random key"),
        (bytes(range(128, 159)), "that key has 31 bytes, and 32 are the least"),
        (bytes(range(31)).hex().encode(), "that key has 31 bytes, and 32 are the least"),
    ],
)
def test_a_key_that_is_none(tmp_path, data, why):
    path = tmp_path / "key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=why):
        read_key(path)


def test_a_key_is_random_for_its_owner_alone_and_never_written_over(tmp_path, key):
    assert len(read_key(key)) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    raw = tmp_path / "raw"
    raw.write_bytes(read_key(key))
    raw.chmod(0o600)
    assert read_key(raw) == read_key(key)
    with pytest.raises(KeyFileError, match="something lies there already"):
        new_key(key)
    with pytest.raises(KeyFileError, match="it cannot be written"):
        new_key(tmp_path / "no" / "key")
    key.chmod(0o640)
    with pytest.raises(KeyFileError, match="others can read or change it: chmod 600"):
        read_key(key)
    os.mkfifo(pipe := tmp_path / "pipe", 0o600)
    with pytest.raises(KeyFileError, match="it is no file"):
        read_key(pipe)
    with pytest.raises(KeyFileError, match="it cannot be read"):
        read_key(tmp_path / "gone")


# Where it may be written


def test_nothing_else_is_written_over(logs, tmp_path, key):
    update(logs)
    notes, link = tmp_path / "notes.txt", tmp_path / "link.parquet"
    notes.write_text("mine")
    with pytest.raises(ArchiveError, match="something else lies there"):
        export_anonymous("mine", notes, key, "Jane")
    hand(tmp_path, key)
    link.symlink_to(notes)
    with pytest.raises(ArchiveError, match="something else lies there"):
        export_anonymous("mine", link, key, "Jane")
    assert notes.read_text() == "mine"
    with pytest.raises(ArchiveError, match="nothing is written into the folders of logs"):
        export_anonymous("mine", logs / "out.parquet", key, "Jane")
    with pytest.raises(ArchiveError, match="there is no such folder"):
        export_anonymous("mine", tmp_path / "no" / "out.parquet", key, "Jane")
    hand(tmp_path, key)  # over what was handed before


def test_a_key_wants_a_name_and_a_name_no_other_export(logs, tmp_path, key, capsys):
    update(logs)
    with pytest.raises(KeyFileError, match="say who you are with --person NAME"):
        export_anonymous("mine", tmp_path / "out.parquet", key, " ")
    for words in (
        ["--export", str(tmp_path / "x.zip"), "--team-key", str(key)],
        ["--export", str(tmp_path / "x.zip"), "--person", "Jane"],
        ["--import", str(tmp_path / "x.zip"), "--anonymous"],
    ):
        assert main(["archive", *words]) == 1
        assert "--team-key and --person go with --anonymous" in capsys.readouterr().err
    assert not (tmp_path / "x.zip").exists()


def test_without_the_names_nobody_can_tell_what_must_stay_out(logs, tmp_path, key):
    update(logs)
    (paths.PRIVATE / "mine" / "manifest.json").unlink()
    with pytest.raises(StoreError, match="is gone, which says what must not be handed over"):
        export_anonymous("mine", tmp_path / "out.parquet", key, "Jane")


# What is not in it


@pytest.fixture(scope="module")
def planted(datasets):
    """A dataset of logs that have a word in every place of a string."""
    update(canaries.tree(datasets / "canaries"), name="canary")
    return datasets


def parts(path):
    """The fields whose words stand in a file, in any reading of it; no column may have an id."""
    table = pl.read_parquet(path)
    said = [str(value) for name in table.columns for value in table[name].unique()]
    hidden = [view.text for view in views(path.name, path.read_bytes())]
    return canaries.words(*table.columns, *said, *hidden)


def test_no_word_of_any_field_is_in_a_file(planted, tmp_path, key, capfd):
    out = tmp_path / "out.parquet"
    for words in ([], ["--team-key", str(key), "--person", canaries.token(999)]):
        words = ["archive", "--export", str(out), "--anonymous", "--name", "canary", *words]
        assert main(words) == 0
        assert parts(out) == set()
        assert canaries.token(999) not in out.read_bytes().decode("latin-1")
        said = capfd.readouterr()
        assert canaries.words(said.out, said.err) == set()


@pytest.mark.parametrize("column", ["message_id", "request_id"])
def test_an_id_that_were_written_would_be_found(planted, tmp_path, monkeypatch, column):
    """Neither the rules nor the gate let it out; without both, it is there to be found."""
    ids = store.read("canary").copies[column].drop_nulls()
    assert {"opaque message id", "opaque request id"} & canaries.words(*ids)
    kept_in(monkeypatch, "session", ids.filter(ids.str.contains("canaryq"))[0])
    with pytest.raises(ArchiveError, match="column session: a text that is no session label"):
        export_anonymous("canary", tmp_path / "out.parquet")
    monkeypatch.setattr(anonymous, "broken", lambda *rows, **more: None)
    with pytest.raises(privacy.PrivacyError, match=r"id: team.parquet, column session"):
        export_anonymous("canary", tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()
    monkeypatch.setattr(anonymous, "gate", lambda *words, **more: None)
    export_anonymous("canary", tmp_path / "out.parquet")
    assert len(parts(tmp_path / "out.parquet")) == 1


def kept_in(monkeypatch, column, text):
    """Let an export write a text that it should not."""
    real = handed.for_team
    changed = {column: pl.lit(text)}
    monkeypatch.setattr(anonymous, "for_team", lambda *of: real(*of).with_columns(**changed))


def test_an_hour_that_no_import_takes_is_not_written(planted, tmp_path, monkeypatch):
    kept_in(monkeypatch, "hour", dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(ArchiveError, match="column hour: more than a day later than now"):
        export_anonymous("canary", tmp_path / "out.parquet")


@pytest.mark.parametrize("field", ["branch", "prompt", "project", "text"])
def test_a_word_that_were_written_would_be_found(planted, tmp_path, monkeypatch, field):
    """The test of fields can fail: here a file holds one as the label of a model."""
    kept_in(monkeypatch, "model", f"gpt-{canaries.TOKENS[field]}")
    with pytest.raises(ArchiveError, match="column model: a text that is no public model"):
        export_anonymous("canary", tmp_path / "out.parquet")
    monkeypatch.setattr(anonymous, "broken", lambda *rows, **more: None)
    if field in ("branch", "project"):
        with pytest.raises(privacy.PrivacyError, match=r"part of a .*: team.parquet, column model"):
            export_anonymous("canary", tmp_path / "out.parquet")
    monkeypatch.setattr(anonymous, "gate", lambda *words, **more: None)
    export_anonymous("canary", tmp_path / "out.parquet")
    assert field in parts(tmp_path / "out.parquet")


def test_a_label_is_no_word_by_chance():
    """A project may be called like a part of one among a hundred thousand labels."""
    assert "cafe" not in {*joined("r-1234567890cafe12")}
    assert "cafe" in {*joined("acme-cafe12")}
