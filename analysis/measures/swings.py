"""One assumption at a time: what it moves, and where along the elasticity a conclusion flips.

To come: `swings(people, plans)`, one row per assumption, the largest swing of margin first: `name`,
`label`, `unit`, `low`, `high` (its ends), `margin_low`, `margin_high` (gross margin of the proposal
less today's, in points, at each end), `margin` (the same at all middles), `revenue_low`,
`revenue_high`, `revenue` (revenue of the proposal less today's, dollars a month and user).

`along_elasticity(people, plans)`, one row per elasticity (0 to -2) and line-up: `elasticity`,
`line_up`, `label`, `revenue_usd`, `cost_usd`, `margin`, `profit_usd`, `rank` (1: most profit).
`price_cut(people, plans, cut=0.1)`: `elasticity`, `revenue_usd`, `cut_revenue_usd`, `change`
(relative) of the line-up that is metered; `flip(frame, "change")`: where a column crosses 0.
"""
