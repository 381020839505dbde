"""A quantile of a frame says between which values it lies: polars takes the nearest by default."""

import ast

import pytest

from analysis.paths import ROOT

FILES = sorted((ROOT / "analysis").rglob("*.py"))
#: Compares two logs by the same rule on both sides, in a table of its own.
NEAREST = {"synth/calibration.py"}


def bare(source):
    """Return the lines that take a quantile by the default, or hand the method on as it is."""
    tree = ast.parse(source)
    sound = {
        id(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (len(node.args) > 1 or "interpolation" in {k.arg for k in node.keywords})
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "quantile"
        and not (isinstance(node.value, ast.Name) and node.value.id == "np")
        and id(node) not in sound
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_quantile_says_how_it_is_taken(path):
    name = path.relative_to(ROOT / "analysis").as_posix()
    assert bool(bare(path.read_text())) == (name in NEAREST), name


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("s.quantile(0.5)", [1]),
        ("pl.col('a').quantile(q).alias('b')", [1]),
        ("map(s.quantile, ends)", [1]),
        ("s.quantile(0.5, 'linear')", []),
        ("s.quantile(0.5, interpolation='linear')", []),
        ("np.quantile(a, 0.5)", []),
    ],
)
def test_a_bare_quantile_is_seen(source, lines):
    assert bare(source) == lines
