# The checks. The functions leave the servers that they start running; run.sh stops them.

failed=0

# check NAME EXPECTED SEEN: prints a line, and counts failures.
check() {
    if [[ $3 == "$2" ]]; then
        printf 'ok    %s: %s\n' "$1" "$3"
    else
        printf 'FAIL  %s: %s, not %s\n' "$1" "$3" "$2"
        failed=$((failed + 1))
    fi
}

# curl_seen OPTION...: prints the status code of the proxy or of the origin server behind it, the scheme of the last
# answer, and the title of the page.
curl_seen() {
    local heads=$dir/curl.heads page=$dir/curl.page code
    : >"$page"
    code=$(curl --silent --verbose --max-time 30 --noproxy '' --proxy "http://127.0.0.1:$port" \
        --output "$page" --write-out '%{http_code} %{http_connect}' "$@" 2>"$heads") || true
    # Without a tunnel, http_connect is 000. Without a page, http_code is 000.
    case $code in
    000\ * | *\ 000) code=${code/000/} ;;
    *) code=${code% *} ;;
    esac
    local scheme
    scheme=$(sed -nE 's/^> Proxy-Authorization: ([^ ]+).*/\1/p' "$heads" | tail -n 1)
    printf '%s %s %s' "${code// /}" "${scheme:-none}" "$(title <"$page")"
}

title() {
    sed -n 's|.*<title>\(.*\)</title>.*|\1|p' | head -n 1
}

curl_checks() {
    local user way method options answers name offer
    for user in "${users[@]}"; do
        start_proxy "$user"
        check "example proxy, curl without a password" '407 none ' "$(curl_seen "http://127.0.0.1:$http_port/hello")"
        for way in basic digest anyauth; do
            for method in GET CONNECT POST HTTPS; do
                options=("--proxy-$way" "http://127.0.0.1:$http_port/hello?a=b")
                case $method in
                CONNECT) options+=(--proxytunnel) ;;
                POST) options+=(--data 'some content') ;;
                HTTPS) options=("--proxy-$way" --insecure "https://127.0.0.1:$https_port/hello") ;;
                esac
                # curl answers the strongest challenge.
                answers=Digest
                [[ $way != basic ]] || answers=Basic
                name="example proxy, curl --proxy-$way, $method, $user"
                check "$name" "200 $answers hello" "$(curl_seen --proxy-user "$user:$password" "${options[@]}")"
                check "$name, wrong password" "407 $answers " "$(curl_seen --proxy-user "$user:x" "${options[@]}")"
            done
        done
    done
    for offer in sha-256 md5 md5,sha-256 basic,sha-256; do
        start_proxy "$user" --offer "$offer"
        check "example proxy, curl --proxy-anyauth, $offer on offer" '200 Digest hello' \
            "$(curl_seen --proxy-anyauth --proxy-user "$user:$password" "http://127.0.0.1:$http_port/hello")"
    done
    # With and without Expect, the client can read the response of the proxy.
    start_proxy "$user"
    head -c 10M /dev/zero >"$dir/large"
    for name in '' 'Expect:'; do
        options=(--proxy-basic --header "$name" --data-binary "@$dir/large" "http://127.0.0.1:$http_port/hello")
        check "example proxy, curl, POST of 10 MiB, header ${name:-Expect: 100-continue}" '200 Basic hello' \
            "$(curl_seen --proxy-user "$user:$password" "${options[@]}")"
        check "example proxy, curl, POST of 10 MiB, header ${name:-Expect: 100-continue}, wrong password" '407 Basic ' \
            "$(curl_seen --proxy-user "$user:x" "${options[@]}")"
    done
    # The redirection arrives after the nonce has become too old.
    start_proxy "$user" --max-age 1
    options=(--proxy-digest --proxy-user "$user:$password" --location "http://127.0.0.1:$http_port/later")
    check "example proxy, curl --proxy-digest, redirected later" '200 Digest hello' "$(curl_seen "${options[@]}")"
    check "example proxy, curl --proxy-digest, redirected later, number of responses with a stale nonce" 1 \
        "$(grep -Eic '^< proxy-authenticate: digest .*stale=true.*sha-256|^< proxy-authenticate: digest .*sha-256.*stale=true' \
            "$dir/curl.heads")"
}

# chromium_seen USER PASSWORD URL: prints the status code and the title or the error, of two requests.
chromium_seen() {
    timeout 90 node "$here/chromium.mjs" "$playwright" "$port" "$@" 2>&1 | tail -n 2 | paste -sd' '
}

