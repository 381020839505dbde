"""What our subjects run: the same words for this release and for the one before it."""

#: A whole process, from nothing to the tables.
LOAD = """
import sys
from analysis.logs import store
store.load_logs("bench", sys.argv[1])
logs = store.read("bench")
print(logs.copies.height, logs.requests.height)
"""

#: `load()` in a kernel that has imported what it uses; it times itself. With a second word also
#: what follows when the requests are first asked for.
LOAD_IN_KERNEL = """
import importlib, os, pkgutil, sys, time
import polars
import analysis.logs
for module in pkgutil.iter_modules(analysis.logs.__path__, "analysis.logs."):
    importlib.import_module(module.name)
from analysis.logs import store

def now():
    return time.perf_counter(), sum(os.times()[:4])

begun = now()
store.load_logs("bench", sys.argv[1])
logs = store.read("bench")
found = [getattr(logs, table).height for table in ("copies", *sys.argv[2:])]
ended = now()
print(*found, *(b - a for a, b in zip(begun, ended)))
"""

#: What every process that uses polars pays before it reads anything.
START = "import polars"

#: The import that a notebook begins with; it times itself.
IMPORT = """
import time
begun = time.perf_counter(), time.process_time()
import analysis
print(time.perf_counter() - begun[0], time.process_time() - begun[1])
"""

#: Reading alone, on every core.
READ = "find {logs} -type f -print0 | xargs -0 -n 64 -P {cores} wc -l"

#: One process as far as a step: reading, splitting into lines, decoding, or the whole scan.
STEP = """
import sys
from contextlib import suppress
from analysis.logs.discover import log_files, roots
from analysis.logs.lines import Lines
from analysis.logs.scan import scan
from analysis.logs.shapes import decode
from analysis.logs.stream import open_log

step, logs = sys.argv[1:]
buffer = memoryview(bytearray(2**19))
for number, log in enumerate(log_files(roots(logs))):
    if step == "scan":
        scan(log, number, "project-01", b"key")
        continue
    with open_log(log.path) as stream:
        if step == "read":
            while stream.readinto(buffer):
                pass
        for line in Lines(stream):
            if step == "decode" and line is not None:
                with suppress(Exception):
                    decode(line)
"""
