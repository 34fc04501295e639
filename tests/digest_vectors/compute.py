"""Computes Digest (RFC 7616, section 3.4) with hashlib from text that needs escapes, empty text and long text, for all
algorithms, qops and userhash.

    python3 compute.py > computed.tsv

Each line is a case, with tab-separated fields. The qop "-" means no qop. next-response is the response to the same request
with the nonce "next" and a count of 1, as after nextnonce. With a session key (3.4.2), the nonce stays the same and the count
increases. hashlib takes SHA-512/256 from OpenSSL.
"""

import hashlib

ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}

# user, realm, password, method, uri, content of the request, nonce, cnonce, content of the response
INPUTS = [
    ('J"äs\\øn Doe', 'a "quoted" \\ realm, with é', 'Secret: "or" \\not?', "POST", 'http://example.com/a?b="c\\d"',
     "content, 1: é", 'a "nonce" \\', 'a "cnonce" \\', "content, 2: \\"),
    ("", "", "", "M-SEARCH", "*", "x" * 70, "", "c", "y" * 70),
]

FIELDS = """algorithm qop userhash nc user realm password method uri content nonce cnonce response-content
password-hash username response rspauth next-response""".split()


def main():
    print("# Made by compute.py.")
    print("# " + "\t".join(FIELDS))
    for name, hash_name in ALGORITHMS.items():
        for session in (False, True):
            for qop in ("-", "auth", "auth-int"):
                for userhash in (False, True):
                    for nc, values in enumerate(INPUTS, start=2):
                        case(name, hash_name, session, qop, userhash, nc, *values)


def case(name, hash_name, session, qop, userhash, nc, *values):
    user, realm, password, method, uri, content, nonce, cnonce, response_content = values

    def h(text):
        return hashlib.new(hash_name, text.encode()).hexdigest()

    def kd(secret, data):
        return h(f"{secret}:{data}")

    def proof(method, content, nonce, nc):
        a2 = f"{method}:{uri}" if qop != "auth-int" else f"{method}:{uri}:{h(content)}"
        if qop == "-":
            return kd(h(a1), f"{nonce}:{h(a2)}")
        return kd(h(a1), f"{nonce}:{nc:08x}:{cnonce}:{qop}:{h(a2)}")

    a1 = f"{user}:{realm}:{password}"
    password_hash = h(a1)
    if session:
        name += "-sess"
        a1 = f"{password_hash}:{nonce}:{cnonce}"
    results = [
        password_hash,
        h(f"{user}:{realm}") if userhash else user,
        proof(method, content, nonce, nc),
        proof("", response_content, nonce, nc),
        proof(method, content, nonce, nc + 1) if session else proof(method, content, "next", 1),
    ]
    fields = [name, qop, str(userhash).lower(), str(nc), *values, *results]
    assert len(fields) == len(FIELDS) and not any("\t" in field or "\n" in field for field in fields)
    print("\t".join(fields))


main()
