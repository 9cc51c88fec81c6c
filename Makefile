# `make help` lists what there is. Everything is set up on first use, in .venv only.

SHELL := /bin/bash
PYTHON ?= python3
LOGS ?= $(CLIP_SEARCH_LOGS)
UV := $(shell command -v uv || echo .uv/bin/uv)
BIN := .venv/bin
# What the chosen engine needs besides.
FOR_TARGET := $(patsubst %,.venv/ready-for-%,$(filter duckdb spark,$(CLIP_SEARCH_TARGET)))
# Pages are made from a warehouse that is built, from what is loaded or from the sample.
BUILD := echo "building the warehouse" && { $(BIN)/dbt build --quiet --exclude-resource-type unit_test || { echo; $(BIN)/clip-search explain; exit 1; }; }
export UV_PYTHON_DOWNLOADS := never
# Every command starts dbt: compiled once, not at each start where Python may not write.
export UV_COMPILE_BYTECODE := 1
export DO_NOT_TRACK := 1
# Spark looks for a network address otherwise.
export SPARK_LOCAL_IP := 127.0.0.1
# dbt and the package find the project by the folder they are run in.
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
	| awk -F ':.*## ' '{ printf "  make %-15s %s\n", $$1, $$2 }'

.PHONY: run
run: .venv/ready-to-run $(FOR_TARGET) ## clean the sample's logs, or your own with LOGS=DIR
	@if [ -n "$(LOGS)" ]; then $(BIN)/clip-search load "$(LOGS)"; fi
	@rm -f $(or $(DBT_TARGET_PATH),target)/run_results.json
	@$(BIN)/dbt build --exclude-resource-type unit_test \
	|| { echo; $(BIN)/clip-search explain; exit 1; }
	@$(BIN)/clip-search status

.PHONY: setup
setup: .venv/ready-to-develop ## install everything that development needs

.PHONY: test
test: .venv/ready-to-develop ## everything that must pass
	@$(BIN)/pytest -m "not long" --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: test-long
test-long: .venv/ready-to-develop ## what takes longer: many more examples, many more kills
	@$(BIN)/pytest -m long

.PHONY: bench
bench: .venv/ready-to-develop ## compare with hand-written peers and write docs/benchmarks.md, REQUESTS=N for another size, ROUNDS=N
	@$(UV) sync --quiet --frozen --inexact --extra bench
	@$(BIN)/python -m benchmarks.compare $(if $(REQUESTS),--requests $(REQUESTS)) $(if $(ROUNDS),--rounds $(ROUNDS))

.PHONY: bench-increment
bench-increment: .venv/ready-to-develop ## what taking in new logs costs beside a full build
	@$(BIN)/python -m benchmarks.increment $(if $(REQUESTS),--requests $(REQUESTS))

.PHONY: bench-memory
bench-memory: .venv/ready-to-develop ## what taking in new logs holds in memory, whatever the history
	@$(BIN)/python -m benchmarks.memory $(if $(REQUESTS),--requests $(REQUESTS))

.PHONY: bench-candidates
bench-candidates: .venv/ready-to-develop ## what finding candidates for rewrites costs, SEARCHES=N or WORDS=N for another size
	@$(UV) sync --quiet --frozen --inexact --extra fit
	@$(BIN)/python -m benchmarks.candidates $(if $(SEARCHES),--searches $(SEARCHES)) $(if $(WORDS),--words $(WORDS))

.PHONY: parity
parity: .venv/ready-for-duckdb .venv/ready-for-spark ## build on all engines and compare every table, of your logs with LOGS=DIR, without marts with CLEAN=1
	@$(BIN)/clip-search parity $(if $(LOGS),--logs "$(LOGS)") $(if $(ENGINES),--engines $(ENGINES)) $(if $(CLEAN),--clean)

.PHONY: lint
lint: .venv/ready-to-develop ## check the style of SQL and Python, and the types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/dbt parse --quiet
	@$(BIN)/dbt-score lint --manifest $(or $(DBT_TARGET_PATH),target)/manifest.json --fail-project-under 9.9
	@$(BIN)/sqlfluff lint --disable-progress-bar models tests/dbt analyses
	@echo "lint: Python and SQL are clean"

.PHONY: format
format: .venv/ready-to-develop ## mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --disable-progress-bar models tests/dbt analyses

.PHONY: notebook
notebook: .venv/ready-for-report $(FOR_TARGET) ## run the exploration notebook on the warehouse, into target/exploration.ipynb
	@$(BUILD)
	@$(BIN)/clip-search notebook

.PHONY: report
report: .venv/ready-for-report $(FOR_TARGET) ## write what the logs tell as one HTML page, target/report.html
	@$(BUILD)
	@$(BIN)/clip-search report

