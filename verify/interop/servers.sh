# Servers for the checks. Each function start_... sets $port. run.sh stops all servers.

declare -a servers=()

stop_servers() {
    ((${#servers[@]} > 0)) || return 0
    kill "${servers[@]}" 2>/dev/null || true
    # Kills servers that do not end within five seconds.
    for _ in {1..50}; do
        kill -0 "${servers[@]}" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "${servers[@]}" 2>/dev/null || true
    wait
    servers=()
}

free_port() {
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
}

# wait_for FILE PATTERN: waits until a line of FILE matches PATTERN, for at most ten seconds.
wait_for() {
    for _ in {1..100}; do
        ! grep -Eqs "$2" "$1" || return 0
        sleep 0.1
    done
    printf 'no "%s" in %s:\n' "$2" "$1" >&2
    cat "$1" >&2
    [[ ! -s ${1%.out}.err ]] || cat "${1%.out}.err" >&2
    exit 2
}

# start_printing NAME PATTERN COMMAND...: starts a server that prints a line with its port.
start_printing() {
    local out=$dir/$1-${#servers[@]}.out pattern=$2
    : >"$out"
    "${@:3}" >"$out" 2>"${out%.out}.err" &
    servers+=($!)
    wait_for "$out" "$pattern"
    read -r port < <(grep -Eo '[0-9 ]+$' "$out")
}

start_origin() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout "$dir/key.pem" -out "$dir/cert.pem" \
        2>/dev/null
    cat "$dir/key.pem" "$dir/cert.pem" >"$dir/origin.pem"
    : >"$dir/origin.heads"
    start_printing origin '^[0-9]+ [0-9]+$' python3 "$here/origin.py" "$dir/origin.heads" "$dir/origin.pem"
    read -r http_port https_port <<<"$port"
}

# start_proxy USER OPTION...: starts the example proxy.
start_proxy() {
    start_printing proxy '^listening on 127\.0\.0\.1:[0-9]+$' "$proxy" --listen 127.0.0.1:0 --user "$1" \
        --password "$password" "${@:2}"
}

# start_tap FILE: starts a tap between a client and the proxy at $port. See tap.py.
start_tap() {
    start_printing tap '^[0-9]+$' python3 "$here/tap.py" "$port" "$1"
}

# Writes the files of users, in the format of Apache's programs.
write_users() {
    : >"$dir/basic.users" >"$dir/digest.users"
    local user
    for user in "${users[@]}"; do
        htpasswd -b "$dir/basic.users" "$user" "$password" 2>/dev/null
        # htdigest would read the password from the terminal.
        printf '%s:peers:%s\n' "$user" "$(printf '%s' "$user:peers:$password" | md5sum | cut -d' ' -f1)"
    done >>"$dir/digest.users"
}

# start_squid basic|digest
start_squid() {
    case $1 in
    basic) start_squid_with basic "/usr/lib/squid/basic_ncsa_auth $dir/basic.users" ;;
    digest) start_squid_with digest "/usr/lib/squid/digest_file_auth -c $dir/digest.users" ;;
    esac
}

# start_squid_with SCHEME HELPER
start_squid_with() {
    local log=$dir/squid-$1.log conf=$dir/squid-$1.conf
    : >"$log"
    ((UID != 0)) || chown proxy "$log"
    free_port
    sed "s|@LOG@|$log|; s|@DIR@|$dir|; s|@PORT@|$port|; s|@SCHEME@|$1|; s|@HELPER@|$2|" "$here/squid.conf" >"$conf"
    case $1 in
    negotiate | ntlm) sed -i '/^auth_param [a-z]* realm/d' "$conf" ;;
    esac
    squid -N -n "$1" -f "$conf" &
    servers+=($!)
    wait_for "$log" 'Accepting HTTP Socket connections'
}

start_apache() {
    mkdir -p "$dir/htdocs"
    echo hello >"$dir/htdocs/hello"
    free_port
    local conf=$dir/apache-$port.conf log=$dir/apache-$port.log
    sed "s|@DIR@|$dir|; s|@PORT@|$port|; s|@MODULES@|/usr/lib/apache2/modules|" "$here/apache.conf" >"$conf"
    : >"$log"
    apache2 -D FOREGROUND -f "$conf" &
    servers+=($!)
    wait_for "$log" 'resuming normal operations'
}
