# make demo | make test | make check | make run CITY=leipzig | make storm | make bench — see README.md
# CITY and PORT have no default here: one would win over `.env`. `demo` has its own.
FEED ?=
SERVE ?= 1
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo run test check storm bench bench-stored bench-replay bench-pages bench-reports bench-detect lock clean

setup: .venv/runtime

.venv/runtime: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: setup
	@$(BIN)/rapport demo $(if $(CITY),--city $(CITY)) $(if $(PORT),--port $(PORT)) $(if $(FEED),--feed $(FEED)) $(if $(filter 0,$(SERVE)),--no-serve)

run: setup
	@$(BIN)/rapport run $(if $(CITY),--city $(CITY)) $(if $(PORT),--port $(PORT))

test: .venv/dev
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

.venv/oidc: .venv/dev
	@npm install --silent --no-save --no-package-lock --prefix $@ oidc-provider@9.13.3

check: .venv/dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

storm: .venv/dev
	@$(BIN)/python -m storm $(if $(KILLS),--kills $(KILLS)) $(if $(INCIDENTS),--incidents $(INCIDENTS)) $(if $(SEED),--seed $(SEED))

bench: .venv/dev
	@$(BIN)/python -m bench

bench-stored: .venv/dev
	@$(BIN)/python -m bench.stored $(STORED)

bench-pages: .venv/dev
	@$(BIN)/python -m bench.pages

bench-reports: .venv/dev
	@$(BIN)/python -m bench.reports

bench-replay: .venv/dev
	@$(BIN)/python -m bench.replay $(FEED) $(or $(CITY),leipzig)

bench-detect: .venv/dev
	@$(BIN)/python -m bench.detect

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.txt

clean:
	rm -rf .venv var
