"""Where logs live and which files count, whatever lies around them."""

import os
from pathlib import Path

import pytest
from lines import OTHER_SESSION, SESSION, answer, read_log, write_log

from analysis.logs.discover import NoLogsError, log_files, roots
from analysis.logs.scan import scan


def places(root):
    """(path below the root, project, session, agent, skipped) of every log found."""
    return [
        (f.path.relative_to(root).as_posix(), f.project, f.session, f.agent, f.skipped)
        for f in log_files([root])
    ]


@pytest.mark.parametrize(
    ("name", "project", "session", "agent"),
    [
        (f"p/{SESSION}.jsonl", "p", SESSION, None),
        ("p/agent-abc1234.jsonl", "p", None, "abc1234"),  # 2.0: its lines tell the session
        (f"p/{SESSION}/subagents/agent-abc1234.jsonl", "p", SESSION, "abc1234"),
        (f"p/{SESSION}/subagents/agent-acompact-12ab34.jsonl", "p", SESSION, "acompact-12ab34"),
        (f"p/{SESSION}/subagents/workflows/wf_1/agent-a1.jsonl", "p", SESSION, "a1"),
        (f"p/deeper/still/{SESSION}.jsonl", "p", SESSION, None),
        (f"p [1] *? 'é/{SESSION}.jsonl", "p [1] *? 'é", SESSION, None),
        (f"subagents/{SESSION}.jsonl", "subagents", SESSION, None),
        ("subagents/agent-a1.jsonl", "subagents", None, "a1"),
        ("p/journal.jsonl", "p", "journal", None),
        (f"p/{SESSION}.jsonl.gz", "p", SESSION, None),
        (f"p/{SESSION}.jsonl.zst", "p", SESSION, None),
        ("p/agent-abc1234.jsonl.zst", "p", None, "abc1234"),
        (f"p/{SESSION}/subagents/agent-abc1234.jsonl.gz", "p", SESSION, "abc1234"),
        ("p/a.b.jsonl.gz", "p", "a.b", None),
    ],
)
def test_every_layout(tmp_path, name, project, session, agent):
    write_log(tmp_path / name, answer())
    assert places(tmp_path) == [(name, project, session, agent, None)]


@pytest.mark.parametrize(
    ("name", "session", "agent"),
    [
        (f"{SESSION}.jsonl", SESSION, None),
        ("agent-a1.jsonl", None, "a1"),
        (f"{SESSION}/subagents/agent-a1.jsonl", SESSION, "a1"),
    ],
)
def test_a_project_folder_given_by_itself_is_the_project(tmp_path, name, session, agent):
    write_log(tmp_path / "atlas" / name)
    assert places(tmp_path / "atlas") == [(name, "atlas", session, agent, None)]


@pytest.mark.parametrize(
    "name",
    [
        f"p/{SESSION}/subagents/workflows/wf_1/journal.jsonl",
        f"p/{SESSION}/subagents/workflows/wf_1/journal.jsonl.gz",
        f"p/{SESSION}/subagents/agent-a1.meta.json",
        f"p/{SESSION}/tool-results/x.txt",
        "p/memory/MEMORY.md",
        f"p/{SESSION}.jsonl.bak",
        f"p/{SESSION}.JSONL.gz",
        f"p/{SESSION}.gz",
        f"p/{SESSION}.json.gz",
        f"p/{SESSION}.jsonl.xz",
        f"p/{SESSION}.jsonl.gz.zst",
        "p/.jsonl",
        "p/.jsonl.gz",
    ],
)
def test_what_is_no_log_is_not_found(tmp_path, name):
    write_log(tmp_path / name, answer())
    write_log(tmp_path / "p" / f"{OTHER_SESSION}.jsonl", answer())
    assert [place[0] for place in places(tmp_path)] == [f"p/{OTHER_SESSION}.jsonl"]


def test_a_journal_is_known_by_its_place_below_the_root(tmp_path):
    root = tmp_path / "workflows" / "projects"
    write_log(root / "p" / "journal.jsonl", answer())
    assert len(log_files([root])) == 1


def test_the_order_does_not_depend_on_the_disk(tmp_path):
    names = [f"{p}/{n}.jsonl" for p in "cab" for n in (OTHER_SESSION, SESSION)]
    for name in names:
        write_log(tmp_path / name)
    assert [place[0] for place in places(tmp_path)] == sorted(names)


def test_a_folder_named_twice_is_read_once(tmp_path):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl")
    assert len(log_files([tmp_path, tmp_path])) == 1
    assert roots(f"{tmp_path},{tmp_path}/") == [tmp_path.resolve()]


def test_links_that_turn_in_circles(tmp_path):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl")
    (tmp_path / "p" / "up").symlink_to(tmp_path)
    (tmp_path / "p" / "self").symlink_to(tmp_path / "p" / "self")
    assert len(places(tmp_path)) == 1


def test_a_folder_linked_beside_itself_is_read_once_under_its_own_name(tmp_path):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl")
    for name in ("again", "zebra"):
        (tmp_path / name).symlink_to(tmp_path / "p")
    assert [place[1] for place in places(tmp_path)] == ["p"]


def test_a_linked_project_is_found(tmp_path):
    elsewhere = tmp_path / "elsewhere" / "atlas"
    write_log(elsewhere / f"{SESSION}.jsonl")
    root = tmp_path / "projects"
    root.mkdir()
    (root / "p").symlink_to(elsewhere)
    assert places(root) == [(f"p/{SESSION}.jsonl", "p", SESSION, None, None)]


