//! Bearer, with the errors of RFC 6750, section 3.1.

use proxy_auth::{Account, Claim, Gate, Password, Reason, Refusal, Role, Scheme, Verified};

use super::{BASIC_CHALLENGE, NAME, NOW, challenges, connect, gate, reason, refuse, send};

const CHALLENGE: &str = "Bearer realm=\"apps\"";

fn offer() -> Gate<&'static str> {
    gate().with_bearer().with_basic()
}

/// Returns the status code and the challenge of Bearer.
fn denied(gate: &Gate<&str>, refusal: &Refusal) -> (u16, String) {
    let [bearer, basic] = &challenges(gate, refusal)[..] else {
        panic!("two challenges")
    };
    assert_eq!(basic, BASIC_CHALLENGE);
    (refusal.status(gate.role()).as_u16(), bearer.clone())
}

#[test]
fn a_token_that_the_caller_verified_passes() {
    let (gate, request) = (offer(), connect());
    let mut scratch = [];
    let attempt = gate
        .read(&request, [("Proxy-Authorization", "bearer 4d5a")], &mut scratch)
        .unwrap();
    assert!(matches!(attempt.claim(), Claim::Token("4d5a")));
    assert_eq!((attempt.name(), attempt.password()), (None, None));
    let pass = attempt.check(Some(Account::new(NAME, Verified)), NOW).unwrap();
    let pass = pass.redeem(&mut ()).unwrap();
    assert_eq!((pass.user(), pass.scheme()), (NAME.as_bytes(), Scheme::Bearer));
}

#[test]
fn without_credentials_the_challenge_has_no_error() {
    let refusal = refuse(&offer(), &connect(), &[]);
    assert_eq!(denied(&offer(), &refusal), (407, CHALLENGE.to_owned()));
}

#[test]
fn credentials_of_another_scheme_cause_no_error_of_bearer() {
    let gate = offer();
    let wrong = send(&gate, "Basic YTpi", None::<Account<'_, Verified>>).unwrap_err();
    let not_offered = refuse(&gate, &connect(), &[("Proxy-Authorization", "Negotiate YQ==")]);
    for refusal in [wrong, not_offered] {
        assert_eq!(denied(&gate, &refusal), (407, CHALLENGE.to_owned()));
    }
    // The token was not read.
    let gate = super::gate().with_basic();
    let refusal = refuse(&gate, &connect(), &[("Proxy-Authorization", "Bearer 4d5a")]);
    assert_eq!(refusal.reason(), &Reason::NotOffered);
    assert_eq!(challenges(&gate, &refusal), [BASIC_CHALLENGE]);
}

#[test]
fn credentials_without_a_token_are_an_invalid_request() {
    for value in ["Bearer", "Bearer token=x", "bearer a=b, c=d"] {
        let refusal = refuse(&offer(), &connect(), &[("Proxy-Authorization", value)]);
        assert!(matches!(refusal.reason(), Reason::Invalid(_)), "{value}");
        let expected = "Bearer realm=\"apps\", error=\"invalid_request\"".to_owned();
        assert_eq!(denied(&offer(), &refusal), (400, expected), "{value}");
    }
}

#[test]
fn a_wrong_token_is_invalid() {
    let gate = offer();
    let unknown = send(&gate, "Bearer x", None::<Account<'_, Verified>>).unwrap_err();
    assert_eq!(unknown.reason(), &Reason::Wrong);
    assert!(unknown.is_guess());
    // A stored password says nothing about a token.
    let account = Some(Account::new(NAME, Password::new("x")));
    let unverifiable = send(&gate, "Bearer x", account).unwrap_err();
    assert_eq!(unverifiable.reason(), &Reason::Unverifiable);
    for refusal in [unknown, unverifiable] {
        let expected = "Bearer realm=\"apps\", error=\"invalid_token\"".to_owned();
        assert_eq!(denied(&gate, &refusal), (407, expected));
    }
}

/// Refuses a token for its scope.
fn without_scope(gate: &Gate<&str>) -> Refusal {
    let (request, mut scratch) = (connect(), [0; 64]);
    let fields = [(gate.role().authorization().as_str(), "Bearer x")];
    gate.read(&request, fields, &mut scratch).unwrap().refuse_scope()
}

#[test]
fn a_token_without_the_scope_is_forbidden() {
    let gate = offer();
    let refusal = without_scope(&gate);
    assert_eq!(refusal.reason(), &Reason::InsufficientScope);
    let expected = "Bearer realm=\"apps\", error=\"insufficient_scope\"".to_owned();
    assert_eq!(denied(&gate, &refusal), (403, expected));

    let denial = gate.deny(&refusal, NOW, 1).with_scope("read write").unwrap();
    assert_eq!(denial.status().as_u16(), 403);
    assert_eq!(
        denial.challenges().next().unwrap().to_string(),
        "Bearer realm=\"apps\", scope=\"read write\", error=\"insufficient_scope\""
    );
    let message = denial.response().encode_string::<512>().unwrap();
    assert!(message.starts_with("HTTP/1.1 403 Forbidden\r\nProxy-Authenticate: Bearer "));
}

#[test]
fn a_scope_that_rfc_6750_forbids_is_an_error() {
    let gate = offer();
    let refusal = without_scope(&gate);
    for scope in ["", "a  b", "a ", "\"", "a\\b", "\u{e9}", "a\r\nX: y"] {
        assert!(gate.deny(&refusal, NOW, 1).with_scope(scope).is_err(), "{scope:?}");
    }
}

/// The user is known, so another password would not help, but Basic has no other status code.
#[test]
fn a_user_of_basic_without_access_is_asked_again() {
    let gate = offer();
    let (request, mut scratch) = (connect(), [0; 64]);
    let attempt = gate
        .read(&request, [("Proxy-Authorization", super::BASIC)], &mut scratch)
        .unwrap();
    let refusal = attempt.refuse_scope();
    assert_eq!(denied(&gate, &refusal), (407, CHALLENGE.to_owned()));
}

#[test]
fn an_origin_server_answers_with_the_same_errors() {
    let gate = offer().with_role(Role::Server);
    let status = |fields: &[(&str, &str)]| denied(&gate, &refuse(&gate, &connect(), fields)).0;
    assert_eq!(status(&[]), 401);
    assert_eq!(status(&[("Authorization", "Bearer")]), 400);
    assert_eq!(denied(&gate, &without_scope(&gate)).0, 403);
    let wrong = send(&gate, "Bearer x", None::<Account<'_, Verified>>);
    assert_eq!(denied(&gate, wrong.as_ref().unwrap_err()).0, 401);
    assert_eq!(reason(wrong), Some(Reason::Wrong));
}
