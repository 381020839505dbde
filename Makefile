# The dependency graph, and nothing else: every command is `python -m analysis ...`.

PYTHON ?= python3
LOGS :=
NAME := $(if $(LOGS),mine,sample)
QUESTION :=
YES := 1 yes true

# What else is set on the command line is a parameter; analysis knows which there are.
WORDS := $(foreach o,$(MAKEOVERRIDES),$(patsubst %:,%,$(firstword $(subst =, ,$(o)))))
SET := $(foreach w,$(filter-out LOGS NAME QUESTION PYTHON ARGS FORCE CELL_TIMEOUT FRESH_KERNELS REAL_NAMES EXACT_TIMES DEBUG CHROMIUM QUIET,$(WORDS)),$(if $(filter command line,$(origin $(w))),$(w)))
GIVEN := $(foreach p,$(SET),"$(p)=$($(p))")

ifneq ($(words [$(NAME)])$(if $(NAME),,empty),1)
$(error NAME="$(NAME)": use letters, digits, - and _ only)
endif

# What is easily written for one of the two, and would be left out in silence.
$(foreach w,$(filter LOG LOGDIR LOG_DIR LOGS_DIR DATASET NAMES log logs name dataset,$(WORDS)),$(if $(filter command line,$(origin $(w))),$(error $(w)= is nothing here: LOGS= names logs, NAME= a dataset)))

PY := .venv/bin/python
EVERY := $(filter-out notebooks/18-team.ipynb,$(sort $(wildcard notebooks/[0-9]*.ipynb)))
CHOSEN := $(shell cat "build/$(NAME)/chapters.txt" 2>/dev/null)
NOTEBOOKS := $(if $(CHOSEN),$(CHOSEN:%=notebooks/%.ipynb),$(EVERY))
EXECUTED := $(NOTEBOOKS:notebooks/%=build/$(NAME)/%)
EACH := -n auto --dist loadfile --no-loadscope-reorder  # a test file to a core: what its tests share is made once

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help
.PHONY: help report pdf figures bundle data verify test test-long check crosscheck bench lab new-chapter sample lock clean pages

help:  ## list what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1~/p' "$(firstword $(MAKEFILE_LIST))" | awk -F'~' '{printf "%-20s %s\n", $$1, $$2}'
	@echo
	@echo "  your own logs:       make report LOGS=~/.claude/projects   (or LOGS=auto)"
	@echo "  with project names:  make report LOGS=... REAL_NAMES=1         (labels without)"
	@echo "  from cron:           make data LOGS=... QUIET=1   (docs/history.md)"
	@echo "  a new chapter:       make new-chapter QUESTION=20-habits"

report: .venv/.report  ## build the report: on the sample, or on LOGS=... as NAME=... with since=... and so on
	@$(PY) -m analysis prepare --name "$(NAME)" --logs "$(LOGS)" $(if $(filter $(YES),$(REAL_NAMES)),--real-names) $(GIVEN)
	@$(MAKE) --no-print-directory pages NAME="$(NAME)"

pdf: report  ## print the report of NAME=... as reports/NAME.pdf: needs Chromium
	@$(PY) -m analysis pdf --name "$(NAME)"

figures: report  ## draw each chapter's lead figure to share, in reports/NAME.figures: needs Chromium
	@$(PY) -m analysis figures --name "$(NAME)"

bundle: report  ## pack all of it as reports/NAME.zip: needs Chromium; EXACT_TIMES=1 keeps seconds
	@$(PY) -m analysis bundle --name "$(NAME)" $(if $(filter $(YES),$(EXACT_TIMES)),--exact-times)

data: .venv/.report  ## load logs into tables, without a report
	@$(PY) -m analysis load --name "$(NAME)" --logs "$(LOGS)" $(if $(filter $(YES),$(QUIET)),--quiet)

verify: .venv/.report  ## compare the tables of NAME=... with a full fresh read of their logs
	@$(PY) -m analysis verify --name "$(NAME)"

