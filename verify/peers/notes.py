"""The reasons why requests of some clients do not pass. All are on the side of the client."""

BASIC_ONLY = "The client knows only Basic (RFC 9110, section 11.4: a client answers a challenge that it supports)."
MD5_ONLY = "The client knows Digest only with MD5, which is not recommended (RFC 7616, section 3.2)."
LATIN1 = (
    "The client hashes the name in ISO-8859-1, although the challenge has `charset=UTF-8` (RFC 7616, section 4). The proof is then not that of the "
    "name in UTF-8. With Basic, both encodings pass."
)
FIRST = "The client takes the first challenge of Digest, and does not know SHA-256 (RFC 7616, section 3.7: it should take the first that it supports)."

NOTES = [
    (
        (
            "wget",
            "aria2",
            "apt",
            "pip",
            "cargo",
            "requests",
            "reqwest",
            "httpx",
            "aiohttp",
            "undici",
            "Ruby net/http",
            "Go net/http",
        ),
        ("digest", "md5", "stale"),
        BASIC_ONLY,
    ),
    (("Java HttpClient",), ("digest", "md5", "stale"), BASIC_ONLY),
    (("libsoup", "Qt QNetworkAccessManager", "ffmpeg"), ("digest",), MD5_ONLY),
    (
        ("Java HttpURLConnection", "Qt QNetworkAccessManager", "LWP"),
        ("name",),
        LATIN1,
    ),
    (
        ("requests-toolbelt, Digest",),
        ("name",),
        "The client hashes the name in UTF-8, but sends it in ISO-8859-1, although the challenge has `charset=UTF-8` (RFC 7616, section 4).",
    ),
    (("requests-toolbelt, Digest", "urllib", "LWP"), ("tunnel",), "The client does not answer a 407 to CONNECT."),
    (("urllib", "ncat"), ("digest", "all", "tunnel", "name", "post", "stale"), FIRST),
    (("requests-toolbelt, Digest",), ("basic", "name, basic"), "The client was told to answer only Digest."),
    (
        ("LWP",),
        ("digest",),
        "The client answers a challenge with SHA-256 as if it were one with MD5 (RFC 7616, section 3.3: an unknown algorithm must be ignored).",
    ),
    (("LWP",), ("stale",), "The client does not read `stale` (RFC 7616, section 3.3), and gives up."),
    (
        ("libsoup",),
        ("tunnel",),
        "For CONNECT, the client signs the path of the later request, not the target (RFC 7616, section 3.4.6).",
    ),
    (
        ("svn",),
        ("digest",),
        "The client names SHA-256, but computes its proof with MD5 (serf 1.3.9; RFC 7616, section 3.4.1).",
    ),
    (
        ("Firefox",),
        ("name",),
        "With a name that is not ASCII, the client answers no Digest (RFC 7616, section 4, and section 3.4 for `username*`).",
    ),
]


def note_for(name, mode):
    return next((text for names, modes, text in NOTES if name in names and mode in modes), None)


# The proxies that refuse the name of the example client.
PROXY_NOTES = [
    (
        ("WEBrick, Basic", "WEBrick, Digest"),
        ("name",),
        "The proxy does not find a name with bytes beyond ASCII in its file (it compares strings of two encodings).",
    ),
    (
        ("http-auth, Digest",),
        ("name",),
        "The proxy reads the name as ISO-8859-1, without a `charset` in its challenge, and does not find it in its file in UTF-8 (RFC 7616, section 4).",
    ),
]


def proxy_note_for(name, mode):
    return next((text for names, modes, text in PROXY_NOTES if name in names and mode in modes), None)
