//! What a gate writes, a session reads and answers: each offer with each policy.

use std::time::Duration;

use proxy_auth::digest::{
    Algorithm::{self, Md5, Md5Sess, Sha256, Sha256Sess, Sha512_256, Sha512_256Sess},
    QopOptions, ReplayWindow, Slot,
};
use proxy_auth::{
    Account, DigestOffer, Gate, GiveUp, Login, Password, Policy, Refusal, Request, Role, Scheme, Session, Step, Turn,
};

use super::{NAME, NOW, PASSWORD, STARTED};

const ALGORITHMS: [Algorithm; 6] = [Md5, Md5Sess, Sha256, Sha256Sess, Sha512_256, Sha512_256Sess];
const LOGIN: Login<'static> = Login {
    name: NAME,
    password: PASSWORD,
};

struct Proxy<'r> {
    gate: Gate<&'r str>,
    window: ReplayWindow<[Slot; 8]>,
    now: Duration,
    requests: u64,
    sends_nextnonce: bool,
    /// The schemes of the requests that passed.
    passed: Vec<String>,
}

impl<'r> Proxy<'r> {
    fn new(gate: Gate<&'r str>) -> Self {
        Self {
            window: gate.replay_window([Slot::EMPTY; 8], STARTED),
            gate,
            now: NOW,
            requests: 0,
            sends_nextnonce: false,
            passed: Vec::new(),
        }
    }

    /// Returns the parameters of the response.
    fn check(&mut self, request: &Request<'_>, fields: &[(&str, &str)]) -> Result<Option<String>, Refusal> {
        let mut scratch = [0; 128];
        let attempt = self.gate.read(request, fields.iter().copied(), &mut scratch)?;
        let account = Some(Account::new(NAME, Password::new(PASSWORD)));
        let algorithm = attempt.algorithm();
        let pass = attempt.check(account, self.now)?.redeem(&mut self.window)?;
        let scheme = algorithm.map_or_else(|| pass.scheme().to_string(), |algorithm| algorithm.to_string());
        self.passed.push(scheme);
        let nonce = self.gate.nonce(self.now, self.requests);
        Ok(pass.info().map(|info| match &nonce {
            Some(nonce) if self.sends_nextnonce => info.with_nextnonce(nonce).to_string(),
            _ => info.to_string(),
        }))
    }

    /// Responds to a request: the status code and the field lines.
    fn respond(&mut self, request: &Request<'_>, value: Option<&str>) -> (u16, Vec<(&'static str, String)>) {
        self.requests += 1;
        let role = self.gate.role();
        let field = value.map(|value| (role.authorization().as_str(), value));
        match self.check(request, field.as_slice()) {
            Ok(info) => {
                let info = info.map(|info| (role.authentication_info().as_str(), info));
                (200, info.into_iter().collect())
            }
            Err(refusal) => {
                let denial = self.gate.deny(&refusal, self.now, self.requests);
                let challenges = denial.challenges().map(|challenge| challenge.to_string());
                let lines = challenges.map(|challenge| (denial.name().as_str(), challenge));
                (denial.status().as_u16(), lines.collect())
            }
        }
    }

    /// Sends a request until its last step.
    fn fetch(&mut self, session: &mut Session<256>) -> Result<bool, GiveUp> {
        let request = Request::new("POST", "http://example.com/a?b")
            .unwrap()
            .with_content(b"content");
        let mut turn = Turn::FIRST;
        loop {
            let (authorization, pending) = session.authorize(turn, &LOGIN, &request, [5; 16])?;
            let value = authorization.map(|authorization| authorization.to_string());
            let (status, fields) = self.respond(&request, value.as_deref());
            let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
            match session.receive(pending, status, fields) {
                Step::Again(next) => turn = next,
                Step::Done { proved } => return Ok(proved),
                Step::NewConnection(_) => panic!("nothing closes"),
                Step::GiveUp(reason) => return Err(reason),
            }
        }
    }
}

#[expect(clippy::struct_excessive_bools, reason = "they are those of a policy")]
#[derive(Clone, Copy, Debug)]
struct Rules {
    digest: bool,
    basic: bool,
    md5: bool,
    proof: bool,
}

impl Rules {
    fn all() -> Vec<Self> {
        let bools = [false, true];
        let schemes = [(true, false), (true, true), (false, true)];
        let mut all = Vec::new();
        for (digest, basic) in schemes {
            for (md5, proof) in bools.into_iter().flat_map(|md5| bools.map(|proof| (md5, proof))) {
                all.push(Self {
                    digest,
                    basic,
                    md5,
                    proof,
                });
            }
        }
        all
    }

    fn policy(self) -> Policy {
        let mut policy = match (self.digest, self.basic) {
            (true, true) => Policy::digest_or_basic(),
            (true, false) => Policy::digest_only(),
            _ => Policy::basic_only(),
        };
        if !self.md5 {
            policy = policy.without_md5();
        }
        if self.proof {
            policy = policy.with_proof_required();
        }
        policy
    }

    /// Returns the scheme or the algorithm that a session must choose.
    fn choice(self, algorithms: &[Algorithm], offers_basic: bool) -> Option<String> {
        let allowed = |algorithm: &&Algorithm| self.md5 || algorithm.without_session() != Md5;
        let strongest = algorithms.iter().filter(allowed).max().filter(|_| self.digest);
        match strongest {
            Some(algorithm) => Some(algorithm.to_string()),
            // A forbidden algorithm is no reason to send the password in Basic.
            None if offers_basic && self.basic && !self.proof && !self.digest => Some(Scheme::Basic.to_string()),
            None => None,
        }
    }
}

