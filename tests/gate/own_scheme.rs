//! A scheme that only the caller knows.

use proxy_auth::{Account, AuthParam, Challenge, Claim, Gate, ParamValue, Password, Reason, Scheme, Verified, token};

use super::{BASIC_CHALLENGE, NAME, NOW, challenges, connect, gate, reason, refuse, send};

fn api_key() -> Challenge<'static> {
    Challenge::new(Scheme::new("ApiKey").unwrap())
}

fn offer() -> Gate<&'static str> {
    gate().with_challenge(api_key()).with_basic()
}

#[test]
fn credentials_go_to_the_caller() {
    let (gate, request) = (offer(), connect());
    for (value, token, parameter) in [
        ("ApiKey 4d5a", Some("4d5a"), None),
        ("apikey k=x", None, Some("x")),
        ("APIKEY", None, None),
    ] {
        let mut scratch = [];
        let attempt = gate
            .read(&request, [("Proxy-Authorization", value)], &mut scratch)
            .unwrap();
        assert_eq!(attempt.scheme(), Scheme::new("ApiKey").unwrap());
        assert_eq!((attempt.name(), attempt.password()), (None, None));
        let Claim::Other(credentials) = attempt.claim() else {
            panic!("{value}")
        };
        assert_eq!(credentials.token68().map(|token| token.to_str()), token);
        assert_eq!(
            credentials.param("k").map(|value| value.to_string()).as_deref(),
            parameter
        );
        let ticket = attempt.check(Some(Account::new(NAME, Verified)), NOW).unwrap();
        assert_eq!(ticket.redeem(&mut ()).unwrap().user(), NAME.as_bytes());
    }
}

#[test]
fn only_the_callers_verdict_passes() {
    let nobody = None::<Account<'_, Verified>>;
    assert_eq!(reason(send(&offer(), "ApiKey x", nobody)), Some(Reason::Wrong));
    let account = Some(Account::new("x", Password::new("x")));
    assert_eq!(reason(send(&offer(), "ApiKey x", account)), Some(Reason::Unverifiable));
}

#[test]
fn the_challenge_is_written_as_it_is() {
    let params = [AuthParam::new(token!("realm"), ParamValue::quoted("a \"b\"").unwrap())];
    let params: &'static [AuthParam<'static>] = params.to_vec().leak();
    let challenge = Challenge::from_params(Scheme::new("ApiKey").unwrap(), params);
    let gate = gate().with_challenge(challenge).with_basic();
    let refusal = refuse(&gate, &connect(), &[]);
    assert_eq!(
        challenges(&gate, &refusal),
        ["ApiKey realm=\"a \\\"b\\\"\"", BASIC_CHALLENGE]
    );
}

#[test]
fn a_second_challenge_replaces_the_first() {
    let gate = offer().with_challenge(Challenge::new(Scheme::new("Other").unwrap()));
    let refusal = refuse(&gate, &connect(), &[("Proxy-Authorization", "ApiKey x")]);
    assert_eq!(refusal.reason(), &Reason::NotOffered);
    assert_eq!(challenges(&gate, &refusal), ["Other", BASIC_CHALLENGE]);
}

/// Otherwise a verdict of the caller could replace the checks of the gate.
#[test]
fn credentials_of_schemes_that_the_gate_knows_never_go_to_the_caller() {
    for (scheme, value) in [
        (Scheme::Basic, "Basic YTpi"),
        (Scheme::Bearer, "Bearer x"),
        (Scheme::Digest, "Digest username=a, realm=b, nonce=c, uri=d, response=e"),
        (Scheme::Negotiate, "Negotiate YQ=="),
        (Scheme::Ntlm, "NTLM YQ=="),
    ] {
        let gate = gate().with_challenge(Challenge::new(scheme));
        let refusal = refuse(&gate, &connect(), &[("Proxy-Authorization", value)]);
        assert_eq!(refusal.reason(), &Reason::NotOffered, "{value}");
    }
    let gate = gate().with_challenge(Challenge::new(Scheme::PrivateToken));
    let account = Some(Account::new(NAME, Verified));
    assert_eq!(send(&gate, "PrivateToken token=x", account).unwrap(), NAME);
}