def test_a_folder_named_like_a_log_is_a_folder(tmp_path):
    inside = f"p/x.jsonl/{SESSION}.jsonl"
    write_log(tmp_path / inside, answer())
    assert places(tmp_path) == [(inside, "p", SESSION, None, None)]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: os.mkfifo(path), "not_regular"),
        (lambda path: path.symlink_to("/dev/zero"), "not_regular"),
        (lambda path: path.symlink_to(path.with_name("gone")), "unreadable"),
        (lambda path: path.symlink_to(path), "unreadable"),
    ],
    ids=["fifo", "device", "dangling", "loop"],
)
def test_what_cannot_be_read_is_skipped_with_a_reason_and_never_waited_for(tmp_path, make, reason):
    path = tmp_path / "p" / f"{SESSION}.jsonl"
    path.parent.mkdir()
    make(path)
    (log,) = log_files([tmp_path])
    assert log.skipped == reason
    ledger = scan(log, 1, "project-01", b"").ledger
    assert (ledger["skipped"], ledger["lines"], ledger["bytes"]) == (reason, 0, 0)


def test_a_file_that_vanishes_before_it_is_read_is_unreadable(tmp_path):
    path = write_log(tmp_path / "p" / f"{SESSION}.jsonl", answer())
    (log,) = log_files([tmp_path])
    path.unlink()
    assert scan(log, 1, "project-01", b"").ledger["skipped"] == "unreadable"


def test_a_log_that_is_there_plain_and_compressed_is_two_files(tmp_path):
    names = [f"p/{SESSION}.jsonl", f"p/{SESSION}.jsonl.gz", f"p/{SESSION}.jsonl.zst"]
    for name in names:
        write_log(tmp_path / name)
    assert [(place[0], place[2]) for place in places(tmp_path)] == [(n, SESSION) for n in names]


# LOGS


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with logs at Claude Code's usual place, and nothing in the environment."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)
    write_log(tmp_path / ".claude" / "projects" / "p" / f"{SESSION}.jsonl", answer())
    return tmp_path.resolve()


@pytest.mark.parametrize(
    "logs",
    [
        "{home}/.claude",
        "{home}/.claude/",
        "{home}/.claude/projects",
        "~/.claude",
        "~/.claude/projects",
        " ~/.claude ,, ~/.claude/projects,",
        "auto",
    ],
)
def test_every_way_to_name_a_folder_ends_at_projects(home, logs):
    assert roots(logs.format(home=home)) == [home / ".claude" / "projects"]


def test_a_folder_of_any_other_name_is_taken_as_it_is(home):
    (home / "copied").mkdir()
    assert roots("~/copied") == [home / "copied"]


def test_several_folders(home):
    (home / "b" / "projects").mkdir(parents=True)
    assert roots("~/b,~/.claude") == [home / ".claude" / "projects", home / "b" / "projects"]


def test_auto_takes_both_usual_places(home):
    (home / ".config" / "claude" / "projects").mkdir(parents=True)
    usual = [home / ".claude" / "projects", home / ".config" / "claude" / "projects"]
    assert roots("auto") == usual


def test_auto_follows_the_client_and_nothing_else_when_it_is_told(home, monkeypatch):
    for name in "ab":
        (home / name / "projects").mkdir(parents=True)
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", f"{home}/a, ~/b")
    assert roots("auto") == [home / "a" / "projects", home / "b" / "projects"]
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", "")
    assert roots("auto") == [home / ".claude" / "projects"]


@pytest.mark.parametrize(
    ("logs", "said"),
    [
        ("/nowhere/at/all", "no such folder: /nowhere/at/all"),
        ("~/.claude,/nowhere", "no such folder: /nowhere"),
        ("logs/projects", "no such folder: logs/projects in /.*, where make runs: LOGS names"),
        ("", "LOGS is empty"),
        (" , ", "LOGS is empty"),
    ],
)
def test_a_wrong_folder_is_told_with_what_to_do(home, logs, said):
    with pytest.raises(NoLogsError, match=said) as refused:
        roots(logs)
    assert "config directory or projects/" in str(refused.value)


@pytest.mark.parametrize("config", [None, "/nowhere/claude"])
def test_auto_says_where_it_looked(tmp_path, monkeypatch, config):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)
    if config:
        monkeypatch.setenv("CLAUDE_CONFIG_DIR", config)
    with pytest.raises(NoLogsError, match=config or "~/.claude,~/.config/claude") as refused:
        roots("auto")
    assert "LOGS=" in str(refused.value)


def test_names_that_are_not_utf8(tmp_path):
    name = os.fsdecode(b"p/\xff\xfe.jsonl")
    (tmp_path / "p").mkdir()
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found = read_log(tmp_path, answer(), name=name)
    assert found.copy["session"].startswith("x-")


def test_finding_changes_nothing(tmp_path):
    write_log(tmp_path / "p" / f"{SESSION}.jsonl", answer())
    before = sorted((p, p.stat().st_mtime_ns, p.stat().st_size) for p in Path(tmp_path).rglob("*"))
    log_files(roots(str(tmp_path)))
    after = sorted((p, p.stat().st_mtime_ns, p.stat().st_size) for p in Path(tmp_path).rglob("*"))
    assert before == after
