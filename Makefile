# Every target makes its own .venv first: from uv where it is installed, else from any Python >= 3.11 on the PATH.
# A second run finds it made, until pyproject.toml or constraints.txt change.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
LOG := out/shop.duckdb
JOBS ?= 3

ifneq ($(shell command -v uv),)
venv = test -x $(1)/bin/python || uv venv --quiet --python '>=3.11' $(1)
install = uv pip install --quiet --python $(1) $(2)
else
venv = test -x $(1)/bin/pip || $(or $(PYTHON),$(error needs Python 3.11 or newer on the PATH)) -m venv $(1)
install = $(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2)
endif
# Commas part the arguments of a call, so the sentences have none.
say = @printf '\n\033[1m%s\033[0m\n' $(1)
wb = @w() { printf '\033[36m$$ workbench %s\033[0m\n\n' "$$*"; $(BIN)/workbench "$$@" || test $$? -eq $(1); }; w
show = $(call wb,0)
show_bad_news = $(call wb,1)

.DEFAULT_GOAL := help
.PHONY: help demo test lint soak lab pages bench clean browser

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1 /' | while read -r t d; do printf '  make %-6s %s\n' "$$t" "$$d"; done

demo: .venv/.run ## the main job on sample data: check, import, ask, replay, judge, report.html
	@mkdir -p out; rm -f $(LOG) $(LOG).*
	$(call say,"1. Are the declared machines sound?")
	$(show) check machines/
	$(call say,"   An edit in progress is not:")
	$(show_bad_news) check machines/drafts/
	$(call say,"2. Ten weeks of a shop: import its event store. Every row is accounted for.")
	$(show) import sample_events/shop.ndjson --into $(LOG)
	$(call say,"3. Where do the orders stand; and where did they stand on 1 February?")
	$(show) states $(LOG) --type Order
	$(show) states $(LOG) --type Order --at 2026-02-01
	$(call say,"4. How do they move and how long does each step take?")
	$(show) ask transition_counts $(LOG) --type Order
	$(call say,"5. How many get through?")
	$(show) ask funnel $(LOG) --type Order --steps pending,confirmed,fulfilled
	$(call say,"6. What became of order 42? It was confirmed once:")
	$(show) replay $(LOG) Order 42 --at '2026-01-08 16:28'
	$(call say,"   Its card was refused; that cancelled it:")
	$(show) trail $(LOG) Order 42
	$(call say,"7. Does history obey the machines?")
	$(show_bad_news) conform $(LOG) --machines machines/
	$(call say,"8. All of it on one page that opens without network:")
	$(show) report $(LOG) --machines machines/ --out report.html
	$(call say,"Open report.html; go on with 'make lab' or '$(BIN)/workbench --help'.")

test: lint browser ## every test but the slow ones, after lint
	$(BIN)/pytest -n $(JOBS)

lint: .venv/.dev ## style, types and floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: .venv/.dev browser ## the slow tests: fuzzing, many kills, every notebook in a real browser
	$(BIN)/pytest -n $(JOBS) -m soak

lab: .venv/.dev ## JupyterLab on the notebooks
	$(BIN)/workbench lab notebooks

pages: .venv/.dev ## every notebook, run, as a page that opens without network: out/pages/index.html
	$(BIN)/python docs/notebook_pages.py out/pages

bench: .venv/.dev .venv-bench/.made ## side by side with PM4Py, Polars and bare DuckDB; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks $(SIZES)

clean: ## remove what the targets made
	rm -rf .venv .venv-bench out report.html .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The browser test drives a real Chromium. Debian's package is installed where that is allowed.
browser:
	@for b in chromium chromium-browser google-chrome; do command -v $$b >/dev/null && exit; done; \
	{ \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "installing Chromium for the browser test" && \
		apt-get update -qq >/dev/null && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >/dev/null; \
	} || echo "the browser test will be skipped: install Chromium (Debian: apt-get install chromium)"

.venv/.run: pyproject.toml constraints.txt
	$(call venv,.venv)
	$(call install,.venv,-c constraints.txt -e .)
	@touch $@

.venv/.dev: .venv/.run
	$(call install,.venv,-c constraints.txt -e '.[dev]')
	@touch $@

# PM4Py is AGPL: it lives in an environment of its own, and neither the package nor its tests ever import it.
.venv-bench/.made: benchmarks/requirements.txt
	$(call venv,.venv-bench)
	$(call install,.venv-bench,-r benchmarks/requirements.txt)
	@touch $@
