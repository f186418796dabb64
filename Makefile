# Everything here sets up what it needs by itself, in .venv/, from hash-checked locks. `make help` lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NEWSLETTER := $(BIN)/newsletter

# Nothing is fetched without a known hash: what builds wheels is locked too and comes first, so that no build fetches its own.
INSTALL := PIP_USE_PEP517=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-build-isolation

# Without byte code, every run of the tool compiles three hundred modules, and the tests run it hundreds of times.
unexport PYTHONDONTWRITEBYTECODE

JUDGES := tests/judges/node_modules/.package-lock.json
REAL := tests/services/real/node_modules/.package-lock.json
GHOST := tests/services/real/.ghost/installed

# The emails of the sample issues with their pictures beside them, to be looked at offline.
DEMO_EXPORT = for issue in $$(ls issues); do $(NEWSLETTER) export "$$issue" --for html --pictures beside --quiet --token first_name=reader || exit; done

.PHONY: help
help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

.PHONY: demo
demo: $(VENV)/.runtime ## Build the sample publication, say where to look, and open it where there is a desktop
	@$(NEWSLETTER) build
	@$(DEMO_EXPORT)
	@printf '\nThe sample publication is built. Look at:\n'
	@printf '  %-10s file://%s\n' 'web' "$(CURDIR)/public/index.html"
	@for page in build/*/for-html/*.html; do printf '  %-10s file://%s\n' 'email' "$(CURDIR)/$$page"; done
	@for feed in feeds/*; do printf '  %-10s %s\n' 'feed' "$$feed"; done
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && command -v xdg-open >/dev/null; then xdg-open public/index.html; \
	elif [ "$$(uname)" = Darwin ] && [ -z "$$SSH_CONNECTION" ]; then open public/index.html; fi

.PHONY: test
test: $(VENV)/.dev ## Run the tests; what is skipped, and why, is said at the end
ifdef TESTS
	@$(BIN)/pytest $(TESTS)
else
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(ALONE:%=--ignore=%) tests
	@$(BIN)/pytest -n 2 --dist loadfile $(ALONE)
endif

# Tests that watch processes, clocks or a live session: on all cores, others beside them would take their time.
ALONE := tests/lsp tests/preview tests/security/test_preview_survives.py tests/security/test_workers.py

.PHONY: lint
lint: $(VENV)/.dev ## Lint, format, types and the contracts between the packages; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python docs/prose.py

.PHONY: format
format: $(VENV)/.dev ## Format the code, and fix what the linter can fix
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: docs
docs: $(VENV)/.dev ## Remake the generated pages of docs/
	@$(BIN)/python docs/generate.py

.PHONY: site
site: $(VENV)/.dev ## Write the documentation as a site into site/; a link that leads nowhere is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Nothing is pushed: CONTRIBUTING.md says how a release publishes its version.
.PHONY: versions
versions: $(VENV)/.dev ## Commit this version of the site to the branch gh-pages, beside the earlier ones; pushes nothing
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mike deploy --update-aliases \
	"$$($(BIN)/python -c 'from newsletter.check.families import documentation_version; print(documentation_version())')" latest
	@$(BIN)/mike set-default latest

.PHONY: tutorials
tutorials: $(VENV)/.dev ## Run the tutorials and write what the commands print into their pages
	@$(BIN)/python docs/tutorial.py

.PHONY: clients
clients: $(VENV)/.dev ## Take the newest facts of Can I email about email clients (needs npm and the network)
	@$(BIN)/python docs/clients.py

.PHONY: judges
judges: $(JUDGES) ## Install the independent judges of tests/judges/ from npm (needs npm and Node 18 or later, and Java to run)

.PHONY: ghost
ghost: $(VENV)/.dev $(GHOST) ## Push the samples to a real Ghost on this machine (npm, Node 18, a C++ compiler; 600 MB, some minutes)
	@NEWSLETTER_REAL=1 $(BIN)/pytest -s tests/services/real/test_ghost.py

.PHONY: specs
specs: $(VENV)/.dev $(REAL) ## Hold drafts against a stand-in for Amazon SES, and SPECS=FOLDER of published OpenAPI files (npm)
	@NEWSLETTER_REAL=1 NEWSLETTER_SPECS='$(abspath $(SPECS))' $(BIN)/pytest -s tests/services/real/test_specs.py

.PHONY: screenshots
screenshots: $(VENV)/.dev ## Photograph what readers get in every width and light into screenshots/ (needs Chromium)
	@$(BIN)/python docs/screenshots.py $(ONLY)

.PHONY: mail-programs
mail-programs: $(VENV)/.dev ## Photograph letters in Thunderbird, Evolution, Claws Mail and after Roundcube (Debian packages, half an hour)
	@$(BIN)/python docs/mail_programs.py $(ONLY)

.PHONY: pictures
pictures: $(VENV)/.dev ## Take the pictures of docs/pictures again (needs Chromium)
	@$(BIN)/python docs/screenshots.py --pictures
	@$(BIN)/python docs/previews.py
	@$(BIN)/python docs/tutorial.py --pictures

.PHONY: bench
bench: $(VENV)/.dev ## Measure the speed on issues made for it
	@$(BIN)/python -m bench

.PHONY: lock
lock: $(VENV)/.dev ## Remake requirements/*.txt from pyproject.toml (newest of all: make lock UPGRADE=--upgrade)
	@$(LOCK) pyproject.toml --output-file requirements/runtime.txt
	@$(LOCK) pyproject.toml --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt
	@$(LOCK) --group build --constraint requirements/dev.txt --output-file requirements/build.txt

# One lock for every platform and every Python from the oldest on, and no address of any index in it.
LOCK = $(BIN)/uv --no-config --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock' $(UPGRADE)

.PHONY: clean
clean: ## Remove all that was made: environment, outputs and caches
	rm -rf $(VENV) tests/judges/node_modules tests/services/real/node_modules tests/services/real/.ghost screenshots site build dist public .newsletter .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ── The environment ───────────────────────────────────────────────────────────────────────────────────────────────────

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo 'Installing what the tests and the linters need …'
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.runtime: requirements/build.txt requirements/runtime.txt pyproject.toml $(BIN)/python
	@echo 'Installing newsletter and what it needs into $(VENV) …'
	@$(INSTALL) --require-hashes -r requirements/build.txt
	@$(INSTALL) --require-hashes -r requirements/runtime.txt
	@$(INSTALL) --no-deps --editable .
	@$(BIN)/python -m compileall -q newsletter
	@touch $@

$(JUDGES): tests/judges/package.json tests/judges/package-lock.json
	@command -v npm >/dev/null || { \
	echo 'There is no npm here: install Node 18 or later with npm (apt-get install nodejs npm), then run make again.' >&2; exit 1; }
	@echo 'Installing the judges into tests/judges/node_modules …'
	@cd tests/judges && npm ci --loglevel=error --no-progress
	@touch $@

$(REAL): tests/services/real/package.json tests/services/real/package-lock.json
	@command -v npm >/dev/null || { \
	echo 'There is no npm here: install Node 18 or later with npm (apt-get install nodejs npm), then run make again.' >&2; exit 1; }
	@echo 'Installing what services are tried with into tests/services/real/node_modules …'
	@cd tests/services/real && npm ci --loglevel=error --no-progress
	@touch $@

$(GHOST): $(REAL) tests/services/real/install-ghost.sh
	@sh tests/services/real/install-ghost.sh

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	echo 'There is no $(PYTHON) here: install Python 3.11 or later, or name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Python 3.11 or later is needed, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo '$(PYTHON) cannot make environments yet: install the package python3-venv (apt-get install python3-venv), then run make again.' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
