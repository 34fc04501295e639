"""Prints curl's answers to challenges of Digest from a small proxy on 127.0.0.1.

    python3 capture_curl.py > curl-7.88.1.tsv
    python -m venv VENV && VENV/bin/pip install pycurl && VENV/bin/python capture_curl.py pycurl > curl-8.23.0.tsv

With the argument "pycurl", it uses the libcurl of that package instead of the program. Each line is an answer, with
tab-separated fields. Nonces are computed as in `Nonces`, from KEY, the realm, and MADE, so that a `Verifier` can check the
answers.
"""

import hashlib
import hmac
import socket
import subprocess
import sys
import threading

KEY = b"32 bytes from a random source   "
# In milliseconds.
MADE = 1_445_412_480

FIELDS = "case user password method target content challenge authorization".split()


def nonce(realm, unique):
    stamp = MADE.to_bytes(8, "big") + unique.to_bytes(8, "big")
    return (stamp + hmac.digest(KEY, realm.encode() + stamp, hashlib.sha256)[:16]).hex()


def challenge(params, realm="apps", quoted_realm=None, unique=1):
    value = f'Digest realm="{quoted_realm or realm}", nonce="{nonce(realm, unique)}"'
    return f"{value}, {params}" if params else value


URL = "http://example.com/dir/index.html?a=b&c"
TLS = "https://example.com/"

# name: user, password, challenges, then method, URL and content of each request
CASES = {}


def add(name, *challenges, user="aladdin", password="open sesame", requests=(("GET", URL, ""),)):
    CASES[name] = (user, password, challenges, requests)


CONNECT = (("CONNECT", TLS, ""),)
POST = (("POST", URL, "x=1&y=2"),)

add("rfc2069", challenge(""))
add("rfc2069-connect", challenge("algorithm=MD5"), requests=CONNECT)
for algorithm in "MD5", "SHA-256", "SHA-512-256":
    for session in "", "-sess":
        name = algorithm + session
        add(f"{name}-none", challenge(f"algorithm={name}"))
        add(f"{name}-auth", challenge(f'qop="auth", algorithm={name}'))
        add(f"{name}-auth-connect", challenge(f'qop="auth,auth-int", algorithm={name}'), requests=CONNECT)
        add(f"{name}-auth-int", challenge(f'qop="auth-int", algorithm={name}'))
        add(f"{name}-userhash", challenge(f'qop="auth", algorithm={name}, userhash=true'))
add("auth-int-connect", challenge('qop="auth-int"'), requests=CONNECT)
add("auth-int-post", challenge('qop="auth-int"'), requests=POST)
add("auth-post", challenge('qop="auth"'), requests=POST)
add("qop-order", challenge('qop="auth-int,auth"'))
add("qop-spaces", challenge('qop=" auth-int , auth "'))
add("qop-unknown", challenge('qop="crazy, auth"'))
add("algorithm-quoted", challenge('qop="auth", algorithm="SHA-256"'))
add("algorithm-lower-case", challenge('qop="auth", algorithm=sha-256-SESS'))
add("opaque", challenge(r'qop="auth", opaque="FQhe/qaU925 \"kfnzjCev0ciny7Q\" \\MkPqMAFRtzCUYo5tdS"'))
add("realm-quotes", challenge('qop="auth"', 'test "this" realm!!', r"test \"this\" realm!!"))
add("realm-quotes-userhash", challenge('qop="auth", algorithm=SHA-256, userhash=true', 'a "b"', r"a \"b\""))
add("realm-backslash", challenge('qop="auth"', "WORKGROUP\\apps", r"WORKGROUP\\apps"))
add("realm-needless-escape", challenge('qop="auth"', "apps", r"\a\pps"))
add("realm-utf8", challenge('qop="auth", charset=UTF-8', "Büro"))
add("nonce-escapes", r'Digest realm="apps", nonce="a \"b\" \\c", qop="auth"')
add("user-quotes", challenge('qop="auth"'), user='al"ad"din')
add("user-backslash", challenge('qop="auth"'), user="WORKGROUP\\aladdin")
add("user-utf8", challenge('qop="auth", charset=UTF-8'), user="Jäsøn Doe", password="Secret, or not?")
add("user-utf8-userhash", challenge('qop="auth", algorithm=SHA-256, charset=UTF-8, userhash=true'), user="Jäsøn Doe")
add("password-special", challenge('qop="auth"'), password='a:"b\\c: é')
add("password-empty", challenge('qop="auth"'), password="")
add("url-without-path", challenge('qop="auth"'), requests=(("GET", "http://example.com", ""),))
add("url-query-without-path", challenge('qop="auth"'), requests=(("GET", "http://example.com?a=b", ""),))
add("url-quote", challenge('qop="auth"'), requests=(("GET", 'http://example.com/?a="b"', ""),))
add("url-backslash", challenge('qop="auth"'), requests=(("GET", "http://example.com/?a=\\b", ""),))
add("url-scheme-in-query", challenge('qop="auth"'), requests=(("GET", "http://example.com/?a=http://b/c", ""),))
add("url-port", challenge('qop="auth"'), requests=(("GET", "http://example.com:8080/a", ""),))
add("connect-ipv6", challenge('qop="auth"'), requests=(("CONNECT", "https://[2001:db8::1]:8443/", ""),))
add("head", challenge('qop="auth"'), requests=(("HEAD", URL, ""),))
add("three-requests", challenge('qop="auth"'),
    requests=(("GET", URL, ""), ("GET", "http://example.com/2", ""), ("GET", "http://example.com/3", "")))
