# Gridbook's commands. Each installs what it needs and is missing; nothing else is to be done by hand.
.DEFAULT_GOAL := help
.PHONY: help run test bench bench-server fuzz soak fmt lint wasm deny clean

with := bash .ci/with.sh
steps := bash .ci/steps.sh

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## the demo: several phones and a hub in memory, with a table of what each one sees
	@$(with) rust -- cargo run --release --locked -p gridbook-tests --bin demo

test: ## everything that must hold: format, lints, tests, docs, licences, wasm, fuzz targets compile
	@$(steps)

bench: ## the numbers, measured on this machine
	@$(with) rust -- cargo run --release --locked -p gridbook-tests --bin bench

bench-server: ## the server's numbers alone
	@$(with) rust -- cargo run --release --locked -p gridbook-tests --bin bench -- --only server

fuzz: ## every fuzz target of sync-core for FUZZ_SECONDS (60) each
	@bash .ci/fuzz.sh

soak: ## the long tests (soak_…), in release
	@$(with) rust -- $(steps) soak

fmt: ## format the code
	@$(with) rust -- cargo fmt --all
	@$(with) rust -- cargo fmt --manifest-path sync-core/fuzz/Cargo.toml

lint: ## format check and clippy, warnings denied
	@$(with) rust -- $(steps) format clippy

wasm: ## sync-core for the browser
	@$(with) wasm -- $(steps) wasm

deny: ## licences, duplicate and wildcard dependencies, sources
	@$(with) deny -- $(steps) deny

clean: ## what builds left in this checkout; tools in the cache folder stay
	rm -rf target sync-core/fuzz/target
