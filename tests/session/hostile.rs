//! Properties of sessions whatever the peer responds, and in whatever order.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::sample::Index;
use proxy_auth::digest::{Algorithm, Credentials};
use proxy_auth::{GiveUp, Pending, Policy, Scheme, Session, Step, Turn};

use super::{LOGIN, accept, refuse, request};

/// The most requests that overlap.
const OVERLAPPING: usize = 5;
/// The most times that answers change between two ends of requests: each request has a first challenge and eight renewals, and
/// answers change at an end.
const MAX_CHANGES: usize = OVERLAPPING * (1 + 8) + 1;

#[expect(clippy::struct_excessive_bools, reason = "they are those of a policy")]
#[derive(Clone, Copy, Debug)]
struct Rules {
    digest: bool,
    basic: bool,
    md5: bool,
    rfc2069: bool,
    downgrade: bool,
    proof: bool,
}

impl Rules {
    fn policy(self) -> Policy {
        let mut policy = match (self.digest, self.basic) {
            (true, true) => Policy::digest_or_basic(),
            (true, false) => Policy::digest_only(),
            (false, _) => Policy::basic_only(),
        };
        if !self.md5 {
            policy = policy.without_md5();
        }
        if self.rfc2069 {
            policy = policy.with_rfc2069();
        }
        if self.downgrade {
            policy = policy.with_downgrade();
        }
        if self.proof {
            policy = policy.with_proof_required();
        }
        policy
    }
}

fn rules() -> impl Strategy<Value = Rules> {
    let schemes = prop_oneof![Just((true, true)), Just((true, false)), Just((false, true))];
    (schemes, any::<[bool; 4]>()).prop_map(|((digest, basic), [md5, rfc2069, downgrade, proof])| Rules {
        digest,
        basic,
        md5,
        rfc2069,
        downgrade,
        proof,
    })
}

/// The kinds of credentials that can be sent, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sent {
    Basic,
    Rfc2069(Algorithm),
    Digest(Algorithm),
}

/// Checks what the rules say about one answer, and records the use of its nonce.
fn check(value: &str, rules: Rules, used: &mut HashSet<(String, String, u32)>) -> Sent {
    let credentials = proxy_auth::Credentials::parse(value).unwrap();
    if credentials.scheme() == Scheme::Basic {
        assert!(rules.basic && !rules.proof, "{rules:?}");
        return Sent::Basic;
    }
    let digest = Credentials::read(&credentials).unwrap();
    let algorithm = digest.algorithm().without_session();
    assert!(rules.digest && (rules.md5 || algorithm != Algorithm::Md5), "{rules:?}");
    let Some(nc) = digest.nc() else {
        assert!(rules.rfc2069 && rules.md5 && !rules.proof, "{rules:?}");
        return Sent::Rfc2069(algorithm);
    };
    let cnonce = digest.cnonce().unwrap().to_string();
    assert!(used.insert((digest.nonce().to_string(), cnonce, nc)), "{value}");
    Sent::Digest(algorithm)
}

fn challenge() -> impl Strategy<Value = String> {
    let digest = (
        prop_oneof!["[a-f]", "[a-f]", "[a-f:]{1,3}", "x{70}"],
        prop_oneof![
            Just(""),
            Just("MD5"),
            Just("MD5-sess"),
            Just("SHA-256"),
            Just("SHA-512-256-sess"),
            Just("?")
        ],
        prop_oneof![
            Just(""),
            Just("auth"),
            Just("auth"),
            Just("auth"),
            Just("auth-int"),
            Just("auth-int, auth")
        ],
        any::<bool>(),
        prop_oneof![
            Just(""),
            Just(", userhash=true, charset=UTF-8"),
            Just(", opaque=\"o\\\"\"")
        ],
    );
    let digest = digest.prop_map(|(nonce, algorithm, qop, stale, others)| {
        let param = |name: &str, value: &str| {
            if value.is_empty() {
                String::new()
            } else {
                format!(", {name}=\"{value}\"")
            }
        };
        let (algorithm, qop) = (param("algorithm", algorithm), param("qop", qop));
        format!("Digest realm=\"r\", nonce=\"{nonce}\"{algorithm}{qop}, stale={stale}{others}")
    });
    prop_oneof![
        6 => digest,
        2 => Just("Basic realm=\"r\"".to_owned()),
        1 => Just("Negotiate".to_owned()),
        1 => "[ -~]{0,20}",
        1 => "Digest [a-z =\",\\\\]{0,20}",
    ]
}

#[derive(Clone, Debug)]
enum Event {
    /// A new request, or one that is sent again.
    Send,
    Challenge(Index, Vec<String>),
    Success(Index, u16, String),
    /// There is no response.
    Drop(Index),
    ForgetLogin,
}

fn event() -> impl Strategy<Value = Event> {
    let info = prop_oneof![
        3 => Just(String::new()),
        2 => "[a-f]".prop_map(|nonce| format!("nextnonce=\"{nonce}\"")),
        1 => "[0-9a-f]{64}".prop_map(|digits| format!("rspauth=\"{digits}\"")),
        1 => "[ -~]{0,20}",
    ];
    prop_oneof![
        6 => Just(Event::Send),
        6 => (any::<Index>(), proptest::collection::vec(challenge(), 0..3)).prop_map(|(at, lines)| Event::Challenge(at, lines)),
        2 => (any::<Index>(), prop_oneof![Just(200), Just(401), Just(502)], info).prop_map(|(at, status, info)| Event::Success(at, status, info)),
        1 => any::<Index>().prop_map(Event::Drop),
        1 => Just(Event::ForgetLogin),
    ]
}

/// A request until its last step.
struct Life {
    turn: Turn,
    again: usize,
    /// The number of ends of requests, and of forgotten logins, when it was first sent.
    ends_before: usize,
}

