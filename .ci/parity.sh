#!/usr/bin/env bash
# Every binding lives the same life against the real server:  bash .ci/parity.sh
# First the play of tests/scenario, with runners that Rust's and Python's own tests do not cast; then
# the life of tests/parity with all of them side by side, and all of them on one shop.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

bash .ci/kotlin.sh runner
bash .ci/python.sh venv
bash .ci/npm.sh tests/pages
source .ci/env.sh
[ -f mobile-bindings/app/src/core/pkg/gridbook_mobile_bg.wasm ] || bash .ci/wasm.sh
built --lib --bin gridbook --bin stage

export GRIDBOOK=$target/debug/gridbook
kotlin=$target/kotlin/runner
python="$target/python/venv/bin/python mobile-bindings/python/tests/runner.py"
for runner in "$kotlin" "node tests/parity/browser-runner.mjs"; do
  GRIDBOOK_BIN=$GRIDBOOK "$target/debug/stage" tests/scenario/scenario.json tests/scenario/seen.jsonl "$runner"
done
# The browser's comes by itself.
RUNNERS="{\"kotlin\": \"$kotlin\", \"python\": \"$python\"}" \
  node --test --test-timeout=300000 tests/parity/parity.test.mjs
