//! A client: a session, its rules and its login.

use std::collections::HashSet;

use arbitrary::Arbitrary;
use proxy_auth::digest::{Algorithm, Credentials};
use proxy_auth::{GiveUp, Login, Pending, Policy, Role, Scheme, Session, Step, Turn};

use super::proxy::{Offer, Reply};
use super::{Ask, User};
use crate::written;

/// The rules and the login of a client.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Setup {
    user: u8,
    is_right: bool,
    allows: Allowed,
    without_md5: bool,
    rfc2069: bool,
    downgrade: bool,
    requires_proof: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Allowed {
    Digest,
    DigestOrBasic,
    Basic,
}

impl Setup {
    fn policy(self) -> Policy {
        let mut policy = match self.allows {
            Allowed::Digest => Policy::digest_only(),
            Allowed::DigestOrBasic => Policy::digest_or_basic(),
            Allowed::Basic => Policy::basic_only(),
        };
        if self.without_md5 {
            policy = policy.without_md5();
        }
        if self.rfc2069 {
            policy = policy.with_rfc2069();
        }
        if self.downgrade {
            policy = policy.with_downgrade();
        }
        if self.requires_proof {
            policy = policy.with_proof_required();
        }
        policy
    }

    fn allows(self, strength: Strength) -> bool {
        match strength {
            Strength::Basic => self.allows != Allowed::Digest && !self.requires_proof,
            Strength::Rfc2069(algorithm) => {
                self.rfc2069 && !self.requires_proof && self.allows(Strength::Digest(algorithm))
            }
            Strength::Digest(algorithm) => {
                self.allows != Allowed::Basic && !(self.without_md5 && algorithm == Algorithm::Md5)
            }
        }
    }

    /// Returns the outcome of an undisturbed request with the right password, if there is an answer to the offer.
    pub(super) fn expected(self, offer: Offer) -> Option<Step> {
        let mut algorithms = offer.algorithms().iter();
        if algorithms.any(|algorithm| self.allows(Strength::Digest(algorithm.without_session()))) {
            let proved = offer.has_auth();
            return (proved || !self.requires_proof).then_some(Step::Done { proved });
        }
        // A Digest that the policy forbids does not lead to Basic.
        let is_downgrade = self.allows != Allowed::Basic && !offer.algorithms().is_empty() && !self.downgrade;
        let is_basic = offer.has_basic() && self.allows(Strength::Basic) && !is_downgrade;
        is_basic.then_some(Step::Done { proved: false })
    }
}

/// The kind of credentials, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Strength {
    Basic,
    Rfc2069(Algorithm),
    Digest(Algorithm),
}

/// The worst thing that the network did to a client, the least first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) enum Harm {
    None,
    /// Messages were lost, late or out of order.
    Delayed,
    /// Responses were changed, or swapped.
    Tampered,
}

pub(super) struct Client {
    pub(super) setup: Setup,
    pub(super) is_right: bool,
    pub(super) harm: Harm,
    session: Session<512>,
    /// The strongest credentials that were sent.
    floor: Option<Strength>,
    /// The uses of nonces.
    used: HashSet<(String, String, u32)>,
    random: u8,
}

impl Client {
    pub(super) fn new(setup: Setup, role: Role) -> Self {
        Self {
            setup,
            is_right: setup.is_right,
            harm: Harm::None,
            session: Session::new(setup.policy()).with_role(role),
            floor: None,
            used: HashSet::new(),
            random: 0,
        }
    }

    pub(super) fn user(&self) -> &'static User {
        User::at(self.setup.user)
    }

    pub(super) fn set_right_password(&mut self) {
        self.session.forget_login();
        self.is_right = true;
    }

    /// Authorizes a request, and checks the credentials.
    pub(super) fn authorize(&mut self, turn: Turn, ask: Ask) -> Result<(Option<Vec<u8>>, Pending), GiveUp> {
        self.random = self.random.wrapping_add(1);
        let user = self.user();
        let password = if self.is_right { user.password } else { "a wrong one" };
        let login = Login {
            name: user.name,
            password,
        };
        let (authorization, pending) = self
            .session
            .authorize(turn, &login, &ask.request(), [self.random; 16])?;
        let value = authorization.map(|authorization| written(&authorization));
        if let Some(value) = &value {
            self.check(value);
        }
        Ok((value, pending))
    }

    fn check(&mut self, value: &[u8]) {
        let credentials = proxy_auth::Credentials::parse(value).unwrap();
        let strength = if credentials.scheme() == Scheme::Basic {
            Strength::Basic
        } else {
            let digest = Credentials::read(&credentials).unwrap();
            let algorithm = digest.algorithm().without_session();
            match digest.nc() {
                None => Strength::Rfc2069(algorithm),
                Some(nc) => {
                    let cnonce = digest.cnonce().unwrap().to_string();
                    let is_new = self.used.insert((digest.nonce().to_string(), cnonce, nc));
                    assert!(is_new, "a nonce was used twice with the same count");
                    Strength::Digest(algorithm)
                }
            }
        };
        assert!(
            self.setup.allows(strength),
            "{strength:?} is not allowed by {:?}",
            self.setup
        );
        let is_weaker = self.floor.is_some_and(|floor| strength < floor);
        assert!(
            !is_weaker || self.setup.downgrade,
            "{strength:?} after {:?}",
            self.floor
        );
        self.floor = if is_weaker { self.floor } else { Some(strength) };
    }

    /// Handles a response, and checks the step.
    ///
    /// `rspauth` is the genuine proof for the credentials that the request was sent with, if the proxy accepted them.
    pub(super) fn receive(&mut self, pending: Pending, reply: &Reply, was_right: bool, rspauth: Option<&str>) -> Step {
        let fields = reply
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()));
        let step = self.session.receive(pending, reply.status, fields);
        let is_asked = self.session.role().status() == reply.status;
        match &step {
            Step::Again(_) | Step::NewConnection(_) => assert!(is_asked),
            Step::Done { proved } => {
                assert!(!is_asked);
                assert!(*proved || !self.setup.requires_proof);
                let name = self.session.role().authentication_info();
                let infos = reply.fields.iter().filter(|(field, _)| name.is(field));
                let holds =
                    |value: &[u8], rspauth: &str| value.windows(rspauth.len()).any(|at| at == rspauth.as_bytes());
                let is_genuine = rspauth.is_some_and(|rspauth| {
                    infos
                        .clone()
                        .any(|(_, value)| holds(&value.to_ascii_lowercase(), rspauth))
                });
                assert!(!proved || is_genuine, "a forged proof was believed");
            }
            Step::GiveUp(_) => {}
        }
        if self.harm < Harm::Tampered {
            let is_doubted = matches!(
                step,
                Step::GiveUp(GiveUp::Forged | GiveUp::Downgraded | GiveUp::Unusable(_) | GiveUp::Damaged(_))
            );
            assert!(!is_doubted, "{step:?}");
            assert!(!was_right || !self.is_right || step != Step::GiveUp(GiveUp::Refused));
            if is_asked {
                assert_eq!(
                    matches!(step, Step::NewConnection(_)),
                    reply.closes && !matches!(step, Step::GiveUp(_))
                );
            }
        }
        step
    }
}
