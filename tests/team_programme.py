"""What a reader of the chapter could work out: bounds by linear programmes over all its frames."""

from itertools import product

import numpy as np
from scipy.optimize import linprog

from analysis.measures.suppress import CLOSE
from analysis.measures.team import AGAIN
from analysis.measures.team_shares import DECIMALS

#: Dollars per million tokens of each tool: reads, writes, input and output.
PRICES = {"claude-code": (0.5, 6.25, 5.0, 25.0), "codex": (0.125, 0.0, 1.25, 10.0)}
#: Dollars per million tokens that were written again, above the price of a read.
PREMIUM = 5.75
CLASSES = ("read", "write", "input", "output")
#: What is not known of a person: tokens in millions and requests, of final counts and of others.
PARTS = (*product(("final", "other"), (*CLASSES, "requests")), *product(("again",), AGAIN))
_HALF = 0.5 * 10.0**-DECIMALS
_CENT = 0.0051  # half of one, and what is lost in sums


class Reader:
    """Knows list prices, each one's tool and whether its counts are final, and the page."""

    def __init__(self, tools, old, frames, sums):
        """Read the frames of a chapter, in its order, and what its opening says."""
        self.tools, self.old, self.size = tools, old, len(tools) * len(PARTS)
        self.rows, self.most = [], []
        curve, classes, shares, each, rates, again, *_ = frames
        said = dict(sums.iter_rows())
        self._equal(self.of("requests"), said["requests"], 0)
        self._equal(self.dollars(), said["dollars"], _CENT)
        self._equal(self.dollars(), said["dollars a month"], _CENT)  # of no more than a month
        cells = {row[0]: row[1:3] for row in classes.iter_rows()}
        for name in CLASSES:
            self._cell(cells[name], self.of(name), self.dollars(name))
        self._cell(cells["all"], sum(map(self.of, CLASSES)), self.dollars())
        cells = {row[0]: row[2:4] for row in again.iter_rows()}
        for name in AGAIN:
            self._cell(cells[name], self.of(name), PREMIUM * self.of(name))
        whole = sum(self.of(name) for name in AGAIN)
        self._cell(cells["all"], whole, PREMIUM * whole)
        for value, (part, of) in zip(shares["value"], self.shares(range(len(tools))), strict=True):
            self._share(value, part, of)
        for frame, place in ((each, 0), (rates, 1)):
            for label, value in frame.select("label", "value").rows():
                who = int(label.removeprefix("person-")) - 1
                self._share(value, *self.shares([who])[place])
        self.curve = curve

    def ordered(self, people):
        """Use the curve, with who has most as only the team itself knows."""
        for unit, column in {"dollars": "total_nano", "tokens": "tokens"}.items():
            order = people.with_row_index("n").sort(column, descending=True)["n"].to_list()
            for many, share in self.curve.filter(unit=unit).select("people", "share").rows():
                if 0 < many < len(order):
                    use = self.dollars if unit == "dollars" else self.tokens
                    self._share(share, use(who=order[:many]), use())

    def of(self, name, who=None, final=None):
        """Return how a sum of one part over people is made of what is not known."""
        found = np.zeros((len(self.tools), len(PARTS)))
        for n, (kind, part) in enumerate(PARTS):
            if part == name and (final is None or kind == ("final" if final else "other")):
                found[list(range(len(self.tools)) if who is None else who), n] = 1
        return found.ravel()

    def tokens(self, who=None):
        """Return how tokens are made of what is not known."""
        return sum(self.of(name, who) for name in CLASSES)

    def dollars(self, *names, who=None, final=None):
        """Return how dollars are made of what is not known."""
        prices = np.array([PRICES[tool] for tool in self.tools])
        sums = np.zeros(self.size)
        for n, name in enumerate(CLASSES):
            if not names or name in names:
                sums += self.of(name, who, final) * np.repeat(prices[:, n], len(PARTS))
        return sums

    def shares(self, who):
        """Return the parts and wholes of the four shares of people."""
        counted = [n for n in who if self.tools[n] != "codex"]
        read, written = self.of("read", who), self.of("write", who)
        pair = self.of("read", counted)
        return [
            (self.dollars("read", "write", who=who, final=True), self.dollars(who=who, final=True)),
            (read, read + written + self.of("input", who)),
            (pair, pair + self.of("write", counted)),
            (self.of("requests", who, final=True), self.of("requests", who)),
        ]

    def range(self, wanted):
        """Return the least and most that something can be."""
        few = [n for n, tool in enumerate(self.tools) if tool == "codex"]
        rest = [n for n in range(len(self.tools)) if n not in self.old]
        none = self.of("write", few) + sum(self.of(name, few) for name in AGAIN)
        for name in (*CLASSES, "requests"):
            none += self.of(name, self.old, final=True) + self.of(name, rest, final=False)
        bounds = [(0, 0) if no else (0, None) for no in none]
        ends = [
            linprog(g, A_ub=np.array(self.rows), b_ub=self.most, bounds=bounds)
            for g in (wanted, -wanted)
        ]
        assert {end.status for end in ends} <= {0, 3}, [end.message for end in ends]
        low, high = (end.fun if end.status == 0 else -np.inf for end in ends)
        return low, -high

    def knows(self, wanted, truth):
        """Tell whether something is known to within a tenth."""
        low, high = self.range(wanted)
        assert low - 1e-3 * truth <= truth <= high + 1e-3 * truth
        return truth > 0 and high - low < CLOSE * truth

    def _cell(self, cell, tokens, dollars):
        if cell[0] is not None:
            self._equal(tokens, cell[0] / 1e6, 1e-6)
        self._equal(dollars, cell[1], _CENT)

    def _share(self, value, part, whole):
        if value is not None:
            self._less(part - (value + _HALF * 1.001) * whole, 0)
            self._less((value - _HALF * 1.001) * whole - part, 0)

    def _equal(self, row, value, within):
        if value is not None:
            self._less(row, value + within)
            self._less(-row, within - value)

    def _less(self, row, most):
        self.rows.append(row)
        self.most.append(most)
