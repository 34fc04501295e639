"""A proxy that accepts every ticket, and cannot prove that it is the service. Prints its port.

python3 unproved.py [TOKEN]

TOKEN is its last token, in base64. By default, it sends none.
"""

import http.server
import sys

last = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        has_token = "Proxy-Authorization" in self.headers
        self.send_response(200 if has_token else 407)
        if not has_token:
            self.send_header("Proxy-Authenticate", "Negotiate")
        elif last:
            self.send_header("Proxy-Authenticate", "Negotiate " + last[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_CONNECT = do_GET

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
