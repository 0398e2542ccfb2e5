# shellcheck shell=bash
# Sourced by every script in this folder: where things are, and which Rust builds them.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# Tools built from source are kept outside the checkout, so that a new clone finds them again.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gridbook
target=${CARGO_TARGET_DIR:-$root/target}
export PATH="$cache/bin:$PATH"
export DEBIAN_FRONTEND=noninteractive

# A build server builds once: incremental files would only cost time and disk.
if [ -n "${CI:-}" ]; then export CARGO_INCREMENTAL=0; fi

# The workspace's `rust-version`, and what a toolchain needs besides cargo and rustc.
oldest_minor=90

# new_enough CARGO RUSTC: both exist and are at least 1.$oldest_minor.
new_enough() {
  local tool version
  for tool in "$1" "$2"; do
    version=$("$tool" --version 2>/dev/null) || return 1
    [[ $version =~ ^[a-z]+\ 1\.([0-9]+)\. ]] || return 1
    [ "${BASH_REMATCH[1]}" -ge "$oldest_minor" ] || return 1
  done
}

# rust_ready: the cargo on PATH is new enough and has rustfmt and clippy.
rust_ready() {
  new_enough cargo rustc && cargo fmt --version >/dev/null 2>&1 &&
    cargo clippy --version >/dev/null 2>&1
}

# use_debian_rust: put Debian's toolchain first on PATH.
use_debian_rust() {
  export PATH="/usr/bin:$PATH"
  hash -r
}

# The toolchain on PATH serves if it is complete; else Debian's, once it is installed.
if ! rust_ready && new_enough /usr/bin/cargo /usr/bin/rustc; then use_debian_rust; fi

# Node for the phone app's build: what Vite asks for.
node_version=22.23.3

# node_ready: the node and npm on PATH serve.
node_ready() {
  command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number)
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

# Else the one that was put into the cache.
if ! node_ready && [ -x "$cache/node/node_modules/.bin/node" ]; then
  export PATH="$cache/node/node_modules/.bin:$PATH"
fi

# built TARGET...: builds what `make test` runs, for example `built --bin gridbook`. The whole workspace is
# chosen, with a small test of it, because cargo gives shared packages the features that the chosen ones
# want, in tests too: of another choice it would compile most of them once more.
built() { cargo build --quiet --locked --workspace --test builtin "$@"; }
