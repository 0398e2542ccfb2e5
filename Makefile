# Gridbook's commands. Each installs what it needs and is missing; nothing else is to be done by hand.
.DEFAULT_GOAL := help
.PHONY: help console app app-check app-fake pages run replay test bench bench-app bench-server fuzz soak fmt lint wasm native kotlin parity android ios deny clean

with := bash .ci/with.sh
steps := bash .ci/steps.sh

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

# Further options: make run ARGS=--fresh, make replay ARGS="--days 100".
ARGS ?=
DATA ?= ../shared/data/san-mateo

run: app console ## the demo: a fictional street, the server with the phone app on it, addresses and sign-ins (made once; ARGS=--fresh anew)
	@$(with) rust -- cargo run --release --locked -p gridbook-server --bin gridbook -- demo --data target/demo $(ARGS)

replay: ## a real inspection record through the real server by 24 phones: make replay DATA=folder
	@$(with) rust -- cargo run --release --locked -p gridbook-tests --bin replay -- $(DATA) $(ARGS)

test: ## everything that must hold: format, lints, tests, docs, licences, wasm, fuzz targets compile
	@$(steps)

bench: ## the numbers, measured on this machine
	@$(with) rust -- cargo run --release --locked -p gridbook-tests --bin bench

bench-app: app ## the phone app's numbers, in a slowed browser with 2,000 shops
	@$(with) rust browser -- $(steps) bench-app

bench-server: ## the server's numbers alone
	@$(with) rust -- cargo run --release --locked -p gridbook-tests --bin bench -- --only server

fuzz: ## every fuzz target of sync-core for FUZZ_SECONDS (60) each
	@bash .ci/fuzz.sh

soak: ## the long tests (soak_…), in release; the bindings as they ship
	@$(with) rust python -- $(steps) soak

fmt: ## format the code
	@$(with) rust -- cargo fmt --all
	@$(with) rust -- cargo fmt --manifest-path sync-core/fuzz/Cargo.toml

lint: ## format check and clippy, warnings denied
	@$(with) rust -- $(steps) format clippy

wasm: ## the core for the browser: the package that the app imports, and its size
	@$(with) wasm -- $(steps) wasm

native: ## the bindings for Python, tried against the real server, and for Swift, generated alone
	@$(with) rust python -- $(steps) native

kotlin: ## the Kotlin bindings and the layer on them: compiled, tried on a JVM, packed
	@$(with) rust kotlin -- $(steps) kotlin

parity: ## one life with every binding against the real server, the answers compared
	@$(with) rust kotlin browser -- $(steps) parity

android: ## the fieldbook for Android apps, target/android/gridbook.aar; needs Google's NDK
	@$(with) rust -- bash .ci/android.sh

ios: ## the fieldbook for iOS apps, target/ios/GridbookFFI.xcframework; needs a Mac with Xcode
	@$(with) rust -- bash .ci/ios.sh

app: ## the phone app, into mobile-bindings/app/dist, which the server carries
	@$(with) wasm node -- bash .ci/app.sh build

console: ## the console, into server/console/dist, which the server carries
	@$(with) node -- bash .ci/console.sh build

app-check: ## the phone app's types and unit tests
	@$(with) node -- bash .ci/app.sh check

pages: app console ## the pages in a real browser against the real server
	@$(with) rust browser -- $(steps) pages

app-fake: ## the phone app's pages with a stand-in for the core, at http://localhost:5173/app/
	@$(with) node -- bash .ci/app.sh fake

deny: ## licences, duplicate and wildcard dependencies, sources
	@$(with) deny -- $(steps) deny

clean: ## what builds left in this checkout; tools in the cache folder stay
	rm -rf target sync-core/fuzz/target mobile-bindings/app/node_modules mobile-bindings/kotlin/node_modules mobile-bindings/app/dist-fake mobile-bindings/app/src/core/pkg server/console/node_modules
	find mobile-bindings/app/dist server/console/dist -mindepth 1 ! -name .keep -delete