/// Returns every set of algorithms, in two orders.
fn algorithm_lists() -> Vec<Vec<Algorithm>> {
    let mut lists = Vec::new();
    for set in 1_u8..1 << 6 {
        let list: Vec<_> = (0..6)
            .filter(|bit| set >> bit & 1 == 1)
            .map(|bit| ALGORITHMS[bit])
            .collect();
        lists.push(list.iter().rev().copied().collect());
        lists.push(list);
    }
    lists
}

/// Creates an offer of algorithms whose number is known only at run time.
fn digest_offer(algorithms: &[Algorithm]) -> DigestOffer<'static> {
    // An algorithm that is named again changes nothing.
    let padded: [_; 6] = std::array::from_fn(|index| *algorithms.get(index).unwrap_or(&algorithms[0]));
    DigestOffer::new(&[7; 32], padded)
}

#[test]
fn every_offer_passes_if_the_policy_allows_it() {
    let mut count = 0;
    for algorithms in algorithm_lists() {
        for (qop, basic_first, offers_basic) in [
            (QopOptions::AUTH, false, true),
            (QopOptions::AUTH, false, false),
            (QopOptions::AUTH_AND_AUTH_INT, true, true),
            (QopOptions::AUTH_INT, false, true),
        ] {
            for rules in Rules::all() {
                let digest = digest_offer(&algorithms).with_qop(qop);
                let digest = if count % 2 == 0 { digest } else { digest.with_userhash() };
                let gate = match (basic_first, offers_basic) {
                    (true, _) => super::gate().with_basic().with_digest(&digest),
                    (false, true) => super::gate().with_digest(&digest).with_basic(),
                    (false, false) => super::gate().with_digest(&digest),
                };
                let mut proxy = Proxy::new(gate);
                proxy.sends_nextnonce = count % 3 == 0;
                let mut session = Session::new(rules.policy());
                let context = format!("{algorithms:?} {rules:?} {qop:?}");
                let choice = rules.choice(&algorithms, offers_basic);
                let is_provable = qop.has(proxy_auth::digest::Qop::Auth);
                match choice {
                    Some(choice) if choice == "Basic" || is_provable || !rules.proof => {
                        let proved = choice != "Basic" && is_provable;
                        assert_eq!(proxy.fetch(&mut session), Ok(proved), "{context}");
                        assert_eq!(proxy.requests, 2, "{context}");
                        // The next requests need no challenge.
                        for _ in 0..2 {
                            assert_eq!(proxy.fetch(&mut session), Ok(proved), "{context}");
                        }
                        assert_eq!(proxy.requests, 4, "{context}");
                        assert_eq!(proxy.passed, [choice.as_str(); 3], "{context}");
                    }
                    choice => {
                        let reason = proxy.fetch(&mut session).unwrap_err();
                        let is_expected = match choice {
                            Some(_) => matches!(reason, GiveUp::Unprovable),
                            None => matches!(reason, GiveUp::NothingFits(_)),
                        };
                        assert!(is_expected, "{context}: {reason}");
                        assert!(proxy.passed.is_empty());
                    }
                }
                count += 1;
            }
        }
    }
    assert_eq!(count, 126 * 4 * 12);
}

#[test]
fn a_stale_nonce_costs_one_round_and_a_next_nonce_none() {
    for algorithm in ALGORITHMS {
        for sends_nextnonce in [false, true] {
            let mut proxy = Proxy::new(super::gate().with_digest(&digest_offer(&[algorithm])));
            proxy.sends_nextnonce = sends_nextnonce;
            let mut session = Session::new(Policy::digest_only().with_proof_required());
            assert_eq!(proxy.fetch(&mut session), Ok(true));
            for _ in 0..3 {
                let before = proxy.requests;
                // Two of these are longer than the lifetime of a nonce.
                proxy.now += Duration::from_secs(299);
                assert_eq!(proxy.fetch(&mut session), Ok(true));
                proxy.now += Duration::from_secs(2);
                assert_eq!(proxy.fetch(&mut session), Ok(true));
                // A session key belongs to the first nonce.
                let continues = sends_nextnonce && !algorithm.is_session();
                assert_eq!(proxy.requests - before, if continues { 2 } else { 3 }, "{algorithm}");
            }
        }
    }
}

#[test]
fn realms_with_any_text_pass() {
    for realm in [
        "",
        "a \"b\" \\c",
        "\u{e9}\u{20ac}\u{1f9de}",
        "a\tb, Basic realm=c",
        "\\",
        "\"",
    ] {
        for algorithm in ALGORITHMS {
            let gate = Gate::new(realm).unwrap().with_digest(&digest_offer(&[algorithm]));
            let mut proxy = Proxy::new(gate);
            let mut session = Session::new(Policy::digest_only().with_proof_required());
            assert_eq!(proxy.fetch(&mut session), Ok(true), "{realm:?}");
        }
    }
}

#[test]
fn an_origin_server_authenticates_its_clients() {
    for algorithms in [&ALGORITHMS[..], &[Md5]] {
        let gate = super::gate()
            .with_digest(&digest_offer(algorithms))
            .with_role(Role::Server);
        let mut proxy = Proxy::new(gate);
        let mut session = Session::new(Policy::digest_only().with_proof_required()).with_role(Role::Server);
        assert_eq!(proxy.fetch(&mut session), Ok(true));
        assert_eq!(proxy.requests, 2);
    }
}