chromium_checks() {
    local user offer name
    for offer in basic sha-256 md5 sha-256,md5,basic; do
        for user in "${users[@]}"; do
            start_proxy "$user" --offer "$offer"
            name="example proxy, Chromium, $offer, $user"
            check "$name" '200 hello 200 hello' "$(chromium_seen "$user" "$password" "http://127.0.0.1:$http_port/hello?a=b")"
            check "$name, tunnel" '200 hello 200 hello' "$(chromium_seen "$user" "$password" "https://127.0.0.1:$https_port/hello")"
            # Its text is up to Chromium.
            check "$name, wrong password" 407 \
                "$(chromium_seen "$user" x "http://127.0.0.1:$http_port/hello" | cut -d' ' -f1)"
        done
    done
}

# requests_seen USER PASSWORD URL: prints the status code and the title, or the error.
requests_seen() {
    timeout 60 env PYTHONPATH="$python" python3 "$here/requests_get.py" "$port" "$@"
}

# Checks Python's requests, which opens tunnels with HTTP/1.0 and supports only Basic.
requests_checks() {
    # It sends other names in ISO-8859-1, regardless of the challenge.
    local user=${users[0]} url
    start_proxy "$user"
    for url in "http://127.0.0.1:$http_port/hello?a=b" "https://127.0.0.1:$https_port/hello"; do
        check "example proxy, requests, ${url%%:*}, $user" '200 hello' "$(requests_seen "$user" "$password" "$url")"
        check "example proxy, requests, ${url%%:*}, $user, wrong password" '407' "$(requests_seen "$user" x "$url")"
    done
}

# java_seen USER PASSWORD URL: prints the status code and the title.
java_seen() {
    timeout 60 java -Djdk.http.auth.tunneling.disabledSchemes= -Djdk.http.auth.proxying.disabledSchemes= \
        "$here/JavaGet.java" "$port" "$@" 2>&1 | tail -n 1
}

# client_seen USER PASSWORD OPTION...: prints the messages of the example client about two requests to the proxy at $port, and
# the title of the page.
client_seen() {
    local page=$dir/client.page said userinfo url="http://127.0.0.1:$http_port/hello?a=b"
    : >"$page"
    userinfo=$(python3 -c 'import sys, urllib.parse as u; print(*map(u.quote, sys.argv[1:]), sep=":")' "$1" "$2")
    said=$(timeout 60 "$client" "http://$userinfo@127.0.0.1:$port" "$url" "$url" "${@:3}" 2>&1 >"$page") || true
    printf '%s; %s' "${said//$'\n'/; }" "$(title <"$page")"
}

# client_check NAME USER OFFERED SCHEME REPORT OPTION...: checks the example client with the proxy at $port, with tunnels and without.
client_check() {
    local name tunnel page="200; ${5:+$5; }200: 36 bytes"
    local start="request without credentials: 407; $3 offered; request with $4"
    for tunnel in '' --tunnel; do
        name="$1, example client, ${tunnel:+tunnels, }$2"
        check "$name" "$start: $page; request with $4: $page; hello" \
            "$(client_seen "$2" "$password" ${tunnel:+"$tunnel"} "${@:6}")"
        check "$name, wrong password" "$start: 407; $3 offered; the peer refused the credentials; " \
            "$(client_seen "$2" x ${tunnel:+"$tunnel"} "${@:6}")"
    done
}

client_checks() {
    local peer user unproved='the proxy did not prove that it knows the password'
    for peer in 'squid basic' 'squid digest' 'apache'; do
        start_$peer
        for user in "${users[@]}"; do
            case $peer in
            'squid basic') client_check "$peer" "$user" Basic Basic '' --allow-basic ;;
            *) client_check "$peer" "$user" 'Digest (MD5)' Digest "$unproved" ;;
            esac
        done
    done
}

example_checks() {
    local user
    start_proxy "${users[0]}"
    python3 "$here/slow.py" "$port" >"$dir/slow" &
    local slow=$!
    curl_checks
    chromium_checks
    requests_checks
    for user in "${users[@]}"; do
        start_proxy "$user"
        client_check 'example proxy' "$user" 'Digest (SHA-256), Digest (MD5), Basic' Digest \
            'the proxy proved that it knows the password' --require-proof
    done
    wait "$slow"
    check 'example proxy, seconds until it refuses an endless head' 30 "$(<"$dir/slow")"
}

# Checks that no password for a proxy has reached the origin server.
origin_checks() {
    local requests forwarded
    requests=$(grep -Ec '^(GET|POST) ' "$dir/origin.heads")
    forwarded=$(grep -ic '^proxy-authorization' "$dir/origin.heads") || true
    check "requests with Proxy-Authorization among the $requests that reached the origin server" 0 "$forwarded"
}
