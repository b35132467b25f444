# The commands of the house. `make` alone lists them.
PYTHON ?= python3
VENV := .venv/bin/python
MANAGE := $(VENV) manage.py

.DEFAULT_GOAL := help
.PHONY: help setup demo run test proof bench bench-sync check fix messages lock vendor pictures

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: ## make .venv with everything for developing
	@$(PYTHON) tools/bootstrap.py dev

demo: ## start the demo county on this machine (PORT, DATA_DIR, PROFILE …)
	@$(PYTHON) tools/bootstrap.py run
	@$(VENV) tools/demo.py

run: ## start the pages alone for developing; they reload when code changes
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV) tools/messages.py --all --compile
	@DEBUG=yes $(MANAGE) migrate --verbosity 0
	@DEBUG=yes $(MANAGE) runserver $${PORT:-8000}

test: ## everything before a merge: checks, SQLite, PostgreSQL, browser, both profiles
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV) tools/test.py

proof: ## the long tests: load, faults, every page in every light (up to an hour)
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV) tools/test.py --proof

bench: ## measure the numbers of docs/measured.md
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV) tools/bench.py

bench-sync: ## random days of many phones against a server that is killed (RUNS, SEED)
	@$(PYTHON) tools/bootstrap.py dev
	@RUNS=$(RUNS) SEED=$(SEED) $(VENV) tools/bench_sync.py

check: ## style, imports, migrations, texts, script types, vendored files
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV) tools/check.py

fix: ## let the tools tidy the style
	@$(VENV) -m ruff check --fix . && $(VENV) -m ruff format .

messages: ## take up new texts into the Finnish and Swedish catalogues
	@$(VENV) tools/messages.py --all

lock: ## lock the packages anew from pyproject.toml
	@$(VENV) tools/lock.py

vendor: ## fetch the vendored files anew, as vendor.json says (needs npm)
	@$(VENV) tools/vendor.py

pictures: ## photograph every page, and the guide anew (ARGS="--role worker" narrows)
	@$(PYTHON) tools/bootstrap.py dev
	@$(VENV) tools/pictures.py $(ARGS)
	@test -n "$(ARGS)" || $(VENV) tools/guide_pictures.py
	@test -n "$(ARGS)" || $(VENV) tools/readme_picture.py
