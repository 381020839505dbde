"""True output: learnt from final counts, predicted where the log lacks one, in a band."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from requests_by_hand import AT, requests

from analysis import load, synth
from analysis.facts import facts
from analysis.logs import store
from analysis.measures import characters, learnt, reconstruct
from analysis.measures.finals import finals, known
from analysis.prices import price
from analysis.words import reconstruct as words
from benchmarks.coverage import world

#: What a made-up model's answers cost: a message, a character of text, tool input, signature.
TRUE = (40.0, 0.25, 0.4, 0.2)


def made(sessions=30, each=20, *, model="claude-opus-4-7", noise=0.0, seed=1, version="2.1.112"):
    """Priced requests whose true output is `TRUE`, counted in full."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(sessions * each):
        text, tool, signature = (int(c) for c in rng.exponential((300, 600, 900)))
        truth = np.dot(TRUE, (1, text, tool, signature)) * np.exp(noise * rng.standard_normal())
        count = round(truth)
        rows.append(
            {"session": f"s{n % sessions:03}", "message_id": f"m{n}", "version": version}
            | {"model": model, "text_chars": text, "tool_chars": tool, "first_seen": AT}
            | {"signature_chars": signature, "output_tokens": count, "read_tokens": 100_000}
            | {"output_first_tokens": count, "output_last_tokens": count}
        )
    return requests(*rows)


def hidden(frame, *sessions):
    """The same requests, those of some sessions from a version that logs a placeholder."""
    of = pl.col("session").is_in(sessions)
    count = ("output_tokens", "output_first_tokens", "output_last_tokens")
    return frame.with_columns(
        pl.when(of).then(pl.lit("2.1.20")).otherwise("version").alias("version"),
        *(pl.when(of).then(3).otherwise(name).alias(name) for name in count),
    )


@pytest.mark.parametrize(
    ("row", "evidence"),
    [
        ({}, "by version"),
        ({"version": "2.1.20"}, None),
        ({"version": None}, None),
        ({"version": "2.1.60"}, None),
        ({"version": "2.1.20", "stop_reason": "tool_use"}, "by its end"),
        ({"version": "2.1.5", "output_first_tokens": 3, "output_last_tokens": 90}, "by growth"),
        ({"version": "2.1.5", "output_first_tokens": 90, "output_last_tokens": 90}, None),
        ({"version": "2.1.90", "stop_reason": "end_turn"}, "by version"),
    ],
)
def test_how_a_count_is_known_to_be_the_last(row, evidence):
    assert known(price(requests(row)))["evidence"].to_list() == [evidence]


def test_the_largest_count_of_any_line_is_known_whatever_the_policy_keeps():
    row = {"output_tokens": 3, "output_first_tokens": 3, "output_last_tokens": 90}
    assert known(price(requests(row)))["counted_tokens"].to_list() == [90]


def test_coefficients_are_found_exactly_where_there_is_no_noise():
    found = learnt.coefficients(price(made()))
    assert found["model"].to_list() == ["all", "claude-opus-4-7"]
    for row in found.select(characters.COEFFICIENTS).rows():
        assert row == pytest.approx(TRUE, rel=5e-3)
    assert found.row(0, named=True)["sessions"] == 30


def test_models_that_cut_text_differently_have_coefficients_of_their_own():
    double = made(model="claude-opus-4-6", seed=2).with_columns(
        pl.col("^output_.*tokens$") * 2, session="t" + pl.col("session")
    )
    found = learnt.coefficients(price(pl.concat([made(), double])))
    text = dict(found.select("model", "text").rows())
    assert text["claude-opus-4-7"] == pytest.approx(0.25, rel=0.05)
    assert text["claude-opus-4-6"] == pytest.approx(0.5, rel=0.05)


def test_thinking_counts_by_its_signature_and_as_text_without_one():
    both, alone = {"thinking_chars": 50, "signature_chars": 80}, {"thinking_chars": 50}
    frame = requests({"text_chars": 7} | both, {"text_chars": 7} | alone)
    assert frame.select(characters.parts()[1]).to_series().to_list() == [7, 57]


def test_a_session_weighs_as_much_as_a_hundred_requests_at_most():
    odd = made(1, 2000, seed=3).with_columns(pl.col("^output_.*tokens$") * 3, session=pl.lit("odd"))
    found = learnt.coefficients(price(pl.concat([made(), odd])))
    assert found["text"][0] < 0.45  # 100 of 700 at 0.75; 2,000 of 2,600 would give 0.63


@pytest.mark.parametrize("cluster", ["session", "project"])
def test_leaving_a_cluster_out_is_fitting_without_it(cluster):
    frame = price(made(6, 30, noise=0.3).with_columns(project=pl.col("session").str.slice(3)))
    gone = frame[cluster].max()
    alone = characters.fit(characters.sums(finals(frame.filter(pl.col(cluster) != gone))))
    left = characters.left_out(characters.sums(finals(frame), cluster)).filter(
        pl.col("cluster") == gone
    )
    assert left.select(characters.COLUMNS).row(0) == pytest.approx(
        alone.own["claude-opus-4-7"][0], rel=1e-6
    )


