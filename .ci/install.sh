#!/usr/bin/env bash
# Installs what a need names, and nothing that is there already.
#   bash .ci/install.sh NEED...      with NEED one of: rust wasm node browser python kotlin
#   deny fuzz cargo-fuzz cargo-ndk
# Debian packages come from apt, tools written in Rust from Cargo's default registry.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cargo_deny_version=0.20.2
cargo_fuzz_version=0.13.2
cargo_ndk_version=4.1.2

# packages NAME...: Debian packages, as root, only the missing ones.
packages() {
  local name missing=()
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    echo "missing: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  apt-get update -qq </dev/null
  apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

# A toolchain of at least 1.90 with rustfmt and clippy, and the C compiler that SQLite and ring want.
need_rust() {
  command -v cc >/dev/null || packages gcc libc6-dev
  packages ca-certificates
  rust_ready && return
  packages rustc-web cargo-web rustfmt-web rust-web-clippy
  use_debian_rust
  rust_ready || { echo "no complete Rust of 1.$oldest_minor or newer to be had" >&2; exit 1; }
}

# clang and llvm-ar compile the C inside ring and SQLite for wasm32. Where the toolchain on PATH has no
# wasm32 target, Debian's compiler builds the standard library from Debian's source of it.
need_wasm() {
  need_rust
  packages clang-19 llvm-19
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ] && return
  packages rustc-web cargo-web rust-web-src lld-19
}

# Debian's Node is too old for Vite; the npm package `node` brings one.
# A browser for page tests, with letters for Chinese.
need_browser() {
  need_node
  packages chromium fonts-noto-cjk
}

# The Kotlin compiler is an npm package that a lock file names; it and what it makes run on a JVM.
need_kotlin() {
  need_node
  command -v java >/dev/null || packages default-jre-headless
  packages libjna-java junit4 libgoogle-gson-java python3
}

# A Python that can make a virtual environment.
need_python() {
  python3 -c 'import ensurepip, venv' 2>/dev/null || packages python3 python3-venv
}

need_node() {
  node_ready && return
  command -v npm >/dev/null || packages nodejs npm
  node_ready && return
  echo "installing node $node_version"
  npm install --silent --no-save --prefix "$cache/node" "node@$node_version"
  export PATH="$cache/node/node_modules/.bin:$PATH"
  hash -r
  node_ready || { echo "no Node of 20.19 or newer to be had" >&2; exit 1; }
}

# cargo_tool NAME VERSION: into the cache. Compiled without optimisation: it runs for seconds, and so
# it is there in well under a minute.
cargo_tool() {
  # Through cargo, because some of them run no other way.
  [ "$(cargo "${1#cargo-}" --version 2>/dev/null)" = "$1 $2" ] && return
  echo "building $1 $2"
  CARGO_TARGET_DIR="$cache/build" CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_STRIP=debuginfo \
    cargo install "$1" --version "$2" --locked --quiet --force --root "$cache"
  rm -rf "$cache/build"
}

need_deny() {
  need_rust
  cargo_tool cargo-deny "$cargo_deny_version"
}

# The fuzz targets link libFuzzer, which is C++.
need_fuzz() {
  need_rust
  command -v c++ >/dev/null || packages g++
}

need_cargo_fuzz() {
  need_fuzz
  cargo_tool cargo-fuzz "$cargo_fuzz_version"
}

need_cargo_ndk() {
  need_rust
  cargo_tool cargo-ndk "$cargo_ndk_version"
}

for need in "$@"; do "need_${need//-/_}"; done
