//! The proxy: a gate, its users and its clock.

use std::collections::HashSet;
use std::time::Duration;

use arbitrary::Arbitrary;
use proxy_auth::digest::{Algorithm, Info, Qop, QopOptions, ReplayWindow, Slot};
use proxy_auth::{
    Account, Attempt, AuthenticationInfo, Claim, DigestOffer, Gate, NonceUse, Pass, Password, Reason, Refusal,
    ReplayStore, Role, Scheme, Version,
};

use super::{Ask, REALM, USERS, User};
use crate::written;

const MAX_AGE: Duration = Duration::from_secs(8);

/// The configuration of a proxy.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Offer {
    schemes: Schemes,
    algorithms: Algorithms,
    qop: u8,
    userhash: bool,
    pub(super) is_exact: bool,
    is_server: bool,
    stores_hashes: bool,
    sends_nextnonce: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Schemes {
    Digest,
    DigestThenBasic,
    BasicThenDigest,
    Basic,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Algorithms {
    Sha256ThenMd5,
    Md5ThenSha256,
    Md5,
    Session,
    Sha512,
}

impl Offer {
    pub(super) fn role(self) -> Role {
        if self.is_server { Role::Server } else { Role::Proxy }
    }

    fn qop(self) -> QopOptions {
        [QopOptions::AUTH, QopOptions::AUTH_AND_AUTH_INT, QopOptions::AUTH_INT][usize::from(self.qop) % 3]
    }

    pub(super) fn has_auth(self) -> bool {
        self.qop().has(Qop::Auth)
    }

    pub(super) fn has_basic(self) -> bool {
        self.schemes != Schemes::Digest
    }

    /// Returns the offered algorithms of Digest.
    pub(super) fn algorithms(self) -> &'static [Algorithm] {
        match (self.schemes, self.algorithms) {
            (Schemes::Basic, _) => &[],
            (_, Algorithms::Sha256ThenMd5) => &[Algorithm::Sha256, Algorithm::Md5],
            (_, Algorithms::Md5ThenSha256) => &[Algorithm::Md5, Algorithm::Sha256],
            (_, Algorithms::Md5) => &[Algorithm::Md5],
            (_, Algorithms::Session) => &[Algorithm::Sha256Sess],
            (_, Algorithms::Sha512) => &[Algorithm::Sha512_256],
        }
    }

    /// Returns an offer of the same challenges in another order.
    fn reordered(self) -> Self {
        let schemes = match self.schemes {
            Schemes::DigestThenBasic => Schemes::BasicThenDigest,
            Schemes::BasicThenDigest => Schemes::DigestThenBasic,
            other => other,
        };
        let algorithms = match self.algorithms {
            Algorithms::Sha256ThenMd5 => Algorithms::Md5ThenSha256,
            Algorithms::Md5ThenSha256 => Algorithms::Sha256ThenMd5,
            other => other,
        };
        Self {
            schemes,
            algorithms,
            ..self
        }
    }

    fn gate(self, key: [u8; 32], previous: [u8; 32]) -> Gate<&'static str> {
        let digest = match self.algorithms() {
            &[first, second] => DigestOffer::new(&key, [first, second]),
            &[one] => DigestOffer::new(&key, [one]),
            _ => DigestOffer::new(&key, [Algorithm::Md5]),
        };
        let digest = digest
            .with_max_age(MAX_AGE)
            .with_qop(self.qop())
            .with_previous_key(&previous);
        let digest = if self.userhash { digest.with_userhash() } else { digest };
        let digest = if self.is_exact {
            digest.with_exact_target()
        } else {
            digest
        };
        let gate = Gate::new(REALM).unwrap().with_role(self.role());
        match self.schemes {
            Schemes::Digest => gate.with_digest(&digest),
            Schemes::DigestThenBasic => gate.with_digest(&digest).with_basic(),
            Schemes::BasicThenDigest => gate.with_basic().with_digest(&digest),
            Schemes::Basic => gate.with_basic(),
        }
    }
}

/// The way in which a proxy is restarted, with an empty replay window.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Restart {
    key: NewKey,
    reorders: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum NewKey {
    Kept,
    Lost,
    Rotated,
}

