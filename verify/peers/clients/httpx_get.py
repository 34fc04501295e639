"""python3 httpx_get.py PORT USER PASSWORD PAUSE METHOD URL..."""

import sys
import time

import httpx

port, user, password, pause, method, *urls = sys.argv[1:]
proxy = httpx.Proxy(f"http://127.0.0.1:{port}", auth=(user, password))
with httpx.Client(proxy=proxy, verify=False, trust_env=False, timeout=20) as client:
    for url in urls:
        client.request(method, url, content=bytes(65536) if method == "POST" else None)
        time.sleep(float(pause))
