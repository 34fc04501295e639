# Tests examples/negotiate with a Kerberos realm and NTLM users of its own: the proxy with curl, Python's requests and Chromium, and
# the client with Squid. `cargo xtask negotiate` runs this script, and installs what it needs:
#
# run.sh PROGRAMS PYTHON PLAYWRIGHT
#
# PROGRAMS is the directory with the programs, PYTHON that with Python's packages, and PLAYWRIGHT the module. The exit status is 0 if
# all checks pass.
set -euo pipefail
interop=$(cd "$(dirname "${BASH_SOURCE[0]}")/../interop" && pwd)
negotiate=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=$1 python=$2 playwright=$3

PATH=$PATH:/usr/sbin:/sbin
here=$interop
source "$interop/servers.sh"
source "$interop/checks.sh"
source "$negotiate/kdc.sh"
source "$negotiate/policy.sh"
source "$negotiate/checks.sh"

dir=$(mktemp -d)
# Squid reads it as another user.
chmod 755 "$dir"
trap 'stop_servers; restore_policy; rm -rf "$dir"' EXIT

password='open sesame'
start_origin
start_kdc
allow_chromium
kerberos_checks
ntlm_checks
exit $((failed > 0))