/// A way to look up the account of a client.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum LookUp {
    Honest,
    /// The caller's mistake: the account of this user, whatever the client claims.
    Always(u8),
    Nobody,
}

impl LookUp {
    fn find<R: AsRef<str>>(self, attempt: &Attempt<'_, R>) -> Option<&'static User> {
        match self {
            Self::Nobody => None,
            Self::Always(index) => Some(User::at(index)),
            Self::Honest => match attempt.claim() {
                Claim::Name(name) => USERS.iter().find(|user| user.name.as_bytes() == name),
                Claim::Userhash(digits) => {
                    let algorithm = attempt.algorithm().unwrap();
                    USERS.iter().find(|user| user.userhash(algorithm).as_bytes() == digits)
                }
                _ => None,
            },
        }
    }
}

/// A response of the proxy.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) fields: Vec<(String, Vec<u8>)>,
    /// `true` if the proxy closes the connection.
    pub(super) closes: bool,
    pub(super) passed: Option<Passed>,
}

/// The user whose request passed.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    pub(super) user: Vec<u8>,
    pub(super) is_digest: bool,
    /// The digits that prove that the proxy knows the password, unless they depend on the content of the response.
    pub(super) rspauth: Option<String>,
}

pub(super) struct Proxy {
    pub(super) offer: Offer,
    gate: Gate<&'static str>,
    store: Recorder,
    key: u8,
    now: Duration,
    unique: u64,
}

impl Proxy {
    pub(super) fn new(offer: Offer) -> Self {
        let now = Duration::from_secs(1000);
        let gate = offer.gate([1; 32], [0; 32]);
        let store = Recorder::new(gate.replay_window([Slot::EMPTY; 64], now));
        Self {
            offer,
            gate,
            store,
            key: 1,
            now,
            unique: 0,
        }
    }

    pub(super) fn restart(&mut self, restart: Restart) {
        let (key, previous) = match restart.key {
            NewKey::Kept => (self.key, 0),
            NewKey::Lost => (self.key.saturating_add(1), 0),
            NewKey::Rotated => (self.key.saturating_add(1), self.key),
        };
        // A restart takes time.
        self.now += Duration::from_millis(1);
        self.key = key;
        self.offer = if restart.reorders {
            self.offer.reordered()
        } else {
            self.offer
        };
        self.gate = self.offer.gate([key; 32], [previous; 32]);
        self.store.restart(self.gate.replay_window([Slot::EMPTY; 64], self.now));
    }

    pub(super) fn turn_clock(&mut self, seconds: i8) {
        let by = Duration::from_secs(seconds.unsigned_abs().into());
        if seconds < 0 {
            self.now -= by.min(self.now);
            self.store.is_set_back_ever = true;
            self.store.is_set_back = true;
        } else {
            self.now += by;
        }
    }

    /// Returns `true` if the clock was set back since the last restart.
    pub(super) fn is_set_back(&self) -> bool {
        self.store.is_set_back
    }

    /// Decides on a request, and checks the form of the response.
    pub(super) fn handle(&mut self, ask: Ask, authorization: Option<&[u8]>, look_up: LookUp) -> Reply {
        self.now += Duration::from_millis(1);
        self.unique += 1;
        let request = ask.request();
        let name = self.gate.role().authorization().as_str();
        let fields = [ask.connection(), (name, authorization.unwrap_or_default())];
        let fields = fields.into_iter().take(1 + usize::from(authorization.is_some()));
        let mut scratch = [0; 256];
        let attempt = self.gate.read(&request, fields, &mut scratch);
        let pass = attempt.and_then(|attempt| {
            let user = look_up.find(&attempt);
            let ticket = if self.offer.stores_hashes {
                attempt.check(user.map(|user| Account::new(user.name, &user.hashes[..])), self.now)
            } else {
                attempt.check(
                    user.map(|user| Account::new(user.name, Password::new(user.password))),
                    self.now,
                )
            };
            ticket?.redeem(&mut self.store)
        });
        match pass {
            Ok(pass) => self.forward(&pass),
            Err(refusal) => self.refuse(&refusal, ask),
        }
    }

