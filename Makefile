# `make report` and `make test` need only Python >= 3.11 and make; everything is set up in $(VENV).
PYTHON ?= python3
VENV ?= .venv
LOCK ?= requirements-dev.lock
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-compile
# pip compiles what it installs on one core, for a minute, and never a checkout: here all cores do.
COMPILE := $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib borders corridors maps

.PHONY: help report test docs lint format bench data derived lock dist wheel clean
help:
	@echo "make report   every system: tables, map.html, map.png, araxes.gpkg in out/"
	@echo "make test     the tests (browser tests run where Chromium is installed)"
	@echo "make docs     the site of the documentation, in out/site"
	@echo "make lint     ruff and mypy          make format  let ruff rewrite"
	@echo "make bench    speed, one JSON object a line    make data  rebuild data/ from its packages"
	@echo "make derived  what follows from the files of data/ that people write"
	@echo "make lock     resolve the locks anew           make dist  a wheel and an sdist, in dist/"
	@echo "make clean    remove what make made"

# The stamp's first line of work is a version check: an old Python fails with one clear line.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Araxes needs Python 3.11 or newer, $(PYTHON) is " + sys.version.split()[0] + "; call make PYTHON=python3.12")'
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements.lock pyproject.toml
	@echo "installing what the report needs (a minute or two, once)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: $(VENV)/.python $(LOCK) pyproject.toml
	@echo "installing what the tests need (a minute or two, once)"
	@$(PIP) --require-hashes -r $(LOCK)
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@$(COMPILE)
	@touch $@ $(VENV)/.run

report: $(VENV)/.run
	@$(BIN)/araxes report --out out

test: $(VENV)/.dev
	@mkdir -p out
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(PYTEST)

docs: $(VENV)/.dev
	@$(BIN)/python docs/site/build.py --out out/site

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy data/build

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	@$(BIN)/python tests/benchmarks/run.py

data: $(VENV)/.dev
	$(BIN)/python data/build/all.py

derived: $(VENV)/.dev
	$(BIN)/python data/build/all.py --authored

# `--upgrade`: a lower bound that was lowered is followed; the other locks keep what still fits.
lock: $(VENV)/.dev
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group pyproject.toml:run -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements.lock pyproject.toml --group pyproject.toml:dev -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --upgrade --resolution lowest-direct --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra parquet --group pyproject.toml:test --group pyproject.toml:data --group pyproject.toml:run -o requirements-lowest.lock

# hatchling needs no index here: it is among what the report needs.
dist wheel: $(VENV)/.run
	$(BIN)/python -m hatchling build

clean:
	rm -rf .venv .venv-* out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
