"""Fetches a page through a proxy with requests, and prints the status code and the title, or the status code of the proxy.

python3 requests_get.py PROXY_PORT USER PASSWORD URL
"""

import re
import sys
import urllib.parse
import warnings

import requests

port, user, password, url = sys.argv[1:]
# The certificate is self-signed.
warnings.simplefilter("ignore")
login = ":".join(map(urllib.parse.quote, (user, password)))
proxy = f"http://{login}@127.0.0.1:{port}"
session = requests.Session()
session.trust_env = False
try:
    response = session.get(url, proxies={"http": proxy, "https": proxy}, verify=False, timeout=30)
    print(response.status_code, *re.findall("<title>(.*)</title>", response.text))
except requests.exceptions.ProxyError as error:
    # "Tunnel connection failed: 407 Proxy Authentication Required"
    print(*re.findall("failed: ([0-9]{3})", str(error)) or [error])
