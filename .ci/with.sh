#!/usr/bin/env bash
# Runs one command with what it needs:  bash .ci/with.sh NEED... -- COMMAND...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

needs=()
while [ "${1:?a command is missing after --}" != -- ]; do needs+=("$1"); shift; done
shift
bash .ci/install.sh "${needs[@]}"
# Read again: the toolchain may have arrived only now.
source .ci/env.sh
exec "$@"
