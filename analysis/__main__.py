"""What the Makefile calls, for people without make."""

from __future__ import annotations

import os
import sys

from analysis import OLDEST

if sys.version_info < OLDEST:
    from analysis import environment

    try:
        newer = environment.newer_python()
    except environment.SetupError as error:
        sys.exit(str(error))
    os.execv(newer, [newer, "-m", "analysis", *sys.argv[1:]])

import argparse
import errno
import select
from typing import NoReturn

from analysis import errors
from analysis.commands import COMMANDS

#: How an operating system says that nothing more can be written.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: The exit status of a program that SIGPIPE ended, as shells have it.
UNHEARD = 128 + 13


class Parser(argparse.ArgumentParser):
    """A parser that answers a mistake with all there is to choose from."""

    def error(self, message: str) -> NoReturn:
        """Print the help, then what was wrong."""
        self.print_help(sys.stderr)
        self.exit(2, f"\n{self.prog}: {message}\n")


def main(words: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    given = _parser().parse_args(words)
    try:
        COMMANDS[given.command](given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except SystemExit:
        raise
    except BrokenPipeError as error:
        return UNHEARD if _unheard() else _failed(given.command, error)
    except BaseException as error:  # what polars calls a panic is no Exception
        return _failed(given.command, error)
    return 0


def _unheard() -> bool:
    """Whether nobody reads on, as with `| head`; what is left to say then goes nowhere."""
    poll = select.poll()
    poll.register(sys.stdout, 0)
    gone = any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return gone


def _failed(command: str, error: BaseException) -> int:
    """Say what went wrong and nothing of the logs, and return the exit status."""
    missing = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    said = errors.told(error)
    if isinstance(error, OSError) and error.errno in FULL:
        said = f"{os.strerror(error.errno)}: make room, then again; what was published is as it was"
    if missing and not missing.startswith("analysis"):
        said = (
            f"{missing} is not installed for this Python. First: python3 -m "
            f"analysis setup report. Then: .venv/bin/python -m analysis {command}"
        )
    print(f"{command}: {said}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    listed = "".join(f"\n  {name:<12} {f.__doc__}" for name, f in COMMANDS.items())
    parser = Parser(
        prog="python -m analysis",
        description=f"{__doc__}\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", help="one of these; COMMAND -h says more"
    )
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, description=function.__doc__)
        if name == "setup":
            command.add_argument("group", choices=["report", "lab", "test", "fleet"])
            command.add_argument("--folder", default=".venv")
            continue
        if name == "synth":
            command.add_argument("--to", default="", help="a folder (default: the shipped sample)")
            command.add_argument("--megabytes", type=float, default=0, help="full size, for speed")
            command.add_argument("--people", type=int, default=0, help="files of a team instead")
            command.add_argument("--seed", type=int, help="the shipped sample has its own")
        if name == "new-chapter":
            command.add_argument("question", metavar="NN-word", help="such as 20-habits")
            continue
        command.add_argument("--name", default="", help="dataset (default: sample, or mine)")
        if name in ("load", "crosscheck", "prepare", "report"):
            where = "folders or addresses, separated by commas, or auto"
            command.add_argument("--logs", default="", help=where)
        if name in ("load", "prepare", "report"):
            where = "of a scheduler of Dask, or local:4 for four workers here"
            command.add_argument("--cluster", default="", metavar="ADDRESS", help=where)
            where = "what the machines of a cluster share"
            command.add_argument("--partials", default="", metavar="PLACE", help=where)
        if name == "load":
            command.add_argument("--quiet", action="store_true", help="unless something is wrong")
        if name in ("prepare", "report"):
            command.add_argument(
                "--real-names", action="store_true", help="of projects, on the page"
            )
            command.add_argument("params", nargs="*", metavar="name=value")
        if name == "archive":
            way = command.add_mutually_exclusive_group(required=True)
            way.add_argument("--export", metavar="FILE", help="write the dataset to one file")
            way.add_argument(
                "--import", metavar="FILE", dest="given", nargs="+", help="take such files in"
            )
            way.add_argument("--new-team-key", metavar="FILE", help="make a key for a team")
            command.add_argument(
                "--anonymous", action="store_true", help="export for a team: without ids or names"
            )
            command.add_argument("--team-key", metavar="FILE", help="so that machines meet")
            command.add_argument(
                "--person", default="", help="with a key: the same on each machine"
            )
        if name == "clean":
            command.add_argument("--force", action="store_true", help="also what exists only here")
        if name == "bundle":
            command.add_argument("--exact-times", action="store_true", help="not of the minute")
        if name == "run":
            command.add_argument("notebook", nargs="+", help="such as 03-margin")
        if name == "build":
            command.add_argument("stale", nargs="*", help="such as 03-margin, or page")
    return parser


if __name__ == "__main__":
    errors.hush()
    sys.exit(main())
