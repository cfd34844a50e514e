#!/usr/bin/env bash
# Finds or installs everything the project is built and tested with, and writes what it found to .tools/env.
# Needs only Rust (rustup), Node 20 or later with npm, and make. Running it again costs a second or two.
#
#   CLAIV_TOOLCHAIN=rustup|debian   forces where the wasm32 compiler comes from; the default tries rustup, then Debian's packages
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

ROOT=$PWD
TOOLS=$ROOT/.tools
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/claiv-memory
TARGET=wasm32-unknown-unknown
mkdir -p "$TOOLS" "$CACHE"

# shellcheck source=scripts/lib/setup-common.sh
. scripts/lib/setup-common.sh
# shellcheck source=scripts/lib/setup-rust.sh
. scripts/lib/setup-rust.sh
# shellcheck source=scripts/lib/setup-bindgen.sh
. scripts/lib/setup-bindgen.sh
# shellcheck source=scripts/lib/setup-npm.sh
. scripts/lib/setup-npm.sh

# Two set-ups at once would install the same things into the same places.
if have flock; then
    exec 9>"$CACHE/setup.lock"
    flock -n 9 || { say "another set-up is running; waiting for it"; flock 9; }
fi

require_base
choose_toolchain
find_bindgen
install_npm_packages
write_env
say "ready: wasm by $ROUTE ($("$WASM_RUSTC" --version | cut -d' ' -f2)), wasm-bindgen $BINDGEN_VERSION, node $(node --version)"
