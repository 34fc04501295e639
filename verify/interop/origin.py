"""An origin server that sends a page, and logs the heads of requests. For /later, it waits three seconds and redirects.

python3 origin.py HEADS_FILE CERTIFICATE: prints its port for plain HTTP, and its port for TLS.
"""

import http.server
import ssl
import sys
import threading
import time


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Otherwise, responses over TLS wait for the client to acknowledge the tickets.
    disable_nagle_algorithm = True

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(sys.argv[1], "a") as heads:
            heads.write(f"{self.requestline}\n{self.headers}")
        if self.path == "/later":
            time.sleep(3)
            self.send_response(302)
            self.send_header("Location", "/hello")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        page = b"<!DOCTYPE html><title>hello</title>\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        # Chromium closes its first connection because the certificate is self-signed.
        pass


plain, secure = (Server(("127.0.0.1", 0), Hello) for _ in range(2))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2])
secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
print(plain.server_port, secure.server_port, flush=True)
threading.Thread(target=secure.serve_forever, daemon=True).start()
plain.serve_forever()
