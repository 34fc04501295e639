//! The rounds of Negotiate and NTLM.

use proxy_auth::negotiate::{self, MAX_ROUNDS, Mechanism, Mechanism::Negotiate, Mechanism::Ntlm};
use proxy_auth::{
    Account, ConnectionGate, ConnectionStep, Gate, Password, Reason, Refusal, Request, Role, Scheme, SchemeError,
    Version,
};

use super::{BASIC, NAME, NOW, PASSWORD, challenges, connect, gate, reason};

/// A library that accepts a user after three tokens.
#[derive(Default)]
struct Library {
    accepted: usize,
}

enum Verdict {
    Continue(&'static [u8]),
    Done(String),
    Refused,
}

impl Library {
    /// Accepts the tokens `1`, `2`, and `3:` with a name.
    fn accept(&mut self, token: &[u8]) -> Verdict {
        self.accepted += 1;
        match (self.accepted, token) {
            (1, b"1") => Verdict::Continue(b"one"),
            (2, b"2") => Verdict::Continue(b"two"),
            (3, [b'3', b':', name @ ..]) => Verdict::Done(String::from_utf8(name.to_vec()).unwrap()),
            _ => Verdict::Refused,
        }
    }
}

/// A connection of a client to a proxy.
#[derive(Default)]
struct Connection {
    gate: ConnectionGate<String>,
    library: Library,
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// The user, and the scheme.
    Passed(String, String),
    /// The challenge that continues the exchange.
    Continued(String),
}

impl Connection {
    fn send_fields(
        &mut self,
        gate: &Gate<&str>,
        request: &Request<'_>,
        fields: &[(&str, &str)],
    ) -> Result<Seen, Refusal> {
        let mut scratch = [0; 64];
        let pass = match self.gate.read(gate, request, fields.iter().copied(), &mut scratch)? {
            ConnectionStep::Pass(pass) => pass,
            ConnectionStep::Token(round) => {
                if round.is_first() {
                    self.library = Library::default();
                }
                match self.library.accept(round.token()) {
                    Verdict::Continue(token) => {
                        let continuation = round.proceed(token)?;
                        return Ok(Seen::Continued(continuation.challenge().to_string()));
                    }
                    Verdict::Done(user) => round.accept(user),
                    Verdict::Refused => return Err(round.refuse()),
                }
            }
            ConnectionStep::Attempt(attempt) => {
                let account = Account::new(NAME, Password::new(PASSWORD));
                attempt.check(Some(account), NOW)?.redeem(&mut ())?
            }
        };
        let user = String::from_utf8(pass.user().to_vec()).unwrap();
        Ok(Seen::Passed(user, pass.scheme().to_string()))
    }

    fn send_request(&mut self, mechanism: Mechanism, token: &str, request: &Request<'_>) -> Result<Seen, Refusal> {
        let value = negotiate::Credentials::new(mechanism, token.as_bytes()).unwrap();
        self.send_fields(&offer(), request, &[("Proxy-Authorization", &value.to_string())])
    }

    fn send(&mut self, mechanism: Mechanism, token: &str) -> Result<Seen, Refusal> {
        self.send_request(mechanism, token, &connect())
    }

    fn send_nothing(&mut self) -> Result<Seen, Refusal> {
        self.send_fields(&offer(), &connect(), &[])
    }

    /// Authenticates the connection.
    fn log_in(&mut self, mechanism: Mechanism, user: &str) {
        assert!(matches!(self.send(mechanism, "1"), Ok(Seen::Continued(_))));
        assert!(matches!(self.send(mechanism, "2"), Ok(Seen::Continued(_))));
        assert_eq!(self.send(mechanism, &format!("3:{user}")), Ok(passed(user, mechanism)));
    }
}

fn offer() -> Gate<&'static str> {
    gate().with_negotiate(Negotiate).with_negotiate(Ntlm).with_basic()
}

fn passed(user: &str, mechanism: Mechanism) -> Seen {
    Seen::Passed(user.to_owned(), mechanism.scheme().to_string())
}

/// Reads a token, for which the library has not been asked yet.
macro_rules! round {
    ($connection:expr, $gate:expr, $request:expr, $value:expr, $scratch:expr) => {{
        let fields = [($gate.role().authorization().as_str(), $value)];
        match $connection.read(&$gate, &$request, fields, &mut $scratch).unwrap() {
            ConnectionStep::Token(round) => round,
            other => panic!("{other:?}"),
        }
    }};
}

