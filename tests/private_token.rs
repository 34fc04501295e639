//! Tests `PrivateToken` (RFC 9577), on both sides: reading, refusals, and writing.

use std::time::Duration;

use proptest::prelude::*;
use proxy_auth::private_token::{Challenge, Credentials};
use proxy_auth::{Base64Error, Challenges, SchemeError};

fn challenge(value: &str) -> Result<Challenge<'_>, SchemeError> {
    Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

fn credentials(value: &str) -> Result<Credentials<'_>, SchemeError> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap())
}

#[test]
fn the_examples_of_rfc_9577_are_read() {
    let value = concat!(
        r#"PrivateToken challenge="abc...", token-key="123...", "#,
        r#"PrivateToken challenge="def...", token-key="234...""#,
    );
    let read: Vec<_> = Challenges::new(value)
        .map(|challenge| Challenge::read(&challenge.unwrap()).unwrap())
        .collect();
    assert_eq!(read.len(), 2);
    assert!(read.iter().all(|challenge| challenge.token_key().is_some()));
    // The dots are omissions in the RFC, not base64url.
    let mut buffer = [0; 8];
    let error = read[0].token_challenge().decode(&mut buffer).unwrap_err();
    assert_eq!(error, Base64Error::Invalid { offset: 27 });
    let error = read[1].token_key().unwrap().decode(&mut buffer).unwrap_err();
    let offset = value.find("234").unwrap() + 3;
    assert_eq!(error, Base64Error::Invalid { offset });
    assert!(credentials(r#"PrivateToken token="abc...""#).is_ok());
}

#[test]
fn base64url_is_read_with_and_without_padding() {
    let mut buffer = [0; 8];
    for value in ["PrivateToken token=\"__4=\"", "privatetoken TOKEN=__4"] {
        let token = credentials(value).unwrap().token();
        assert_eq!(token.decode(&mut buffer).unwrap(), b"\xFF\xFE", "{value}");
    }
}

#[test]
fn invalid_parameters_are_refused() {
    assert_eq!(
        challenge("PrivateToken").unwrap_err(),
        SchemeError::Missing { param: "challenge" }
    );
    assert_eq!(challenge("Basic challenge=a").unwrap_err(), SchemeError::WrongScheme);
    for param in ["challenge", "token-key", "max-age"] {
        let value = format!("PrivateToken challenge=abcd, {param}=1, {param}=2");
        assert!(matches!(challenge(&value), Err(SchemeError::Duplicate { param: twice, .. }) if twice == param));
    }
    for (value, param, offset) in [
        ("PrivateToken challenge=\"a b\"", "challenge", 23),
        ("PrivateToken challenge=\"a\\b\"", "challenge", 23),
        ("PrivateToken challenge=a, token-key=\"é\"", "token-key", 36),
        ("PrivateToken challenge=a, max-age=x", "max-age", 34),
        ("PrivateToken challenge=a, max-age=\"+5\"", "max-age", 34),
    ] {
        assert_eq!(
            challenge(value).unwrap_err(),
            SchemeError::Invalid { param, offset },
            "{value}"
        );
    }
    assert_eq!(
        credentials("PrivateToken").unwrap_err(),
        SchemeError::Missing { param: "token" }
    );
    assert_eq!(credentials("Bearer token=a").unwrap_err(), SchemeError::WrongScheme);
    assert!(matches!(
        credentials("PrivateToken token=a, token=b"),
        Err(SchemeError::Duplicate { .. })
    ));

    let mut buffer = [0; 2];
    let decode =
        |value: &'static str, buffer: &mut [u8]| credentials(value).unwrap().token().decode(buffer).map(<[u8]>::len);
    // "+" and "/" belong to the other alphabet.
    assert_eq!(
        decode("PrivateToken token=\"a+/b\"", &mut buffer),
        Err(Base64Error::Invalid { offset: 21 })
    );
    let error = decode("PrivateToken token=abcd", &mut buffer).unwrap_err();
    assert!(matches!(error, Base64Error::BufferTooSmall(error) if error.needed == 3));
}

#[test]
fn unknown_parameters_are_kept_and_tokens_are_not_shown() {
    let value = r#"PrivateToken challenge="YQ==", colour=red"#;
    assert_eq!(challenge(value).unwrap().to_string(), value);
    let value = r#"PrivateToken token="c2VjcmV0", colour=red"#;
    assert_eq!(credentials(value).unwrap().to_string(), value);
    assert_eq!(format!("{:?}", credentials(value).unwrap()), "Credentials([redacted])");
}

proptest! {
    #[test]
    fn written_fields_read_back_equal(
        bytes in prop::array::uniform3(prop::collection::vec(any::<u8>(), 0..100)),
        max_age: Option<u64>,
    ) {
        let [token_challenge, key, token] = &bytes;
        let mut buffer = [0; 100];
        let mut written = Challenge::new(token_challenge).with_token_key(key);
        if let Some(max_age) = max_age { written = written.with_max_age(Duration::from_secs(max_age)); }
        let value = written.to_string();
        let read = challenge(&value).unwrap();
        prop_assert_eq!(read.token_challenge().decode(&mut buffer).unwrap(), token_challenge);
        prop_assert_eq!(read.token_key().unwrap().decode(&mut buffer).unwrap(), key);
        prop_assert_eq!(read.max_age(), max_age.map(Duration::from_secs));
        prop_assert_eq!(read.to_string(), &value[..]);

        let value = Credentials::new(token).to_string();
        prop_assert_eq!(credentials(&value).unwrap().token().decode(&mut buffer).unwrap(), token);
    }
}
