//! Tests the fields of Negotiate and NTLM, and the rounds on the proxy's side.

use proptest::prelude::*;
use proxy_auth::negotiate::{Challenge, Credentials, Mechanism};
use proxy_auth::{Base64Error, Challenges, SchemeError};

fn challenge(value: &str) -> Result<Challenge<'_>, SchemeError> {
    Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

fn credentials(value: &str) -> Result<Credentials<'_>, SchemeError> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap())
}

#[test]
fn challenges_are_read_with_and_without_a_token() {
    assert!(challenge("negotiate").unwrap().token().is_none());
    let ntlm = challenge("NTLM TlRMTVNTUAACAAAA").unwrap();
    assert_eq!(ntlm.mechanism(), Mechanism::Ntlm);
    let mut buffer = [0; 12];
    assert_eq!(
        ntlm.token().unwrap().decode(&mut buffer).unwrap(),
        b"NTLMSSP\0\x02\0\0\0"
    );
    assert_eq!(challenge("Negotiate a=b").unwrap().others().to_string(), "a=b");
}

#[test]
fn tokens_of_64_kib_are_preserved() {
    let token: Vec<u8> = (0..=u8::MAX).cycle().take(64 << 10).collect();
    let value = Credentials::new(Mechanism::Negotiate, &token).unwrap().to_string();
    let mut buffer = vec![0; 64 << 10];
    assert_eq!(credentials(&value).unwrap().token().decode(&mut buffer).unwrap(), token);
}

#[test]
fn invalid_tokens_are_refused() {
    assert_eq!(credentials("Negotiate").unwrap_err(), SchemeError::MissingToken68);
    assert_eq!(credentials("NTLM a=b").unwrap_err(), SchemeError::MissingToken68);
    assert_eq!(credentials("Basic abc").unwrap_err(), SchemeError::WrongScheme);
    assert_eq!(challenge("Basic").unwrap_err(), SchemeError::WrongScheme);
    assert!(Credentials::new(Mechanism::Ntlm, b"").is_err());
    assert!(Challenge::from_token(Mechanism::Ntlm, b"").is_err());

    let mut buffer = [0; 8];
    let decode =
        |value: &'static str, buffer: &mut [u8]| credentials(value).unwrap().token().decode(buffer).map(<[u8]>::len);
    assert_eq!(
        decode("NTLM YTp-", &mut buffer),
        Err(Base64Error::Invalid { offset: 8 })
    );
    assert_eq!(decode("NTLM YTo", &mut buffer), Err(Base64Error::Invalid { offset: 8 }));
    let error = decode("NTLM YTpiYTpiYTpi", &mut buffer).unwrap_err();
    assert!(matches!(error, Base64Error::BufferTooSmall(error) if error.needed == 9));
}

#[test]
fn debug_does_not_show_tokens() {
    let value = "Negotiate c2VjcmV0";
    for shown in [
        format!("{:?}", credentials(value).unwrap()),
        format!("{:?}", challenge(value).unwrap()),
    ] {
        assert!(
            !shown.contains("c2Vj") && !shown.contains("secret") && shown.contains("[redacted]"),
            "{shown}"
        );
    }
    assert!(!format!("{:?}", Credentials::new(Mechanism::Ntlm, b"secret").unwrap()).contains("secret"));
}

proptest! {
    #[test]
    fn written_tokens_read_back_equal(token in prop::collection::vec(any::<u8>(), 1..200), ntlm: bool) {
        let mechanism = if ntlm { Mechanism::Ntlm } else { Mechanism::Negotiate };
        let mut buffer = [0; 200];

        let value = Challenge::from_token(mechanism, &token).unwrap().to_string();
        let read = challenge(&value).unwrap();
        prop_assert_eq!(read.mechanism(), mechanism);
        prop_assert_eq!(read.token().unwrap().decode(&mut buffer).unwrap(), &token);
        prop_assert_eq!(read.to_string(), &value[..]);

        let value = Credentials::new(mechanism, &token).unwrap().to_string();
        let read = credentials(&value).unwrap();
        prop_assert_eq!(read.mechanism(), mechanism);
        prop_assert_eq!(read.token().decode(&mut buffer).unwrap(), &token);
        prop_assert_eq!(read.to_string(), value);
    }
}

#[test]
fn a_token_decodes_to_the_reported_length() {
    for len in 1..50 {
        let bytes = vec![0xA5; len];
        let built = Credentials::new(Mechanism::Ntlm, &bytes).unwrap();
        let value = built.to_string();
        let generic = proxy_auth::Credentials::parse(&value).unwrap();
        for credentials in [built, Credentials::read(&generic).unwrap()] {
            let token = credentials.token();
            assert_eq!(token.decoded_len(), len);
            assert_eq!(token.decode(&mut vec![0; len]).unwrap(), bytes);
            assert!(token.decode(&mut vec![0; len - 1]).is_err());
        }
    }
    // For invalid base64, the length is at most three quarters of the text.
    for damaged in ["a", "a=", "ab", "ab=", "abc", "abcde", "abcd=", "a-b~"] {
        let value = format!("NTLM {damaged}");
        let generic = proxy_auth::Credentials::parse(&value).unwrap();
        let token = Credentials::read(&generic).unwrap().token();
        assert!(token.decoded_len() <= damaged.len() * 3 / 4, "{damaged}");
    }
}
