"""python3 toolbelt_get.py PORT USER PASSWORD PAUSE METHOD URL...: Digest with requests-toolbelt."""

import sys
import time
import warnings

import requests
from requests_toolbelt.auth.http_proxy_digest import HTTPProxyDigestAuth

port, user, password, pause, method, *urls = sys.argv[1:]
warnings.simplefilter("ignore")
proxies = dict.fromkeys(("http", "https"), f"http://127.0.0.1:{port}")
session = requests.Session()
session.trust_env = False
session.auth = HTTPProxyDigestAuth(user, password)
for url in urls:
    session.request(
        method, url, data=bytes(65536) if method == "POST" else None, proxies=proxies, verify=False, timeout=20
    )
    time.sleep(float(pause))
