//! Tests the fields of Digest (RFC 7616): reading, refusals, and writing.

use proptest::prelude::*;
use proxy_auth::digest::{Algorithm, Challenge, Credentials, Info, Proof, Qop, QopOptions, Username};
use proxy_auth::{AuthParam, AuthenticationInfo, Challenges, ParamValue, Params, Rule, SchemeError, token};

fn challenge(value: &str) -> Result<Challenge<'_>, SchemeError> {
    Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

fn credentials(value: &str) -> Result<Credentials<'_>, SchemeError> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap())
}

fn info(value: &str) -> Result<Info<'_>, SchemeError> {
    Info::read(&AuthenticationInfo::parse(value).unwrap())
}

const RESPONSE: &str = "8ca523f5e9506fed4657c9700eebdbec";

fn proof<'a>(username: Username<'a>, realm: &'a str, nonce: &'a str, uri: &'a str) -> Proof<'a> {
    Proof {
        username,
        realm: realm.as_bytes(),
        nonce: nonce.as_bytes(),
        uri: uri.as_bytes(),
        response: RESPONSE.as_bytes(),
    }
}

/// Returns credentials with the required parameters, followed by `params`.
fn with(params: &str) -> String {
    format!("Digest username=u, realm=r, nonce=n, uri=\"/\", response={RESPONSE}{params}")
}

#[test]
fn the_examples_of_rfc_7616_are_read() {
    let value = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
                 nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", \
                 opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true";
    let asked = challenge(value).unwrap();
    assert_eq!(asked.realm(), "api@example.org");
    assert_eq!(asked.nonce(), "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK");
    assert_eq!(asked.opaque().unwrap(), "HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS");
    assert_eq!(asked.algorithm(), Algorithm::Sha512_256);
    assert_eq!(asked.qop(), Some(QopOptions::AUTH));
    assert!(asked.is_utf8() && asked.is_userhash() && !asked.is_stale());

    let value = "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"api@example.org\", uri=\"/doe.json\", \
                 algorithm=SHA-512-256, nonce=\"5TsQ\", nc=00000001, cnonce=\"NTg6\", qop=auth, \
                 response=\"ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd\", opaque=\"HRPC\", \
                 userhash=false";
    let answer = credentials(value).unwrap();
    assert_eq!(answer.username(), *"J\u{E4}s\u{F8}n Doe");
    assert!(answer.username().is_extended() && !answer.is_userhash());
    assert_eq!((answer.nc(), answer.qop()), (Some(1), Some(Qop::Auth)));
    assert_eq!(answer.cnonce().unwrap(), "NTg6");
}

#[test]
fn algorithms_are_read_in_any_case_and_form() {
    for (name, algorithm) in [
        ("md5", Algorithm::Md5),
        ("\"MD5-SESS\"", Algorithm::Md5Sess),
        ("sha-256", Algorithm::Sha256),
        ("SHA-256-sess", Algorithm::Sha256Sess),
        ("\"SHA-512-256\"", Algorithm::Sha512_256),
        ("sha-512-256-sess", Algorithm::Sha512_256Sess),
    ] {
        let value = format!("Digest realm=r, nonce=n, algorithm={name}");
        assert_eq!(challenge(&value).unwrap().algorithm(), algorithm);
    }
    assert_eq!(
        challenge("Digest realm=r, nonce=n").unwrap().algorithm(),
        Algorithm::Md5
    );
    let error = challenge("Digest realm=r, nonce=n, algorithm=SHA-512").unwrap_err();
    assert_eq!(
        error,
        SchemeError::Invalid {
            param: "algorithm",
            offset: 35
        }
    );
    let error = credentials(&with(", algorithm=x")).unwrap_err();
    assert!(matches!(error, SchemeError::Invalid { param: "algorithm", .. }));
}

