"""python3 requests_get.py PORT USER PASSWORD PAUSE METHOD URL...: with the login in the address of the proxy."""

import sys
import time
import urllib.parse
import warnings

import requests

port, user, password, pause, method, *urls = sys.argv[1:]
# The certificate is self-signed.
warnings.simplefilter("ignore")
login = ":".join(map(urllib.parse.quote, (user, password)))
proxies = dict.fromkeys(("http", "https"), f"http://{login}@127.0.0.1:{port}")
session = requests.Session()
session.trust_env = False
for url in urls:
    session.request(
        method, url, data=bytes(65536) if method == "POST" else None, proxies=proxies, verify=False, timeout=20
    )
    time.sleep(float(pause))
