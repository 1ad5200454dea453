# The commands of the project; `make` alone lists them.

# One set of flags for every build: a build with other flags compiles everything again. Warnings
# become errors in Package.swift when CI is set, which leaves the dependencies alone.
SWIFT_FLAGS := --explicit-target-dependency-import-check error

DEBUG_BINARY := .build/debug/parry
RELEASE_BINARY := .build/release/parry
SWIFT_SOURCES := Sources Tests Examples Package.swift

# Of `make demo` and `make run`; `postgres` is a temporary one.
DATABASE :=

# Of `make simulate`: how many seeds, from which on.
SEEDS := 2000
FIRST := 1

# Scales the rounds and examples of `make check`, and its budget: make check EFFORT=10
export EFFORT ?= 1
# How many Swift tests run at once. Begun all together they would take the processors from each
# other, and the time that a test has would go by while it waits.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8
# The outside tools leave no compiled files in the tree, and what they say is seen at once, also when a suite is ended.
export PYTHONDONTWRITEBYTECODE := 1
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help setup build release demo run test check check-kills check-simulations check-example \
	check-slow check-openapi simulate bench format lint clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the system packages that are missing, or say how
	@scripts/setup build test

build: setup ## build everything for development
	swift build $(SWIFT_FLAGS)

# With Swift's libraries inside: they run without a toolchain, and faster. What is checked and measured is what is installed.
release: setup ## build the optimised programs, to be installed
	swift build -c release --static-swift-stdlib $(SWIFT_FLAGS)

demo: setup ## walk the integration guide on a fresh platform and show it; DATABASE=postgres
	@$(if $(DATABASE),scripts/setup postgres)
	@scripts/demo $(DATABASE)

run: setup ## serve on 127.0.0.1:8080, DATABASE=postgres or a URL, ARGS="…" for parry serve
	@$(if $(filter postgres,$(DATABASE)),scripts/setup postgres)
	@scripts/run $(if $(DATABASE),--database '$(DATABASE)') $(ARGS)

test: setup ## run all tests and a short look from outside
	@scripts/setup postgres
	swift build --build-tests $(SWIFT_FLAGS)
	scripts/with-postgres scripts/within swift-tests \
	    swift test --skip-build $(SWIFT_FLAGS) --skip 'ParrySimulatorTests|ParryMatchingTests'
	# These compute much, and would take the processors from those in which a minute must not pass.
	scripts/within swift-tests-worlds swift test --skip-build $(SWIFT_FLAGS) \
	    --filter 'ParrySimulatorTests|ParryMatchingTests' --skip NetworkServerTests
	# Real time passes in these, and the others would take it from them.
	scripts/within swift-tests-timed swift test --skip-build $(SWIFT_FLAGS) --filter NetworkServerTests
	PARRY_BIN=$(DEBUG_BINARY) scripts/with-postgres scripts/within outside-fast \
	    python3 Tests/Outside/fast.py

check: release ## run everything else that proves the product: kills, faults, slow tests, OpenAPI, browser
	@scripts/setup postgres openapi browser
	# The first of each row mostly waits and the rest compute: side by side they take half the time.
	$(MAKE) --jobs=2 --output-sync=line check-kills check-simulations check-example
	PARRY_BIN=$(RELEASE_BINARY) scripts/with-postgres scripts/within outside-more \
	    python3 Tests/Outside/fast.py --more
	$(MAKE) --jobs=2 --output-sync=line check-slow check-openapi
	PARRY_BIN=$(RELEASE_BINARY) scripts/within browser .venv/bin/python Tests/Browser/run.py

check-kills:
	PARRY_BIN=$(RELEASE_BINARY) scripts/within kill python3 Tests/Outside/kill.py
	PARRY_BIN=$(RELEASE_BINARY) scripts/with-postgres scripts/within kill-postgres \
	    python3 Tests/Outside/kill.py --engine postgres
	PARRY_BIN=$(RELEASE_BINARY) scripts/within failover python3 Tests/Outside/failover.py
	PARRY_BIN=$(RELEASE_BINARY) scripts/within faults python3 Tests/Outside/faults.py

check-slow:
	PARRY_BIN=$(RELEASE_BINARY) scripts/with-postgres scripts/within outside-slow \
	    python3 Tests/Outside/fast.py --slow

check-openapi:
	PARRY_BIN=$(RELEASE_BINARY) scripts/within openapi .venv/bin/python Tests/Outside/openapi.py

check-simulations:
	scripts/within simulate $(MAKE) simulate SEEDS=$$((2000 * $(EFFORT)))

# A package of somebody else's that uses ParryClient, with a build of its own.
check-example:
	scripts/within example env -u CI swift build --package-path Examples/alert-queue \
	    --scratch-path .build/example

simulate: setup ## play webhook delivery under trouble, SEEDS=2000 FIRST=1; the same seed plays the same
	swift build --build-tests $(SWIFT_FLAGS)
	SIMULATION_SEEDS=$(SEEDS) SIMULATION_FIRST=$(FIRST) SWIFT_DETERMINISTIC_HASHING=1 \
	    swift test --skip-build $(SWIFT_FLAGS) --filter SimulationTests

bench: release ## measure against the raw limits of this machine
	@scripts/setup bench
	bench/run

format: ## format the Swift sources
	swift format -i -r -p $(SWIFT_SOURCES)

lint: ## check format and style of the Swift sources, and that the scripts parse
	@scripts/setup test
	swift format lint --strict -r -p $(SWIFT_SOURCES)
	scripts/check-tools

clean: ## remove what was built; the data in var stays
	rm -rf .build
	find Tests scripts bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
