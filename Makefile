# `make help` lists the targets. Everything is installed on first use, in .venv only.

SHELL := /bin/bash

# What a user gives, such as LOGS=DIR, may hold anything, even `$(shell ...)`. If a recipe
# contained it, make and the shell would run what is in it. So recipes read values from the
# environment, in quotes: "$$LOGS". A value means what it says: `$$` is two dollar signs.
# make expands what the command line gives before it exports it, unless it is plain text.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),\
	$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
LOGS ?= $(value CLIP_SEARCH_LOGS)
PYTHON ?= python3
export LOGS PYTHON MAKECMDGOALS

# Recipes contain these, so nobody can set them.
# In many environments AS is the assembler, so only the command line counts.
override AS_PRESET := $(if $(filter override,$(origin AS)),--as="$$AS")
override AS_VARIABLE := $(if $(filter override,$(origin AS)),CLIP_SEARCH_LOGS_AS="$$AS")
# Only the pinned version of uv is used: another may read the project in another way.
override UV_PINNED := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' .ci/uv-requirements.txt)
override UV_TO_INSTALL := $(if $(filter $(UV_PINNED),$(shell uv --version 2> /dev/null)),,.uv/bin/uv)
override UV := $(or $(UV_TO_INSTALL),uv)
override BIN := .venv/bin
# What the selected engine needs in addition.
override FOR_TARGET := $(patsubst %,.venv/ready-for-%,\
	$(filter duckdb spark,$(value CLIP_SEARCH_TARGET)))
# Pages need a built warehouse, from the loaded logs or from the sample.
override BUILD := $(BIN)/clip-search run --no-summary
export UV_PYTHON_DOWNLOADS := never
# Every command starts dbt. Compile it once, in case Python may not write bytecode later.
export UV_COMPILE_BYTECODE := 1
export DO_NOT_TRACK := 1
# Otherwise Spark looks for a network address.
export SPARK_LOCAL_IP := 127.0.0.1
# dbt and the package find the project through the current folder.
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile \
	| awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'

.PHONY: run
run: .venv/ready-to-run $(FOR_TARGET) ## clean the sample logs, or your own with LOGS=DIR; AS=ubi reads another product's
	@$(BIN)/clip-search run $(AS_PRESET) $${LOGS:+-- "$$LOGS"}

.PHONY: setup
setup: .venv/ready-to-develop ## install everything for development

IN_PROCESSES = --dist loadfile --no-loadscope-reorder --numprocesses

.PHONY: test
test: .venv/ready-to-develop ## run the tests that a change needs, in minutes
	@$(BIN)/pytest -m "not slow and not long" $(IN_PROCESSES) 3

.PHONY: test-slow
test-slow: .venv/ready-to-develop ## run the other required tests: Spark, Airflow, whole builds
	@# More than there are usually cores: the tests of Airflow mostly wait.
	@$(BIN)/pytest -m "slow and not long" $(IN_PROCESSES) 4

.PHONY: test-long
test-long: .venv/ready-to-develop ## run the long tests: many more examples, many more kills
	@$(BIN)/pytest -m long

.PHONY: bench
bench: .venv/ready-to-develop ## compare with hand-written peers and write docs/benchmarks.md; REQUESTS=N sets the size, ROUNDS=N the repetitions
	@$(UV) sync --quiet --frozen --inexact --extra bench
	@$(BIN)/python -m lab.benchmarks.compare $${REQUESTS:+"--requests=$$REQUESTS"} $${ROUNDS:+"--rounds=$$ROUNDS"}

.PHONY: bench-increment
bench-increment: .venv/ready-to-develop ## measure the time of an increment against a full build
	@$(BIN)/python -m lab.benchmarks.increment $${REQUESTS:+"--requests=$$REQUESTS"}

.PHONY: bench-growth
bench-growth: .venv/ready-to-develop ## measure how the cost of each model grows with the rows, in three orders of rows
	@set -f; for engine in $${ENGINES:-sqlite duckdb}; do \
		CLIP_SEARCH_TARGET=$$engine $(BIN)/python -m lab.benchmarks.measure_growth \
			$${ROWS:+$$(printf -- '--rows=%s ' $$ROWS)} || exit 1; \
	done

.PHONY: bench-memory
bench-memory: .venv/ready-to-develop ## measure the memory of an increment, with any amount of history
	@$(BIN)/python -m lab.benchmarks.memory $${REQUESTS:+"--requests=$$REQUESTS"}

.PHONY: bench-dag
bench-dag: .venv/ready-to-develop ## measure a scheduled run of the sample against `make run`
	@$(BIN)/python -m lab.benchmarks.scheduled_run $${ROUNDS:+"--rounds=$$ROUNDS"}