def test_one_session_leaves_nothing_to_try_a_prediction_on():
    priced = price(made(1, 90))
    whole = learnt.validation(priced).row(0, named=True)
    assert [whole[n] for n in ("r2", "bias", "typical_error", "stranger_bias")] == [None] * 4
    assert "They are of one session" in words.method(learnt.validation(priced))
    assert "No prediction could be tried" in words.errors(learnt.validation(priced))
    assert learnt.misses(priced).is_empty()


def test_one_model_has_no_other_to_learn_from():
    rows = learnt.validation(price(made(12))).filter(of="model")
    assert rows["bias"].null_count() == 0
    assert rows["stranger_bias"].to_list() == [None]


def test_what_public_sessions_taught_stands_in_where_no_count_is_final():
    frame = price(hidden(made(3, 5), "s000", "s001", "s002"))
    taught = facts("output-tokens").filter(pl.col("model") == "claude-opus-4-7")
    row = frame.row(0, named=True)
    chars = (1, row["text_chars"], row["tool_chars"], row["signature_chars"])
    expected = np.dot(taught.select(characters.COEFFICIENTS).row(0), chars)
    assert reconstruct.outputs(frame)["expected_output_tokens"][0] == pytest.approx(expected)


def test_a_placeholder_is_replaced_and_a_plausible_count_stands():
    frame = made(30)
    short = hidden(frame, "s000", "s001")
    priced, whole = price(short), price(frame)
    found = reconstruct.outputs(priced)
    of = pl.col("session").is_in(["s000", "s001"])
    true, expected = whole.filter(of)["output_tokens"], found.filter(of)["expected_output_tokens"]
    assert expected.to_list() == pytest.approx(true.to_list(), rel=0.02)
    assert found.filter(~of)["rest_nano"].sum() == 0
    rest = whole["output_nano"].sum() - priced["output_nano"].sum()
    assert found["rest_nano"].sum() == pytest.approx(rest, rel=0.01)
    plausible = short.with_columns(output_tokens=pl.when(of).then(500).otherwise("output_tokens"))
    kept = reconstruct.outputs(price(plausible)).filter(of, pl.col("predicted_tokens") < 900)
    assert kept.height > 5
    assert kept["expected_output_tokens"].unique().to_list() == [500]


def test_the_policy_does_not_change_what_was_truly_said():
    """A policy that keeps the first line has more left out, and the same whole."""
    frame = made(12).with_columns(output_first_tokens=pl.lit(3, pl.Int64))
    first = frame.with_columns(output_tokens="output_first_tokens")
    largest, least = (
        reconstruct.by_era(price(f), p) for f, p in ((frame, "largest"), (first, "first"))
    )
    assert largest["share"].to_list() == pytest.approx(least["share"].to_list(), nan_ok=True)
    assert least["logged_share"].drop_nulls()[0] > largest["logged_share"].drop_nulls()[0]


def test_a_policy_that_counts_lines_is_not_corrected():
    frame = reconstruct.by_era(price(made(2)), "sum")
    assert frame["rest_usd"].drop_nulls().to_list() == [0, 0]
    assert frame["share"].null_count() == frame["low"].null_count() == frame.height


def test_parts_of_the_whole():
    priced = price(hidden(made(20, noise=0.2), "s001", "s002"))
    frame = reconstruct.by_era(priced)
    assert reconstruct.whole(priced)["share"] == frame["share"].drop_nulls()[-1]
    eras, whole = frame.filter(pl.col("era") != "all"), frame.filter(pl.col("era") == "all")
    for column in ("requests", "cost_usd", "rest_usd"):
        assert eras[column].sum() == pytest.approx(whole[column].sum())
    inside = frame.drop_nulls("share")
    assert inside.filter(pl.col("share").is_between("low", "high")).height == inside.height


def test_scaling_prices_scales_what_is_left_out_and_no_share():
    nano = pl.col("^.*_nano$")
    priced = price(hidden(made(20), "s001"))
    one, three = reconstruct.by_era(priced), reconstruct.by_era(priced.with_columns(nano * 3))
    assert three["rest_usd"].drop_nulls().to_list() == pytest.approx(
        (one["rest_usd"].drop_nulls() * 3).to_list()
    )
    assert three["share"].to_list() == pytest.approx(one["share"].to_list(), nan_ok=True)
    assert three["low"].to_list() == pytest.approx(one["low"].to_list(), nan_ok=True)


def test_the_same_seed_gives_the_same_band_and_the_order_of_rows_does_not_matter():
    priced = price(hidden(made(20, noise=0.2), "s001"))
    one = reconstruct.by_era(priced)
    assert reconstruct.by_era(priced.reverse()).equals(one)
    assert not reconstruct.by_era(priced, seed=2).equals(one)