#[test]
fn qop_is_a_list_in_any_order_and_case() {
    let qop =
        |list: &str| challenge(&format!("Digest realm=r, nonce=n, qop=\"{list}\"")).map(|challenge| challenge.qop());
    for list in ["auth-int,auth", "AUTH , Auth-Int", "crazy, auth,,auth-int"] {
        assert_eq!(qop(list), Ok(Some(QopOptions::AUTH_AND_AUTH_INT)), "{list}");
    }
    assert_eq!(qop("crazy, auth"), Ok(Some(QopOptions::AUTH)));
    assert_eq!(qop("auth-int"), Ok(Some(QopOptions::AUTH_INT)));
    for list in ["", "crazy", "auth-", "xauth", "auth auth-int"] {
        assert_eq!(
            qop(list),
            Err(SchemeError::Invalid {
                param: "qop",
                offset: 29
            }),
            "{list}"
        );
    }
    assert_eq!(challenge("Digest realm=r, nonce=n").unwrap().qop(), None);
    assert_eq!(
        challenge("Digest realm=r, nonce=n, qop=auth").unwrap().qop(),
        Some(QopOptions::AUTH)
    );
}

#[test]
fn flags_are_true_in_any_case_and_form_and_otherwise_false() {
    for (flag, set) in [
        ("TRUE", true),
        ("\"true\"", true),
        ("false", false),
        ("1", false),
        ("\"tru\\e\"", true),
    ] {
        let value = format!("Digest realm=r, nonce=n, stale={flag}, userhash={flag}");
        let asked = challenge(&value).unwrap();
        assert_eq!((asked.is_stale(), asked.is_userhash()), (set, set), "{flag}");
    }
    assert!(
        challenge("Digest realm=r, nonce=n, charset=\"utf-8\"")
            .unwrap()
            .is_utf8()
    );
    assert!(!challenge("Digest realm=r, nonce=n, charset=latin1").unwrap().is_utf8());
}

#[test]
fn a_domain_is_a_list_of_uris() {
    let asked = challenge("Digest realm=r, nonce=n, domain=\"/a  http://b.example/c\"").unwrap();
    assert_eq!(asked.domain_uris().collect::<Vec<_>>(), ["/a", "http://b.example/c"]);
    assert_eq!(challenge("Digest realm=r, nonce=n").unwrap().domain_uris().count(), 0);
}

#[test]
fn a_missing_required_parameter_is_refused() {
    for (value, param) in [
        ("Digest nonce=n", "realm"),
        ("Digest realm=r", "nonce"),
        ("Digest", "realm"),
    ] {
        assert_eq!(challenge(value).unwrap_err(), SchemeError::Missing { param });
    }
    for param in ["username", "realm", "nonce", "uri", "response"] {
        let value = with("").replace(&format!("{param}="), "x=");
        assert_eq!(credentials(&value).unwrap_err(), SchemeError::Missing { param });
    }
    assert_eq!(
        credentials(&with(", qop=auth, nc=00000001")).unwrap_err(),
        SchemeError::Missing { param: "cnonce" }
    );
    assert_eq!(
        credentials(&with(", qop=auth, cnonce=x")).unwrap_err(),
        SchemeError::Missing { param: "nc" }
    );
    // RFC 2069 has no qop.
    assert_eq!(credentials(&with("")).unwrap().qop(), None);
    assert_eq!(challenge("Basic realm=r").unwrap_err(), SchemeError::WrongScheme);
    assert_eq!(credentials("Basic abc").unwrap_err(), SchemeError::WrongScheme);
}

#[test]
fn a_second_known_parameter_is_refused() {
    let twice = |param: &str| format!(", {param}=1, {}=2", param.to_uppercase());
    for param in [
        "realm",
        "nonce",
        "domain",
        "opaque",
        "stale",
        "algorithm",
        "qop",
        "charset",
        "userhash",
    ] {
        let error = challenge(&format!("Digest x=1, x=2{}", twice(param))).unwrap_err();
        assert!(
            matches!(error, SchemeError::Duplicate { param: name, .. } if name == param),
            "{param}: {error:?}"
        );
    }
    for param in [
        "username",
        "username*",
        "realm",
        "nonce",
        "uri",
        "response",
        "cnonce",
        "opaque",
        "algorithm",
        "qop",
        "nc",
        "userhash",
    ] {
        let error = credentials(&format!("Digest x=1, x=2{}", twice(param))).unwrap_err();
        assert!(
            matches!(error, SchemeError::Duplicate { param: name, .. } if name == param),
            "{param}: {error:?}"
        );
    }
    for param in ["nextnonce", "rspauth", "cnonce", "qop", "nc"] {
        let error = info(&format!("x=1, x=2{}", twice(param))).unwrap_err();
        assert!(
            matches!(error, SchemeError::Duplicate { param: name, .. } if name == param),
            "{param}: {error:?}"
        );
    }
}

