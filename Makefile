# Everything happens in .venv; only Python 3 and make are needed beforehand.
# PYTHONWARNINGS: setuptools warns of every editable installation.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-slow lint clean

## demo: paint a real clip (5 s, 1280x720, with sound) at 15 fps and 480x853
demo: $(VENV)/.demo
	@$(BIN)/python examples/demo.py

## test: the tests that everyone runs, in a few minutes
test: $(VENV)/.test
	$(BIN)/python -m pytest -m "not slow"

## test-slow: the long ones (4K, memory)
test-slow: $(VENV)/.test
	$(BIN)/python -m pytest -m slow

## lint: style and types
lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/.demo: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --editable '.[demo]'
	@touch $@

$(VENV)/.test: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) demo build dist *.egg-info
