//! Tests the client's side of Negotiate and NTLM, against the crate's own proxy and against hostile peers.

#![cfg(test)]

use std::time::Duration;

use proptest::prelude::*;
use proxy_auth::negotiate::{Challenge, MAX_ROUNDS, Mechanism};
use proxy_auth::{ConnectionGate, ConnectionSession, ConnectionStep, Gate, GiveUp, HandshakeStep, Request, Role};

const MECHANISMS: [Mechanism; 2] = [Mechanism::Negotiate, Mechanism::Ntlm];
const ROLES: [Role; 2] = [Role::Proxy, Role::Server];

/// A step without its borrows, for comparisons.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Start,
    StartOnNewConnection,
    Continue(Vec<u8>),
    Verify(Vec<u8>),
    Done,
    GiveUp(GiveUp),
}

/// Returns the step. Answers a request for a token if `answers`, and accepts a last token if `accepts`.
fn act(step: HandshakeStep<'_>, answers: bool, accepts: bool) -> Step {
    match step {
        HandshakeStep::Again(request) => {
            let step = match (request.received(), request.needs_new_connection()) {
                (None, false) => Step::Start,
                (None, true) => Step::StartOnNewConnection,
                (Some(received), false) => Step::Continue(received.to_vec()),
                (Some(_), true) => panic!("a handshake cannot continue on a new connection"),
            };
            if answers {
                let _ = request.answer(b"token").unwrap();
            }
            step
        }
        HandshakeStep::Verify(last) => {
            let step = Step::Verify(last.token().to_vec());
            if accepts {
                last.accept();
            }
            step
        }
        HandshakeStep::Done => Step::Done,
        HandshakeStep::GiveUp(reason) => Step::GiveUp(reason),
    }
}

/// Receives a response with the given lines of Proxy-Authenticate, and answers it with a token or accepts it.
fn receive(session: &mut ConnectionSession, status: u16, challenges: &[&str]) -> Step {
    let lines = challenges.iter().map(|challenge| ("Proxy-Authenticate", *challenge));
    act(session.receive(status, lines, &mut [0; 64]), true, true)
}

/// Like `receive`, on a connection that the peer closes.
fn receive_and_close(session: &mut ConnectionSession, status: u16, challenge: &str) -> Step {
    let lines = [("Connection", "close"), ("Proxy-Authenticate", challenge)];
    act(session.receive(status, lines, &mut [0; 64]), true, true)
}

fn refused(reason: GiveUp) -> Step {
    Step::GiveUp(reason)
}

fn is_nothing_fits(step: &Step) -> bool {
    matches!(step, Step::GiveUp(GiveUp::NothingFits(_)))
}

/// A session that has sent one token.
fn started() -> ConnectionSession {
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
    session
}

/// The libraries of both sides: the client sends `rounds` tokens, and the proxy answers each.
struct Provider {
    rounds: u8,
    sent: u8,
}

impl Provider {
    fn client(&mut self, received: Option<&[u8]>) -> Vec<u8> {
        assert_eq!(
            received.map(<[u8]>::to_vec),
            (self.sent > 0).then(|| vec![b'p', self.sent])
        );
        self.sent += 1;
        vec![b'c', self.sent]
    }
}

/// The crate's own proxy. Returns status code and challenge.
fn respond(
    connection: &mut ConnectionGate<&'static str>,
    mechanism: Mechanism,
    role: Role,
    authorization: Option<&str>,
    rounds: u8,
) -> (u16, String) {
    let gate = Gate::new("apps").unwrap().with_role(role).with_negotiate(mechanism);
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let fields = authorization.map(|value| (role.authorization().as_str(), value));
    let mut scratch = [0; 2];
    let step = match connection.read(&gate, &request, fields, &mut scratch) {
        Ok(step) => step,
        Err(refusal) => {
            let denial = gate.deny(&refusal, Duration::ZERO, 0);
            let challenge = denial.challenges().next().unwrap().to_string();
            return (denial.status().as_u16(), challenge);
        }
    };
    let round = match step {
        ConnectionStep::Token(round) => round,
        ConnectionStep::Pass(pass) => {
            assert_eq!(pass.user(), b"aladdin");
            return (200, String::new());
        }
        ConnectionStep::Attempt(attempt) => panic!("{attempt:?}"),
    };
    let &[b'c', number] = round.token() else {
        panic!("{round:?}")
    };
    assert_eq!(round.is_first(), number == 1);
    let token = [b'p', number];
    if number < rounds {
        return (
            role.status().as_u16(),
            round.proceed(&token).unwrap().challenge().to_string(),
        );
    }
    assert_eq!(round.accept("aladdin").scheme(), mechanism.scheme());
    (200, Challenge::from_token(mechanism, &token).unwrap().to_string())
}

