"""Path data of an SVG: read as matplotlib writes it, moved, measured, and written short."""

import re
from collections.abc import Iterable
from itertools import pairwise

#: A command and its absolute coordinates, in turn x and y.
Segment = tuple[str, list[float]]

_SEGMENT = re.compile(r"([MLQCz])([^MLQCz]*)")


def parse(data: str) -> list[Segment]:
    """Read path data that is made of M, L, Q, C and z.

    >>> parse("M 0 1.5 L 2 3 z")
    [('M', [0.0, 1.5]), ('L', [2.0, 3.0]), ('z', [])]
    """
    return [(name, [float(n) for n in rest.split()]) for name, rest in _SEGMENT.findall(data)]


def shifted(path: Iterable[Segment], right: float, down: float) -> list[Segment]:
    """Move a path.

    >>> shifted(parse("M 0 0 L 0 3.5"), 10, 20)
    [('M', [10.0, 20.0]), ('L', [10.0, 23.5])]
    """
    by = (right, down)
    return [(name, [n + by[i % 2] for i, n in enumerate(numbers)]) for name, numbers in path]


def bounds(path: Iterable[Segment]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a path's points, those that steer it included.

    >>> bounds(parse("M 3 4 L 1 9"))
    (1.0, 4.0, 3.0, 9.0)
    """
    points = [numbers for _, numbers in path]
    across = [x for numbers in points for x in numbers[::2]]
    down = [y for numbers in points for y in numbers[1::2]]
    return min(across), min(down), max(across), max(down)


def write(path: Iterable[Segment], digits: int = 1) -> str:
    """Write a path short: rounded to so many decimals, from point to point.

    Each point lies where it is rounded to, however many come before it. A step of no length is
    left out where another one drew something, and steps straight on are one.

    >>> write(parse("M 52.679849 243.74976 L 483.360698 243.74976 L 483.360698 3.00024 z"))
    'M52.7 243.7h430.7v-240.7z'
    >>> write(parse("M 0 3 C 0.795609 3 1.55874 2.683901 2.12132 2.12132"), 2)
    'M0 3c.8 0 1.56-.32 2.12-.88'
    """
    steps: list[tuple[str, list[int]]] = []
    here = start = (0, 0)
    for name, numbers in path:
        whole = [round(n * 10**digits) for n in numbers]
        if name == "z":
            steps.append(("z", []))
            here = start
            continue
        end = (whole[-2], whole[-1])
        if name == "M":
            start = end
            steps.append(("M", whole))
        else:
            step = [n - here[i % 2] for i, n in enumerate(whole)]
            _add(steps, name.lower(), step)
        here = end
    return _text(steps, digits)


def _add(steps: list[tuple[str, list[int]]], name: str, step: list[int]) -> None:
    """Append a step, as part of the one before where it goes straight on."""
    last, before = steps[-1]
    if name == "l":
        if step == [0, 0] and last != "M":
            return
        if last == "l" and _straight_on(before, step):
            steps[-1] = ("l", [before[0] + step[0], before[1] + step[1]])
            return
    steps.append((name, step))


def _straight_on(one: list[int], other: list[int]) -> bool:
    cross = one[0] * other[1] - one[1] * other[0]
    along = one[0] * other[0] + one[1] * other[1]
    return cross == 0 and along > 0


def _text(steps: list[tuple[str, list[int]]], digits: int) -> str:
    """Write steps, each with the letter that takes the fewest numbers."""
    words: list[tuple[str, list[int]]] = []
    for name, numbers in steps:
        if name == "l" and numbers[1] == 0:
            words.append(("h", numbers[:1]))
        elif name == "l" and numbers[0] == 0:
            words.append(("v", numbers[1:]))
        else:
            words.append((name, numbers))
    text, last = [], ""
    for name, numbers in words:
        part = _joined([number(n, digits) for n in numbers])
        if name == last and name != "M":
            text.append(part if part.startswith("-") else f" {part}")
        else:
            text.append(name + part)
        last = name
    return "".join(text)


def _joined(numbers: list[str]) -> str:
    """Write numbers with a blank between them where one is needed.

    >>> _joined(["1", "-.5", ".5", ".5"])
    '1-.5.5.5'
    """
    text = "".join(numbers[:1])
    for before, n in pairwise(numbers):
        apart = not (n.startswith("-") or (n.startswith(".") and "." in before))
        text += f" {n}" if apart else n
    return text


def number(units: int, digits: int = 1) -> str:
    """Write a whole number of the last decimal's units, without zeros that say nothing.

    >>> number(-5), number(120), number(0), number(123, 2)
    ('-.5', '12', '0', '1.23')
    """
    text = f"{units / 10**digits:.{digits}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0(?=\.)", r"\1", text)


def rounded(value: float) -> str:
    """Write a coordinate to a tenth.

    >>> rounded(49.179849), rounded(-90), rounded(0.04)
    ('49.2', '-90', '0')
    """
    return number(round(value * 10))


def spelled(path: Iterable[Segment]) -> str:
    """Write a path in full, as matplotlib does.

    >>> spelled([("M", [0.0, 1.5]), ("z", [])])
    'M 0.0 1.5 z'
    """
    return " ".join(" ".join([name, *map(str, numbers)]) for name, numbers in path)
