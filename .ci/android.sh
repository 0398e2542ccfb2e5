#!/usr/bin/env bash
# The fieldbook for Android apps, as target/android/gridbook.aar:
#   bash .ci/android.sh                     four ABIs, by Google's NDK
#   bash .ci/android.sh layout LIBRARY      the same file around a library that is there, for x86_64 alone:
#                                           what a machine without the NDK can check
# The NDK comes from no package registry: where it is missing, what to get is said, and nothing built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

abis=(arm64-v8a armeabi-v7a x86_64 x86)
triples=(aarch64-linux-android armv7-linux-androideabi x86_64-linux-android i686-linux-android)
# Android 8: below it devices have neither the certificates nor the patches for personal data.
oldest_api=26
# From r28 on libraries are aligned for phones with pages of 16 KB, which Google's store asks for.
oldest_ndk=28
out=$target/android

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# find_ndk: its folder, from the two variables that Google's own tools read.
find_ndk() {
  local folder
  if [ -n "${ANDROID_NDK_HOME:-}" ]; then
    echo "$ANDROID_NDK_HOME"
    return
  fi
  folder=$(find "${ANDROID_HOME:-/nonexistent}/ndk" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort -V | tail -1)
  [ -n "$folder" ] || fail "No Android NDK. Install r$oldest_ndk or newer (Android Studio: SDK Manager, SDK Tools, NDK)" \
    "and set ANDROID_HOME to the SDK's folder, or ANDROID_NDK_HOME to the NDK's."
  echo "$folder"
}

check_ndk() {
  local properties=$1/source.properties revision
  [ -f "$properties" ] || fail "$1 is no Android NDK: it has no source.properties." \
    "Set ANDROID_NDK_HOME to the folder of one, r$oldest_ndk or newer."
  revision=$(sed -n 's/^Pkg\.Revision *= *\([0-9]*\).*/\1/p' "$properties")
  [ "${revision:-0}" -ge "$oldest_ndk" ] || fail "The Android NDK in $1 is r${revision:-?}; r$oldest_ndk or newer is wanted," \
    "whose libraries run on phones with pages of 16 KB."
}

check_rust() {
  local triple missing=()
  for triple in "${triples[@]}"; do
    [ -d "$(rustc --print sysroot)/lib/rustlib/$triple/lib" ] || missing+=("$triple")
  done
  [ "${#missing[@]}" -eq 0 ] || fail "The Rust on PATH has no standard library for: ${missing[*]}" \
    "With rustup: rustup target add ${missing[*]}" "Debian's Rust has none for Android."
}

libraries() {
  local names=() abi
  for abi in "${abis[@]}"; do names+=(-t "$abi"); done
  cargo ndk "${names[@]}" -P "$oldest_api" -o "$out/aar/jni" \
    rustc --locked -p gridbook-mobile --lib --profile native --crate-type cdylib
}

# pack: the AAR of what stands in $out/aar. Its layout is Google's: a manifest, classes.jar, a library
# for each ABI, and what the app's shrinker must leave alone.
pack() {
  bash .ci/kotlin.sh jar "$out/aar/classes.jar"
  cat >"$out/aar/AndroidManifest.xml" <<XML
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="org.gridbook">
    <uses-sdk android:minSdkVersion="$oldest_api" />
    <uses-permission android:name="android.permission.INTERNET" />
</manifest>
XML
  # JNA finds both by name.
  cat >"$out/aar/proguard.txt" <<PRO
-keep class com.sun.jna.** { *; }
-keep class org.gridbook.core.** { *; }
-dontwarn java.awt.**
PRO
  : >"$out/aar/R.txt"
  (cd "$out/aar" && rm -f ../gridbook.aar && python3 -m zipfile -c ../gridbook.aar ./*)
  echo "$out/gridbook.aar"
}

rm -rf "$out/aar"
case ${1:-build} in
  build)
    ANDROID_NDK_HOME=$(find_ndk)
    export ANDROID_NDK_HOME
    check_ndk "$ANDROID_NDK_HOME"
    check_rust
    bash .ci/install.sh cargo-ndk
    libraries
    ;;
  layout)
    mkdir -p "$out/aar/jni/x86_64"
    cp "${2:?a library}" "$out/aar/jni/x86_64/libgridbook_mobile.so"
    ;;
  *) fail "build, or layout and a library" ;;
esac
pack
