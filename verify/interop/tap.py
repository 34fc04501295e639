"""Relays between a client and a proxy, and writes the heads of their messages to a file, byte by byte.

python3 tap.py PORT FILE: prints its own port; PORT is that of the proxy. Requests that browsers send on their own, to other
servers or for icons, are not written.
"""

import contextlib
import socket
import socketserver
import sys
import threading

PORT, FILE = int(sys.argv[1]), sys.argv[2]
LOCK = threading.Lock()


def read_head(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return None
        head += line
    return head


def field(head, name):
    for line in head.split(b"\r\n")[1:]:
        field, _, value = line.partition(b":")
        if field.lower() == name:
            return value.strip().lower()
    return None


def relay(stream, to):
    # A browser closes its connections when it ends.
    with contextlib.suppress(ConnectionError):
        while data := stream.read1(65536):
            to.sendall(data)


def relay_content(head, stream, to):
    if field(head, b"transfer-encoding") == b"chunked":
        while line := stream.readline():
            size = int(line.split(b";")[0], 16)
            to.sendall(line + stream.read(size + 2))
            if size == 0:
                return
    length = field(head, b"content-length")
    if length is None:
        relay(stream, to)
        to.shutdown(socket.SHUT_WR)
    else:
        to.sendall(stream.read(int(length)))


class Tap(socketserver.BaseRequestHandler):
    def handle(self):
        proxy = socket.create_connection(("127.0.0.1", PORT))
        from_client, from_proxy = self.request.makefile("rb"), proxy.makefile("rb")
        # The requests have no content.
        while request := read_head(from_client):
            proxy.sendall(request)
            response = read_head(from_proxy)
            if response is None:
                break
            wanted = b"/favicon.ico" not in request.split(b"\r\n")[0]
            if wanted and (field(request, b"host") or b"").startswith(b"127.0.0.1:"):
                with LOCK, open(FILE, "ab") as file:
                    file.write(request + response)
            self.request.sendall(response)
            if request.startswith(b"CONNECT ") and response.split(b" ")[1] == b"200":
                back = threading.Thread(target=relay, args=(from_proxy, self.request), daemon=True)
                back.start()
                relay(from_client, proxy)
                proxy.shutdown(socket.SHUT_WR)
                back.join()
                break
            relay_content(response, from_proxy, self.request)
        proxy.close()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_):
        # A browser closes its connections when it ends.
        pass


server = Server(("127.0.0.1", 0), Tap)
print(server.server_address[1], flush=True)
server.serve_forever()
