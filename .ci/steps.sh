#!/usr/bin/env bash
# The steps of `make test`, in order, each with its time; or only those named:
#   bash .ci/steps.sh [STEP...]      with STEP one of the words in `all` below, or soak
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

all=(install format wasm app console clippy test interop native kotlin parity pages api doc deny fuzz-check)
fuzz=sync-core/fuzz/Cargo.toml

# The lock files are looked at first: one that is behind would fail a step much later.
step_install() {
  bash .ci/install.sh rust deny wasm browser python kotlin fuzz
  source .ci/env.sh
  local manifest
  for manifest in Cargo.toml "$fuzz" mobile-bindings/{pack,bindgen}/Cargo.toml; do
    cargo metadata --locked --format-version 1 --manifest-path "$manifest" >/dev/null
  done
}

step_format() {
  cargo fmt --all --check
  cargo fmt --manifest-path "$fuzz" --check
  cargo fmt --manifest-path mobile-bindings/pack/Cargo.toml --check
  cargo fmt --manifest-path mobile-bindings/bindgen/Cargo.toml --check
}

step_clippy() { cargo clippy --workspace --all-targets --locked -- -D warnings; }

# counted COMMAND...: runs the tests and closes with their sum.
counted() {
  local log code=0
  log=$(mktemp)
  "$@" 2>&1 | tee "$log" || code=$?
  awk '/^test result:/ { passed += $4; failed += $6; skipped += $8 }
    END { printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped
          if (passed + failed == 0) { print "no test ran"; exit 1 } }' "$log" || code=1
  rm -f "$log"
  return "$code"
}

step_test() { counted cargo test --workspace --locked --no-fail-fast; }

# Long versions of tests: named soak_… and marked #[ignore]; and the bindings with the library that ships.
step_soak() {
  counted cargo test --release --workspace --locked --no-fail-fast soak_ -- --ignored
  bash .ci/python.sh shipped
}

step_doc() { RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked; }

step_deny() {
  "$cache/bin/cargo-deny" --locked check --hide-inclusion-graph bans licenses sources
  echo "not checked: security advisories. Their database is no package of a registry we may use."
}

step_wasm() { bash .ci/wasm.sh; }

# The phone app: types, unit tests, and the build that the server carries.
step_app() {
  bash .ci/app.sh check
  bash .ci/app.sh build
}

# The console: the same.
step_console() {
  bash .ci/console.sh check
  bash .ci/console.sh build
}

# Records by Automerge's own JavaScript package and ours, each read by the other.
step_interop() {
  built --bin interop
  bash .ci/npm.sh tests/interop
  cd tests/interop
  INTEROP="$target/debug/interop" npm test --silent
}

# The bindings for Python, tried against the real server, and for Swift, generated alone.
step_native() {
  bash .ci/python.sh test
  bash .ci/native.sh swift
}

# The Kotlin bindings and the layer on them, compiled and tried on a JVM; the AAR around them.
step_kotlin() {
  bash .ci/kotlin.sh test
  bash .ci/android.sh layout "$target/debug/libgridbook_mobile.so"
}

# One scenario with every binding against the real server, and all of them on one shop.
step_parity() { bash .ci/parity.sh; }

# The pages in a real browser, against the real server that carries them.
step_pages() {
  bash .ci/app.sh planted
  built --bin gridbook
  bash .ci/npm.sh tests/pages
  cd tests/pages
  GRIDBOOK="$target/debug/gridbook" PLANTED="$target/planted/app" npm test --silent
}

# The console's API against its own document: whatever is sent, nothing fails and nothing is answered
# that it does not say.
step_api() {
  local venv=$target/api-venv wanted=tests/api/requirements.txt
  built --bin gridbook
  if ! cmp -s "$wanted" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
    cp "$wanted" "$venv/installed.txt"
  fi
  "$venv/bin/python" tests/api/check.py "$target/debug/gridbook"
}

# The app's figures: a release build of the server, as operators have it.
step_bench_app() {
  cargo build --quiet --release --locked -p gridbook-server --bin gridbook
  bash .ci/npm.sh tests/pages
  cd tests/pages
  GRIDBOOK="$target/release/gridbook" node figures.mjs
}

# Type-checks the fuzz targets as cargo-fuzz would see them; `make fuzz` runs them.
step_fuzz_check() {
  CARGO_TARGET_DIR="$target/fuzz" cargo check --manifest-path "$fuzz" --bins --locked
}

[ "$#" -gt 0 ] || set -- "${all[@]}"
times=()
for step in "$@"; do
  printf '\n== %s\n' "$step"
  begun=$SECONDS
  # In a subshell, and not as a condition, so that `set -e` holds inside the step.
  set +e
  (set -e; "step_${step//-/_}")
  code=$?
  set -e
  if [ "$code" -ne 0 ]; then
    printf '\n== %s FAILED after %d s. Alone: bash .ci/steps.sh %s\n' \
      "$step" "$((SECONDS - begun))" "$step" >&2
    exit "$code"
  fi
  times+=("$step $((SECONDS - begun)) s")
  printf '== %s: %d s\n' "$step" "$((SECONDS - begun))"
  # What was just installed may have to come first on PATH.
  [ "$step" = install ] && source .ci/env.sh
done
printf '\n== passed in %d s: ' "$SECONDS"
printf '%s, ' "${times[@]}" | sed 's/, $/\n/'
