# Tests the example client with Squid, and prints a line for each check: test.sh BUILD
set -euo pipefail
build=$(realpath "$1")
examples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
here=$examples/../../../verify/interop
PATH=$PATH:/usr/sbin:/sbin

source "$here/servers.sh"
source "$here/checks.sh"

dir=$(mktemp -d)
# Squid reads it as another user.
chmod 755 "$dir"
trap 'stop_servers; rm -rf "$dir"' EXIT
users=(aladdin 'Jäsøn Doe')
password='open sesame'
write_users
start_origin
start_squid digest

# tunnel_seen USER PASSWORD: prints the title of the page, or the message.
tunnel_seen() {
    printf 'GET /hello HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' |
        PROXY_PASSWORD=$2 timeout 20 "$build/tunnel" 127.0.0.1 "$port" "$1" "127.0.0.1:$http_port" 2>&1 | sed -nE 's|.*<title>(.*)</title>.*|\1|p; /^proxy/p'
}

for user in "${users[@]}"; do
    check "Squid, a tunnel, $user" hello "$(tunnel_seen "$user" "$password")"
    check "Squid, a tunnel, $user, wrong password" 'proxy: the peer refused the credentials' "$(tunnel_seen "$user" x)"
done
((failed == 0)) || { printf '%d failed\n' "$failed" >&2; exit 1; }
