//! Tests the fields of Digest without any feature.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use proxy_auth::digest::{Algorithm, Challenge, Credentials, Info, Proof, Qop, QopOptions, Username};
use proxy_auth::{AuthParam, Encode, ParamValue, Params, token};

use crate::{challenge, credentials, info};

const NONCE: &str = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const OPAQUE: &str = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";

#[test]
fn both_challenges_and_answers_of_rfc_7616_3_9_1_are_read() {
    for (algorithm, response) in [
        (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
        (
            Algorithm::Sha256,
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        let value = format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
             nonce=\"{NONCE}\", opaque=\"{OPAQUE}\""
        );
        let read = challenge(&value).unwrap();
        assert_eq!(read.realm(), "http-auth@example.org");
        assert_eq!(read.nonce(), NONCE);
        assert_eq!(read.opaque().unwrap(), OPAQUE);
        assert_eq!(read.qop(), Some(QopOptions::AUTH_AND_AUTH_INT));
        assert_eq!(read.algorithm(), algorithm);
        assert!(!read.is_stale() && !read.is_utf8() && !read.is_userhash());
        assert!(read.domain().is_none());
        assert_eq!(read.others().iter().count(), 0);

        let value = format!(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
             algorithm={algorithm}, nonce=\"{NONCE}\", nc=00000001, cnonce=\"{CNONCE}\", qop=auth, \
             response=\"{response}\", opaque=\"{OPAQUE}\""
        );
        let read = credentials(&value).unwrap();
        assert_eq!(read.username(), *"Mufasa");
        assert_eq!(read.realm(), "http-auth@example.org");
        assert_eq!(read.uri(), "/dir/index.html");
        assert_eq!(read.algorithm(), algorithm);
        assert_eq!(read.nonce(), NONCE);
        assert_eq!(read.nc(), Some(1));
        assert_eq!(read.cnonce().unwrap(), CNONCE);
        assert_eq!(read.qop(), Some(Qop::Auth));
        assert_eq!(read.response(), response);
        assert_eq!(read.opaque().unwrap(), OPAQUE);
        assert!(!read.username().is_extended() && !read.is_userhash());
    }
}

/// Uses the challenges in curl's tests, by number. The corpus contains them, too, as cases of the generic grammar.
#[test]
fn the_challenges_of_curls_tests_are_read() {
    let plain = |realm, nonce| Challenge::new(realm, nonce).unwrap();
    let auth = QopOptions::AUTH;
    for (number, value, expected) in [
        (
            1060,
            r#"Digest realm="weirdorealm", nonce="12345""#,
            plain("weirdorealm", "12345"),
        ),
        (
            1095,
            r#"Digest realm="test \"this\" realm!!", nonce="1053604145""#,
            plain("test \"this\" realm!!", "1053604145"),
        ),
        (
            1286,
            r#"Digest realm="testrealm", nonce="1053604144", qop="auth""#,
            plain("testrealm", "1053604144").with_qop(auth),
        ),
        (
            153,
            r#"Digest realm="testrealm", algorithm=MD5, nonce="999999", stale=true, qop="auth""#,
            plain("testrealm", "999999")
                .with_algorithm(Algorithm::Md5)
                .with_stale()
                .with_qop(auth),
        ),
        (
            169,
            r#"Digest realm="r e a l m", nonce="abcdef""#,
            plain("r e a l m", "abcdef"),
        ),
        (
            2059,
            r#"Digest realm="testrealm", algorithm="SHA-256", nonce="1053604144", userhash=true"#,
            plain("testrealm", "1053604144")
                .with_algorithm(Algorithm::Sha256)
                .with_userhash(),
        ),
        (
            2065,
            r#"Digest realm="testrealm", nonce="2053604145", algorithm="SHA-512-256""#,
            plain("testrealm", "2053604145").with_algorithm(Algorithm::Sha512_256),
        ),
        (
            388,
            r#"Digest realm="testrealm", algorithm=MD5, nonce="999999", stale=true, qop="crazy, auth""#,
            plain("testrealm", "999999")
                .with_algorithm(Algorithm::Md5)
                .with_stale()
                .with_qop(auth),
        ),
    ] {
        assert_eq!(challenge(value).unwrap(), expected, "test {number}");
    }
}

#[test]
fn a_value_with_escapes_is_unescaped_but_written_unchanged() {
    let value = r#"Digest realm="\a\"b\\\"", nonce="\n", opaque="o\ ""#;
    let read = challenge(value).unwrap();
    assert_eq!(read.realm(), "a\"b\\\"");
    assert_eq!(read.nonce(), "n");
    assert_eq!(read.opaque().unwrap(), "o ");
    assert_eq!(read.to_string(), value);

    let value = format!(
        r#"Digest username="\u\"", realm="\r", nonce="\n", uri="\/", response="{}", cnonce="\\", x="\y""#,
        "0".repeat(32)
    );
    let read = credentials(&value).unwrap();
    assert_eq!(read.username(), *"u\"");
    assert_eq!(read.uri(), "/");
    assert_eq!(read.cnonce().unwrap(), "\\");
    assert_eq!(read.to_string(), value);
    // Escaped digits are refused.
    for (digits, escaped) in [
        ("response=\"0", "response=\"\\0"),
        ("cnonce=", "nc=\"\\00000001\", cnonce="),
    ] {
        assert!(credentials(&value.replace(digits, escaped)).is_err(), "{escaped}");
    }
}

#[test]
fn nonces_of_64_kib_are_read_from_challenges_and_info() {
    let long = "\\n".repeat(64 << 10);
    let value = format!("Digest realm=r, nonce=\"{long}\", opaque=\"{long}\"");
    let read = challenge(&value).unwrap();
    assert_eq!(read.nonce().len(), 64 << 10);
    assert_eq!(read.to_string().len(), read.encoded_len());
    let value = format!("nextnonce=\"{long}\", cnonce=\"{long}\"");
    let read = info(&value).unwrap();
    assert_eq!(read.nextnonce().unwrap(), read.cnonce().unwrap());
    assert_eq!(read.encode(&mut [0; 8]).unwrap_err().needed, value.len());
}

/// `debug.rs` tests the same of generic credentials.
#[test]
fn debug_hides_values_of_read_and_constructed_credentials() {
    let response = "0123456789abcdef".repeat(2);
    let others = [AuthParam::new(token!("x"), ParamValue::quoted("hush").unwrap())];
    let built = Credentials::new(&Proof {
        username: Username::new("hush").unwrap(),
        realm: b"hush",
        nonce: b"hush",
        uri: b"hush",
        response: response.as_bytes(),
    })
    .unwrap()
    .with_qop(Qop::Auth, "hush", 1)
    .unwrap()
    .with_opaque(ParamValue::quoted("hush").unwrap())
    .with_others(Params::new(&others));
    let value = built.to_string();
    for (how, credentials) in [("read", credentials(&value).unwrap()), ("constructed", built)] {
        let shown = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            credentials.username(),
            credentials.realm(),
            credentials.nonce(),
            credentials.uri(),
            credentials.response(),
            credentials.cnonce(),
            credentials.opaque(),
            credentials.others(),
        );
        assert!(!shown.contains("hush") && !shown.contains(&response), "{how}: {shown}");
    }
}