#[test]
fn a_name_is_read_from_username_or_its_extended_form() {
    let named = |params: &str| format!("Digest {params}, realm=r, nonce=n, uri=\"/\", response={RESPONSE}");
    for (params, name) in [
        ("username=\"a\\\"b\"", "a\"b"),
        ("username*=UTF-8''a%22b", "a\"b"),
        ("username*=utf-8'en-GB'%e2%82%AC%20", "\u{20AC} "),
        ("username*=\"UTF-8''a\"", "a"),
        ("username*=UTF-8''", ""),
    ] {
        let value = named(params);
        let read = credentials(&value).unwrap();
        assert_eq!(read.username(), *name, "{params}");
        let mut buffer = [0; 8];
        assert_eq!(read.username().copy_to(&mut buffer).unwrap(), name.as_bytes());
        let written = read.to_string();
        assert_eq!(credentials(&written).unwrap().username(), *name);
    }
    for params in [
        "username*=a",
        "username*=UTF-8'a",
        "username*=ISO-8859-1''a",
        // An invalid language would be written verbatim.
        "username*=\"UTF-8'en, realm=b, x='a\"",
        "username*=\"UTF-8'e\u{F0}'a\"",
        "username*=\"UTF-8'e n'a\"",
        "username*=UTF-8''%4",
        "username*=UTF-8''%",
        "username*=UTF-8''%zz",
        "username*=\"UTF-8''a b\"",
        "username*=\"UTF-8''a\\b\"",
        "username*=UTF-8''a*b",
        "username*=UTF-8''a'b",
    ] {
        let error = credentials(&named(params)).unwrap_err();
        assert_eq!(
            error,
            SchemeError::Invalid {
                param: "username*",
                offset: 17
            },
            "{params}"
        );
    }
    let error = credentials(&named("username=a, username*=UTF-8''a")).unwrap_err();
    assert_eq!(
        error,
        SchemeError::Duplicate {
            param: "username",
            offset: 29
        }
    );
    let too_small = Username::new("four").unwrap().copy_to(&mut [0; 3]).unwrap_err();
    assert_eq!(too_small.needed, 4);
}

#[test]
fn nc_and_response_have_a_fixed_number_of_digits() {
    for (nc, count) in [("0000000a", 10), ("FFFFFFFF", u32::MAX), ("\"00000001\"", 1)] {
        let value = with(&format!(", qop=auth, cnonce=x, nc={nc}"));
        assert_eq!(credentials(&value).unwrap().nc(), Some(count));
    }
    for nc in ["1", "000000001", "+0000001", "0000000g", "\"\""] {
        let error = credentials(&with(&format!(", nc={nc}"))).unwrap_err();
        assert!(matches!(error, SchemeError::Invalid { param: "nc", .. }), "{nc}");
    }
    for response in ["abc", "\"\"", &"0".repeat(64), &"g".repeat(32), &"0".repeat(31)] {
        let value = with("").replace(RESPONSE, response);
        assert!(
            matches!(credentials(&value), Err(SchemeError::Invalid { param: "response", .. })),
            "{response}"
        );
    }
    let sha_256 = with(", algorithm=SHA-256").replace(RESPONSE, &"0".repeat(64));
    assert!(credentials(&sha_256).is_ok());
    assert!(credentials(&with(", algorithm=SHA-256")).is_err());
}

