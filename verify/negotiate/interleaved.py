"""Two clients authenticate with NTLM on connections of their own, at the same time. Prints one line for each check that failed,
or "ok".

python3 interleaved.py PROXY_PORT URL PASSWORD NAME NAME

Nobody is taken for the user of another connection (the fault of curl's CVE-2026-1965), or of an earlier exchange.
"""

import base64
import http.client
import sys

import spnego

port, url, password, *names = sys.argv[1:]
failed = []


def check(what, expected, seen):
    if seen != expected:
        failed.append(f"{what}: {seen}, not {expected}")


class Client:
    """A connection, and an exchange of NTLM."""

    def __init__(self, name):
        self.connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
        self.context = spnego.client(f"PEERS\\{name}", password, protocol="ntlm")
        self.token = None

    def send(self, authorization=None):
        """Sends a request, and returns the status code. Remembers the token in the response."""
        fields = {"Proxy-Authorization": authorization} if authorization else {}
        self.connection.request("GET", url, headers=fields)
        response = self.connection.getresponse()
        response.read()
        tokens = [
            value[5:] for value in response.headers.get_all("Proxy-Authenticate", []) if value.startswith("NTLM ")
        ]
        self.token = base64.b64decode(tokens[0]) if tokens else None
        return response.status

    def step(self):
        """Sends the next token, and returns the status code."""
        return self.send("NTLM " + base64.b64encode(self.context.step(self.token)).decode())


first, second, other = Client(names[0]), Client(names[1]), Client(names[0])
check("first token of the first", 407, first.step())
check("first token of the second", 407, second.step())
check("first token on a third connection", 407, other.step())
check("the first", 200, first.step())
check("the second, between two tokens of it", 200, second.step())
check("the first, without credentials", 200, first.send())
check("the second, without credentials", 200, second.send())
check("a new connection, without credentials", 407, Client(names[0]).send())

# The last token of another connection does not fit the challenge of this one.
third, fourth = Client(names[0]), Client(names[1])
third.step(), fourth.step()
third.token, fourth.token = fourth.token, third.token
check("the answer to a challenge of another connection", 407, third.step())
check("after it, without credentials", 407, third.send())
check("an exchange that is interrupted by another request", 407, other.send())
check("and continued after it", 407, other.send("NTLM " + base64.b64encode(b"NTLMSSP\0\3\0\0\0").decode()))

# Another client on the connection of the first, such as one behind a shared proxy, is not the first.
check("wrong credentials of another scheme", 407, first.send('Digest username="x"'))
check("after them, without credentials", 407, first.send())
print("; ".join(failed) or "ok")
