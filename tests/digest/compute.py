#!/usr/bin/env python3
"""Prints what Digest computes for all algorithms and protections, with nothing but hashlib.

Each line: algorithm qop userhash response rspauth username-as-sent; "-" where there is none. The computation is written
from RFC 7616, section 3.4, not from the crate. The output is computed.txt.
"""
import hashlib

USER, REALM, PASSWORD = "Mufasa", 'say "cheese" \\ smile', "Circle of Life"
NONCE, CNONCE, NC = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "00000001"
METHOD, URI, CONTENT = "GET", "http://example.com/dir/index.html?a=b", "the content"

HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}

for name, function in HASHES.items():
    def h(*parts):
        return hashlib.new(function, ":".join(parts).encode()).hexdigest()

    for session in ("", "-sess"):
        for qop in ("-", "auth", "auth-int"):
            for userhash in ("-", "true"):
                a1 = h(USER, REALM, PASSWORD)
                if session:
                    a1 = h(a1, NONCE, CNONCE)
                integrity = [h(CONTENT)] if qop == "auth-int" else []
                middle = [NC, CNONCE, qop] if qop != "-" else []
                response = h(a1, NONCE, *middle, h(METHOD, URI, *integrity))
                rspauth = h(a1, NONCE, *middle, h("", URI, *integrity))
                username = h(USER, REALM) if userhash == "true" else USER
                print(name + session, qop, userhash, response, rspauth, username)