#[test]
fn a_handshake_of_any_number_of_rounds_succeeds_in_both_roles() {
    for (mechanism, role, rounds) in MECHANISMS
        .into_iter()
        .flat_map(|mechanism| ROLES.into_iter().map(move |role| (mechanism, role)))
        .flat_map(|(mechanism, role)| (1..=MAX_ROUNDS).map(move |rounds| (mechanism, role, rounds)))
    {
        let mut session = ConnectionSession::new(mechanism).with_role(role);
        assert_eq!(session.role(), role);
        let mut proxy = ConnectionGate::new();
        let mut provider = Provider { rounds, sent: 0 };
        let (mut authorization, mut scratch) = (None::<String>, [0; 2]);
        loop {
            let (status, challenge) = respond(&mut proxy, mechanism, role, authorization.take().as_deref(), rounds);
            let lines = [("Date", "today"), (role.authenticate().as_str(), &*challenge)];
            match session.receive(status, lines, &mut scratch) {
                HandshakeStep::Again(request) => {
                    assert!(!request.needs_new_connection());
                    let token = provider.client(request.received());
                    authorization = Some(request.answer(&token).unwrap().to_string());
                }
                HandshakeStep::Verify(last) => {
                    assert_eq!(last.token(), [b'p', rounds]);
                    last.accept();
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(provider.sent, provider.rounds);
        // Further requests on this connection need no credentials.
        let (status, challenge) = respond(&mut proxy, mechanism, role, None, rounds);
        let lines = [(role.authenticate().as_str(), &*challenge)];
        assert!(matches!(
            session.receive(status, lines, &mut scratch),
            HandshakeStep::Done
        ));
    }
}

#[test]
fn the_token_of_the_caller_is_written_with_the_scheme() {
    for (mechanism, value) in [(Mechanism::Negotiate, "Negotiate Yg=="), (Mechanism::Ntlm, "NTLM Yg==")] {
        let mut session = ConnectionSession::new(mechanism);
        let asked = Challenge::new(mechanism).to_string();
        let HandshakeStep::Again(request) = session.receive(407, [("proxy-authenticate", &asked)], &mut []) else {
            panic!()
        };
        assert_eq!(request.received(), None);
        assert_eq!(request.answer(b"b").unwrap().to_string(), value);
    }
}

#[test]
fn a_response_without_a_handshake_is_done() {
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    for status in [200, 204, 304, 401, 404, 502] {
        assert_eq!(receive(&mut session, status, &[]), Step::Done, "{status}");
        // The library has no context that could verify a token.
        assert_eq!(
            receive(&mut session, status, &["Negotiate Yg=="]),
            Step::Done,
            "{status}"
        );
    }
}

#[test]
fn the_fields_and_the_status_code_are_those_of_the_role() {
    let mut session = ConnectionSession::new(Mechanism::Ntlm).with_role(Role::Server);
    assert_eq!(receive(&mut session, 407, &["NTLM"]), Step::Done);
    assert!(is_nothing_fits(&receive(&mut session, 401, &["NTLM"])));
    let step = session.receive(401, [("WWW-authenticate", "ntlm")], &mut []);
    assert_eq!(act(step, true, true), Step::Start);
    assert_eq!(session.role().authorization().as_str(), "Authorization");
}

#[test]
fn only_the_mechanism_that_the_caller_named_is_answered() {
    for (mechanism, other) in [(Mechanism::Negotiate, "NTLM"), (Mechanism::Ntlm, "Negotiate")] {
        let mut session = ConnectionSession::new(mechanism);
        for challenges in [&[][..], &[other], &["Basic realm=x", other], &[""]] {
            assert!(
                is_nothing_fits(&receive(&mut session, 407, challenges)),
                "{challenges:?}"
            );
        }
        // No token was sent, so this is not a refusal.
        let own = mechanism.scheme();
        assert_eq!(receive(&mut session, 407, &[other, own.to_str()]), Step::Start);
    }
}

#[test]
fn damage_beside_the_challenge_does_not_hide_it() {
    for challenges in [
        &["Basic realm=\"a\" b, =, negotiate"][..],
        &["Negotiate a b c", "Negotiate"],
        &["@", "Digest realm=\"\x01\"", "Negotiate"],
        &["Negotiate,"],
        &["Negotiate a=b"],
    ] {
        let mut session = ConnectionSession::new(Mechanism::Negotiate);
        assert_eq!(receive(&mut session, 407, challenges), Step::Start, "{challenges:?}");
    }
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    let Step::GiveUp(GiveUp::NothingFits(reason)) = receive(&mut session, 407, &["Negotiate a b"]) else {
        panic!()
    };
    assert_eq!((reason.unusable(), reason.unsupported()), (1, 0));
}

#[test]
fn the_first_of_several_challenges_of_the_scheme_counts() {
    let mut session = started();
    assert_eq!(
        receive(&mut session, 407, &["Negotiate Yg==", "Negotiate Yw==, Negotiate"]),
        Step::Continue(b"b".to_vec())
    );
    assert_eq!(
        receive(&mut session, 407, &["Negotiate", "Negotiate Yg=="]),
        refused(GiveUp::Refused)
    );
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    assert_eq!(receive(&mut session, 407, &["Negotiate, Negotiate Yg=="]), Step::Start);
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    assert_eq!(
        receive(&mut session, 407, &["Negotiate Yg==, Negotiate"]),
        refused(GiveUp::UnexpectedToken)
    );
}

#[test]
fn an_empty_challenge_after_a_token_is_a_refusal() {
    for rounds in 1..4 {
        let mut session = started();
        for _ in 1..rounds {
            assert_eq!(
                receive(&mut session, 407, &["Negotiate Yg=="]),
                Step::Continue(b"b".to_vec())
            );
        }
        assert_eq!(receive(&mut session, 407, &["Negotiate"]), refused(GiveUp::Refused));
        // Nothing more is sent.
        for challenges in [&["Negotiate"][..], &["Negotiate Yg=="], &["Basic realm=x"], &[]] {
            assert_eq!(receive(&mut session, 407, challenges), refused(GiveUp::Refused));
        }
        // A request that needs no credentials is granted still.
        assert_eq!(receive(&mut session, 200, &[]), Step::Done);
        assert_eq!(receive(&mut session, 407, &["Negotiate"]), refused(GiveUp::Refused));
    }
}

#[test]
fn other_schemes_alone_after_a_token_are_a_refusal() {
    for challenges in [
        &["NTLM"][..],
        &["NTLM Yg=="],
        &["Basic realm=x"],
        &["Negotiate a b"],
        &[],
    ] {
        let mut session = started();
        assert_eq!(
            receive(&mut session, 407, challenges),
            refused(GiveUp::Refused),
            "{challenges:?}"
        );
        assert_eq!(receive(&mut session, 407, &["Negotiate"]), refused(GiveUp::Refused));
    }
}

#[test]
fn a_handshake_starts_on_a_new_connection_if_the_peer_closes() {
    let mut session = ConnectionSession::new(Mechanism::Ntlm);
    assert_eq!(receive_and_close(&mut session, 407, "NTLM"), Step::StartOnNewConnection);
    // The new connection has sent one token. A peer that closes each connection is not asked forever.
    assert_eq!(receive_and_close(&mut session, 407, "NTLM"), refused(GiveUp::Refused));

    let mut session = ConnectionSession::new(Mechanism::Ntlm);
    assert!(is_nothing_fits(&receive_and_close(&mut session, 407, "Negotiate")));
}

#[test]
fn a_handshake_ends_if_the_peer_closes_the_connection() {
    for field in ["Connection", "proxy-connection"] {
        let mut session = started();
        let lines = [(field, "foo, Close"), ("Proxy-Authenticate", "Negotiate Yg==")];
        let step = act(session.receive(407, lines, &mut [0; 64]), true, true);
        assert_eq!(step, refused(GiveUp::ConnectionCloses));
    }
    // A granted request ends the handshake. The peer may close the connection then.
    let mut session = started();
    assert_eq!(
        receive_and_close(&mut session, 200, "Negotiate Yg=="),
        Step::Verify(b"b".to_vec())
    );
    assert_eq!(receive_and_close(&mut started(), 200, ""), Step::Done);
}

#[test]
fn a_peer_cannot_ask_for_tokens_forever() {
    let mut session = started();
    for _ in 1..MAX_ROUNDS {
        assert_eq!(
            receive(&mut session, 407, &["Negotiate Yg=="]),
            Step::Continue(b"b".to_vec())
        );
    }
    for _ in 0..3 {
        assert_eq!(
            receive(&mut session, 407, &["Negotiate Yg=="]),
            refused(GiveUp::TooManyRounds)
        );
    }
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), refused(GiveUp::Refused));
}

#[test]
fn a_token_without_a_handshake_is_not_passed_to_the_library() {
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    for _ in 0..2 {
        assert_eq!(
            receive(&mut session, 407, &["Negotiate Yg=="]),
            refused(GiveUp::UnexpectedToken)
        );
    }
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
    assert_eq!(receive(&mut session, 200, &[]), Step::Done);
    assert_eq!(
        receive(&mut session, 407, &["Negotiate Yg=="]),
        refused(GiveUp::UnexpectedToken)
    );
}

#[test]
fn a_challenge_after_a_granted_request_starts_again() {
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    for last in [&[][..], &["Negotiate"], &["Negotiate Yg=="]] {
        assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
        let end = receive(&mut session, 200, last);
        assert!(matches!(end, Step::Done | Step::Verify(_)), "{end:?}");
        assert_eq!(receive(&mut session, 200, &[]), Step::Done);
    }
    // Each handshake has its own bound.
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
    for _ in 1..MAX_ROUNDS {
        assert_eq!(
            receive(&mut session, 407, &["Negotiate Yg=="]),
            Step::Continue(b"b".to_vec())
        );
    }
    assert_eq!(
        receive(&mut session, 407, &["Negotiate Yg=="]),
        refused(GiveUp::TooManyRounds)
    );
}

#[test]
fn a_request_for_a_token_that_is_dropped_ends_the_handshake() {
    let mut session = started();
    let lines = [("Proxy-Authenticate", "Negotiate Yg==")];
    let step = act(session.receive(407, lines, &mut [0; 1]), false, true);
    assert_eq!(step, Step::Continue(b"b".to_vec()));
    assert_eq!(
        receive(&mut session, 407, &["Negotiate Yg=="]),
        refused(GiveUp::UnexpectedToken)
    );
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);

    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    for _ in 0..3 {
        let step = act(
            session.receive(407, [("Proxy-Authenticate", "Negotiate")], &mut []),
            false,
            true,
        );
        assert_eq!(step, Step::Start);
    }
}

