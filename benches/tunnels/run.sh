# Opens many tunnels through Squid with proxy-auth-tower and with reqwest, and prints the time and the number of requests that Squid got.
# `cargo xtask tunnels` runs this script, and installs what it needs:
#
# run.sh TUNNELS EXAMPLES NUMBER
#
# TUNNELS is the program of this package, EXAMPLES the directory of the examples of proxy-auth-tower, and NUMBER that of the tunnels.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../verify/interop" && pwd)
tunnels=$1 examples=$2 number=$3
PATH=$PATH:/usr/sbin:/sbin
source "$here/servers.sh"

dir=$(mktemp -d)
chmod 755 "$dir"
trap 'stop_servers; rm -rf "$dir"' EXIT
users=(aladdin)
password='open sesame'
write_users
start_origin

# run SCHEME LABEL CLIENT [URL]: runs a client with the proxy at $port.
run() {
    local log=$dir/access-$1.log before
    before=$(wc -l <"$log")
    timeout 600 "$tunnels" "$2" "$3" "$scheme://aladdin:open%20sesame@127.0.0.1:$port" "${4-https://127.0.0.1:$https_port/hello}" "$number"
    # Squid writes a line when a tunnel ends.
    sleep 1
    printf '    %d requests to Squid\n' "$(($(wc -l <"$log") - before))"
}

# A copy of the configuration with a log of the requests.
sed "s|^access_log none|access_log stdio:@DIR@/access-@SCHEME@.log|; s|^pid_filename none|&\nlogfile_rotate 0|" "$here/squid.conf" >"$dir/squid.conf"
cp -r "$here" "$dir/interop"
cp "$dir/squid.conf" "$dir/interop/squid.conf"
here=$dir/interop
for log in "$dir"/access-{basic,digest}.log; do
    : >"$log"
    ((UID != 0)) || chown proxy "$log"
done

scheme=http
start_squid basic
run basic 'reqwest, Basic' reqwest
run basic 'proxy-auth-tower, Basic, one session' tower
run basic 'proxy-auth-tower, Basic, a session for each tunnel' tower-new
start_squid digest
digest=$port
run digest 'proxy-auth-tower, Digest, one session' tower
run digest 'proxy-auth-tower, Digest, a session for each tunnel' tower-new
start_printing bridge '^listening on 127\.0\.0\.1:[0-9]+$' "$examples/bridge" 127.0.0.1:0 \
    "http://aladdin:open%20sesame@127.0.0.1:$digest"
run digest 'reqwest, through the bridge, Digest' reqwest
run digest 'ureq, http:// through the bridge, Digest' ureq "http://127.0.0.1:$http_port/hello"

# HAProxy speaks TLS, and Squid is behind it.
free_port
sed "s|@PORT@|$port ssl crt $dir/origin.pem|; s|@FIRST@|$digest|; s|@SECOND@|$digest|" "$here/haproxy.cfg" >"$dir/haproxy.cfg"
haproxy -db -f "$dir/haproxy.cfg" 2>/dev/null &
servers+=($!)
sleep 1
scheme=https
run digest 'proxy-auth-tower, Digest, TLS to the proxy' tower
