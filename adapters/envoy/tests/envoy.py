"""Tests the filter in Envoy with curl, Python's requests and Java.

python3 envoy.py FILTER.wasm
"""

import base64
import concurrent.futures
import hashlib
import pathlib
import random
import re
import socket
import subprocess
import sys

from harness import ADAPTER, EXAMPLE, Envoy, Origin, configuration, free_port, start_origin

WASM = pathlib.Path(sys.argv[1]).resolve()
CLIENTS = ADAPTER.parent.parent / "verify/interop"
origin = start_origin()
failed = []
passed = 0


def check(name, got, expected):
    global passed
    if got == expected:
        passed += 1
    else:
        failed.append(name)
        print(f"FAILED {name}: {got!r}, not {expected!r}")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.strip()


def curl(*options, url=None, password="open sesame"):
    """Returns the status code of the last response, and the content."""
    url = url or f"http://127.0.0.1:{origin}/page"
    user = ["--proxy-user", f"aladdin:{password}"] if password else []
    command = ["curl", "-s", "-m", "10", "--noproxy", "", "-x", f"http://127.0.0.1:{port}", "-w", "\n%{http_code} %{http_connect}"]
    body, _, codes = run(*command, *user, *options, url).rpartition("\n")
    return codes, body


def raw(head, connection=None):
    """Sends bytes, and returns the head of the response and a part of the content."""
    with connection or socket.create_connection(("127.0.0.1", port), timeout=10) as stream:
        stream.sendall(head)
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = stream.recv(65536)
            if not part:
                break
            answer += part
        return answer


