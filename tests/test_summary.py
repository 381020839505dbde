"""What a load says of a dataset is what its tables say."""

import polars as pl
import pytest
from lines import OTHER_SESSION, SESSION, answer, progress, synthetic, write_log
from stores import ABACUS, ATLAS, THIRD_SESSION, update

from analysis import synth
from analysis.logs import store
from analysis.schema import REASONS


def told(name):
    """Count a dataset's tables as `Logs` has them."""
    logs = store.read(name)
    requests, files = logs.requests, logs.files
    counts = {reason: files[f"rejected_{reason}"].sum() for reason in REASONS}
    days = requests["first_seen"].dt.date().sort()
    return {
        "files": files.height,
        "lines": files["lines"].sum(),
        "rejected": {reason: count for reason, count in counts.items() if count},
        "requests": requests.height,
        "sessions": requests["session"].n_unique(),
        "first": str(days[0]) if len(days) else None,
        "last": str(days[-1]) if len(days) else None,
        "input": requests["input_tokens"].sum(),
        "write": requests["write_tokens"].sum(),
        "read": requests["read_tokens"].sum(),
        "output": requests["output_tokens"].sum(),
    } | alone(logs)


def alone(logs):
    """Count by hand what no log that the last load found has."""
    away = logs.files.filter(~pl.all_horizontal(pl.col("gone", "imported").is_null()))["file"]
    here = set(logs.files["file"]) - set(away)
    seen = {}
    for row in logs.copies.to_dicts():
        odd = not row["message_id"].startswith("msg_")
        by = (row["message_id"], odd and (row["session"], row["request_id"], row["first_seen"]))
        seen.setdefault(by, []).append((row["file"] in here, row["first_seen"].date()))
    days = [min(d for _, d in found) for found in seen.values() if not any(h for h, _ in found)]
    ends = {"alone_first": str(min(days)), "alone_last": str(max(days))} if days else {}
    none = {"away": len(away), "alone": 0, "alone_first": None, "alone_last": None}
    found = none | {"alone": len(days)} | ends
    return {name: value for name, value in found.items() if value}  # nothing is not written


@pytest.mark.parametrize("seed", [1, 2])
def test_it_counts_as_the_default_policy_does(datasets, seed):
    synth.write(datasets / str(seed), seed=seed)
    store.load_logs(f"seed-{seed}", str(datasets / str(seed)))
    assert store.summary(f"seed-{seed}") == told(f"seed-{seed}")


def test_it_counts_copies_in_several_files_and_in_what_was_rewritten(logs):
    update(logs)
    again = answer(1, 3, used={"output_tokens": 99})
    write_log(logs / ABACUS / f"{THIRD_SESSION}.jsonl", again, progress(1), progress(8), b"{}x\n")
    gateway = [answer(n, n, message_more={"id": "chatcmpl-1"}) for n in (5, 6)]
    write_log(logs / ATLAS / f"{SESSION}.jsonl", *gateway, synthetic())
    update(logs)
    (logs / ABACUS / f"{THIRD_SESSION}.jsonl").unlink()
    write_log(logs / ATLAS / f"{OTHER_SESSION}.jsonl", answer(2, 5))
    update(logs)
    said = store.summary("mine")
    assert said == told("mine")
    assert (said["requests"], said["rejected"]) == (5, {"not_json": 1})
    assert (said["away"], said["alone"]) == (1, 2)  # what ATLAS and ABACUS said before


def test_logs_without_a_request(logs):
    for path in logs.rglob("*.jsonl"):
        path.write_bytes(b"{}\n")
    update(logs)
    assert store.summary("mine") == told("mine")
    assert store.summary("mine")["first"] is None