#[test]
fn nonces_of_64_kib_are_read() {
    let long = "n".repeat(64 << 10);
    let value =
        with(&format!(", cnonce=\"{long}\", opaque=\"{long}\"")).replace("nonce=n,", &format!("nonce=\"{long}\","));
    let read = credentials(&value).unwrap();
    assert_eq!((read.nonce().len(), read.cnonce().unwrap().len()), (64 << 10, 64 << 10));
    assert_eq!(read.nonce().copy_to(&mut [0; 16]).unwrap_err().needed, 64 << 10);
}

#[test]
fn each_parameter_is_written_in_its_standard_form() {
    let read = challenge(
        "Digest USERHASH=\"true\", charset=\"UTF-8\", qop=auth, algorithm=\"MD5\", stale=\"true\", opaque=o, domain=d, nonce=n, realm=r",
    );
    assert_eq!(
        read.unwrap().to_string(),
        "Digest realm=\"r\", domain=\"d\", nonce=\"n\", opaque=\"o\", stale=true, algorithm=MD5, qop=\"auth\", \
         charset=UTF-8, userhash=true"
    );
    let value = with(", cnonce=c, nc=\"0000000A\", qop=\"auth\", algorithm=\"MD5\", opaque=o, userhash=\"true\", x=y");
    assert_eq!(
        credentials(&value).unwrap().to_string(),
        format!(
            "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"{RESPONSE}\", algorithm=MD5, \
             cnonce=\"c\", opaque=\"o\", qop=auth, nc=0000000a, userhash=true, x=y"
        )
    );
    let read = info("nc=00000001, qop=\"auth\", cnonce=c, rspauth=r, nextnonce=n, x=y").unwrap();
    assert_eq!(
        read.to_string(),
        "nextnonce=\"n\", rspauth=\"r\", cnonce=\"c\", qop=auth, nc=00000001, x=y"
    );
}

#[test]
fn debug_does_not_show_credentials() {
    let value = with("").replace("username=u", "username=hush");
    let read = credentials(&value).unwrap();
    assert_eq!(
        format!("{read:?} {:?}", read.username()),
        "Credentials([redacted]) Username([redacted])"
    );
    assert_eq!(format!("{:?}", info("rspauth=hush").unwrap()), "Info([redacted])");
}

#[test]
fn control_characters_are_refused() {
    assert_eq!(Challenge::new("a\nb", "n").unwrap_err().offset(), 1);
    assert_eq!(Challenge::new("r", "\0").unwrap_err().offset(), 0);
    let challenge = Challenge::new("r", "n").unwrap();
    assert!(challenge.with_opaque("\r").is_err() && challenge.with_domain("\x7F").is_err());
    let name = Username::new("a").unwrap();
    assert!(Credentials::new(&proof(name, "r", "n", "/\n")).is_err());
    assert!(
        Credentials::new(&proof(name, "r", "n", "/"))
            .unwrap()
            .with_qop(Qop::Auth, "\0", 1)
            .is_err()
    );
    assert!(Username::plain("a\r").is_err());
    assert!(Info::new().with_nextnonce("\n").is_err());
}

/// If it was written as `username*`, such a name could not be read back.
#[test]
fn a_name_with_control_characters_beyond_ascii_is_refused() {
    for (name, offset) in [("a\u{80}", 1), ("ä\u{85}", 2), ("ä\u{9F}b", 2)] {
        let error = Username::new(name).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::UserId, offset), "{name:?}");
    }
    assert!(Username::new("a\u{A0}").is_ok());
}

#[test]
fn a_percent_encoded_name_must_be_utf8_without_control_characters() {
    let read = |ext_value: &str| {
        let value = with("").replace("username=u", &format!("username*=UTF-8''{ext_value}"));
        credentials(&value).map(|credentials| credentials.username().to_string())
    };
    assert_eq!(read("J%C3%A4s%C3%B8n%20Doe").unwrap(), "Jäsøn Doe");
    for bad in [
        "a%0D%0AX",
        "%00",
        "%7F",
        "a%09",
        "%C2%85",
        "%E4",
        "%C3",
        "%C3x",
        "%ED%A0%80",
        "%F4%90%80%80",
        "a%C3%A4%A4",
    ] {
        let error = read(bad).unwrap_err();
        assert!(
            matches!(error, SchemeError::Invalid { param: "username*", .. }),
            "{bad}"
        );
    }
    // It is also written in percent-encoding.
    let name = Username::new("ä:");
    assert!(name.is_err());
    let value = Credentials::new(&proof(Username::new("ä").unwrap(), "r", "n", "/"))
        .unwrap()
        .to_string();
    assert!(value.starts_with("Digest username*=UTF-8''%C3%A4, "));
}

