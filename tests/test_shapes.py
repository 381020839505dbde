"""The shape of growth: fits known by hand or by another library, and what reads add up to."""

import numpy as np
import polars as pl
import pytest
from chains import chain, line, stretched
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import shapes
from analysis.words import growth as words


def one(prompts):
    found = shapes.fits(stretched(chain([int(p) for p in prompts])))
    return found.row(0, named=True)


def test_a_line_is_a_line():
    found = one(1000 + 7 * np.arange(40))
    assert found["slope"] == pytest.approx(7)
    assert found["line"] == pytest.approx(1)
    assert found["best"] == "line"
    assert found["gain"] == 0
    assert (found["first_tokens"], found["last_tokens"]) == (1000, 1273)
    assert found["early"] == found["late"] == 7 * 20


@pytest.mark.parametrize(
    ("shape", "prompts"),
    [
        ("constant", np.full(30, 5000)),
        ("line", 5000 + 300 * np.arange(30)),
        ("square root", 5000 + 9000 * np.sqrt(np.arange(1, 31))),
        ("logarithm", 5000 + 9000 * np.log(np.arange(1, 31))),
        ("quadratic", 5000 + 40 * (np.arange(1, 31) - 3) ** 2),
    ],
)
def test_each_shape_is_told_from_the_others(shape, prompts):
    found = one(prompts)
    assert found["best"] == shape
    assert shape == "constant" or found[shape] == pytest.approx(1, rel=1e-4)


def test_a_constant_prompt_has_no_r2():
    found = one(np.full(50, 8000))
    assert found["slope"] == 0
    assert [found[s] for s in ("line", "quadratic", "square root", "logarithm")] == [None] * 4


def test_too_short_a_stretch_is_not_fitted():
    assert shapes.fits(stretched(line(10, 1, 19))).is_empty()
    assert shapes.fits(stretched(line(10, 1, 20))).height == 1


def test_each_r2_and_the_best_shape_are_those_of_a_library():
    rng = np.random.default_rng(4)
    prompts = (20_000 + rng.gamma(0.5, 2_000, (6, 60)).cumsum(axis=1)).astype(int)
    found = shapes.fits(stretched(*(chain(p, session=f"s{n}") for n, p in enumerate(prompts))))
    from statsmodels.api import OLS, add_constant

    at = np.arange(1, 61.0)
    terms = {
        "logarithm": [np.log(at)],
        "square root": [np.sqrt(at)],
        "line": [at],
        "quadratic": [at, at**2],
    }
    for row, prompt in zip(found.sort("session").to_dicts(), prompts, strict=True):
        scores = {"constant": OLS(prompt, np.ones(60)).fit()}
        scores |= {s: OLS(prompt, add_constant(np.stack(t, 1))).fit() for s, t in terms.items()}
        for shape in terms:
            assert row[shape] == pytest.approx(scores[shape].rsquared, rel=1e-9)

        def aicc(shape):
            k = shapes.SHAPES[shape]
            return scores[shape].aic + 2 + 2 * k * (k + 1) / (60 - k - 1)  # noqa: B023

        assert row["best"] == min(scores, key=aicc)
        assert row["gain"] == pytest.approx(aicc("line") - aicc(row["best"]), abs=1e-6)


@pytest.mark.parametrize(
    ("first", "slope", "low", "high"),
    [(100_000, 0, 1.0, 1.06), (1, 1000, 1.95, 2.35), (40_000, 1000, 1.2, 1.9)],
)
def test_the_exponent_lies_between_that_of_a_constant_and_of_a_line_from_nothing(
    first, slope, low, high
):
    found = shapes.fits(stretched(line(first, slope, 200)))
    assert low < found["exponent"].item() < high


def test_the_exponent_of_reads_that_follow_a_power_is_that_power():
    sofar = (100 * np.arange(1, 61.0) ** 1.5).round()
    rows = line(10_000, 10, 60)
    for row, read in zip(rows, np.diff(sofar, prepend=0), strict=True):
        row["read_tokens"] = int(read)
    assert shapes.fits(stretched(rows))["exponent"].item() == pytest.approx(1.5, abs=0.01)


def test_nothing_read_has_no_exponent():
    rows = [row | {"read_tokens": 0} for row in line(100, 1, 30)]
    found = shapes.fits(stretched(rows))
    assert found["exponent"].to_list() == [None]
    assert shapes.spread(found).is_empty()
    assert words.exponents(found).startswith("No long stretch read anything")


def test_the_wins_sum_to_the_stretches():
    straight = [line(1000, 50, 30, session=f"l{n}") for n in range(3)]
    flat = [chain([5000] * 60, session="f")]
    fitted = shapes.fits(stretched(*straight, *flat))
    won = shapes.wins(fitted)
    assert won["shape"].to_list() == list(shapes.SHAPES)
    assert dict(won.select("shape", "stretches").rows())["line"] == 3
    assert won["stretches"].sum() == fitted.height
    assert won["stretch_share"].sum() == pytest.approx(1)
    assert won.filter(shape="constant")["request_share"].item() == 60 / 150


def test_growth_that_slows_is_told():
    rising = list(np.cumsum([1000] * 20 + [500] * 20))
    fitted = shapes.fits(stretched(*(chain(rising, session=f"s{n}") for n in range(10))))
    ratio, band = shapes.slowing(fitted)
    assert ratio == pytest.approx(19 * 500 / (19 * 1000), rel=0.1)
    assert band.low == band.high == pytest.approx(ratio)
    assert fitted["slows"].all()


def test_nothing_has_no_shape():
    fitted = shapes.fits(stretched())
    assert fitted.is_empty()
    assert shapes.slowing(fitted)[0] is None
    assert shapes.wins(fitted)["stretches"].sum() == 0
    assert not shapes.median_interval(fitted, "slope").known
    assert words.shapes(shapes.wins(fitted)).startswith("No stretch")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(10_000, 19_999), min_size=20, max_size=40), st.integers(2, 9))
def test_scaling_prompts_scales_slopes_and_no_fit(prompts, factor):
    small, large = (
        shapes.fits(stretched(chain([k * p for p in prompts]))).row(0, named=True)
        for k in (1, factor)
    )
    assert large["slope"] == pytest.approx(factor * small["slope"], rel=1e-6, abs=1e-6)
    assert large["line"] == (small["line"] and pytest.approx(small["line"], abs=1e-9))


def test_a_median_s_interval_is_that_of_drawing_sessions():
    rng = np.random.default_rng(5)
    slopes = rng.lognormal(7, 0.5, (40, 3))
    frame = pl.DataFrame({"session": np.repeat(np.arange(40), 3), "slope": slopes.ravel()})
    found = shapes.median_interval(frame, "slope")
    draws = rng.integers(0, 40, (4000, 40))
    low, high = np.quantile(np.median(slopes[draws].reshape(4000, -1), axis=1), [0.05, 0.95])
    assert (found.low, found.high) == (pytest.approx(low, rel=0.03), pytest.approx(high, rel=0.03))


def test_stretches_are_fitted_apart():
    twice = chain([*(1000 + 50 * n for n in range(25)), *(900 + 20 * n for n in range(25))])
    fitted = shapes.fits(stretched(twice)).sort("run")
    assert fitted["slope"].to_list() == [pytest.approx(50), pytest.approx(20)]
