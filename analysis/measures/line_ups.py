"""Users choose among the plans of each line-up, and answer once to the price they meet.

To come: `play(people, plans, assumed) -> Played`. `plans` is `facts("line-ups")`; `assumed` maps
every name of `facts("redesign-assumptions")`, and `worth` (0 low, 0.5 middle, 1 high: where each
persona's worth lies in its range, on a log scale), to a number or an array of draws. `middles()`
gives the middle ones.
"""
