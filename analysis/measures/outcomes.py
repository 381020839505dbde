"""What comes of each line-up: revenue, cost to serve, margin, blocked hours, who is better off.

To come, each of `line_ups.play` at one draw:

`outcomes(played)`, one row per line-up, in the order of the facts: `line_up`, `label`,
`revenue_usd`, `cost_usd` (both a month and user, users without a plan included), `margin` (gross,
of revenue; null without revenue), `blocked_hours`, `degraded_hours` (a month and user),
`bill_spread` (median over users with a plan of the coefficient of variation of their monthly
bills), `steady_months` (share of their months whose bill is within a tenth of the user's mean),
`without_plan` (share of users), `net_usd` (net worth a month and user), `better`, `worse` (shares
of users whose net worth is over a dollar a month more, or less, than under today's line-up).

`by_persona(played)`: the same by `line_up`, `label`, `persona`, `persona_label`.
`plan_shares(played)`: `line_up`, `label`, `persona`, `persona_label`, `plan` (null: none), `share`.
"""
