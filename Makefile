# Needs Python 3.11 or later, git and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help install demo serve test check bench neo4j lock clean

help:  ## list the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 12

# A Debian Python without python3-venv makes no pip of its own; the system's pip then fills the venv.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Fingerpost needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "· making $(VENV)"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
		|| { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) \
		&& $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; } \
		|| { rm -rf $(VENV); echo "Python cannot make a virtual environment here. On Debian: apt install python3-venv"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "· installing what Fingerpost needs (a minute or so the first time)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m api.design_system || echo "· going on without it"
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "· installing what the tests need"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.run  ## make .venv with the fingerpost command

demo: install  ## build and load the shipped partnerships and tell three answers
	@$(BIN)/fingerpost demo

serve: install  ## the same, and then the pages and the map
	@$(BIN)/fingerpost demo --serve

TESTS := $(BIN)/python -m pytest -q -n auto --dist worksteal

test: $(VENV)/.dev  ## run the tests
	@$(TESTS)

check: $(VENV)/.dev  ## lint, types, layers and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TESTS)

bench: $(VENV)/.dev  ## measure, as ratios against named alternatives
	@$(BIN)/python tests/bench.py

neo4j: $(VENV)/.dev  ## start a Neo4j on this machine until Ctrl-C (needs Java 17 and Maven)
	@$(BIN)/python tests/neo4j_server.py

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q
lock:  ## write the locks anew (needs uv)
	echo "setuptools>=77" | uv pip compile pyproject.toml - $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock

clean:  ## remove what was built, not the downloads
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info build
