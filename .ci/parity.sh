#!/usr/bin/env bash
# One scenario with every binding, against the real server:  bash .ci/parity.sh
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

bash .ci/kotlin.sh runner
bash .ci/npm.sh tests/pages
source .ci/env.sh
[ -f mobile-bindings/app/src/core/pkg/gridbook_mobile_bg.wasm ] || bash .ci/wasm.sh

# What asks each binding; the browser's comes by itself.
export RUNNERS="{\"kotlin\": \"$target/kotlin/runner\"}"
export GRIDBOOK=$target/debug/gridbook
node --test --test-timeout=300000 tests/parity/parity.test.mjs
