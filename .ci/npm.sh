#!/usr/bin/env bash
# What the lock files of these folders name, once:  bash .ci/npm.sh FOLDER...
set -euo pipefail
bash "$(dirname "${BASH_SOURCE[0]}")/install.sh" node
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
for folder in "$@"; do
  (
    cd "$folder"
    if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
      npm ci --no-audit --no-fund --loglevel=error
    fi
  )
done
