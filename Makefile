# Two commands: `make check` referees the claims, `make test` runs the tests and the claims under pytest.
# BUDGET    smoke | ci | deep: an amount of work
# PYTHON    the interpreter that creates .venv/, 3.11 or newer
# `make coq` lets Coq check the formal theorems (it installs nothing: apt-get install coq); UPDATE=--update pins them.
# `make bench` prints every ratio of benchmarks/; BENCH_ARGS=--quick takes under a minute.
# WORKERS   processes that share the tests
# PIP_ARGS  further arguments for pip install, for example an index or --find-links

BUDGET ?= smoke
PYTHON ?= $(shell if python3.11 -c '' 2>/dev/null; then echo python3.11; else echo python3; fi)
PIP_ARGS ?=
WORKERS ?= 2
PYTEST_ARGS ?=

VENV_PYTHON := .venv/bin/python

define VERSION_GATE
import sys; sys.version_info >= (3, 11) or sys.exit( \
"lipcheck needs Python 3.11 or newer, but %s is Python %d.%d: name a newer one with make PYTHON=... %s" \
% (sys.executable, sys.version_info[0], sys.version_info[1], "(and remove .venv first if it exists)"))
endef

define INPUTS_HASH
import hashlib, pathlib; print(hashlib.sha256(b"\0".join( \
pathlib.Path(name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))).hexdigest())
endef

.DEFAULT_GOAL := check
.PHONY: check test lint coq bench env

check: env
	.venv/bin/lipcheck check --budget $(BUDGET)

test: env
	LIPCHECK_BUDGET=$(BUDGET) $(VENV_PYTHON) -m pytest --lipcheck-budget=$(BUDGET) -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

coq:
	@test -x $(VENV_PYTHON) || { echo "make coq installs nothing: create .venv with \`make env\` first" >&2; exit 2; }
	@$(VENV_PYTHON) -m lipcheck.cli.formal $(UPDATE)

bench: env
	$(VENV_PYTHON) benchmarks $(BENCH_ARGS)

lint: env
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m mypy

# An existing .venv/ is kept with what it holds; pip runs only when the content of its two inputs has changed.
env:
	@test -x $(VENV_PYTHON) || { "$(PYTHON)" -c '$(VERSION_GATE)' && "$(PYTHON)" -m venv .venv; }
	@$(VENV_PYTHON) -c '$(VERSION_GATE)'
	@inputs=$$($(VENV_PYTHON) -c '$(INPUTS_HASH)') && \
	if [ "$$inputs" != "$$(cat .venv/.stamp 2>/dev/null)" ]; then \
	  { $(VENV_PYTHON) -m pip --version >/dev/null 2>&1 || $(VENV_PYTHON) -m ensurepip; } && \
	  $(VENV_PYTHON) -m pip install -c constraints.txt $(PIP_ARGS) -e '.[all]' && \
	  printf '%s\n' "$$inputs" > .venv/.stamp; \
	fi
