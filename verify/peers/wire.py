"""Relays between a client and a proxy, and tells what went over the wire."""

import contextlib
import re
import socket
import threading


class Tap:
    """Accepts connections for the proxy at a port, and records them."""

    def __init__(self, port):
        self.proxy = ("127.0.0.1", port)
        self.connections = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                proxy = socket.create_connection(self.proxy)
                sent, received = bytearray(), bytearray()
                self.connections.append((sent, received))
                for source, to, record in ((client, proxy, sent), (proxy, client, received)):
                    threading.Thread(target=relay, args=(source, to, record), daemon=True).start()

    def close(self):
        self.listener.close()

    def heads(self):
        """Returns the heads of all requests and of their final responses, in HTTP/1.1."""
        heads = b""
        for sent, received in self.connections:
            for request, responses in exchanges(bytes(sent), bytes(received)):
                if responses and responses[-1].status != "100" and request.line.endswith("HTTP/1.1"):
                    heads += request.bytes + responses[-1].bytes
        return heads

    def seen(self):
        """Returns the requests and responses of each connection that had any, as text."""
        connections = (conversation(bytes(sent), bytes(received)) for sent, received in self.connections)
        return "; ".join(", ".join(it) for it in connections if it) or "nothing"


def relay(source, to, record):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            record += data
            to.sendall(data)
    with contextlib.suppress(OSError):
        to.shutdown(socket.SHUT_WR)


class Head:
    """The first line and the fields of a message."""

    def __init__(self, text):
        self.bytes = text + b"\r\n\r\n"
        self.line, *lines = text.decode("latin-1").split("\r\n")
        self.fields = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    @property
    def status(self):
        return self.line.split(" ")[1]

    def all(self, name):
        return [value for field, value in self.fields if field == name]

    def get(self, name):
        return next(iter(self.all(name)), "")


def exchanges(sent, received):
    """Yields each request of a connection, and its responses: interim ones, then perhaps the final one."""
    while b"\r\n\r\n" in sent:
        request, sent = take_head(sent)
        responses = []
        while b"\r\n\r\n" in received:
            response, received = take_head(received)
            responses.append(response)
            if response.status != "100":
                break
        if is_wanted(request):
            yield request, responses
        status = responses[-1].status if responses else None
        if status in (None, "100") or (status == "200" and request.line.startswith("CONNECT ")):
            break
        # After Expect, the content of a refused request is perhaps not sent.
        if not re.match(rb"[A-Z]+ \S+ HTTP/1\.[01]\r\n", sent):
            sent = after_content(request, sent)
        received = after_content(responses[-1], received)


def conversation(sent, received):
    """Returns a text for each request of a connection, with its responses."""
    return [
        " ".join([request_text(request), *map(response_text, responses or [None])])
        for request, responses in exchanges(sent, received)
    ]


def is_wanted(request):
    """Returns `False` for requests that browsers send on their own."""
    target = request.line.split(" ")[1]
    return "127.0.0.1" in target and not target.endswith("/favicon.ico")


def take_head(data):
    head, _, rest = data.partition(b"\r\n\r\n")
    return Head(head), rest


def after_content(head, data):
    if head.get("transfer-encoding").lower() == "chunked":
        while data:
            size, _, data = data.partition(b"\r\n")
            length = int(size.split(b";")[0] or b"0", 16)
            data = data[length + 2 :]
            if length == 0:
                break
        return data
    return data[int(head.get("content-length") or 0) :]


def request_text(request):
    method = request.line.split(" ")[0]
    if request.line.endswith("HTTP/1.0"):
        method += "/1.0"
    if request.get("expect").lower() == "100-continue":
        method += " Expect"
    value = request.get("proxy-authorization")
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "digest":
        return f"{method} {scheme}".rstrip()
    algorithm = re.search(r"algorithm=\"?([\w-]+)", rest)
    nc = re.search(r"\bnc=\"?([0-9a-fA-F]+)", rest)
    text = f"{method} Digest {algorithm[1] if algorithm else 'MD5'}"
    return text + (f" nc={int(nc[1], 16)}" if nc else " without qop")


def response_text(response):
    if response is None:
        return "-"
    text = response.status
    if response.get("proxy-authentication-info"):
        text += " info"
    if any(re.search(r"stale=\"?true", value, re.I) for value in response.all("proxy-authenticate")):
        text += " stale"
    return text
