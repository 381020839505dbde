"""A view: what one question shows, and how it is shown with widgets or without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes

from analysis.report import labels
from analysis.report.figures import named, say, show, table, to_svg
from analysis.report.formats import choose, header, plain
from analysis.report.theme import lab_svg

#: JupyterLab answers a picker on one thread while cells run on another; both draw.
_ONE_AT_A_TIME = RLock()

#: Rows of a table where it cannot be turned over.
ROWS = 15


@contextmanager
def apart() -> Iterator[None]:
    """Draw while no other view does, and nothing that the end of a cell would show as the cell's.

    The first since pyplot is not made for threads, the second since a picker may be answered
    while cells run.
    """
    with _ONE_AT_A_TIME, plt.ioff():
        yield


@dataclass(frozen=True, eq=False)
class View:
    """What a question shows: see `analysis.explore`."""

    name: str
    title: str
    reading: str
    frame: pl.DataFrame = field(repr=False)
    draw: Callable[[], Axes] | None = None
    alt: str = ""
    shown: pl.DataFrame | None = field(default=None, repr=False)
    formats: Mapping[str, str] = field(default_factory=dict)
    picks: tuple[str, Sequence[str]] | None = field(default=None, repr=False)

    @property
    def rows(self) -> pl.DataFrame:
        """What a table shows."""
        return self.frame if self.shown is None else self.shown

    @property
    def caption(self) -> str:
        """Title and reading, as captions have them."""
        return f"{self.title} {self.reading}".strip()

    def show(self) -> None:
        """Display it as a chapter would."""
        if self.draw is None and self.rows.is_empty():
            say(f"**{self.title}** {self.reading}")
        elif self.draw is None:
            self._table()
        else:
            show(self.draw(), f"fig-explore-{self.name}", self.caption, self.alt, self.frame)

    def show_live(self) -> None:
        """Display it in JupyterLab, whose light or dark theme a figure follows.

        Of a table only its caption: `written` is what a widget shows of it.
        """
        if self.draw is None:
            say(f"**{self.title}** {self.reading}")
            return
        label = f"fig-explore-{self.name}"
        figure = named(self.draw(), label)
        drawn = lab_svg(to_svg(figure, label), self.alt)
        plt.close(figure)
        say(f"**{self.title}**")
        labels.publish({"text/html": drawn, "text/plain": self.alt})
        if self.reading:
            say(self.reading)

    def outputs(self) -> list[dict[str, Any]]:
        """Return what `show_live` displays, as a kernel would send it."""
        with apart(), labels.taken() as found:
            self.show_live()
        return found

    def looks_like(self, other: View) -> bool:
        """Whether both say and list the same of the same numbers; drawings are not compared."""
        if self.caption != other.caption or self.rows.schema != other.rows.schema:
            return False  # times in another zone are the same times, and read otherwise
        return self.frame.equals(other.frame) and self.rows.equals(other.rows)

    def written(self) -> pl.DataFrame:
        """Return the rows of a table as text, as they are shown, for a table that can be sorted."""
        formats = choose(self.rows, self.name, self.formats)
        return self.rows.select(
            pl.Series(header(name), [plain(value, formats[name]) for value in column], pl.String)
            for name, column in zip(self.rows.columns, self.rows.iter_columns(), strict=True)
        )

    def _table(self) -> None:
        label, few = f"tab-explore-{self.name}", self.rows.head(ROWS)
        table(few, label, self.caption, formats=self.formats)
