"""Runs Envoy with the configuration in README.md, and an origin server behind it."""

import http.server
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ADAPTER = pathlib.Path(__file__).resolve().parent.parent
README = (ADAPTER / "README.md").read_text()
EXAMPLE = re.search(r"```yaml\n(.*?)```", README, re.S).group(1)


def envoy_path():
    for directory in sys.path:
        for path in pathlib.Path(directory or ".").glob("envoy*/**/envoy"):
            if path.is_file() and path.stat().st_size > 1_000_000:
                return str(path)
    return "envoy"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Origin(http.server.BaseHTTPRequestHandler):
    """Answers with the head of the request."""

    protocol_version = "HTTP/1.1"
    seen = []

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self):
        head = "".join(f"{name.lower()}: {value}\n" for name, value in self.headers.items())
        Origin.seen.append(head)
        body = f"<title>origin</title>\n{self.path}\n{head}".encode("latin-1", "replace")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass

    def log_message(self, *_):
        pass


def start_origin():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Envoy:
    """A running Envoy."""

    def __init__(self, text, wait=True, workers=2):
        self.directory = tempfile.TemporaryDirectory()
        root = pathlib.Path(self.directory.name)
        (root / "envoy.yaml").write_text(text)
        self.log_path = root / "log"
        self.admin = int(re.search(r"port_value: (\d+) } } } # admin", text).group(1))
        with self.log_path.open("w") as log:
            command = [envoy_path(), "-c", str(root / "envoy.yaml"), "--concurrency", str(workers)]
            command += ["--use-dynamic-base-id", "-l", "warning"]
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        if wait:
            self.wait()

    def wait(self):
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(self.log())
            try:
                if "LIVE" in self.ask("/ready"):
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise RuntimeError(self.log())

    def ask(self, path):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=5).read().decode()

    def log(self):
        return self.log_path.read_text(errors="replace")

    def counter(self, name):
        return sum(int(n) for n in re.findall(rf"proxy_auth\.{name}: (\d+)", self.ask("/stats?filter=proxy_auth")))

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.directory.cleanup()


def configuration(wasm, origin, port, admin, text=EXAMPLE):
    """Returns the configuration in README.md, with other ports and paths."""
    text = text.replace("/etc/envoy/proxy_auth_envoy.wasm", str(wasm))
    text = text.replace("port_value: 3128", f"port_value: {port}").replace("port_value: 9901", f"port_value: {admin}")
    return text.replace("address: 127.0.0.1, port_value: 8080", f"address: 127.0.0.1, port_value: {origin}")
