"""A workbench on one dataset: the notebook `explore`, opened by `make lab`.

Four things, in this order; none knows of the next.

`data.Data` is a dataset at one day's prices. What all views rest on is computed once and kept:
`rows` (every request by chain and time, priced, with what it rebuilt and why, as
`analysis.measures.rebuilds.rebuilt` has it), `events`, `names` (projects by label) and
`data.at("2026-03-01")` (the same at another day's prices). `data.within(choices)` has the rows of
what was chosen, `data.once(name, choices, measure)` a measure of them; the last few answers are
kept.

`choices.Choices` is what the pickers share: `project`, `model` and `source` (empty for all),
`since`, `until`, `timezone`, and `session` (empty for none).

A *view* is a pure function `(data, choices, *, own=default, ...) -> view.View`. A `View` has a
`name` (words and dashes, one of its own), a `title` (the finding, one sentence), a `reading` (how
to read it), a `frame` (what an export writes), and either `draw` (returns the axes of a figure)
and `alt`, or no `draw` and is a table, of `shown` rather than of `frame` where there is one. A row
of it that is chosen sets the choice that `picks` names. Labels of projects stay labels in all of
it: they become names where it is displayed, or with `report.names.text`.

`bench.Bench` holds data and choices. `bench.panel(view, own=Slide(...))` shows a view with
`controls` for its own arguments: `Pick` (which may `slide`), `Slide`, `Tick`. One whose argument
is a field of `Choices` sets it for all panels. Each panel is drawn again when a picker or its
control changes, if it is open and would look otherwise; `bench.panels` has them by view,
`panel.drawn` is the view that one shows, and `panel.tools` the row of its controls. Without
widgets, or with `EXPLORE_STATIC=1`, a panel shows its view once, with the controls' first values,
and is None.
"""