#[test]
fn a_connection_passes_after_several_rounds() {
    for mechanism in [Negotiate, Ntlm] {
        let mut connection = Connection::default();
        assert_eq!(reason(connection.send_nothing()), Some(Reason::Missing));
        let scheme = mechanism.scheme();
        for (token, answer) in [("1", "b25l"), ("2", "dHdv")] {
            assert_eq!(connection.gate.user(), None);
            let continued = Seen::Continued(format!("{scheme} {answer}"));
            assert_eq!(connection.send(mechanism, token), Ok(continued));
        }
        let expected = Ok(passed("jasmine", mechanism));
        assert_eq!(connection.send(mechanism, "3:jasmine"), expected);
        assert_eq!(connection.gate.user().map(String::as_str), Some("jasmine"));
        for _ in 0..3 {
            assert_eq!(connection.send_nothing(), expected);
        }
    }
}

/// Sends the tokens of two clients, each on its own connection, in every interleaving.
#[test]
fn clients_on_other_connections_are_never_taken_for_each_other() {
    const USERS: [&str; 2] = ["jasmine", "jafar"];
    for order in (0_u8..1 << 6).filter(|order| order.count_ones() == 3) {
        let mut connections = USERS.map(|_| Connection::default());
        let mut sent = [0, 0];
        for bit in 0..6 {
            let index = usize::from(order >> bit & 1);
            let tokens = ["1".to_owned(), "2".to_owned(), format!("3:{}", USERS[index])];
            let seen = connections[index].send(Negotiate, &tokens[sent[index]]).unwrap();
            sent[index] += 1;
            assert_eq!(seen == passed(USERS[index], Negotiate), sent[index] == 3);
            for (index, connection) in connections.iter().enumerate() {
                let expected = (sent[index] == 3).then_some(USERS[index]);
                assert_eq!(connection.gate.user().map(String::as_str), expected);
            }
        }
    }
}

#[test]
fn an_authenticated_connection_authenticates_no_other() {
    let mut first = Connection::default();
    first.log_in(Negotiate, "jasmine");
    let mut second = Connection::default();
    assert_eq!(reason(second.send_nothing()), Some(Reason::Missing));
    // A token that belongs to an exchange on the first connection.
    assert_eq!(reason(second.send(Negotiate, "2")), Some(Reason::Wrong));
    assert_eq!(first.send_nothing(), Ok(passed("jasmine", Negotiate)));
}

#[test]
fn rounds_are_bounded() {
    let (gate, request) = (offer(), connect());
    let mut connection = ConnectionGate::<String>::new();
    for _ in 0..3 {
        for number in 1..=MAX_ROUNDS {
            let mut scratch = [0; 8];
            let round = round!(connection, gate, request, "NTLM YQ==", scratch);
            assert_eq!(round.is_first(), number == 1);
            let reason = reason(round.proceed(b"b"));
            assert_eq!(
                reason,
                (number == MAX_ROUNDS).then_some(Reason::TooManyRounds),
                "{number}"
            );
        }
    }
}

#[test]
fn the_last_of_the_rounds_can_be_accepted() {
    let (gate, request) = (offer(), connect());
    let mut connection = ConnectionGate::<String>::new();
    for _ in 1..MAX_ROUNDS {
        let mut scratch = [0; 8];
        round!(connection, gate, request, "NTLM YQ==", scratch)
            .proceed(b"b")
            .unwrap();
    }
    let mut scratch = [0; 8];
    let round = round!(connection, gate, request, "NTLM YQ==", scratch);
    assert_eq!(round.accept("jasmine".to_owned()).user(), b"jasmine");
}

#[test]
fn a_token_of_the_other_mechanism_starts_again() {
    for (first, second) in [(Negotiate, Ntlm), (Ntlm, Negotiate)] {
        let mut connection = Connection::default();
        assert!(connection.send(first, "1").is_ok());
        // The library gets a new context, which does not expect this.
        assert_eq!(reason(connection.send(second, "2")), Some(Reason::Wrong));
        assert!(connection.send(first, "1").is_ok());
        connection.log_in(second, "jasmine");
    }
}

