#!/usr/bin/env python3
"""A client that sends the head of a request byte by byte and never ends it.

slow.py PORT: prints after how many seconds, to the nearest ten, the proxy at PORT had enough.
"""

import socket
import sys
import time

start = time.monotonic()
proxy = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
proxy.settimeout(0.5)
try:
    proxy.sendall(b"GET http://127.0.0.1/ HTTP/1.1\r\nX: ")
    while time.monotonic() - start < 60:
        proxy.sendall(b"y")
        try:
            # The answer, or the end.
            proxy.recv(1)
            break
        except TimeoutError:
            pass
except ConnectionError:
    pass
print(round((time.monotonic() - start) / 10) * 10)
