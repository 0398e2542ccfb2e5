#!/usr/bin/env bash
# The phone app in mobile-bindings/app:
#   bash .ci/app.sh build      into dist, with the core of .ci/wasm.sh, which is made if it is missing or old
#   bash .ci/app.sh planted    into target/planted, with a core that can be told to panic
#   bash .ci/app.sh check      types and unit tests
#   bash .ci/app.sh fake       its pages in a browser, with a stand-in for the core
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
bash .ci/npm.sh mobile-bindings/app
# Node may have come only now.
source .ci/env.sh
cd mobile-bindings/app

case ${1:?build, planted, check or fake} in
  build)
    made=src/core/pkg/gridbook_mobile_bg.wasm
    # What the core is made of; after a pull the pages may want a newer one.
    parts=("$root"/{Cargo.toml,Cargo.lock,schemas,sync-core/src,sync-core/Cargo.toml} "$root"/mobile-bindings/{src,Cargo.toml,pack/src,pack/Cargo.lock} "$root/.ci/wasm.sh")
    if [ ! -f "$made" ] || [ -n "$(find "${parts[@]}" -newer "$made" -print -quit)" ]; then
      bash "$root/.ci/wasm.sh"
    fi
    npm run --silent build
    # A name of the stand-in's street: nothing of it may be in what people get.
    if grep -rqF 晨光文具 dist; then
      echo "the stand-in for the core is in the build" >&2
      exit 1
    fi
    ;;
  planted)
    bash "$root/.ci/wasm.sh" "$target/planted/core" planted-panic
    GRIDBOOK_CORE="$target/planted/core" npm run --silent build -- --outDir "$target/planted/app" --emptyOutDir
    ;;
  check)
    npm run --silent check
    npm run --silent test
    ;;
  fake) npm run --silent fake ;;
  *) echo "build, planted, check or fake" >&2; exit 1 ;;
esac
