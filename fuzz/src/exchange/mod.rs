//! A proxy, its clients, and a hostile network between them.

mod client;
mod network;
mod proxy;

pub use network::Scenario;

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use proxy_auth::digest::{Algorithm, Login, PasswordHash, Username, userhash};
use proxy_auth::{Request, Version};

const REALM: &str = "a \"realm\"";
const METHODS: [&str; 3] = ["GET", "CONNECT", "HEAD"];
/// The first two are equal, unless the target must be exact or the method is CONNECT.
const TARGETS: [&str; 4] = [
    "http://example.com",
    "http://example.com/",
    "http://example.com/a?b",
    "example.com:443",
];
const CONTENTS: [&[u8]; 2] = [b"", b"content"];
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::Md5,
    Algorithm::Sha256,
    Algorithm::Sha256Sess,
    Algorithm::Sha512_256,
];

/// A user of the proxy. Two have the same password.
struct User {
    name: &'static str,
    password: &'static str,
    hashes: Vec<PasswordHash>,
}

static USERS: LazyLock<[User; 4]> = LazyLock::new(|| {
    [
        ("aladdin", "open sesame"),
        ("J\u{E4}s\u{F8}n \"Doe\"", "p\u{E4}ssw\u{F6}rd"),
        ("kassim", "open sesame"),
        ("morgiana", ""),
    ]
    .map(|(name, password)| {
        let hash = |algorithm| PasswordHash::new(algorithm, Login::new(Username::new(name).unwrap(), password), REALM);
        User {
            name,
            password,
            hashes: ALGORITHMS.map(hash).into(),
        }
    })
});

impl User {
    fn at(index: u8) -> &'static Self {
        &USERS[usize::from(index) % USERS.len()]
    }

    fn userhash(&self, algorithm: Algorithm) -> String {
        userhash(algorithm, Username::new(self.name).unwrap(), REALM)
            .as_str()
            .to_owned()
    }
}

/// The parts of a request that authentication depends on.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
struct Ask {
    method: u8,
    target: u8,
    content: bool,
    version: u8,
    keep_alive: bool,
    closes: bool,
}

impl Ask {
    fn method(self) -> &'static str {
        METHODS[usize::from(self.method) % METHODS.len()]
    }

    fn target(self) -> &'static str {
        TARGETS[usize::from(self.target) % TARGETS.len()]
    }

    fn content(self) -> &'static [u8] {
        CONTENTS[usize::from(self.content)]
    }

    fn version(self) -> Version {
        [Version::Http11, Version::Http10, Version::Http2][usize::from(self.version) % 3]
    }

    fn request(self) -> Request<'static> {
        let request = Request::new(self.method(), self.target()).unwrap();
        request.with_content(self.content()).with_version(self.version())
    }

    /// Returns the field line that decides whether the connection is kept.
    fn connection(self) -> (&'static str, &'static [u8]) {
        match (self.keep_alive, self.closes) {
            (_, true) => ("Connection", b"close"),
            (true, false) => ("Proxy-Connection", b"keep-alive"),
            (false, false) => ("Connection", b"b"),
        }
    }

    /// Returns `true` if an answer for `self` may be one for `other`.
    fn is_equal_to(self, other: Self, is_exact: bool, is_content_protected: bool) -> bool {
        let is_root = |ask: Self| ask.target().trim_end_matches('/') == TARGETS[0];
        let is_target_equal = self.target() == other.target()
            || !is_exact && self.method() != "CONNECT" && is_root(self) && is_root(other);
        self.method() == other.method()
            && is_target_equal
            && (!is_content_protected || self.content() == other.content())
    }
}
