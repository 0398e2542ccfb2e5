#!/usr/bin/env bash
# The library for native apps, as it is shipped:
#   bash .ci/native.sh build      target/native/libgridbook_mobile.so, by the profile `native`
#   bash .ci/native.sh size       and its size, which must not pass 6 MB
#   bash .ci/native.sh swift      the Swift bindings, and their interface beside the one that is kept
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# Bytes that the stripped library of one platform may have.
most=6000000

# As a library of C alone: what is a library for Rust besides, cargo links without optimising over crates.
build() { cargo rustc --quiet --locked --profile native -p gridbook-mobile --lib --crate-type cdylib; }

# The public names of the generated Swift, without UniFFI's own: what an app is written against.
interface() {
  sed -nE 's/^( *)(public|open|case) ([^{]*[^ {]).*$/\1\2 \3/p' "$1" |
    grep -vE 'FfiConverter|RustBuffer|FfiType|uniffi|errorDescription|NoHandle|Handle: UInt64' |
    grep -vE ' func `?(lift|lower|read|write|==|hash|fromPointer)`?\(|case (\.|let|[A-Z_0-9]+:|[0-9]+|unexpected|bufferOverflow|incompleteData|rustPanic|ok$|contractVersionMismatch|apiChecksumMismatch)' |
    sed -E 's/^ +/  /; s/  +(->|async|throws)/ \1/g; s/\)(async|throws)/) \1/; s/ +$//'
}

case ${1:?build, size or swift} in
  build) build ;;
  size)
    build
    bytes=$(stat -c %s "$target/native/libgridbook_mobile.so")
    echo "the library for native apps: $bytes bytes"
    [ "$bytes" -le "$most" ] || { echo "more than $most bytes" >&2; exit 1; }
    ;;
  swift)
    bash .ci/bindings.sh swift "$target/swift"
    kept=mobile-bindings/swift/interface.txt
    interface "$target/swift/Gridbook.swift" >"$target/swift-interface.txt"
    if [ "${GOLDEN:-}" = write ]; then cp "$target/swift-interface.txt" "$kept"; fi
    diff -u "$kept" "$target/swift-interface.txt" || {
      echo "the interface for Swift has changed; if it is to: GOLDEN=write bash .ci/native.sh swift" >&2
      exit 1
    }
    echo "generated, not compiled: there is no Swift compiler here"
    ;;
  *) echo "build, size or swift" >&2; exit 1 ;;
esac
