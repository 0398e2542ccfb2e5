#!/usr/bin/env bash
# The fieldbook for Python, of mobile-bindings/python:
#   bash .ci/python.sh wheel      a wheel for this machine, of the release library, into target/python/dist
#   bash .ci/python.sh venv       the debug library's wheel in an environment of its own, target/python/venv
#   bash .ci/python.sh test       and its tests there, against the real server
#   bash .ci/python.sh shipped    the same tests with the release library, as it is shipped
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

# The wheel into the environment.
put_in() {
  "$out/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$out/dist"/*.whl
}

# The tests of what is in the environment.
try_it() {
  built --lib --bin gridbook --bin stage
  export GRIDBOOK=$target/debug/gridbook STAGE=$target/debug/stage
  "$out/venv/bin/python" -m pytest -q -p no:cacheprovider mobile-bindings/python/tests
}

environment
case ${1:?wheel, venv, test or shipped} in
  wheel)
    bash .ci/native.sh build
    wheel native
    ls "$out/dist"/*.whl
    ;;
  venv | test)
    wheel debug
    put_in
    [ "$1" = venv ] || try_it
    ;;
  shipped)
    bash .ci/native.sh build
    wheel native
    put_in
    try_it
    ;;
  *) echo "wheel, venv, test or shipped" >&2; exit 1 ;;
esac
