# What is checked. Each function leaves the servers that it started running; the script ends them.

failed=0

# check NAME EXPECTED SEEN
check() {
    if [[ $3 == "$2" ]]; then
        printf 'ok    %s: %s\n' "$1" "$3"
    else
        printf 'FAIL  %s: %s, not %s\n' "$1" "$3" "$2"
        failed=$((failed + 1))
    fi
}

# curl_seen OPTION...: the status code of the proxy or of the origin server behind it, the scheme that
# was answered last, and the title of the page.
curl_seen() {
    local heads=$dir/curl.heads page=$dir/curl.page code
    : >"$page"
    code=$(curl --silent --verbose --max-time 30 --noproxy '' --proxy "http://127.0.0.1:$port" \
        --output "$page" --write-out '%{http_code} %{http_connect}' "$@" 2>"$heads") || true
    # Without a tunnel, http_connect is 000; without a page, http_code is.
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

# curl_checks NAME PROGRAM: a proxy that offers Basic and Digest.
curl_checks() {
    local user way method options answers name
    for user in "${users[@]}"; do
        start_proxy "$2" --user "$user" --password "$password"
        check "$1, curl without a password" '407 none ' "$(curl_seen "http://127.0.0.1:$http_port/hello")"
        for way in basic digest anyauth; do
            for method in GET CONNECT POST HTTPS; do
                options=("--proxy-$way" "http://127.0.0.1:$http_port/hello?a=b")
                case $method in
                CONNECT) options+=(--proxytunnel) ;;
                POST) options+=(--data 'some content') ;;
                HTTPS) options=("--proxy-$way" --insecure "https://127.0.0.1:$https_port/hello") ;;
                esac
                # Of what is offered, curl answers the strongest.
                answers=Digest
                [[ $way != basic ]] || answers=Basic
                name="$1, curl --proxy-$way, $method, $user"
                check "$name" "200 $answers hello" "$(curl_seen --proxy-user "$user:$password" "${options[@]}")"
                check "$name, wrong password" "407 $answers " "$(curl_seen --proxy-user "$user:x" "${options[@]}")"
            done
        done
    done
    # The redirection comes when the nonce is too old.
    start_proxy "$2" --user "$user" --password "$password" --max-age 1
    options=(--proxy-digest --proxy-user "$user:$password" --location "http://127.0.0.1:$http_port/later")
    check "$1, curl --proxy-digest, redirected later" '200 Digest hello' "$(curl_seen "${options[@]}")"
    check "$1, curl --proxy-digest, redirected later, told that its nonce is stale, times" 1 \
        "$(grep -Eic '^< proxy-authenticate: digest .*stale=true' "$dir/curl.heads")"
}

# chromium_seen USER PASSWORD URL: twice the status code, and the title or the error.
chromium_seen() {
    timeout 90 node "$here/chromium.mjs" "$playwright" "$port" "$@" 2>&1 | tail -n 2 | paste -sd' '
}

# chromium_checks NAME PROGRAM
chromium_checks() {
    local user scheme name
    for scheme in basic digest; do
        for user in "${users[@]}"; do
            start_proxy "$2" "--$scheme" --user "$user" --password "$password"
            name="$1, Chromium, $scheme, $user"
            check "$name" '200 hello 200 hello' "$(chromium_seen "$user" "$password" "http://127.0.0.1:$http_port/hello?a=b")"
            check "$name, tunnel" '200 hello 200 hello' "$(chromium_seen "$user" "$password" "https://127.0.0.1:$https_port/hello")"
            # How it says so is its own affair.
            check "$name, wrong password" 407 \
                "$(chromium_seen "$user" x "http://127.0.0.1:$http_port/hello" | cut -d' ' -f1)"
        done
    done
}

# client_seen USER PASSWORD: what the example client says of the proxy at $port, and the title of the page.
client_seen() {
    local page=$dir/client.page said userinfo
    : >"$page"
    userinfo=$(python3 -c 'import sys, urllib.parse as u; print(*map(u.quote, sys.argv[1:]), sep=":")' "$1" "$2")
    said=$(timeout 60 "$client" "http://$userinfo@127.0.0.1:$port" "http://127.0.0.1:$http_port/hello?a=b" 2>&1 >"$page") ||
        true
    printf '%s; %s' "${said//$'\n'/; }" "$(title <"$page")"
}

# client_check NAME USER OFFERED ANSWER: the example client and the proxy at $port.
client_check() {
    check "$1, example client, $2" "407: $3 offered; answering $4; 200: 36 bytes; hello" "$(client_seen "$2" "$password")"
    check "$1, example client, $2, wrong password" \
        "407: $3 offered; answering ${4%%;*}; 407: $3 offered; the proxy refuses the user or the password; " \
        "$(client_seen "$2" x)"
}

client_checks() {
    local peer offered answer user
    for peer in 'squid basic' 'squid digest' 'apache'; do
        start_$peer
        case $peer in
        'squid basic') offered=Basic answer=Basic ;;
        *) offered='Digest (MD5)' answer='Digest; the proxy did not prove that it knows the password' ;;
        esac
        for user in "${users[@]}"; do
            client_check "$peer" "$user" "$offered" "$answer"
        done
    done
}

# example_checks NAME PROGRAM: a proxy that offers Basic and Digest.
example_checks() {
    local user
    start_proxy "$2" --user "${users[0]}" --password "$password"
    python3 "$here/slow.py" "$port" >"$dir/slow" &
    local slow=$!
    curl_checks "$@"
    chromium_checks "$@"
    for user in "${users[@]}"; do
        start_proxy "$2" --user "$user" --password "$password"
        client_check "$1" "$user" 'Digest (SHA-256), Basic' 'Digest; the proxy proved that it knows the password'
    done
    wait "$slow"
    check "$1, seconds until it has enough of a head that does not end" 30 "$(<"$dir/slow")"
}

# No proxy's password has reached the origin server.
origin_checks() {
    local requests forwarded
    requests=$(grep -Ec '^(GET|POST) ' "$dir/origin.heads")
    forwarded=$(grep -ic '^proxy-authorization' "$dir/origin.heads") || true
    check "requests with Proxy-Authorization among the $requests that reached the origin server" 0 "$forwarded"
}
