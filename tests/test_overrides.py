import datetime as dt

import polars as pl
import pytest

from analysis.overrides import PriceError, read_overrides
from analysis.pricebook import rates
from analysis.prices import price

MARCH_12, MARCH_13 = dt.date(2026, 3, 12), dt.date(2026, 3, 13)
HEADER = "model,input,write_5m,write_1h,read,output"


def write(tmp_path, text):
    path = tmp_path / "prices.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_overrides_win(tmp_path):
    rows = "claude-opus-4-6,1,2,3,4,5,2026-03-13,\nother-ab12cd,0,0,0,0.000001,0,,\n"
    own = read_overrides(write(tmp_path, f"\ufeff{HEADER},from,until\n{rows}"))
    frame = pl.DataFrame({
        "model": ["claude-opus-4-6", "claude-opus-4-6[1m]", "other-ab12cd"],
        "first_seen": [MARCH_12, MARCH_13, MARCH_13],
        "speed": ["fast", "fast", None],
        "read_tokens": [1_000, 1_000, 1_500],
        "write_tokens": [0, 1_000, 0],
        "output_tokens": [0, 1_000, 0],
    })  # fmt: skip
    # 6x upstream; 4 + 2 + 5 whatever the speed; 1.5 nano-dollars rounded half up
    assert price(frame, overrides=own)["total_nano"].to_list() == [3_000_000, 11_000_000, 2]
    assert rates(["other-ab12cd"], [MARCH_13], overrides=own)["read"].item() == 0.000001


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model;input\n", "line 1: no column model, input, write_5m"),
        ("", "line 1: no column"),
        (f"{HEADER}\nx,1,2,3,abc,5\n", "line 2, column read: 'abc' is not a number"),
        (f"{HEADER}\nx,1,2,3,4,5\ny,1,2,3,4\n", "line 3, column output: '' is not a number"),
        (f"{HEADER}\nx,-1,2,3,4,5\n", "line 2, column input: '-1' is not between 0 and"),
        (f"{HEADER}\nx,nan,2,3,4,5\n", "line 2, column input: 'nan' is not between"),
        (f"{HEADER}\nx,0.0000005,2,3,4,5\n", "too fine; write .* per million tokens"),
        (f"{HEADER}\nx,1,2,3,4,5,6\n", "line 2: more cells than columns"),
        (f"{HEADER}\n,1,2,3,4,5\n", "line 2, column model: empty"),
        (f"{HEADER},from\nx,1,2,3,4,5,13.3.2026\n", "line 2, column from: .* is not a day"),
        (f"{HEADER}\nx,1,2,3,4,5\nx,1,2,3,4,5\n", "two prices for x on one day"),
        (b"\xff\xfe\x00", "not a CSV file in UTF-8"),
        (f"{HEADER}\n" + "x" * 200_000, "not a CSV file"),
    ],
)  # fmt: skip
def test_overrides_say_what_is_wrong_and_where(tmp_path, text, message):
    with pytest.raises(PriceError, match=message):
        read_overrides(write(tmp_path, text))


def test_overrides_file_is_missing(tmp_path):
    with pytest.raises(PriceError, match=r"none\.csv: No such file"):
        read_overrides(tmp_path / "none.csv")
