"""The reasons why requests of some clients do not pass. All are on the side of the client."""

BASIC_ONLY = "The client knows only Basic (RFC 9110, section 11.4: a client answers a challenge that it supports)."
MD5_ONLY = "The client knows Digest only with MD5 (RFC 7616, section 3.3, recommends SHA-256)."
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
        ("Java HttpURLConnection", "requests-toolbelt, Digest", "Qt QNetworkAccessManager", "LWP", "urllib", "ncat"),
        ("name",),
        LATIN1,
    ),
    (("urllib", "ncat"), ("digest", "all", "tunnel", "name", "post", "stale"), FIRST),
    (("requests-toolbelt, Digest",), ("basic", "name, basic"), "The client was told to answer only Digest."),
    (("requests-toolbelt, Digest", "urllib"), ("tunnel",), "The client does not answer a 407 to CONNECT."),
    (("LWP",), ("tunnel",), "The client does not answer a 407 to CONNECT."),
    (
        ("LWP",),
        ("digest",),
        "The client answers a challenge with SHA-256 as if it were one with MD5 (RFC 7616, section 3.3: an unknown algorithm must be ignored).",
    ),
    (("LWP",), ("stale",), "The client does not read `stale` (RFC 7616, section 3.3), and gives up."),
    (
        ("libsoup",),
        ("tunnel",),
        "For CONNECT, the client signs the path of the later request, not the target (RFC 7616, section 3.4.3).",
    ),
    (("svn",), ("digest",), "The client answers SHA-256 with a wrong proof (serf 1.3.9)."),
]


NOTES.append(
    (
        ("Firefox",),
        ("name",),
        "With a name that is not ASCII, the client answers no Digest (RFC 7616, section 4, and section 3.4 for `username*`), and asks its user.",
    )
)


def note_for(name, mode):
    return next((text for names, modes, text in NOTES if name in names and mode in modes), None)
