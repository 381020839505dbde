"""A team's people, for the report's chapter and for JupyterLab."""

from __future__ import annotations

import datetime as dt
from functools import partial

import polars as pl

from analysis import paths
from analysis.logs.team import read_parts
from analysis.measures.team import everyone
from analysis.overrides import read_overrides
from analysis.prices import price


def load_team(name: str, price_date: str = "", seed: int = 1) -> pl.DataFrame:
    """Return one row per person of a team that was imported, by label.

    Parameters
    ----------
    name
        What `archive --import` called it.
    price_date
        Price everything at this day's list (YYYY-MM-DD); empty: each request at its own day's.
        `data/raw/prices.csv`, if there is one, wins over the list.
    seed
        Of the intervals.

    Returns
    -------
    pl.DataFrame
        `measures.team.everyone`. Nothing in it is withheld: that is for what is shown to others
        (`measures.team_tables`, `measures.team_spread`, `measures.team_plans`).

    Raises
    ------
    StoreError
        When there is no such team, or it is damaged.
    """
    day = dt.date.fromisoformat(price_date) if price_date else None
    own = read_overrides(paths.PRICES) if paths.PRICES.exists() else None
    return everyone(read_parts(name), partial(price, date=day, overrides=own), seed)
