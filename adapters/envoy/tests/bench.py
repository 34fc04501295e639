"""Measures the latency that authentication adds to a request over the loopback interface: without a filter, with Envoy's basic_auth,
and with this filter. One client on one connection, in turns.

python3 bench.py FILTER.wasm
"""

import base64
import hashlib
import pathlib
import re
import socket
import statistics
import sys
import time

from harness import EXAMPLE, Envoy, configuration, free_port

wasm = pathlib.Path(sys.argv[1]).resolve()
ROUNDS, REQUESTS = 15, 2000

# Envoy answers by itself, so the time of an origin server adds no noise.
direct = re.sub(
    r"route: \{ cluster: origin \}",
    'direct_response: { status: 200, body: { inline_string: "ok" } }',
    EXAMPLE,
)
wasm_filter = re.search(r"          - name: proxy_auth\n.*?(?=          - name: envoy.filters.http.router)", direct, re.S).group(0)
sha1 = base64.b64encode(hashlib.sha1(b"open sesame").digest()).decode()
basic_auth = f"""          - name: envoy.filters.http.basic_auth
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.basic_auth.v3.BasicAuth
              users: {{ inline_string: "aladdin:{{SHA}}{sha1}" }}
"""
basic_only = re.sub(r'"schemes": .*', '"schemes": ["Basic"],', wasm_filter)
basic_only = re.sub(r'"tokens": .*', "", basic_only)
texts = {
    "no filter": direct.replace(wasm_filter, ""),
    "basic_auth": direct.replace(wasm_filter, basic_auth),
    "Basic": direct.replace(wasm_filter, basic_only),
    "Digest SHA-256": direct,
    "Digest MD5": direct,
}
credentials = base64.b64encode(b"aladdin:open sesame").decode()


def lines(name, stream):
    """Returns a field line of credentials for each request of a round."""
    if not name.startswith("Digest"):
        field = "Authorization" if name == "basic_auth" else "Proxy-Authorization"
        return [f"{field}: Basic {credentials}\r\n"] * REQUESTS
    stream.sendall(request(""))
    answer = read(stream).decode()
    nonce = re.search(r'nonce="([^"]*)"', answer).group(1)
    algorithm = name.split()[1]
    kind = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}[algorithm]
    h = lambda text: kind(text.encode()).hexdigest()
    a1, a2 = h("aladdin:apps:open sesame"), h("GET:/")
    return [
        f'Proxy-Authorization: Digest username="aladdin", realm="apps", nonce="{nonce}", uri="/", algorithm={algorithm}, '
        f'qop=auth, nc={count:08x}, cnonce="0a4f113b", response="{h(f"{a1}:{nonce}:{count:08x}:0a4f113b:auth:{a2}")}"\r\n'
        for count in range(1, REQUESTS + 1)
    ]


def request(line):
    return f"GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n{line}\r\n".encode()


def read(stream):
    answer = stream.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += stream.recv(65536)
    return answer


def measure(name, port):
    """Returns the median latency of a round in microseconds."""
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        requests, times = [request(line) for line in lines(name, stream)], []
        for head in requests:
            start = time.perf_counter_ns()
            stream.sendall(head)
            answer = read(stream)
            times.append(time.perf_counter_ns() - start)
            assert answer.startswith(b"HTTP/1.1 200"), answer
    return statistics.median(times) / 1000


running, ports = [], {}
try:
    for name, text in texts.items():
        ports[name], admin = free_port(), free_port()
        running.append(Envoy(configuration(wasm, 9, ports[name], admin, text), workers=1))
    rounds = {name: [] for name in texts}
    for _ in range(ROUNDS):
        for name, port in ports.items():
            rounds[name].append(measure(name, port))
finally:
    for envoy in running:
        envoy.stop()

base = rounds["no filter"]
print(f"{'':16}{'latency':>10}{'added':>10}{'requests/s':>12}")
for name, times in rounds.items():
    latency = statistics.median(times)
    added = statistics.median(time - other for time, other in zip(times, base))
    print(f"{name:16}{latency:7.1f} µs{added:7.1f} µs{1e6 / latency:12.0f}")
