# Two commands do everything on a fresh machine with Python >= 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
MAILMAN := .venv-mailman
HELPDESK := .venv-helpdesk
STATISTICS := .venv-statistics
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: setup setup-dev setup-peers setup-statistics demo real test lint lock ui docs bench clean

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev
setup-peers: $(PEERS)/.peers
setup-mailman: $(MAILMAN)/.mailman
setup-helpdesk: $(HELPDESK)/.helpdesk
setup-statistics: $(STATISTICS)/.statistics

demo: setup ## The closed loop on a retailer with known truth.
	$(BIN)/downbeat demo

real: setup ## The same models on real tills, campaigns and coupons.
	$(BIN)/downbeat demo --data complete_journey

test: setup-dev lint ## Every test, Spark included.
	$(BIN)/python -m pytest tests -n auto --maxprocesses 4 --no-loadscope-reorder

lint: setup-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfmt --check models macros tests/models

ui: setup ## Dagster on http://127.0.0.1:3000
	$(BIN)/downbeat ui

docs: setup
	$(BIN)/downbeat docs

bench: setup-dev setup-peers
	$(BIN)/python -m tests.benchmarks
	$(PEERS)/bin/python -m tests.benchmarks.matching
	$(BIN)/python -m tests.benchmarks.journeys --peer $(PEERS)/bin/python

lock: ## Re-resolve the dependencies (needs uv).
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet requirements.in -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet -c requirements.lock requirements-dev.in -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet requirements-peers.in -o requirements-peers.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements-mailman.in -o requirements-mailman.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-header --quiet requirements-helpdesk.in -o requirements-helpdesk.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet requirements-statistics.in -o requirements-statistics.lock

clean:
	rm -rf .downbeat target logs

# uv is quicker; pip does the same. Both refuse a file whose hash is not in the lock.
INSTALL = if command -v uv >/dev/null 2>&1; then uv pip install --quiet --compile-bytecode --python $(2)/bin/python --no-deps --require-hashes -r $(1); \
	else $(2)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1); fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Downbeat needs Python 3.11 or newer, this is %d.%d. Try: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "Installing what the lock names (once) ..."
	@$(call INSTALL,requirements.lock,$(VENV))
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing test tools and Spark (once) ..."
	@$(call INSTALL,requirements-dev.lock,$(VENV))
	@touch $@

# Mailman wants an older SQLAlchemy than Dagster; without it the tests against it are skipped.
$(MAILMAN)/.mailman: requirements-mailman.lock | $(BIN)/python
	@echo "Installing Mailman for the tests against a real tool (once) ..."
	@$(BIN)/python -m venv $(MAILMAN)
	@$(call INSTALL,requirements-mailman.lock,$(MAILMAN))
	@touch $@

$(HELPDESK)/.helpdesk: requirements-helpdesk.lock | $(BIN)/python
	@echo "Installing django-helpdesk for the tests against a real service desk (once) ..."
	@$(BIN)/python -m venv $(HELPDESK)
	@$(call INSTALL,requirements-helpdesk.lock,$(HELPDESK))
	@touch $@

# recordlinkage needs an older pandas than the product, so the peers live next door.
$(PEERS)/.peers: requirements-peers.lock | $(BIN)/python
	@echo "Installing the peers of the benchmarks (once) ..."
	@$(BIN)/python -m venv $(PEERS)
	@$(call INSTALL,requirements-peers.lock,$(PEERS))
	@touch $@

# gbstats, which lift is held against, wants a pandas of years ago.
$(STATISTICS)/.statistics: requirements-statistics.lock | $(BIN)/python
	@echo "Installing what lift is held against (once) ..."
	@$(BIN)/python -m venv $(STATISTICS)
	@$(call INSTALL,requirements-statistics.lock,$(STATISTICS))
	@touch $@
