//! Tests the client's side of the exchange, against the crate's own proxy and against hostile responses.

#![cfg(test)]

#[cfg(feature = "digest")]
mod digest;
#[cfg(feature = "digest")]
mod hostile;

use proxy_auth::{GiveUp, Login, Pending, Policy, Request, Role, Rule, Scheme, Session, Step, Turn};

const LOGIN: Login<'static> = Login {
    name: "aladdin",
    password: "open sesame",
};
const BASIC: &str = "Basic realm=\"apps\"";
const BASIC_ANSWER: &str = "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";

fn request() -> Request<'static> {
    Request::new("CONNECT", "example.com:443").unwrap()
}

/// Authorizes a request, and returns the written credentials.
fn authorize<const N: usize>(session: &mut Session<N>, random: u8) -> (Option<String>, Pending) {
    authorize_in(session, Turn::FIRST, random)
}

/// Authorizes a turn of a request, and returns the written credentials.
fn authorize_in<const N: usize>(session: &mut Session<N>, turn: Turn, random: u8) -> (Option<String>, Pending) {
    let (authorization, pending) = session.authorize(turn, &LOGIN, &request(), [random; 16]).unwrap();
    (authorization.as_ref().map(ToString::to_string), pending)
}

/// Receives a 407 with the given challenges, one a line.
fn refuse<const N: usize>(session: &mut Session<N>, pending: Pending, challenges: &[&str]) -> Step {
    let lines = challenges.iter().map(|challenge| ("Proxy-Authenticate", *challenge));
    session.receive(pending, 407, lines)
}

/// Returns the next turn of a request that is sent again.
fn again(step: Step) -> Turn {
    match step {
        Step::Again(turn) => turn,
        other => panic!("{other:?}"),
    }
}

/// Receives a 200 without parameters.
fn accept<const N: usize>(session: &mut Session<N>, pending: Pending) -> Step {
    session.receive(pending, 200, [("Date", "today")])
}

/// Sends a request without credentials, and receives the challenges.
fn challenge<const N: usize>(session: &mut Session<N>, challenges: &[&str]) -> Step {
    let (authorization, pending) = authorize(session, 0);
    assert_eq!(authorization, None);
    refuse(session, pending, challenges)
}

const DONE: Step = Step::Done { proved: false };

#[test]
fn basic_is_sent_with_the_second_request_and_all_that_follow() {
    let mut session = Session::<0>::new(Policy::basic_only());
    again(challenge(&mut session, &[BASIC]));
    for _ in 0..3 {
        let (authorization, pending) = authorize(&mut session, 1);
        assert_eq!(authorization.as_deref(), Some(BASIC_ANSWER));
        assert_eq!(accept(&mut session, pending), DONE);
    }
}

#[test]
fn a_response_without_a_challenge_is_done() {
    let mut session = Session::<0>::new(Policy::basic_only());
    for status in [200, 204, 304, 401, 404, 502] {
        let (authorization, pending) = authorize(&mut session, 1);
        assert_eq!(authorization, None);
        assert_eq!(
            session.receive(pending, status, [("WWW-Authenticate", BASIC)]),
            DONE,
            "{status}"
        );
    }
}

#[test]
fn an_origin_server_uses_other_fields() {
    let mut session = Session::<0>::new(Policy::basic_only()).with_role(Role::Server);
    let (_, pending) = authorize(&mut session, 1);
    let fields = [("Proxy-Authenticate", "Basic"), ("www-authenticate", BASIC)];
    assert_eq!(session.receive(pending, 407, fields), DONE);
    let (_, pending) = authorize(&mut session, 1);
    let nothing = session.receive(pending, 401, [("Proxy-Authenticate", BASIC)]);
    assert!(matches!(nothing, Step::GiveUp(GiveUp::NothingFits(_))), "{nothing:?}");
    let (_, pending) = authorize(&mut session, 1);
    again(session.receive(pending, 401, fields));
    assert_eq!(authorize(&mut session, 1).0.as_deref(), Some(BASIC_ANSWER));
    assert_eq!(session.role().authorization().as_str(), "Authorization");
}

#[test]
fn a_new_connection_is_made_if_the_peer_closes() {
    let (again, closes) = (Step::Again(Turn::FIRST), Step::NewConnection(Turn::FIRST));
    for (field, step) in [
        (("Connection", "close"), &closes),
        (("connection", "Foo ,\tCLOSE"), &closes),
        (("Proxy-Connection", "Close"), &closes),
        (("Connection", "keep-alive"), &again),
        (("Connection", "closed"), &again),
        (("X-Connection", "close"), &again),
    ] {
        let mut session = Session::<0>::new(Policy::basic_only());
        let (_, pending) = authorize(&mut session, 1);
        let received = session.receive(pending, 407, [field, ("Proxy-Authenticate", BASIC)]);
        assert_eq!(received, *step, "{field:?}");
    }
    // There is nothing to send on a new connection.
    let mut session = Session::<0>::new(Policy::basic_only());
    let (_, pending) = authorize(&mut session, 1);
    let received = session.receive(pending, 407, [("Connection", "close")]);
    assert!(matches!(received, Step::GiveUp(GiveUp::NothingFits(_))));
}

