//! A request at the gate.
//!
//! The host keeps the request between the calls, and each call reads it again. So there is no attempt that outlives a call.

use proxy_auth::{Attempt, Claim, Gate, NonceUse, Pass, Refusal, ReplayStore};

use super::account::{self, Found};
use super::config::{Config, SecretKind};
use super::errors::{self, Place};
use super::request::Incoming;
use crate::block::State;
use crate::json::Json;
use crate::lines::{Fields, Lines};

/// Memory for a name and the password of Basic.
const SCRATCH: usize = 4096;

/// The size of the use of a nonce.
pub(super) const USE_SIZE: usize = size_of::<NonceUse>();

/// Reads the credentials of a request, and writes the claim or the refusal.
pub(super) fn read(mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let config = Config::read(&mut args)?;
    let gate = config.gate()?.ok()?;
    let incoming = match Incoming::read(&mut args) {
        Ok(incoming) => incoming,
        Err(fault) => return fault.write(json),
    };
    let mut scratch = [0; SCRATCH];
    match gate.read(&incoming.request, Fields(args), &mut scratch) {
        Ok(attempt) => claim(json, &attempt, config.kind),
        Err(refusal) => self::refusal(json, &gate, &config, &incoming, refusal),
    }
    Some(())
}

/// Reads the credentials again, and checks them with an account. Writes the pass and the use of a nonce, or the refusal.
///
/// If there is a use, the host must record it before it hands the pass out. If its store refuses the use, the host calls
/// this again for the refusal, and says so.
pub(super) fn check(mut state: State<'_>, mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let config = Config::read(&mut args)?;
    let gate = config.gate()?.ok()?;
    let incoming = match Incoming::read(&mut args) {
        Ok(incoming) => incoming,
        Err(fault) => return fault.write(json),
    };
    let found = match Found::read(&mut args) {
        Ok(found) => found,
        Err(account::Fault::Form) => return None,
        Err(account::Fault::Hash(error)) => {
            errors::invalid(json, "hash", error);
            return Some(());
        }
    };
    let mut scratch = [0; SCRATCH];
    let attempt = gate.read(&incoming.request, Fields(args), &mut scratch);
    let ticket = attempt.and_then(|attempt| found.check(attempt, config.kind, incoming.now));
    let mut taken = Taken(None);
    let pass = ticket.and_then(|ticket| {
        if found.is_replayed {
            ticket.redeem(&mut ())
        } else {
            ticket.redeem(&mut taken)
        }
    });
    match pass {
        Ok(pass) => {
            self::pass(json, &pass, taken.0);
            taken.0.map_or(Some(()), |nonce_use| state.write(0, nonce_use))
        }
        Err(refusal) => {
            self::refusal(json, &gate, &config, &incoming, refusal);
            Some(())
        }
    }
}

/// Refuses a token that is valid, but does not give access. Writes the refusal.
pub(super) fn refuse(mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let config = Config::read(&mut args)?;
    let gate = config.gate()?.ok()?;
    let incoming = match Incoming::read(&mut args) {
        Ok(incoming) => incoming,
        Err(fault) => return fault.write(json),
    };
    let mut scratch = [0; SCRATCH];
    let refusal = match gate.read(&incoming.request, Fields(args), &mut scratch) {
        Ok(attempt) => attempt.refuse_scope(),
        Err(refusal) => refusal,
    };
    self::refusal(json, &gate, &config, &incoming, refusal);
    Some(())
}

/// Takes the use of a nonce out of a ticket. The host records it.
struct Taken(Option<NonceUse>);

impl ReplayStore for Taken {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.0 = Some(*nonce_use);
        true
    }
}

fn claim(json: &mut Json<'_>, attempt: &Attempt<'_, &str>, kind: SecretKind) {
    let (name, bytes) = match attempt.claim() {
        Claim::Name(name) => ("name", name),
        Claim::Userhash(hash) => ("userhash", hash),
        Claim::Token(token) => ("token", token.as_bytes()),
        _ => ("other", &[][..]),
    };
    json.put("{\"attempt\":{\"scheme\":");
    json.display(attempt.scheme());
    json.put(",\"claim\":\"");
    json.put(name);
    json.put("\",\"text\":");
    json.bytes(bytes.iter().copied());
    json.put(",\"algorithm\":");
    json.display_or_null(attempt.algorithm());
    json.put(",\"password\":");
    match attempt.password() {
        Some(password) if matches!(kind, SecretKind::Verified) => json.bytes(password.iter().copied()),
        _ => json.put("null"),
    }
    json.put("}}");
}

fn pass(json: &mut Json<'_>, pass: &Pass<'_>, nonce_use: Option<NonceUse>) {
    json.put("{\"pass\":{\"user\":");
    json.bytes(pass.user().iter().copied());
    json.put(",\"scheme\":");
    json.display(pass.scheme());
    json.put(",\"info\":");
    json.encoded_or_null(pass.info().as_ref());
    json.put("},\"use\":");
    match nonce_use {
        Some(nonce_use) => {
            json.put("{\"key\":");
            json.bytes(nonce_use.key());
            json.put(",\"lifetime\":");
            json.number(usize::try_from(nonce_use.lifetime().as_millis()).unwrap_or(usize::MAX));
            json.put("}");
        }
        None => json.put("null"),
    }
    json.put("}");
}

/// Writes the refusal, and the response to it.
fn refusal(json: &mut Json<'_>, gate: &Gate<&str>, config: &Config<'_>, incoming: &Incoming<'_>, refusal: Refusal) {
    let refusal = if incoming.closes { refusal.with_close() } else { refusal };
    let denial = gate.deny(&refusal, incoming.now, incoming.unique);
    let denial = if config.scope.is_empty() {
        denial
    } else {
        // The scope was checked when the gate was created.
        denial
            .with_scope(config.scope)
            .unwrap_or_else(|_| gate.deny(&refusal, incoming.now, incoming.unique))
    };
    let reason = refusal.reason();
    json.put("{\"refusal\":{\"error\":");
    errors::error(json, reason, reason, Place::of_reason(reason));
    json.put(",\"status\":");
    json.number(usize::from(denial.status().as_u16()));
    json.put(",\"isGuess\":");
    json.put(truth(refusal.is_guess()));
    json.put(",\"isStale\":");
    json.put(truth(refusal.is_stale()));
    json.put(",\"closes\":");
    json.put(truth(refusal.closes()));
    json.put(",\"message\":");
    let response = denial.response();
    json.encoded(response.encoded_len(), |buffer| response.encode(buffer));
    json.put("}}");
}

pub(super) const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
