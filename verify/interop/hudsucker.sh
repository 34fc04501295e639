# Tests the example on hudsucker with curl. `cargo xtask hudsucker` runs this script, and installs what it needs:
#
# hudsucker.sh PROGRAM
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$1
source "$here/servers.sh"
source "$here/checks.sh"

dir=$(mktemp -d)
trap 'stop_servers; rm -rf "$dir"' EXIT
password='open sesame'
start_origin
start_printing hudsucker '^listening on 127\.0\.0\.1:[0-9]+$' "$program" 127.0.0.1:0 aladdin "$password"

url=http://127.0.0.1:$http_port/hello
check 'hudsucker, curl without a password' '407 none ' "$(curl_seen "$url")"
check 'hudsucker, curl without a password, tunnel' '407 none ' "$(curl_seen --proxytunnel "$url")"
# Only a request in a tunnel may have such a URI.
check 'hudsucker, curl without a password, https:// without a tunnel' '407 none ' \
    "$(curl_seen --request-target "https://127.0.0.1:$https_port/hello" "$url")"
for way in basic digest anyauth; do
    [[ $way == basic ]] && scheme=Basic || scheme=Digest
    for tunnel in '' --proxytunnel; do
        name="hudsucker, curl --proxy-$way${tunnel:+, tunnel}"
        check "$name" "200 $scheme hello" \
            "$(curl_seen "--proxy-$way" ${tunnel:+"$tunnel"} --proxy-user "aladdin:$password" "$url")"
        check "$name, wrong password" "407 $scheme " \
            "$(curl_seen "--proxy-$way" ${tunnel:+"$tunnel"} --proxy-user aladdin:x "$url")"
    done
done
origin_checks
((failed == 0)) || { printf '%d failed\n' "$failed" >&2; exit 1; }
