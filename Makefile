# Postern: `make run` tries it, `make test` tests it; both do their own set-up and say what they do.

export CROSS_CONFIG = cross.toml

PORT ?= 8017
ARGS ?=
SEEDS ?= 100000
N ?= 1000
TIME ?= 60
TARGETS ?=
FILE ?=
BASE ?=
CARGO ?= cargo
# The shipped build, in a target directory of its own: the bench and the tests start it as a child process.
SHIPPED_DIR = target/shipped
SHIPPED = $(SHIPPED_DIR)/debug/postern

.PHONY: run test check bench simulate crash fuzz mutants shipped arm help

help: ## say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: ## try the whole counter in a browser (PORT=0 picks a free port; ARGS="--profile F" uses parts from elsewhere)
	@echo "building Postern: about two minutes the first time, then seconds"
	@$(CARGO) build --quiet --locked || $(CARGO) build --locked
	@exec target/debug/postern bench --port $(PORT) --open $(ARGS)

test: shipped ## run every test; installs what they need, or says what is missing
	@scripts/need.sh chromium chromium
	@scripts/need.sh strace strace
	POSTERN_SHIPPED=$(abspath $(SHIPPED)) $(CARGO) test --locked --workspace --quiet

check: ## formatting, lints for both feature sets and the fuzz targets, documentation, dependencies
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	$(CARGO) clippy --locked --workspace --all-targets --quiet -- -D warnings
	$(CARGO) clippy --locked --no-default-features --quiet -- -D warnings
	@cp Cargo.lock fuzz/Cargo.lock
	$(CARGO) clippy --manifest-path fuzz/Cargo.toml --target-dir target --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps --document-private-items --quiet
	@scripts/deny.sh

bench: ## measure, as ratios against floors in the same run; exits 1 where a bound is missed
	$(CARGO) build --locked --release --no-default-features --target-dir $(SHIPPED_DIR)
	$(CARGO) build --locked --quiet --profile simulate --package postern-sim
	$(CARGO) bench --locked --bench figures -- $(SHIPPED_DIR)/release/postern target/simulate/postern-sim

simulate: ## live through SEEDS simulated lives (BASE=n repeats them) and check what must always hold
	@$(CARGO) build --locked --quiet --profile simulate --package postern-sim
	@target/simulate/postern-sim --seeds $(SEEDS) $(if $(BASE),--base $(BASE))

crash: shipped ## kill the real terminal N times in a sale loop, and compare its journal with the acquirer's book
	@$(CARGO) build --locked --quiet
	@target/debug/postern crash --kills $(N) --program $(SHIPPED)

fuzz: ## look for bytes that break a property of fuzz/, TIME seconds for each target (TARGETS="scans": only these)
	@scripts/fuzz.sh $(TIME) $(TARGETS)

mutants: ## change one thing at a time in what decides about money, and see that a test notices: hours (FILE=src/journal.rs: only that)
	@scripts/mutants.sh $(FILE)

shipped:
	@echo "building the shipped program (--no-default-features) in $(SHIPPED_DIR)"
	@$(CARGO) build --locked --quiet --no-default-features --target-dir $(SHIPPED_DIR)

arm: ## cross-compile for ARM terminals (needs cross and a container engine)
	cross build --locked --release --no-default-features --target armv7-unknown-linux-gnueabihf
	cross build --locked --release --no-default-features --target aarch64-unknown-linux-gnu