.PHONY: bench-page
bench-page: .venv/ready-to-develop ## measure the search page; REQUESTS=N sets the size of the log
	@CLIP_SEARCH_TARGET=$${CLIP_SEARCH_TARGET:-sqlite} $(BIN)/python -m lab.benchmarks.page_speed $${REQUESTS:+"--requests=$$REQUESTS"}

.PHONY: bench-candidates
bench-candidates: .venv/ready-to-develop ## measure the search for rewrite candidates; SEARCHES=N or WORDS=N sets the size
	@$(UV) sync --quiet --frozen --inexact --extra fit
	@$(BIN)/python -m lab.benchmarks.candidates $${SEARCHES:+"--searches=$$SEARCHES"} $${WORDS:+"--words=$$WORDS"}

.PHONY: parity
parity: .venv/ready-for-duckdb .venv/ready-for-spark ## build on all engines and compare every table; LOGS=DIR uses your logs, CLEAN=1 skips the marts
	@$(BIN)/clip-search parity $${LOGS:+"--logs=$$LOGS"} $${ENGINES:+"--engines=$$ENGINES"} $${CLEAN:+--clean}

.PHONY: lint
lint: .venv/ready-to-develop ## check SQL and Python style, types and prose
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@imports=$$($(BIN)/lint-imports --no-cache --no-logo) || { echo "$$imports"; exit 1; }
	@$(BIN)/dbt parse --quiet
	@$(BIN)/dbt-score lint --manifest "$${DBT_TARGET_PATH:-target}/manifest.json" --fail-project-under 9.9
	@# Python warns of what dbt leaves behind in each process.
	@PYTHONWARNINGS=ignore $(BIN)/sqlfluff lint --disable-progress-bar --processes 2 models tests/dbt analyses
	@git ls-files -z --cached --others --exclude-standard | xargs -0 $(BIN)/python .ci/check_prose.py
	@echo "lint: Python, SQL and prose are clean"

.PHONY: format
format: .venv/ready-to-develop ## fix what can be fixed automatically
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --disable-progress-bar models tests/dbt analyses

.PHONY: notebook
notebook: .venv/ready-for-report $(FOR_TARGET) ## run the exploration notebook on the warehouse, into target/exploration.ipynb
	@$(BUILD)
	@$(BIN)/clip-search notebook

.PHONY: report
report: .venv/ready-for-report $(FOR_TARGET) ## write a report on the logs as one HTML page, target/report.html
	@$(BUILD)
	@$(BIN)/clip-search report

.PHONY: docs
docs: .venv/ready-for-docs $(FOR_TARGET) ## build the documentation site, with the dbt docs and the report, in target/site
	@$(BUILD)
	@$(BIN)/python -m clip_search.site

.PHONY: dag
dag: .venv/ready-for-airflow ## run the Airflow DAG once, without a scheduler
	@CLIP_SEARCH_LOGS="$$LOGS" $(AS_VARIABLE) $(BIN)/python -m clip_search.orchestration once $${DAY:+"--day=$$DAY"}
	@$(BIN)/clip-search status

.PHONY: airflow
airflow: .venv/ready-for-airflow ## start Airflow (UI, scheduler) with the DAG enabled
	@CLIP_SEARCH_LOGS="$$LOGS" $(AS_VARIABLE) exec $(BIN)/python -m clip_search.orchestration serve $${PORT:+"--port=$$PORT"}

.PHONY: airflow-pictures
airflow-pictures: .venv/ready-to-develop ## take the README's picture of the DAG, and others, with a real browser
	@$(BIN)/python -m lab.airflow_pictures

.PHONY: backfill
backfill: .venv/ready-for-airflow ## rerun the days FROM=DAY TO=DAY in a running Airflow
	@$(BIN)/python -m clip_search.orchestration backfill "--from=$$FROM" $${TO:+"--to=$$TO"}

.PHONY: manifest
manifest: .venv/ready-for-airflow ## parse the dbt project for Airflow ahead of its start
	@$(BIN)/python -m clip_search.orchestration manifest

.PHONY: audit
audit: | $(UV_TO_INSTALL) ## look for known vulnerabilities in what uv.lock pins; asks osv.dev, so it needs a network
	@$(UV) audit --frozen

.PHONY: renew
renew: .venv/ready-to-develop ## regenerate every derived file (sample, answer key, figures, pages) and list what changed; ALL=1 includes what takes minutes
	@bash .ci/renew $${ALL:+all}

