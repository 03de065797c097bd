# Everything starts from a bare Python: `make derive`, `make test`. Stamps in .venv make a second run fast.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find src derivations -name '*.py')
EXTRAS ?= dev
DEVELOPING := $(VENV)/.installed-$(EXTRAS)
CHECKED := src tests derivations
ID ?= A12

.PHONY: help derive book test bench lint format types docs clean
help:
	@echo "make derive [ID=A12]  the derivation as LaTeX, Markdown, NumPy source (and PDF) in out/"
	@echo "make book             all derivations as one book in out/: PDF, or LaTeX without pdflatex"
	@echo "make test             all tests; with EXTRAS=dev,torch,jax those of PyTorch and JAX too"
	@echo "make bench            speed and accuracy beside peers; with EXTRAS=dev,torch,jax, and SciPy where it is installed"
	@echo "make lint format types docs clean"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gradproof needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEVELOPING): pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]'
	@touch $@ $(VENV)/.installed

PAGES := out/$(ID).tex out/$(ID).md out/$(ID).py
ifneq ($(shell command -v pdflatex),)
PAGES += out/$(ID).pdf
endif

derive: $(PAGES)
	@ls $(PAGES)

define page
@mkdir -p out
$(BIN)/gradproof derive $* --to $(subst .,,$(suffix $@)) -o $@
endef

out/%.tex: $(SOURCES) | $(VENV)/.installed
	$(page)

out/%.md: $(SOURCES) | $(VENV)/.installed
	$(page)

out/%.pdf: $(SOURCES) | $(VENV)/.installed
	$(page)

out/%.py: $(SOURCES) | $(VENV)/.installed
	@mkdir -p out
	$(BIN)/gradproof export $* --target numpy -o $@

BOOK := out/book.$(if $(shell command -v pdflatex),pdf,tex)
TEXTS := $(wildcard derivations/*/README.md)

book: $(BOOK)
	@ls $(BOOK)

out/book.tex out/book.pdf: $(SOURCES) $(TEXTS) | $(VENV)/.installed
	@mkdir -p out
	$(BIN)/gradproof book -o $@

test: $(DEVELOPING)
	$(BIN)/python -m pytest --numprocesses auto

bench: $(DEVELOPING)
	$(BIN)/python tests/benchmarks $(TABLES)

lint: $(DEVELOPING)
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)

format: $(DEVELOPING)
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

types: $(DEVELOPING)
	$(BIN)/mypy

docs: docs/rules.md

docs/rules.md: $(wildcard src/gradproof/rules/*.py) $(VENV)/.installed
	$(BIN)/gradproof rules --to md -o $@

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache dist build
