//! Decides about a request.

use std::time::Duration;

use proxy_auth::digest::PasswordHash;
use proxy_auth::{Account, Claim, Gate, Pass, Refusal, Request, Verified};
use subtle::ConstantTimeEq;

use crate::config::{Config, User};
use crate::replay::{Replays, Shared};

/// A gate with its users.
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub struct Keeper {
    /// The configuration.
    pub config: Config,
    /// The gate.
    pub gate: Gate<String>,
    /// The start of the keys of shared data.
    pub prefix: String,
}

/// The decision about a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// The request may pass.
    Pass {
        /// The name of the user, from the configuration.
        user: String,
        /// The value of Proxy-Authentication-Info.
        info: Option<String>,
    },
    /// The request is answered.
    Refuse {
        /// The status code.
        status: u32,
        /// The values of Proxy-Authenticate.
        challenges: Vec<String>,
        /// The kind of the refusal.
        kind: Kind,
        /// The reason, for logs.
        reason: String,
    },
    /// The request has no method or no target that can be read.
    Invalid,
}

/// The kind of a refusal, for counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There were no credentials.
    Challenged,
    /// The credentials were not accepted.
    Refused,
    /// The credentials were correct except for their nonce.
    Stale,
}

/// Field lines, and the pseudo-header fields of HTTP/2 before them.
pub type Lines = Vec<(String, Vec<u8>)>;

impl Keeper {
    /// Decides about a request. `unique` differs between calls in the same millisecond.
    pub fn decide(&self, lines: &Lines, now: impl Fn() -> Duration, unique: u64, shared: &impl Shared) -> Decision {
        let Some((method, target)) = method_and_target(lines) else {
            return Decision::Invalid;
        };
        let Ok(request) = Request::new(method, &target) else {
            return Decision::Invalid;
        };
        let fields = || lines.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
        // Neither a name nor a password nor a token is longer than the field value.
        let values = fields().filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"));
        let mut scratch = vec![0; values.map(|(_, value)| value.len()).max().unwrap_or(0)];
        let decision = match self.check(&request, fields(), &mut scratch, &now, shared) {
            Ok((user, info)) => Decision::Pass { user, info },
            Err(refusal) => self.refuse(&refusal, now(), unique),
        };
        scratch.fill(0);
        decision
    }

    fn check<'a>(
        &'a self,
        request: &Request<'a>,
        fields: impl Iterator<Item = (&'a str, &'a [u8])>,
        scratch: &'a mut [u8],
        now: impl Fn() -> Duration,
        shared: &impl Shared,
    ) -> Result<(String, Option<String>), Refusal> {
        let attempt = self.gate.read(request, fields, scratch)?;
        let now = if attempt.algorithm().is_some() {
            now()
        } else {
            Duration::ZERO
        };
        let ticket = match attempt.claim() {
            Claim::Token(token) => {
                let name = self.owner(token);
                attempt.check(name.map(|name| Account::new(name, Verified)), now)?
            }
            claim => {
                let user = self.user(claim);
                let account = user.map(|user| Account::new(&user.name, user.hashes.as_slice()));
                attempt.check::<&[PasswordHash]>(account, now)?
            }
        };
        let mut replays = Replays {
            shared,
            prefix: &self.prefix,
            slots: self.config.slots,
        };
        let pass: Pass<'_> = ticket.redeem(&mut replays)?;
        let user = String::from_utf8_lossy(pass.user()).into_owned();
        Ok((user, pass.info().map(|info| info.to_string())))
    }

    /// Finds a user by name, in UTF-8 or in ISO-8859-1.
    fn user(&self, claim: Claim<'_>) -> Option<&User> {
        let Claim::Name(name) = claim else {
            return None;
        };
        if let Ok(name) = std::str::from_utf8(name) {
            return self.config.users.get(name);
        }
        let name: String = name.iter().copied().map(char::from).collect();
        self.config.users.get(&name)
    }

    /// Finds the owner of a token. It compares all tokens in constant time.
    fn owner(&self, token: &str) -> Option<&str> {
        let tokens = self.config.tokens.iter();
        tokens.fold(None, |found, (name, other)| {
            let is_same = bool::from(other.as_bytes().ct_eq(token.as_bytes()));
            if is_same { Some(name.as_str()) } else { found }
        })
    }

    fn refuse(&self, refusal: &Refusal, now: Duration, unique: u64) -> Decision {
        let denial = self.gate.deny(refusal, now, unique);
        Decision::Refuse {
            status: denial.status().as_u16().into(),
            challenges: denial.challenges().map(|challenge| challenge.to_string()).collect(),
            kind: match refusal.reason() {
                proxy_auth::Reason::Missing => Kind::Challenged,
                _ if refusal.is_stale() => Kind::Stale,
                _ => Kind::Refused,
            },
            reason: refusal.to_string(),
        }
    }
}

/// Returns the method, and the target as a client signs it: the authority for CONNECT, otherwise the absolute form, which Envoy has
/// divided.
fn method_and_target(lines: &Lines) -> Option<(&str, String)> {
    let find = |name| match lines.iter().find(|(key, _)| key == name) {
        Some((_, value)) => std::str::from_utf8(value).map(Some),
        None => Ok(None),
    };
    let (method, authority) = (find(":method").ok()??, find(":authority").ok()?.unwrap_or_default());
    let path = find(":path").ok()?.filter(|path| !path.is_empty());
    match path {
        None if method == "CONNECT" => Some((method, authority.to_owned())),
        None => None,
        Some("*") => Some((method, "*".to_owned())),
        Some(path) => {
            let scheme = find(":scheme").ok()?.unwrap_or("http");
            Some((method, format!("{scheme}://{authority}{path}")))
        }
    }
}