def get(*lines, method="GET", target=None):
    target = target or f"http://127.0.0.1:{origin}/page"
    lines = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return raw(f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{origin}\r\n".encode() + b"".join(l + b"\r\n" for l in lines) + b"\r\n")


def status(answer):
    match = re.match(rb"HTTP/1\.1 (\d+)", answer)
    return int(match.group(1)) if match else 0


def digest(nonce, count=1, uri="/page", method="GET", name="SHA-256", password="open sesame"):
    h = lambda text: {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}[name](text.encode()).hexdigest()
    a1, a2 = h(f"aladdin:apps:{password}"), h(f"{method}:{uri}")
    response = h(f"{a1}:{nonce}:{count:08x}:c:auth:{a2}")
    return (
        f'Proxy-Authorization: Digest username="aladdin", realm="apps", nonce="{nonce}", uri="{uri}", algorithm={name}, '
        f'qop=auth, nc={count:08x}, cnonce="c", response="{response}"'
    )


def nonce():
    return re.search(rb'nonce="([^"]*)"', get()).group(1).decode()


BASIC = "Proxy-Authorization: Basic " + base64.b64encode(b"aladdin:open sesame").decode()
port, admin = free_port(), free_port()
envoy = Envoy(configuration(WASM, origin, port, admin))
try:
    # What is offered.
    answer = get()
    check("407", status(answer), 407)
    schemes = re.findall(rb"(?i)proxy-authenticate: (\w+)", answer)
    check("challenges", schemes, [b"Digest", b"Digest", b"Bearer", b"Basic"])

    # Clients.
    for options in (["--proxy-basic"], ["--proxy-digest"], ["--proxy-anyauth"]):
        name = options[0]
        check(f"curl {name}", curl(*options)[0], "200 000")
        check(f"curl {name} CONNECT", curl("-p", *options)[0], "200 200")
        check(f"curl {name} wrong", curl(*options, password="open")[0], "407 000")
        check(f"curl {name} CONNECT wrong", curl("-p", *options, password="open")[0], "000 407")
    check("curl without credentials", curl(password=None)[0], "407 000")
    check("curl CONNECT without credentials", curl("-p", password=None)[0], "000 407")
    url = f"http://127.0.0.1:{origin}/page"
    for password, expected in (("open sesame", "200 origin"), ("open", "407")):
        check("requests", run("python3", str(CLIENTS / "requests_get.py"), str(port), "aladdin", password, url), expected)
        java = ["-Djdk.http.auth.tunneling.disabledSchemes=", "-Djdk.http.auth.proxying.disabledSchemes="]
        check("Java", run("java", *java, str(CLIENTS / "JavaGet.java"), str(port), "aladdin", password, url), expected)

    # The request that goes on.
    body = curl("--proxy-basic", "-H", "X-Proxy-User: admin", "-H", "x-proxy-USER: root")[1]
    check("no credentials go on", "proxy-authorization" in body, False)
    check("the user", re.findall("x-proxy-user: (.*)", body), ["aladdin"])
    check("token", status(get("Proxy-Authorization: Bearer mF_9.B5f-4.1JqM")), 200)
    check("the user of a token", re.findall("x-proxy-user: (.*)", Origin.seen[-1]), ["ci"])
    check("wrong token", status(get("Proxy-Authorization: Bearer mF_9.B5f-4.1JqN")), 407)
    check("no token", status(get("Proxy-Authorization: Bearer")), 400)

    # Digest.
    for name in ("SHA-256", "MD5"):
        n = nonce()
        answer = get(digest(n, name=name))
        check(f"{name}", status(answer), 200)
        check(f"{name} proof", re.search(rb'(?i)proxy-authentication-info: .*rspauth="', answer) is not None, True)
        answer = get(digest(n, name=name))
        check(f"{name} replayed", (status(answer), b"stale=true" in answer), (407, True))
        check(f"{name} counted", status(get(digest(n, 2, name=name))), 200)
        check(f"{name} other target", status(get(digest(n, 3, uri="/other", name=name))), 407)
        check(f"{name} other method", status(get(digest(n, 4, method="POST", name=name))), 407)
        check(f"{name} wrong", b"stale=true" in get(digest(n, 5, name=name, password="x")), False)
    forged = digest("A" * len(n))
    check("a nonce of another key", b"stale=true" in get(forged), True)
    url = f"http://127.0.0.1:{origin}/page"
    check("absolute uri", status(get(digest(nonce(), uri=url))), 200)
    n, target = nonce(), f"127.0.0.1:{origin}"
    check("CONNECT", status(get(digest(n, uri=target, method="CONNECT"), method="CONNECT", target=target)), 200)
    check("CONNECT replayed", status(get(digest(n, uri=target, method="CONNECT"), method="CONNECT", target=target)), 407)

    # One answer at once, on many connections: the workers share what they remember.
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for _ in range(20):
            answer = digest(nonce())
            results = list(pool.map(lambda _: status(get(answer)), range(16)))
            check("one of 16 equal answers passes", results.count(200), 1)
        n = nonce()
        results = list(pool.map(lambda count: status(get(digest(n, count))), range(1, 33)))
        check("32 answers of one nonce pass", results.count(200), 32)

    # Field lines.
    check("two lines", status(get(BASIC, BASIC)), 407)
    check("two lines, one empty", status(get("Proxy-Authorization:", BASIC)), 407)
    check("a wrong line first", status(get("Proxy-Authorization: Basic eDp5", BASIC)), 407)
    check("not UTF-8", status(get(b"Proxy-Authorization: Basic \xff\xfe")), 407)
    check("not UTF-8 elsewhere", status(get(BASIC, b"X-Other: \xff\xfe")), 200)
    check("Authorization", status(get(BASIC[6:])), 407)
    check("upgrade", status(get("Connection: upgrade", "Upgrade: websocket")) in (403, 407), True)
    check("OPTIONS *", status(get(method="OPTIONS", target="*")) in (400, 404, 407), True)  # Envoy's own 404
    check("HTTP/1.0", raw(f"GET {url} HTTP/1.0\r\n{BASIC}\r\n\r\n".encode())[9:12], b"200")
    check("pipelined", raw(f"GET {url} HTTP/1.1\r\nHost: x\r\n{BASIC}\r\n\r\nGET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())[9:12], b"200")

    # HTTP/2.
    h2 = ["curl", "-s", "-m", "10", "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_code}"]
    h2_url = f"http://127.0.0.1:{port}/page"
    check("HTTP/2", run(*h2, h2_url), "407")
    check("HTTP/2 Basic", run(*h2, "-H", BASIC, h2_url), "200")
    check("HTTP/2 two lines", run(*h2, "-H", BASIC, "-H", BASIC, h2_url), "407")

    # Damaged credentials: none passes, and none stops the filter.
    random.seed(407)
    seeds = [BASIC, digest("A" * 64), digest(nonce(), 9, password="x"), "Proxy-Authorization: Bearer mF_9.B5f-4.1JqM"]
    before, statuses, count = len(Origin.seen), {}, 3000

    def damaged(seed):
        line = bytearray(seed[len("Proxy-Authorization: ") :].encode())
        for _ in range(random.randint(1, 8)):
            at = random.randrange(len(line))
            kind = random.randrange(4)
            if kind == 0:
                line[at] = random.choice(b'",=\\ \t%:;' + bytes(range(0x21, 0x7F)) + bytes(range(0x80, 0x100)))
            elif kind == 1:
                del line[at : at + random.randint(1, 9)]
            elif kind == 2:
                line[at:at] = random.choice([b",", b'"', b"=", b"\\", b" ", b"\xff", b"Basic ", b"A" * 300])
            else:
                line = line[at:] + line[:at]
            if not line:
                line = bytearray(b",")
        return bytes(line)

    good = {s.split(": ", 1)[1] for s in seeds}
    cases = [damaged(random.choice(seeds)) for _ in range(count)]
    # Bits of base64 that nothing reads, and the case of a scheme, change nothing.
    def is_same(line):
        words = line.split()
        if len(words) != 2 or words[0].lower() not in (b"basic", b"bearer"):
            return False
        return words[1] in (BASIC.split()[-1].encode(), b"mF_9.B5f-4.1JqM")

    cases = [line for line in cases if not is_same(line.strip())]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for line, answer in zip(cases, pool.map(lambda line: get(b"Proxy-Authorization: " + line), cases)):
            statuses[status(answer)] = statuses.get(status(answer), 0) + 1
            if status(answer) not in (400, 407):
                print("damaged:", status(answer), line)
    check("damaged credentials", set(statuses) <= {400, 407} and len(Origin.seen) == before, True)
    print("damaged credentials:", statuses)
    check("still passes", status(get(BASIC)), 200)
    check("no trap", re.findall(r"(?i).*(?:panick|trap|unreachable|VM failed).*", envoy.log()), [])
    for name in ("passed", "challenged", "refused", "stale"):
        check(f"counter {name}", envoy.counter(name) > 0, True)
finally:
    envoy.stop()

# Wrong configurations: the log says where, and nothing passes.
WRONG = [
    ('"realm": "apps"', '"realm": "other"', "users.SHA-256[0]: the realm"),
    ('"realm": "apps",', '"realm": "apps"', "line 3 column"),
    ('"user_header"', '"user_heade"', "unknown field `user_heade`"),
]
for old, new, expected in WRONG:
    port, admin = free_port(), free_port()
    text = configuration(WASM, origin, port, admin, EXAMPLE.replace(old, new))
    envoy = Envoy(text, wait=False)
    try:
        try:
            envoy.wait()
            check(f"nothing passes: {expected}", status(get(BASIC)) in (500, 503), True)
        except RuntimeError:
            passed += 1
        check(f"log: {expected}", expected in envoy.log(), True)
    finally:
        envoy.stop()

print(f"{passed} checks passed, {len(failed)} failed")
sys.exit(bool(failed))
