#!/usr/bin/env bash
# The fieldbook for Python, of mobile-bindings/python:
#   bash .ci/python.sh wheel      a wheel for this machine, of the release library, into target/python/dist
#   bash .ci/python.sh venv       the debug library's wheel in an environment of its own, target/python/venv
#   bash .ci/python.sh test       and its tests there, against the real server
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

bash .ci/install.sh rust python
source .ci/env.sh

out=$target/python
wanted=mobile-bindings/python/requirements.txt

# The environment, anew where what is wanted in it has changed.
environment() {
  cmp -s "$wanted" "$out/venv/installed.txt" && return
  rm -rf "$out/venv"
  python3 -m venv "$out/venv"
  "$out/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
  cp "$wanted" "$out/venv/installed.txt"
}

# wheel PROFILE: the package with the library of that profile's folder, as a wheel in target/python/dist.
wheel() {
  local library=$target/$1/libgridbook_mobile.so
  [ "$(uname -s)" = Darwin ] && library=${library%.so}.dylib
  bash .ci/bindings.sh python "$out/generated"
  rm -rf "$out/package" "$out/dist"
  mkdir -p "$out/package"
  cp -r mobile-bindings/python/{src,pyproject.toml,setup.py,README.md} "$out/package"
  cp "$out/generated/gridbook.py" "$out/package/src/gridbook/_native.py"
  cp "$library" "$out/package/src/gridbook/"
  "$out/venv/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
    --wheel-dir "$out/dist" "$out/package"
}

environment
case ${1:?wheel, venv or test} in
  wheel)
    bash .ci/native.sh build
    wheel native
    ls "$out/dist"/*.whl
    ;;
  venv | test)
    wheel debug
    "$out/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$out/dist"/*.whl
    [ "$1" = venv ] && exit
    cargo build --quiet --locked -p gridbook-mobile -p gridbook-server -p gridbook-tests --lib --bin gridbook --bin stage
    export GRIDBOOK=$target/debug/gridbook STAGE=$target/debug/stage
    "$out/venv/bin/python" -m pytest -q -p no:cacheprovider mobile-bindings/python/tests
    ;;
  *) echo "wheel, venv or test" >&2; exit 1 ;;
esac
