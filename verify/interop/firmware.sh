# Runs the firmware of examples/firmware with Squid and the example proxy. `cargo xtask cortex-m` runs this script, and installs
# what it needs:
#
# firmware.sh FIRMWARE PROXY
#
# FIRMWARE and PROXY are the programs. The exit status is 0 if all checks pass.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
firmware=$1 proxy=$2

PATH=$PATH:/usr/sbin:/sbin
source "$here/servers.sh"

dir=$(mktemp -d)
# Squid reads it as another user.
chmod 755 "$dir"
trap 'stop_servers; rm -rf "$dir"' EXIT

# Invented. The firmware contains them, too.
users=(aladdin)
password='open sesame'

# emulate NAME ARGUMENT...: runs the firmware with its UART joined to the proxy at $port.
emulate() {
    local arguments
    printf -v arguments ',arg=%s' "${@:2}"
    printf '\n%s\n' "$1"
    timeout 60 qemu-system-arm -cpu cortex-m3 -machine lm3s6965evb -display none -monitor none -kernel "$firmware" \
        -semihosting-config "enable=on,target=native$arguments" \
        -chardev "socket,id=proxy,host=127.0.0.1,port=$port,reconnect=1" -serial chardev:proxy
}

write_users
start_origin
for scheme in digest basic; do
    start_squid "$scheme"
    emulate "Squid, $scheme" "$scheme" "127.0.0.1:$http_port" 2
done
# It closes the connection after the 407 for CONNECT.
for offer in sha-256 sha-512-256; do
    start_proxy aladdin --offer "$offer"
    emulate "the example proxy, $offer with a proof" digest "127.0.0.1:$http_port" 3 proof
done
