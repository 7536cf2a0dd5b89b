# Everything happens in .venv; only Python 3 and make are needed beforehand.
# PYTHONWARNINGS: setuptools warns of every editable installation.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-slow lint docs gallery release clean

## demo: paint a real clip (5 s, 1280x720, with sound) at 15 fps and 480x853
demo: $(VENV)/.demo
	@$(BIN)/python examples/demo.py

## test: the tests that everyone runs, in a few minutes; `make test ROOM=video` runs tests/video alone
test: $(VENV)/.test
	$(BIN)/python -m pytest -m "not slow" $(addprefix tests/,$(ROOM))

## test-slow: the long ones (4K, memory)
test-slow: $(VENV)/.test
	$(BIN)/python -m pytest -m slow

## lint: style and types
lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## docs: the documentation's site, in site/; warnings are errors
docs: $(VENV)-docs/.docs
	NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/mkdocs build --strict
	@echo open site/index.html

## gallery: the documentation's pictures, from the styles as they are now
gallery: $(VENV)/.test
	$(BIN)/python benchmarks/gallery.py docs/images

## release: the files for PyPI, in dist/, checked
release: $(VENV)-release/.release
	rm -rf build dist
	$(VENV)-release/bin/python -m build --quiet
	$(VENV)-release/bin/twine check --strict dist/*
	$(PYTHON) .ci/check_wheel.py dist/*.whl

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

# Each of these has the packages of its group in pyproject.toml, and none of videostyle's own.
$(VENV)-docs/.docs $(VENV)-release/.release: pyproject.toml
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --upgrade pip
	$(@D)/bin/pip install --quiet --group $(subst .,,$(@F))
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-docs $(VENV)-release demo build dist site *.egg-info
