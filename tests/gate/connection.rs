//! Tests gates for a connection.

use proxy_auth::negotiate::Mechanism;
use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Reason, Refusal, Request, Version};

use super::{connect, gate};

const TOKEN: Option<&str> = Some("Negotiate MQ==");

/// Sends a request, whose token the library accepts as that of `user`. Returns the user who passes.
fn send(
    connection: &mut ConnectionGate<&'static str>,
    request: &Request<'_>,
    value: Option<&str>,
    user: Option<&'static str>,
) -> Result<String, Refusal> {
    let gate: Gate<&str> = gate().with_negotiate(Mechanism::Negotiate);
    let fields = value.map(|value| ("Proxy-Authorization", value));
    let mut scratch = [0; 8];
    match connection.read(&gate, request, fields, &mut scratch)? {
        ConnectionStep::Pass(pass) => Ok(String::from_utf8_lossy(pass.user()).into_owned()),
        ConnectionStep::Token(round) => match user {
            Some(user) => Ok(String::from_utf8_lossy(round.accept(user).user()).into_owned()),
            None => Err(round.refuse()),
        },
        ConnectionStep::Attempt(_) => panic!("Negotiate authenticates a connection"),
    }
}

#[test]
fn a_connection_whose_requests_overlap_is_not_authenticated() {
    let (http1, http2) = (connect(), connect().with_version(Version::Http2));
    let mut connection = ConnectionGate::new();
    let refusal = send(&mut connection, &http2, TOKEN, Some("a")).unwrap_err();
    assert!(matches!(refusal.reason(), Reason::BoundToConnection));
    assert_eq!(connection.user(), None);

    assert_eq!(send(&mut connection, &http1, TOKEN, Some("a")).unwrap(), "a");
    assert_eq!(send(&mut connection, &http1, None, None).unwrap(), "a");
    let refusal = send(&mut connection, &http2, None, None).unwrap_err();
    assert!(matches!(refusal.reason(), Reason::Missing));
}

#[test]
fn a_new_token_ends_the_authentication() {
    let mut connection = ConnectionGate::new();
    assert_eq!(send(&mut connection, &connect(), TOKEN, Some("a")).unwrap(), "a");
    send(&mut connection, &connect(), TOKEN, None).unwrap_err();
    assert_eq!(connection.user(), None);
    send(&mut connection, &connect(), None, None).unwrap_err();

    assert_eq!(send(&mut connection, &connect(), TOKEN, Some("b")).unwrap(), "b");
    assert_eq!(send(&mut connection, &connect(), None, None).unwrap(), "b");
}
