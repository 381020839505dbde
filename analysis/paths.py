"""Every folder of the suite, named once."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

NOTEBOOKS = ROOT / "notebooks"
RAW = ROOT / "data" / "raw"
FACTS = RAW / "facts"  # published figures and price corrections, each row with its source
SAMPLE = RAW / "sample"  # synthetic logs, made by synth
PROCESSED = ROOT / "data" / "processed"  # tables without content or names
PRIVATE = ROOT / "data" / "private"  # names and paths, 0600, never published
BUILD = ROOT / "build"  # executed notebooks
REPORTS = ROOT / "reports"
