//! The configuration of the filter.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use proxy_auth::digest::{Algorithm, PasswordHash};
use proxy_auth::users::Htdigest;
use proxy_auth::{DigestOffer, Gate};
use serde::Deserialize;

/// The configuration, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    realm: String,
    schemes: Vec<Scheme>,
    #[serde(default)]
    users: Users,
    /// The token of each user.
    #[serde(default)]
    tokens: BTreeMap<String, String>,
    user_header: Option<String>,
    #[serde(default = "max_age")]
    max_age_seconds: u32,
    #[serde(default = "slots")]
    slots: u32,
}

/// Lines of htdigest, for each algorithm.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Users {
    #[serde(default, rename = "SHA-256")]
    sha256: Vec<String>,
    #[serde(default, rename = "MD5")]
    md5: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
enum Scheme {
    #[serde(rename = "Basic")]
    Basic,
    #[serde(rename = "Bearer")]
    Bearer,
    #[serde(rename = "Digest SHA-256")]
    DigestSha256,
    #[serde(rename = "Digest MD5")]
    DigestMd5,
}

impl Scheme {
    const fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::Basic | Self::Bearer => None,
            Self::DigestSha256 => Some(Algorithm::Sha256),
            Self::DigestMd5 => Some(Algorithm::Md5),
        }
    }
}

const fn max_age() -> u32 {
    300
}

const fn slots() -> u32 {
    4096
}

/// The greatest number of slots: 37 MB of memory.
const MAX_SLOTS: u32 = 1 << 20;

/// The name and the hashes of a user.
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) hashes: Vec<PasswordHash>,
}

/// The configuration, checked.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct Config {
    realm: String,
    schemes: Vec<Scheme>,
    pub(crate) users: HashMap<String, User>,
    /// Names and tokens.
    pub(crate) tokens: Vec<(String, String)>,
    /// The field that names the user to the upstream, in lower case.
    pub user_header: Option<String>,
    max_age: Duration,
    /// The number of slots for nonces in use.
    pub slots: u32,
}

/// An error in the configuration. It contains no secret.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

fn error(text: impl Into<String>) -> ConfigError {
    ConfigError(text.into())
}

impl Config {
    /// Parses a configuration in JSON.
    ///
    /// # Errors
    /// Returns [`ConfigError`] with the place: the line and column of JSON, or the key and the index of an entry.
    pub fn parse(json: &[u8]) -> Result<Self, ConfigError> {
        let written: Written = serde_json::from_slice(json).map_err(|cause| error(place(&cause)))?;
        let offers = |scheme| written.schemes.contains(&scheme);
        if written.schemes.is_empty() {
            return Err(error("schemes: at least one is needed"));
        }
        if let Err(cause) = Gate::new(written.realm.as_str()) {
            return Err(error(format!("realm: {cause}")));
        }
        if written.realm.contains(':') {
            return Err(error("realm: a line of htdigest cannot contain a realm with a colon"));
        }
        if written.max_age_seconds == 0 {
            return Err(error("max_age_seconds: must be greater than 0"));
        }
        if written.slots == 0 || written.slots > MAX_SLOTS {
            return Err(error(format!("slots: must be between 1 and {MAX_SLOTS}")));
        }

        let mut users = HashMap::new();
        add_users(&mut users, &written.users.sha256, Algorithm::Sha256, &written.realm)?;
        add_users(&mut users, &written.users.md5, Algorithm::Md5, &written.realm)?;
        for algorithm in written.schemes.iter().filter_map(|scheme| scheme.algorithm()) {
            let mut names: Vec<_> = users.values().filter(|user| !has_hash(user, algorithm)).collect();
            names.sort_by_key(|user| &user.name);
            if let Some(user) = names.first() {
                let name = &user.name;
                return Err(error(format!(
                    "users.{algorithm}: no line for {name:?}, but Digest offers it"
                )));
            }
        }
        let needs_users = written.schemes.iter().any(|&scheme| scheme != Scheme::Bearer);
        if needs_users && users.is_empty() {
            return Err(error("users: there are none"));
        }
        if offers(Scheme::Bearer) == written.tokens.is_empty() {
            return Err(error("tokens: Bearer needs them, and nothing else does"));
        }
        for (name, token) in &written.tokens {
            if !is_name(name) {
                return Err(error(format!("tokens: {name:?} is not a name")));
            }
            if proxy_auth::bearer::Credentials::new(token).is_err() {
                return Err(error(format!("tokens.{name}: not a token of RFC 6750")));
            }
        }
        Ok(Self {
            user_header: written.user_header.as_deref().map(header).transpose()?,
            tokens: written.tokens.into_iter().collect(),
            max_age: Duration::from_secs(written.max_age_seconds.into()),
            slots: written.slots,
            realm: written.realm,
            schemes: written.schemes,
            users,
        })
    }

