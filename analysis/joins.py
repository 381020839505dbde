"""How the tables go together: the end of the data dictionary."""

#: Keys, joins, an example row of each table of the sample, and the data of the page.
JOINS = """
## How they go together

| table | a row is known by | goes with |
|---|---|---|
| `files` | `file` | `copies` and `events`, by `file` |
| `copies` | `file`, `message_id`, `request_id` | `requests`, by `message_id` |
| `requests` | `message_id`; where a gateway made it, with `session`, `request_id` and time | \
`events`, by `session`, `agent`, `is_sidechain` and time |
| `events` | nothing: two may be alike | the request before it in its chain |
| `team` | `request` | no other: it is of several people, and [has no ids](team.md) |

`requests` is made of `copies`, never stored: another policy makes another table of them. A \
request has no `file`, because it may stand in several. Rows of the shipped sample, some columns \
of each:

```python
>>> from analysis import load
>>> logs = load("sample")
>>> for name, value in logs.requests.row(0, named=True).items():
...     if name.endswith(("_tokens", "_seen")) or name in ("project", "model", "version"):
...         print(f"{name:20} {value}")
project              project-01
first_seen           2026-02-02 11:34:21.246000+00:00
last_seen            2026-02-02 11:34:28.775000+00:00
model                claude-opus-4-5
version              2.0.76
input_tokens         8
output_tokens        712
output_first_tokens  8
output_last_tokens   712
output_sum_tokens    720
write_tokens         11222
write_5m_tokens      11222
write_1h_tokens      0
read_tokens          15700
context_tokens       26930
>>> logs.events.select("file", "project", "kind", "chars").row(0)
(24, 'project-02', 'prompt', 30)
>>> ledger = logs.files.select("lines", "usage", "event", "synthetic", "other", "blank", "rejected")
>>> ledger.row(0), sum(ledger.row(0)[1:])
((120, 80, 7, 3, 30, 0, 0), 120)
>>> joined = logs.copies.join(logs.files, on="file", how="anti")
>>> joined.height, logs.copies.join(logs.requests, on="message_id", how="anti").height
(0, 0)
>>> logs.copies.select("file", "message_id", "request_id").is_duplicated().any()
False
```

## Data on the page

Each figure and table of a report has its data beside the page, as CSV under its label: \
`figures/fig-margin-eras.csv`, `tables/tab-data-ledger.csv`. The link stands below it. A \
column whose name ends in `_tokens`, `_usd` or `_seconds` is in that unit, a `share` is a part of \
one, and an empty cell is not known, which is not zero. Text that a spreadsheet would take for a \
formula has an apostrophe before it. The bundle has the tables themselves: \
[handing a report on](publishing.md).
"""
