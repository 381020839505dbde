"""What a load says of a dataset is what its tables say."""

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
    }


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


def test_logs_without_a_request(logs):
    for path in logs.rglob("*.jsonl"):
        path.write_bytes(b"{}\n")
    update(logs)
    assert store.summary("mine") == told("mine")
    assert store.summary("mine")["first"] is None