#[test]
fn an_empty_token_is_refused_and_ends_the_handshake() {
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    let HandshakeStep::Again(request) = session.receive(407, [("Proxy-Authenticate", "Negotiate")], &mut []) else {
        panic!()
    };
    assert!(request.answer(b"").is_err());
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
}

#[test]
fn a_damaged_token_is_an_error_with_its_offset() {
    for (challenge, offset) in [
        ("Negotiate Yg-=", 12),
        ("Negotiate Yg=", 13),
        ("Basic realm=x, Negotiate =", 25),
    ] {
        for status in [407, 200] {
            let mut session = started();
            let step = receive(&mut session, status, &[challenge]);
            if offset == 25 {
                // There is no challenge at all.
                let expected = if status == 200 {
                    Step::Done
                } else {
                    refused(GiveUp::Refused)
                };
                assert_eq!(step, expected);
                continue;
            }
            assert_eq!(step, refused(GiveUp::InvalidToken { offset }), "{challenge} {status}");
            // The same token is not passed over later.
            let later = receive(&mut session, status, &[]);
            let expected = if status == 200 {
                GiveUp::Unproved
            } else {
                GiveUp::Refused
            };
            assert_eq!(later, refused(expected), "{challenge} {status}");
        }
    }
}

#[test]
fn a_token_that_does_not_fit_can_be_received_again() {
    for status in [407, 200] {
        let mut session = started();
        let lines = [("Proxy-Authenticate", "Negotiate YWJj")];
        let Step::GiveUp(GiveUp::BufferTooSmall(error)) = act(session.receive(status, lines, &mut [0; 2]), true, true)
        else {
            panic!()
        };
        assert_eq!(error.needed, 3);
        let step = act(session.receive(status, lines, &mut [0; 3]), true, true);
        let token = b"abc".to_vec();
        assert_eq!(
            step,
            if status == 407 {
                Step::Continue(token)
            } else {
                Step::Verify(token)
            }
        );
    }
}

