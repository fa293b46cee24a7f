# Everything starts here. `make` alone lists the targets.
PYTHON ?= python3
export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-postgres check format setup build benchmark pictures

help:  ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r a b; do printf '%-22s %s\n' "$$a" "$$b"; done

run:  ## Start the portal on this machine (PORT=8000); Ctrl-C stops it
	@$(PYTHON) config/bootstrap.py run

# The tests start many processes, which need not each compile what the first of them has.
test test-sqlite test-postgres: export PYTHONDONTWRITEBYTECODE =

test: test-sqlite test-postgres  ## Run all tests: SQLite with the browser, then PostgreSQL

test-sqlite: setup  ## Run the tests on SQLite, browser tests included
	@.venv/bin/python -m pytest -n 2 --dist worksteal

test-postgres: setup  ## Run the tests, but for the browser's, on a real PostgreSQL
	@.venv/bin/python -m pytest -n 2 --dist worksteal --database postgres -m "not browser and not either"

check: setup  ## Format, lint, types, imports, migrations, templates
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/python manage.py makemigrations --check --dry-run
	@.venv/bin/python -m djlint --quiet --lint .

format:  ## Put code into the house format
	@.venv/bin/python -m ruff check --fix-only .
	@.venv/bin/python -m ruff format .

pictures: setup  ## Take the guides' pictures anew, of the example
	@.venv/bin/python -m pytest -q tests/browser/test_guides.py --pictures

benchmark: setup  ## Measure what pages cost at 10,000 and 100,000 actions (two minutes)
	@.venv/bin/python -m benchmarks

setup:  ## Install what the tests and checks need
	@$(PYTHON) config/bootstrap.py setup

build:  ## Install what running needs, and compile the stylesheet
	@$(PYTHON) config/bootstrap.py build
