"""Another tool's totals on the same logs: ccusage, an independent reader in another language."""

import os
import re

import polars as pl
import pytest
from conftest import require
from lines import answer, append_log, usage, write_log
from peculiar import ATLAS, LINE, RULES, logs, times, worlds
from stores import disk

from analysis.__main__ import main
from analysis.crosscheck import compare, dollars, result, rules, tool
from analysis.crosscheck.seen import Counts, Said
from analysis.crosscheck.tool import CrosscheckError
from analysis.errors import is_ours
from analysis.logs import store
from analysis.measures.crosscheck import CLASSES, by_rule, unexplained
from analysis.paths import ROOT, SAMPLE
from analysis.words import crosscheck as words

MODEL = "claude-opus-4-7"
DOCS = (ROOT / "docs" / "crosscheck.md").read_text()

#: What ccusage 20.0.24 printed of the peculiar logs, copied from the terminal.
PRINTED = {
    "session": Said({MODEL: Counts(56, 190, 1_640, 21_000)}, {MODEL: 5_024_540_000}),
    "daily": Said({MODEL: Counts(59, 200, 1_740, 22_000)}, {MODEL: 5_025_930_000}),
}


@pytest.fixture(scope="module")
def ccusage():
    """The tool's binary, installed once in the project's own folder for it."""
    try:
        return tool.install()
    except CrosscheckError as error:
        require("node", False, str(error))


@pytest.fixture(scope="module")
def peculiar(datasets):
    """The peculiar logs, loaded; their folder."""
    root = logs(datasets / "logs" / "projects")
    store.load_logs("odd", str(root))
    return root


def parts(rows, report):
    """Tokens of each part of a report."""
    found = by_rule(rows).filter(report=report)
    return {row["part"]: tuple(row[name] for name in CLASSES) for row in found.to_dicts()}


def closes(rows):
    """Whether the rows of each report and model sum to its last, in tokens and nano-dollars."""
    last = pl.col("step") == rules.THEIRS
    sums = rows.group_by("report", "model").agg(
        (pl.col(name).filter(~last).sum() - pl.col(name).filter(last).sum()).alias(name)
        for name in (*CLASSES, "nano")
    )
    return not sums.select(pl.col(*CLASSES, "nano").abs().sum()).sum_horizontal().item()


def test_the_sample_is_counted_alike_to_the_token_and_the_cent(ccusage, datasets):
    store.load_logs("sample", str(SAMPLE))
    rows = compare.compare("sample")
    of = rows.filter(report="daily")
    ours, theirs = (of.filter(step=step).drop("step") for step in (rules.OURS, rules.THEIRS))
    assert ours.equals(theirs)
    priced = store.read("sample").priced()
    assert ours["output"].sum() == priced["output_tokens"].sum()
    assert ours["nano"].sum() == priced["total_nano"].sum()
    assert [*parts(rows, "session")] == [rules.OURS, "progress", rules.THEIRS]
    assert f"```text\n{words.text(rows)}\n```" in DOCS


def test_the_docs_have_every_rule():
    listed = re.findall(r"^\| `([\w-]+)` \| .* \| (.*?)(?: \(`(\w+)`\))? \|$", DOCS, re.M)
    assert listed == [(name, rule.meaning, rule.report) for name, rule in rules.RULES.items()]


def test_ccusage_s_own_numbers_of_each_peculiarity_are_those_recorded(ccusage, peculiar):
    before = disk(peculiar)
    assert tool.reports(ccusage, [peculiar]) == PRINTED
    assert disk(peculiar) == before


def test_a_folder_that_is_not_called_projects_is_read_and_so_are_several(ccusage, tmp_path):
    write_log(tmp_path / "one" / ATLAS / "a.jsonl", answer(1))
    write_log(tmp_path / "two, three" / ATLAS / "b.jsonl", answer(2))
    said = tool.reports(ccusage, [tmp_path / "one", tmp_path / "two, three"])
    assert said["daily"].tokens == {MODEL: Counts(*times(2))}


def test_each_peculiarity_is_its_own_rule_and_nothing_is_left(peculiar):
    rows = compare.compare("odd", lambda roots: PRINTED)
    assert unexplained(rows) == {}
    for report, wanted in RULES.items():
        found = parts(rows, report)
        ends = (rules.OURS, rules.THEIRS, *rules.PRICES)
        assert {part: t for part, t in found.items() if part not in ends} == wanted
        assert found[rules.THEIRS] == PRINTED[report].tokens[MODEL]
    assert closes(rows)