#[test]
fn a_last_token_that_is_not_accepted_taints_the_connection() {
    let mut session = started();
    let lines = [("Proxy-Authenticate", "Negotiate Yg==")];
    let step = act(session.receive(200, lines, &mut [0; 1]), true, false);
    assert_eq!(step, Step::Verify(b"b".to_vec()));
    for _ in 0..2 {
        assert_eq!(receive(&mut session, 200, &[]), refused(GiveUp::Unproved));
        assert_eq!(
            receive(&mut session, 200, &["Negotiate Yg=="]),
            refused(GiveUp::Unproved)
        );
    }
    // Another handshake may end better.
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
    assert_eq!(
        receive(&mut session, 200, &["Negotiate Yg=="]),
        Step::Verify(b"b".to_vec())
    );
    assert_eq!(receive(&mut session, 200, &[]), Step::Done);
}

#[test]
fn a_required_proof_cannot_be_left_out() {
    let new = || ConnectionSession::new(Mechanism::Negotiate).with_proof_required();
    // Without a handshake, with a token that nobody asked for, and after a handshake without a last token.
    for challenges in [&[][..], &["Negotiate"], &["Negotiate Yg=="]] {
        assert_eq!(receive(&mut new(), 200, challenges), refused(GiveUp::Unproved));
    }
    for last in [&[][..], &["Negotiate"], &["NTLM Yg=="], &["Negotiate Yg== a"]] {
        let mut session = new();
        assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
        assert_eq!(receive(&mut session, 200, last), refused(GiveUp::Unproved), "{last:?}");
        assert_eq!(
            receive(&mut session, 200, &["Negotiate Yg=="]),
            refused(GiveUp::Unproved)
        );
    }
    // Once it is there, it holds for the connection, until another handshake.
    let mut session = new();
    for _ in 0..2 {
        assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
        assert_eq!(
            receive(&mut session, 200, &["Negotiate Yg=="]),
            Step::Verify(b"b".to_vec())
        );
        assert_eq!(receive(&mut session, 200, &[]), Step::Done);
    }
    assert_eq!(receive(&mut session, 407, &["Negotiate"]), Step::Start);
    assert_eq!(receive(&mut session, 200, &[]), refused(GiveUp::Unproved));
}