    fn forward(&self, pass: &Pass<'_>) -> Reply {
        let next = self.gate.nonce(self.now, self.unique);
        let mut rspauth = None;
        let mut fields = vec![("Date".to_owned(), b"now".to_vec())];
        if let Some(info) = pass.info() {
            let info = match &next {
                Some(nonce) if self.offer.sends_nextnonce => info.with_nextnonce(nonce),
                _ => info,
            };
            let value = written(&info);
            let info = AuthenticationInfo::parse(&value).unwrap();
            rspauth = Some(Info::read(&info).unwrap().rspauth().unwrap().to_string());
            fields.push((self.gate.role().authentication_info().as_str().to_owned(), value));
        }
        Reply {
            status: 200,
            fields,
            closes: false,
            passed: Some(Passed {
                user: pass.user().to_vec(),
                is_digest: pass.scheme() == Scheme::Digest,
                rspauth,
            }),
        }
    }

    fn refuse(&self, refusal: &Refusal, ask: Ask) -> Reply {
        assert!(
            *refusal.reason() != Reason::Unverifiable,
            "every account has every hash"
        );
        let denial = self.gate.deny(refusal, self.now, self.unique);
        let name = denial.name().as_str();
        let challenges: Vec<_> = denial.challenges().map(|challenge| written(&challenge)).collect();
        let status = denial.status().as_u16();
        assert_eq!(denial.status(), self.gate.role().status());
        let fields = if ask.version() == Version::Http2 {
            assert!(!refusal.closes());
            challenges
                .iter()
                .map(|value| (name.to_owned(), value.clone()))
                .collect()
        } else {
            let mut buffer = [0; 2048];
            let fields = fields_of(denial.response().encode(&mut buffer).unwrap());
            let values = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value);
            assert!(values.eq(&challenges));
            assert_eq!(
                refusal.closes(),
                fields
                    .iter()
                    .any(|(name, value)| name == "Connection" && value == b"close")
            );
            fields
        };
        Reply {
            status,
            fields,
            closes: refusal.closes(),
            passed: None,
        }
    }
}

/// Splits a message without content into its field lines. Checks that no line contains a control character.
fn fields_of(message: &[u8]) -> Vec<(String, Vec<u8>)> {
    let message = String::from_utf8(message.to_vec()).unwrap();
    let head = message.strip_suffix("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    assert!(lines.next().unwrap().starts_with("HTTP/1.1 40"));
    let fields = lines.map(|line| {
        assert!(!line.chars().any(char::is_control), "{line:?}");
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.as_bytes().to_vec())
    });
    fields.collect()
}

/// A replay window that checks its own promise.
struct Recorder {
    window: ReplayWindow<[Slot; 64]>,
    /// The uses that were recorded in this window, and in all windows.
    here: HashSet<[u8; 20]>,
    ever: HashSet<[u8; 20]>,
    nonces: HashSet<[u8; 16]>,
    is_set_back: bool,
    is_set_back_ever: bool,
}

impl Recorder {
    fn new(window: ReplayWindow<[Slot; 64]>) -> Self {
        Self {
            window,
            here: HashSet::new(),
            ever: HashSet::new(),
            nonces: HashSet::new(),
            is_set_back: false,
            is_set_back_ever: false,
        }
    }

    fn restart(&mut self, window: ReplayWindow<[Slot; 64]>) {
        self.window = window;
        self.here.clear();
        self.nonces.clear();
        self.is_set_back = false;
    }
}

impl ReplayStore for Recorder {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        let is_admitted = ReplayStore::admit(&mut self.window, nonce_use);
        if is_admitted {
            let key = nonce_use.key();
            self.nonces.insert(*key.first_chunk().unwrap());
            // A set of 8 slots forgets nonces from the future if it is full.
            let may_forget = self.is_set_back && self.nonces.len() > 8;
            assert!(self.here.insert(key) || may_forget, "an answer passed twice");
            assert!(
                self.ever.insert(key) || self.is_set_back_ever,
                "an answer passed again after a restart"
            );
            assert!(nonce_use.lifetime() <= MAX_AGE + Duration::from_millis(5001));
        }
        is_admitted
    }
}
