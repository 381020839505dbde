# mypy: disable-error-code="no-untyped-call, misc"
"""Kernels that are forks of a process which has imported already what notebooks import.

A fresh kernel spends most of its time on imports. A fork has them, and nothing of another
notebook: it is made before any cell runs. Polars starts threads when it is imported and is not
safe to fork after that, so it is left to the kernels, with all of this package that imports it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import secrets
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.connect import write_connection_file
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from analysis import errors
from analysis.asked import asked

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

#: What notebooks and the client that runs them import, as far as it starts no thread of its own.
SHARED = (
    "IPython.core.interactiveshell",
    "ipykernel.ipkernel",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "nbformat",
    "pandas",
    "papermill",
    "pyarrow.parquet",
    "scipy.optimize",
    "scipy.stats",
    "seaborn",
)

#: jemalloc stops its own thread before a fork and starts it after.
_HARMLESS = "jemalloc_bg_thd"

_PDEATHSIG = 1  # of prctl(2)


class Child(KernelProvisionerBase):
    """A kernel that is a child of this process and was started by no command."""

    pid = 0
    status: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is one: it is forked before it is looked after."""
        return True

    async def poll(self) -> int | None:
        """Return how it ended, or nothing while it runs."""
        return self.ended(os.WNOHANG)

    async def wait(self) -> int | None:
        """Wait for its end."""
        return self.ended(0)

    def ended(self, how: int) -> int | None:
        """Ask the system about it, until it says that it has ended: it says so once."""
        if self.status is None:
            found, status = os.waitpid(self.pid, how)
            self.status = os.waitstatus_to_exitcode(status) if found else None
        return self.status

    async def send_signal(self, signum: int) -> None:
        """Signal it, if it has not ended."""
        if self.ended(os.WNOHANG) is None:
            os.kill(self.pid, signum)

    async def kill(self, restart: bool = False) -> None:
        """End it at once."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask it to end."""
        await self.send_signal(signal.SIGTERM)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Refuse: it runs already."""
        raise NotImplementedError

    async def cleanup(self, restart: bool = False) -> None:
        """Leave its sockets to who made their folder."""


def preload() -> str:
    """Import what kernels share; say why they can be no forks of this process, "" if they can.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, FRESH_KERNELS="1"):
    ...     preload()
    'FRESH_KERNELS asks for it'
    """
    if asked("FRESH_KERNELS"):
        return "FRESH_KERNELS asks for it"
    if sys.platform != "linux":
        return f"forks were not tried on {sys.platform}"
    for name in SHARED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or the collector would copy the pages that forks share
    threads = _other_threads()
    return f"threads run already: {', '.join(threads)}" if threads else ""


def _other_threads() -> list[str]:
    names = [
        (task / "comm").read_text().strip()
        for task in Path("/proc/self/task").glob("*")
        if task.name != str(os.getpid())
    ]
    return sorted(name for name in names if name != _HARMLESS)


@contextmanager
def forked(place: Path) -> Iterator[AsyncKernelManager]:
    """Fork a kernel and yield its manager; the kernel ends with the context.

    Parameters
    ----------
    place : Path
        A folder for the sockets of this and other kernels, from `sockets.folder`.

    Yields
    ------
    AsyncKernelManager
        Of a kernel that is about to listen.
    """
    own = place / f"{os.getpid()}"
    connection, _ = write_connection_file(
        f"{own}.json", transport="ipc", ip=f"{own}", key=secrets.token_hex().encode()
    )
    pid = fork()
    if not pid:
        _listen(connection)
    manager = AsyncKernelManager(connection_file=connection)
    manager.load_connection_file()
    manager.provisioner = child = Child(parent=manager)
    child.pid = pid
    try:
        yield manager
    finally:
        if child.ended(os.WNOHANG) is None:
            os.kill(pid, signal.SIGKILL)
            child.ended(0)


def fork() -> int:
    """Fork, and let the system kill the child when this process ends, however it ends."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # preload has looked at the threads
        pid = os.fork()
    if not pid:
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it was asked
            os._exit(1)
    return pid


def _listen(connection: str) -> None:
    """Be a kernel, to the end of this process."""
    from ipykernel.kernelapp import IPKernelApp

    try:
        errors.unhush()
        os.setsid()  # Ctrl-C is for who started the run
        app = IPKernelApp.instance()
        app.initialize(["-f", connection, "--IPKernelApp.log_level=CRITICAL"])
        app.start()
    finally:
        os._exit(1)
