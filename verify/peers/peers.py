"""Sends the requests of many clients through the example proxy, and compares what goes over the wire with expected.tsv.

python3 peers.py PROXY DIR [--all] [--bless] [--capture] [--only NAME]

PROXY is the program, and DIR the directory of the Python packages (python) and npm packages (node_modules). By default, only the clients run that are installed fast;
with --all, all. --bless writes expected.tsv and PEERS.md anew, and
--capture an exchange of each client to tests/corpus/captured.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import table
from clients import CLIENTS, Run
from wire import Tap

HERE = pathlib.Path(__file__).parent
NAME, FOREIGN, PASSWORD = "aladdin", "Jäsøn Doe", "open sesame"
DEFAULT = "sha-256,md5,basic"

# What is offered, and what the client is told otherwise.
MODES = {
    "basic": ("basic", {}),
    "digest": ("sha-256", {}),
    "md5": ("md5", {}),
    "all": (DEFAULT, {}),
    "tunnel": (DEFAULT, {"scheme": "https"}),
    "wrong": (DEFAULT, {"password": "x"}),
    "name": (DEFAULT, {"user": FOREIGN}),
    "name, basic": ("basic", {"user": FOREIGN}),
    "post": (DEFAULT, {"method": "POST"}),
    "stale": ("sha-256,md5", {"pause": 1.6}),
}


class Server:
    """A program that prints its ports."""

    def __init__(self, command, pattern, **options):
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options
        )
        line = self.process.stdout.readline()
        found = re.search(pattern, line)
        if not found:
            sys.exit(f"{command[0]} printed {line!r}")
        self.ports = [int(port) for port in found.groups()]

    def stop(self):
        self.process.kill()
        self.process.wait()


def start_origin(dir):
    key, certificate, both = (dir / name for name in ("key.pem", "cert.pem", "both.pem"))
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    options = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", "-x509", *subject, *options], check=True, stderr=subprocess.DEVNULL)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    os.environ["PEERS_CERTIFICATE"] = str(certificate)
    origin = HERE.parent / "interop/origin.py"
    return Server([sys.executable, origin, dir / "heads", both], r"(\d+) (\d+)")


def seen(client, mode, program, origin, dir):
    """Returns what the client and the proxy said, and the heads of their messages."""
    offer, told = MODES[mode]
    told = dict(told)
    user = told.get("user", NAME)
    scheme = told.pop("scheme", "http")
    url = f"{scheme}://127.0.0.1:{origin.ports[scheme == 'https']}/hello"
    age = ["--max-age", "1"] if mode == "stale" else []
    login = ["--user", user, "--password", PASSWORD]
    proxy = Server(
        [program, "--listen", "127.0.0.1:0", *login, "--offer", offer, *age], r"listening on 127\.0\.0\.1:(\d+)"
    )
    tap = Tap(proxy.ports[0])
    count = 1 if told.get("method") == "POST" else 2
    with tempfile.TemporaryDirectory(dir=dir) as own:
        run = Run(**{"port": tap.port, "user": user, "password": PASSWORD, "urls": [url] * count, **told})
        run.dir, run.modules = pathlib.Path(own), dir
        environment = os.environ | {"PYTHONPATH": str(dir / "python"), "LC_ALL": "C.UTF-8"} | client.environment(run)
        try:
            subprocess.run(
                client.command(run),
                env=environment,
                input=client.stdin(run),
                timeout=60,
                cwd=own,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            pass
    said = tap.seen(), tap.heads()
    tap.close()
    proxy.stop()
    return said


def capture(name, client, proxy, heads):
    """Writes the heads of an exchange, and its line in the table of captures."""
    if not heads:
        return
    captured = HERE.parent.parent / "tests/corpus/captured"
    file = re.sub(r"[^a-z0-9]+", "_", name.lower()) + ".http"
    (captured / file).write_bytes(heads)
    with (captured / "README.md").open("a", encoding="utf-8") as readme:
        readme.write(f"| `{file}` | {client} | {proxy} |\n")


def version(client, dir):
    return found_version(client.version, {"PYTHONPATH": str(dir / "python"), "NODE_PATH": str(dir / "node_modules")})


def found_version(command, environment={}):
    """Returns the first version in what a command prints."""
    printed = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True).stdout
    found = re.search(r"\d+(\.\d+)+\S*", printed)
    return found[0].rstrip(',"') if found else printed.strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--bless", action="store_true")
    parser.add_argument("--capture", action="store_true")
    parser.add_argument("--only")
    options = parser.parse_args()
    program, dir = options.program.resolve(), options.dir.resolve()
    clients = [it for it in CLIENTS if options.only in (None, it.name) and (options.all or options.only or it.is_quick)]
    expected = table.read(HERE / "expected.tsv")
    origin = start_origin(dir)
    failed = count = 0
    results, versions = dict(expected), {}
    for client in clients:
        versions[client.name] = version(client, dir)
        for mode in MODES:
            if mode in client.without:
                continue
            said, heads = seen(client, mode, program, origin, dir)
            if options.capture and mode == "all":
                capture(f"{client.name}_example", client.name, "example", heads)
            key = (client.name, mode)
            results[key] = said
            problem = None
            if not table.is_explained(key, said):
                problem = "fails, and no note says why"
            elif not options.bless and not table.agree(mode, said, expected.get(key, "nothing"), client.varies):
                problem = f"not {expected.get(key)}"
            failed += problem is not None
            count += 1
            print(
                f"{'FAIL ' if problem else 'ok   '} {client.name} {versions[client.name]}, {mode}: {said}{f' ({problem})' if problem else ''}",
                flush=True,
            )
    origin.stop()
    if options.bless:
        # In the order of the clients, and without cells that are no longer measured.
        cells = [(client.name, mode) for client in CLIENTS for mode in MODES if mode not in client.without]
        results = {cell: results[cell] for cell in cells if cell in results}
        table.write(HERE, results, versions, {client.name for client in CLIENTS if client.varies})
    print(f"{count} cells, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