#[test]
fn ntlm_is_not_answered_if_a_proof_is_required() {
    let mut session = ConnectionSession::new(Mechanism::Ntlm).with_proof_required();
    assert_eq!(receive(&mut session, 407, &["NTLM"]), refused(GiveUp::Unprovable));
    assert_eq!(receive(&mut session, 200, &[]), refused(GiveUp::Unproved));
}

#[test]
fn reasons_say_what_is_wrong() {
    for (reason, text) in [
        (
            GiveUp::ConnectionCloses,
            "the peer closes the connection during the handshake",
        ),
        (
            GiveUp::UnexpectedToken,
            "the challenge has a token, but none was sent before",
        ),
        (
            GiveUp::InvalidToken { offset: 12 },
            "the token is invalid: invalid base64 at byte 12",
        ),
        (GiveUp::TooManyRounds, "the peer asks for credentials again and again"),
        (GiveUp::Refused, "the peer refused the credentials"),
    ] {
        assert_eq!(reason.to_string(), text);
    }
}

#[test]
fn debug_shows_no_token() {
    let mut session = started();
    let mut scratch = [0; 64];
    let lines = [("Proxy-Authenticate", "Negotiate c2VjcmV0")];
    let step = format!("{:?}", session.receive(407, lines, &mut scratch));
    assert_eq!(step, "Again(TokenRequest { sent: 1, needs_new_connection: false, .. })");
    let mut session = started();
    let step = format!("{:?}", session.receive(200, lines, &mut scratch));
    assert_eq!(step, "Verify(LastToken([redacted]))");
    assert!(format!("{session:?}").starts_with("ConnectionSession { mechanism: Negotiate, role: Proxy, "));
}