def test_whatever_meets_in_the_logs_the_rules_explain_it(ccusage, datasets):
    root = datasets / "worlds" / "projects"
    worlds(root, 100)
    store.load_logs("worlds", str(root))
    rows = compare.compare("worlds")
    assert unexplained(rows) == {}
    told = {"progress", "spaced", "split", "request-key", "no-request-id", "replays", "other-ids"}
    assert told | {"choice"} <= set(rows["step"])
    assert not rows["step"].is_in(["list"]).any()
    assert closes(rows)


def test_dollars_differ_by_named_rules(peculiar):
    rows = compare.compare("odd", lambda roots: PRINTED)
    found = dict(by_rule(rows).filter(report="daily").select("part", "list_usd").iter_rows())
    assert found["searches"] == pytest.approx(-0.03)
    assert found["places"] == pytest.approx(-0.000139)
    assert found["logged"] == pytest.approx(5 - 0.00139)
    assert "list" not in found
    dear = {r: Said(s.tokens, {MODEL: s.nano[MODEL] + 10**9}) for r, s in PRINTED.items()}
    rows = compare.compare("odd", lambda roots: dear)
    assert by_rule(rows).filter(part="list")["list_usd"].to_list() == [1, 1]
    assert closes(rows)


def test_a_model_without_a_price_on_some_days_is_no_model_without_a_price():
    rows = pl.DataFrame(
        {"entry": [0, 1, 2], "model": ["some", "some", "none"], "total_nano": [10**9, None, None]}
    )
    theirs = {"some": 5 * 10**9, "none": 10**9}
    found = dict(dollars.steps(rows, theirs, lambda priced: priced, {}))
    assert found["logged"] == {"some": 10**9, "none": 0}
    assert found["unpriced"] == found["rounding"] == {"some": 10**9, "none": 10**9}
    assert found["list"] == theirs


def test_what_no_rule_explains_is_a_row_and_a_failure(peculiar, monkeypatch, capsys):
    more = Said({MODEL: Counts(60, 199, 1_740, 22_000), "gpt-5": Counts(0, 7)}, {MODEL: 1})
    wrong = PRINTED | {"daily": more}
    monkeypatch.setattr(tool, "install", lambda: None)
    monkeypatch.setattr(tool, "reports", lambda binary, roots: wrong)
    assert main(["crosscheck", "--name", "odd"]) == 1
    said = capsys.readouterr()
    assert "9 tokens of daily" in said.err
    assert "unexplained" in said.out
    assert unexplained(result.read("odd").rows) == {"daily": 9}
    assert closes(result.read("odd").rows)
    assert "; no rule explains 9 tokens of daily. " in words.caption(result.read("odd"))


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A dataset of two logs, each of one request; their folder."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    root = tmp_path / "logs"
    write_log(root / ATLAS / "a.jsonl", answer(1))
    write_log(root / ATLAS / "b.jsonl", answer(2))
    store.load_logs("mine", str(root))
    return root


def daily(count):
    """A tool that says that it counted so many lines."""
    said = Said({MODEL: Counts(*times(count))}, {MODEL: count * 1_390_000} if count else {})
    return lambda roots: dict.fromkeys(tool.REPORTS, said)


def test_logs_that_are_gone_grown_new_packed_or_linked(own, tmp_path):
    assert parts(compare.compare("mine", daily(2)), "daily").keys() == {rules.OURS, rules.THEIRS}
    folder = own / ATLAS
    (folder / "a.jsonl").unlink()
    append_log(folder / "b.jsonl", answer(3))
    rows = compare.compare("mine", daily(2))
    assert parts(rows, "daily") == {
        rules.OURS: times(2),
        "gone": times(-1),
        "changed": times(1),
        rules.THEIRS: times(2),
    }
    import gzip

    packed = gzip.compress((folder / "b.jsonl").read_bytes())
    (folder / "c.jsonl.gz").write_bytes(packed)
    write_log(tmp_path / "elsewhere.jsonl", answer(4))
    (folder / "d.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")
    store.load_logs("mine", str(own))
    rows = compare.compare("mine", daily(2))
    assert parts(rows, "daily") == {
        rules.OURS: times(4),
        "gone": times(-1),
        "unseen": times(-1),
        rules.THEIRS: times(2),
    }
    assert closes(rows)
    (folder / "b.jsonl").unlink()
    with pytest.raises(CrosscheckError, match=r"is on disk .* 2 gone, 2 compressed or a link"):
        compare.compare("mine", daily(0))


def test_lines_of_one_message_that_differ_but_in_output(own):
    """The tables have the last, a line alone the first, the tool the one with most tokens."""
    used = (usage(10, read=read) for read in (1_000, 3_000))
    write_log(own / ATLAS / "b.jsonl", *(answer(2, n, used=u) for n, u in enumerate(used)))
    store.load_logs("mine", str(own))
    more = (0, 0, 0, 2_000)
    said = Said({MODEL: Counts(*times(2, more))}, {MODEL: 3_780_000})
    rows = compare.compare("mine", lambda roots: dict.fromkeys(tool.REPORTS, said))
    assert parts(rows, "daily") == {
        rules.OURS: times(2, more),
        "lines": (0, 0, 0, -2_000),
        "choice": more,
        rules.THEIRS: times(2, more),
    }
    assert closes(rows)


