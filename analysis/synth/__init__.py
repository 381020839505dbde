"""Seeded logs in the real format, with totals known by construction: the sample and the tests.

A session is simulated as the API would see it: a context that grows, a cache whose entries live
five minutes or an hour, pauses, compactions, a quota. What the client then logs depends on its
version: some logged a placeholder where the output count belongs. Every id starts with
`msg_synthetic`, so that no table made from these logs can pass for a real one.
"""

from analysis.synth.folder import SynthError
from analysis.synth.shapes import REAL, SAMPLE, Shape
from analysis.synth.truth import Truth
from analysis.synth.world import SEED, SESSIONS, fill, write, write_sample

__all__ = [
    "REAL",
    "SAMPLE",
    "SEED",
    "SESSIONS",
    "Shape",
    "SynthError",
    "Truth",
    "fill",
    "write",
    "write_sample",
]
