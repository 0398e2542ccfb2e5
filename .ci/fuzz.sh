#!/usr/bin/env bash
# Runs each fuzz target of sync-core for FUZZ_SECONDS (60), or only those named:
#   FUZZ_SECONDS=600 bash .ci/fuzz.sh [TARGET...]
# A crash stops the run; its input stays in sync-core/fuzz/artifacts/.
set -euo pipefail
bash "$(dirname "${BASH_SOURCE[0]}")/install.sh" cargo-fuzz
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# Coverage needs unstable compiler flags: a nightly where rustup has one, else the stable compiler
# under RUSTC_BOOTSTRAP. Debian's compiler comes without the address sanitizer's runtime.
if command -v rustup >/dev/null && rustup run nightly rustc --version >/dev/null 2>&1; then
  export RUSTUP_TOOLCHAIN=nightly
else
  export RUSTC_BOOTSTRAP=1
fi
sanitizer=address
compgen -G "$(rustc --print target-libdir)/librustc*_rt.asan.a" >/dev/null || sanitizer=none

# Seeds: genuine changes and schemas, which mutations then damage.
cargo run --locked -q -p gridbook-hostile --example fuzz_seeds -- sync-core/fuzz/corpus

cd sync-core
names=("$@")
[ "${#names[@]}" -gt 0 ] || mapfile -t names < <("$cache/bin/cargo-fuzz" fuzz list)
for name in "${names[@]}"; do
  echo "== fuzz $name for ${FUZZ_SECONDS:-60} s, sanitizer: $sanitizer"
  "$cache/bin/cargo-fuzz" fuzz run --sanitizer "$sanitizer" "$name" -- -max_total_time="${FUZZ_SECONDS:-60}"
done
