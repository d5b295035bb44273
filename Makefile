# Python 3.11 or newer, make and a package index are all that this needs. `make` alone lists the commands.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
FLASK  := $(BIN)/flask --app wsgi

# One stamp per set of locked packages: a second start has nothing to do.
INSTALLED := $(VENV)/.installed
TESTABLE  := $(VENV)/.testable

# Clients of calendars, which the tests let loose on us: apart, since one of them overwrites urllib3.
CLIENTS   := $(VENV)-clients/.installed
PIP       := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

PO := $(wildcard */translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)

# Files that every browser fetches lie beside themselves under gzip, made again when they change.
STATIC     := $(wildcard */web/static/*.css */web/static/*.js */web/static/*.svg */web/static/vendor/*.js)
COMPRESSED := $(VENV)/.compressed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check fast demo bench bench-quick soak map audit words screenshots

help: ## this list
	@printf 'EMERGE Booking. The commands:\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'
	@printf '\nPORT and DATABASE_URL change where `make run` listens and keeps its data.\n'

setup: $(INSTALLED) $(MO) $(COMPRESSED) ## only the environment: .venv with the locked packages, translations compiled

run: setup ## the web server and the worker, on demo data when the database is empty; Ctrl-C stops all
	@exec $(FLASK) serve

demo: setup ## fill the database with the demo world and a lively season around today
	@$(FLASK) db upgrade
	@$(FLASK) demo load --stories

test: $(TESTABLE) $(CLIENTS) $(MO) $(COMPRESSED) ## every test: rules, storage on both databases, journeys, browser
	@$(BIN)/python -m pytest -n 2

fast: $(TESTABLE) ## the pure rules alone, in a breath
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/python -m pytest -q --no-header --noconftest -p tests.support.in_a_breath \
		tests/booking/domain tests/calendars/domain tests/notifications/domain

check: $(TESTABLE) $(MO) ## style, types, layers, templates, translations, and models against migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet booking calendars notifications
	$(BIN)/python -m pytest -q --no-header tests/platform/test_drift.py tests/platform/test_words.py

audit: $(TESTABLE) ## known weaknesses of the locked packages (asks the internet)
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock

words: $(TESTABLE) ## collect new sentences into the Dutch and French catalogues, for a person to translate
	@$(BIN)/python -m tests.support.words

bench: $(TESTABLE) $(MO) ## measure the figures next to their floors; writes docs/figures.md
	@$(BIN)/python -m bench

bench-quick: $(TESTABLE) $(MO) ## the same, small: minutes instead of an hour
	@$(BIN)/python -m bench --quick

soak: $(TESTABLE) $(MO) ## the long races, for a night; and a thousand calendars through five parsers
	@GENERATED_CALENDARS=1000 $(BIN)/python -m pytest -q tests/browser/test_parsers_agree.py
	@$(BIN)/python -m bench --soak

map: $(TESTABLE) ## the house as a picture: which package uses which, and the states of a booking
	@$(BIN)/python -m tests.support.map

screenshots: $(TESTABLE) $(MO) $(COMPRESSED) ## the pictures of the README, taken anew (a Chromium found on the machine)
	@$(BIN)/python -m tests.support.screenshots

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "This needs Python 3.11 or newer; %s is %s. Try: make PYTHON=python3.11 $(MAKECMDGOALS)" % (sys.executable, sys.version.split()[0]))'
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make virtual environments here. On Debian: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): requirements.lock | $(BIN)/python
	@echo "Installing the locked packages into $(VENV) (once)…"
	@$(PIP) -r requirements.lock
	@touch $@

$(TESTABLE): requirements-dev.lock $(INSTALLED)
	@echo "Installing what the tests need into $(VENV) (once)…"
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(CLIENTS): tests/clients/requirements.lock | $(BIN)/python
	@echo "Installing clients of calendars, for the tests, into $(VENV)-clients (once)…"
	@$(PYTHON) -m venv $(VENV)-clients
	@$(VENV)-clients/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(COMPRESSED): $(STATIC) | $(INSTALLED)
	@$(BIN)/python -m whitenoise.compress --quiet --no-brotli booking/web/static
	@touch $@

%.mo: %.po | $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<))) --input-file $< --output-file $@
