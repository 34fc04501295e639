//! Tests Bearer (RFC 6750), on both sides: reading, refusals, and writing.

use proptest::prelude::*;
use proxy_auth::{AuthParam, Challenges, Credentials, ParamValue, Params, Rule, SchemeError, bearer, token};

fn challenge(value: &str) -> Result<bearer::Challenge<'_>, SchemeError> {
    bearer::Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

#[test]
fn the_challenges_of_rfc_6750_are_read() {
    let asked = challenge(r#"Bearer realm="example""#).unwrap();
    assert_eq!(asked.realm().unwrap(), "example");
    assert!(asked.error().is_none());

    let expired = concat!(
        r#"Bearer realm="example", error="invalid_token", "#,
        r#"error_description="The access token expired""#,
    );
    let expired = challenge(expired).unwrap();
    assert_eq!(expired.error().unwrap(), bearer::INVALID_TOKEN);
    assert_eq!(expired.error_description().unwrap(), "The access token expired");
}

#[test]
fn a_scope_is_a_list_of_tokens() {
    let docker =
        r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a:pull b""#;
    let docker = challenge(docker).unwrap();
    assert_eq!(docker.scope_tokens().collect::<Vec<_>>(), ["repository:a:pull", "b"]);
    assert_eq!(docker.others().to_string(), r#"service="registry.docker.io""#);
    assert_eq!(challenge("bearer").unwrap().scope_tokens().count(), 0);
}

#[test]
fn duplicates_and_other_schemes_are_refused() {
    for param in ["realm", "scope", "error", "error_description", "error_uri"] {
        let value = format!("Bearer {param}=a, {}=b", param.to_uppercase());
        assert!(
            matches!(challenge(&value), Err(SchemeError::Duplicate { param: twice, .. }) if twice == param),
            "{value}"
        );
    }
    assert!(challenge("Bearer x=a, x=b").is_ok());
    assert_eq!(challenge("Basic realm=x").unwrap_err(), SchemeError::WrongScheme);
    let credentials = |value| bearer::Credentials::read(&Credentials::parse(value).unwrap()).unwrap_err();
    assert_eq!(credentials("Basic abc"), SchemeError::WrongScheme);
    assert_eq!(credentials("Bearer"), SchemeError::MissingToken68);
    assert_eq!(credentials("Bearer token=abc"), SchemeError::MissingToken68);
}

#[test]
fn characters_that_rfc_6750_forbids_are_not_written() {
    let challenge = bearer::Challenge::new("x").unwrap();
    for (text, offset) in [("a\"b", 1), ("a\\b", 1), ("caf\u{E9}", 3), ("\t", 0), ("a\r\n", 1)] {
        for refused in [
            challenge.with_scope(text),
            challenge.with_error(text),
            challenge.with_error_description(text),
            challenge.with_error_uri(text),
        ] {
            let error = refused.unwrap_err();
            assert_eq!((error.rule(), error.offset()), (Rule::Nqschars, offset), "{text:?}");
        }
    }
    assert_eq!(bearer::Challenge::new("a\nb").unwrap_err().offset(), 1);
    assert_eq!(bearer::Credentials::new("a b").unwrap_err().offset(), 1);
    assert_eq!(bearer::Credentials::new("").unwrap_err().rule(), Rule::Token68);
}

#[test]
fn spaces_are_written_only_where_rfc_6750_allows_them() {
    let challenge = bearer::Challenge::new("x").unwrap();
    for (scope, offset) in [
        ("", 0),
        (" ", 0),
        (" a", 0),
        ("a ", 2),
        ("a  b", 2),
        ("a b ", 4),
        ("a b\"", 3),
    ] {
        let error = challenge.with_scope(scope).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::Nqschars, offset), "{scope:?}");
    }
    for (uri, offset) in [("a b", 1), (" ", 0), ("a b\"", 1), ("a\" b", 1)] {
        let error = challenge.with_error_uri(uri).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::Nqschars, offset), "{uri:?}");
    }
    assert!(challenge.with_scope("a b").is_ok());
    assert!(challenge.with_error_description(" a  b ").is_ok());
    // Reading accepts these deviations.
    let read = self::challenge(r#"Bearer scope=" a  b ", error_uri="a b""#).unwrap();
    assert_eq!(read.scope_tokens().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(read.error_uri().unwrap(), "a b");
}

#[test]
fn known_parameters_are_written_in_quotes() {
    let read = challenge("Bearer ERROR_URI=u, error_description=d, error=e, scope=s, realm=r, x=y").unwrap();
    assert_eq!(
        read.to_string(),
        r#"Bearer realm="r", scope="s", error="e", error_description="d", error_uri="u", x=y"#
    );
}

#[test]
fn a_token_is_verified_and_never_shown() {
    let credentials = bearer::Credentials::new("mF_9.B5f-4.1JqM").unwrap();
    assert!(credentials.verify("mF_9.B5f-4.1JqM"));
    for other in ["mF_9.B5f-4.1JqN", "mF_9.B5f-4.1Jq", "mF_9.B5f-4.1JqMM", ""] {
        assert!(!credentials.verify(other));
    }
    assert!(!format!("{credentials:?}").contains("mF_9"));
}

proptest! {
    #[test]
    fn a_written_challenge_reads_back_equal(
        realm in r"[\t -~\u{80}-\u{FF}]{0,20}",
        scope in prop::option::of(r"[!#-\[\]-~]{1,9}( [!#-\[\]-~]{1,9}){0,3}"),
        uri in prop::option::of(r"[!#-\[\]-~]{0,20}"),
        nqs in prop::array::uniform2(prop::option::of(r"[ !#-\[\]-~]{0,20}")),
        other in prop::option::of(r"[ -~]{0,20}"),
    ) {
        let [error, description] = &nqs;
        let others: Vec<_> = other.iter().map(|other| {
            AuthParam::new(token!("other"), ParamValue::quoted(other).unwrap())
        }).collect();
        let mut written = bearer::Challenge::new(&realm).unwrap().with_others(Params::new(&others));
        if let Some(scope) = &scope { written = written.with_scope(scope).unwrap(); }
        if let Some(error) = error { written = written.with_error(error).unwrap(); }
        if let Some(description) = description { written = written.with_error_description(description).unwrap(); }
        if let Some(uri) = &uri { written = written.with_error_uri(uri).unwrap(); }
        let value = written.to_string();
        prop_assert_eq!(challenge(&value).unwrap(), written);
    }

    #[test]
    fn a_token_reads_back_equal(token in "[A-Za-z0-9._~+/-]{1,40}={0,3}") {
        let written = bearer::Credentials::new(&token).unwrap().to_string();
        let read = Credentials::parse(&written).unwrap();
        prop_assert!(bearer::Credentials::read(&read).unwrap().verify(&token));
    }
}
