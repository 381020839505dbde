"""Any bytes as a line of a log: what must hold, and a fuzzer that looks for bytes where it fails.

The fuzzer needs atheris, which the lock leaves out. In an environment of its own that has it and
what `requirements.lock` pins: `PYTHONPATH=. python tests/fuzz.py -max_total_time=60`.
"""

import sys
import tempfile
from pathlib import Path

from lines import (
    answer,
    check,
    dump,
    line,
    progress,
    prompt,
    request_id,
    synthetic,
    timed,
    tool_result,
    usage,
)

from analysis import schema
from analysis.logs.discover import LogFile
from analysis.logs.scan import scan

BEFORE, AFTER = dump(answer(990_001)), dump(answer(990_002))
NEIGHBOURS = {request_id(990_001), request_id(990_002)}
ADVISOR = usage(4) | {"type": "advisor_message", "model": "claude-opus-4-6"}

#: Lines to start from: one of each kind.
SEEDS = [
    dump(made).rstrip()
    for made in (
        answer(1, 2, content=[{"type": "tool_use", "input": {"path": "é"}}]),
        answer(used=usage(iterations=[usage() | {"type": "message"}, ADVISOR])),
        answer(used=usage(cache_creation={"ephemeral_5m_input_tokens": 100}), agentId="abc1234"),
        progress(2, 3),
        prompt("hello", 1, cwd="/home/x", gitBranch="main"),
        tool_result(4, is_error=True),
        synthetic("You've hit your limit · resets 4pm (Europe/London)", isApiErrorMessage=True),
        synthetic("Claude AI usage limit reached|1777906800"),
        line("system", 8, subtype="compact_boundary", compactMetadata={"preTokens": 5}),
        line("system", 9, subtype="api_error", error={"status": "529"}),
        line("summary", 9, summary="s"),
    )
]


def survives(data, folder):
    """Read bytes as lines between two good ones, and check what holds whatever they are."""
    path = folder / "log.jsonl"
    path.write_bytes(BEFORE + data + b"\n" + AFTER)
    found = scan(LogFile(path, "p", "abcdef", None), 1, "project-01", b"key")
    ledger = found.ledger
    assert ledger["bytes"] == len(BEFORE + data + AFTER) + 1
    assert ledger["lines"] == 3 + data.count(b"\n")
    assert sum(ledger[name] for name in schema.LINE_CLASSES) == ledger["lines"]
    assert sum(ledger[f"rejected_{name}"] for name in schema.REASONS) == ledger["rejected"]
    assert ledger["skipped"] is None
    assert ledger["usage"] >= 2
    for table, rows in (("copies", found.copies), ("events", found.events)):
        columns = [column.name for column in schema.TABLES[table]]
        made = [dict(zip(columns, row, strict=True)) for row in rows]
        for row in made:
            check(row | timed(row), table)
        if table == "copies":
            neighbours = [row for row in made if row["request_id"] in NEIGHBOURS]
            assert [row["output_tokens"] for row in neighbours] == [10, 10]


def main():
    """Run atheris on `survives`; options are libFuzzer's."""
    import atheris

    folder = Path(tempfile.mkdtemp())
    for number, seed in enumerate(SEEDS):
        (folder / "seeds").mkdir(exist_ok=True)
        (folder / "seeds" / str(number)).write_bytes(seed)
    atheris.instrument_all()
    atheris.Setup([*sys.argv, str(folder / "seeds")], lambda data: survives(data, folder))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
