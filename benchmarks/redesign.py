"""Time the simulation of plans, and its rules of caps beside the same as a plain loop.

`python -m benchmarks.redesign` makes users of the sample's days, lets them choose in every line-up,
and gives some of them to a loop that goes through users and hours one by one. Both count the same,
or it says so and fails. It prints and keeps nothing.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median
from time import perf_counter

import numpy as np

from analysis import load
from analysis.facts import facts
from analysis.measures.assumed import middles
from analysis.measures.caps import AT_CAP, Terms, use
from analysis.measures.day_shapes import day_shapes, profiles
from analysis.measures.line_ups import play
from analysis.measures.population import Population, population
from analysis.measures.wanted import Array, Work
from benchmarks.plain_caps import plain
from benchmarks.text import seconds, table

USERS = 10_000
DAYS = 90
ROUNDS = 3
PLAIN_USERS = 40
#: Seconds that all line-ups may take, on two cores.
AT_MOST = 60


def make(users: int, days: int) -> Population:
    """Make users of the sample's days."""
    found = profiles(day_shapes(load("sample").priced()))
    return population(facts("personas"), found, users, days)


def terms() -> list[tuple[dict[str, float], str]]:
    """Return every kind of cap there is in the line-ups, at the middle of what is assumed."""
    a = middles(facts("redesign-assumptions"))
    kinds = facts("line-ups").select("units", "at_cap").unique(maintain_order=True)
    return [
        (
            {
                "window_usd": units * a["cap_usd"],
                "week_usd": units * a["cap_usd"] * a["week_windows"],
                "rate": 1.0,
                "small": a["small"],
                "waits": a["waits"],
            },
            at_cap,
        )
        for units, at_cap in kinds.fill_null(np.inf).iter_rows()
    ]


def vectorised(work: Work) -> Array:
    """Return what every user gets under every kind of cap: (counts, kinds, users)."""
    kinds = terms()
    names = ("window_usd", "week_usd", "rate", "small", "waits")
    columns = {name: np.array([[of[name]] for of, _ in kinds]) for name in names}
    at_cap = np.array([[AT_CAP.index(word)] for _, word in kinds])
    return np.stack(use(work, Terms(at_cap=at_cap, **columns), month=work.usd.shape[1]))[..., 0]


def looped(work: Work) -> Array:
    """Return the same from the plain loop."""
    users, days = work.usd.shape
    found = [[plain(work, user, *kind, days) for user in range(users)] for kind in terms()]
    return np.moveaxis(np.array(found), -1, 0)


def some(work: Work, users: int) -> Work:
    """Return users at even distances: personas stand one after the other."""
    rows = np.unique(np.linspace(0, len(work.usd) - 1, users).astype(int))
    return work._replace(shape=work.shape[rows], usd=work.usd[rows])


def one_round(people: Population, few: Work) -> tuple[float, float, float]:
    """Return the seconds of all line-ups, of all users' caps and of some users' in the loop."""
    begun = perf_counter()
    play(people, facts("line-ups"), middles(facts("redesign-assumptions")))
    chosen = perf_counter()
    vectorised(people.work)
    capped = perf_counter()
    looped(few)
    return chosen - begun, capped - chosen, perf_counter() - capped


def main(words: list[str] | None = None) -> int:
    """Time everything, print medians over rounds, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redesign", description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--plain-users", type=int, default=PLAIN_USERS)
    given = parser.parse_args(words)
    people = make(given.users, given.days)
    few = some(people.work, given.plain_users)
    same = np.allclose(vectorised(few), looped(few))
    rounds = [one_round(people, few) for _ in range(given.rounds)]
    chosen, capped, plainly = (median(times) for times in zip(*rounds, strict=True))
    each = capped / given.users, plainly / len(few.usd)
    line_ups = facts("line-ups")["line_up"].n_unique()
    whose = f"the same as a plain loop, {len(few.usd)} users"
    rows = [
        [f"all {line_ups} line-ups: choose, answer, be served again", seconds(chosen), ""],
        [f"{len(terms())} kinds of caps", seconds(capped), f"{1e6 * each[0]:.0f}"],
        [whose, seconds(plainly), f"{1e6 * each[1]:.0f}"],
    ]
    print(f"{given.users:,} users, {given.days} days\n")
    print(table(["what", "wall", "microseconds a user"], rows))
    print(f"\na plain loop takes {each[1] / each[0]:.0f} times as long a user")
    print("both count the same" if same else "THEY DO NOT COUNT THE SAME")
    print(f"at most {AT_MOST} s asked: {'met' if chosen <= AT_MOST else 'missed'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
