"""Say what the cited reports are, and what was published of their days and of long contexts."""

from __future__ import annotations

import polars as pl

from analysis.words.numbers import count, day

SOURCE = "`facts/issues.csv`, `facts/faults.csv`, with the day on which each copy was read"
STUDIES_SOURCE = "`facts/long-contexts.csv`"


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
    dated = frame.drop_nulls("filed_day")
    during = dated.filter(pl.col("faults") > 0)
    posts = faults.select("post", "published_day").unique().sort("published_day")
    told = " and ".join(day(at) for at in posts["published_day"])
    return (
        f"Of {count(frame.height, 'cited report')}, {during.height} were filed on days of a fault "
        "that the vendor later published. Grey: from when until when, by the vendor's own account "
        f"of {told}; a fault that runs on a day need not be what a report of that day saw. #7824 "
        "says for how long it had lasted: the thick line. The state of an issue is that of the "
        "copy that was read, and the day of closing is not known. "
        f"Without a day of filing: {', '.join(f'#{n}' for n in _undated(frame)) or 'none'}."
    )


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
        pl.col("faults"),
    )


def causes(faults: pl.DataFrame) -> pl.DataFrame:
    """Return the published faults as a table."""
    days = {"from": "from_day", "until": "until_day", "published": "published_day"}
    return faults.select("fault", "layer", *(pl.col(c).alias(n) for n, c in days.items()), "note")


def table(frame: pl.DataFrame) -> str:
    """Caption the table of reports."""
    robot = frame["closed_reason"].is_in(["stale", "autoclose"]).sum()
    closed = frame.filter(pl.col("state") == "closed").height
    return (
        f"All {closed} cited reports are closed, {robot} of them by a robot for want of activity. "
        "Says so: whether the text says that quality falls as a session grows longer; partly, if "
        "it names long or compacted sessions beside something else. Severity: the filer's own "
        "word, the tracker's labels have none. Faults: of its days, published later."
        if closed == frame.height
        else f"Of {count(frame.height, 'cited report')}, {closed} are closed, {robot} of them by a "
        "robot for want of activity."
    )


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
