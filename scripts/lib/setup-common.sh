# Sourced by setup.sh: messages, bounded steps, rights, the checks of what must be there, and .tools/env.

say() { printf 'setup: %s\n' "$*"; }
fail() {
    printf 'setup: FAILED: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Steps run in the background, so Ctrl-C has to end them.
STEP_PID=
stop_step() {
    [ -z "$STEP_PID" ] || kill "$STEP_PID" 2>/dev/null || true
    rm -f "$TOOLS"/step.*
}
trap stop_step EXIT

# step LABEL SECONDS COMMAND… runs a command with a time limit, says every ten seconds how long it has taken and what it
# printed last, and shows the end of its output when it fails.
step() {
    local label=$1 limit=$2 log pid status=0 started=$SECONDS shown=$SECONDS
    shift 2
    log=$(mktemp "$TOOLS/step.XXXXXX")
    say "$label"
    # No standard input: nothing here may stop to ask. The lock (9) must not outlive us in a child left behind.
    timeout --kill-after=10 "$limit" "$@" </dev/null >"$log" 2>&1 9>&- &
    pid=$!
    STEP_PID=$pid
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - shown >= 10)); then
            shown=$SECONDS
            printf 'setup:   %4d s  %s\n' $((SECONDS - started)) "$(tail -n 1 "$log" | tr -d '\r' | cut -c1-100)"
        fi
    done
    wait "$pid" || status=$?
    STEP_PID=
    if ((status != 0)); then
        # npm prints the error first, other tools print it last.
        if [ "$(wc -l <"$log")" -gt 24 ]; then
            { head -n 8 "$log"; echo "…"; tail -n 14 "$log"; } | sed 's/^/setup:   | /'
        else
            sed 's/^/setup:   | /' "$log"
        fi
        ((status == 124)) && say "  stopped after $limit s"
    fi
    rm -f "$log"
    return "$status"
}

# as_root COMMAND… prints the command prefix that makes one run as root; fails where there is no way to.
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        echo env
    elif have sudo && sudo -n true 2>/dev/null; then
        echo "sudo -n"
    else
        return 1
    fi
}

# apt_install PACKAGE… as a bounded step.
apt_install() {
    local prefix
    have apt-get || return 1
    prefix=$(root_prefix) || {
        say "cannot install $*: neither root nor passwordless sudo"
        return 1
    }
    if ! apt-cache show "$@" >/dev/null 2>&1; then
        # shellcheck disable=SC2086 # the prefix is two words on purpose
        step "reading Debian's package lists" 300 $prefix apt-get -q update || return 1
    fi
    # shellcheck disable=SC2086
    step "installing Debian's $*" 900 $prefix DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install "$@"
}

require_base() {
    have node || fail "Node.js was not found: install Node 20.19 or later, then run this again."
    have npm || fail "npm was not found: install npm (it comes with Node.js), then run this again."
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
        fail "Node $(node --version) is too old for the development tools: install Node 20.19 or later."
    # Build scripts and procedural macros are linked for this machine.
    have cc || apt_install gcc libc6-dev || fail "no C compiler (cc) was found: install gcc, then run this again."
}

# Every other script reads this file; nothing else decides which tool is used.
write_env() {
    local file=$TOOLS/env.$$
    {
        echo "# Written by scripts/setup.sh: which tools this checkout is built with."
        printf "%s='%s'\n" \
            CLAIV_BINDGEN_VERSION "$BINDGEN_VERSION" \
            CLAIV_ROUTE "$ROUTE" \
            CLAIV_CARGO "$CARGO" \
            CLAIV_WASM_CARGO "$WASM_CARGO" \
            CLAIV_WASM_RUSTC "$WASM_RUSTC" \
            CLAIV_WASM_LINKER "$WASM_LINKER" \
            CLAIV_BINDGEN "$BINDGEN_BIN/wasm-bindgen" \
            CLAIV_TEST_RUNNER "$BINDGEN_BIN/wasm-bindgen-test-runner"
    } >"$file"
    mv "$file" "$TOOLS/env"
}
