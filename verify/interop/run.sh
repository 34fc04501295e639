# Tests the examples with other programs, and prints a line for each check. The exit status is 0 if all checks pass.
# `cargo xtask interop` runs this script, and installs what it needs:
#
# run.sh PROGRAMS PLAYWRIGHT PYTHON MITMPROXY [--capture]
#
# PROGRAMS is the directory of the example proxy and client, PLAYWRIGHT the module, and PYTHON and MITMPROXY the directories of
# Python's requests and of mitmproxy. With --capture, the script also writes tests/corpus/captured anew.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."

proxy=$1/proxy client=$1/client tower=$1/examples playwright=$2 python=$3 mitmproxy=$4 mode=${5-}

# Squid and Apache are in directories that only root's PATH contains.
PATH=$PATH:/usr/sbin:/sbin

source "$here/servers.sh"
source "$here/checks.sh"
source "$here/tower.sh"

dir=$(mktemp -d)
# Squid and Apache read it as other users.
chmod 755 "$dir"
trap 'stop_servers; rm -rf "$dir"' EXIT

# Invented. The names contain upper case, a space, and characters that are not ASCII.
users=(aladdin 'Jäsøn Doe')
password='open sesame'

write_users
start_origin

example_checks
client_checks
tower_checks
origin_checks

if [[ $mode == --capture ]]; then
    source "$here/capture.sh"
    capture
fi
((failed == 0)) || { printf '%d failed\n' "$failed" >&2; exit 1; }
