//! SCRAM-SHA-256 and SCRAM-SHA-1 (RFC 7804): the fields that carry their messages.

use proptest::prelude::*;
use proxy_auth::scram::{Challenge, Credentials, Hash, Info};
use proxy_auth::{AuthenticationInfo, Challenges, ParamValue, SchemeError};

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
    assert_eq!(second.ttl(), Some(120));
    let mut buffer = [0; 8];
    assert_eq!(second.data().unwrap().decode(&mut buffer).unwrap(), b"r=r");

    let answer = credentials("SCRAM-SHA-256 sid=AAAABBBBCCCCDDDD, data=\"Yz1iaXdz\"").unwrap();
    assert_eq!(answer.data().decode(&mut buffer).unwrap(), b"c=biws");

    let info = AuthenticationInfo::parse("sid=AAAABBBBCCCCDDDD, data=dj02").unwrap();
    let info = Info::read(&info).unwrap();
    assert_eq!(info.data().decode(&mut buffer).unwrap(), b"v=6");
    assert_eq!(info.to_string(), r#"sid="AAAABBBBCCCCDDDD", data="dj02""#);
}

#[test]
fn what_breaks_the_rules_is_refused() {
    assert_eq!(
        challenge("SCRAM-SHA-256 data=cj1y").unwrap_err(),
        SchemeError::Missing { param: "sid" }
    );
    assert_eq!(
        challenge("SCRAM-SHA-512 realm=x").unwrap_err(),
        SchemeError::WrongScheme
    );
    for param in ["realm", "sid", "sr", "ttl", "data"] {
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
    assert_eq!(decoded, Err(SchemeError::InvalidBase64 { offset: 22 }));
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
    fn what_is_written_reads_back_equal(
        realm in r"[\t -~]{0,20}",
        sid in r"[ -~]{0,20}",
        sr in r"[ -~]{0,20}",
        ttl: u64,
        message in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let mut buffer = [0; 100];
        let value = Challenge::new(Hash::Sha1, &realm).unwrap().with_sr(&sr).unwrap().with_ttl(ttl).to_string();
        let read = challenge(&value).unwrap();
        prop_assert_eq!(read.realm().unwrap(), &realm[..]);
        prop_assert_eq!(read.sr().unwrap(), &sr[..]);
        prop_assert_eq!(read.ttl(), Some(ttl));
        prop_assert_eq!(read.to_string(), &value[..]);

        let value = Challenge::with_message(Hash::Sha256, &sid, &message).unwrap().to_string();
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
