# The checks of proxy-auth-tower: its connector with other proxies, and its layer with other clients. The functions leave the servers
# that they start running; run.sh stops them.

# start_tower_proxy USER [REDIS KEY]: starts the example proxy of proxy-auth-tower.
start_tower_proxy() {
    start_printing tower '^listening on 127\.0\.0\.1:[0-9]+$' "$tower/proxy" 127.0.0.1:0 "$1" "$password" "${@:2}"
}

# start_tinyproxy PASSWORD: its passwords have no spaces.
start_tinyproxy() {
    local log=$dir/tinyproxy.log
    : >"$log"
    free_port
    sed "s|@LOG@|$log|; s|@PORT@|$port|; s|@USER@|aladdin|; s|@PASSWORD@|$1|" "$here/tinyproxy.conf" >"$dir/tinyproxy.conf"
    tinyproxy -d -c "$dir/tinyproxy.conf" >/dev/null &
    servers+=($!)
    wait_for "$log" 'Accepting connections'
}

start_mitmproxy() {
    local out=$dir/mitmproxy.out
    free_port
    : >"$out"
    PYTHONPATH=$mitmproxy PYTHONUNBUFFERED=1 python3 "$mitmproxy/bin/mitmdump" --listen-host 127.0.0.1 --listen-port "$port" \
        --proxyauth "aladdin:$password" --set "confdir=$dir/mitmproxy" >"$out" 2>&1 &
    servers+=($!)
    wait_for "$out" 'proxy listening at'
}

start_redis() {
    local out=$dir/redis.out
    free_port
    redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly yes --appendfsync always --dir "$dir" >"$out" &
    servers+=($!)
    wait_for "$out" 'Ready to accept connections'
}

# start_haproxy FIRST SECOND: starts HAProxy in front of the proxies at two ports.
start_haproxy() {
    free_port
    sed "s|@PORT@|$port|; s|@FIRST@|$1|; s|@SECOND@|$2|" "$here/haproxy.cfg" >"$dir/haproxy.cfg"
    haproxy -db -f "$dir/haproxy.cfg" 2>/dev/null &
    servers+=($!)
    for _ in {1..100}; do
        ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
        sleep 0.1
    done
}

# tower_seen USER PASSWORD OPTION...: prints the lines of the example client of proxy-auth-tower about three requests.
tower_seen() {
    local said userinfo url="http://127.0.0.1:$http_port/hello?a=b"
    userinfo=$(python3 -c 'import sys, urllib.parse as u; print(*map(u.quote, sys.argv[1:]), sep=":")' "$1" "$2")
    said=$(timeout 60 "$tower/get" "${@:3}" "http://$userinfo@127.0.0.1:$port" "$url" "$url" "$url" 2>&1) || true
    printf '%s' "${said//$'\n'/; }"
}

# tower_check NAME USER PASSWORD OFFERED OPTION...: checks the connector with the proxy at $port, with tunnels and without.
tower_check() {
    local tunnel
    for tunnel in '' --tunnel; do
        check "$1, connector, ${tunnel:+tunnels, }$2" '200 36; 200 36; 200 36' \
            "$(tower_seen "$2" "$3" ${tunnel:+"$tunnel"} "${@:5}")"
        check "$1, connector, ${tunnel:+tunnels, }$2, wrong password" \
            "the peer refused the credentials (status code 407; the proxy offers $4)" \
            "$(tower_seen "$2" x ${tunnel:+"$tunnel"} "${@:5}")"
    done
}

connector_checks() {
    local peer user
    for peer in 'squid basic' 'squid digest' apache; do
        start_$peer
        for user in "${users[@]}"; do
            case $peer in
            'squid basic') tower_check "$peer" "$user" "$password" Basic --basic ;;
            *) tower_check "$peer" "$user" "$password" 'Digest (MD5)' ;;
            esac
        done
    done
    start_tinyproxy sesame
    # It refuses a wrong password with 401, which is not a proxy's.
    check 'tinyproxy, connector' '200 36; 200 36; 200 36' "$(tower_seen aladdin sesame --basic)"
    check 'tinyproxy, connector, tunnels' '200 36; 200 36; 200 36' "$(tower_seen aladdin sesame --basic --tunnel)"
    check 'tinyproxy, connector, wrong password' '401 388; 401 388; 401 388' "$(tower_seen aladdin x --basic)"
    check 'tinyproxy, connector, tunnels, wrong password' 'the proxy opens no tunnel (status code 401)' \
        "$(tower_seen aladdin x --basic --tunnel)"
    start_mitmproxy
    tower_check mitmproxy aladdin "$password" Basic --basic
    for user in "${users[@]}"; do
        start_proxy "$user"
        tower_check 'example proxy' "$user" "$password" 'Digest (SHA-256), Digest (MD5), Basic'
        start_tower_proxy "$user"
        tower_check "the layer's proxy" "$user" "$password" 'Digest (SHA-256), Digest (MD5), Basic'
    done
}

