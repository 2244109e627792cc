# Two commands: `make demo` (a page with specimen books, or with DATA=<folder>) and `make test`; while you work,
# `make test-quick`.
# Everything is installed into .venv; you need only Python 3.11 or later and make.

PYTHON ?= $(shell for p in python3.13 python3.12 python3 python3.14 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
DATA ?=
IMAGES ?= ../shared/data/images
MODELS ?= sscd
SECTIONS ?=
# Coverage with sys.monitoring is fast; Python 3.11 does not have it.
COVERAGE_CORE = $(shell $(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")')

# Two processes share one node; with more, the node is what they wait for.
IN_PARALLEL = -n 2 --dist loadgroup --no-loadscope-reorder

.PHONY: demo test test-quick test-secured containers env env-test check docs translations icons requirements specimen bench bench-large evaluate check-images pictures clean

demo: env
	@$(BIN)/frontispiece demo $(if $(DATA),"$(DATA)")

env: .venv/.installed templates/static/vendor/.tried

test: env-test
	@tests/install-browser
	@$(MAKE) --no-print-directory check
	COVERAGE_CORE=$(COVERAGE_CORE) $(BIN)/python -m pytest $(if $(TESTS),$(TESTS),--cov $(IN_PARALLEL))

# The tests that need no node, browser or network and are not slow: under a minute on two cores.
test-quick: env-test
	$(BIN)/python -m pytest -q -m "not (node or browser or network or slow)" $(or $(TESTS),tests/unit tests/docs)

# Every command, the service and the roles on an Elasticsearch with users, keys and TLS; it is downloaded once.
test-secured: env-test
	$(BIN)/python -m pytest -m secured $(or $(TESTS),tests/secured)

# Builds both images with podman or docker, and tries them on the node of `make test-secured`. See docs/install.md.
containers: env-test
	docker/build-images
	$(BIN)/python -m pytest -m secured $(or $(TESTS),tests/containers)

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

# Packages run no scripts of their own: swagger-ui-dist would report its installation to its makers.
# The front-end libraries are optional: without npm they are not installed, and the pages work without them.
templates/static/vendor/.tried: package.json templates/copy-vendored.mjs
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then \
		npm install --silent --ignore-scripts --no-audit --no-fund --no-package-lock --prefix .venv/npm $$($(BIN)/python -c \
			'import json; print(*[f"{n}@{v}" for n, v in json.load(open("package.json"))["dependencies"].items()])') \
		&& node templates/copy-vendored.mjs package.json .venv/npm/node_modules $(@D) \
		|| echo "The front-end libraries could not be installed; the pages work without them"; fi
	@touch $@

# Writes names, versions and hashes. Run it after a change of dependencies.
requirements:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --extra embedded --extra heic --extra sscd -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --all-extras --group dev --group docs -c requirements.txt -o requirements-dev.txt

# Builds the documentation as a site in site/; fails on a dead link. Not with --quiet, which hides warnings from --strict.
docs: env-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Brings the catalogues in templates/translations up to date with the sentences of the templates.
translations: env
	$(BIN)/python -m api.pages.catalogue_update

# Generates the specimen books; needs the fonts that specimen/README.md names.
specimen: env-test
	$(BIN)/uv pip install -q --group specimen
	$(BIN)/python -m specimen.make

# Draws the icons of the pages from templates/static/favicon.svg.
icons: env
	$(BIN)/python -m specimen.icons

# Measures speed and writes the table in README.md.
bench: env-test
	$(BIN)/python -m benchmarks --write

# Fills an index with the 422,589 pictures of the paper through the pipeline: hours, and 20 GB of disk.
bench-large: env-test
	$(BIN)/python -m benchmarks.large $(if $(KEEP),--keep "$(KEEP)")

# Measures retrieval and classification; writes a report, docs/evaluation.json, docs/evaluation-report.html, and the
# tables in README.md and docs/evaluation.md. About an hour on two cores; vectors are cached, so a second run takes half as long. With
# SECTIONS=bias,hiding only these are measured, and the figures of the others stay.
evaluate: check-images env-test
	@mkdir -p .frontispiece/evaluation
	$(if $(SECTIONS),cp docs/evaluation.json .frontispiece/evaluation/figures.json)
	$(BIN)/frontispiece evaluate all --images "$(IMAGES)" --models "$(MODELS)" --sections "$(SECTIONS)" \
		--report .frontispiece/evaluation/report.html --json .frontispiece/evaluation/figures.json
	cp .frontispiece/evaluation/figures.json docs/evaluation.json
	$(BIN)/python -m evaluation.reporting.documents

check-images:
	@test -d "$(IMAGES)" || { echo "There is no folder $(IMAGES). Name a folder with pictures, with labels.csv in it or" \
		"next to it: make evaluate IMAGES=<folder>."; exit 1; }

# Takes docs/search.png and docs/pages/ from the browser tests, in the fonts of the machine: those of readers are like
# fonts-urw-base35 and fonts-liberation.
pictures: env-test
	$(BIN)/python -m pytest -q tests/browser -k page_is_complete
	$(BIN)/python -c "from PIL import Image; \
		Image.open('tests/artefacts/readme-results.png').convert('RGB').quantize(128).save('docs/search.png', optimize=True)"
	@mkdir -p docs/pages
	$(BIN)/python -c "from pathlib import Path; from PIL import Image; \
		[Image.open(file).convert('RGB').save(f'docs/pages/{file.stem.removeprefix(\"gallery-\")}.webp', quality=72, method=6) \
		for file in Path('tests/artefacts').glob('gallery-*.png')]"

clean:
	rm -rf .venv .frontispiece site templates/static/vendor