fn response() -> impl Strategy<Value = (u16, Vec<String>, bool)> {
    let challenge = prop_oneof![
        3 => Just("Negotiate".to_owned()),
        6 => "Negotiate ([a-z]{4}|[a-z]{2}==)",
        1 => "Negotiate [a-z=,-]{0,9}",
        2 => Just("NTLM".to_owned()),
        1 => Just("NTLM Yg==".to_owned()),
        1 => Just("Basic realm=x".to_owned()),
        1 => "[ -~]{0,20}",
    ];
    let status = prop_oneof![5 => Just(407), 2 => Just(200), 1 => Just(401)];
    let closes = prop::bool::weighted(0.1);
    (status, proptest::collection::vec(challenge, 0..3), closes)
}

proptest! {
    /// Checks what holds whatever the peer sends, and whichever steps the caller neglects.
    #[test]
    fn a_hostile_peer_gets_few_tokens_and_no_trust(
        responses in proptest::collection::vec((response(), prop::bool::weighted(0.9), any::<bool>()), 0..60),
        is_ntlm: bool,
        proof: bool,
    ) {
        let mut session = ConnectionSession::new(if is_ntlm { Mechanism::Ntlm } else { Mechanism::Negotiate });
        if proof {
            session = session.with_proof_required();
        }
        let (mut sent, mut is_refused, mut is_proved) = (0, false, false);
        for ((status, challenges, closes), answers, accepts) in responses {
            let connection = ("Connection", if closes { "close" } else { "keep-alive" });
            let lines = challenges.iter().map(|challenge| ("Proxy-Authenticate", &**challenge));
            let mut scratch = [0; 64];
            let lines: Vec<_> = lines.chain([connection]).collect();
            match act(session.receive(status, lines, &mut scratch), answers, accepts) {
                Step::Start => {
                    prop_assert!(status == 407 && sent == 0 && !closes);
                    (sent, is_proved) = (u8::from(answers), false);
                }
                Step::StartOnNewConnection => {
                    prop_assert!(status == 407 && sent == 0 && closes);
                    (sent, is_proved) = (u8::from(answers), false);
                }
                Step::Continue(_) => {
                    prop_assert!(status == 407 && sent > 0 && !closes);
                    (sent, is_proved) = (if answers { sent + 1 } else { 0 }, false);
                }
                Step::Verify(_) => {
                    prop_assert!(status != 407 && sent > 0);
                    (sent, is_proved) = (0, accepts);
                }
                Step::Done => {
                    prop_assert!(status != 407 && (!proof || is_proved));
                    sent = 0;
                }
                Step::GiveUp(reason) => {
                    prop_assert!(!is_refused || status != 407 || reason == GiveUp::Refused);
                    is_refused |= reason == GiveUp::Refused;
                    if status != 407 && reason == GiveUp::Unproved {
                        sent = 0;
                    }
                }
            }
            prop_assert!(sent <= MAX_ROUNDS);
            prop_assert!(!(proof && is_ntlm) || sent == 0);
        }
    }
}

#[cfg(feature = "http")]
#[test]
fn the_headers_of_the_crate_http_are_fields() {
    use http::{HeaderMap, HeaderValue, header};

    let mut headers = HeaderMap::new();
    headers.append(header::PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=x"));
    headers.append(header::PROXY_AUTHENTICATE, HeaderValue::from_static("Negotiate"));
    let mut session = ConnectionSession::new(Mechanism::Negotiate);
    let HandshakeStep::Again(request) = session.receive(407, &headers, &mut []) else {
        panic!()
    };
    let credentials = request.answer(b"b").unwrap();
    let value = proxy_auth::ToHeaderValue::to_header_value(&credentials).unwrap();
    assert!(value.is_sensitive());
}