add("stale", challenge('qop="auth", algorithm=SHA-256'), challenge('qop="auth", algorithm=SHA-256, stale=TRUE', unique=2))


class Proxy:
    """Responds with 407 and each challenge in turn, then with 200, or with 403 to CONNECT, to avoid tunnels."""

    def __init__(self, challenges):
        self.challenges = list(challenges)
        self.challenge = None
        self.answers = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[connection], daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rwb") as stream:
            while request_line := stream.readline():
                method, target, _ = request_line.decode().split(" ")
                fields = {}
                while (line := stream.readline()) not in (b"\r\n", b""):
                    name, _, value = line.decode().partition(":")
                    fields[name.lower()] = value.strip()
                content = stream.read(int(fields.get("content-length", 0))).decode()
                answer = fields.get("proxy-authorization")
                if answer:
                    self.answers.append((method, target, content, self.challenge, answer))
                if self.challenges and (answer or not self.challenge):
                    self.challenge = self.challenges.pop(0)
                    answer = None
                if not answer:
                    head = f"407 Proxy Authentication Required\r\nProxy-Authenticate: {self.challenge}"
                else:
                    head = "403 Forbidden" if method == "CONNECT" else "200 OK"
                stream.write(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode())
                stream.flush()


def run_program(port, user, password, requests):
    arguments = ["curl", "--disable", "--silent", "--noproxy", "", "--globoff", "--max-time", "10",
                 "--proxy", f"http://127.0.0.1:{port}", "--proxy-digest", "--proxy-user", f"{user}:{password}"]
    for method, url, content in requests:
        arguments += {"HEAD": ["--head"], "POST": ["--data-raw", content]}.get(method, [])
        arguments += ["--output", "/dev/null", "--url", url]
    return subprocess.run(arguments).returncode


def run_library(port, user, password, requests):
    import pycurl

    curl = pycurl.Curl()
    curl.setopt(curl.NOPROXY, "")
    curl.setopt(curl.TIMEOUT, 10)
    curl.setopt(curl.PROXY, f"http://127.0.0.1:{port}")
    curl.setopt(curl.PROXYAUTH, curl.HTTPAUTH_DIGEST)
    curl.setopt(curl.PROXYUSERNAME, user.encode())
    curl.setopt(curl.PROXYPASSWORD, password.encode())
    curl.setopt(curl.WRITEFUNCTION, lambda data: None)
    status = 0
    for method, url, content in requests:
        curl.setopt(curl.URL, url)
        if method == "HEAD":
            curl.setopt(curl.NOBODY, True)
        if method == "POST":
            curl.setopt(curl.POSTFIELDS, content)
        try:
            curl.perform()
        except pycurl.error as error:
            status = error.args[0]
    return status


def main():
    if sys.argv[1:] == ["pycurl"]:
        import pycurl

        version, run = pycurl.version.split(" ")[1], run_library
    else:
        version, run = subprocess.check_output(["curl", "--version"], text=True).split(" (")[0], run_program
    print(f"# Made by capture_curl.py with {version}.")
    print("# " + "\t".join(FIELDS))
    for name, (user, password, challenges, requests) in CASES.items():
        proxy = Proxy(challenges)
        status = run(proxy.port, user, password, requests)
        proxy.listener.close()
        if len(proxy.answers) < len(requests):
            print(f"# {name}: {len(proxy.answers)} answers, curl ended with {status}")
        for method, target, content, asked, answer in proxy.answers:
            fields = [name, user, password, method, target, content, asked, answer]
            assert len(fields) == len(FIELDS) and not any("\t" in field for field in fields)
            print("\t".join(fields))


main()
