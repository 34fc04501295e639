# The policy that lets Chromium send tickets to the proxy. It can only be read from this place.

policy=/etc/chromium/policies/managed/proxy-auth-negotiate.json

allow_chromium() {
    mkdir -p "${policy%/*}"
    printf '{"AuthServerAllowlist": "localhost", "DisableAuthNegotiateCnameLookup": true}\n' >"$policy"
}

restore_policy() {
    rm -f "$policy"
}
