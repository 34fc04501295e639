"""Fetches a page with requests and requests-kerberos through the proxy on localhost, and prints the status code and the title.

python3 requests_kerberos_get.py PROXY_PORT URL

requests does not answer a 407 to CONNECT, so a tunnel is opened with a token from the start. requests-gssapi 1.4 answers no 407 at all.
"""

import base64
import re
import sys
import warnings

import gssapi
import requests
import requests_kerberos

port, url = sys.argv[1:]
# The certificate is self-signed.
warnings.simplefilter("ignore")


service = gssapi.Name("HTTP@localhost", gssapi.NameType.hostbased_service)


class Adapter(requests.adapters.HTTPAdapter):
    def proxy_headers(self, proxy):
        # Without a mechanism, this is a token of Kerberos without SPNEGO around it.
        token = gssapi.SecurityContext(name=service, usage="initiate").step()
        return {"Proxy-Authorization": "Negotiate " + base64.b64encode(token).decode()}


session = requests.Session()
session.trust_env = False
session.mount("https://", Adapter())
# It does not find a proxy's proof.
auth = requests_kerberos.HTTPKerberosAuth(
    mutual_authentication=requests_kerberos.DISABLED, hostname_override="localhost"
)
proxies = dict.fromkeys(("http", "https"), f"http://localhost:{port}")
try:
    response = session.get(
        url, proxies=proxies, verify=False, timeout=30, auth=auth if url.startswith("http:") else None
    )
    print(response.status_code, *re.findall("<title>(.*)</title>", response.text))
except requests.exceptions.ProxyError as error:
    # "Tunnel connection failed: 407 Proxy Authentication Required"
    print(*re.findall("failed: ([0-9]{3})", str(error)) or [error])