#[test]
fn an_exchange_continues_only_with_the_next_request() {
    let token = ("Proxy-Authorization", "Negotiate Mg==");
    let damaged = ("Proxy-Authorization", "Negotiate Mg==,");
    let basic = ("Proxy-Authorization", BASIC);
    let between: [&[(&str, &str)]; 4] = [&[], &[damaged], &[token, token], &[basic]];
    for fields in between {
        let mut connection = Connection::default();
        assert!(connection.send(Negotiate, "1").is_ok());
        let passes = connection.send_fields(&offer(), &connect(), fields).is_ok();
        assert_eq!(passes, fields == [basic]);
        assert_eq!(
            reason(connection.send(Negotiate, "2")),
            Some(Reason::Wrong),
            "{fields:?}"
        );
        assert_eq!(reason(connection.send_nothing()), Some(Reason::Missing));
        connection.log_in(Negotiate, "jasmine");
    }
}

#[test]
fn a_refused_token_ends_the_exchange_and_the_authentication() {
    let mut connection = Connection::default();
    connection.log_in(Negotiate, "jasmine");
    let refusal = connection.send(Negotiate, "x").unwrap_err();
    assert_eq!(refusal.reason(), &Reason::Wrong);
    assert!(refusal.is_guess());
    assert_eq!(connection.gate.user(), None);
    assert_eq!(reason(connection.send_nothing()), Some(Reason::Missing));
    connection.log_in(Negotiate, "jafar");
    // So does the first token of a new exchange.
    assert!(connection.send(Ntlm, "1").is_ok());
    assert_eq!(reason(connection.send_nothing()), Some(Reason::Missing));
}

#[test]
fn a_dropped_round_ends_the_exchange() {
    let (gate, request) = (offer(), connect());
    let mut connection = ConnectionGate::<String>::new();
    let mut scratch = [0; 8];
    round!(connection, gate, request, "NTLM YQ==", scratch)
        .proceed(b"b")
        .unwrap();
    for is_first in [false, true] {
        let mut scratch = [0; 8];
        let round = round!(connection, gate, request, "NTLM YQ==", scratch);
        assert_eq!(round.is_first(), is_first);
    }
    assert_eq!(connection.user(), None);
}

#[test]
fn another_scheme_authenticates_its_request_and_ends_the_authentication_of_the_connection() {
    let mut connection = Connection::default();
    let basic = [("Proxy-Authorization", BASIC)];
    let expected = Ok(Seen::Passed(NAME.to_owned(), "Basic".to_owned()));
    assert_eq!(connection.send_fields(&offer(), &connect(), &basic), expected);
    assert_eq!(reason(connection.send_nothing()), Some(Reason::Missing));
    connection.log_in(Ntlm, "jasmine");
    assert_eq!(connection.send_fields(&offer(), &connect(), &basic), expected);
    assert_eq!(reason(connection.send_nothing()), Some(Reason::Missing));
}

#[test]
fn an_exchange_cannot_continue_if_the_connection_must_be_closed() {
    let old = connect().with_version(Version::Http10);
    let (keep, content) = (("Connection", "keep-alive"), ("Content-Length", "9"));
    for (request, fields, continues) in [
        (connect(), &[][..], true),
        (connect(), &[content], false),
        (connect().with_drained_content(), &[content], true),
        (old, &[], false),
        (old, &[keep], true),
        (old, &[keep, content], false),
    ] {
        let mut connection = Connection::default();
        let fields = [fields, &[("Proxy-Authorization", "NTLM MQ==")]].concat();
        let seen = connection.send_fields(&offer(), &request, &fields);
        if continues {
            assert_eq!(seen, Ok(Seen::Continued("NTLM b25l".to_owned())), "{request:?}");
            continue;
        }
        let refusal = seen.unwrap_err();
        assert_eq!(refusal.reason(), &Reason::BoundToConnection);
        assert!(refusal.closes());
        assert_eq!(
            reason(connection.send(Ntlm, "2")),
            Some(Reason::Wrong),
            "the exchange has ended"
        );
    }
    // The last token needs no further request.
    let mut connection = Connection::default();
    assert!(connection.send(Ntlm, "1").is_ok() && connection.send(Ntlm, "2").is_ok());
    assert_eq!(
        connection.send_request(Ntlm, "3:jasmine", &old),
        Ok(passed("jasmine", Ntlm))
    );
}

