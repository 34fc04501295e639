//! Tests Basic (RFC 7617), on both sides.

#![cfg(test)]

use proxy_auth::{
    AuthParam, Base64Error, BufferTooSmall, Challenges, Credentials, Encode, ParamValue, Params, Rule, SchemeError,
    Token68, basic,
    negotiate::{self, Mechanism},
    token,
};

/// Reads `value` as a challenge of Basic.
fn challenge(value: &str) -> Result<basic::Challenge<'_>, SchemeError> {
    basic::Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

/// Decodes the user-id and the password of `value`.
fn decode(value: &str) -> Result<(Vec<u8>, Vec<u8>), SchemeError> {
    let mut buffer = [0; 256];
    let credentials = Credentials::parse(value).unwrap();
    basic::Credentials::decode(&credentials, &mut buffer)
        .map(|basic| (basic.user_id().to_vec(), basic.password().to_vec()))
}

/// Encodes `user_pass` without checking it.
fn encoded(user_pass: &[u8]) -> String {
    // Negotiate accepts any bytes, and encodes them in the same base64.
    let credentials = negotiate::Credentials::new(Mechanism::Negotiate, user_pass).unwrap();
    credentials.to_string().replacen("Negotiate", "Basic", 1)
}

// Credentials

#[test]
fn the_examples_of_rfc_7617_are_written_and_read() {
    for (user_id, password, value) in [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "Basic dGVzdDoxMjPCow=="),
    ] {
        let credentials = basic::Credentials::new(user_id, password).unwrap();
        assert_eq!(credentials.to_string(), value);
        assert_eq!(credentials.encoded_len(), value.len());
        assert_eq!(decode(value).unwrap(), (user_id.into(), password.into()));
    }
    assert_eq!(
        basic::Challenge::new("WallyWorld").unwrap().to_string(),
        "Basic realm=\"WallyWorld\""
    );
    assert_eq!(
        basic::Challenge::new("foo").unwrap().with_utf8().to_string(),
        "Basic realm=\"foo\", charset=\"UTF-8\""
    );
}

#[test]
fn user_id_and_password_may_be_empty() {
    for (user_id, password, value) in [("", "", "Basic Og=="), ("a", "", "Basic YTo="), ("", "b", "Basic OmI=")] {
        assert_eq!(basic::Credentials::new(user_id, password).unwrap().to_string(), value);
        assert_eq!(decode(value).unwrap(), (user_id.into(), password.into()));
    }
}

#[test]
fn a_password_may_contain_a_colon_but_a_user_id_may_not() {
    let value = basic::Credentials::new("a", ":b:c").unwrap().to_string();
    assert_eq!(value, encoded(b"a::b:c"));
    assert_eq!(decode(&value).unwrap(), (b"a".to_vec(), b":b:c".to_vec()));

    let error = basic::Credentials::new("ab:c", "d").unwrap_err();
    assert_eq!((error.rule(), error.offset()), (Rule::UserId, 2));
}

#[test]
fn control_characters_are_refused_on_both_sides() {
    for byte in (0..=u8::MAX).filter(u8::is_ascii_control) {
        let text = [b'a', b'b', byte];
        let error = basic::Credentials::new(&text, "c").unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::UserId, 2));
        let error = basic::Credentials::new("c", &text).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::Password, 2));

        let invalid = |rule| Err(SchemeError::InvalidContent { rule });
        assert_eq!(decode(&encoded(&[b'a', byte, b':', b'b'])), invalid(Rule::UserId));
        assert_eq!(decode(&encoded(&[b'a', b':', b'b', byte])), invalid(Rule::Password));
    }
}

#[test]
fn bytes_that_are_not_utf8_are_preserved() {
    let credentials = basic::Credentials::new(b"\xE4", b"\xFF\x80").unwrap();
    let value = credentials.to_string();
    assert_eq!(decode(&value).unwrap(), (b"\xE4".to_vec(), b"\xFF\x80".to_vec()));
    assert!(credentials.user_id_str().is_err());
    assert_eq!(basic::Credentials::new("ä", b"\xFF").unwrap().user_id_str(), Ok("ä"));
}

