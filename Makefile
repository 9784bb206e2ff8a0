# Every target sets up what it needs: a virtual environment in .venv with the pinned packages.
.DEFAULT_GOAL := all
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --upgrade pyproject.toml
COMPANY ?=
FIGURE ?=

.PHONY: all setup deck test fuzz chromium shells check format lint types cards verify verify-torch figures bench long-life lock audit wheel clean help

all: setup  ## set up and build the whole deck into build/
	$(BIN)/deckpress build

setup: .venv/.run

.venv/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "deckpress needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(INSTALL) --require-hashes -r requirements/run.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q generator
	touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	$(INSTALL) --require-hashes -r requirements/dev.txt
	touch $@

.venv/.deck: .venv/.run requirements/deck.txt
	$(INSTALL) --require-hashes -r requirements/deck.txt
	touch $@

deck: setup  ## build a part: make deck COMPANY=netflix
	$(BIN)/deckpress build $(if $(COMPANY),--company $(COMPANY))

test: .venv/.dev chromium shells  ## run the tests, with the real Anki and Chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal

fuzz: .venv/.dev  ## build hostile texts in every format, put attacks in every place, kill a hundred builds
	DECKPRESS_FUZZ=300 $(BIN)/python -m pytest -q tests/test_fuzz.py tests/test_attacks.py \
		tests/test_hostile_companies.py tests/test_hostile_packages.py tests/test_quick_fixes.py
	$(BIN)/python benchmarks/hostile_growth.py
	$(BIN)/python benchmarks/lexer_sweep.py

chromium:
	@command -v chromium >/dev/null || test "$$(id -u)" != 0 || \
		{ apt-get update -qq; apt-get install -y -qq --no-install-recommends chromium; }

shells:
	@command -v zsh fish >/dev/null || test "$$(id -u)" != 0 || \
		{ apt-get update -qq; apt-get install -y -qq --no-install-recommends zsh fish; }

check: format lint types test cards verify  ## everything that must pass before a commit

format: .venv/.dev  ## is the code formatted?
	$(BIN)/ruff format --check

lint: .venv/.dev  ## is it clean?
	$(BIN)/ruff check

types: .venv/.dev  ## do the types hold?
	$(BIN)/mypy

cards: setup  ## are the cards free of mistakes, and is their ledger up to date?
	$(BIN)/deckpress check --locked

verify: .venv/.deck  ## run the code on the cards
	$(BIN)/deckpress verify

# If the package index has no CPU build for your machine, point pip at one that has.
verify-torch: .venv/.deck  ## install PyTorch, and run all code on the cards
	$(INSTALL) 'torch>=2.9'
	$(BIN)/deckpress verify --require torch

figures: .venv/.deck  ## draw the figures again, or only one: make figures FIGURE=pca
	$(BIN)/python cards/figures/build.py $(FIGURE)

lock:  ## pin the newest versions that pyproject.toml allows (needs uv)
	$(COMPILE) --group build -o requirements/run.txt
	$(COMPILE) --group dev -o requirements/dev.txt
	$(COMPILE) --group deck -o requirements/deck.txt

audit:  ## check the pinned packages against the advisories of PyPI (needs uv, and an index that has them)
	for list in run dev deck; do \
		uv tool run pip-audit --strict --require-hashes --disable-pip -r requirements/$$list.txt || exit 1; \
	done

wheel: .venv/.dev  ## build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

bench: .venv/.dev chromium  ## time deckpress against others; on a quiet machine
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/pdf.py
	$(BIN)/python benchmarks/sheet_in_chromium.py
	$(BIN)/python benchmarks/growth.py --notes 100 1000 10000

long-life: .venv/.dev  ## simulate 1,000 learners over 12 releases on five engines of Anki
	PYTHONPATH=tests $(BIN)/python benchmarks/long_life.py --write

clean:  ## remove what was built, and the virtual environment
	rm -rf build dist .venv .bench .long-life .pytest_cache .mypy_cache .ruff_cache

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
