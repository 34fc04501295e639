# Writes tests/corpus/captured anew: the heads of the messages of all peers, and README.md, which lists the peers.

capture() {
    captured=$PWD/tests/corpus/captured
    rm -f "$captured"/*.http
    cat >"$captured/README.md" <<END
# What real clients, proxies and servers say
Heads of HTTP messages, byte by byte, in the order in which they were sent: a request, its response, and so on. Written by
\`cargo xtask interop --capture\`; users and passwords are invented.

\`expected.tsv\` says what must be read in them: of each field of authentication the scheme, the realm, the user and the names
of the parameters, and whether the proof is right for the password \`$password\`. It was drafted with Python's
\`urllib.request.parse_http_list\`, not with this crate, and looked over; when new captures differ, it is changed by hand.
\`tests/captured.rs\` compares.

- $(curl --version | sed -nE '1s/^(curl [^ ]+).*/\1/p')
- $(chromium --version 2>/dev/null | sed 's/ *$//')
- $(squid -v | head -n 1)
- $(apache2 -v | sed -n '1s/^Server version: //p'), as a proxy and as an origin server
- example: the proxy of \`examples/hyper\`, with hyper $(sed -n '/^name = "hyper"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)

| File | From | To |
|---|---|---|
END
    local user=${users[0]} foreign=${users[1]} url=http://127.0.0.1:$http_port/hello?a=b
    local secure=https://127.0.0.1:$https_port/hello

    local scheme offer
    for scheme in basic digest; do
        offer=${scheme/digest/sha-256}
        of "curl_example_$scheme" 'curl' 'example'
        start_proxy "$user"
        tapped curl_quiet "--proxy-$scheme" --proxy-user "$user:$password" "$url"
        of "curl_example_${scheme}_connect" 'curl, for a tunnel' 'example'
        start_proxy "$user"
        tapped curl_quiet "--proxy-$scheme" --proxy-user "$user:$password" --proxytunnel "$url"
        of "curl_example_${scheme}_wrong" 'curl, with a wrong password' 'example'
        start_proxy "$user"
        tapped curl_quiet "--proxy-$scheme" --proxy-user "$user:x" "$url"
        of "curl_example_${scheme}_not_ascii" 'curl, with a name that is not ASCII' 'example'
        start_proxy "$foreign"
        tapped curl_quiet "--proxy-$scheme" --proxy-user "$foreign:$password" "$url"

        of "chromium_example_$scheme" 'Chromium' 'example'
        start_proxy "$user" --offer "$offer"
        tapped chromium_seen "$user" "$password" "$url"
        of "chromium_example_${scheme}_connect" 'Chromium, for a tunnel' 'example'
        start_proxy "$user" --offer "$offer"
        tapped chromium_seen "$user" "$password" "$secure"
        of "chromium_example_${scheme}_not_ascii" 'Chromium, with a name that is not ASCII' 'example'
        start_proxy "$foreign" --offer "$offer"
        tapped chromium_seen "$foreign" "$password" "$url"

        of "curl_squid_$scheme" 'curl' 'Squid'
        start_squid "$scheme"
        tapped curl_quiet "--proxy-$scheme" --proxy-user "$user:$password" "$url"
        of "curl_squid_${scheme}_wrong" 'curl, with a wrong password' 'Squid'
        start_squid "$scheme"
        tapped curl_quiet "--proxy-$scheme" --proxy-user "$user:x" "$url"
    done
    of chromium_example_digest_md5 'Chromium' 'example, with MD5 only'
    start_proxy "$user" --offer md5
    tapped chromium_seen "$user" "$password" "$url"

    start_apache
    local apache=$port
    of curl_apache_digest 'curl' 'Apache'
    tapped curl_quiet --proxy-digest --proxy-user "$user:$password" "$url"
    port=$apache
    of curl_apache_digest_wrong 'curl, with a wrong password' 'Apache'
    tapped curl_quiet --proxy-digest --proxy-user "$user:x" "$url"
    # Apache sends a proof only with its own pages, as an origin server.
    port=$apache
    of curl_apache_digest_origin 'curl' 'Apache, as an origin server'
    tapped curl_origin --digest --user "$user:$password"
}

# of FILE FROM TO: names the next capture.
of() {
    file=$1
    printf '| `%s.http` | %s | %s |\n' "$@" >>"$captured/README.md"
}

# tapped COMMAND...: runs a command with the proxy at $port, through a tap.
tapped() {
    start_tap "$captured/$file.http"
    "$@" >/dev/null || true
    check "captured $file" yes "$([[ -s $captured/$file.http ]] && echo yes || echo no)"
}

curl_quiet() {
    curl --silent --max-time 30 --noproxy '' --proxy "http://127.0.0.1:$port" "$@"
}

curl_origin() {
    curl --silent --max-time 30 --noproxy '*' "http://127.0.0.1:$port/hello" "$@"
}