# The bridge makes a proxy with Digest usable for clients that know none.
bridge_checks() {
    start_squid digest
    local scheme
    start_printing bridge '^listening on 127\.0\.0\.1:[0-9]+$' "$tower/bridge" 127.0.0.1:0 \
        "http://aladdin:open%20sesame@127.0.0.1:$port"
    for scheme in "http://127.0.0.1:$http_port" "https://127.0.0.1:$https_port"; do
        check "the bridge to squid digest, curl, ${scheme%%:*}" '200 none hello' "$(curl_seen --insecure "$scheme/hello")"
        check "the bridge to squid digest, requests, ${scheme%%:*}" '200 hello' "$(requests_seen x x "$scheme/hello")"
    done
    check 'the bridge to squid digest, curl, POST' '200 none hello' \
        "$(curl_seen --data 'some content' "http://127.0.0.1:$http_port/hello")"
}

layer_checks() {
    local user way url name
    for user in "${users[@]}"; do
        start_tower_proxy "$user"
        check "the layer, curl without a password" '407 none ' "$(curl_seen "http://127.0.0.1:$http_port/hello")"
        for way in basic digest anyauth; do
            for url in "http://127.0.0.1:$http_port/hello" "https://127.0.0.1:$https_port/hello"; do
                [[ $way == basic ]] && name=Basic || name=Digest
                check "the layer, curl --proxy-$way, ${url%%:*}, $user" "200 $name hello" \
                    "$(curl_seen "--proxy-$way" --insecure --proxy-user "$user:$password" "$url")"
                check "the layer, curl --proxy-$way, ${url%%:*}, $user, wrong password" "407 $name " \
                    "$(curl_seen "--proxy-$way" --insecure --proxy-user "$user:x" "$url")"
            done
        done
        check "the layer, curl, POST, $user" '200 Digest hello' "$(curl_seen --proxy-anyauth --data 'some content' \
            --proxy-user "$user:$password" "http://127.0.0.1:$http_port/hello")"
        for url in "http://127.0.0.1:$http_port/hello" "https://127.0.0.1:$https_port/hello"; do
            check "the layer, Chromium, ${url%%:*}, $user" '200 hello 200 hello' "$(chromium_seen "$user" "$password" "$url")"
        done
    done
    user=${users[0]}
    start_tower_proxy "$user"
    for url in "http://127.0.0.1:$http_port/hello" "https://127.0.0.1:$https_port/hello"; do
        check "the layer, requests, ${url%%:*}" '200 hello' "$(requests_seen "$user" "$password" "$url")"
        check "the layer, requests, ${url%%:*}, wrong password" 407 "$(requests_seen "$user" x "$url")"
        check "the layer, Java, ${url%%:*}" '200 hello' "$(java_seen "$user" "$password" "$url")"
        check "the layer, Java, ${url%%:*}, wrong password" 407 "$(java_seen "$user" x "$url")"
    done
}

# Two proxies behind HAProxy share a key, and a store in Redis.
shared_store_checks() {
    local user=${users[0]} redis key first second url="http://127.0.0.1:$http_port/hello" answer
    start_redis
    redis=redis://127.0.0.1:$port
    key=$(openssl rand -hex 32)
    start_tower_proxy "$user" "$redis" "$key"
    first=$port
    start_tower_proxy "$user" "$redis" "$key"
    second=$port
    start_haproxy "$first" "$second"
    for _ in 1 2 3; do
        check 'two proxies behind HAProxy, curl' '200 Digest hello' \
            "$(curl_seen --proxy-digest --proxy-user "$user:$password" "$url")"
        check 'two proxies behind HAProxy, curl, tunnel' '200 Digest hello' \
            "$(curl_seen --proxy-digest --proxytunnel --proxy-user "$user:$password" "$url")"
    done
    tower_check 'two proxies behind HAProxy' "$user" "$password" 'Digest (SHA-256), Digest (MD5), Basic'
    # The answer that curl has sent to the first proxy.
    port=$first
    curl_seen --proxy-digest --proxy-user "$user:$password" "$url" >/dev/null
    answer=$(sed -nE 's/^> (Proxy-Authorization: Digest .*[^\r])\r?$/\1/p' "$dir/curl.heads" | tail -n 1)
    for port in "$second" "$first"; do
        check 'two proxies, an answer that passed before' '407 Digest ' "$(curl_seen --header "$answer" "$url")"
        check 'two proxies, an answer that passed before, is stale' 1 "$(grep -ic 'sha-256.*stale=true\|stale=true.*sha-256' "$dir/curl.heads")"
    done
}

tower_checks() {
    connector_checks
    bridge_checks
    layer_checks
    shared_store_checks
}
