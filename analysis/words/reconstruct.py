"""Say how long answers really were, and what that does to the cache's share."""

from __future__ import annotations

from typing import Any

import polars as pl

from analysis.measures.finals import EVIDENCE
from analysis.measures.learnt import FEW
from analysis.measures.published import published_share, undercount
from analysis.measures.reconstruct import ALL, PLAUSIBLE
from analysis.measures.resample import FEWEST
from analysis.words.numbers import compact, count, extent, ratio, share, signed, usd

#: The columns of the eras that fit beside each other on a page.
SHOWN = [
    *("era", "sessions", "final_share", "mean_output_tokens", "mean_expected_tokens"),
    *("logged_share", "share", "low", "high"),
]

_STEADY = 0.5  # a spread of shares this much narrower than before is said to be the counter's


def eras(frame: pl.DataFrame) -> str:
    """Caption the shares by era, logged and reconstructed."""
    seen = frame.filter(pl.col("logged_share").is_not_null(), pl.col("era") != ALL)
    few = seen.filter(pl.col("sessions") < FEWEST)
    if not seen.height:
        return "No request has a price, so there is no share by client version."
    true = seen.drop_nulls("share")
    logged = f"cache reads and writes are {extent(seen['logged_share'])} of list-price dollars"
    key = (
        "Hollow: output as logged. Filled: output predicted from the lengths of an answer's parts "
        "where its final count is not logged; nine in ten reconstructions lie between the bars, "
        "which allow for projects unlike those that were learnt from. "
        "Dashed: the published share, of output as logged. n: requests."
    )
    if not true.height:
        return f"By client version, {logged}, as logged by a policy that counts lines. {key}"
    drawn = (
        f"By client version, {logged} as logged, and {extent(true['share'])} with output "
        f"reconstructed{_counter(seen, true)}"
    )
    thin = ", ".join(f"{r['era']} ({r['sessions']})" for r in few.to_dicts())
    least = f" Fewer than {FEWEST} sessions: {thin}." if thin and seen.height > few.height else ""
    return f"{drawn}. {_distance(seen, true)}{key}{least}"


def _counter(seen: pl.DataFrame, true: pl.DataFrame) -> str:
    """Say whether it was the counter that changed, where there is more than one era to tell."""
    if true.height < 2:
        return ""
    before, after = _spans(seen, true)
    return ": the counter changed more than the cache" if after <= _STEADY * before else ""


def _distance(seen: pl.DataFrame, true: pl.DataFrame) -> str:
    """Say how far eras lie apart, and at which ratios."""
    ratios = f"cache to uncached input and output {extent(true['ratio'], ratio)}"
    if true.height < 2:
        return f"Reconstructed, {ratios}. "
    before, after = _spans(seen, true)
    apart = f"{100 * before:.1f} points apart as logged, {100 * after:.1f} reconstructed"
    return f"Versions lie {apart}; {ratios}. "


def _spans(seen: pl.DataFrame, true: pl.DataFrame) -> tuple[float, float]:
    """Return how far shares lie apart, as logged and reconstructed."""
    logged, rebuilt = seen["logged_share"].to_list(), true["share"].to_list()
    return max(logged) - min(logged), max(rebuilt) - min(rebuilt)


