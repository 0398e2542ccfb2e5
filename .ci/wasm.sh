#!/usr/bin/env bash
# Builds sync-core for wasm32-unknown-unknown in profile `wasm`, to show that the core still compiles
# for a browser. The web package itself is made in mobile-bindings.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

triple=wasm32-unknown-unknown
# A folder of its own: other flags and, with Debian's compiler, another standard library.
export CARGO_TARGET_DIR="$target/wasm"
export CC_wasm32_unknown_unknown=clang-19 AR_wasm32_unknown_unknown=llvm-ar-19
build=(build --locked -p sync-core --lib --target "$triple" --profile wasm)

if [ -d "$(rustc --print sysroot)/lib/rustlib/$triple/lib" ]; then
  cargo "${build[@]}"
else
  # Debian ships no std for this target but its source. Building std is an unstable flag of cargo,
  # which the stable compiler takes under RUSTC_BOOTSTRAP.
  export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
  export RUSTFLAGS="${RUSTFLAGS:-} -Clinker-flavor=wasm-ld"
  /usr/bin/cargo "${build[@]}" -Z build-std=std,panic_abort
fi