.PHONY: docs
docs: .venv/ready-for-docs $(FOR_TARGET) ## build the documentation site, with the dbt docs and the report, in target/site
	@$(BUILD)
	@$(BIN)/python -m clip_search.site

.PHONY: dag
dag: .venv/ready-for-airflow ## run the Airflow DAG once, without a scheduler
	@CLIP_SEARCH_LOGS="$(LOGS)" $(BIN)/python -m clip_search.orchestration once $(if $(DAY),--day $(DAY))
	@$(BIN)/clip-search status

.PHONY: airflow
airflow: .venv/ready-for-airflow ## start Airflow (UI, scheduler) with the DAG switched on
	@CLIP_SEARCH_LOGS="$(LOGS)" exec $(BIN)/python -m clip_search.orchestration serve $(if $(PORT),--port $(PORT))

.PHONY: backfill
backfill: .venv/ready-for-airflow ## let a running Airflow run the days FROM=DAY TO=DAY again
	@$(BIN)/python -m clip_search.orchestration backfill --from $(FROM) $(if $(TO),--to $(TO))

.PHONY: manifest
manifest: .venv/ready-for-airflow ## write the manifest that the DAG is drawn from
	@$(BIN)/python -m clip_search.orchestration manifest

.PHONY: dag-golden
dag-golden: .venv/ready-to-develop ## renew the golden list of the DAG's tasks and edges
	@$(BIN)/pytest tests/python/test_dag.py -k golden --renew-golden

.PHONY: figures
figures: .venv/ready-to-develop ## renew the numbers that the pages tell; with ALL=1 those that take minutes too
	@$(BIN)/pytest tests/python/test_figures.py $(if $(ALL),,-m "not long") --renew-golden

.PHONY: sample
sample: .venv/ready-to-run ## write the made-up sample and its answer key anew
	@$(BIN)/clip-search simulate --sample

.PHONY: notebook-sample
notebook-sample: .venv/ready-for-report ## renew the output on the sample that the notebook is kept with
	@bash .ci/notebook

.PHONY: quality
quality: .venv/ready-to-develop ## score the cleaning of 100,000 simulated searches, and of the sample
	@bash .ci/quality

.PHONY: fit
fit: .venv/ready-to-develop ## fit the weights of rewrites anew on simulated logs (half an hour)
	@$(UV) sync --quiet --frozen --inexact --extra fit
	@$(BIN)/python -m clip_search.enrich.slip_likelihood
	@$(BIN)/python -m clip_search.enrich.fit_worlds $(or $(FOLDER),target/fit)

.PHONY: clean
clean: ## remove what was built: warehouse, target, logs, Airflow's state (not .venv)
	@rm -rf target logs airflow warehouse/clip_search.db warehouse/clip_search.db-journal warehouse/clip_search.duckdb* warehouse/spark
	@echo "clean: removed the warehouse, target, logs and Airflow's state"

.venv/ready-to-run: pyproject.toml uv.lock | $(UV)
	@echo "setup: installing what a run needs into .venv"
	@$(UV) sync --quiet --frozen --inexact
	@touch $@

.venv/ready-for-airflow: pyproject.toml uv.lock | $(UV)
	@echo "setup: installing Airflow into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra airflow
	@touch $@ .venv/ready-to-run .venv/ready-for-report

.venv/ready-for-report: pyproject.toml uv.lock | $(UV)
	@echo "setup: installing what notebook and report need into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra report
	@touch $@ .venv/ready-to-run

.venv/ready-for-docs: pyproject.toml uv.lock | $(UV)
	@echo "setup: installing what the documentation site needs into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra docs
	@touch $@ .venv/ready-to-run .venv/ready-for-report

.venv/ready-to-develop: pyproject.toml uv.lock | $(UV)
	@echo "setup: installing what development needs into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra dev --extra duckdb --extra spark --extra airflow
	@touch $@ .venv/ready-to-run .venv/ready-for-airflow .venv/ready-for-report .venv/ready-for-docs

.venv/ready-for-duckdb: pyproject.toml uv.lock | $(UV)
	@echo "setup: installing DuckDB into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra duckdb
	@touch $@

.venv/ready-for-spark: pyproject.toml uv.lock | $(UV)
	@test -n "$(JAVA_HOME)" || command -v java > /dev/null || { \
		echo "error: Spark needs Java 17 or 21, and there is no java command."; \
		echo "  remedy: Install one (Debian: apt-get install openjdk-17-jre-headless), or let JAVA_HOME name its folder."; \
		exit 1; }
	@echo "setup: installing Spark into .venv"
	@$(UV) sync --quiet --frozen --inexact --extra spark
	@touch $@

.uv/bin/uv:
	@echo "setup: installing uv into .uv"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv
