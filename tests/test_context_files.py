"""Context files: a published study's effects, how far chance reaches, what the text leaves out."""

import gallery
import polars as pl
import pytest

from analysis.claims.published import PUBLISHED
from analysis.claims.yours import YOURS
from analysis.measures import context_files as measure
from analysis.plots.context_files import plot_effects
from analysis.prices import price
from analysis.words import context_files as words
from analysis.words import omissions
from analysis.words.numbers import NARROW_SPACE

Z = 1.6449  # standard errors of a 90 % interval


@pytest.mark.parametrize(
    ("name", "tasks", "agents", "points"),
    [("model-lite", 300, 4, 0.5), ("people-agentbench", 138, 4, 4), ("people-sonnet", 138, 1, 2)],
)
def test_how_far_chance_reaches(name, tasks, agents, points):
    found = measure.effect(name)
    change = points / 100
    assert found["wide_points"] == pytest.approx(100 * Z * (0.5 / tasks) ** 0.5, rel=1e-3)
    narrow = 100 * Z * (0.5 / tasks / agents) ** 0.5
    assert found["narrow_points"] == pytest.approx(narrow, rel=1e-3)
    paired = 100 * Z * ((change - change**2) / tasks) ** 0.5  # every change goes one way
    assert found["paired_points"] == pytest.approx(paired, rel=1e-3)


def test_a_change_as_large_as_its_reach_needs_the_tasks_there_are():
    reach = measure.effect("model-agentbench")["narrow_points"]
    assert measure.tasks_needed(reach, agents=4) == pytest.approx(138)
    assert measure.tasks_needed(1) == pytest.approx(4 * measure.tasks_needed(2))


def test_no_interval_where_the_tasks_are_not_published():
    row = measure.effect("model-no-docs")
    assert row["success_points"] == 2.7
    assert row["wide_points"] is None
    assert row["cost_percent"] is None


def test_costs_by_agent_are_ratios_of_what_is_published():
    costs = measure.effects().drop_nulls("with_usd")["cost_percent"].to_list()
    assert costs == pytest.approx([16.15, 34.375, 22.22, 8.33], rel=1e-3)


def test_two_agents_must_have_carried_the_mean():
    # four agents gain 4 points on average: 16 in all, of which -2 and at most 2 are known
    assert measure.other_agents() == (16 - (-2) - 2) / 2


def checked(name):
    return [(r.value, r.holds) for r in PUBLISHED[name]()]


def test_the_text_tells_one_half_of_the_tasks():
    assert checked("study-tasks") == [(438, None), (300, None)]


def test_an_earlier_study_measured_cost_but_not_success():
    assert checked("first-study") == [(1, False), (0, True)]


def test_the_means_fall_and_chance_reaches_farther():
    (far, beyond), (higher, falls), (worse, most) = checked("files-lower")
    assert (higher, falls) == (-0.5, True)
    assert (worse, most) == (62.5, True)
    assert far == pytest.approx(0.5 / 3.3575, rel=1e-3)
    assert not beyond


def test_not_every_message_reads():
    found = checked("every-turn")
    assert found[0] == (99, False)
    assert found[1][0] == pytest.approx(100 * (1 - 407 / 17_963), rel=1e-4)
    assert [holds for _, holds in found] == [False, False, True]


def test_requests_of_the_reader_that_read_their_prefix():
    rows = [{"write_tokens": 9_000}, {"read_tokens": 9_000, "write_tokens": 50}]
    prompts = [{"context_tokens": 9_000}, {"context_tokens": 9_050}]
    made = [
        {"message_id": f"m{n}"} | row | prompt
        for n, (row, prompt) in enumerate(zip(rows, prompts, strict=True))
    ]
    (reading,) = YOURS["every-turn"](price(gallery.requests(*made)), "largest")
    assert reading.value == 50


def test_the_plane_draws_every_effect_once(themed):
    frame = measure.effects()
    ax = plot_effects(frame)
    dots = [line for line in ax.lines if line.get_marker() in "so" and line.get_xdata().size]
    assert len(dots) == frame.filter(pl.col("half") != "both").height


def test_the_caption_says_what_was_found_and_what_is_assumed():
    said = words.effects_caption(measure.effects()).replace(NARROW_SPACE, " ")
    assert said.startswith("Context files written by a model changed cost by +20 % and +23 %")
    assert "none of 3 mean changes" in said
    assert "assumed to be 50 %" in said
    assert "unpaired" in said
    none = measure.effects().clear()
    assert words.effects_caption(none) == "No effect with cost and success is published."


def test_a_change_beyond_chance_would_be_counted():
    far = measure.effects().with_columns(narrow_points=pl.lit(0.1))
    assert "3 of 3 mean changes" not in words.effects_caption(measure.effects())
    assert "; 3 of 3 mean changes" in words.effects_caption(far)


def test_each_omission_belongs_to_a_claim_of_the_section():
    found = omissions.left_out()
    assert found["claim"].str.contains(r"^\[\]\(#claim-t7-\d\)$").all()
    text = " ".join(found["left out"])
    assert "438 in all" in text
    assert "15 days earlier" in text
    assert "MUST follow them exactly" in text


def test_what_has_no_cost_stands_left_of_the_break_of_the_axis(themed):
    ax = plot_effects(measure.effects())
    begins, _ = ax.spines["bottom"].get_bounds()
    across = [line.get_xdata()[0] for line in ax.lines if line.get_xdata().size]
    unknown = measure.effects().filter(pl.col("half") != "both", pl.col("cost_percent").is_null())
    assert sum(x < begins for x in across) == unknown.height
    assert all(tick >= begins for tick in ax.get_xticks())
    named = [text.get_text() for text in ax.texts]
    assert named.count("Sonnet 4.5") == 2
    assert {"success", "cost"} <= set(named)
