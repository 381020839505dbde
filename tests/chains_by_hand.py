"""Chains of requests made by hand, with what they wrote again."""

import datetime as dt

import polars as pl
from requests_by_hand import AT, requests

from analysis import schema
from analysis.logs.identity import resolve
from analysis.measures.rebuilds import rebuilt
from analysis.prices import price
from analysis.synth.tables import copies

MILLION = 1_000_000
_NAMES = {"read": "read_tokens", "input": "input_tokens", "output": "output_tokens"}


def request(number, minute=0, write=0, hour=0, **more):
    """One request of Opus 4.7 at a minute: `write` tokens kept five minutes, `hour` an hour."""
    row = {_NAMES.get(name, name): value for name, value in more.items()}
    at = row.pop("first_seen", AT) + dt.timedelta(minutes=minute)
    prompt = write + hour + row.get("read_tokens", 0) + row.get("input_tokens", 0)
    made = {"message_id": f"msg_{number:04}", "first_seen": at, "last_seen": at}
    made |= {"write_tokens": write + hour, "write_5m_tokens": write, "write_1h_tokens": hour}
    return made | {"context_tokens": prompt} | row


def chain(*rows, events=()):
    """Return one session's requests as `measures.rebuilds.rebuilt` has them."""
    made = price(requests(*(request(n, **row) for n, row in enumerate(rows))))
    return rebuilt(made, pl.DataFrame(list(events), schema=schema.dtypes("events")))


def priced_copies(number, seed, files=1):
    """Return simulated requests as `rebuilt` has them, from copies dealt to so many files."""
    made = pl.concat(copies(number, seed=seed))
    parts = [made.gather_every(files, start) for start in range(files)]
    found = price(resolve(pl.concat(parts[::-1]), "largest"))
    return rebuilt(found, pl.DataFrame(schema=schema.dtypes("events")))
