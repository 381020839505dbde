"""Sessions of an account, played in the order of their requests."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from analysis.synth import reconstruction, shapes
from analysis.synth.dice import Dice
from analysis.synth.eras import ERAS, PROJECTS, Era
from analysis.synth.folder import clear
from analysis.synth.quota import Quota
from analysis.synth.scars import scar
from analysis.synth.session import Session, World
from analysis.synth.shapes import Shape
from analysis.synth.truth import Truth
from analysis.synth.turns import planted, play

SEED = 20260325  # the day of the technical write-up
SESSIONS = 7  # of each era


def write(
    root: Path,
    seed: int = SEED,
    sessions: int = SESSIONS,
    *,
    quota_weight: float = 0.1,
    budget: float | None = None,
    shape: Shape = shapes.SAMPLE,
) -> Truth:
    """Write logs under `root/projects`, replacing what is there, and return the truth.

    Parameters
    ----------
    root
        A folder that is a config directory to the loader.
    seed
        The same seed writes the same bytes, on every version of Python.
    sessions
        How many sessions an era has; they stand for one account.
    quota_weight
        What a cache read weighs in the account's five-hour quota, where input weighs 1.
    budget
        The quota of a window; by default the shape's.
    shape
        How big sessions are: `SAMPLE`, short ones, or `REAL`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     truth = write(Path(folder), sessions=1)
    >>> truth.lines["rejected"], truth.extra_records, truth.quota_weight
    (1, 1, 0.1)
    """
    clear(root)
    truth = Truth(quota_weight, shape.budget if budget is None else budget)
    return _account(root, seed, sessions, truth, shape)


def write_sample(root: Path) -> Truth:
    """Write what the project ships: synthetic logs, and apart from them the reconstruction."""
    reconstruction.write(root / "reconstruction", SEED)
    return write(root)


def fill(root: Path, megabytes: float, seed: int = SEED) -> Truth:
    """Write logs of full size, one account after the other, and return the truth of all.

    Tool results have their simulated length and the file contents that clients repeat, so that
    6 to 10 % of the bytes are lines of answers. In 208 public logs it is 45 %, so that a loader,
    which skips most of the rest, looks faster on these than it is.

    Parameters
    ----------
    root
        A folder that is a config directory to the loader; synthetic logs in it are replaced.
    megabytes
        How much to write at least, in millions of bytes.
    """
    clear(root)
    account, whole = 0, Truth(budget=shapes.REAL.budget)
    shape = replace(shapes.REAL, full=True, spacing=2)
    while whole.bytes < megabytes * 1e6:
        truth = Truth(budget=shape.budget)
        whole.add(_account(root, f"{seed}/{account}", 2, truth, shape))
        account += 1
    return whole


def _account(root: Path, seed: object, sessions: int, truth: Truth, shape: Shape) -> Truth:
    """Write one account's logs beside those that are there."""
    world = World(root / "projects", shape, truth, Quota(truth))
    plans = [(era, number) for era in ERAS for number in range(sessions)]
    begun = (_begin(world, seed, era, number, sessions) for era, number in plans)
    pairs = zip(begun, plans, strict=True)
    _in_order(play(session, planted(number, shape.spacing)) for session, (_, number) in pairs)
    scar(_begin(world, seed, ERAS[-1], sessions, sessions))
    truth.rebuilds.sort()
    truth.compactions.sort()
    truth.model_changes.sort()
    return truth


def _begin(world: World, seed: object, era: Era, number: int, sessions: int) -> Session:
    """Begin a session on its day; the account's versions come one after the other."""
    dice = Dice(seed, era.name, number)
    day = era.begins + dt.timedelta(days=number * era.days // (sessions + 1))
    begun = dt.datetime.combine(day, dt.time(8), dt.UTC)
    begun += dt.timedelta(seconds=dice.integer(0, 8 * 3600))
    version = era.versions[min(number * len(era.versions) // sessions, len(era.versions) - 1)]
    project = PROJECTS[(number + ERAS.index(era)) % len(PROJECTS)]
    return Session(world, era, version, project, begun, dice)


def _in_order(players: Iterable[Iterator[dt.datetime]]) -> None:
    """Let each player go on when its next request is the earliest of all."""
    queue = [(next(player), number, player) for number, player in enumerate(players)]
    heapq.heapify(queue)
    while queue:
        _, number, player = queue[0]
        at = next(player, None)
        if at is None:
            heapq.heappop(queue)
        else:
            heapq.heapreplace(queue, (at, number, player))
