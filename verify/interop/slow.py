"""A client that sends an endless head of a request, byte by byte.

python3 slow.py PORT: prints the seconds until the proxy at PORT answers or closes the connection, rounded to tens.
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
            # The response, or the end of the connection.
            proxy.recv(1)
            break
        except TimeoutError:
            pass
except ConnectionError:
    pass
print(round((time.monotonic() - start) / 10) * 10)
