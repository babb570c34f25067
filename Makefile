# Bakehouse. `make run` serves it, `make test` tests it; README.md has the same steps without make.

HOST = 127.0.0.1
PORT = 8000
PYTHON = $(shell command -v python3.11 || command -v python3)
PROOFS = proof $(patsubst %,bakery/transfer/tests/test_%.py,hostile large move round_trip)
POSTGRESQL = postgres://postgres@127.0.0.1:5432/bakehouse

BIN = .venv/bin
MANAGE = $(BIN)/python manage.py

.PHONY: run dev test check coverage lint prove bench format lock

run: .venv/installed
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) collectstatic --noinput --verbosity 0
	$(MANAGE) serve --host $(HOST) --port $(PORT)

dev: .venv/installed-dev
	BAKERY_DEBUG=1 $(MANAGE) migrate --verbosity 0
	BAKERY_DEBUG=1 $(MANAGE) runserver $(HOST):$(PORT)

test: .venv/installed-dev
	$(BIN)/pytest -n auto

check: lint
	$(BIN)/pytest -n auto --durations=25
	DATABASE_URL=$(POSTGRESQL) $(BIN)/pytest -n auto --durations=25

# Which lines no test reaches; half as long again as `make test`.
coverage: .venv/installed-dev
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2 --check
	$(BIN)/mypy .
	$(BIN)/lint-imports
	BAKERY_HTTPS=1 $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run

# All of the proof, on SQLite and PostgreSQL, a quarter of an hour; writes docs/proof.md. `make test` has a quick part.
prove: .venv/installed-dev
	PROOF=full $(BIN)/pytest -n 2 --dist worksteal $(PROOFS)

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2

# After a change of requirements.in or requirements-dev.in.
lock: .venv/installed-dev
	for list in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" $$list.in --output-file $$list.txt || exit 1; \
	done

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	touch $@
