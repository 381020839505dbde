"""Chromium without a window, for what only a browser can draw: the PDF and pictures.

Driven through two pipes (the DevTools protocol, `--remote-debugging-pipe`), so that one start
serves all of them and nothing more has to be installed than the browser.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

#: Where to look for it, after the environment variable.
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
VARIABLE = "CHROMIUM"

#: No network, no reader's profile, no first-run page, the same pixels on any screen. The page has
#: no script.
SWITCHES = (
    "--headless",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
    "--lang=en-US",
    "--user-agent=cache-margin",  # printed into a PDF as its creator
)

#: As root (in a container) Chromium does not start with its sandbox.
_AS_ROOT = ("--no-sandbox",) if os.geteuid() == 0 else ()

_EXEC = "os.execvp(sys.argv[1], sys.argv[1:])"  # the protocol reads file 3 and writes file 4

_LOADED = (
    "new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', "
    "() => done())).then(() => document.fonts.ready).then(() => 0)"
)

PATIENCE = 120  # seconds for one answer: a page of 60 figures on a machine that is busy


class ChromiumError(Exception):
    """There is no Chromium, or it did not do what was asked; says what to do."""


def find() -> str:
    """Return the browser to start.

    Raises
    ------
    ChromiumError
        When there is none; says how to get one.
    """
    asked = os.environ.get(VARIABLE)
    for program in (asked,) if asked else PROGRAMS:
        if found := shutil.which(program):
            return found
    if asked:
        raise ChromiumError(f"{VARIABLE} names no program that can be started")
    raise ChromiumError(
        "this needs Chromium or Chrome, and none was found. First: sudo apt install chromium. "
        f"One that lies elsewhere: {VARIABLE}=/path/to/chrome"
    )


class Chromium:
    """A browser with one tab; a context manager that leaves no process and no file behind.

    Raises
    ------
    ChromiumError
        When it does not start, or stops answering.
    """

    def __init__(self) -> None:
        program = find()
        self._home = tempfile.TemporaryDirectory(prefix="cm-", ignore_cleanup_errors=True)
        self._sent = 0
        self._session: str | None = None
        self._read = bytearray()
        asked, self._out = os.pipe()
        self._in, answers = os.pipe()
        launch = f"import os, sys; os.dup2({asked}, 3); os.dup2({answers}, 4); {_EXEC}"
        start = [sys.executable, "-ISc", launch, program, *SWITCHES, *_AS_ROOT]
        home = self._home.name  # short: a socket in it has a path of at most 107 bytes
        self._process = subprocess.Popen(
            [*start, f"--user-data-dir={home}/profile", "--remote-debugging-pipe"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(asked, answers),
            env=os.environ
            | {"HOME": home, "TMPDIR": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
            | {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
        os.close(asked)
        os.close(answers)

    def __enter__(self) -> Chromium:
        try:
            target = self.call("Target.createTarget", url="about:blank")["targetId"]
            attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
            self._session = attached["sessionId"]
            self.call("Page.enable")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove its profile."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._home.cleanup()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the DevTools protocol and return its result."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        text = json.dumps(message).encode() + b"\0"
        try:
            while text:
                text = text[os.write(self._out, text) :]
        except BrokenPipeError:
            raise ChromiumError("Chromium ended before it was done") from None
        return self._answer(method)

    def open(self, page: Path) -> None:
        """Open a file and wait until it is loaded.

        Raises
        ------
        ChromiumError
            When it cannot be read: what would be drawn is the browser's own page that says so.
        """
        if "errorText" in self.call("Page.navigate", url=page.resolve().as_uri()):
            raise ChromiumError(
                f"Chromium could not read {page.name}: one from a snap reads the home folder alone"
            )
        self.evaluate(_LOADED)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page that is open."""
        found = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            raise ChromiumError(f"Chromium could not evaluate {expression[:60]!r}")
        return found["result"].get("value")

    def pdf(self) -> bytes:
        """Print the open page: tagged for screen readers, with an outline, on the page's sheet."""
        printed = self.call(
            "Page.printToPDF",
            preferCSSPageSize=True,
            printBackground=True,
            generateTaggedPDF=True,
            generateDocumentOutline=True,
        )
        return b64decode(printed["data"])

    def png(self, x: float, y: float, width: float, height: float, density: int) -> bytes:
        """Draw a part of the open page, given in CSS pixels."""
        clip = {"x": x, "y": y, "width": width, "height": height, "scale": density}
        drawn = self.call(
            "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True
        )
        return b64decode(drawn["data"])

    def _answer(self, method: str) -> dict[str, Any]:
        """Return the answer to the last call; what else is said is news of no interest."""
        until = time.monotonic() + PATIENCE
        while True:
            said = json.loads(self._message(until, method))
            if said.get("id") == self._sent:
                if "error" in said:
                    raise ChromiumError(f"Chromium refused {method}")
                return dict(said["result"])

    def _message(self, until: float, method: str) -> bytes:
        """Read up to the next NUL, which ends a message."""
        seen = 0
        while (end := self._read.find(b"\0", seen)) < 0:
            seen = len(self._read)
            if not select.select([self._in], [], [], max(0, until - time.monotonic()))[0]:
                raise ChromiumError(f"Chromium did not answer {method} in {PATIENCE} seconds")
            more = os.read(self._in, 1 << 20)
            if not more:
                raise ChromiumError(f"Chromium ended at {method}; does it start by itself?")
            self._read += more
        message = bytes(self._read[:end])
        del self._read[: end + 1]
        return message
