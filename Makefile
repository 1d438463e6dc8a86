PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format ui screenshots lock wheel bench docs clean

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: .venv/.installed  ## make .venv from the lock (done by the others when needed)

.venv/.installed: requirements.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is not a Python of version 3.11 or newer: name one, as in 'make setup PYTHON=python3.12'." >&2; \
		exit 1; }
	@echo 'Installing the locked environment into .venv (once, a few minutes) ...'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: ARGS ?= dataset=credit-g budget=quick
run: setup  ## the main job, e.g. make run ARGS='dataset=adult budget=standard'
	$(BIN)/python -m runner $(ARGS)

test: setup  ## all tests
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: setup  ## style, formatting, types, the direction of imports, and CI
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/shellcheck .ci/run
	$(BIN)/zizmor --quiet --offline .github

format: setup  ## rewrite the code as ruff formats it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

ui: setup  ## browse the tracked runs on 127.0.0.1:5000
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false \
	$(BIN)/mlflow ui --backend-store-uri sqlite:///runs/mlflow.db --host 127.0.0.1 --port 5000 --workers 1

screenshots: setup  ## take the pictures of docs/screenshots/ (needs Chromium)
	$(BIN)/python tests/screenshots.py

lock: setup  ## write the lock files anew; make lock ARGS=--upgrade for newer versions
	$(LOCK) $(ARGS) --output-file requirements.lock
	$(LOCK) $(ARGS) --group dev --constraint requirements.lock --output-file requirements-dev.lock

wheel: setup  ## build the wheel and the source archive into dist/
	$(BIN)/hatchling build --clean

bench:  ## list the benchmark programs
	@grep -lE '^if __name__' benchmarks/*.py benchmarks/*/__main__.py | while read -r file; do \
		module=$$(echo "$${file%.py}" | sed 's|/__main__||; s|/|.|g'); \
		echo "  $(BIN)/python -m $$module  # $$(sed -n '1s/"""//gp' $$file)"; done

docs: setup  ## build the documentation site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo 'site/index.html'

clean:  ## remove the environment, caches and builds; runs/ is kept
	rm -rf .venv dist build site .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