def eras_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the shares by era."""
    seen = [
        f"{r['era']} {share(r['logged_share'])} logged"
        + (f", {share(r['share'])} reconstructed" if r["share"] is not None else "")
        for r in frame.drop_nulls("logged_share").to_dicts()
    ]
    listed = "; ".join(seen) or "none"
    return f"Two dots for each era with requests: {listed}; a line at {share(published_share())}."


def eras_table(frame: pl.DataFrame) -> str:
    """Caption the eras in figures."""
    whole = frame.filter(pl.col("era") == ALL).drop_nulls("rest_usd").to_dicts()
    said = (
        f"The log leaves out output worth {usd(whole[0]['rest_usd'])}, on top of "
        f"{usd(whole[0]['cost_usd'])} as logged"
        if whole
        else "No request has a price, so there are no dollars to add"
    )
    return (
        f"{said}. The eras of [](#fig-margin-eras). Final: of requests with a price, those whose "
        "count is known to be the answer's last. Tokens: mean output of a request, as logged and "
        "expected. Logged share, share: cache reads and writes, of list-price dollars, output as "
        "logged and reconstructed; low and high: the 90 % band."
    )


def method(frame: pl.DataFrame) -> str:
    """Say what output is predicted from, and how well.

    Parameters
    ----------
    frame
        `measures.learnt.validation`.
    """
    whole = frame.filter(pl.col("of") == "all").to_dicts()
    if not whole:
        return (
            "No request of these logs has a final output count to learn from. What is missing is "
            "predicted by what 208 public sessions taught ([](#tab-margin-coefficients))."
        )
    row = whole[0]
    *ways, last = (f"on {text}" for text in EVIDENCE.values())
    return (
        f"{count(row['requests'], 'request')} of {count(row['sessions'], 'session')} have a final "
        f"count: {', '.join(ways)} or {last}. From these it is learnt, by model, what a message "
        "and a character of its text, its tool input and its thinking's signature cost in tokens; "
        "the thinking's own text is cut short or left out, and its signature grows with it. "
        f"{_how_well(row)} A logged count of at least {share(PLAUSIBLE, 0)} of what is predicted "
        "stands."
    )


def _how_well(row: dict[str, Any]) -> str:
    if row["bias"] is None:
        return "They are of one session, so no prediction can be tried on another."
    r2 = f"R² is {row['r2']:.3f}, " if row["r2"] is not None else ""
    said = (
        f"Predicted with its own session left out, {r2}the sum is off by {signed(row['bias'])} "
        f"and the middle request by {share(row['typical_error'])}."
    )
    if row["stranger_bias"] is None:
        return said
    return (
        f"{said} With the whole project left out the sum is off by {signed(row['stranger_bias'])}."
    )


def witness(frame: pl.DataFrame) -> str:
    """Say what the next prompts bear out.

    Parameters
    ----------
    frame
        `measures.reconstruct.witnessed`.
    """
    rows = {row["counted"]: row for row in frame.to_dicts()}
    if False not in rows:
        return ""
    said = (
        "There is another witness. The next prompt holds what was answered, so an answer cannot be "
        f"longer than the prompt grew by. Of {count(rows[False]['requests'], 'predicted answer')} "
        f"{share(rows[False]['fits_share'])} fit into that"
    )
    if True not in rows:
        return f"{said}."
    return (
        f"{said}, against {share(rows[True]['fits_share'])} of {rows[True]['requests']:,} counted "
        "ones. That bounds an answer from above alone: it would show a prediction that is much too "
        "long, and not one that is too short."
    )


def errors(frame: pl.DataFrame) -> str:
    """Caption how far predictions are off."""
    key = (
        "Left out: of what was learnt from. An era goes with models of its own, so much of what "
        f"it misses is theirs. n: final counts; missed most: of versions with {FEW} or more."
    )
    tried = frame.drop_nulls("bias")
    if not tried.height:
        return f"No prediction could be tried: too few sessions have final counts. {key}"
    whole = tried.row(0, named=True)
    said = (
        f"The output of {count(whole['requests'], 'request')} with a final count, each predicted "
        f"without its session, sums to {_off(whole['bias'])} counted"
    )
    rows = tried.filter(pl.col("of") == "era", pl.col("requests") >= FEW)
    if rows.height > 1:
        worst = rows.sort(pl.col("bias").abs()).row(-1, named=True)
        said += f"; versions {worst['value']} are missed most, by {signed(worst['bias'])}"
    far = tried.filter(pl.col("of") == "model", pl.col("requests") >= FEW).drop_nulls(
        "stranger_bias"
    )
    if far.height > 1:
        worst = far.sort(pl.col("stranger_bias").abs()).row(-1, named=True)
        key = (
            f"Learnt from other models alone, {worst['value']} would be off by "
            f"{signed(worst['stranger_bias'])}: models differ in how they cut text, so each has "
            f"coefficients of its own. {key}"
        )
    return f"{said}. {key}"


def _off(bias: float) -> str:
    """Set a sum of predicted tokens beside that of counted ones."""
    if share(bias) == share(0):
        return "as many tokens as"
    return f"{share(abs(bias))} {'more' if bias > 0 else 'fewer'} tokens than"


def errors_alt(frame: pl.DataFrame) -> str:
    """Say what is seen in the errors."""
    seen = [f"{r['value']} {signed(r['bias'])}" for r in frame.drop_nulls("bias").to_dicts()]
    return f"A dot for each group of final counts: {'; '.join(seen) or 'none'}."


def validation(frame: pl.DataFrame) -> str:
    """Caption the validation in figures."""
    eras = frame.filter(pl.col("of") == "era", pl.col("requests") >= FEW).drop_nulls("bias")
    missed = eras.sort(pl.col("bias").abs(), descending=True).head(1).to_dicts()
    said = (
        f"Of the eras, predictions miss most in versions {missed[0]['value']}, by "
        f"{signed(missed[0]['bias'])} ({count(missed[0]['sessions'], 'session')})"
        if missed
        else f"No era has {FEW} final counts to try, so none can be said to be missed"
    )
    return (
        f"{said}. Final counts by what they are of. R², typical error (of the middle request) and "
        "bias (the sum of predicted over that of counted tokens, less one): with the request's "
        "session left out. Stranger bias: with its project (first row), model or era left out."
    )


def validation_table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the validation as a table."""
    return frame.drop("mean_tokens", "projects").rename({"of": "kind", "value": "final counts of"})


def misses(frame: pl.DataFrame) -> str:
    """Caption the sessions that are predicted worst."""
    if not frame.height:
        return f"No session has {FEW} final counts, so none can be said to be missed."
    row = frame.row(0, named=True)
    return (
        f"The session that is missed most counted {row['error']:.2f} times what others teach. "
        f"Sessions with {FEW} final counts or more, the largest miss first; error: counted over "
        "predicted tokens."
    )


def coefficients(frame: pl.DataFrame) -> str:
    """Caption what was learnt."""
    chars = frame.filter(pl.col("model") != "all")
    return (
        f"A character of text costs {extent(chars['text'], '{:.2f}'.format)} tokens, by model. "
        "Tokens of a message beside its parts, and of a character of each part, learnt from final "
        "counts of these logs, and of models that have none here from those of public sessions. A "
        "model with few is drawn to what public sessions say of it, or else to all models here."
    )


def session(mean: dict[str, Any] | None) -> str:
    """Say what the published session's share would be with answers as long as in these logs.

    Parameters
    ----------
    mean
        `measures.reconstruct.as_long`.
    """
    if not mean:
        return ""
    rows = undercount([mean["times"]])["share"]
    return (
        f"In these logs {count(int(mean['requests']), 'request')} of {mean['model']}, on main "
        f"chains, wrote {compact(mean['tokens'])} tokens on average, as reconstructed, where the "
        f"published session logs {compact(mean['published'])} for each of what it calls turns. "
        f"With answers as long, its cache share would be {extent(rows)} of dollars "
        f"rather than {share(published_share())}. Whether they were cannot be told without its log."
    )
