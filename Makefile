# make run    sets everything up, starts the server, replays the flights of 2013 and keeps serving
# make test   sets everything up and runs every check and test (what CI runs)
# `make help` lists the rest. Needs Python >= 3.11, Node >= 20.19 and make.

PYTHON ?= python3
DATA ?= modelwatch-data
PORT ?= 8470
JOBS ?= 2

BIN := .venv/bin
UV := .cache/uv/bin/uv
PYTHON_SOURCES := src tests bench tools
DASHBOARD := src/modelwatch/server/dashboard/index.html
WEB_SOURCES := $(shell find web/src web/public web/mock web/index.html web/*.ts web/*.js -type f 2>/dev/null)

export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
say = @printf '\033[1m==> %s\033[0m\n'

.PHONY: help
help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

# ---------------------------------------------------------------- run

.PHONY: run
run: .venv/.run $(DASHBOARD)  ## the server and the demo; DATA=folder PORT=number
	$(say) "Starting modelwatch with its data in $(DATA)"
	@exec $(BIN)/modelwatch demo --data "$(DATA)" --port $(PORT)

# ---------------------------------------------------------------- test

.PHONY: test check python-test web-test
test: check python-test web-test  ## every check and every test
	$(say) "All checks and tests have passed"

check: lint types imports check-generated  ## everything that reads the code without running it

.PHONY: lint types imports check-generated
lint: .venv/.dev  ## ruff: rules and format
	$(say) "Lint"
	@$(BIN)/ruff check --quiet $(PYTHON_SOURCES)
	@$(BIN)/ruff format --check --quiet $(PYTHON_SOURCES) || { $(BIN)/ruff format --check $(PYTHON_SOURCES); exit 1; }

types: .venv/.dev  ## mypy, strict
	$(say) "Types"
	@$(BIN)/mypy --no-error-summary

imports: .venv/.dev  ## the rooms import downward only
	$(say) "Import contracts"
	@$(BIN)/lint-imports > .cache/imports.log 2>&1 || { cat .cache/imports.log; exit 1; }

check-generated: .venv/.dev .cache/web-modules  ## what is generated is as its source says
	$(say) "Generated files"
	@tools/check-generated

python-test: .venv/.dev $(DASHBOARD) .cache/chromium .cache/alertmanager  ## pytest: unit, property, contract, fault, journey, doctest
	$(say) "Python tests"
	@$(BIN)/pytest -q -n $(JOBS) -m "not soak" --doctest-modules --ignore=src/modelwatch/store/migrations src tests

web-test: .cache/web-modules $(DASHBOARD)  ## the dashboard: lint, types, tests, build
	$(say) "Dashboard: lint, types, tests"
	@cd web && npm run --silent lint && npm run --silent typecheck && npm run --silent test -- --reporter=dot

.PHONY: soak bench
soak: .venv/.dev  ## what takes long; goes on where it was stopped (forget with rm .cache/soak.json)
	$(say) "Soak tests"
	@$(BIN)/python tools/soak.py

bench: .venv/.dev  ## how to measure the figures of the README
	@for file in $$(grep -l __main__ bench/*.py); do echo ".venv/bin/python -m bench.$$(basename $$file .py)"; done

# ---------------------------------------------------------------- set-up; each file is a stamp of what was done

.cache/checked:
	@mkdir -p .cache
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "modelwatch needs Python >= 3.11; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 ..." >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null || \
		{ echo "modelwatch's dashboard needs Node >= 20.19; found: $$(node --version 2>&1)" >&2; exit 1; }
	@touch $@

$(UV): requirements/uv.txt | .cache/checked
	$(say) "Setting up uv"
	@$(PYTHON) -m venv --clear .cache/uv || \
		{ echo "Python's venv module is incomplete; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@.cache/uv/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

.venv/bin/python: | $(UV)
	$(say) "Setting up .venv"
	@$(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv

# the environment of `make test` holds all that `make run` needs, so it is never cut back to that
.venv/.run: requirements/run.txt pyproject.toml $(UV) | .venv/bin/python
	@tools/sync-environment $(UV) $$(if [ -e .venv/.dev ]; then echo dev; else echo run; fi)

.venv/.dev: requirements/dev.txt pyproject.toml $(UV) | .venv/bin/python
	@tools/sync-environment $(UV) dev

.cache/web-modules: web/package.json web/package-lock.json | .cache/checked
	$(say) "Setting up the dashboard's packages"
	@npm --prefix web ci --no-audit --no-fund > .cache/npm.log 2>&1 || { cat .cache/npm.log >&2; exit 1; }
	@touch $@

$(DASHBOARD): .cache/web-modules $(WEB_SOURCES)
	$(say) "Building the dashboard"
	@cd web && npm run --silent build -- --logLevel warn
	@touch $@

.cache/chromium: | .cache/checked
	@tools/find-chromium
	@touch $@

.cache/alertmanager: | .cache/checked
	@tools/find-alertmanager
	@touch $@

# ---------------------------------------------------------------- upkeep

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock'

.PHONY: lock format clean
lock: | $(UV)  ## write requirements/*.txt anew; UPGRADE=--upgrade takes newer versions
	$(say) "Locking"
	@$(COMPILE) $(UPGRADE) pyproject.toml requirements/build.in --extra demo -o requirements/run.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml requirements/build.in --extra demo --group dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) $(UPGRADE) requirements/uv.in -o requirements/uv.txt
	@! grep -nE 'https?://' requirements/*.txt

format: .venv/.dev  ## ruff: fix and format
	@$(BIN)/ruff check --fix --quiet $(PYTHON_SOURCES)
	@$(BIN)/ruff format --quiet $(PYTHON_SOURCES)

clean:  ## remove what was set up and built; data folders stay
	@rm -rf .venv .cache web/node_modules src/modelwatch/server/dashboard .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