def test_the_dataset_of_another_source_or_without_a_request(own, tmp_path, monkeypatch):
    real = store.read
    other = lambda name: real(name).__class__(  # noqa: E731
        name, real(name).copies.with_columns(source=pl.lit("codex")), None, None
    )
    monkeypatch.setattr(compare.store, "read", other)
    with pytest.raises(CrosscheckError, match="no request of Claude Code's own logs"):
        compare.compare("mine", daily(0))
    monkeypatch.undo()


def test_a_log_that_is_written_meanwhile(own):
    def writes(roots):
        append_log(own / ATLAS / "a.jsonl", answer(9))
        return daily(2)(roots)

    with pytest.raises(CrosscheckError, match="written while they were compared"):
        compare.compare("mine", writes)


def test_what_is_kept_is_of_the_tables_it_was_made_of(own):
    assert result.read("mine") is None
    assert result.stamp("mine") == ""
    assert "make crosscheck NAME=mine" in words.opening(None, "mine")
    result.write("mine", compare.compare("mine", daily(2)), result.tables("mine"))
    kept = result.read("mine")
    assert kept.current
    assert kept.rows.equals(compare.compare("mine", daily(2)))
    assert "independent reader" in words.opening(kept, "mine")
    assert words.caption(kept).startswith(
        "Of the 2,226 tokens counted here ccusage has 2,226 in its report `session` and 2,226 in "
        "its report `daily`; rules explain each difference to the token. "
    )
    first = result.stamp("mine")
    append_log(own / ATLAS / "a.jsonl", answer(3))
    store.load_logs("mine", str(own))
    assert not result.read("mine").current
    assert "of an earlier load, and is not shown" in words.opening(result.read("mine"), "mine")
    assert result.stamp("mine") == first
    path = result.path("mine")
    path.write_bytes(path.read_bytes().replace(b"ours", b"hers"))
    assert result.read("mine") is None


def test_a_name_of_a_model_that_is_not_public_is_a_label(own):
    write_log(own / ATLAS / "c.jsonl", answer(3, message_more={"model": "acme-merger"}))
    store.load_logs("mine", str(own))
    named = Said({MODEL: Counts(*times(2)), "acme-merger": Counts(*LINE)}, {MODEL: 2_780_000})
    rows = compare.compare("mine", lambda roots: dict.fromkeys(tool.REPORTS, named))
    assert set(rows["model"]) == {MODEL, "other-01"}
    assert unexplained(rows) == {}
    result.write("mine", rows, "")
    assert b"acme" not in result.path("mine").read_bytes()


def test_it_says_what_the_machine_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.paths.TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(CrosscheckError, match="npm is not installed") as lacking:
        tool.install()
    assert is_ours(lacking.value)
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    with pytest.raises(CrosscheckError, match="out of reach"):
        tool.install()
    npm.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(CrosscheckError, match="out of reach"):
        tool.install()
    dud = tmp_path / "tools" / "ccusage-20.0.24" / "node_modules" / tool.package() / "bin"
    dud.mkdir(parents=True)
    (dud / "ccusage").write_text("no program")
    with pytest.raises(CrosscheckError, match="does not run on this machine"):
        tool.install()
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(CrosscheckError, match=r"no package for \w+ on riscv64"):
        tool.install()


def test_a_tool_that_answers_something_else(tmp_path):
    binary = tmp_path / "ccusage"
    for answer_ in ("exit 3", "echo no", "echo '{}'", "echo '[]'"):
        binary.write_text(f"#!/bin/sh\n{answer_}\n")
        binary.chmod(0o755)
        with pytest.raises(CrosscheckError, match=r"ccusage 20\.0\.24"):
            tool.reports(binary, [])


def test_the_tool_sees_no_other_settings_of_its_user(tmp_path, monkeypatch):
    binary = tmp_path / "ccusage"
    binary.write_text('#!/bin/sh\nenv > "$0.env"\n')
    binary.chmod(0o755)
    monkeypatch.setenv("CODEX_HOME", "/somewhere")
    with pytest.raises(CrosscheckError):
        tool.reports(binary, [tmp_path])
    seen = dict(x.split("=", 1) for x in (tmp_path / "ccusage.env").read_text().splitlines())
    assert {*seen} - {"PWD", "SHLVL", "_", "OLDPWD"} <= {*tool._KEPT, "HOME", "CLAUDE_CONFIG_DIR"}
    assert seen["HOME"] != os.environ["HOME"]