#[test]
fn a_value_without_a_colon_is_refused() {
    let error = decode(&encoded(b"aladdin")).unwrap_err();
    assert_eq!(error, SchemeError::InvalidContent { rule: Rule::UserPass });
    assert_eq!(error.to_string(), "invalid user-id:password in the base64");
}

#[test]
fn invalid_base64_is_refused_with_its_offset() {
    for (value, offset) in [
        ("Basic YTpiY", 11), // one character too many
        ("Basic YTo", 9),    // no padding
        ("Basic Og=", 9),    // half of the padding
        ("Basic YTpi=", 10), // superfluous padding
        ("Basic YTpi==", 10),
        ("Basic YTp=", 8),   // leftover bits
        ("Basic Oh==", 7),   // more leftover bits
        ("Basic YTp-", 9),   // url-safe
        ("Basic  Y_pi", 8),  // url-safe, and a second space
        ("Basic YTpi.", 10), // a token68, but not base64
        (" Basic YTpi~TpiYTp", 11),
    ] {
        assert_eq!(decode(value), Err(Base64Error::Invalid { offset }.into()), "{value:?}");
    }
}

#[test]
fn excess_padding_is_reported_at_the_first_excess_byte() {
    assert_eq!(decode("Basic YTo=="), Err(Base64Error::Invalid { offset: 10 }.into()));
}

#[test]
fn credentials_of_another_shape_or_scheme_are_refused() {
    assert_eq!(decode("Bearer YTpi"), Err(SchemeError::WrongScheme));
    assert_eq!(decode("Basic"), Err(SchemeError::MissingToken68));
    assert_eq!(decode("Basic user=a"), Err(SchemeError::MissingToken68));
    assert_eq!(decode("bASIC YTpi").unwrap(), (b"a".to_vec(), b"b".to_vec()));
}

#[test]
fn decoding_needs_exactly_the_reported_space() {
    for (user_pass, needed) in [("a:", 2), ("a:b", 3), ("a:bc", 4), ("a:bcd", 5), (":", 1)] {
        let value = encoded(user_pass.as_bytes());
        let credentials = Credentials::parse(&value).unwrap();
        for room in 0..needed {
            let error = basic::Credentials::decode(&credentials, &mut vec![0; room]).unwrap_err();
            assert_eq!(
                error,
                SchemeError::Base64(Base64Error::BufferTooSmall(BufferTooSmall { needed })),
                "{user_pass} {room}"
            );
        }
        let mut exact = vec![0; needed];
        assert!(
            basic::Credentials::decode(&credentials, &mut exact).is_ok(),
            "{user_pass}"
        );
    }
}

#[test]
fn long_credentials_are_preserved() {
    for len in 0..150 {
        let password = "£".repeat(len);
        let value = basic::Credentials::new("a", &password)
            .unwrap()
            .encode_string::<512>()
            .unwrap();
        let credentials = Credentials::parse(value.as_str()).unwrap();
        let mut buffer = [0; 512];
        let decoded = basic::Credentials::decode(&credentials, &mut buffer).unwrap();
        assert!(decoded.verify("a", &password), "{len}");
    }
}

#[test]
fn verify_accepts_only_the_same_bytes() {
    let credentials = basic::Credentials::new("aladdin", "open sesame").unwrap();
    assert!(credentials.verify("aladdin", "open sesame"));
    assert!(credentials.verify(b"aladdin", &b"open sesame".to_vec()));
    for (user_id, password) in [
        ("aladdin", "open sesamE"),
        ("aladdiN", "open sesame"),
        ("Aladdin", "open sesame"),
        ("aladdin", "open sesam"),
        ("aladdin", "open sesame "),
        ("aladdi", "open sesame"),
        ("aladdin2", "open sesame"),
        ("aladdin", ""),
        ("", "open sesame"),
        ("", ""),
        ("open sesame", "aladdin"),
        ("aladdinopen", " sesame"),
    ] {
        assert!(!credentials.verify(user_id, password), "{user_id} {password}");
    }
    assert!(basic::Credentials::new("", "").unwrap().verify("", ""));
}

// Challenges

