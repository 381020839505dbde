"""Chains made by hand: each prompt reads the one before it and writes the rest."""

import datetime as dt

import polars as pl
from requests_by_hand import AT, requests

from analysis.measures import growth
from analysis.prices import price


def chain(prompts, session="s", seconds=60, **more):
    """Return the rows of one chain of Opus 4.7, a request every so many seconds."""
    rows, before = [], 0
    for number, tokens in enumerate(prompts):
        read = min(before, tokens) if tokens >= before / 2 else 0
        row = {
            "message_id": f"msg_{session}_{number:05}",
            "session": session,
            "first_seen": AT + dt.timedelta(seconds=seconds * number),
            "context_tokens": tokens,
            "read_tokens": read,
            "write_tokens": tokens - read,
            "write_5m_tokens": tokens - read,
        }
        rows.append(row | more)
        before = tokens
    return rows


def line(first, slope, length, **more):
    """Return a chain whose prompts grow by a straight line."""
    return chain([first + slope * n for n in range(length)], **more)


def priced(*chains):
    """Return the priced requests of some chains."""
    return price(requests(*(row for rows in chains for row in rows)))


def stretched(*chains):
    """Return the stretches of main chains."""
    return growth.stretches(growth.main_chains(priced(*chains)))


def events(*rows):
    """Return events of a main chain, at so many seconds after the first request."""
    made = [
        {
            "session": session,
            "agent": None,
            "is_sidechain": False,
            "kind": kind,
            "at": AT + dt.timedelta(seconds=seconds),
            "tokens": tokens,
        }
        for session, kind, seconds, tokens in rows
    ]
    kinds = {"agent": pl.String, "tokens": pl.Int64, "at": pl.Datetime("us", "UTC")}
    head = {"session": pl.String, "is_sidechain": pl.Boolean, "kind": pl.String} | kinds
    return pl.DataFrame(made, head)
