//! A proxy with the real gate.

use std::time::Duration;

use proxy_auth::digest::{self, Algorithm, ReplayWindow, Slot, Username};
use proxy_auth::{Account, Claim, Gate, Password, Refusal, Request};

use crate::message::{Fields, Response};
use crate::setup::{REALM, Setup, User};

/// A store for one or two proxies.
pub(crate) type Store = ReplayWindow<[Slot; 16]>;

/// A proxy: a gate, and a counter for its nonces.
pub(crate) struct Proxy {
    gate: Gate<&'static str>,
    is_careless: bool,
    /// Differs between the proxies.
    number: u64,
    nonces: u64,
}

/// A request that passed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Passed {
    pub(crate) user: String,
    pub(crate) scheme: String,
}

impl Proxy {
    pub(crate) fn new(setup: Setup, key: u8, number: usize) -> Self {
        Self {
            gate: setup.gate(key),
            is_careless: setup.is_careless,
            number: number as u64,
            nonces: 0,
        }
    }

    pub(crate) fn new_store(&self, now: Duration) -> Store {
        self.gate.replay_window([Slot::EMPTY; 16], now)
    }

    /// Answers a request.
    pub(crate) fn answer(
        &mut self,
        target: &str,
        authorization: Option<&str>,
        store: &mut Store,
        now: Duration,
    ) -> (Response, Option<Passed>) {
        match self.check(target, authorization, store, now) {
            Ok((passed, fields)) => (Response { status: 200, fields }, Some(passed)),
            Err(refusal) => {
                let unique = (self.number << 32) | self.nonces;
                self.nonces += 1;
                let denial = self.gate.deny(&refusal, now, unique);
                let name = denial.name().as_str();
                let fields = denial
                    .challenges()
                    .map(|challenge| (name.into(), challenge.to_string()));
                let response = Response {
                    status: denial.status().as_u16(),
                    fields: fields.collect(),
                };
                (response, None)
            }
        }
    }

    fn check(
        &self,
        target: &str,
        authorization: Option<&str>,
        store: &mut Store,
        now: Duration,
    ) -> Result<(Passed, Fields), Refusal> {
        let request = Request::new("GET", target).expect("the target is valid");
        let fields = authorization.map(|value| ("Proxy-Authorization", value));
        let mut scratch = [0; 256];
        let attempt = self.gate.read(&request, fields, &mut scratch)?;
        let user = User::ALL
            .into_iter()
            .find(|user| self.is_careless || is(*user, attempt.claim()));
        let account = user.map(|user| Account::new(user.name(), Password::new(user.password())));
        let pass = attempt.check(account, now)?.redeem(store)?;
        let passed = Passed {
            user: String::from_utf8_lossy(pass.user()).into_owned(),
            scheme: pass.scheme().to_string(),
        };
        let info = pass
            .info()
            .map(|info| ("Proxy-Authentication-Info".to_owned(), info.to_string()));
        Ok((passed, info.into_iter().collect()))
    }
}

/// Checks that a client claims to be this user.
fn is(user: User, claim: Claim<'_>) -> bool {
    match claim {
        Claim::Name(name) => name == user.name().as_bytes(),
        Claim::Userhash(digits) => {
            let name = Username::new(user.name()).expect("the name is valid");
            digest::userhash(Algorithm::Sha256, name, REALM).as_bytes() == digits
        }
        _ => false,
    }
}
