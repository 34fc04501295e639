"""Sends the requests of the example client through many proxies, and compares what goes over the wire with proxies.tsv.

python3 proxies.py CLIENT DIR [--all] [--bless] [--capture]

CLIENT is the program, and DIR the directory of the Python packages (python), of mitmproxy and of the npm packages (node_modules). By
default, only the proxies run that are installed fast. --bless writes proxies.tsv and the table in PEERS.md anew, and
--capture an exchange with each proxy to tests/corpus/captured.
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.parse

import table
from notes import proxy_note_for
from peers import capture, FOREIGN, HERE, NAME, PASSWORD, Server, found_version, start_origin
from wire import Tap

INTEROP = HERE.parent / "interop"
MITMPROXY_VERSION = (
    """PYTHONPATH=$PEERS_MITMPROXY python3 -c 'import importlib.metadata as m; print(m.version("mitmproxy"))'"""
)
MODES = {
    "get": {},
    "tunnel": {"options": ["--tunnel"]},
    "wrong": {"password": "x"},
    "name": {"user": FOREIGN},
}


class Proxy:
    """A proxy: its name and scheme, the command that prints its port, and that for its version."""

    def __init__(self, name, scheme, command, version, is_quick=False):
        self.name, self.scheme, self.command, self.version, self.is_quick = name, scheme, command, version, is_quick


def shell(start):
    """Starts a proxy with a function of verify/interop, which sets the variable `port`."""
    script = f"""
        set -euo pipefail
        here=$1 dir=$2 mitmproxy=$3 password=$4 users=("$5")
        PATH=$PATH:/usr/sbin:/sbin
        source "$here/servers.sh"
        source "$here/tower.sh"
        write_users
        {start}
        echo "$port"
        wait
    """
    return lambda dir, own, user: ["bash", "-c", script, "proxy", INTEROP, own, dir / "mitmproxy", PASSWORD, user]


def server(*command, users=None):
    """Starts a program of the directory servers. `users` is the option of htpasswd, or "digest"."""

    def build(dir, own, user):
        file = own / "users"
        if users == "digest":
            script = 'printf "%s:peers:%s\\n" "$1" "$(printf "%s:peers:%s" "$1" "$2" | md5sum | cut -d" " -f1)"'
            file.write_bytes(subprocess.check_output(["bash", "-c", script, "users", user, PASSWORD]))
        elif users:
            subprocess.run(["htpasswd", "-bc", users, file, user, PASSWORD], check=True, stderr=subprocess.DEVNULL)
        return [
            str(it).format(dir=dir, servers=HERE / "servers", users=file, user=user, password=PASSWORD)
            for it in command
        ]

    return build


PROXIES = [
    Proxy("Squid", "basic", shell("start_squid basic"), ["/usr/sbin/squid", "-v"], is_quick=True),
    Proxy("Squid", "digest", shell("start_squid digest"), ["/usr/sbin/squid", "-v"], is_quick=True),
    Proxy("Apache", "digest", shell("start_apache"), ["/usr/sbin/apache2", "-v"], is_quick=True),
    Proxy("tinyproxy", "basic", shell("start_tinyproxy sesame"), ["tinyproxy", "-v"], is_quick=True),
    Proxy("mitmproxy", "basic", shell("start_mitmproxy"), ["sh", "-c", MITMPROXY_VERSION], is_quick=True),
    *(
        Proxy(
            "http-auth",
            scheme,
            server("node", "{servers}/http_auth.mjs", "{dir}", scheme, "{users}", users=users),
            ["node", "-p", "require(process.env.NODE_PATH + '/http-auth/package.json').version"],
            is_quick=True,
        )
        for scheme, users in (("basic", "-s"), ("digest", "digest"))
    ),
    *(
        Proxy(
            "WEBrick",
            scheme,
            server("ruby", "{servers}/webrick.rb", scheme, "{users}", users=users),
            ["ruby", "-rwebrick", "-e", "puts WEBrick::VERSION"],
        )
        for scheme, users in (("basic", "-d"), ("digest", "digest"))
    ),
    Proxy(
        "goproxy",
        "basic",
        server("go", "run", "{servers}/goproxy.go", "{user}", "{password}"),
        ["dpkg-query", "-W", "golang-github-elazarl-goproxy-dev"],
    ),
]


def seen(proxy, mode, client, origin, dir):
    """Returns what the client and the proxy said, and the heads of their messages."""
    told = MODES[mode]
    user = told.get("user", NAME)
    password = told.get("password", "sesame" if proxy.name == "tinyproxy" else PASSWORD)
    with tempfile.TemporaryDirectory(dir=dir) as own:
        own = pathlib.Path(own)
        # Squid reads it as another user.
        own.chmod(0o755)
        started = Server(proxy.command(dir, own, user), r"^(\d+)$", start_new_session=True)
        tap = Tap(started.ports[0])
        login = ":".join(urllib.parse.quote(text, safe="") for text in (user, password))
        url = f"http://127.0.0.1:{origin.ports[0]}/hello"
        options = [*told.get("options", []), *(["--allow-basic"] if proxy.scheme == "basic" else [])]
        command = [client, *options, f"http://{login}@127.0.0.1:{tap.port}", url, url]
        try:
            subprocess.run(command, timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            pass
        said = tap.seen(), tap.heads()
        tap.close()
        os.killpg(started.process.pid, signal.SIGKILL)
        started.stop()
    return said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("client", type=pathlib.Path)
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--bless", action="store_true")
    parser.add_argument("--capture", action="store_true")
    options = parser.parse_args()
    client, dir = options.client.resolve(), options.dir.resolve()
    dir.chmod(0o755)
    os.environ |= {
        "PEERS_MITMPROXY": str(dir / "mitmproxy"),
        "NODE_PATH": str(dir / "node_modules"),
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
    }
    expected = table.read(HERE / "proxies.tsv")
    origin = start_origin(dir)
    results, versions, failed, count = dict(expected), {}, 0, 0
    for proxy in PROXIES:
        if not (options.all or proxy.is_quick):
            continue
        name = f"{proxy.name}, {proxy.scheme.capitalize()}"
        versions[name] = found_version(proxy.version)
        for mode in MODES:
            # It has one user.
            if mode == "name" and proxy.name in ("tinyproxy", "mitmproxy"):
                continue
            said, heads = seen(proxy, mode, client, origin, dir)
            # tinyproxy has another password.
            if options.capture and mode == "get" and proxy.name != "tinyproxy":
                capture(f"example_{name}", "client of `examples/hyper`", proxy.name, heads)
            results[name, mode] = said
            problem = None
            if not table.passes(mode, said) and proxy_note_for(name, mode) is None:
                problem = "fails, and no note says why"
            elif not options.bless and said != expected.get((name, mode)):
                problem = f"not {expected.get((name, mode))}"
            failed += problem is not None
            count += 1
            print(
                f"{'FAIL ' if problem else 'ok   '} {name}, {mode}: {said}{f' ({problem})' if problem else ''}",
                flush=True,
            )
    origin.stop()
    if options.bless:
        table.write_proxies(HERE, results, versions)
    print(f"{count} cells, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