crosscheck: .venv/.report  ## compare NAME=... (or LOGS=...) with what ccusage counts: needs npm
	@$(PY) -m analysis crosscheck --name "$(NAME)" --logs "$(LOGS)"

test: .venv/.report .venv/.test .venv/.fleet  ## run the tests, but for the long ones
	@$(PY) -m analysis load --name sample >/dev/null
	@$(PY) -m pytest $(EACH) $(ARGS)

test-long: .venv/.report .venv/.test .venv/.fleet  ## run the long tests: fresh copies, JupyterLab, the commands of the README
	@$(PY) -m analysis load --name sample >/dev/null
	@$(PY) -m pytest $(EACH) -m long $(ARGS)

check: .venv/.report .venv/.test .venv/.fleet  ## lint, types, notebooks, docs
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m pytest --no-header --durations-min=60 tests/test_notebooks.py tests/test_environment.py tests/test_docs.py tests/test_rules.py

bench: .venv/.report .venv/.test  ## measure how fast logs load, beside other tools: ARGS=--full for more sizes
	@$(PY) -m benchmarks.load $(ARGS)

lab: .venv-lab/.lab  ## explore the same tables in JupyterLab: session by session, on LOGS=... or NAME=...
	@.venv-lab/bin/python -m analysis load --name "$(NAME)" --logs "$(LOGS)"
	@EXPLORE_DATASET="$(NAME)" JUPYTER_CONFIG_PATH="$(CURDIR)/analysis/explore/jupyter:$$JUPYTER_CONFIG_PATH" .venv-lab/bin/jupyter lab --notebook-dir=notebooks $(ARGS)

new-chapter:  ## lay out a chapter that runs: QUESTION=20-habits
	@$(PYTHON) -m analysis new-chapter "$(QUESTION)"

sample: .venv/.report  ## write the shipped sample again
	@$(PY) -m analysis synth

lock: .venv/.report  ## pin the environment again
	@$(PY) -m uv pip compile --quiet --universal --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --group report --group lab --group test --group fleet pyproject.toml --output-file requirements.lock

clean:  ## remove the tables and the report of NAME=... (the sample's without)
	@$(if $(wildcard $(PY)),$(PY),$(PYTHON)) -m analysis clean --name "$(NAME)" $(if $(filter $(YES),$(FORCE)),--force)

# -- the graph ------------------------------------------------------------------------------------

.venv/.test .venv/.fleet: .venv/.report

.venv/.%: requirements.lock pyproject.toml
	@$(PYTHON) -m analysis setup $*

.venv-lab/.lab: requirements.lock pyproject.toml
	@$(PYTHON) -m analysis setup report --folder .venv-lab
	@$(PYTHON) -m analysis setup lab --folder .venv-lab

pages: $(EXECUTED) reports/$(NAME)/index.html
	@$(PY) -m analysis build --name "$(NAME)" $(STALE)

# What is out of date is only noted here; one command then runs it on every core.

reports/$(NAME)/index.html: $(EXECUTED) analysis/report/page.py build/$(NAME)/chapters.txt build/$(NAME)/allowed.sha256 $(wildcard analysis/report/template/*)
	$(eval STALE += page)

$(EXECUTED): build/$(NAME)/%.ipynb: notebooks/%.ipynb build/$(NAME)/%.params.json data/processed/$(NAME)/dataset.json build/$(NAME)/prices.sha256 build/$(NAME)/names.txt requirements.lock $(wildcard data/raw/facts/*.csv)
	$(eval STALE += $<)

build/$(NAME)/00-data.ipynb: build/$(NAME)/crosscheck.sha256

build/$(NAME)/18-team.ipynb: build/$(NAME)/team.sha256

# What prepare writes: there before make asks, but under -n, which prepares nothing.

$(EXECUTED:.ipynb=.params.json) data/processed/$(NAME)/dataset.json $(addprefix build/$(NAME)/,prices.sha256 crosscheck.sha256 team.sha256 names.txt chapters.txt allowed.sha256): ;

-include build/deps.mk
