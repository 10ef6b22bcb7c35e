# Two commands matter on a fresh machine: `make demo` and `make test`. Both set up everything they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
WORKERS ?= 3

.DEFAULT_GOAL := help
.PHONY: help setup setup-demo demo test lint types contracts check clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup-demo  ## sixty mails, sorted and told in six beats (ARGS=--keep leaves the server up)
	@$(BIN)/python -m router demo $(ARGS)

test: setup  ## the whole test suite, on private Dovecot, Cyrus, Courier and PostgreSQL servers (ARGS="-k threads" selects)
	@sh deploy/setup-servers.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)
	@sh deploy/setup-servers.sh --report

lint: setup  ## ruff
	$(BIN)/python -m ruff check .

types: setup  ## mypy, strict
	$(BIN)/python -m mypy

contracts: setup  ## import-linter: which package may import what
	$(BIN)/lint-imports

check: lint types contracts  ## lint, types and contracts

setup:  ## make .venv with everything (done for you by the others)
	@PYTHON="$(PYTHON)" sh deploy/setup-venv.sh dev

setup-demo:
	@PYTHON="$(PYTHON)" sh deploy/setup-venv.sh demo

clean:  ## remove .venv, caches and build output
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
