# Tests mod_proxy_auth in Apache httpd with other people's clients, and prints a line for each check. `cargo xtask c` runs it:
#
# test.sh BUILD [PLAYWRIGHT PYTHON]
#
# BUILD is the directory with the library. With PLAYWRIGHT and PYTHON, the directories of playwright-core and of Python's requests,
# it also tests Chromium, Java and requests, and puts more load on the server.
set -euo pipefail
build=$(realpath "$1")
playwright=${2-} python=${3-}
module=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
here=$module/../../../verify/interop
PATH=$PATH:/usr/sbin:/sbin

source "$here/servers.sh"
source "$here/checks.sh"

dir=$(mktemp -d)
# Apache reads it as another user.
chmod 777 "$dir"
trap 'stop_servers; rm -rf "$dir"' EXIT
user=aladdin password='open sesame'
realm=peers

make -s -C "$module" BUILD="$build" CC="${CC:-gcc}"
for hash in md5 sha256; do
    printf '%s:%s:%s\n' "$user" "$realm" "$(printf '%s' "$user:$realm:$password" | ${hash}sum | cut -d' ' -f1)"
done >"$dir/proxy.users"

# start_module MAX_AGE BASIC [WRAPPER...]: starts Apache, and sets $port.
start_module() {
    free_port
    local conf=$dir/apache-$port.conf log=$dir/apache-$port.log
    sed "s|@DIR@|$dir|; s|@PORT@|$port|; s|@MODULES@|/usr/lib/apache2/modules|; s|@MODULE@|$build/mod_proxy_auth.so|; s|@MAX_AGE@|$1|
        s|@BASIC@|$2|" "$module/apache.conf" >"$conf"
    : >"$log"
    # With a wrapper, in one process.
    local mode=FOREGROUND
    (($# <= 2)) || mode=DEBUG
    "${@:3}" apache2 -D "$mode" -f "$conf" &
    servers+=($!)
    if [[ $mode == FOREGROUND ]]; then
        wait_for "$log" 'resuming normal operations'
    else
        # It logs nothing when it is ready.
        for _ in {1..100}; do
            ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
            sleep 0.2
        done
    fi
}

# Like curl_seen, without the title of Apache's own page.
seen() {
    curl_seen "$@" | sed 's/407 Proxy Authentication Required$//'
}

curl_module_checks() {
    local way method scheme name options
    start_module 300 1
    check 'Apache, curl without a password' '407 none ' "$(seen "http://127.0.0.1:$http_port/hello")"
    for way in basic digest anyauth; do
        for method in GET CONNECT POST HTTPS; do
            options=("--proxy-$way" "http://127.0.0.1:$http_port/hello?a=b")
            case $method in
            CONNECT) options+=(--proxytunnel) ;;
            POST) options+=(--data 'some content') ;;
            HTTPS) options=("--proxy-$way" --insecure "https://127.0.0.1:$https_port/hello") ;;
            esac
            scheme=Digest
            [[ $way != basic ]] || scheme=Basic
            name="Apache, curl --proxy-$way, $method"
            check "$name" "200 $scheme hello" "$(seen --proxy-user "$user:$password" "${options[@]}")"
            check "$name, wrong password" "407 $scheme " "$(seen --proxy-user "$user:x" "${options[@]}")"
            check "$name, unknown user" "407 $scheme " "$(seen --proxy-user "nobody:$password" "${options[@]}")"
        done
    done
    check 'Apache, the algorithm of curl' SHA-256 "$(seen --proxy-digest --proxy-user "$user:$password" "http://127.0.0.1:$http_port/hello" >/dev/null
        sed -nE 's/^> Proxy-Authorization: .*algorithm=([^, ]+).*/\1/p' "$dir/curl.heads" | tail -n 1)"
    check 'Apache, a proof in the response to curl' 1 "$(grep -Eic '^< Proxy-Authentication-Info: .*rspauth=' "$dir/curl.heads")"
    check 'Apache, a userhash in the answer of curl' true "$(sed -nE 's/^> Proxy-Authorization: .*userhash=([a-z]+).*/\1/p' "$dir/curl.heads" | tail -n 1)"

    # The same answer once more, as an eavesdropper sends it.
    local answer
    answer=$(sed -nE 's/^> (Proxy-Authorization: Digest .*)/\1/p' "$dir/curl.heads" | tail -n 1 | tr -d '\r')
    check 'Apache, a replayed answer' '407 Digest ' "$(seen --header "$answer" "http://127.0.0.1:$http_port/hello")"
    check 'Apache, a replayed answer is stale' 2 "$(grep -Eic '^< Proxy-Authenticate: Digest .*stale=true' "$dir/curl.heads")"
    check 'Apache, two lines of credentials' '407 Basic ' "$(seen --header "$answer" \
        --header "Proxy-Authorization: Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==" "http://127.0.0.1:$http_port/hello")"

    # A target that no URI can be.
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET http://127.0.0.1:%s/\xff HTTP/1.1\r\nHost: x\r\n%s\r\nConnection: close\r\n\r\n' "$http_port" "$answer" >&3
    check 'Apache, a target that is not UTF-8' 400 "$(head -n 1 <&3 | cut -d' ' -f2)"
    exec 3<&-

    start_module 1 0
    options=(--proxy-digest --proxy-user "$user:$password" --location "http://127.0.0.1:$http_port/later")
    check 'Apache, curl, redirected after the nonce is too old' '200 Digest hello' "$(seen "${options[@]}")"
    check 'Apache, responses with a stale nonce' 2 "$(grep -Eic '^< Proxy-Authenticate: Digest .*stale=true' "$dir/curl.heads")"
    check 'Apache, Basic that is not offered' '407 Basic ' \
        "$(seen --proxy-basic --proxy-user "$user:$password" "http://127.0.0.1:$http_port/hello")"
    # A graceful restart replaces key and window.
    start_module 300 0
    kill -USR1 "${servers[-1]}"
    wait_for "$dir/apache-$port.log" 'SIGUSR1 received'
    sleep 0.5
    check 'Apache, after a graceful restart' '200 Digest hello' \
        "$(seen --retry 3 --retry-connrefused --proxy-digest --proxy-user "$user:$password" "http://127.0.0.1:$http_port/hello")"
}