#[test]
fn a_gate_alone_refuses_tokens() {
    let gate = offer();
    for value in ["Negotiate YQ==", "NTLM YQ==", "Negotiate", "NTLM a=b"] {
        let refusal = super::refuse(&gate, &connect(), &[("Proxy-Authorization", value)]);
        assert_eq!(refusal.reason(), &Reason::BoundToConnection, "{value}");
        let expected = ["Negotiate", "NTLM", super::BASIC_CHALLENGE];
        assert_eq!(challenges(&gate, &refusal), expected);
    }
}

#[test]
fn a_mechanism_that_is_not_offered_is_refused() {
    let gate = gate().with_negotiate(Ntlm);
    let mut connection = Connection::default();
    let refused = connection.send_fields(&gate, &connect(), &[("Proxy-Authorization", "Negotiate YQ==")]);
    assert_eq!(reason(refused), Some(Reason::NotOffered));
}

#[test]
fn tokens_are_base64() {
    let mut connection = Connection::default();
    let mut refused = |value| {
        let fields = [("Proxy-Authorization", value)];
        reason(connection.send_fields(&offer(), &connect(), &fields))
    };
    for value in ["NTLM", "NTLM a=b"] {
        let missing = Some(Reason::Invalid(SchemeError::MissingToken68));
        assert_eq!(refused(value), missing, "{value}");
    }
    for value in ["NTLM Y", "NTLM Y-==", "NTLM YR=="] {
        let reason = refused(value);
        assert!(
            matches!(reason, Some(Reason::Invalid(SchemeError::Base64(_)))),
            "{value}: {reason:?}"
        );
    }
}

#[test]
fn an_empty_token_of_the_library_continues_nothing() {
    let (gate, request, mut scratch) = (offer(), connect(), [0; 8]);
    let mut connection = ConnectionGate::<String>::new();
    let round = round!(connection, gate, request, "NTLM YQ==", scratch);
    assert_eq!(reason(round.proceed(b"")), Some(Reason::Unverifiable));
}

#[test]
fn too_little_memory_is_a_refusal_with_the_length_that_suffices() {
    let token = [7; 1000];
    let value = negotiate::Credentials::new(Ntlm, &token).unwrap().to_string();
    let (gate, request) = (offer(), connect());
    let mut connection = ConnectionGate::<String>::new();
    for given in [0, 1, 999] {
        let mut scratch = vec![0; given];
        let refused = connection.read(&gate, &request, [("Proxy-Authorization", &value)], &mut scratch);
        assert_eq!(reason(refused), Some(Reason::TooLong { needed: 1000 }));
    }
    let mut scratch = vec![0; 1000];
    let round = round!(connection, gate, request, &value, scratch);
    assert_eq!(round.token(), token);
    assert_eq!((round.mechanism(), round.is_first()), (Ntlm, true));
    assert_eq!(format!("{round:?}"), "Round { mechanism: Ntlm, round: 0, .. }");
}

#[test]
fn the_response_that_continues_is_a_whole_message() {
    let get = |method| Request::new(method, "http://example.com/").unwrap();
    let old = get("POST").with_version(Version::Http10);
    for (role, request, expected) in [
        (
            Role::Proxy,
            get("POST"),
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM eA==\r\nContent-Length: 1\r\n\r\n?",
        ),
        (
            Role::Server,
            old,
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM eA==\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n?",
        ),
        (
            Role::Proxy,
            get("HEAD"),
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM eA==\r\nContent-Length: 1\r\n\r\n",
        ),
    ] {
        let (gate, mut scratch) = (offer().with_role(role), [0; 8]);
        let mut connection = ConnectionGate::<String>::new();
        let fields = [
            ("Connection", "keep-alive"),
            (role.authorization().as_str(), "NTLM YQ=="),
        ];
        let step = connection.read(&gate, &request, fields, &mut scratch).unwrap();
        let ConnectionStep::Token(round) = step else {
            panic!("a token")
        };
        let continuation = round.proceed(b"x").unwrap();
        assert_eq!(continuation.challenge().mechanism().scheme(), Scheme::Ntlm);
        let response = continuation.response().with_content(b"?");
        assert_eq!(response.encode_string::<256>().unwrap(), expected);
        assert!(!format!("{continuation:?}").contains("eA"));
    }
}
