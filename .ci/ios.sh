#!/usr/bin/env bash
# The fieldbook for iOS apps, as target/ios/GridbookFFI.xcframework and the Swift that calls it:
#   bash .ci/ios.sh
# Apple's tools run on macOS alone; elsewhere what is missing is said, and nothing built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

device=aarch64-apple-ios
# Simulators on both kinds of Mac, which one library serves.
simulators=(aarch64-apple-ios-sim x86_64-apple-ios)
oldest_ios=15.0
out=$target/ios
profile=native

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

check() {
  local triple missing=()
  [ "$(uname -s)" = Darwin ] || fail \
    "An xcframework is made by Xcode, which runs on macOS alone; this is $(uname -s)." \
    "Run make ios on a Mac with Xcode 15 or newer."
  xcodebuild -version >/dev/null 2>&1 || fail \
    "No Xcode. Install it from Apple's store, open it once, then:" \
    "sudo xcode-select --switch /Applications/Xcode.app"
  for triple in "$device" "${simulators[@]}"; do
    [ -d "$(rustc --print sysroot)/lib/rustlib/$triple/lib" ] || missing+=("$triple")
  done
  [ "${#missing[@]}" -eq 0 ] || fail \
    "The Rust on PATH has no standard library for: ${missing[*]}" \
    "With rustup: rustup target add ${missing[*]}"
}

# made TRIPLE: where its library is.
made() { echo "$target/$1/$profile/libgridbook_mobile.a"; }

check
export IPHONEOS_DEPLOYMENT_TARGET=$oldest_ios
for triple in "$device" "${simulators[@]}"; do
  cargo rustc --locked -p gridbook-mobile --lib --profile "$profile" --target "$triple" --crate-type staticlib
done
rm -rf "$out"
mkdir -p "$out/simulator" "$out/headers" "$out/Sources"
lipo -create -output "$out/simulator/libgridbook_mobile.a" "$(made "${simulators[0]}")" "$(made "${simulators[1]}")"

# The generated Swift and the header of what it calls, whose module map Xcode looks for by this name.
bash .ci/bindings.sh swift "$out/generated"
mv "$out"/generated/*.swift "$out/Sources"
mv "$out"/generated/*.h "$out/headers"
cat "$out"/generated/*.modulemap >"$out/headers/module.modulemap"
xcodebuild -create-xcframework -output "$out/GridbookFFI.xcframework" \
  -library "$(made "$device")" -headers "$out/headers" \
  -library "$out/simulator/libgridbook_mobile.a" -headers "$out/headers"
echo "$out/GridbookFFI.xcframework, $out/Sources"