/// Generates bytes that a quoted-string can contain, in any encoding or none.
fn arb_text() -> impl Strategy<Value = Vec<u8>> {
    let is_text = |byte: &u8| *byte == b'\t' || !byte.is_ascii_control();
    let any_text = select((0..=u8::MAX).filter(is_text).collect::<Vec<_>>());
    vec(prop_oneof![select(b"\"\\\t ,=%'".to_vec()), any_text], 0..12)
}

fn encoded(value: &impl Encode) -> Vec<u8> {
    let mut buffer = vec![0; value.encoded_len()];
    assert_eq!(value.encode(&mut buffer).unwrap().len(), value.encoded_len());
    buffer
}

/// Returns a configuration that writes no files. The output of a failure contains the whole case.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn challenges_of_any_bytes_read_back_equal(
        realm in arb_text(),
        nonce in arb_text(),
        domain in option::of(arb_text()),
        opaque in option::of(arb_text()),
        other in option::of(arb_text()),
    ) {
        let params: Vec<_> = other.iter().map(|other| {
            AuthParam::new(token!("other"), ParamValue::quoted(other).unwrap())
        }).collect();
        let mut written = Challenge::new(&realm, &nonce).unwrap().with_others(Params::new(&params));
        if let Some(domain) = &domain { written = written.with_domain(domain).unwrap(); }
        if let Some(opaque) = &opaque { written = written.with_opaque(opaque).unwrap(); }
        let value = encoded(&written);
        let read = challenge(&value).unwrap();
        prop_assert_eq!(read, written);
        prop_assert_eq!(read.realm().unescaped().collect::<Vec<_>>(), realm);
        prop_assert_eq!(read.nonce().unescaped().collect::<Vec<_>>(), nonce);
        prop_assert_eq!(read.domain().map(|value| value.unescaped().collect::<Vec<_>>()), domain);
        prop_assert_eq!(read.opaque().map(|value| value.unescaped().collect::<Vec<_>>()), opaque);
        prop_assert_eq!(read.others().get("other").map(|value| value.unescaped().collect::<Vec<_>>()), other);
        prop_assert_eq!(encoded(&read), value);
    }

    #[test]
    fn credentials_of_any_bytes_read_back_equal(
        [name, realm, nonce, uri] in prop::array::uniform4(arb_text()),
        cnonce in option::of(arb_text()),
        opaque in option::of(arb_text()),
        response in "[0-9a-fA-F]{64}",
    ) {
        let opaque = opaque.as_ref().map(|opaque| ParamValue::quoted(opaque).unwrap());
        // A name contains neither colons nor tabs.
        let name: Vec<u8> = name.into_iter().filter(|byte| !b":\t".contains(byte)).collect();
        let mut written = Credentials::new(&Proof {
            username: Username::plain(&name).unwrap(),
            realm: &realm,
            nonce: &nonce,
            uri: &uri,
            response: response.as_bytes(),
        })
            .unwrap()
            .with_algorithm(Algorithm::Sha512_256);
        if let Some(cnonce) = &cnonce { written = written.with_qop(Qop::AuthInt, cnonce, 7).unwrap(); }
        if let Some(opaque) = opaque { written = written.with_opaque(opaque); }
        let value = encoded(&written);
        let read = credentials(&value).unwrap();
        prop_assert_eq!(read.username().bytes().collect::<Vec<_>>(), name);
        prop_assert_eq!(read.realm().unescaped().collect::<Vec<_>>(), realm);
        prop_assert_eq!(read.nonce().unescaped().collect::<Vec<_>>(), nonce);
        prop_assert_eq!(read.uri().unescaped().collect::<Vec<_>>(), uri);
        prop_assert_eq!(read.cnonce().map(|value| value.unescaped().collect::<Vec<_>>()), cnonce);
        prop_assert_eq!(read.opaque(), opaque);
        prop_assert_eq!(read.response(), &*response);
        prop_assert_eq!(encoded(&read), value);
    }

    #[test]
    fn info_of_any_bytes_reads_back_equal(next in option::of(arb_text()), other in arb_text()) {
        let params = [AuthParam::new(token!("other"), ParamValue::quoted(&other).unwrap())];
        let mut written = Info::new().with_others(Params::new(&params));
        if let Some(next) = &next { written = written.with_nextnonce(next).unwrap(); }
        let value = encoded(&written);
        let read = info(&value).unwrap();
        prop_assert_eq!(read.nextnonce().map(|value| value.unescaped().collect::<Vec<_>>()), next);
        prop_assert_eq!(read.others(), Params::new(&params));
        prop_assert_eq!(encoded(&read), value);
    }

    /// Parameters of the scheme itself are omitted from the others, in any case, so that there are no duplicates.
    #[test]
    fn written_fields_read_back_with_any_other_parameters(names in vec("[a-zA-Z*]{1,3}|NonCe|realm|QOP|nc|uri|Username[*]?", 0..6)) {
        let params: Vec<_> = names.iter().map(|name| {
            AuthParam::new(proxy_auth::Token::new(name).unwrap(), ParamValue::quoted("x").unwrap())
        }).collect();
        let others = Params::new(&params);
        let value = Challenge::new("r", "n").unwrap().with_others(others).to_string();
        prop_assert_eq!(challenge(&value).unwrap().realm(), "r");
        let response = "0".repeat(32);
        let value = Credentials::new(&Proof {
            username: Username::new("u").unwrap(),
            realm: b"r",
            nonce: b"n",
            uri: b"/",
            response: response.as_bytes(),
        }).unwrap().with_others(others).to_string();
        prop_assert_eq!(credentials(&value).unwrap().uri(), "/");
        let value = Info::new().with_nextnonce("n").unwrap().with_others(others).to_string();
        prop_assert_eq!(info(&value).unwrap().nextnonce().unwrap(), "n");
    }
}
