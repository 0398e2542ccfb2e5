#!/usr/bin/env bash
# Builds the core for the browser and makes the web package of it that the app imports:
#   bash .ci/wasm.sh [FOLDER] [FEATURE...]      FOLDER: mobile-bindings/app/src/core/pkg
# Its size is said at the end, as it is and under brotli.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

folder=${1:-$root/mobile-bindings/app/src/core/pkg}
features=${*:2}
triple=wasm32-unknown-unknown
# A folder of its own: other flags and, with Debian's compiler, another standard library.
wasm_target="$target/wasm"
made=$triple/wasm/gridbook_mobile.wasm
# Cargo gives the core with other features the same name. It is made beside, from the same parts.
if [ -n "$features" ]; then
  wasm_target="$target/wasm-${features// /-}"
  if [ -e "$target/wasm/$made" ] && [ ! "$wasm_target/$made" -nt "$target/wasm/$made" ]; then
    rm -rf "$wasm_target"
    cp -al "$target/wasm" "$wasm_target"
    rm -f "$wasm_target/$triple"/wasm/{,deps/}gridbook_mobile*
  fi
fi
build=(build --locked -p gridbook-mobile --lib --target "$triple" --profile wasm --features "$features")

# In a subshell: what is set for the browser must not reach the packer, which runs here.
(
  export CARGO_TARGET_DIR="$wasm_target"
  export CC_wasm32_unknown_unknown=clang-19 AR_wasm32_unknown_unknown=llvm-ar-19
  # Parts of SQLite that the fieldbook does not use, which its crate builds in.
  export SQLITE_WASM_RS_FLAGS="-USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION \
    -USQLITE_ENABLE_PREUPDATE_HOOK -USQLITE_ENABLE_MATH_FUNCTIONS -USQLITE_ENABLE_DBSTAT_VTAB \
    -USQLITE_ENABLE_DBPAGE_VTAB -USQLITE_ENABLE_BYTECODE_VTAB -USQLITE_ENABLE_STMTVTAB \
    -USQLITE_ENABLE_OFFSET_SQL_FUNC -USQLITE_ENABLE_UNKNOWN_SQL_FUNCTION -USQLITE_ENABLE_UNLOCK_NOTIFY \
    -USQLITE_ENABLE_COLUMN_METADATA -USQLITE_ENABLE_API_ARMOR -DSQLITE_OMIT_TRACE -DSQLITE_OMIT_PROGRESS_CALLBACK \
    -DSQLITE_OMIT_AUTHORIZATION -DSQLITE_OMIT_DECLTYPE -DSQLITE_OMIT_TCL_VARIABLE -DSQLITE_OMIT_GET_TABLE \
    -DSQLITE_OMIT_JSON -DSQLITE_OMIT_SHARED_CACHE"
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
)

# wasm-bindgen's packer takes a file of its own version alone: both are named in a lock file.
CARGO_TARGET_DIR="$target/pack" cargo run --quiet --locked --manifest-path mobile-bindings/pack/Cargo.toml -- \
  "$wasm_target/$made" "$folder" gridbook_mobile

bytes=$(stat -c %s "$folder/gridbook_mobile_bg.wasm")
if command -v node >/dev/null; then
  packed=$(node -e 'const z = require("zlib"), fs = require("fs")
    console.log(z.brotliCompressSync(fs.readFileSync(process.argv[1])).length)' \
    "$folder/gridbook_mobile_bg.wasm")
  echo "the core for the browser: $bytes bytes, $packed with brotli"
  # A phone on a slow line loads this first. The target is 900 KB; what was reached must not grow.
  [ "$packed" -le 1180000 ] || { echo "more than 1,180 KB with brotli" >&2; exit 1; }
else
  echo "the core for the browser: $bytes bytes"
fi
