"""A log is opened for reading only: what is in it comes out, and nothing that came later."""

import gzip
import os
import random
import sys

import pytest
from lines import answer, append_log, dump, write_log

from analysis.logs.stamps import prefix
from analysis.logs.stream import RefusedError, open_log
from analysis.schema import SKIPS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DATA = b"".join(dump(answer(number)) for number in range(1, 400))
PLAIN = ("x.jsonl", bytes)
GZIP = ("x.jsonl.gz", gzip.compress)
ZSTD = ("x.jsonl.zst", zstd.compress)
packed = pytest.mark.parametrize(("name", "pack"), [GZIP, ZSTD], ids=["gzip", "zstd"])
every = pytest.mark.parametrize(("name", "pack"), [PLAIN, GZIP, ZSTD], ids=["plain", "gz", "zst"])


def drained(stream, at_once):
    """What is left of a stream, through a buffer of so many bytes."""
    found, buffer = [], bytearray(at_once)
    while got := stream.readinto(memoryview(buffer)):
        found.append(bytes(buffer[:got]))
    assert stream.readinto(memoryview(buffer)) == 0
    return b"".join(found)


def read(path, at_once=2**16):
    """All bytes of a log, whether the rest is damaged, and the size on disk."""
    with open_log(path) as stream:
        return drained(stream, at_once), stream.damaged, stream.size


@every
@pytest.mark.parametrize("data", [b"", b"\n", b"{}", DATA], ids=len)
@pytest.mark.parametrize("at_once", [7, 2**16])
def test_what_is_in_it_comes_out(tmp_path, name, pack, data, at_once):
    path = write_log(tmp_path / name, pack(data))
    assert read(path, at_once) == (data, False, len(pack(data)))


@packed
def test_compressed_pieces_one_behind_the_other_are_one_log(tmp_path, name, pack):
    path = write_log(tmp_path / name, pack(DATA), pack(b""), pack(b"{}\n"))
    assert read(path)[:2] == (DATA + b"{}\n", False)


def test_an_empty_file_is_empty_whatever_its_name(tmp_path):
    for name, _ in (PLAIN, GZIP, ZSTD):
        assert read(write_log(tmp_path / name)) == (b"", False, 0)


@packed
def test_a_compressed_log_that_is_cut_keeps_what_stands_before(tmp_path, name, pack):
    whole = pack(random.Random(1).randbytes(100_000))
    path = write_log(tmp_path / name, whole[:60_000])
    data, damaged, size = read(path)
    assert (damaged, size) == (True, 60_000)
    assert 0 <= 60_000 - len(data) < 2**17  # one block
    path.write_bytes(whole[:-1])
    assert read(path)[1]


@packed
def test_damage_inside_a_compressed_log_is_told(tmp_path, name, pack):
    pieces = b"".join(pack(dump(answer(number))) for number in range(1, 400))
    half = len(pieces) // 2
    path = write_log(tmp_path / name, pieces[:half], b"\0" * 50, pieces[half + 50 :])
    data, damaged, _ = read(path)
    assert damaged
    assert DATA.startswith(data[: data.rfind(b"\n") + 1])
    assert len(data) > len(DATA) // 2 - 5_000


@packed
def test_something_else_behind_a_compressed_log_is_told(tmp_path, name, pack):
    assert read(write_log(tmp_path / name, pack(DATA), b"{}\n"))[:2] == (DATA, True)


def test_a_checksum_that_does_not_hold_is_told(tmp_path):
    made = bytearray(gzip.compress(DATA))
    made[-8] ^= 1
    assert read(write_log(tmp_path / "x.jsonl.gz", bytes(made)))[:2] == (DATA, True)


def test_a_window_too_wide_for_the_memory_is_damage(tmp_path):
    wide = {zstd.CompressionParameter.window_log: 28, zstd.CompressionParameter.strategy: 1}
    tool = zstd.ZstdCompressor(options=wide)
    made = tool.compress(b"x" * 1_000) + tool.flush()
    assert read(write_log(tmp_path / "x.jsonl.zst", made))[:2] == (b"", True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.jsonl", gzip.compress(DATA)),
        ("x.jsonl", zstd.compress(DATA)),
        ("x.jsonl.gz", DATA),
        ("x.jsonl.gz", zstd.compress(DATA)),
        ("x.jsonl.gz", b"\x1f\x8b"),
        ("x.jsonl.zst", DATA),
        ("x.jsonl.zst", gzip.compress(DATA)),
    ],
)
def test_a_name_that_does_not_tell_the_truth_is_refused(tmp_path, name, data):
    assert refusal(write_log(tmp_path / name, data)) == "misnamed"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused(tmp_path, encoding):
    text = DATA.decode().encode(encoding)
    assert refusal(write_log(tmp_path / "x.jsonl", text)) == "utf16"
    if encoding != "utf-16":
        assert refusal(write_log(tmp_path / "x.jsonl", "\ufeff".encode(encoding), text)) == "utf16"