# load_check NAME THREADS REQUESTS: checks that every request passes, and no replayed answer does.
load_check() {
    local seen all=$(($2 * $3))
    seen=$(timeout 300 "$build/load" "$port" "$http_port" "$2" "$3" "$user" "$password" 2>&1)
    check "$1, $2 clients with $3 requests each" "$all passed, $all replayed, 0 of them passed" "$(sed -E 's/ [0-9]+ rounds,//' <<<"$seen")"
    printf '      %s\n' "$seen"
}

start_origin
curl_module_checks
start_module 300 0
load_check 'Apache, 3 processes with 16 threads' 8 50

# Under valgrind, in one process, until it ends.
valgrind_check() {
    start_module 300 1 valgrind --log-file="$dir/valgrind" --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite
    load_check 'Apache under valgrind' 4 25
    check 'Apache under valgrind, wrong password' '407 Digest ' \
        "$(seen --proxy-digest --proxy-user "$user:x" "http://127.0.0.1:$http_port/hello")"
    kill "${servers[-1]}"
    wait "${servers[-1]}" || true
    unset 'servers[-1]'
    check 'errors and lost memory under valgrind' '0 errors' "$(sed -nE 's/.*ERROR SUMMARY: ([0-9]+ errors).*/\1/p' "$dir/valgrind" | tail -n 1)"
    [[ ! -v KEEP ]] || cp "$dir/valgrind" "$KEEP"
}

# Kills processes in the middle of requests, as the kernel does without memory. The others, and new ones, go on.
killed_check() {
    local load
    start_module 300 1
    "$build/load" "$port" "$http_port" 16 1000 "$user" "$password" >/dev/null 2>&1 &
    load=$!
    for _ in 1 2 3; do
        sleep 0.3
        # shellcheck disable=SC2046
        kill -KILL $(<"/proc/${servers[-1]}/task/${servers[-1]}/children") || true
    done
    wait "$load" || true
    load_check 'Apache, after its processes were killed' 8 50
}

if [[ -n $playwright ]]; then
    valgrind_check
    killed_check
    start_module 300 1
    load_check 'Apache, 3 processes with 16 threads' 16 1000
    for url in "http://127.0.0.1:$http_port/hello?a=b" "https://127.0.0.1:$https_port/hello"; do
        check "Apache, Chromium, ${url%%:*}" '200 hello 200 hello' "$(chromium_seen "$user" "$password" "$url")"
        check "Apache, requests, ${url%%:*}" '200 hello' "$(requests_seen "$user" "$password" "$url")"
        check "Apache, requests, ${url%%:*}, wrong password" 407 "$(requests_seen "$user" x "$url" | cut -d" " -f1)"
        check "Apache, Java, ${url%%:*}" '200 hello' "$(java_seen "$user" "$password" "$url")"
        check "Apache, Java, ${url%%:*}, wrong password" 407 "$(java_seen "$user" x "$url")"
    done
    check 'Apache, Chromium, wrong password' 407 "$(chromium_seen "$user" x "http://127.0.0.1:$http_port/hello" | cut -d' ' -f1)"
fi
origin_checks
check 'errors in the logs of Apache' 0 "$(cat "$dir"/apache-*.log | grep -Ec 'exit signal (Seg|Abort|Bus)|proxy_auth:(crit|error)')"
((failed == 0)) || { printf '%d failed\n' "$failed" >&2; exit 1; }
