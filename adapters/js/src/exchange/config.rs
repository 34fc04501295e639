//! The configuration of a gate, which the host passes with each call.

use core::time::Duration;

use proxy_auth::digest::{Algorithm, QopOptions};
use proxy_auth::{DigestOffer, Gate, InvalidInput, Role, bearer};

use super::errors;
use crate::json::Json;
use crate::lines::Lines;

/// The configuration of a gate.
pub(super) struct Config<'a> {
    is_server: bool,
    pub(super) kind: SecretKind,
    has_userhash: bool,
    is_exact: bool,
    qop: QopOptions,
    /// A byte for each offer: an index of [`Algorithm::ALL`], [`BASIC`] or [`BEARER`].
    offers: &'a [u8],
    key: &'a [u8],
    previous_key: &'a [u8],
    max_age: Duration,
    realm: &'a str,
    pub(super) scope: &'a str,
}

/// The kind of secrets that the accounts of a gate have.
#[derive(Clone, Copy)]
pub(super) enum SecretKind {
    Password,
    Hashes,
    Verified,
}

const BASIC: u8 = 6;
const BEARER: u8 = 7;

impl<'a> Config<'a> {
    pub(super) fn read(args: &mut Lines<'a>) -> Option<Self> {
        let [is_server, kind, has_userhash, is_exact, qop] = args.array()?;
        let kind = match kind {
            0 => SecretKind::Password,
            1 => SecretKind::Hashes,
            2 => SecretKind::Verified,
            _ => return None,
        };
        let qop = match qop {
            1 => QopOptions::AUTH,
            2 => QopOptions::AUTH_INT,
            3 => QopOptions::AUTH_AND_AUTH_INT,
            _ => return None,
        };
        Some(Self {
            is_server: is_server != 0,
            kind,
            has_userhash: has_userhash != 0,
            is_exact: is_exact != 0,
            qop,
            offers: args.next()?,
            key: args.next()?,
            previous_key: args.next()?,
            max_age: args.millis()?,
            realm: args.text()?,
            scope: args.text()?,
        })
    }

    /// Creates the gate. Returns `None` if a key is missing or nothing is offered.
    pub(super) fn gate(&self) -> Option<Result<Gate<&'a str>, InvalidInput>> {
        let empty = match Gate::new(self.realm) {
            Ok(gate) => gate,
            Err(error) => return Some(Err(error)),
        };
        let role = if self.is_server { Role::Server } else { Role::Proxy };
        let empty = empty.with_role(role);
        let (first, more) = self.offers.split_first()?;
        let gate = match *first {
            BASIC => empty.with_basic(),
            BEARER => empty.with_bearer(),
            code => empty.with_digest(&self.digest(code)?),
        };
        let gate = more.iter().try_fold(gate, |gate, code| {
            Some(match *code {
                BASIC => gate.with_basic(),
                BEARER => gate.with_bearer(),
                code => gate.with_digest(&self.digest(code)?),
            })
        });
        Some(Ok(gate?))
    }

    fn digest(&self, code: u8) -> Option<DigestOffer<'a>> {
        let offer = DigestOffer::new(self.key.try_into().ok()?, [algorithm(code)?])
            .with_max_age(self.max_age)
            .with_qop(self.qop);
        let offer = if self.has_userhash {
            offer.with_userhash()
        } else {
            offer
        };
        let offer = if self.is_exact {
            offer.with_exact_target()
        } else {
            offer
        };
        Some(match self.previous_key.try_into() {
            Ok(key) => offer.with_previous_key(key),
            Err(_) => offer,
        })
    }
}

/// Returns the algorithm with this index.
pub(super) fn algorithm(code: u8) -> Option<Algorithm> {
    Algorithm::ALL.get(usize::from(code)).copied()
}

/// Writes an error if the configuration has one, otherwise an empty object.
pub(super) fn check(mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let config = Config::read(&mut args)?;
    match config.gate()? {
        Ok(_) if config.scope.is_empty() => json.put("{}"),
        Ok(_) => match bearer::Challenge::new("").and_then(|challenge| challenge.with_scope(config.scope)) {
            Ok(_) => json.put("{}"),
            Err(error) => errors::invalid(json, "scope", error),
        },
        Err(error) => errors::invalid(json, "realm", error),
    }
    Some(())
}
