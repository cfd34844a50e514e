#!/usr/bin/env bash
# Runs rows of the matrix of runtimes as CI does: a row that cannot be run is a failure there.
#   scripts/release/rows.sh row…
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
node scripts/runtimes.mjs "$@" | tee "$log"
if missing=$(grep -E '^  not run: ' "$log"); then
    printf 'FAILED: rows that were not run:\n%s\n' "$missing"
    exit 1
fi
