"""Every folder of the suite, named once."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

NOTEBOOKS = ROOT / "notebooks"
RAW = ROOT / "data" / "raw"
FACTS = RAW / "facts"  # published figures and price corrections, each row with its source
SAMPLE = RAW / "sample"  # synthetic logs, made by synth
PRICES = RAW / "prices.csv"  # the reader's own, if there are any; they win over the price book

#: Where generated folders live; tests move them.
GENERATED = Path(os.environ.get("CACHE_MARGIN_OUT") or ROOT).resolve()

PROCESSED = GENERATED / "data" / "processed"  # tables without content or names
PRIVATE = GENERATED / "data" / "private"  # names and paths, 0600, never published
BUILD = GENERATED / "build"  # executed notebooks
REPORTS = GENERATED / "reports"

#: Other tools, to compare with: made once, removed by hand.
TOOLS = ROOT / ".tools"
