"""What a day of work looks like in logs: its dollars by hour, and the context that stands.

To come: `day_shapes(priced)`, one row per project and UTC day with priced requests: `project`,
`day`, `requests`, `usd` (list price), `hours` (Array of 24: share of those dollars by hour) and
`context` (Array of 24: writing the context once again, as a share of those dollars; 0 in hours
without requests). No rows at all where there are fewer than `FEWEST` (10) days.
"""
