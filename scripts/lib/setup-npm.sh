# Sourced by setup.sh: the development packages of package-lock.json, in node_modules/.

install_npm_packages() {
    local stamp=node_modules/.claiv-installed now
    # The second word is what scripts/lib/wanted.mjs compares.
    now="$(node --version) $(node scripts/lib/wanted.mjs)"
    [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return
    rm -f "$stamp"
    # Nothing of what is installed needs its install script. A registry that failed once often answers the second time.
    step "installing npm packages" 600 npm ci --ignore-scripts --no-audit --no-fund ||
        step "trying once more" 600 npm ci --ignore-scripts --no-audit --no-fund ||
        fail "npm could not install the development packages: check the network and run 'npm ci'."
    printf '%s\n' "$now" >"$stamp"
}