.PHONY: fit
fit: .venv/ready-to-develop ## refit the rewrite weights on simulated logs (half an hour)
	@$(UV) sync --quiet --frozen --inexact --extra fit
	@$(BIN)/python -m lab.fit.typo_likelihood
	@$(BIN)/python -m lab.fit.fit_worlds -- "$${FOLDER:-target/fit}"

.PHONY: quality-rewrites
quality-rewrites: .venv/ready-to-develop ## measure rewrites on the queries of QUERIES=FILE (CSV: set, query, meant, kind), with the evidence of LOGS or the sample; SIZES="3000 12000" simulates such logs as well; PAGE=FILE writes the tables
	@$(BIN)/clip-search run --no-summary $${LOGS:+-- "$$LOGS"}
	@$(BIN)/python -m lab.quality.quality_rewrites $${PAGE:+"--page=$$PAGE"} \
		$${SIZES:+$$(printf -- '--size=%s ' $$SIZES)} -- "$$QUERIES"

.PHONY: loop
loop: .venv/ready-to-develop ## let search learn from its own logs, round after round, into DIR; ROUNDS=N, REQUESTS=N, SEED=N
	@$(BIN)/clip-search loop --out "$${DIR:-target/loop}" $${ROUNDS:+"--rounds=$$ROUNDS"} $${REQUESTS:+"--requests=$$REQUESTS"} $${SEED:+"--seed=$$SEED"}

.PHONY: quality-judgments
quality-judgments: .venv/ready-for-duckdb .venv/ready-to-develop ## measure judgments on simulated sites, with their goals; SEED=N, REQUESTS=N, WORLDS=N, SITE=broad and RANKINGS="1 6" set which
	@set -f; $(BIN)/python -m lab.quality.quality_judgments $${SEED:+"--seed=$$SEED"} $${REQUESTS:+"--requests=$$REQUESTS"} $${WORLDS:+"--worlds=$$WORLDS"} $${SITE:+"--site=$$SITE"} $${RANKINGS:+--rankings $$RANKINGS}

.PHONY: wheel
wheel: | $(UV_TO_INSTALL) ## build the package for machines without a checkout, in dist
	@$(UV) build --quiet --wheel --out-dir dist .
	@echo "wheel: built $$(ls -t dist/*.whl | head -1)"

.PHONY: clean
clean: ## delete what was built: warehouse, target, logs, Airflow's state (not .venv)
	@rm -rf target logs airflow dist warehouse/clip_search.db warehouse/clip_search.db-journal warehouse/clip_search.duckdb* warehouse/spark warehouse/*.lock
	@echo "clean: deleted the warehouse, target, logs and Airflow's state"

# uv would choose any Python on the PATH, and complain about a download if none fits.
.venv/pyvenv.cfg: | $(UV_TO_INSTALL)
	@.ci/check-python "$$PYTHON" $$MAKECMDGOALS
	@$(UV) venv --quiet --allow-existing --python "$$PYTHON"

.venv/ready-to-run: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@echo "setup: installing what a run needs into .venv"
	@$(UV) sync --quiet --frozen --inexact
	@touch $@

.venv/ready-for-airflow: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@echo "setup: installing Airflow into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra airflow
	@touch $@ .venv/ready-to-run .venv/ready-for-report

.venv/ready-for-report: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@echo "setup: installing what the notebook and the report need into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra report
	@touch $@ .venv/ready-to-run

.venv/ready-for-docs: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@echo "setup: installing what the documentation site needs into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra docs
	@touch $@ .venv/ready-to-run .venv/ready-for-report

.venv/ready-to-develop: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@echo "setup: installing what development needs into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra dev --extra duckdb --extra spark --extra airflow
	@touch $@ .venv/ready-to-run .venv/ready-for-airflow .venv/ready-for-report .venv/ready-for-docs

.venv/ready-for-duckdb: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@echo "setup: installing DuckDB into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra duckdb
	@touch $@

.venv/ready-for-spark: pyproject.toml uv.lock | .venv/pyvenv.cfg
	@test -n "$$JAVA_HOME" || command -v java > /dev/null || { \
		echo "error: Spark needs Java 17 or 21, and there is no java command."; \
		echo "  remedy: Install one (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME to its folder."; \
		exit 1; }
	@echo "setup: installing Spark into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra spark
	@touch $@

.uv/bin/uv: .ci/uv-requirements.txt
	@.ci/check-python "$$PYTHON" $$MAKECMDGOALS
	@echo "setup: installing uv into .uv"
	@"$$PYTHON" -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement .ci/uv-requirements.txt
	@touch $@
