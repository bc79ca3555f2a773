# One command for each thing. Only python3 (3.11 or newer), git and make are needed; .venv is set up from the lock files.
PORT ?= 8000
HOST ?= 127.0.0.1
PY := .venv/bin/python
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help serve test lint format types contracts knowledge openapi codes coverage bench bench-batch fuzz lock setup setup-dev clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

serve: setup ## serve the API at http://127.0.0.1:8000 (make serve PORT=8123)
	@exec $(PY) -m app serve --host $(HOST) --port $(PORT)

test: setup-dev ## run the tests (make test ARGS="-k variant")
	@$(PY) -m pytest $(ARGS)

lint: setup-dev ## format check, lint, types, import contracts
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(MAKE) --no-print-directory types contracts

format: setup-dev ## format the code and sort its imports
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

types: setup-dev
	@$(PY) -m mypy

contracts: setup-dev
	@.venv/bin/lint-imports

knowledge: setup-dev ## prove the knowledge: files, references, numbers, schema, releases
	@$(PY) -m app knowledge check

openapi: setup-dev ## write openapi.yaml from the code
	@$(PY) -m app openapi --write openapi.yaml

codes: setup-dev ## write docs/codes.md from the knowledge
	@$(PY) scripts/codes.py

coverage: setup-dev ## run the tests and show which lines they leave out
	@$(PY) -m coverage run -m pytest -q $(ARGS)
	@$(PY) -m coverage report

bench: setup-dev ## measure engine and service against a bare FastAPI route
	@$(PY) bench/bench.py $(ARGS)

bench-batch: ## measure many cases: make bench-batch ARGS="--lines 1000000" (sets up .venv-bench)
	@test -x .venv-bench/bin/python || python3 -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-bench.txt
	@.venv-bench/bin/python bench/batch.py --plot docs/batch-cost.svg $(ARGS)

fuzz: ## throw generated requests at a running server (slow; sets up .venv-fuzz)
	@scripts/fuzz.sh $(ARGS)

lock: ## write the lock files anew (needs uv); make lock ARGS="--upgrade"
	@scripts/lock.sh $(ARGS)

setup:
	@scripts/venv.sh requirements.txt

setup-dev:
	@scripts/venv.sh requirements-dev.txt

clean: ## remove what the other commands made
	rm -rf .venv .venv-bench .venv-fuzz .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage *.egg-info
