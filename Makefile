# Two commands: `make demo` (a page with specimen books, or with DATA=<folder>) and `make test`; while you work,
# `make test-quick`.
# Everything is installed into .venv; you need only Python 3.11 or later and make.

PYTHON ?= $(shell for p in python3.13 python3.12 python3 python3.14 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
DATA ?=
IMAGES ?= ../shared/data/images
MODELS ?= sscd
# Coverage with sys.monitoring is fast; Python 3.11 does not have it.
COVERAGE_CORE = $(shell $(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")')

.PHONY: demo test test-quick env env-test check docs requirements specimen bench evaluate check-images picture clean

demo: env
	@$(BIN)/frontispiece demo $(if $(DATA),"$(DATA)")

env: .venv/.installed templates/static/vendor/.tried

test: env-test
	@tests/install-browser
	@$(MAKE) --no-print-directory check
	COVERAGE_CORE=$(COVERAGE_CORE) $(BIN)/python -m pytest $(if $(TESTS),$(TESTS),--cov)

# The tests that need no node, browser or network and are not slow: under a minute on two cores.
test-quick: env-test
	$(BIN)/python -m pytest -q -m "not (node or browser or network or slow)" $(or $(TESTS),tests/unit tests/docs)

env-test: env .venv/.installed-dev

check: env-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Frontispiece needs Python 3.11 or later (python3 -V)."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# htmx is optional: without npm it is not installed, and the pages work without it.
templates/static/vendor/.tried: package.json
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then \
		npm install --silent --no-audit --no-fund --no-package-lock --prefix .venv/npm $$($(BIN)/python -c \
			'import json; print(*[f"{n}@{v}" for n, v in json.load(open("package.json"))["dependencies"].items()])') \
		&& cp .venv/npm/node_modules/htmx.org/dist/htmx.min.js $(@D)/ || echo "htmx could not be installed; the pages work without it"; fi
	@touch $@

# Writes names, versions and hashes. Run it after a change of dependencies.
requirements:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --extra embedded --extra heic --extra sscd -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --all-extras --group dev --group docs -c requirements.txt -o requirements-dev.txt

# Builds the documentation as a site in site/; fails on a dead link.
docs: env-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# Generates the specimen books; needs the fonts that specimen/README.md names.
specimen: env-test
	$(BIN)/uv pip install -q --group specimen
	$(BIN)/python -m specimen.make

# Measures speed and writes the table in README.md.
bench: env-test
	$(BIN)/python -m benchmarks --write

# Measures retrieval and classification; writes a report, docs/evaluation.json, and the tables in README.md and
# docs/evaluation.md. About 45 minutes on two cores; vectors are cached, so a second run takes half as long.
evaluate: check-images env-test
	$(BIN)/frontispiece evaluate all --images "$(IMAGES)" --models "$(MODELS)" \
		--report .frontispiece/evaluation/report.html --json .frontispiece/evaluation/figures.json
	cp .frontispiece/evaluation/figures.json docs/evaluation.json
	$(BIN)/python -m evaluation.reporting.documents

check-images:
	@test -d "$(IMAGES)" || { echo "There is no folder $(IMAGES). Name a folder with pictures, with labels.csv in it or" \
		"next to it: make evaluate IMAGES=<folder>."; exit 1; }

# Takes docs/search.png from the browser test.
picture: env-test
	$(BIN)/python -m pytest -q tests/browser -k "a_search_finds_pictures and wide"
	$(BIN)/python -c "from PIL import Image; \
		Image.open('tests/artefacts/search-wide.png').convert('RGB').quantize(128).save('docs/search.png', optimize=True)"

clean:
	rm -rf .venv .frontispiece site templates/static/vendor
