"""Tables without logs: the `copies` of as many requests as wanted, drawn in columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.models import normalise
from analysis.schema import dtypes
from analysis.synth import shapes
from analysis.synth.dice import Mix
from analysis.synth.eras import AT_NEED, ERAS

SESSION = 75  # requests a session has on average, as the public ones
TURNS = 0.1  # share of requests that follow a human prompt, and so a human pause
HOUR = 0.6  # share of sessions that write one-hour entries
REPEATS = 0.01  # share of rows that repeat a request in another file
FORKS = 10**9  # what is added to the number of a file for the number of its fork
WINDOW = 155_000  # tokens a context grows by before it starts again
BEGINS, SPAN = np.datetime64(ERAS[0].begins, "us"), 70 * 86_400  # first day, and seconds of all

#: Share of requests whose final output count is logged, by an era's way of counting.
FINAL = {"half": 0.5, "placeholder": 0.0, "third": 1 / 3, "last": 0.95, "final": 1.0}

Array = npt.NDArray[Any]


def copies(rows: int, seed: int, batch: int = 250_000) -> Iterator[pl.DataFrame]:
    """Yield a `copies` table in parts, each valid by its schema.

    Sessions have the cache mechanics of `write`: contexts grow, pauses outlive entries. Lengths
    are drawn as there, so output can be predicted from characters. One row in a hundred repeats
    a request from another file. The same arguments give the same rows with the same numpy.

    Parameters
    ----------
    rows
        Rows in all.
    seed
        Of the draws.
    batch
        Rows a part; no session is in two parts.

    Examples
    --------
    >>> [part.height for part in copies(250, seed=1, batch=100)]
    [100, 100, 50]
    """
    for number, begin in enumerate(range(0, rows, batch)):
        yield _part(np.random.default_rng((seed, number)), begin, min(batch, rows - begin))


def _part(rng: np.random.Generator, begin: int, height: int) -> pl.DataFrame:
    repeats = int(height * REPEATS)
    rows = height - repeats
    starts = rng.random(rows) < 1 / SESSION
    starts[0] = True
    session = np.cumsum(starts) - 1
    era = rng.integers(len(ERAS), size=session[-1] + 1)[session]
    chars = {
        "text_chars": _sometimes(rng, shapes.SAYS, shapes.SAID, rows),
        "tool_chars": _sometimes(rng, 1 - TURNS, shapes.CALLED, rows),
        "signature_chars": _sometimes(rng, *AT_NEED, rows),
    }
    lines = np.maximum(sum((values > 0).astype(np.int64) for values in chars.values()), 1)
    output = _output(rng, chars, lines)
    drawn = chars | _prompts(rng, starts, session, output) | _logged(rng, output, lines, era)
    table = pl.DataFrame(drawn | {"lines": lines, "session": session + begin})
    own = _named(table, pl.Series(era), begin)
    again = own[np.sort(rng.choice(rows, repeats, replace=False))]
    return pl.concat([own, again.with_columns(pl.col("file") + FORKS)])


def _output(rng: np.random.Generator, chars: dict[str, Array], lines: Array) -> Array:
    """Return true output tokens: what the characters say, with noise."""
    tokens = shapes.MESSAGE_TOKENS + shapes.BLOCK_TOKENS * lines
    for name, values in chars.items():
        tokens = tokens + values / shapes.CHARS[name.removesuffix("_chars")]
    return np.asarray(tokens * np.exp(shapes.NOISE * rng.standard_normal(len(lines))), np.int64)


def _prompts(
    rng: np.random.Generator, starts: Array, session: Array, output: Array
) -> dict[str, Array]:
    """Draw times and prompts of requests in order, and what the cache does to them."""
    rows, sessions = len(starts), session[-1] + 1
    away = np.where(rng.random(rows) < TURNS, _mix(rng, shapes.AWAY, rows), 0)
    gap = 2 + away + _mix(rng, shapes.TOOL, rows) + output / shapes.TOKENS_A_SECOND
    clock = np.cumsum(gap)
    begun = rng.random(sessions)[session] * SPAN
    first = BEGINS + ((begun + clock - clock[starts][session]) * 1e6).astype("timedelta64[us]")
    grown = np.cumsum(output + _mix(rng, shapes.RESULT, rows)).astype(np.int64)
    base = _mix(rng, shapes.BASE, sessions).astype(np.int64)
    context = base[session] + (grown - grown[starts][session]) % WINDOW
    fresh = rng.choice(np.array(shapes.INPUT), size=rows)
    held = context - fresh
    before = np.roll(held, 1)
    hour = (rng.random(sessions) < HOUR)[session]
    alive = ~starts & (gap <= np.where(hour, 3600, 300)) & (before <= held)
    read = np.where(alive, before, np.minimum(shapes.SHARED, held))
    second = np.timedelta64(1, "s")
    return {
        "requested_at": first - 2 * second,
        "first_seen": first,
        "last_seen": first + second,
        "input_tokens": fresh,
        "write_tokens": held - read,
        "write_5m_tokens": np.where(hour, 0, held - read),
        "write_1h_tokens": np.where(hour, held - read, 0),
        "read_tokens": read,
        "context_tokens": context,
    }


def _logged(rng: np.random.Generator, output: Array, lines: Array, era: Array) -> dict[str, Array]:
    """Return output counts as clients of each era log them, and whether the last is final."""
    rows = len(output)
    every = np.array([e.counts == "final" for e in ERAS])[era]
    ended = rng.random(rows) < np.array([FINAL[e.counts] for e in ERAS])[era]
    short = np.minimum(rng.integers(1, 9, size=rows), output)
    last = np.where(ended, output, short)
    first = np.where(every | (lines == 1), last, short)
    return {
        "output_tokens": last,
        "output_first_tokens": first,
        "output_last_tokens": last,
        "output_sum_tokens": last + first * (lines - 1),
        "ended": ended,
    }


def _named(table: pl.DataFrame, era: pl.Series, begin: int) -> pl.DataFrame:
    """Add ids, labels and what every row has."""
    session, number = pl.col("session").cast(pl.String), pl.int_range(begin, begin + pl.len())
    padded = number.cast(pl.String).str.zfill(14)
    said: dict[str, pl.Expr | pl.Series] = {
        "file": pl.col("session").cast(pl.Int32),
        "session": pl.format("00000000-0000-4000-a000-{}", session.str.zfill(12)),
        "project": pl.format("project-0{}", pl.col("session") % 3 + 1),
        "message_id": pl.format("msg_synthetic{}", padded),
        "request_id": pl.format("req_synthetic{}", padded),
        "origin": pl.lit("assistant"),
        "source": pl.lit("claude-code"),
        "is_sidechain": pl.lit(False),
        "model": era.replace_strict({n: normalise(e.models[0]) for n, e in enumerate(ERAS)}),
        "version": era.replace_strict({n: e.versions[-1] for n, e in enumerate(ERAS)}),
        "service_tier": pl.lit("standard"),
        "stop_reason": pl.when("ended").then(pl.lit("tool_use")),
        "web_searches": pl.lit(0),
        "tools": pl.when(pl.col("tool_chars") > 0).then(pl.lit("run")),
        "thinking_chars": pl.lit(0),
    }
    full = table.with_columns(value.alias(name) for name, value in said.items())
    kinds = dtypes("copies")
    missing = [pl.lit(None).alias(name) for name in kinds if name not in full.columns]
    return full.with_columns(missing).select(pl.col(n).cast(kind) for n, kind in kinds.items())


def _sometimes(rng: np.random.Generator, share: float, parts: Mix, rows: int) -> Array:
    """Draw lengths, 0 but for a share of the rows."""
    lengths = np.maximum(_mix(rng, parts, rows), 1).astype(np.int64)
    return np.where(rng.random(rows) < share, lengths, 0)


def _mix(rng: np.random.Generator, parts: Mix, rows: int) -> Array:
    """Draw from a mixture of log-normal parts, as `Dice.mix` does one by one."""
    weights = np.array([weight for weight, _, _ in parts])
    part = rng.choice(len(parts), size=rows, p=weights / weights.sum())
    medians, spreads = (np.array([p[n] for p in parts])[part] for n in (1, 2))
    return np.asarray(medians * np.exp(spreads * rng.standard_normal(rows)))
