//! Tests SCRAM-SHA-256 and SCRAM-SHA-1 (RFC 7804): the fields that carry their messages.

use std::time::Duration;

use proptest::prelude::*;
use proxy_auth::scram::{Challenge, Credentials, Hash, Info};
use proxy_auth::{AuthenticationInfo, Base64Error, Challenges, ParamValue, SchemeError};

fn challenge(value: &str) -> Result<Challenge<'_>, SchemeError> {
    Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

fn credentials(value: &str) -> Result<Credentials<'_>, SchemeError> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap())
}

#[test]
fn the_exchange_of_rfc_7804_is_read() {
    let first = challenge(r#"SCRAM-SHA-256 realm="testrealm@example.com""#).unwrap();
    assert_eq!(first.hash(), Hash::Sha256);
    assert_eq!(first.realm().unwrap(), "testrealm@example.com");
    assert!(first.data().is_none());

    let second = challenge("scram-sha-1 sid=AAAABBBBCCCCDDDD, sr=abc, ttl=120, data=cj1y").unwrap();
    assert_eq!(second.hash(), Hash::Sha1);
    assert_eq!(second.sid().unwrap(), "AAAABBBBCCCCDDDD");
    assert_eq!(second.sr().unwrap(), "abc");
    assert_eq!(second.ttl(), Some(Duration::from_secs(120)));
    let mut buffer = [0; 8];
    assert_eq!(second.data().unwrap().decode(&mut buffer).unwrap(), b"r=r");

    let answer = credentials("SCRAM-SHA-256 sid=AAAABBBBCCCCDDDD, data=\"Yz1iaXdz\"").unwrap();
    assert_eq!(answer.data().decode(&mut buffer).unwrap(), b"c=biws");

    let info = AuthenticationInfo::parse("sid=AAAABBBBCCCCDDDD, data=dj02").unwrap();
    let info = Info::read(&info).unwrap();
    assert_eq!(info.data().decode(&mut buffer).unwrap(), b"v=6");
    assert_eq!(info.to_string(), r#"sid="AAAABBBBCCCCDDDD", data="dj02""#);
}

/// The messages of RFC 7804, section 5: the messages of RFC 7677 in base64, each with a line feed at its end.
const EXCHANGE: [(&str, &[u8]); 4] = [
    (
        "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8K",
        b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO\n",
    ),
    (
        concat!(
            "cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5s",
            "RixzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTYK"
        ),
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096\n",
    ),
    (
        concat!(
            "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhG",
            "SWxqKWhObEYscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQo="
        ),
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=\n",
    ),
    (
        "dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQo=",
        b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=\n",
    ),
];

#[test]
fn the_messages_of_rfc_7804_are_read_and_written() {
    let [client_first, server_first, client_final, server_final] = EXCHANGE;
    let sid = ParamValue::quoted("AAAABBBBCCCCDDDD").unwrap();
    let mut buffer = [0; 128];

    let value = format!("SCRAM-SHA-256 realm=\"testrealm@example.com\", data={}", client_first.0);
    let data = credentials(&value).unwrap().data();
    assert_eq!(data.decode(&mut buffer).unwrap(), client_first.1);

    let value = format!("SCRAM-SHA-256 sid=AAAABBBBCCCCDDDD, data={}", server_first.0);
    let data = challenge(&value).unwrap().data().unwrap();
    assert_eq!(data.decode(&mut buffer).unwrap(), server_first.1);

    // The other messages have padding without quotes. They are not tokens, so they need lenient reading.
    let value = format!("SCRAM-SHA-256 sid=AAAABBBBCCCCDDDD, data={}", client_final.0);
    assert!(proxy_auth::Credentials::parse(&value).is_err());
    let read = Credentials::read(&proxy_auth::Credentials::parse_lenient(&value).unwrap()).unwrap();
    assert_eq!(read.data().decode(&mut buffer).unwrap(), client_final.1);
    let written = Credentials::new(Hash::Sha256, client_final.1).with_sid(sid).to_string();
    assert_eq!(written, read.to_string());
    let quoted = format!("SCRAM-SHA-256 sid=\"AAAABBBBCCCCDDDD\", data=\"{}\"", client_final.0);
    assert_eq!(written, quoted);

    let value = format!("sid=AAAABBBBCCCCDDDD, data={}", server_final.0);
    assert!(AuthenticationInfo::parse(&value).is_err());
    let info = AuthenticationInfo::parse_lenient(&value).unwrap();
    let info = Info::read(&info).unwrap();
    assert_eq!(info.sid().unwrap(), sid);
    assert_eq!(info.data().decode(&mut buffer).unwrap(), server_final.1);
    assert_eq!(info.to_string(), Info::new(sid, server_final.1).to_string());
}

#[test]
fn stale_is_true_in_any_case_and_form() {
    for (value, stale) in [
        ("SCRAM-SHA-256 realm=x, sr=n, stale=true", true),
        ("SCRAM-SHA-256 realm=x, sr=n, STALE=\"TRUE\"", true),
        ("SCRAM-SHA-256 realm=x, sr=n, stale=false", false),
        ("SCRAM-SHA-256 realm=x, sr=n, stale=1", false),
        ("SCRAM-SHA-256 realm=x, sr=n", false),
    ] {
        let read = challenge(value).unwrap();
        assert_eq!(read.is_stale(), stale, "{value}");
        assert_eq!(read.others().iter().count(), 0, "{value}");
    }
    let written = Challenge::new(Hash::Sha256, "x").unwrap().with_sr("n").unwrap();
    assert_eq!(
        written.with_stale().with_ttl(Duration::from_secs(7)).to_string(),
        r#"SCRAM-SHA-256 realm="x", sr="n", ttl=7, stale=true"#
    );
    assert_eq!(written.to_string(), r#"SCRAM-SHA-256 realm="x", sr="n""#);
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_with_the_needed_length() {
    let value = r#"SCRAM-SHA-256 data="YWJjZA==""#;
    let error = credentials(value).unwrap().data().decode(&mut [0; 3]).unwrap_err();
    assert!(matches!(error, Base64Error::BufferTooSmall(error) if error.needed == 4));
    let error = Credentials::new(Hash::Sha256, b"abcd")
        .data()
        .decode(&mut [0; 3])
        .unwrap_err();
    assert!(matches!(error, Base64Error::BufferTooSmall(error) if error.needed == 4));
}

#[test]
fn invalid_parameters_are_refused() {
    assert_eq!(
        challenge("SCRAM-SHA-256 data=cj1y").unwrap_err(),
        SchemeError::Missing { param: "sid" }
    );
    assert_eq!(
        challenge("SCRAM-SHA-512 realm=x").unwrap_err(),
        SchemeError::WrongScheme
    );
    for param in ["realm", "sid", "sr", "ttl", "stale", "data"] {
        let value = format!("SCRAM-SHA-1 {param}=1, {param}=2");
        assert!(matches!(challenge(&value), Err(SchemeError::Duplicate { param: twice, .. }) if twice == param));
    }
    for ttl in ["x", "+1", "-1", "1.5", "18446744073709551616"] {
        let value = format!("SCRAM-SHA-1 ttl=\"{ttl}\"");
        assert_eq!(
            challenge(&value).unwrap_err(),
            SchemeError::Invalid {
                param: "ttl",
                offset: 16
            }
        );
    }
    assert_eq!(
        credentials("SCRAM-SHA-256 sid=a").unwrap_err(),
        SchemeError::Missing { param: "data" }
    );
    assert_eq!(
        credentials(r#"SCRAM-SHA-256 data="a b""#).unwrap_err(),
        SchemeError::Invalid {
            param: "data",
            offset: 19
        }
    );
    let info = AuthenticationInfo::parse("sid=a").unwrap();
    assert_eq!(Info::read(&info).unwrap_err(), SchemeError::Missing { param: "data" });
    let mut buffer = [0; 8];
    let decoded = credentials("SCRAM-SHA-256 data=abc")
        .unwrap()
        .data()
        .decode(&mut buffer)
        .map(<[u8]>::len);
    assert_eq!(decoded, Err(Base64Error::Invalid { offset: 22 }));
    // The offset is correct with quotes around the base64 and, in lenient reading, without.
    for (value, offset) in [("SCRAM-SHA-256 data=\"ab-d\"", 22), ("SCRAM-SHA-256 data=a-c=", 20)] {
        let read = proxy_auth::Credentials::parse_lenient(value).unwrap();
        let error = Credentials::read(&read)
            .unwrap()
            .data()
            .decode(&mut buffer)
            .unwrap_err();
        assert_eq!(error, Base64Error::Invalid { offset }, "{value}");
    }
}

#[test]
fn debug_does_not_show_messages() {
    let value = "SCRAM-SHA-256 realm=hush, data=c2VjcmV0";
    assert_eq!(format!("{:?}", credentials(value).unwrap()), "Credentials([redacted])");
    let value = "SCRAM-SHA-256 sid=1, data=c2VjcmV0";
    assert!(!format!("{:?}", challenge(value).unwrap()).contains("c2Vj"));
}

#[test]
fn unknown_parameters_are_kept() {
    let value = r#"SCRAM-SHA-1 realm="x", colour=red"#;
    assert_eq!(challenge(value).unwrap().to_string(), value);
    let value = r#"SCRAM-SHA-1 realm="x", data="YQ==", colour=red"#;
    assert_eq!(credentials(value).unwrap().to_string(), value);
}

proptest! {
    #[test]
    fn written_fields_read_back_equal(
        realm in r"[\t -~]{0,20}",
        sid in r"[ -~]{0,20}",
        sr in r"[ -~]{0,20}",
        ttl: u64,
        stale: bool,
        message in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut buffer = [0; 100];
        let mut written = Challenge::new(Hash::Sha1, &realm).unwrap().with_sr(&sr).unwrap().with_ttl(Duration::from_secs(ttl));
        if stale { written = written.with_stale(); }
        let value = written.to_string();
        let read = challenge(&value).unwrap();
        prop_assert_eq!(read.realm().unwrap(), &realm[..]);
        prop_assert_eq!(read.sr().unwrap(), &sr[..]);
        prop_assert_eq!(read.ttl(), Some(Duration::from_secs(ttl)));
        prop_assert_eq!(read.is_stale(), stale);
        prop_assert_eq!(read.to_string(), &value[..]);

        let value = Challenge::from_message(Hash::Sha256, &sid, &message).unwrap().to_string();
        let read = challenge(&value).unwrap();
        prop_assert_eq!(read.sid().unwrap(), &sid[..]);
        prop_assert_eq!(read.data().unwrap().decode(&mut buffer).unwrap(), &message);

        let sid_value = ParamValue::quoted(&sid).unwrap();
        let written = Credentials::new(Hash::Sha256, &message).with_realm(&realm).unwrap().with_sid(sid_value);
        let value = written.to_string();
        let read = credentials(&value).unwrap();
        prop_assert_eq!(read.realm().unwrap(), &realm[..]);
        prop_assert_eq!(read.sid().unwrap(), &sid[..]);
        prop_assert_eq!(read.data().decode(&mut buffer).unwrap(), &message);

        let value = Info::new(sid_value, &message).to_string();
        let info = AuthenticationInfo::parse(&value).unwrap();
        let read = Info::read(&info).unwrap();
        prop_assert_eq!(read.sid().unwrap(), &sid[..]);
        prop_assert_eq!(read.data().decode(&mut buffer).unwrap(), &message);
    }
}