proptest! {
    #[test]
    fn a_challenge_reads_back_equal(
        texts in prop::array::uniform4(r"[\t -~\u{80}-\u{FF}]{0,12}"),
        algorithm in prop::option::of(prop::sample::select(vec![Algorithm::Md5, Algorithm::Sha256Sess, Algorithm::Sha512_256])),
        qop in prop::option::of(prop::sample::select(vec![QopOptions::AUTH, QopOptions::AUTH_INT, QopOptions::AUTH_AND_AUTH_INT])),
        flags: [bool; 3], more: bool,
    ) {
        let [realm, nonce, opaque, domain] = &texts;
        let others = [AuthParam::new(token!("x"), ParamValue::quoted(opaque).unwrap())];
        let mut written = Challenge::new(realm, nonce).unwrap();
        if let Some(algorithm) = algorithm { written = written.with_algorithm(algorithm); }
        if let Some(qop) = qop { written = written.with_qop(qop); }
        if flags[0] { written = written.with_stale(); }
        if flags[1] { written = written.with_utf8(); }
        if flags[2] { written = written.with_userhash(); }
        if more {
            written = written.with_opaque(opaque).unwrap().with_domain(domain).unwrap().with_others(Params::new(&others));
        }
        let value = written.to_string();
        prop_assert_eq!(challenge(&value).unwrap(), written);
    }

    #[test]
    fn credentials_read_back_equal(
        name in r"[^\pC:]{0,12}",
        texts in prop::array::uniform4(r"[\t -~\u{80}-\u{FF}]{0,12}"),
        nc: u32, int: bool, with_qop: bool, userhash: bool,
    ) {
        let [realm, nonce, uri, cnonce] = &texts;
        let mut written = Credentials::new(&proof(Username::new(&name).unwrap(), realm, nonce, uri)).unwrap();
        let qop = if int { Qop::AuthInt } else { Qop::Auth };
        if with_qop { written = written.with_qop(qop, cnonce, nc).unwrap().with_algorithm(Algorithm::Md5Sess); }
        if userhash { written = written.with_userhash(); }
        let value = written.to_string();
        let read = credentials(&value).unwrap();
        prop_assert!(read.username() == *name && read.realm() == **realm && read.nonce() == **nonce);
        prop_assert!(read.uri() == **uri && read.response() == *RESPONSE && read.is_userhash() == userhash);
        prop_assert_eq!(read.qop(), with_qop.then_some(qop));
        prop_assert_eq!(read.nc(), with_qop.then_some(nc));
        prop_assert_eq!(read.cnonce(), written.cnonce());
        prop_assert_eq!(read.algorithm(), written.algorithm());
        prop_assert_eq!(read.to_string(), value);
    }

    #[test]
    fn info_reads_back_equal(next in r"[ -~]{0,12}", rspauth in "[0-9a-f]{32}", cnonce in r"[ -~]{0,12}", nc: u32) {
        let asked = Credentials::new(&proof(Username::new("u").unwrap(), "r", "n", "/")).unwrap();
        let asked = asked.with_qop(Qop::Auth, &cnonce, nc).unwrap();
        let written = Info::new().with_nextnonce(&next).unwrap().with_rspauth(&rspauth, &asked).unwrap();
        let value = written.to_string();
        let read = info(&value).unwrap();
        prop_assert!(read.nextnonce().unwrap() == *next && read.rspauth().unwrap() == *rspauth);
        prop_assert!(read.cnonce().unwrap() == *cnonce && read.nc() == Some(nc) && read.qop() == Some(Qop::Auth));
        prop_assert_eq!(read.to_string(), value);
    }
}
