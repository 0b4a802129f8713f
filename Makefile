# Needs Python >= 3.11, git and make. Everything else is installed into .venv from hashed requirement files.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STATE ?= .hotelctl/local
DEPLOY_FLAGS ?=
TEST_FLAGS ?= -q
# Tests side by side. The system tier starts whole deployments: the tests of a file share theirs, and two are
# enough; tests/plugins/longest.py says which files are begun first.
SIDE_BY_SIDE ?= --numprocesses=logical --maxprocesses=4
TWO_FILES ?= --numprocesses=logical --maxprocesses=2 --dist=loadfile --no-loadscope-reorder

# Stamps carry the content they were made from, so a fresh checkout or a switch of branch reinstalls only for a reason.
key = $(shell cat requirements/$(1).txt pyproject.toml | cksum | cut -d' ' -f1)
CLI := $(VENV)/.cli-$(call key,cli)
DEV := $(VENV)/.dev-$(call key,dev)
# What the tests need holds all that deploys and builds, in the same versions.
ENOUGH := $(or $(wildcard $(DEV)),$(CLI))

.PHONY: help setup deploy stop test test-unit test-house test-database test-system coverage lint format lock wheel clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1 - \2/'

setup: $(DEV) ## install what the tests need

deploy: $(ENOUGH) ## put the service of this checkout into service on this machine (DEPLOY_FLAGS="--port 9000")
	@$(BIN)/hotelctl deploy --yes $(DEPLOY_FLAGS)

stop: ## stop what `make deploy` started; data stays (STATE=.hotelctl/NAME for another environment)
	@if [ ! -d "$(STATE)" ]; then echo "nothing to stop: $(STATE) does not exist"; \
	elif [ ! -x $(BIN)/python ]; then echo "$(STATE) exists but $(VENV) does not: run 'make $(CLI)', then 'make stop'" >&2; exit 1; \
	else $(BIN)/python -m hotelctl.cli._stop --state "$(STATE)"; fi

test: test-unit test-house test-database test-system ## the four tiers of tests, quick ones first

test-unit: $(DEV) ## tests without network and database
	@$(BIN)/python -m pytest $(TEST_FLAGS) $(SIDE_BY_SIDE) -m "not database and not system" \
		--ignore=tests/system --ignore=tests/app_system --ignore=tests/house

test-house: $(DEV) ## tests that read this repository: its sources, documents, requirements
	@$(BIN)/python -m pytest $(TEST_FLAGS) $(SIDE_BY_SIDE) -m "not database and not system" tests/house

test-database: $(DEV) ## tests against a real PostgreSQL (TEST_DATABASE_URL, else a throw-away server)
	@$(BIN)/python -m pytest $(TEST_FLAGS) $(SIDE_BY_SIDE) -m "database and not system"

test-system: $(DEV) ## tests that start real servers and whole deployments
	@$(BIN)/python -m pytest $(TEST_FLAGS) $(TWO_FILES) -m system

# TST005 reads it. All tests of the service but those that start whole deployments: some minutes.
coverage: $(DEV) ## leave coverage.xml: which branches of the service its tests reach
	@rm -f coverage.xml .coverage .coverage.*
	@$(BIN)/python -m coverage run -m pytest $(TEST_FLAGS) $(SIDE_BY_SIDE) -m "not system" tests/app
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage xml --quiet --include='hotelctl/app/*' -o coverage.xml
	@rm -f .coverage

lint: $(DEV) ## style, types and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . || true; echo "run 'make format'" >&2; exit 1; }
	@$(BIN)/mypy
	@cd tests/services/plain && $(CURDIR)/$(BIN)/mypy plainsvc tests
	@$(BIN)/lint-imports

format: $(DEV) ## rewrite the sources in the project's format
	@$(BIN)/ruff format .

# dev is the widest set; the others are held to its versions, so that each package has one version everywhere.
COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--universal --python-version 3.11 $(LOCK_FLAGS)
LOCK_FLAGS ?=
lock: $(DEV) ## write requirements/*.txt anew from pyproject.toml (LOCK_FLAGS=--upgrade for newer versions)
	@$(COMPILE) pyproject.toml --all-extras --output-file requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra service --extra embedded --extra build --extra dockerfile \
		--constraint requirements/dev.txt --output-file requirements/cli.txt
	@$(COMPILE) pyproject.toml --extra service --constraint requirements/dev.txt --output-file requirements/service.txt
	@$(COMPILE) pyproject.toml --extra service --extra openai --extra pinecone --extra stripe --extra s3 --extra mail \
		--constraint requirements/dev.txt --output-file requirements/service-external.txt
	@$(COMPILE) --group tools --output-file requirements/tools.txt
	@$(COMPILE) --group kingfisher --output-file requirements/kingfisher.txt
	@cd tests/services/plain && $(patsubst $(BIN)/%,$(CURDIR)/$(BIN)/%,$(COMPILE)) pyproject.toml \
		--constraint $(CURDIR)/requirements/dev.txt --output-file requirements.txt

wheel: $(ENOUGH) ## build dist/*.whl
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@ls dist/*.whl

clean: stop ## remove what make and the tools made; state, data and reports stay
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* coverage.xml
	@find . -name __pycache__ -type d -not -path './.hotelctl/*' -prune -exec rm -rf {} +

$(CLI): | $(BIN)/python
	@$(call install,cli)

$(DEV): | $(BIN)/python
	@$(call install,dev)

# The stamp is written last: an interrupted install is repeated. What the editable install copies of the templates is
# taken away: it would go stale, and the checkout has them.
define install
	echo "installing requirements/$(1).txt into $(VENV)" >&2; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt 2> >(grep -v '^WARNING: Location' >&2); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .; \
	rm -rf $(VENV)/lib/python*/site-packages/hotelctl; \
	rm -f $(VENV)/.$(1)-*; touch "$@"
endef

# A Python that was upgraded or removed leaves a dangling link, which make sees as absent: the environment is made anew.
$(BIN)/python:
	@bash .ci/venv $(VENV)
