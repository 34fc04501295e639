//! Attacks on connections that are authenticated.

use proxy_auth::negotiate::Mechanism;
use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Reason, Request, Version};

const TOKEN: &str = "Negotiate MQ==";
const BASIC: &str = "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";

fn gate() -> Gate<&'static str> {
    let gate = Gate::new("apps").unwrap().with_negotiate(Mechanism::Negotiate);
    gate.with_negotiate(Mechanism::Ntlm).with_basic()
}

/// Sends a request, and accepts each token. Returns the user who passes.
fn send(
    connection: &mut ConnectionGate<&'static str>,
    gate: &Gate<&str>,
    version: Version,
    values: &[&str],
) -> Result<String, Reason> {
    let request = Request::new("GET", "http://a.example/").unwrap().with_version(version);
    let fields = values.iter().map(|value| ("Proxy-Authorization", *value));
    let mut scratch = [0; 64];
    match connection.read(gate, &request, fields, &mut scratch) {
        Ok(ConnectionStep::Pass(pass)) => Ok(String::from_utf8_lossy(pass.user()).into_owned()),
        Ok(ConnectionStep::Token(round)) => Ok(String::from_utf8_lossy(round.accept("aladdin").user()).into_owned()),
        Ok(ConnectionStep::Attempt(attempt)) => Err(attempt.refuse_scope().reason().clone()),
        Err(refusal) => Err(refusal.reason().clone()),
    }
}

fn authenticated() -> ConnectionGate<&'static str> {
    let mut connection = ConnectionGate::new();
    assert!(send(&mut connection, &gate(), Version::Http11, &[TOKEN]).is_ok());
    assert_eq!(
        send(&mut connection, &gate(), Version::Http11, &[]).as_deref(),
        Ok("aladdin")
    );
    connection
}

/// A client that sends credentials on a connection of another user is not that user afterwards.
#[test]
fn credentials_of_any_kind_end_the_authentication_of_a_connection() {
    for values in [
        &[BASIC][..],
        &["Basic ?"],
        &["Basic"],
        &["Bearer abc"],
        &["Digest username=\"aladdin\""],
        &["Negotiate"],
        &["Negotiate MQ=="],
        &["Negotiate ?"],
        &["NTLM MQ=="],
        &[TOKEN, TOKEN],
        &[BASIC, TOKEN],
        &[""],
        &["\0"],
    ] {
        let (gate, mut connection) = (gate(), authenticated());
        let request = Request::new("GET", "http://a.example/").unwrap();
        let fields = values.iter().map(|value| ("Proxy-Authorization", *value));
        // Nothing is accepted.
        let _ = connection.read(&gate, &request, fields, &mut [0; 64]).map(drop);
        assert_eq!(connection.user(), None, "{values:?}");
        assert_eq!(
            send(&mut connection, &gate, Version::Http11, &[]),
            Err(Reason::Missing),
            "{values:?}"
        );
    }
}

/// The user of one gate does not pass another one, which does not accept such users.
#[test]
fn a_gate_that_does_not_offer_the_mechanism_does_not_know_the_user() {
    let basic = Gate::new("admin").unwrap().with_basic();
    let ntlm = Gate::new("admin").unwrap().with_negotiate(Mechanism::Ntlm);
    for other in [&basic, &ntlm] {
        let mut connection = authenticated();
        assert_eq!(send(&mut connection, other, Version::Http11, &[]), Err(Reason::Missing));
        assert_eq!(
            send(&mut connection, &gate(), Version::Http11, &[]).as_deref(),
            Ok("aladdin")
        );
    }
}

#[test]
fn requests_that_share_a_connection_share_no_user() {
    let mut connection = authenticated();
    assert_eq!(
        send(&mut connection, &gate(), Version::Http2, &[]),
        Err(Reason::Missing)
    );
    let mut connection = ConnectionGate::new();
    for value in [TOKEN, "NTLM MQ=="] {
        let outcome = send(&mut connection, &gate(), Version::Http2, &[value]);
        assert_eq!(outcome, Err(Reason::BoundToConnection));
        assert_eq!(
            send(&mut connection, &gate(), Version::Http11, &[]),
            Err(Reason::Missing)
        );
    }
}

/// An exchange continues with the next request alone, and only with the same mechanism.
#[test]
fn an_exchange_that_is_interrupted_starts_again() {
    for between in [Some(&[][..]), Some(&[BASIC]), Some(&["\0"]), None] {
        let (gate, mut connection) = (gate(), ConnectionGate::<&str>::new());
        let request = Request::new("GET", "http://a.example/").unwrap();
        let mut is_first = |values: &[&str]| {
            let fields = values.iter().map(|value| ("Proxy-Authorization", *value));
            match connection.read(&gate, &request, fields, &mut [0; 64]) {
                Ok(ConnectionStep::Token(round)) => {
                    let is_first = round.is_first();
                    assert!(round.proceed(b"2").is_ok());
                    Some(is_first)
                }
                _ => None,
            }
        };
        assert_eq!(is_first(&[TOKEN]), Some(true));
        assert_eq!(is_first(&[TOKEN]), Some(false));
        let last = match between {
            Some(values) => {
                assert_eq!(is_first(values), None);
                TOKEN
            }
            None => "NTLM MQ==",
        };
        assert_eq!(is_first(&[last]), Some(true), "{between:?}");
    }
}