def test_an_error_that_a_project_shares_widens_the_band():
    """As many final counts, but what one project's text costs tells less of another's."""
    frame = made(40, noise=0.1).with_columns(
        project=pl.format("p{}", pl.col("session").str.slice(2).cast(pl.Int64) % 20)
    )
    off = 1 + 0.3 * (pl.col("project").str.slice(1).cast(pl.Int64) % 3 - 1)
    apart = frame.with_columns(
        (pl.col(n) * off).cast(pl.Int64) for n in frame.columns if n.startswith("output_")
    )
    widths = []
    for some in (frame, apart):
        row = reconstruct.by_era(price(hidden(some, "s000"))).row(-1, named=True)
        widths.append(row["high"] - row["low"])
    assert widths[1] > 2 * widths[0]


@pytest.mark.parametrize("model", ["claude-opus-4-7", "claude-haiku-9", "other-01"])
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_few_requests_give_what_can_be_said(rows, model):
    priced = price(made(1, rows, model=model))
    frame = reconstruct.by_era(priced)
    shares = [s for s in frame["share"] if s is not None]
    assert shares == (
        [] if rows == 0 or model != "claude-opus-4-7" else pytest.approx([shares[0]] * 2)
    )
    checked = learnt.validation(priced)
    assert checked["requests"].sum() == 4 * rows
    assert learnt.misses(priced).height == 0


def test_the_next_prompt_is_a_witness():
    """It grows by the answer and more: a longer answer does not fit."""
    rows = [
        {"context_tokens": 1_000 * n, "message_id": f"m{n}", "output_tokens": 600}
        for n in (1, 2, 3)
    ]
    rows[1]["output_tokens"] = 1_500
    later = [r | {"first_seen": AT + dt.timedelta(minutes=n)} for n, r in enumerate(rows)]
    found = reconstruct.witnessed(price(requests(*later)))
    assert found.rows() == [(True, 2, 0.5)]
    assert reconstruct.witnessed(price(requests())).height == 0


def test_validation_says_how_far_predictions_are_off():
    whole = learnt.validation(price(made(20, noise=0.1))).row(0, named=True)
    assert whole["r2"] > 0.95
    assert abs(whole["bias"]) < 0.02
    assert whole["typical_error"] == pytest.approx(0.0674, abs=0.01)  # the median of a normal's
    skewed = made(20).with_columns(
        pl.when(session="s001").then(pl.col(n) * 2).otherwise(n).alias(n)
        for n in ("output_tokens", "output_first_tokens", "output_last_tokens")
    )
    worst = learnt.misses(price(skewed)).row(0, named=True)
    assert worst["error"] == pytest.approx(2, rel=0.05)


@pytest.fixture
def synthetic(tmp_path, datasets, monkeypatch):
    """Load simulated logs in a world whose public sessions are like them; return their truth."""

    def load_seed(seed, **more):
        monkeypatch.setattr(characters, "shipped", world)
        truth = synth.write(tmp_path / f"{seed}", seed=seed, **more)
        name = f"{tmp_path.name}-{seed}"[-40:].lstrip("_-")
        store.load_logs(name, str(tmp_path / f"{seed}"))
        return load(name).priced(), truth

    return load_seed


@pytest.mark.parametrize("seed", [1, 2])
def test_the_planted_output_is_found(synthetic, seed):
    priced, truth = synthetic(seed, sessions=20)
    true = pl.DataFrame({"message_id": truth.outputs.keys(), "true": truth.outputs.values()})
    rows = reconstruct.outputs(priced).join(true, on="message_id")
    sure = rows.drop_nulls("evidence")
    assert sure["counted_tokens"].to_list() == sure["true"].to_list()
    logged, expected, said = (
        rows[name].sum() for name in ("output_tokens", "expected_output_tokens", "true")
    )
    assert logged < 0.75 * said
    assert expected == pytest.approx(said, rel=0.03)


def test_bands_cover_the_planted_share(synthetic):
    """Twelve simulations, each with five eras to correct and the whole."""
    inside, widths = [], []
    for seed in range(1, 13):
        priced, truth = synthetic(seed)
        outputs = pl.DataFrame({"message_id": truth.outputs.keys(), "t": truth.outputs.values()})
        true = priced.join(outputs, on="message_id").with_columns(
            pl.col("t").cast(pl.Int64).alias(name)
            for name in ("output_tokens", "output_first_tokens", "output_last_tokens")
        )
        right = dict(reconstruct.by_era(price(true)).select("era", "logged_share").rows())
        frame = reconstruct.by_era(priced).filter(pl.col("rest_usd") > 0)
        inside += [r["low"] <= right[r["era"]] <= r["high"] for r in frame.to_dicts()]
        widths += (frame["high"] - frame["low"]).to_list()
    assert len(inside) >= 60
    assert np.mean(inside) >= 0.85
    assert max(widths) < 0.06
    assert np.median(widths) < 0.03
