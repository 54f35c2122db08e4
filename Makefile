# Two commands on a fresh machine: `make render` and `make test`. Each sets up .venv first.

PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
AIRFLOW2 := .venv-airflow2
AIRFLOW2_STAMP := $(AIRFLOW2)/.installed
CATALOG_STAMPS := .venv-catalog/.installed .venv-catalog-airflow2/.installed

.DEFAULT_GOAL := help
.PHONY: help render airflow test check format constraints catalog clean

help:  ## Say what the targets do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not here: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt \
		--editable '.[all]' --group dev
	@touch $@

$(AIRFLOW2_STAMP): constraints-airflow2.txt $(STAMP)
	@test -x $(AIRFLOW2)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(AIRFLOW2)
	@$(BIN)/uv pip install --quiet --python $(AIRFLOW2)/bin/python -r constraints-airflow2.txt
	@touch $@

$(CATALOG_STAMPS): .venv-%/.installed: constraints-%.txt $(STAMP)
	@test -x .venv-$*/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .venv-$*
	@$(BIN)/uv pip install --quiet --no-deps --python .venv-$*/bin/python -r constraints-$*.txt
	@touch $@

render: $(STAMP)  ## Set up .venv and render the fleet
	@$(BIN)/daggen render

airflow: $(STAMP)  ## Start a real Airflow on the fleet, on PORT (8080), until Ctrl-C
	@$(BIN)/python scripts/airflow --port $(PORT)

test: $(STAMP) $(AIRFLOW2_STAMP)  ## Set up .venv and run every test
	@scripts/install-chromium
	@$(BIN)/python -m pytest -n auto --dist loadgroup --ignore tests/airflow --ignore tests/scheduler
	@$(BIN)/python -m pytest -n auto --dist loadgroup tests/airflow tests/scheduler

check: $(STAMP)  ## Check format, lint, types, and that the fleet is up to date
	$(BIN)/black --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/daggen render --check

format: $(STAMP)  ## Format the code
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/black --quiet .

PIN := $(BIN)/uv pip compile --python-version 3.11 --no-header --no-annotate --upgrade --quiet
PIN_CATALOG := $(PIN) --override scripts/catalog/overrides.txt

constraints: $(STAMP)  ## Pin the newest versions of everything again
	$(PIN) pyproject.toml --all-extras --group dev --output-file constraints.txt
	grep '^apache-airflow' constraints.txt | $(PIN_CATALOG) scripts/catalog/requirements.in \
		--constraint - --output-file constraints-catalog.txt
	$(PIN_CATALOG) scripts/catalog/requirements-airflow2.in \
		--constraint constraints-airflow2.txt --output-file constraints-catalog-airflow2.txt

catalog: $(CATALOG_STAMPS)  ## Survey the operators that daggen ships anew
	@$(BIN)/python scripts/catalog/survey

clean:  ## Remove what the other targets made
	rm -rf $(VENV) $(AIRFLOW2) .venv-catalog .venv-catalog-airflow2 airflow_home .daggen/cache .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