@pytest.mark.parametrize(
    "begin", [b"\0" * 100, b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b"(\xb5/"]
)
def test_what_only_looks_like_it_is_read(tmp_path, begin):
    assert read(write_log(tmp_path / "x.jsonl", begin, DATA))[:2] == (begin + DATA, False)


def refusal(path):
    """Why a file is refused; the reason is one that the tables know, and nothing stays open."""
    before = os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd") else []
    with pytest.raises(RefusedError) as refused, open_log(path):
        pass
    assert before == (os.listdir("/proc/self/fd") if before else [])
    assert refused.value.reason in SKIPS
    assert str(path) not in str(refused.value)
    return refused.value.reason


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.jsonl")
    assert refusal(tmp_path / "x.jsonl") == "not_regular"


def test_a_device_is_not_read(tmp_path):
    (tmp_path / "x.jsonl").symlink_to("/dev/zero")
    assert refusal(tmp_path / "x.jsonl") == "not_regular"


def test_a_folder_is_no_log(tmp_path):
    assert refusal(tmp_path) == "not_regular"


@pytest.mark.parametrize("target", ["gone", "x.jsonl"])
def test_what_is_not_there_is_an_error_of_the_system(tmp_path, target):
    (tmp_path / "x.jsonl").symlink_to(tmp_path / target)
    with pytest.raises(OSError, match="Errno"):
        open_log(tmp_path / "x.jsonl")


@every
def test_what_is_appended_while_it_is_read_waits_for_the_next_time(tmp_path, name, pack):
    path = write_log(tmp_path / name, pack(DATA))
    with open_log(path) as stream:
        append_log(path, pack(b"{}\n"))
        assert (drained(stream, 2**10), stream.damaged) == (DATA, False)
    assert read(path)[0] == DATA + b"{}\n"


def test_a_log_that_shrinks_while_it_is_read_ends_where_it_ends(tmp_path):
    path = write_log(tmp_path / "x.jsonl", DATA)
    with open_log(path) as stream:
        os.truncate(path, 1_000)
        assert drained(stream, 300) == DATA[:1_000]
        assert stream.size == len(DATA)


@packed
def test_a_compressed_log_that_shrinks_while_it_is_read_is_damaged(tmp_path, name, pack):
    path = write_log(tmp_path / name, pack(random.Random(1).randbytes(100_000)))
    with open_log(path) as stream:
        os.truncate(path, 50_000)
        drained(stream, 300)
        assert stream.damaged


@every
def test_a_log_that_vanishes_while_it_is_read_is_read(tmp_path, name, pack):
    path = write_log(tmp_path / name, pack(DATA))
    with open_log(path) as stream:
        path.unlink()
        assert drained(stream, 300) == DATA


@every
def test_reading_changes_nothing(tmp_path, name, pack):
    path = write_log(tmp_path / name, pack(DATA))
    path.chmod(0o444)
    before = path.stat()
    read(path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)


@every
def test_it_is_closed_at_the_end(tmp_path, name, pack):
    path = write_log(tmp_path / name, pack(DATA))
    with open_log(path) as stream:
        stream.readinto(memoryview(bytearray(10)))
    assert stream.closed
    with pytest.raises(ValueError, match="closed"):
        stream.readinto(memoryview(bytearray(10)))


def test_a_pipe_has_no_ends_to_digest(tmp_path):
    path = write_log(tmp_path / "x.jsonl", DATA)
    known = prefix(str(path), len(DATA))
    append_log(path, b"{}\n")
    assert prefix(str(path), len(DATA)) == known != prefix(str(path), len(DATA) + 3)
    path.unlink()
    assert prefix(str(path), len(DATA)) is None
    os.mkfifo(path)
    assert prefix(str(path), len(DATA)) is None
