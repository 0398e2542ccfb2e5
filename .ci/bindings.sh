#!/usr/bin/env bash
# The bindings that UniFFI generates from the built library:  bash .ci/bindings.sh LANGUAGE FOLDER
# with LANGUAGE kotlin, python or swift. Files that would not change are left alone.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

language=${1:?kotlin, python or swift}
folder=${2:?a folder}
library=$target/debug/libgridbook_mobile.so
[ "$(uname -s)" = Darwin ] && library=${library%.so}.dylib

built --lib
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
# The generator is of the library's own UniFFI: both are named in a lock file.
CARGO_TARGET_DIR=$target/bindgen cargo run --quiet --locked --manifest-path mobile-bindings/bindgen/Cargo.toml -- \
  generate --no-format --language "$language" --out-dir "$new" "$library"
if ! diff -rq "$new" "$folder" >/dev/null 2>&1; then
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")"
  cp -r "$new" "$folder"
fi