/// Lets a session answer hostile responses. At most `overlapping` requests are sent before a response arrives.
fn survive(rules: Rules, events: Vec<Event>, overlapping: usize) {
    let mut session = Session::<64>::new(rules.policy());
    let mut waiting: Vec<(Life, Pending)> = Vec::new();
    let mut again: Vec<Life> = Vec::new();
    let mut used = HashSet::new();
    let (mut ends, mut unique, mut strongest) = (0, 0_u128, None);
    let mut is_refused = false;
    for event in events {
        let (index, status, fields) = match event {
            Event::Send => {
                if waiting.len() >= overlapping {
                    continue;
                }
                let life = again.pop().unwrap_or(Life {
                    turn: Turn::FIRST,
                    again: 0,
                    ends_before: ends,
                });
                unique += 1;
                match session.authorize(life.turn, &LOGIN, &request(), unique.to_be_bytes()) {
                    Ok((authorization, pending)) => {
                        assert!(!is_refused);
                        if let Some(authorization) = authorization {
                            let sent = Some(check(&authorization.to_string(), rules, &mut used));
                            assert!(rules.downgrade || sent >= strongest, "{sent:?} after {strongest:?}");
                            strongest = strongest.max(sent);
                        }
                        waiting.push((life, pending));
                    }
                    Err(GiveUp::Refused) => {
                        assert!(is_refused);
                        ends += 1;
                    }
                    Err(GiveUp::BufferTooSmall(_)) => ends += 1,
                    Err(other) => panic!("{other}"),
                }
                continue;
            }
            Event::ForgetLogin => {
                session.forget_login();
                (is_refused, ends) = (false, ends + 1);
                continue;
            }
            _ if waiting.is_empty() => continue,
            Event::Drop(index) => {
                drop(waiting.swap_remove(index.index(waiting.len())));
                ends += 1;
                continue;
            }
            Event::Challenge(index, lines) => (
                index,
                407,
                lines.into_iter().map(|line| ("Proxy-Authenticate", line)).collect(),
            ),
            Event::Success(index, status, info) => (index, status, vec![("Proxy-Authentication-Info", info)]),
        };
        let (mut life, pending) = waiting.swap_remove(index.index(waiting.len()));
        let fields: Vec<_> = fields;
        let step = session.receive(
            pending,
            status,
            fields.iter().map(|(name, value)| (*name, value.as_str())),
        );
        match step {
            Step::Again(turn) => {
                assert_eq!(status, 407);
                life.turn = turn;
                life.again += 1;
                let others = ends - life.ends_before;
                let max = if overlapping == 1 {
                    2 + others
                } else {
                    MAX_CHANGES * (others + 1)
                };
                assert!(life.again <= max, "sent again {} times", life.again);
                again.push(life);
            }
            Step::NewConnection(_) => panic!("no response says so"),
            Step::Done { proved } => {
                assert!(!proved && !rules.proof, "the peer does not know the password");
                assert_ne!(status, 407);
                ends += 1;
            }
            Step::GiveUp(reason) => {
                is_refused |= reason == GiveUp::Refused;
                ends += 1;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_lone_request_is_sent_again_twice_at_most(
        rules in rules(),
        events in proptest::collection::vec(event(), 0..60),
    ) {
        survive(rules, events, 1);
    }

    #[test]
    fn requests_that_overlap_end_whatever_the_peer_responds(
        rules in rules(),
        events in proptest::collection::vec(event(), 0..120),
    ) {
        survive(rules, events, OVERLAPPING);
    }

    /// The proxy accepts each nonce once. All requests are accepted in the end, in whatever order messages arrive.
    #[test]
    fn an_honest_proxy_accepts_every_request(order in proptest::collection::vec(any::<(Index, bool)>(), 400)) {
        let mut session = Session::<64>::new(Policy::digest_only());
        let (mut used, mut unique, mut done) = (HashSet::new(), 0_u8, 0);
        let mut requests: Vec<(Option<String>, Pending)> = Vec::new();
        let mut responses: Vec<(Option<String>, Pending)> = Vec::new();
        let send = |session: &mut Session<64>, turn: Turn, requests: &mut Vec<_>| {
            let (authorization, pending) = session.authorize(turn, &LOGIN, &request(), [7; 16]).unwrap();
            requests.push((authorization.map(|authorization| authorization.to_string()), pending));
        };
        for _ in 0..6 {
            send(&mut session, Turn::FIRST, &mut requests);
        }
        for (index, arrives) in order {
            if !requests.is_empty() && (arrives || responses.is_empty()) {
                let (value, pending) = requests.swap_remove(index.index(requests.len()));
                let nonce = value.as_deref().map(|value| {
                    let credentials = proxy_auth::Credentials::parse(value).unwrap();
                    credentials.param("nonce").unwrap().to_string()
                });
                let stale = nonce.is_some();
                let challenge = if nonce.is_some_and(|nonce| used.insert(nonce)) {
                    None
                } else {
                    unique += 1;
                    Some(format!("Digest realm=\"r\", nonce=\"{unique}\", qop=\"auth\", stale={stale}"))
                };
                responses.push((challenge, pending));
            } else if !responses.is_empty() {
                let (challenge, pending) = responses.swap_remove(index.index(responses.len()));
                let step = match challenge {
                    None => accept(&mut session, pending),
                    Some(challenge) => refuse(&mut session, pending, &[&challenge]),
                };
                match step {
                    Step::Again(turn) => send(&mut session, turn, &mut requests),
                    last => {
                        prop_assert_eq!(last, Step::Done { proved: false });
                        done += 1;
                    }
                }
            }
        }
        prop_assert_eq!(done, 6);
    }
}
