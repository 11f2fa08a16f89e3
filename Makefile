# The same targets that continuous integration runs. Each makes its own environment: uv when it is there, venv and pip when not.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.made
DEV    := $(VENV)/.made-dev

.PHONY: demo test lint types docs rules bench fmt clean

demo: $(STAMP)          ## build the demonstration portfolio, audit it, say where the report lies
	$(BIN)/auditor demo

test: $(DEV)            ## all tests
	$(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

lint: $(DEV)            ## style, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(DEV)           ## strict types
	$(BIN)/mypy

docs: $(DEV)            ## generated pages are current; the examples of the guides run with the tests
	$(BIN)/python docs/generate.py --check

rules: $(DEV)           ## every shipped rule: lint and cases
	$(BIN)/auditor rules lint
	$(BIN)/auditor rules test

bench: $(DEV)           ## ratios against baselines of the same run
	$(BIN)/python bench/checks.py $(BENCH_ARGS)
	$(BIN)/python bench/walk.py $(BENCH_ARGS)
	$(BIN)/python bench/reasoning.py $(BENCH_ARGS)
	$(BIN)/python bench/connect.py $(BENCH_ARGS)

fmt: $(DEV)             ## format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

$(STAMP): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && uv pip install --quiet --python $(BIN)/python -e . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e . ; \
	fi
	@touch $@

$(DEV): $(STAMP)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --group dev ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' && $(BIN)/python -m pip install --quiet --group dev ; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) .auditor demo-portfolio
