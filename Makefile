# Everything runs from a fresh clone with Python 3.13 and a package index; nothing is installed outside .local.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
MAKEFLAGS += --no-print-directory

PY := .local/venv/bin/python
SAM := SAM_CLI_TELEMETRY=0 .local/tools/bin/sam
CODE := layers functions clients local tools tests bench
FAST := tests --ignore=tests/e2e
LAYER_LOCKS := $(patsubst %.in,%.txt,$(wildcard layers/*/requirements.in))
UV_LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header

.PHONY: help setup up doubles down status invoke logs event sam-template demo operator-key replay-events reconcile rotate-secret end-secret test check fmt format-check lint types template fast e2e soak bench openapi lock clean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /\1 ## /p' $(MAKEFILE_LIST) | awk -F ' ## ' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: ## install what the project needs into .local (does nothing when it is there)
	@python=$$(sh tools/find-python) && "$$python" tools/bootstrap.py

$(PY):
	@$(MAKE) setup

up: setup ## start the local AWS and deploy the real template to it
	@$(PY) -m local up

doubles: setup ## the local AWS with vendors, which are doubles: until Ctrl-C, shows what they are asked
	@$(PY) -m local doubles

down: $(PY) ## stop it; its data is kept
	@$(PY) -m local down

status: $(PY) ## say whether it is up and where
	@$(PY) -m local status

invoke: $(PY) ## run one function on one event: make invoke F=api_memes E=events/api_memes/create.json
	@$(PY) -m local invoke $(F) $(E)

logs: $(PY) ## follow what a function logs: make logs F=api_memes
	@$(PY) -m local logs $(F)

event: $(PY) ## print an event with the running stack's keys: make event E=events/api_memes/create.json
	@$(PY) -m local event $(E)

sam-template: $(PY) ## write the template that sam local runs in Docker, on the running stack
	@$(PY) -m local sam-template

demo: setup ## the whole journey: generations, stored images, a purchase, a verified webhook
	@$(PY) -m local demo

operator-key: setup ## the first admin key of a stack on AWS: make operator-key STACK=darkroom-staging
	@$(PY) -m tools.operator_key $(STACK)

replay-events: setup ## announce the events a stack on AWS gave up: make replay-events STACK=darkroom-staging
	@$(PY) -m tools.replay_events $(STACK)

reconcile: setup ## recompute balances, holds, charges and usage: make reconcile STACK=darkroom-staging (or local)
	@$(PY) -m tools.reconcile $(STACK)

rotate-secret: setup ## add a version to a stack's master secret: make rotate-secret STACK=darkroom-staging (or local)
	@$(PY) -m tools.master_secret $(STACK) add

end-secret: setup ## end the oldest version of a stack's master secret: make end-secret STACK=darkroom-staging
	@$(PY) -m tools.master_secret $(STACK) end

test: setup ## every test, the end-to-end ones included
	@echo "== unit, contract, integration, reliability"
	@$(PY) -m pytest -q -n 2 $(FAST)
	@echo "== end to end, on a local AWS of its own with IAM enforced"
	@$(PY) -m pytest -q tests/e2e
	@echo "== all tests passed"

check: setup format-check lint types template fast ## format, lint, types, template, fast tests

format-check: setup
	@echo "== ruff format" && $(PY) -m ruff format --check $(CODE)

lint: setup
	@echo "== ruff check" && $(PY) -m ruff check $(CODE)

types: setup
	@echo "== mypy" && $(PY) -m mypy $(CODE)

template: setup
	@echo "== sam validate" && $(SAM) validate --lint --region us-east-1 && .local/tools/bin/cfn-lint infra/*.yaml

fast: setup
	@echo "== fast tests" && $(PY) -m pytest -q -n 2 $(FAST)

e2e: setup ## only the end-to-end tests
	@$(PY) -m pytest -q tests/e2e

fmt: setup ## format and fix what can be fixed
	@$(PY) -m ruff format $(CODE) && $(PY) -m ruff check --fix $(CODE)

soak: setup ## the long simulations
	@$(PY) -m pytest -q -m soak -o timeout=0 $(FAST)
	@$(PY) -m pytest -q -m soak -o timeout=0 tests/e2e

bench: setup ## measure against the budgets in docs/architecture
	@$(PY) -m bench

openapi: setup ## write the dialects' openapi.json, and the Python client's models and calls, again from the code
	@$(PY) -m tools.openapi --write
	@$(PY) -m tools.client_code --write

lock: ## choose newer versions and write every lock file again (needs uv)
	@command -v uv >/dev/null || { echo "darkroom: make lock needs uv on PATH" >&2; exit 1; }
	@constraints=; for lock in requirements/tools.txt $(LAYER_LOCKS) requirements/dev.txt requirements/conformance.txt; do \
		echo "== $$lock"; \
		$(UV_LOCK) "$${lock%.txt}.in" $$constraints --output-file "$$lock"; \
		constraints="$$constraints --constraint $$lock"; \
	done

clean: ## stop the local AWS and delete all it made, its data too
	@if [ -e .local/aws/process.json ]; then $(MAKE) down; fi
	@rm -rf .local .aws-sam out .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
