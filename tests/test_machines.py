"""Whatever two machines do and hand each other, no request is lost and none is counted twice.

Each machine below has logs of its own, writes and removes them, loads them, exports what it has and
takes in what either has exported. What a dataset should hold is a number of tokens for each message
that any log or archive it has seen told of: the most that any of them said.
"""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lines import OTHER_SESSION, SESSION, answer, append_log, usage, write_log
from stores import Killed, die_at

from analysis.logs import store
from analysis.logs.export import export
from analysis.logs.merge import import_archive

NAMES = [
    f"{project}/{name}.jsonl" for project in "pq" for name in (SESSION, OTHER_SESSION, "diary")
]
MACHINES = ("one", "two")
machines = st.sampled_from(MACHINES)
logs = st.sampled_from(NAMES)
which = st.integers(0, 10**6)

#: What a line says: a message, of those that are on any machine, and how far its answer has come.
said = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([5, 10])), min_size=1, max_size=3)


def key(message, session):
    """What makes a line a request: of a gateway's id that is said for ever, the session as well."""
    return f"9 of {session}" if message == 9 else message


def of_log(log, said):
    """What a log says that has these lines."""
    return most(*({key(message, Path(log).stem): output} for message, output in said))


def most(*told):
    """Of each message the most that was said of it."""
    found = {}
    for each in told:
        for message, output in each.items():
            found[message] = max(output, found.get(message, 0))
    return found


class Machines(RuleBasedStateMachine):
    """Two machines: what their logs say, what their datasets should hold, and archives."""

    def __init__(self):
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("analysis.paths.PROCESSED", self.root / "processed")
        self.patch.setattr("analysis.paths.PRIVATE", self.root / "private")
        self.there = {name: {} for name in MACHINES}  # by log
        self.held = {name: {} for name in MACHINES}
        self.archives = {name: [] for name in MACHINES}

    def teardown(self):
        self.patch.undo()
        shutil.rmtree(self.root)

    @initialize(alike=st.booleans())
    def first(self, alike):
        """Give both machines one home folder by name, or two."""
        self.home = dict.fromkeys(MACHINES, self.root / "home")
        if not alike:
            self.home["two"] = self.root / "house"
        for name in MACHINES:
            self.disk(name).mkdir()
            self.write(name, NAMES[0], [(1, 5), (9, 5)])

    def disk(self, name):
        return self.root / f"disk-{name}"

    def line(self, log, message, output):
        """A line as a log of this name has it: one of the same bytes would be the same log."""
        odd = {"id": "chatcmpl-1"} if message == 9 else {}
        return answer(message, message, used=usage(output), message_more=odd, slug=Path(log).stem)

    @rule(name=machines, log=logs, said=said)
    def write(self, name, log, said):
        """Write a log, or write it over."""
        write_log(self.disk(name) / log, *(self.line(log, *each) for each in said))
        self.there[name][log] = of_log(log, said)

    def some(self, which):
        """Return a log of either machine, and what it says."""
        found = [(name, log) for name in MACHINES for log in sorted(self.there[name])]
        return found[which % len(found)]

    @precondition(lambda self: any(self.there.values()))
    @rule(which=which, said=said)
    def append(self, which, said):
        name, log = self.some(which)
        append_log(self.disk(name) / log, *(self.line(log, *each) for each in said))
        self.there[name][log] = most(self.there[name][log], of_log(log, said))

    @precondition(lambda self: any(self.there.values()))
    @rule(which=which)
    def delete(self, which):
        name, log = self.some(which)
        del self.there[name][log]
        (self.disk(name) / log).unlink()

    @precondition(lambda self: any(self.there.values()))
    @rule(which=which)
    def copy(self, which):
        """Bring a log to the other machine, as it is now."""
        name, log = self.some(which)
        (other,) = set(MACHINES) - {name}
        target = self.disk(other) / log
        target.parent.mkdir(exist_ok=True)
        shutil.copy(self.disk(name) / log, target)
        self.there[other][log] = dict(self.there[name][log])

    @rule(name=machines)
    def load(self, name):
        if not (self.there[name] or store.private(name).exists()):
            return
        home = self.disk(name).rename(self.home[name])
        try:
            done = store.load_logs(name, str(home))
        finally:
            home.rename(self.disk(name))
        assert not done.lost
        self.held[name] = most(self.held[name], *self.there[name].values())
        self.check(name)

    @rule(name=machines, log=logs, said=said, back=which, step=st.integers(1, 12))
    def hand_over(self, name, log, said, back, step):
        """Let the other machine write, load and export; import that, or what it exported before.

        The first try is killed at some step, or gets through.
        """
        (other,) = set(MACHINES) - {name}
        self.write(other, log, said)
        self.load(other)
        path = self.root / f"{other}-{len(self.archives[other])}.zip"
        export(other, path)
        self.archives[other].append((path, dict(self.held[other])))
        path, told = self.archives[other][-1 - min(back, 2) % len(self.archives[other])]
        with pytest.MonkeyPatch.context() as patch, suppress(Killed):
            die_at(patch, step)
            import_archive(name, path)
        whole = most(self.held[name], told)
        assert self.requests(name) in (self.held[name], whole)
        import_archive(name, path)
        self.held[name] = whole
        self.check(name)
        assert import_archive(name, path)[::2] == (0, 0)
        self.check(name)

    def requests(self, name):
        """The output of each message in a dataset, none of them twice; nothing without one."""
        if not store.public(name).exists():
            return {}
        counted = {}
        for row in store.read(name).requests.to_dicts():
            number = int(row["message_id"][4:]) if row["message_id"].startswith("msg_") else 9
            session = "diary" if row["session"].startswith("x-") else row["session"]
            assert key(number, session) not in counted
            counted[key(number, session)] = row["output_tokens"]
        return counted

    def check(self, name):
        assert self.requests(name) == self.held[name]
        summary = store.summary(name)
        assert summary["requests"] == len(self.held[name])
        assert summary["output"] == sum(self.held[name].values())


def run(examples, steps):
    run_state_machine_as_test(
        Machines,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_request_is_lost_or_counted_twice_between_machines():
    run(10, 12)


@pytest.mark.exhaustive
@pytest.mark.long
def test_no_request_is_lost_or_counted_twice_in_300_long_runs():
    run(200, 30)
