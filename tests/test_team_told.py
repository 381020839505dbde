"""Nothing of one person, and nothing of few, can be worked out from all that chapter 18 shows."""

import numpy as np
import polars as pl
import pytest
from team_by_hand import hour, pricing, row, rows
from team_programme import CLASSES, Reader
from test_team import chapter

from analysis.measures import team, team_shares, team_tables

MILLION = 1_000_000
CODEX = {"source": "codex", "model": "gpt-5", "write_tokens": None, "write_5m_tokens": None}


def made(people, codex=(), old=(), seed=1, unlike=0.8):
    """Return requests: some use a tool that counts no writes, some have no final count."""
    rng = np.random.default_rng(seed)
    for person in range(people):
        size = np.exp(unlike * rng.standard_normal()) * 3 * MILLION
        for session in range(int(rng.integers(2, 9))):
            read = int(size * rng.uniform(0.3, 1))
            values = {"read_tokens": read, "input_tokens": int(read * rng.uniform(0, 0.05))}
            written = int(read * rng.uniform(0.02, 0.3))
            again = {"rebuilt_tokens": written // 2, "cause": str(rng.choice(team.AGAIN[:3]))}
            values |= {"write_tokens": written, "write_5m_tokens": written} | again
            if person in codex:
                values |= CODEX | {"rebuilt_tokens": None, "cause": None}
            output = int(read * rng.uniform(0.002, 0.02)) + 1
            values |= {"output_tokens": output, "final": person not in old}
            yield row(person, session, hour=hour(int(rng.integers(600))), **values)


def told(monkeypatch, people, codex=(), old=(), seed=1, only=None, **more):
    """Return whose figures a reader knows to within a tenth."""
    table = rows(*made(people, codex, old, seed, **more))
    found = team.everyone([table], pricing)
    _, frames = chapter(monkeypatch, found)
    tools = ["codex" if n in codex else "claude-code" for n in range(people)]
    reader = Reader(tools, [*old], frames, team_tables.sums(found))
    reader.ordered(found.with_columns(tokens=pl.sum_horizontal("prompt_tokens", "output_tokens")))
    groups = {f"person {n}": [n] for n in range(people)}
    groups |= {name: [*of] for name, of in {"codex": codex, "old": old}.items() if len(of)}
    groups = {name: who for name, who in groups.items() if only in {None, name}}
    known = []
    for name, who in groups.items():
        of = found[who]
        wanted = {
            "requests": (reader.of("requests", who), of["requests"].sum()),
            "dollars": (reader.dollars(who=who), of["total_nano"].sum() / 1e9),
            "tokens": (reader.tokens(who), _millions(of, "prompt", "output")),
            **{c: (reader.of(c, who), _millions(of, c)) for c in CLASSES},
        }
        known += [(name, what) for what, each in wanted.items() if reader.knows(*each)]
    return known


def _millions(people, *names):
    return people.select(pl.sum_horizontal(pl.col(f"{n}_tokens") for n in names).sum()).item() / 1e6


@pytest.mark.parametrize("seed", range(6))
def test_nobody_s_figures_are_told_to_within_a_tenth(monkeypatch, seed):
    rng = np.random.default_rng(seed)
    people = int(rng.choice([5, 8, 12]))
    codex, old = (rng.choice(people, rng.integers(0, 3), replace=False).tolist() for _ in range(2))
    assert told(monkeypatch, people, codex, old, seed) == []


@pytest.mark.parametrize(
    ("guard", "few", "what"),
    [
        ("shares", {"old": [6]}, ("old", "requests")),
        ("prices", {"codex": [6]}, ("codex", "read")),
        ("complement", {"codex": [6]}, ("codex", "read")),
    ],
)
def test_without_a_guard_they_are(monkeypatch, guard, few, what):
    only = what[0]
    assert told(monkeypatch, 12, **few, only=only) == []
    if guard == "prices":
        monkeypatch.setattr(team_tables, "_mixed", lambda *_: True)
    else:
        monkeypatch.setattr(team_shares, "safe", lambda _: True)
        monkeypatch.setattr(team_tables, "_mixed", lambda *_: True)
    assert what in told(monkeypatch, 12, **few, only=only)
