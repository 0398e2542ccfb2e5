#!/usr/bin/env bash
# The console in server/console:
#   bash .ci/console.sh build      into dist, which the server carries
#   bash .ci/console.sh check      types and unit tests
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
# Colours and the form of text tables are the phone app's.
bash .ci/npm.sh mobile-bindings/app server/console
# Node may have come only now.
source .ci/env.sh
cd server/console

case ${1:?build or check} in
  build) npm run --silent build ;;
  check)
    npm run --silent check
    npm run --silent test
    ;;
  *) echo "build or check" >&2; exit 1 ;;
esac
