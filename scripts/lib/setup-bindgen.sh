# Sourced by setup.sh: wasm-bindgen and its test runner, at exactly the version the crates are locked to.
# Sets BINDGEN_VERSION and BINDGEN_BIN.

bindgen_is() {
    [ "$("$1/wasm-bindgen" --version 2>/dev/null)" = "wasm-bindgen $BINDGEN_VERSION" ] &&
        [ "$("$1/wasm-bindgen-test-runner" --version 2>/dev/null)" = "wasm-bindgen-test-runner $BINDGEN_VERSION" ]
}

find_bindgen() {
    local root path
    BINDGEN_VERSION=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' Cargo.lock)
    [ -n "$BINDGEN_VERSION" ] || fail "Cargo.lock names no wasm-bindgen: restore it with 'git checkout Cargo.lock'."
    root=$CACHE/wasm-bindgen-$BINDGEN_VERSION
    BINDGEN_BIN=$root/bin
    bindgen_is "$BINDGEN_BIN" && return
    if path=$(command -v wasm-bindgen) && bindgen_is "$(dirname "$path")"; then
        BINDGEN_BIN=$(dirname "$path")
        return
    fi
    # The registry can lag behind the lock file of a day-old release, so the second try resolves anew. The build folder stays
    # until it has worked: an interrupted compile goes on where it was.
    install_bindgen "$root" --locked ||
        { say "trying once more, without the tool's own lock file"; install_bindgen "$root"; } ||
        fail "wasm-bindgen-cli $BINDGEN_VERSION could not be installed: run 'cargo install wasm-bindgen-cli --version $BINDGEN_VERSION' and then this again."
    bindgen_is "$BINDGEN_BIN" || fail "what cargo installed in $root is not wasm-bindgen $BINDGEN_VERSION: delete that folder and run this again."
    rm -rf "$root/build"
}

install_bindgen() {
    local root=$1
    shift
    step "compiling wasm-bindgen-cli $BINDGEN_VERSION (three minutes or so, once)" 2400 \
        env CARGO_TARGET_DIR="$root/build" "$CARGO" install wasm-bindgen-cli --version "$BINDGEN_VERSION" --root "$root" --force "$@"
}
