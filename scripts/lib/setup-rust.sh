# Sourced by setup.sh: chooses the compiler of the wasm builds. Sets ROUTE, CARGO (for native builds), WASM_CARGO,
# WASM_RUSTC and WASM_LINKER (empty: the compiler's own).

# The minor version of `rust-version = "1.92"`.
OLDEST_RUST=$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' Cargo.toml)

choose_toolchain() {
    local wanted=${CLAIV_TOOLCHAIN:-}
    [ -n "$OLDEST_RUST" ] || fail "Cargo.toml has no rust-version: restore it with 'git checkout Cargo.toml'."
    case $wanted in
    rustup) try_rustup || fail "rustup gave no $TARGET library and rust-src: check its network, or set CLAIV_TOOLCHAIN=debian." ;;
    debian) try_debian || fail "Debian's Rust for wasm could not be set up: see above; it needs apt, and root or sudo." ;;
    "")
        # What an earlier run settled on needs no new try at the network.
        if ! rustup_is_ready && [ "$(previous_route)" = debian ] && debian_is_ready; then
            use_debian
        elif ! try_rustup; then
            say "rustup cannot give $TARGET here; taking Debian's compiler for the wasm builds"
            try_debian || fail "no Rust for $TARGET: run 'rustup target add $TARGET && rustup component add rust-src', or give this machine apt with root or sudo."
        fi
        ;;
    *) fail "CLAIV_TOOLCHAIN is '$wanted': set it to rustup or debian, or leave it unset." ;;
    esac
    add_lint_components
}

previous_route() { sed -n "s/^CLAIV_ROUTE='\(.*\)'$/\1/p" "$TOOLS/env" 2>/dev/null || true; }

# minor VERSION-COMMAND… prints 95 for rustc 1.95.0.
minor() { "$@" --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\)\..*/\1/p'; }

# The standard library for wasm32 (tests) and its source (release builds compile it anew) must both be there.
sysroot_is_complete() {
    [ -f "$1/lib/rustlib/src/rust/library/std/Cargo.toml" ] &&
        compgen -G "$1/lib/rustlib/$TARGET/lib/libstd-*.rlib" >/dev/null
}

rustup_is_ready() {
    have cargo && have rustc && is_new_enough rustc && sysroot_is_complete "$(rustc --print sysroot)"
}

is_new_enough() {
    local version
    version=$(minor "$1")
    [ "${version:-0}" -ge "$OLDEST_RUST" ]
}

try_rustup() {
    if ! rustup_is_ready; then
        if have rustc && ! is_new_enough rustc; then
            say "$(rustc --version) is older than the 1.$OLDEST_RUST that release builds need: 'rustup update stable' brings a newer one"
            return 1
        fi
        have rustup || {
            say "rustup is not on PATH"
            return 1
        }
        step "adding $TARGET to the rustup toolchain" 180 rustup target add "$TARGET" || return 1
        step "adding the standard library's source to it" 180 rustup component add rust-src || return 1
        rustup_is_ready || return 1
    fi
    ROUTE=rustup CARGO=$(command -v cargo) WASM_CARGO=$(command -v cargo) WASM_RUSTC=$(command -v rustc) WASM_LINKER=
}

# Debian's compiler sits beside rustup's and serves the wasm builds only; see CONTRIBUTING.md for how it is put together.
try_debian() {
    if ! debian_packages_are_there; then
        apt_install rustc-web cargo-web rust-web-src || return 1
    fi
    if ! is_new_enough /usr/bin/rustc; then
        say "Debian's $(/usr/bin/rustc --version) is older than the 1.$OLDEST_RUST that release builds need"
        return 1
    fi
    debian_linker >/dev/null || apt_install lld || return 1
    debian_is_ready || build_debian_std || return 1
    use_debian
}

debian_packages_are_there() {
    [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && [ -e /usr/lib/rustlib/src/rust/library/std/Cargo.toml ] &&
        dpkg-query -W rustc-web >/dev/null 2>&1
}

# The sysroot is our own folder, so neither Debian's files nor rustup's are touched. One per version of the package: a
# library fits only the compiler that made it. The 2 is that of the way it is built, below.
debian_sysroot() { echo "$CACHE/debian-sysroot-2-$(dpkg-query -W -f '${Version}' rustc-web)"; }

debian_is_ready() {
    debian_packages_are_there && debian_linker >/dev/null && sysroot_is_complete "$(debian_sysroot)"
}

debian_linker() {
    local lld
    for lld in "${RUSTUP_HOME:-$HOME/.rustup}"/toolchains/*/lib/rustlib/*-linux-*/bin/rust-lld /usr/bin/wasm-ld /usr/bin/wasm-ld-[0-9]*; do
        if [ -x "$lld" ]; then
            echo "$lld"
            return
        fi
    done
    return 1
}

use_debian() {
    # shellcheck disable=SC2034 # read by write_env
    ROUTE=debian CARGO=$(command -v cargo) WASM_CARGO=/usr/bin/cargo WASM_RUSTC=$(debian_sysroot)/bin/rustc WASM_LINKER=$(debian_linker)
}

# Debian ships no wasm32 library, but the source of one, with what it depends on: an empty crate is built with it and the
# resulting rlibs become a sysroot. It is put together beside its final place and moved there whole.
build_debian_std() {
    local final half
    final=$(debian_sysroot)
    half=$final.half
    rm -rf "$half" "$final"
    mkdir -p "$half/bin" "$half/lib/rustlib/$TARGET/lib" "$half/empty/src"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$half/empty/Cargo.toml"
    printf '#![no_std]\n' >"$half/empty/src/lib.rs"
    # LTO needs the bitcode, which a release build would leave out. The library's panics, which the development build shows, must not
    # tell where it was built.
    (
        flags=-Cembed-bitcode=yes
        for map in "${CARGO_HOME:-$HOME/.cargo}=/cargo" /usr/lib/rustlib/src/rust=/rust; do flags+=$'\x1f'"--remap-path-prefix=$map"; done
        cd "$half/empty"
        step "building the $TARGET standard library from Debian's source (about a minute)" 1200 \
            env -u CARGO_TARGET_DIR RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS="$flags" \
            /usr/bin/cargo build --release --target "$TARGET" -Z build-std=std,panic_abort,panic_unwind,test
    ) || return 1
    find "$half/empty/target/$TARGET/release/deps" -name '*.rlib' ! -name 'libempty-*' \
        -exec cp {} "$half/lib/rustlib/$TARGET/lib/" \;
    rm -rf "$half/empty"
    # Build scripts and macros use Debian's own library for this machine.
    ln -s /usr/lib/rustlib/*-linux-* "$half/lib/rustlib/"
    ln -s /usr/lib/rustlib/src "$half/lib/rustlib/src"
    printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot "%s" "$@"\n' "$final" >"$half/bin/rustc"
    chmod +x "$half/bin/rustc"
    mv "$half" "$final"
}

# Formatting and lints use the machine's own toolchain; without them the rest still works and the tests say what was skipped.
add_lint_components() {
    have rustup || return 0
    rustup which rustfmt >/dev/null 2>&1 && rustup which cargo-clippy >/dev/null 2>&1 && return 0
    step "adding rustfmt and clippy" 180 rustup component add rustfmt clippy || say "no rustfmt or clippy: their checks will be skipped"
}
