"""Margin against blocked hours over draws of everything assumed, with an ellipse a line-up.

To come: `frontier(people, plans, seed=1, draws=300)`, one row per draw and line-up: `draw`,
`line_up`, `label`, `margin`, `blocked_hours`, `degraded_hours`, `revenue_usd`, `cost_usd`,
`net_usd`, and each assumption's drawn value by its name. `ellipses(frontier)`: `line_up`, `label`,
`point`, `margin`, `blocked_hours`: a closed line round 90 % of a line-up's draws.
"""
