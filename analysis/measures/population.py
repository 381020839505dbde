"""Declared users at work: personas, days drawn from the shapes of logs.

To come: `population(personas, shapes, users=1_000, days=90, seed=1) -> Population`, whose `work`
is for `caps.use` at a spread of 0; `persona` (users,) is the row of `personas`.
"""