#[test]
fn a_refused_login_is_not_sent_again() {
    let mut session = Session::<0>::new(Policy::basic_only());
    again(challenge(&mut session, &[BASIC]));
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(refuse(&mut session, pending, &[BASIC]), Step::GiveUp(GiveUp::Refused));
    for _ in 0..2 {
        let refused = session.authorize(Turn::FIRST, &LOGIN, &request(), [1; 16]);
        assert_eq!(refused.err(), Some(GiveUp::Refused));
    }
    session.forget_login();
    assert_eq!(authorize(&mut session, 1).0.as_deref(), Some(BASIC_ANSWER));
}

/// Each session has its own random bytes, so a request of one is not taken for one of another.
#[test]
fn a_request_of_another_session_changes_nothing() {
    let mut sessions = [1, 2].map(|random| {
        let mut session = Session::<0>::new(Policy::basic_only());
        let (_, pending) = authorize(&mut session, random);
        again(refuse(&mut session, pending, &[BASIC]));
        session
    });
    let [session, other] = &mut sessions;
    let foreign = || Step::GiveUp(GiveUp::OtherSession);
    let (_, pending) = authorize(session, 3);
    assert_eq!(refuse(other, pending, &[BASIC]), foreign());
    let (_, pending) = authorize(session, 4);
    assert_eq!(accept(other, pending), foreign());
    let mut new = Session::<0>::new(Policy::basic_only());
    let (_, pending) = authorize(session, 5);
    assert_eq!(refuse(&mut new, pending, &[BASIC]), foreign());
    for session in sessions.iter_mut().chain([&mut new]) {
        let (_, pending) = authorize(session, 6);
        assert_eq!(accept(session, pending), DONE);
    }
}

#[test]
fn a_request_with_a_forgotten_login_is_sent_again() {
    let mut session = Session::<0>::new(Policy::basic_only());
    again(challenge(&mut session, &[BASIC]));
    let (_, old) = authorize(&mut session, 1);
    let (_, older) = authorize(&mut session, 1);
    assert_eq!(refuse(&mut session, old, &[BASIC]), Step::GiveUp(GiveUp::Refused));
    session.forget_login();
    again(refuse(&mut session, older, &[BASIC]));
    let (_, new) = authorize(&mut session, 1);
    assert_eq!(accept(&mut session, new), DONE);
}

#[test]
fn names_and_passwords_that_basic_cannot_carry_are_errors() {
    let mut session = Session::<0>::new(Policy::basic_only());
    again(challenge(&mut session, &[BASIC]));
    for (name, password, rule) in [
        ("a\r\nX: y", "b", Rule::UserId),
        ("a:b", "b", Rule::UserId),
        ("a", "b\n", Rule::Password),
    ] {
        let error = session
            .authorize(Turn::FIRST, &Login { name, password }, &request(), [1; 16])
            .unwrap_err();
        assert!(
            matches!(error, GiveUp::InvalidLogin(error) if error.rule() == rule),
            "{error:?}"
        );
    }
    assert_eq!(authorize(&mut session, 1).0.as_deref(), Some(BASIC_ANSWER));
}

#[test]
fn errors_say_what_is_wrong() {
    fn is_error(_: &impl std::error::Error) {}
    let mut session = Session::<0>::new(Policy::basic_only());
    let Step::GiveUp(reason) = challenge(&mut session, &["Negotiate"]) else {
        panic!()
    };
    is_error(&reason);
    assert_eq!(reason.to_string(), "no challenge to answer: 1 not supported");
    assert_eq!(GiveUp::Refused.to_string(), "the peer refused the credentials");
}

#[test]
fn debug_shows_no_secret() {
    let mut session = Session::<0>::new(Policy::basic_only());
    again(challenge(&mut session, &[BASIC]));
    let (authorization, pending) = session.authorize(Turn::FIRST, &LOGIN, &request(), [1; 16]).unwrap();
    let authorization = authorization.unwrap();
    assert_eq!(authorization.scheme(), Scheme::Basic);
    assert_eq!(
        format!("{authorization:?} {pending:?}"),
        "Authorization([redacted]) Pending(Basic)"
    );
}

#[cfg(feature = "http")]
#[test]
fn the_headers_of_the_crate_http_are_fields() {
    use http::{HeaderMap, HeaderValue, header};

    let mut headers = HeaderMap::new();
    headers.append(header::PROXY_AUTHENTICATE, HeaderValue::from_static("Negotiate"));
    headers.append(header::PROXY_AUTHENTICATE, HeaderValue::from_static(BASIC));
    headers.append(header::CONNECTION, HeaderValue::from_static("close"));
    let mut session = Session::<0>::new(Policy::basic_only());
    let (_, pending) = authorize(&mut session, 1);
    assert!(matches!(
        session.receive(pending, 407, &headers),
        Step::NewConnection(_)
    ));
    let (authorization, _) = session.authorize(Turn::FIRST, &LOGIN, &request(), [1; 16]).unwrap();
    let value = proxy_auth::ToHeaderValue::to_header_value(&authorization.unwrap()).unwrap();
    assert!(value.is_sensitive());
}

/// Reads headers of the form that `httparse` has.
#[test]
fn lines_of_text_and_bytes_are_fields() {
    struct Header<'a> {
        name: &'a str,
        value: &'a [u8],
    }
    let headers = [Header {
        name: "proxy-authenticate",
        value: b"Basic",
    }];
    let mut session = Session::<0>::new(Policy::basic_only());
    let (_, pending) = authorize(&mut session, 1);
    let fields = headers.iter().map(|header| (header.name, header.value));
    again(session.receive(pending, 407, fields));
}