#[test]
fn a_challenge_is_read_and_written() {
    let written = basic::Challenge::new("a\"b\\c").unwrap().with_utf8();
    let value = written.to_string();
    assert_eq!(value, r#"Basic realm="a\"b\\c", charset="UTF-8""#);
    let read = challenge(&value).unwrap();
    assert_eq!(read, written);
    assert_eq!(read.realm(), "a\"b\\c");
    assert_eq!(read.to_string(), value);
}

#[test]
fn a_realm_is_always_written_in_quotes() {
    let read = challenge("basic REALM=x, Charset=utf-8").unwrap();
    assert_eq!(read.realm(), "x");
    assert_eq!(read.to_string(), "Basic realm=\"x\", charset=\"UTF-8\"");
    assert_eq!(challenge("Basic realm=\"\"").unwrap().to_string(), "Basic realm=\"\"");
    assert_eq!(
        challenge(r#"Basic realm="\x\"""#).unwrap().to_string(),
        r#"Basic realm="\x\"""#
    );
}

#[test]
fn the_charset_is_read_in_any_case_and_form() {
    for charset in ["UTF-8", "utf-8", "\"UTF-8\"", "\"Utf-8\"", r#""\UTF\-8""#] {
        assert!(
            challenge(&format!("Basic realm=x, charset={charset}"))
                .unwrap()
                .is_utf8(),
            "{charset}"
        );
    }
    for charset in ["UTF8", "ISO-8859-1", "\"\"", "\" UTF-8\"", "UTF-80"] {
        assert!(
            !challenge(&format!("Basic realm=x, charset={charset}"))
                .unwrap()
                .is_utf8(),
            "{charset}"
        );
    }
    assert!(!challenge("Basic realm=x").unwrap().is_utf8());
}

#[test]
fn an_unknown_charset_is_not_written_back() {
    let read = challenge("Basic realm=x, charset=ISO-8859-1").unwrap();
    assert_eq!(read.to_string(), "Basic realm=\"x\"");
    assert_eq!(read.others(), Params::default());
}

#[test]
fn a_second_realm_or_charset_is_refused() {
    let duplicate = |param, offset| Err(SchemeError::Duplicate { param, offset });
    assert_eq!(challenge("Basic realm=x, realm=x"), duplicate("realm", 21));
    assert_eq!(challenge("Basic REALM=x, a=b, Realm=\"y\""), duplicate("realm", 26));
    assert_eq!(
        challenge("Basic charset=a, realm=x, Charset=a"),
        duplicate("charset", 34)
    );
}

#[test]
fn a_realm_is_required() {
    for value in [
        "Basic",
        "Basic charset=UTF-8",
        "Basic realm=",
        "Basic nottherealm=x",
        "Basic abc",
    ] {
        assert_eq!(
            challenge(value),
            Err(SchemeError::Missing { param: "realm" }),
            "{value}"
        );
    }
    assert_eq!(
        challenge("Basic").unwrap_err().to_string(),
        "expected the parameter \"realm\""
    );
}

#[test]
fn a_challenge_of_another_scheme_is_refused() {
    assert_eq!(challenge("Basi realm=x"), Err(SchemeError::WrongScheme));
    assert_eq!(challenge("Digest realm=x"), Err(SchemeError::WrongScheme));
}

#[test]
fn a_realm_with_a_control_character_is_refused() {
    for byte in [0, b'\r', b'\n', 0x1F, 0x7F] {
        let error = basic::Challenge::new(&[b'a', byte]).unwrap_err();
        assert_eq!((error.rule(), error.offset()), (Rule::QuotedString, 1));
    }
}

#[test]
fn other_parameters_are_kept_and_written_back() {
    let read = challenge("Basic a=1, realm=\"x\", a=\"2\", CHARSET=utf-8, b=\"\\3\"").unwrap();
    assert_eq!(read.others().to_string(), "a=1, a=\"2\", b=\"\\3\"");
    let value = read.to_string();
    assert_eq!(value, "Basic realm=\"x\", charset=\"UTF-8\", a=1, a=\"2\", b=\"\\3\"");
    assert_eq!(challenge(&value).unwrap(), read);
}

#[test]
fn other_parameters_can_be_added_but_not_those_of_basic() {
    let others = [
        AuthParam::new(token!("Realm"), ParamValue::quoted("y").unwrap()),
        AuthParam::new(token!("a"), ParamValue::token("b").unwrap()),
        AuthParam::new(token!("charset"), ParamValue::token("c").unwrap()),
    ];
    let challenge = basic::Challenge::new("x").unwrap().with_others(Params::new(&others));
    assert_eq!(challenge.to_string(), "Basic realm=\"x\", a=b");
}

#[test]
fn a_lone_token68_can_be_decoded() {
    let mut buffer = [0; 3];
    let token68 = Token68::new("/+8=").unwrap();
    assert_eq!(token68.decode_base64(&mut buffer).unwrap(), [0xFF, 0xEF]);
    assert_eq!(
        Token68::new("/-8=").unwrap().decode_base64(&mut buffer),
        Err(Base64Error::Invalid { offset: 1 })
    );
}

#[test]
fn lenient_decoding_accepts_missing_padding_and_leftover_bits() {
    for (value, user_id, password) in [
        ("Basic YTo", "a", ""),
        ("Basic YTo=", "a", ""),
        ("Basic Og", "", ""),
        ("Basic Oh==", "", ""),
        ("Basic YTp=", "a", ""),
        ("Basic YTpi", "a", "b"),
    ] {
        let credentials = Credentials::parse(value).unwrap();
        let mut buffer = [0; 3];
        let decoded = basic::Credentials::decode_lenient(&credentials, &mut buffer).unwrap();
        assert!(decoded.verify(user_id, password), "{value}");
    }
    for (value, offset) in [("Basic Y", 7), ("Basic YTp-", 9), ("Basic YTpiY", 11)] {
        let credentials = Credentials::parse(value).unwrap();
        let error = basic::Credentials::decode_lenient(&credentials, &mut [0; 8]).unwrap_err();
        assert_eq!(error, Base64Error::Invalid { offset }.into(), "{value}");
    }
}

#[test]
fn a_password_can_be_verified_alone() {
    let sent = basic::Credentials::new("aladdin", "open sesame").unwrap();
    assert!(sent.verify_password("open sesame"));
    assert!(!sent.verify_password("open barley") && !sent.verify_password("open sesam") && !sent.verify_password(""));
    assert!(basic::Credentials::new("", "").unwrap().verify_password(""));
}

/// Python's requests, urllib3 and aiohttp send ISO-8859-1 regardless of the challenge's charset.
#[test]
fn latin_1_is_accepted_only_on_request() {
    let sent = |user: &[u8], password: &[u8]| -> [bool; 3] {
        let sent = basic::Credentials::new(user, password).unwrap();
        [
            sent.verify("Jäsøn", "£ÿ"),
            sent.verify_utf8_or_latin1("Jäsøn", "£ÿ"),
            sent.verify_password_utf8_or_latin1("£ÿ"),
        ]
    };
    let (user, password) = ("Jäsøn".as_bytes(), "£ÿ".as_bytes());
    let (latin1_user, latin1_password) = (&b"J\xE4s\xF8n"[..], &b"\xA3\xFF"[..]);
    assert_eq!(sent(user, password), [true, true, true]);
    assert_eq!(sent(latin1_user, latin1_password), [false, true, true]);
    // Both must be in the same encoding.
    assert_eq!(sent(user, latin1_password), [false, false, true]);
    assert_eq!(sent(latin1_user, password), [false, false, true]);
    // These match in neither encoding.
    for (user, password) in [
        (&b"J\xE4s\xF8"[..], latin1_password),
        (b"J\xE4s\xF8nn", latin1_password),
        (b"J\xE4s\xF9n", latin1_password),
        (latin1_user, b"\xA3"),
        (latin1_user, b"\xA3\xFE"),
    ] {
        let [utf8, either, _] = sent(user, password);
        assert!(!utf8 && !either, "{user:?}");
    }
}

#[test]
fn a_character_beyond_latin_1_does_not_match_its_low_byte() {
    // The low byte of U+0141 is that of "A".
    let sent = basic::Credentials::new("A", "A").unwrap();
    assert!(!sent.verify_utf8_or_latin1("\u{141}", "\u{141}") && !sent.verify_password_utf8_or_latin1("\u{141}"));
    let sent = basic::Credentials::new("\u{141}", "\u{141}").unwrap();
    assert!(sent.verify_utf8_or_latin1("\u{141}", "\u{141}"));
}
