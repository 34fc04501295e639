"""python3 urllib_get.py PORT USER PASSWORD PAUSE METHOD URL...: Digest and Basic with urllib.request."""

import contextlib
import ssl
import sys
import time
import urllib.request

port, user, password, pause, method, *urls = sys.argv[1:]
address = f"http://127.0.0.1:{port}"
passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
# Basic looks up the address of the proxy, and Digest the URL.
passwords.add_password(None, [address, *urls], user, password)
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({"http": address, "https": address}),
    urllib.request.ProxyBasicAuthHandler(passwords),
    urllib.request.ProxyDigestAuthHandler(passwords),
    urllib.request.HTTPSHandler(context=ssl._create_unverified_context()),
)
for url in urls:
    data = bytes(65536) if method == "POST" else None
    with contextlib.suppress(OSError, ValueError), opener.open(url, data, timeout=20) as response:
        response.read()
    time.sleep(float(pause))
