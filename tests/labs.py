"""JupyterLab as `make lab` starts it, for tests to ask and to drive."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import expect
from trees import surroundings

PATIENCE = 300  # seconds to install JupyterLab and start it, on a slow machine
TOKEN = "t"
SOON = 60_000  # milliseconds for anything to be there, on a slow machine


class Lab(NamedTuple):
    """Where a server answers, and what it has printed."""

    address: str
    log: Path


@contextmanager
def started(tree, folder, *words):
    """Start `make lab` of a copy on a free port, yield it once it answers, and stop it after."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = "--allow-root" if os.geteuid() == 0 else ""
    said = f"--no-browser {root} --ServerApp.port={port} --IdentityProvider.token={TOKEN}"
    own = {f"JUPYTER_{d}_DIR": str(folder / d) for d in ("CONFIG", "DATA", "RUNTIME")}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            ["make", "lab", *words, f"ARGS={said}"],
            cwd=tree,
            env=surroundings(IPYTHONDIR=str(folder / "ipython"), **own),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    lab = Lab(f"http://127.0.0.1:{port}", folder / "log")
    try:
        for _ in range(PATIENCE):
            if server.poll() is not None or answers(lab.address):
                break
            time.sleep(1)
        assert answers(lab.address), lab.log.read_text()
        yield lab
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def get(address, path):
    with urllib.request.urlopen(f"{address}{path}?token={TOKEN}", timeout=10) as answer:
        return answer.read().decode()


def answers(address):
    try:
        return bool(get(address, "/api/status"))
    except (urllib.error.URLError, OSError):
        return False


class Notebook(NamedTuple):
    """The notebook in a tab, and what the tab has asked for and said since."""

    tab: object
    asked: list
    said: list

    def panel(self, view):
        """Find the cell that shows a view."""
        code = f"bench.panel({view.__module__.rpartition('.')[2]}.{view.__name__},"
        return self.tab.locator(f".jp-CodeCell:has(.jp-InputArea:has-text('{code}'))")

    def title(self, view):
        return self.panel(view).locator(".jp-RenderedMarkdown strong").first

    def image(self, view):
        """Take a picture of a view's figure."""
        return self.panel(view).locator(".explored").screenshot()

    def rows(self, view):
        return self.panel(view).locator("table.dataTable tbody tr")

    def choose(self, label, option, view=None):
        within = self.panel(view) if view else self.tab
        within.locator(f".widget-dropdown:has(label:text-is('{label}')) select").select_option(
            option
        )

    def slide(self, label, key, view):
        slider = self.panel(view).locator(f".widget-slider:has(label:text-is('{label}'))")
        slider.locator(".noUi-handle").press(key)

    def run(self):
        """Run all cells."""
        self.tab.locator("li.lm-MenuBar-item:has-text('Run')").click()
        self.tab.locator(".lm-Menu-item:has-text('Run All Cells')").first.click()

    def day(self, label, day):
        field = self.tab.locator(f".widget-datepicker:has(label:text-is('{label}')) input")
        field.fill(day)
        field.press("Enter")

    @contextmanager
    def redrawn(self, *views):
        """Wait until views have other titles than before."""
        before = {view: self.title(view).text_content() for view in views}
        yield
        for view, title in before.items():
            expect(self.title(view)).not_to_have_text(title, timeout=SOON)
