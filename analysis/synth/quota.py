"""A subscription's limit as users saw it: a five-hour window with a budget."""

from __future__ import annotations

import datetime as dt

from analysis.synth.truth import Truth, Window

LENGTH = dt.timedelta(hours=5)
OUTPUT_WEIGHT = 5.0  # an output token beside an input token, as measured on response headers


class Quota:
    """The window that the first request opens, on its full hour, and what is left of its budget."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    def resets(self, at: dt.datetime) -> dt.datetime | None:
        """Return when requests are answered again, or None when they are answered now."""
        window = self._window(at)
        if window is None or window.used < self.truth.budget:
            return None
        return window.begins + LENGTH

    def spend(self, at: dt.datetime, usage: dict[str, int], output: int) -> None:
        """Charge one request."""
        window = self._window(at)
        if window is None:
            window = Window(at.replace(minute=0, second=0, microsecond=0))
            self.truth.windows.append(window)
        window.used += usage["input"] + usage["write"] + OUTPUT_WEIGHT * output
        window.used += self.truth.quota_weight * usage["read"]

    def _window(self, at: dt.datetime) -> Window | None:
        last = self.truth.windows[-1] if self.truth.windows else None
        return last if last is not None and at < last.begins + LENGTH else None
