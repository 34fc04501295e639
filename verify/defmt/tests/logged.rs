//! Checks the logged texts, and that they contain no secrets.

#![cfg(test)]

use proxy_auth::{
    AuthParam, AuthenticationInfo, ChallengeResponse, Challenges, ConnectionSession, Credentials, Encode, FieldLine,
    HandshakeStep, ParamValue, STRONGEST_FIRST, Scheme, StatusCode, Token68, basic, bearer, choose, digest, negotiate,
    private_token, scram, token,
};
use proxy_auth_defmt::logged;

const SECRET: &str = "hunter2";

/// Asserts that `value` is logged as `expected`.
#[track_caller]
fn logs(value: &impl defmt::Format, expected: &str) {
    assert_eq!(logged(value).1, expected);
}

/// Asserts that `value` is logged like its `Debug`, and that the secret is not sent, neither plain nor in base64.
#[track_caller]
fn hides(value: &(impl defmt::Format + std::fmt::Debug)) {
    let (sent, shown) = logged(value);
    assert_eq!(shown, format!("{value:?}"));
    for secret in [SECRET, "aHVudGVyM"] {
        assert!(
            !sent.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()),
            "{shown}"
        );
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn parse_errors_take_a_few_bytes() {
    let error = Challenges::new("Basic realm=\"x\" hunter2")
        .next()
        .unwrap()
        .unwrap_err();
    let (sent, shown) = logged(&error);
    assert_eq!(
        shown,
        "ParseError { expected: Expected { kind: ExpectedComma, offset: 16 }, line: 0, skipped: 0..23 }"
    );
    assert!(sent.len() * 2 < shown.len(), "{}", sent.len());
    hides(&Credentials::parse("Digest a=\"hunter2").unwrap_err());
}

#[test]
fn other_errors_are_logged() {
    let error = ParamValue::quoted("x\n").unwrap_err();
    logs(&error, "InvalidInput { rule: QuotedString, offset: 1 }");
    let challenge = basic::Challenge::new("x").unwrap();
    logs(&challenge.encode(&mut []).unwrap_err(), "BufferTooSmall { needed: 15 }");
    logs(
        &challenge.encode_string::<1>().unwrap_err(),
        "TooLong(BufferTooSmall { needed: 15 })",
    );
    let bearer = Credentials::parse("Bearer hunter2").unwrap();
    logs(
        &basic::Credentials::decode(&bearer, &mut []).unwrap_err(),
        "WrongScheme",
    );
    let challenges = Challenges::new("NTLM, Digest x=y, @");
    let nothing = choose(challenges, &STRONGEST_FIRST).unwrap_err();
    hides(&nothing);
    logs(&nothing.first_unusable().unwrap(), "Missing { param: \"realm\" }");
}

#[test]
fn names_and_views_of_challenges_are_logged_like_debug() {
    logs(&Scheme::Digest, "Digest");
    logs(&Scheme::new("X-Own").unwrap(), "X-Own");
    logs(&token!("realm"), "realm");
    logs(&digest::Algorithm::Sha256, "Sha256");
    logs(&digest::Verdict::Stale, "Stale");
    hides(&StatusCode::PROXY_AUTHENTICATION_REQUIRED);

    let value = "Negotiate hunter2, Basic realm=\"a\\\"b\", charset=UTF-8, Bearer scope=x, Digest realm=x, nonce=y";
    for challenge in Challenges::new(value) {
        let challenge = challenge.unwrap();
        hides(&challenge);
        hides(&challenge.params());
        match challenge.scheme() {
            Scheme::Basic => hides(&basic::Challenge::read(&challenge).unwrap()),
            Scheme::Bearer => hides(&bearer::Challenge::read(&challenge).unwrap()),
            Scheme::Digest => hides(&digest::Challenge::read(&challenge).unwrap()),
            _ => hides(&negotiate::Challenge::read(&challenge).unwrap()),
        }
    }
    hides(&choose(Challenges::new(value), &STRONGEST_FIRST).unwrap());
    let challenge = Challenges::new("Basic realm=\"a b\"").next().unwrap().unwrap();
    logs(
        &challenge,
        r#"Challenge { scheme: "Basic", token68: None, params: {"realm": "a b"} }"#,
    );
    hides(&ChallengeResponse::new(&challenge).with_content(SECRET.as_bytes()));
    let fields = [FieldLine::new("Set-Cookie", SECRET).unwrap()];
    hides(&fields[0]);
    hides(&ChallengeResponse::new(&challenge).with_lines(&fields));
}

#[test]
fn info_and_scram_hide_their_values() {
    let info = AuthenticationInfo::parse("rspauth=hunter2").unwrap();
    logs(&info, r#"AuthenticationInfo({"rspauth": [redacted]})"#);
    hides(&info.params());
    hides(&digest::Info::read(&info).unwrap());
    hides(&digest::Info::read(&info).unwrap().rspauth().unwrap());

    let value = "SCRAM-SHA-256 sid=hunter2, data=\"aHVudGVyMg==\"";
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    hides(&challenge);
    let challenge = scram::Challenge::read(&challenge).unwrap();
    hides(&challenge);
    hides(&challenge.sid().unwrap());
    hides(&scram::Info::new(challenge.sid().unwrap(), SECRET.as_bytes()));
}

#[test]
fn credentials_hide_their_values() {
    let credentials = Credentials::parse("Bearer hunter2").unwrap();
    logs(&credentials, "Credentials(Bearer [redacted])");
    logs(&Token68::new(SECRET).unwrap(), "Token68([redacted; 7 bytes])");
    hides(&bearer::Credentials::read(&credentials).unwrap());
    hides(&Credentials::parse("hunter2").unwrap());

    let credentials = Credentials::parse("Digest username=\"a\", response=hunter2").unwrap();
    logs(
        &credentials.params(),
        r#"{"username": [redacted], "response": [redacted]}"#,
    );
    logs(&credentials.param("response").unwrap(), "[redacted]");
    hides(&credentials.params().iter().last().unwrap());
    hides(&AuthParam::new(token!("a"), credentials.param("response").unwrap()));

    let mut buffer = [0; 64];
    let credentials = Credentials::parse("Basic aHVudGVyMjpodW50ZXIy").unwrap();
    hides(&credentials);
    hides(&basic::Credentials::decode(&credentials, &mut buffer).unwrap());
    hides(&negotiate::Credentials::new(negotiate::Mechanism::Ntlm, SECRET.as_bytes()).unwrap());
    let mut session = ConnectionSession::new(negotiate::Mechanism::Negotiate);
    for (status, value) in [
        (407, "Negotiate"),
        (407, "Negotiate aHVudGVyMg=="),
        (200, "Negotiate aHVudGVyMg=="),
    ] {
        let step = session.receive(status, [("Proxy-Authenticate", value)], &mut buffer);
        hides(&step);
        match step {
            HandshakeStep::Again(request) => {
                hides(&request);
                request.answer(b"token").unwrap();
            }
            HandshakeStep::Verify(last) => hides(&last),
            other => panic!("{other:?}"),
        }
    }
    hides(&scram::Credentials::new(scram::Hash::Sha256, SECRET.as_bytes()));
    let value = "PrivateToken token=\"aHVudGVyMg==\"";
    hides(&private_token::Credentials::read(&Credentials::parse(value).unwrap()).unwrap());
}
