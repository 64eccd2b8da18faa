# The README's commands; each sets up what it needs. Python 3.11+, make and a package index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := seeds/demo
KYIV := seeds/kyiv-pause

.DEFAULT_GOAL := help
.PHONY: help setup demo browse test lint types floors unit wheel-test kill-test demo-record kyiv-record chromium clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv with everything that is needed

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with PYTHON=") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup ## Check the demo document offline, from its recording
	@rm -f demo.db demo.db-wal demo.db-shm
	$(BIN)/citehound verify $(DEMO)/document.md --replay $(DEMO)/demo.warc.gz --db demo.db
	@echo "The answers are in demo.db. To browse them: make browse"

demo.db:
	@$(MAKE) --no-print-directory demo

browse: demo.db ## Open Datasette on the demo's answers
	$(BIN)/citehound browse --db demo.db

test: lint types floors unit ## Lint, types, floors, tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

floors: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/pytest -q -n auto --dist worksteal

wheel-test: setup ## Build the wheel, install it elsewhere, and test what was installed
	BIN=$(BIN) bash tests/wheel-test.sh

kill-test: setup ## Kill a run of 300 citations at every named point (about 6 minutes)
	CITEHOUND_KILL_CITATIONS=300 $(BIN)/pytest -q tests/run/test_killed.py

demo-record: setup ## Serve the demo's site on loopback and record it anew
	$(BIN)/python tests/loopback/record.py $(DEMO)/document.md $(DEMO)/site $(DEMO)/demo.warc.gz

kyiv-record: setup ## The same for the placeholder pages of the real article
	$(BIN)/python tests/loopback/record.py seeds/kyiv-pause.jsonl $(KYIV)/site $(KYIV)/synthetic-kyiv-pause.warc.gz

chromium: ## Install Chromium for the browser tests (Debian, Ubuntu; as root)
	command -v chromium >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends chromium; }

clean: ## Remove what these targets made
	rm -rf $(VENV) build dist demo.db demo.db-wal demo.db-shm .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
