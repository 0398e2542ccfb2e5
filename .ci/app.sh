#!/usr/bin/env bash
# The phone app in mobile-bindings/app:
#   bash .ci/app.sh build      into dist, with the core of .ci/wasm.sh, which is made if it is missing
#   bash .ci/app.sh planted    into target/planted, with a core that can be told to panic
#   bash .ci/app.sh check      types and unit tests
#   bash .ci/app.sh fake       its pages in a browser, with a stand-in for the core
set -euo pipefail
bash "$(dirname "${BASH_SOURCE[0]}")/install.sh" node
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd mobile-bindings/app

# What the lock file names, once.
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi

case ${1:?build, planted, check or fake} in
  build)
    [ -f src/core/pkg/gridbook_mobile_bg.wasm ] || bash "$root/.ci/wasm.sh"
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
