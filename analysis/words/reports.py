"""Say what the cited reports are, and what was published of their days and of long contexts."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import count, day
from analysis.words.sources import published

SOURCE = f"{published('issues', 'faults')}, with the day on which each copy was read"
STUDIES_SOURCE = published("long-contexts")


def opening(frame: pl.DataFrame) -> str:
    """Say how many of the cited reports speak of the length of a session.

    Parameters
    ----------
    frame
        `measures.reports.reports`.
    """
    about = frame["about_session_length"].fill_null("unread")
    yes, partly, unread = (int((about == word).sum()) for word in ("yes", "partly", "unread"))
    return (
        f"The section cites {count(frame.height, 'issue')} as independent reports that "
        f"instructions are followed less *in proportion to session length*. Of the texts that "
        f"could be read, **{yes or 'none'} {'says' if yes in (0, 1) else 'say'} that**; {partly} "
        f"{'names' if partly == 1 else 'name'} long or compacted sessions beside something else: a "
        f"drop within days, a version. Of {unread} only a comment could be read."
    )


def reports(frame: pl.DataFrame, faults: pl.DataFrame) -> str:
    """Caption when issues were filed and faults ran."""
    on, span = (frame.filter(pl.col(name) > 0) for name in ("faults_filed", "faults"))
    posts = faults.select("post", "published_day").unique().sort("published_day")
    told = " and ".join(day(at) for at in posts["published_day"])
    return (
        f"Of {count(frame.height, 'cited report')}, {on.height} {_were(on.height)} filed on a day "
        "of a fault that the vendor later published, and "
        f"{span.height} {'reports' if span.height == 1 else 'report'} on days that had one. Grey: "
        f"from when until when on its own platform, by the vendor's own account of {told}; what "
        "was affected is in [](#tab-degradation-faults), and a fault that runs on a day need not "
        f"be what a report of that day saw. {_spans(frame)}The state of an issue is that of the "
        "copy that was read, and the day of closing is not known. "
        f"Without a day of filing: {', '.join(f'#{n}' for n in _undated(frame)) or 'none'}."
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _spans(frame: pl.DataFrame) -> str:
    """Say of reports over days what ran on the day of filing."""
    told = ""
    for row in frame.drop_nulls("began_day").to_dicts():
        filed = "none" if not row["faults_filed"] else f"{row['faults_filed']}"
        late = (
            f", and {row['faults_elsewhere']} on another platform alone: on which its filer was is "
            "not known"
            if row["faults_elsewhere"]
            else ""
        )
        told += (
            f"#{row['issue']} says for how long it had lasted (the thick line), days on which "
            f"{row['faults']} ran; on the day it was filed, {filed} ran any more{late}. "
        )
    return told


def _undated(frame: pl.DataFrame) -> list[int]:
    return frame.filter(pl.col("filed_day").is_null())["issue"].to_list()


def reports_alt(frame: pl.DataFrame, faults: pl.DataFrame) -> str:
    """Say what is seen."""
    return (
        f"A diamond on a time axis for each of {count(frame.height, 'issue')}, above "
        f"{count(faults.height, 'bar')} for faults, whose days are shaded upwards."
    )


def listed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cited reports as a table."""
    return frame.select(
        pl.format("#{}", "issue").alias("issue"),
        pl.col("filed_day").alias("filed"),
        pl.col("seen_day").alias("last seen"),
        pl.concat_str("state", "closed_reason", separator=", ", ignore_nulls=True).alias("state"),
        pl.col("about_session_length").fill_null("not read").alias("says so"),
        pl.col("severity"),
        pl.col("faults_filed").alias("faults on the day"),
        pl.col("faults").alias("on days reported"),
    )


def causes(faults: pl.DataFrame) -> pl.DataFrame:
    """Return the published faults as a table."""
    days = {"from": "from_day", "until": "until_day", "published": "published_day"}
    named = [pl.col(column).alias(name) for name, column in days.items()]
    return faults.select("fault", "layer", *named, "affected", "note")


def table(frame: pl.DataFrame) -> str:
    """Caption the table of reports."""
    robot = frame["closed_reason"].is_in(["stale", "autoclose", "robot"]).sum()
    closed = frame.filter(pl.col("state") == "closed").height
    return (
        f"All {closed} cited reports are closed, {robot} of them by a robot for want of activity. "
        "Says so: whether the text says that quality falls as a session grows longer; partly, if "
        "it names long or compacted sessions beside something else. Severity: the filer's own "
        "word, the tracker's labels have none. Faults: published later, of the day it was filed "
        "and of all days that it reports on."
        if closed == frame.height
        else f"Of {count(frame.height, 'cited report')}, {closed} are closed, {robot} of them by a "
        "robot for want of activity."
    )


def partly(frame: pl.DataFrame) -> str:
    """Say what in each report is the reason for its answer, and what could not be read."""
    known = frame.filter(pl.col("note").is_not_null())
    return " ".join(f"#{n}: {note}." for n, note in known.select("issue", "note").rows())


def faults(frame: pl.DataFrame) -> str:
    """Caption the table of faults."""
    servers = frame.filter(pl.col("layer") == "servers").height
    return (
        f"The vendor has published {count(frame.height, 'fault')}: {servers} in servers, "
        f"{frame.height - servers} in the client. By its own account the API was not affected by "
        "the latter. One of them cleared a session's thinking in every turn after an idle hour: a "
        "session that would then seem forgetful the longer it went on, for another reason than its "
        "length. Where another source has another day, it stands beside."
    )


def studies(frame: pl.DataFrame) -> str:
    """Caption what others measured of long contexts.

    Parameters
    ----------
    frame
        Facts `long-contexts`.
    """
    worse = frame.filter(pl.col("direction") == "worse").height
    told = frame.filter(pl.col("asks_for") == "instructions")
    fewer = told.filter(pl.col("direction") == "worse").height
    client = frame.filter(pl.col("claude_code") == "yes").height
    return (
        f"In {worse} of {count(frame.height, 'published measurement')} most models do worse as a "
        f"prompt or a conversation gets longer; of the {told.height} that ask whether instructions "
        f"are followed, in {fewer}. {client or 'Not one'} of them was made in sessions of Claude "
        "Code. Models: how many were tested, and how many did worse, where that is told."
    )
