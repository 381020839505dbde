"""What several test files share."""

import os
import pickle
import shutil
import subprocess
import sys

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from stores import write_logs

from analysis import synth
from analysis.logs.team_import import take_in
from analysis.paths import ROOT
from analysis.synth.people import write_people

QUIET = ("gpu", "quic", "background-networking", "component-update", "sync")
LEFT_OUT = pytest.StashKey[int]()


def pytest_configure(config):
    """Say how many examples a relation is given; EXAMPLES=10 makes a run for mutants quick."""
    examples = 10_000 if config.option.markexpr == "long" else 500
    settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
    settings.load_profile("untimed")
    settings.register_profile(
        "relation",
        max_examples=int(os.environ.get("EXAMPLES", examples)),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Run relations in the long run as well, where each is given more examples."""
    if config.option.markexpr == "long":
        for item in items:
            if "relation" in item.keywords:
                item.add_marker(pytest.mark.long)


def pytest_deselected(items):
    """Count the long tests that this run leaves out."""
    for item in items:
        if "long" in item.keywords:
            item.config.stash[LEFT_OUT] = item.config.stash.get(LEFT_OUT, 0) + 1


def pytest_sessionfinish(session):
    """Hand the count of a worker to the run that prints it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over the count of a worker; each of them collects every test."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter, config):
    """Say how many long tests were left out, and how to run them."""
    if count := config.stash.get(LEFT_OUT, 0):
        tests = "1 long test" if count == 1 else f"{count} long tests"
        terminalreporter.line(f"left out: {tests}; make test-long runs them")


def require(name: str, condition: bool, reason: str) -> None:
    """Skip a test that lacks something, or fail it where REQUIRE asks for that thing."""
    if condition:
        return
    if name in os.environ.get("REQUIRE", "").replace(",", " ").split():
        pytest.fail(f"{name} is required: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def datasets(tmp_path_factory):
    """Folders of datasets for one test file, in place of the project's own."""
    root = tmp_path_factory.mktemp("datasets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PROCESSED", root / "processed")
        patch.setattr("analysis.paths.PRIVATE", root / "private")
        yield root


@pytest.fixture
def logs(tmp_path, monkeypatch):
    """A folder with logs of two projects, and empty folders for datasets."""
    monkeypatch.setattr("analysis.paths.PROCESSED", tmp_path / "processed")
    monkeypatch.setattr("analysis.paths.PRIVATE", tmp_path / "private")
    return write_logs(tmp_path / "logs" / "projects")


@pytest.fixture
def themed():
    """Draw in the suite's style, as on the page."""
    import matplotlib.pyplot as plt

    from analysis.report.figures import use_theme

    use_theme()
    yield
    plt.close("all")
    plt.rcdefaults()


def report(root, *words, **env):
    """Run `python -m analysis report` with its generated folders under `root`."""
    command = [sys.executable, "-m", "analysis", "report", *words]
    env = os.environ | {"CACHE_MARGIN_OUT": str(root), "HOME": str(root / "home")} | env
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


#: Writes down what any Python of a run looks up or connects to, kernels included.
WATCH = """
import os, sys

def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["WATCHED"], "a") as log:
            log.write(f"{event} {args[-1] if event == 'socket.connect' else args[0]!r}\\n")

sys.addaudithook(watch)
"""


def watched(root):
    """Return surroundings in which what Python asks of a network is written to `root/watched`."""
    (root / "watch").mkdir()
    (root / "watch" / "sitecustomize.py").write_text(WATCH)
    return {"PYTHONPATH": str(root / "watch"), "WATCHED": str(root / "watched")}


@pytest.fixture(scope="session")
def built(tmp_path_factory, worker_id):
    """Build the report of some synthetic logs, as dataset `toy`; tests leave it as it is.

    Workers share one: the first to ask builds it, in the folder above their own.
    """
    if worker_id == "master":
        return build(tmp_path_factory.mktemp("report"))
    root = tmp_path_factory.getbasetemp().parent / "report"
    kept = root / "built.pickle"
    with FileLock(f"{root}.lock"):
        if not kept.exists():
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            kept.write_bytes(pickle.dumps(build(root)))
    return pickle.loads(kept.read_bytes())


#: The team of that report.
TEAM = "makers"


def hand_over(root):
    """Import the files of a small synthetic team under `root`."""
    for _ in write_people(root / "people", 12, seed=11, requests=250):
        pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PROCESSED", root / "data" / "processed")
        patch.setattr("analysis.paths.PRIVATE", root / "data" / "private")
        take_in(TEAM, [root / "people"])


def build(root):
    """Return where a report lies that was built under `root`, the truth, and what it printed."""
    truth = synth.write(root / "logs", seed=11)
    hand_over(root)
    words = ("--logs", str(root / "logs"), "--name", "toy", f"team={TEAM}")
    done = report(root, *words, **watched(root))
    assert done.returncode == 0, done.stderr
    return root, truth, done.stdout


@pytest.fixture(scope="module")
def handed(built, tmp_path_factory):
    """A copy of that report where the package looks for it, to make things of; its root."""
    root = tmp_path_factory.mktemp("handed") / "out"
    shutil.copytree(built[0], root, symlinks=True, ignore=shutil.ignore_patterns("logs", ".home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PROCESSED", root / "data" / "processed")
        patch.setattr("analysis.paths.PRIVATE", root / "data" / "private")
        for module in ("params", "report.finished", "report.inputs", "report.names"):
            patch.setattr(f"analysis.{module}.BUILD", root / "build")
        for module in ("finished", "inputs", "sharing"):
            patch.setattr(f"analysis.report.{module}.REPORTS", root / "reports")
        yield root


@pytest.fixture(scope="module")
def browser():
    """Open Debian's Chromium; for one file, since Playwright keeps an event loop running."""
    path = shutil.which("chromium")
    require("browser", path is not None, "Debian's chromium is not installed")
    from playwright.sync_api import sync_playwright

    args = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in QUIET)]
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=path, args=args)
        yield browser
        browser.close()
