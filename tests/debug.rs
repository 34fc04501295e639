//! Secrets are in no `Debug` and in no error.

#![cfg(test)]

use std::fmt::{Debug, Display};

use proxy_auth::{
    AuthParam, AuthenticationInfo, Challenges, Credentials, Encode, ParamValue, ParseError,
    ProxyAuthenticationRequired, Scheme, SchemeError, Token68, basic, digest, token,
};

/// What must not be seen: a token, and a token68 too.
const SECRET: &str = "hunter2";

/// That neither form of `Debug` shows the secret: as it is, as base64, or as a list of bytes.
#[track_caller]
fn hides(value: &impl Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        let shown = shown.replace(char::is_whitespace, "");
        assert!(!shown.is_empty());
        for secret in [SECRET, "aHVudGVyM", "104,117,110"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

/// That neither `Display` nor `Debug` of an error shows the secret.
#[track_caller]
fn tells_nothing(error: &(impl Display + Debug)) {
    assert!(!error.to_string().contains(SECRET), "{error}");
    hides(error);
}

#[test]
fn credentials_with_a_token68_show_their_scheme() {
    let credentials = Credentials::parse("Bearer hunter2").unwrap();
    assert_eq!(format!("{credentials:?}"), "Credentials(Bearer [redacted])");
    hides(&credentials);
    hides(&credentials.token68());
    assert_eq!(
        format!("{:?}", credentials.token68().unwrap()),
        "Token68([redacted; 7 bytes])"
    );
}

#[test]
fn a_key_without_a_scheme_before_it_is_not_shown() {
    let credentials = Credentials::parse("sk-c2VjcmV0").unwrap();
    assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
}

#[test]
fn credentials_with_parameters_show_names_and_no_values() {
    for value in [
        "Digest username=\"a\", response=\"hunter2\"",
        "Digest username=a,response=hunter2",
    ] {
        let credentials = Credentials::parse(value).unwrap();
        hides(&credentials);
        assert_eq!(
            format!("{:?}", credentials.params()),
            "{\"username\": [redacted], \"response\": [redacted]}"
        );
        hides(&credentials.params().iter());
        hides(&credentials.params().without(&["username"]));
        hides(&credentials.params().once(["response"]).unwrap());

        let value = credentials.param("response").unwrap();
        hides(&value);
        hides(&value.to_quoted());
        hides(&value.unescaped());
        let param = credentials.params().into_iter().last().unwrap();
        hides(&param);
        assert_eq!(param.name(), token!("response"));
        hides(&param.value());
    }
}

#[test]
fn credentials_that_were_read_leniently_hide_their_values_too() {
    let credentials = Credentials::parse_lenient("Digest, response=@hunter2@, a=\"hunter2").unwrap();
    hides(&credentials);
    hides(&credentials.params());
    hides(&credentials.param("response"));
    hides(&credentials.param("a").unwrap().unescaped());
}

#[test]
fn credentials_that_were_constructed_hide_their_values_too() {
    let params = [
        AuthParam::new(token!("a"), ParamValue::quoted(SECRET).unwrap()),
        AuthParam::new(token!("b"), ParamValue::token(SECRET).unwrap()),
    ];
    let credentials = Credentials::with_params(Scheme::Digest, &params);
    hides(&credentials);
    hides(&credentials.params());
    hides(&credentials.param("a"));
    hides(&credentials.param("b"));
    hides(&credentials.params().iter().next());

    let token68 = Token68::new(SECRET).unwrap();
    hides(&token68);
    hides(&Credentials::with_token68(Scheme::Bearer, token68));
}

#[test]
fn credentials_of_basic_show_nothing() {
    let built = basic::Credentials::new(SECRET, SECRET).unwrap();
    assert_eq!(format!("{built:?}"), "Credentials([redacted])");
    hides(&built);

    let value = built.to_string();
    let generic = Credentials::parse(&value).unwrap();
    hides(&generic);
    hides(&generic.token68());
    let mut buffer = [0; 64];
    hides(&basic::Credentials::decode(&generic, &mut buffer).unwrap());
}

#[test]
fn the_token_of_a_challenge_is_hidden_and_its_parameters_are_not() {
    let mut challenges = Challenges::new("Negotiate hunter2, Basic realm=\"a\\\"\n\"");
    hides(&challenges);
    hides(&challenges.next().unwrap().unwrap());

    let challenge = Challenges::new(b"Basic realm=\"a\\\"b\xC3\"").next().unwrap().unwrap();
    let shown = format!("{challenge:?}");
    assert!(
        shown.contains("Basic") && shown.contains(r#""realm": "a\"b\xc3""#),
        "{shown}"
    );
    let info = AuthenticationInfo::parse("nextnonce=abc").unwrap();
    assert_eq!(format!("{info:?}"), r#"AuthenticationInfo({"nextnonce": "abc"})"#);
}

#[test]
fn errors_of_reading_tell_nothing_of_the_value() {
    let broken: [Result<_, ParseError>; 8] = [
        Credentials::parse("Bearer hunter2,"),
        Credentials::parse("Bearer hunter2 hunter2"),
        Credentials::parse("Digest a=\"hunter2"),
        Credentials::parse("Digest a=\"hunter2\\"),
        Credentials::parse("Digest a=\"hunter2\n\""),
        Credentials::parse("Digest hunter2@=b"),
        Credentials::parse("@hunter2"),
        Credentials::parse_lenient("Digest a=\"hunter2\" hunter2"),
    ];
    for error in broken.map(Result::unwrap_err) {
        tells_nothing(&error);
    }
    let lines = ["Bearer hunter2", "Bearer hunter2"];
    tells_nothing(&Credentials::from_fields(lines).unwrap_err());
}

#[test]
fn the_caret_shows_the_value_on_request_and_not_in_debug() {
    let value = "Bearer hunter2,";
    let error = Credentials::parse(value).unwrap_err();
    let pointer = error.pointing_into(value);
    assert!(pointer.to_string().contains(SECRET));
    hides(&pointer);
}

#[test]
fn errors_of_schemes_tell_nothing_of_the_value() {
    let mut buffer = [0; 64];
    let mut decode = |value: &str| -> SchemeError {
        let credentials = Credentials::parse(value).unwrap();
        basic::Credentials::decode(&credentials, &mut buffer).unwrap_err()
    };
    let errors = [
        decode("Bearer hunter2"),
        decode("Basic a=hunter2"),
        decode("Basic hunter2~"),
        decode("Basic hunter2"),
        decode("Basic aHVudGVyMg=="),             // no colon
        decode("Basic YTpodW50ZXIyAA=="),         // NUL in the password
        decode("Basic aHVudGVyMgA6aHVudGVyMg=="), // NUL in the user-id
    ];
    for error in &errors {
        tells_nothing(error);
    }
    let value = "Digest response=hunter2, response=hunter2";
    tells_nothing(
        &Credentials::parse(value)
            .unwrap()
            .params()
            .once(["response"])
            .unwrap_err(),
    );
    let credentials = Credentials::parse("Basic aHVudGVyMjpodW50ZXIy").unwrap();
    tells_nothing(&basic::Credentials::decode(&credentials, &mut [0; 3]).unwrap_err());
}

#[test]
fn errors_of_constructing_tell_nothing_of_the_text() {
    let bad = "hunter2\r\n";
    tells_nothing(&ParamValue::quoted(bad).unwrap_err());
    tells_nothing(&ParamValue::token(bad).unwrap_err());
    tells_nothing(&Token68::new(bad).unwrap_err());
    tells_nothing(&basic::Credentials::new(bad, "a").unwrap_err());
    tells_nothing(&basic::Credentials::new("a", bad).unwrap_err());
}

#[test]
fn errors_of_writing_tell_nothing_of_the_value() {
    let credentials = basic::Credentials::new(SECRET, SECRET).unwrap();
    tells_nothing(&credentials.encode(&mut [0; 8]).unwrap_err());
    tells_nothing(&credentials.encode_string::<8>().unwrap_err());
    let credentials = Credentials::parse(b"Digest a=\"hunter2\xFF\"").unwrap();
    let value = credentials.param("a").unwrap();
    tells_nothing(&value.copy_to(&mut [0; 3]).unwrap_err());
    tells_nothing(&value.copy_to_string::<3>().unwrap_err());
    tells_nothing(&value.copy_to_string::<64>().unwrap_err());
}

#[test]
fn a_response_does_not_show_its_content() {
    let challenge = basic::Challenge::new("x").unwrap();
    hides(&ProxyAuthenticationRequired::new(&challenge).body(SECRET.as_bytes()));
}

#[test]
fn what_constructed_credentials_hold_is_hidden_too() {
    let username = digest::Username::new("a");
    let credentials = digest::Credentials::new(username, SECRET, SECRET, SECRET, SECRET)
        .and_then(|credentials| credentials.with_qop(digest::Qop::Auth, SECRET, 1))
        .map(|credentials| credentials.with_opaque(ParamValue::quoted(SECRET).unwrap()))
        .unwrap();
    hides(&credentials.realm());
    hides(&credentials.nonce());
    hides(&credentials.uri());
    hides(&credentials.response());
    hides(&credentials.cnonce().unwrap());
    hides(&credentials.opaque().unwrap());
}

#[cfg(feature = "digest")]
#[test]
fn a_request_does_not_show_its_content() {
    let request = proxy_auth::digest::Request::new("POST", "/a").unwrap();
    hides(&request.with_content(SECRET.as_bytes()));
}