    /// Returns `true` if Digest is offered.
    #[must_use]
    pub fn offers_digest(&self) -> bool {
        self.schemes.iter().any(|scheme| scheme.algorithm().is_some())
    }

    /// Returns the start of the keys of shared data. Configurations that must not share nonces have different ones: the number of slots
    /// says where a nonce is remembered, and the lifetime for how long.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("proxy-auth/{}/{}/{}", self.slots, self.max_age.as_secs(), self.realm)
    }

    /// Creates the gate. `key` is a secret of 32 bytes from a random source.
    ///
    /// # Errors
    /// None after [`parse`](Self::parse).
    pub fn gate(&self, key: &[u8; 32]) -> Result<Gate<String>, ConfigError> {
        let empty = Gate::new(self.realm.clone()).map_err(|cause| error(format!("realm: {cause}")))?;
        let (first, others) = self.schemes.split_first().ok_or_else(|| error("schemes: none"))?;
        let gate = self.with_offer(empty, *first, key);
        Ok(others
            .iter()
            .fold(gate, |gate, scheme| self.with_offer(gate, *scheme, key)))
    }

    fn with_offer<O>(&self, gate: Gate<String, O>, scheme: Scheme, key: &[u8; 32]) -> Gate<String> {
        match (scheme, scheme.algorithm()) {
            (_, Some(algorithm)) => gate.with_digest(&DigestOffer::new(key, [algorithm]).with_max_age(self.max_age)),
            (Scheme::Bearer, _) => gate.with_bearer(),
            _ => gate.with_basic(),
        }
    }
}

/// Writes an error of JSON without the values that it would quote, which may be secrets.
fn place(cause: &serde_json::Error) -> String {
    let text = cause.to_string();
    let (line, column) = (cause.line(), cause.column());
    if cause.is_data() && text.starts_with("invalid ") {
        return format!("line {line} column {column}: a value of another kind");
    }
    text
}

fn has_hash(user: &User, algorithm: Algorithm) -> bool {
    let digits = algorithm_digits(algorithm);
    user.hashes.iter().any(|hash| hash.as_hex().len() == digits)
}

const fn algorithm_digits(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Md5 => 32,
        _ => 64,
    }
}

fn add_users(
    users: &mut HashMap<String, User>,
    lines: &[String],
    algorithm: Algorithm,
    realm: &str,
) -> Result<(), ConfigError> {
    for (index, line) in lines.iter().enumerate() {
        let wrong = |text: &dyn fmt::Display| error(format!("users.{algorithm}[{index}]: {text}"));
        let file = Htdigest::parse(line, algorithm)
            .map_err(|cause| wrong(&format_args!("{} at byte {}", cause.kind(), cause.offset())))?;
        let mut entries = file.entries();
        let (Some(entry), None) = (entries.next(), entries.next()) else {
            return Err(wrong(&"expected one line, NAME:REALM:HASH"));
        };
        if entry.realm() != realm.as_bytes() {
            return Err(wrong(&format_args!("the realm is not {realm:?}")));
        }
        let name = std::str::from_utf8(entry.name()).map_err(|cause| wrong(&cause))?;
        let user = users.entry(name.to_owned()).or_insert_with(|| User {
            name: name.to_owned(),
            hashes: Vec::new(),
        });
        if has_hash(user, algorithm) {
            return Err(wrong(&format_args!("a second line for {name:?}")));
        }
        user.hashes.push(entry.to_password_hash());
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(char::is_control)
}

/// Checks the name of a field, and returns it in lower case.
fn header(name: &str) -> Result<String, ConfigError> {
    let is_own = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let name = name.to_ascii_lowercase();
    let is_taken = [
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "te",
        "upgrade",
        "proxy-authorization",
    ];
    if name.is_empty() || !name.bytes().all(is_own) || is_taken.contains(&name.as_str()) {
        return Err(error(format!("user_header: {name:?} cannot name the user")));
    }
    Ok(name)
}
