"""The clients: how each is installed, and how it fetches pages through a proxy with a login."""

import dataclasses
import os
import pathlib
import urllib.parse
from collections.abc import Callable

HERE = pathlib.Path(__file__).parent / "clients"


@dataclasses.dataclass
class Run:
    """What a client is told."""

    port: int
    user: str
    password: str
    urls: list[str]
    method: str = "GET"
    pause: float = 0
    # Directories: one for this run, and those of Python's and Node's packages.
    dir: pathlib.Path = None
    modules: pathlib.Path = None

    @property
    def proxy(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def proxy_with_login(self):
        user, password = (urllib.parse.quote(text, safe="") for text in (self.user, self.password))
        return f"http://{user}:{password}@127.0.0.1:{self.port}"

    @property
    def content(self):
        file = self.dir / "content"
        file.write_bytes(bytes(2 << 20))
        return str(file)

    def script(self, *command):
        return [*command, str(self.port), self.user, self.password, str(self.pause), self.method, *self.urls]


@dataclasses.dataclass
class Client:
    name: str
    version: list[str]
    command: Callable[[Run], list[str]]
    # The modes that the client cannot do, or that would show nothing new: a nonce is stale only with Digest.
    without: tuple[str, ...] = ()
    # Installed fast, so it runs in every check.
    is_quick: bool = False
    # A browser sends requests of its own, so the number of requests and counts of the nonce vary.
    varies: bool = False
    environment: Callable[[Run], dict] = lambda run: {}
    stdin: Callable[[Run], bytes] = lambda run: b""


def script(file, *interpreter):
    return lambda run: run.script(*interpreter, str(HERE / file))


def python_version(*packages):
    return ["python3", "-c", f"import importlib.metadata as m; print(*map(m.version, {packages!r}))"]


def curl(run):
    content = ["--data-binary", f"@{run.content}"] if run.method == "POST" else []
    pages = [option for url in run.urls for option in ("--output", "/dev/null", url)]
    login = ["--proxy", run.proxy, "--proxy-anyauth", "--proxy-user", f"{run.user}:{run.password}"]
    return ["curl", "--silent", "--insecure", "--max-time", "20", "--noproxy", "", *login, *content, *pages]


def wget(run):
    content = ["--post-file", run.content] if run.method == "POST" else []
    proxies = [option for scheme in ("http", "https") for option in ("-e", f"{scheme}_proxy={run.proxy}")]
    login = [f"--proxy-user={run.user}", f"--proxy-password={run.password}"]
    options = ["--quiet", "--tries=1", "--timeout=20", "--no-check-certificate", "--output-document=/dev/null"]
    return ["wget", *options, "-e", "use_proxy=yes", *proxies, *login, *content, *run.urls]


def aria2(run):
    login = ["--all-proxy", run.proxy, "--all-proxy-user", run.user, "--all-proxy-passwd", run.password]
    options = ["--quiet", "--no-conf", "--check-certificate=false", "--max-tries=1", "--allow-overwrite=true"]
    return ["aria2c", *options, f"--dir={run.dir}", *login, run.urls[0]]


def git(run):
    options = {"http.proxy": run.proxy_with_login, "http.proxyAuthMethod": "anyauth", "http.sslVerify": "false"}
    return ["git", *(it for key, value in options.items() for it in ("-c", f"{key}={value}")), "ls-remote", run.urls[0]]


def apt(run):
    proxies = [f"Acquire::{scheme}::Proxy={run.proxy_with_login}" for scheme in ("http", "https")]
    options = [*proxies, "Acquire::Retries=0", "Acquire::https::Verify-Peer=false", "Acquire::https::Verify-Host=false"]
    return [
        "/usr/lib/apt/apt-helper",
        *(it for option in options for it in ("-o", option)),
        "download-file",
        run.urls[0],
        f"{run.dir}/file",
    ]


def pip(run):
    options = [
        "--isolated",
        "--no-deps",
        "--retries",
        "0",
        "--timeout",
        "20",
        "--disable-pip-version-check",
        "--no-cache-dir",
    ]
    index = ["--index-url", run.urls[0], "--trusted-host", "127.0.0.1", "--proxy", run.proxy_with_login]
    return ["python3", "-m", "pip", "download", *options, *index, "--dest", str(run.dir), "no-such-package"]


def cargo(run):
    return ["cargo", "info", "--registry", "peers", "no-such-package"]


def cargo_environment(run):
    return {
        "CARGO_HOME": str(run.dir),
        "CARGO_HTTP_PROXY": run.proxy_with_login,
        "CARGO_NET_RETRY": "0",
        "CARGO_REGISTRIES_PEERS_INDEX": f"sparse+{run.urls[0]}/",
        "CARGO_HTTP_CAINFO": os.environ["PEERS_CERTIFICATE"],
    }


def chromium(run):
    playwright = run.modules / "node_modules/playwright-core"
    program = HERE.parent.parent / "interop/chromium.mjs"
    return ["node", str(program), str(playwright), str(run.port), run.user, run.password, run.urls[0]]


def ffmpeg(run):
    return ["ffmpeg", "-v", "quiet", "-http_proxy", run.proxy_with_login, "-i", run.urls[0], "-f", "null", "-"]


def ncat(run):
    origin = urllib.parse.urlsplit(run.urls[0])
    login = ["--proxy", f"127.0.0.1:{run.port}", "--proxy-type", "http", "--proxy-auth", f"{run.user}:{run.password}"]
    return ["ncat", *login, "--idle-timeout", "3", origin.hostname, str(origin.port)]


def svn(run):
    options = {
        "http-proxy-host": "127.0.0.1",
        "http-proxy-port": run.port,
        "http-proxy-username": run.user,
        "http-proxy-password": run.password,
        "http-auth-types": "basic;digest",
    }
    servers = (it for key, value in options.items() for it in ("--config-option", f"servers:global:{key}={value}"))
    trust = ["--non-interactive", "--trust-server-cert-failures=unknown-ca,cn-mismatch,other"]
    return ["svn", "info", "--config-dir", str(run.dir), *servers, *trust, run.urls[0]]


JAVA = ["java", *(f"-Djdk.http.auth.{it}.disabledSchemes=" for it in ("tunneling", "proxying"))]
SOUP_VERSION = """import gi; gi.require_version("Soup", "3.0"); from gi.repository import Soup as s
print(s.get_major_version(), s.get_minor_version(), s.get_micro_version(), sep=".")"""
ONE_PAGE = ("stale",)
ONLY_PAGES = ("post", "stale")

CLIENTS = [
    Client("curl", ["curl", "--version"], curl, without=ONE_PAGE, is_quick=True),
    Client("wget", ["wget", "--version"], wget, without=ONE_PAGE, is_quick=True),
    Client("aria2", ["aria2c", "--version"], aria2, without=ONLY_PAGES),
    Client("git", ["git", "--version"], git, without=ONLY_PAGES, is_quick=True),
    Client("apt", ["apt", "--version"], apt, without=ONLY_PAGES, is_quick=True),
    Client("pip", ["python3", "-m", "pip", "--version"], pip, without=ONLY_PAGES, is_quick=True),
    Client("cargo", ["cargo", "--version"], cargo, without=ONLY_PAGES, environment=cargo_environment, is_quick=True),
    Client(
        "urllib",
        ["python3", "--version"],
        script("urllib_get.py", "python3"),
        is_quick=True,
    ),
    Client(
        "requests",
        python_version("requests"),
        script("requests_get.py", "python3"),
        without=ONE_PAGE,
        is_quick=True,
    ),
    Client(
        "requests-toolbelt, Digest",
        python_version("requests-toolbelt"),
        script("toolbelt_get.py", "python3"),
        is_quick=True,
    ),
    Client("httpx", python_version("httpx"), script("httpx_get.py", "python3"), without=ONE_PAGE, is_quick=True),
    Client("aiohttp", python_version("aiohttp"), script("aiohttp_get.py", "python3"), without=ONE_PAGE, is_quick=True),
    Client(
        "undici",
        ["node", "-p", "require(process.env.NODE_PATH + '/undici/package.json').version"],
        lambda run: run.script("node", str(HERE / "undici_get.mjs"), str(run.modules)),
        without=ONE_PAGE,
        is_quick=True,
    ),
    *(
        Client(
            f"Java {name}",
            ["java", "--version"],
            lambda run, name=name: run.script(*JAVA, str(HERE / "JavaClient.java"), name),
        )
        for name in ("HttpClient", "HttpURLConnection")
    ),
    Client("Chromium", ["chromium", "--version"], chromium, without=("post", "stale"), is_quick=True, varies=True),
    Client(
        "Firefox",
        ["firefox-esr", "--version"],
        script("firefox_get.py", "python3"),
        without=("post", "stale"),
        varies=True,
    ),
    Client(
        "reqwest",
        ["grep", "-A1", 'name = "reqwest"', str(HERE / "reqwest/Cargo.lock")],
        lambda run: run.script(str(HERE / "reqwest/target/debug/reqwest-client"), run.proxy_with_login),
        without=ONE_PAGE,
    ),
    Client("LWP", ["perl", "-MLWP", "-e", "print $LWP::VERSION"], script("lwp_get.pl", "perl")),
    Client("Ruby net/http", ["ruby", "--version"], script("ruby_get.rb", "ruby"), without=ONE_PAGE),
    Client("PHP curl", ["php", "--version"], script("php_get.php", "php")),
    Client("Go net/http", ["go", "version"], script("go_get.go", "go", "run"), without=ONE_PAGE),
    Client("libsoup", ["/usr/bin/python3", "-c", SOUP_VERSION], script("soup_get.py", "/usr/bin/python3")),
    Client(
        "Qt QNetworkAccessManager",
        ["/usr/bin/python3", "-c", "from PyQt5.QtCore import QT_VERSION_STR as v; print(v)"],
        script("qt_get.py", "/usr/bin/python3"),
    ),
    Client("ffmpeg", ["ffmpeg", "-version"], ffmpeg, without=ONLY_PAGES),
    Client(
        "ncat",
        ["sh", "-c", "ncat --version 2>&1"],
        ncat,
        without=("post", "stale", "tunnel"),
        stdin=lambda run: b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    ),
    Client("svn", ["svn", "--version", "--quiet"], svn, without=ONLY_PAGES),
]
