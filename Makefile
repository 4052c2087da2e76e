# Each target does its own set-up first; `make help` says what there is.
PYTHON ?= python3
VENV := .venv/bin/python
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run test check bench screenshots lock

help: ## Show this list.
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## Make the environment in .venv/ and the state folder var/.
	@$(PYTHON) -m danang_portal.local.bootstrap

setup-tests:
	@$(PYTHON) -m danang_portal.local.bootstrap --tests

run: setup ## Start the whole portal and print its address and demo accounts; Ctrl-C stops it. PORT=8000 picks the port.
	@exec $(VENV) -m danang_portal.local.run

test: setup-tests ## Run all tests on a throw-away database, browser journeys included.
	@$(VENV) -m pytest -n auto --dist loadgroup

check: setup-tests ## Check format, lint, types, layers, migrations and production settings, then run all tests.
	@$(VENV) -m danang_portal.local.check
	@$(MAKE) --no-print-directory test

bench: setup ## Measure against the limits and references; ratios within one run.
	@$(VENV) -m bench $(ARGS)

screenshots: setup-tests ## Play a new service and a dossier, and keep pictures of their pages in docs/screenshots/.
	@SCREENSHOTS=docs/screenshots $(VENV) -m pytest tests/journeys/test_a_new_service.py tests/journeys/test_one_dossier.py --quiet

lock: setup ## Write requirements/*.txt from requirements/*.in; UPGRADE=1 takes newer versions.
	cd requirements && for name in base dev; do ../.venv/bin/$(LOCK) $(if $(UPGRADE),--upgrade) $$name.in -o $$name.txt || exit 1; done
