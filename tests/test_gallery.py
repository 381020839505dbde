"""Every plot on every odd frame: drawn without a warning, no text on another, none cut off.

`GALLERY=folder make test-long ARGS=tests/test_gallery.py` keeps the pictures, light and dark.
"""

import importlib
import itertools
import os
import pkgutil
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from gallery import CASES, ODD, PLOTS, frames, write_facts
from matplotlib.text import Text

from analysis import plots
from analysis.report import theme


def found():
    """Every plot of the package, by `module.function`."""
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(
        plots.__path__, "analysis.plots.")]  # fmt: skip
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if name.startswith("plot_") and function.__module__ == module.__name__
    }


FOUND = found()


def test_every_plot_is_in_the_gallery():
    assert FOUND
    assert set(PLOTS) == set(FOUND)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return the folder of published figures that match odd logs, written when first asked for."""

    @cache
    def matching(name):
        folder = tmp_path_factory.mktemp("facts")
        write_facts(folder, ODD[name])
        return folder

    return matching


@contextmanager
def drawing(plot, name, folder, colours=theme.LIGHT_COLOURS, dark=(), style=theme.STYLE):
    """Draw a plot of odd logs, with the published figures of a folder."""
    with pytest.MonkeyPatch.context() as patch, plt.rc_context():
        patch.setattr("analysis.facts.FACTS", folder)
        for ink, colour in dict(colours).items():
            patch.setitem(theme.COLOURS, ink, colour)
        plt.style.use([style, *dark])
        figure = FOUND[plot](*frames(plot, name)).get_figure()
        figure.canvas.draw()
    yield figure
    plt.close(figure)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_draws_in_another_s_style(plot, published):
    with drawing(plot, "every era", published("every era"), style="default") as figure:
        assert boxes(figure)


@pytest.fixture(scope="module", params=CASES, ids=" of ".join)
def drawn(request, published):
    plot, name = request.param
    with drawing(plot, name, published(name)) as figure:
        yield figure


def boxes(figure):
    """Texts that are seen, with their boxes in pixels; a tick beyond its axis is not."""
    unseen = {
        id(label)
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
        for label in (tick.label1, tick.label2)
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [(t.get_text(), t.get_window_extent()) for t in texts if id(t) not in unseen]


def touch(one, other):
    """Whether two boxes share more than an edge."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 1 and down > 1


def test_texts_lie_apart_and_inside(drawn):
    texts = boxes(drawn)
    assert texts
    for (one, box), (other, second) in itertools.combinations(texts, 2):
        assert not touch(box, second), (one, other)
    width, height = drawn.canvas.get_width_height()
    for text, box in texts:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text  # noqa: PT018


def test_no_mark_lies_under_a_legend(drawn):
    (ax,) = drawn.axes
    legends = [legend for legend in (*drawn.legends, ax.get_legend()) if legend is not None]
    points = [ax.transData.transform(c.get_offsets()) for c in ax.collections]
    points += [line.get_transform().transform(line.get_xydata()) for line in ax.lines]
    for legend in legends:
        box = legend.get_window_extent()
        assert not [p for p in itertools.chain(*points) if box.contains(*p)]
        assert not [p for p in ax.patches if touch(p.get_window_extent(), box)]


@pytest.mark.long
@pytest.mark.exhaustive
def test_pictures_are_kept(tmp_path, published):
    folder = Path(os.environ.get("GALLERY", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    schemes = {"light": (theme.LIGHT_COLOURS, ()), "dark": (theme.DARK_COLOURS, (theme.DARK,))}
    for (plot, name), (scheme, style) in itertools.product(CASES, schemes.items()):
        with drawing(plot, name, published(name), *style) as figure:
            picture = folder / f"{plot}-{name.replace(' ', '-')}-{scheme}.png"
            figure.savefig(picture, facecolor=style[0]["paper"])
        assert picture.stat().st_size > 1000
