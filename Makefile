# Every target does its own set-up: on a machine with Rust, Node 20 or later and make, nothing needs to be installed first.
.PHONY: help demo inspect test test-one watch storm test-node test-runtimes build size bench lint docs api-report release-check audit clean setup

# The arguments of test-one and watch.
ONE = $(if $(FILE),'--file=$(FILE)') $(if $(RUST),'--rust=$(RUST)') $(if $(FAST),--fast)

# Set-up and build, with a line for each step; the output of compilers goes to .build/log/.
LOGGED_BUILD = node scripts/run-logged.mjs setup scripts/setup.sh && node scripts/run-logged.mjs build node scripts/build.mjs

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: ## builds the package and shows it at work against the emulator
	@$(LOGGED_BUILD)
	@node scripts/demo.mjs

inspect: ## shows the demo's memory in a browser: timeline, recall lab, requests, usage; PORT=8787
	@$(LOGGED_BUILD)
	@node scripts/inspect.mjs $(PORT)

test: setup ## runs every test there is
	@node scripts/test.mjs

test-one: setup ## one test file, FILE=tests/client/retries.test.mjs, or Rust tests by name, RUST=retry; FAST=1 compiles for development
	@node scripts/test-one.mjs $(ONE)

watch: setup ## the same again after every change, until Ctrl-C
	@node scripts/test-one.mjs --watch $(ONE)

# lint, rust and runtimes are jobs of their own in CI.
test-node: setup ## builds, and runs all suites but lint, rust and runtimes
	@node scripts/test.mjs $$(node scripts/test.mjs --list | cut -d' ' -f1 | grep -vxE 'lint|rust|runtimes')

storm: setup ## the long forms of the resilience tests: 20,000 events, 100,000 calls, 50,000 odd values
	@node scripts/test.mjs pack
	@node scripts/storm.mjs
	@CLAIV_OUTBOX_STORM=20000 node scripts/runtimes.mjs outbox-storm
	@CLAIV_LEAK_CALLS=100000 CLAIV_FUZZ_RUNS=50000 node --test --test-reporter=spec tests/resilience/leaks.test.mjs tests/resilience/fuzz.test.mjs

test-runtimes: setup ## runs the conformance suite in every runtime, browser, bundler and test runner; installs them all
	@node scripts/build.mjs
	@node scripts/runtimes.mjs --write

build: setup ## makes pkg/, the npm package as it is published; with ENTRY=client only that entry of it
	@node scripts/build.mjs $(ENTRY)

size: build ## what the package weighs, per entry
	@node scripts/size.mjs

bench: build ## what a call, a start and the import cost beside other clients, in five runtimes; forty minutes
	@node scripts/bench.mjs --write
	@node bench/outbox.mjs

lint: setup ## formatting, clippy, eslint and the syntax of the shell scripts
	@node scripts/test.mjs lint

docs: setup ## the crates' documentation, in target/doc/
	@cargo doc --workspace --no-deps --document-private-items

api-report: build ## writes docs/api/, the public surface; a change of it needs a changeset
	@node scripts/release/api-report.mjs --write

release-check: build ## whether what stands here can be released, and what is left to do for it
	@node scripts/release/check.mjs

audit: setup ## known vulnerabilities and licences of the crates and npm packages that the project is built with
	@node scripts/release/audit.mjs

clean: ## removes all that was built, but not the tools
	@rm -rf target pkg .build tests/node_modules

setup:
	@scripts/setup.sh
