# Everything starts from a bare Python: `make derive`, `make test`. Stamps in .venv make a second run fast.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find src derivations -name '*.py')
CHECKED := src tests derivations
ID ?= A12

.PHONY: help derive test lint format types docs clean
help:
	@echo "make derive [ID=A12]  the derivation as LaTeX, Markdown, NumPy source (and PDF) in out/"
	@echo "make test             all tests"
	@echo "make lint format types docs clean"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gradproof needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

derive: out/.derived-$(ID)

out/.derived-$(ID): $(SOURCES) | $(VENV)/.installed
	@mkdir -p out
	$(BIN)/gradproof derive $(ID) --to tex -o out/$(ID).tex
	$(BIN)/gradproof derive $(ID) --to md -o out/$(ID).md
	$(BIN)/gradproof export $(ID) --target numpy -o out/$(ID).py
	@if command -v pdflatex >/dev/null; then \
	  echo "$(BIN)/gradproof derive $(ID) --to pdf -o out/$(ID).pdf"; \
	  $(BIN)/gradproof derive $(ID) --to pdf -o out/$(ID).pdf; \
	else echo "no pdflatex here: no out/$(ID).pdf"; fi
	@touch $@
	@ls out

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

types: $(VENV)/.installed-dev
	$(BIN)/mypy

docs: docs/rules.md

docs/rules.md: $(wildcard src/gradproof/rules/*.py) $(VENV)/.installed
	$(BIN)/gradproof rules --to md -o $@

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache dist build
