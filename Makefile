# Every command of the project, a line or two each. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
BENCH := .venv/ready-for-bench

.PHONY: help report test slow lab notebooks check bench lock

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20

report: $(READY) ## build the yearly report of Can Tho 2022 and print where it lies
	@$(BIN)/petitionlib report yearly_report -p place can-tho -p year 2022

test: $(READY) ## unit tests, doctests, the README and every notebook
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" $(COVER)

slow: $(READY) ## the tests that install, build, or start many processes
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

lab: $(READY) ## open the notebooks in JupyterLab
	@cd notebooks && ../$(BIN)/jupyter lab

notebooks: $(READY) ## run the notebooks and store their outputs; then read `git diff notebooks`
	@$(BIN)/petitionlib store notebooks/*.ipynb

check: $(READY) ## format, lint, types, floors, the tests with coverage, then the data
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(MAKE) --no-print-directory test COVER="--cov --cov-report term"
	@$(BIN)/petitionlib check data --strict
	@echo "Lines of Python in petitionlib: $$(git ls-files -z 'petitionlib/*.py' | xargs -0 cat | wc -l)"

bench: $(BENCH) ## our speed beside that of the tools a user would pick instead
	@$(BIN)/python benchmarks/report.py
	@$(BIN)/python benchmarks/batch.py
	@$(BIN)/python benchmarks/changes.py
	@$(BIN)/python benchmarks/page.py
	@$(BIN)/python benchmarks/explore.py
	@$(BIN)/python benchmarks/localise.py

lock: $(READY) ## renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --all-extras --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --group bench --constraint requirements.lock --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o benchmarks/requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.11 --group banff --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o benchmarks/banff.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "petitionlib needs Python 3.11 or newer; name one: make PYTHON=python3.13"; exit 1; }
	@echo "Installing the locked packages into .venv (once; one to three minutes) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

$(BENCH): $(READY) benchmarks/requirements.lock
	@echo "Installing the tools to compare with into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $(BENCH)
