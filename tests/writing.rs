//! Tests construction and writing: valid values, refusals, and the written form.

#![cfg(test)]

use std::fmt::Write;

use proxy_auth::{
    AuthParam, AuthenticationInfo, BufferTooSmall, Challenge, Challenges, Credentials, Encode, InvalidInput,
    ParamValue, Rule, Scheme, StringError, Token, Token68, basic, token,
};

/// Creates the parameter `name="value"`.
fn quoted<'a>(name: &'a str, value: &'a str) -> AuthParam<'a> {
    AuthParam::new(Token::new(name).unwrap(), ParamValue::quoted(value).unwrap())
}

/// Returns the encoded bytes.
fn bytes(value: &impl Encode) -> Vec<u8> {
    let mut buffer = vec![0; value.encoded_len()];
    value.encode(&mut buffer).unwrap().to_vec()
}

// Constructing

#[test]
fn a_challenge_is_a_scheme_and_a_token68_or_parameters_or_nothing() {
    assert_eq!(Challenge::new(Scheme::Negotiate).to_string(), "Negotiate");

    let token68 = Token68::new("YWJj/+==").unwrap();
    let challenge = Challenge::from_token68(Scheme::Ntlm, token68);
    assert_eq!(challenge.to_string(), "NTLM YWJj/+==");
    assert_eq!(challenge.token68().unwrap().to_str(), "YWJj/+==");

    let params = [
        quoted("realm", "a b"),
        AuthParam::new(token!("type"), ParamValue::token("1").unwrap()),
    ];
    let challenge = Challenge::from_params(Scheme::new("X-Own").unwrap(), &params);
    assert_eq!(challenge.to_string(), r#"X-Own realm="a b", type=1"#);
    assert_eq!(challenge.realm().unwrap(), "a b");
    assert_eq!(Challenge::from_params(Scheme::Basic, &[]).to_string(), "Basic");
}

#[test]
fn credentials_are_a_scheme_and_a_token68_or_parameters_or_nothing() {
    assert_eq!(Credentials::new(Scheme::Hoba).to_string(), "HOBA");

    let token68 = Token68::new("mF_9.B5f-4.1JqM").unwrap();
    let credentials = Credentials::from_token68(Scheme::Bearer, token68);
    assert_eq!(credentials.to_string(), "Bearer mF_9.B5f-4.1JqM");

    let params = [quoted("username", "Mufasa"), quoted("realm", "x")];
    let credentials = Credentials::from_params(Scheme::Digest, &params);
    assert_eq!(credentials.to_string(), r#"Digest username="Mufasa", realm="x""#);
    assert_eq!(credentials.param("USERNAME").unwrap(), "Mufasa");
}

#[test]
fn info_is_only_parameters() {
    let params = [
        quoted("nextnonce", "a"),
        AuthParam::new(token!("nc"), token!("00000001").into()),
    ];
    assert_eq!(
        AuthenticationInfo::new(&params).to_string(),
        r#"nextnonce="a", nc=00000001"#
    );
    assert_eq!(AuthenticationInfo::new(&[]).to_string(), "");
}

#[test]
fn a_new_scheme_is_written_as_registered_and_a_read_one_as_spelled() {
    assert_eq!(
        Challenge::new(Scheme::new("NEGOTIATE").unwrap()).to_string(),
        "Negotiate"
    );
    assert_eq!(Challenge::new(Scheme::new("x-OWN").unwrap()).to_string(), "x-OWN");
    assert_eq!(Credentials::parse("BASIC  YTpi").unwrap().to_string(), "BASIC YTpi");
}

#[test]
fn some_of_the_read_parameters_can_be_written_elsewhere() {
    let challenge = Challenges::new("X a=1,realm=x ,, B = \"2\"").next().unwrap().unwrap();
    let params: Vec<_> = [quoted("realm", "y")]
        .into_iter()
        .chain(challenge.params().without(&["realm"]))
        .collect();
    let own = Challenge::from_params(Scheme::new("Own").unwrap(), &params);
    assert_eq!(bytes(&own), br#"Own realm="y", a=1, B="2""#);
}

#[test]
fn base64_of_pieces_has_padding_only_at_the_end() {
    for len in 1..200 {
        let whole = vec![0xFB; len];
        for cut in [0, 1, len / 2, len] {
            let (head, tail) = whole.split_at(cut);
            let written = bytes(&basic::Credentials::new(head, tail).unwrap());
            let mut decoded = vec![0; len + 1];
            let token68 = Token68::new(&written[6..]).unwrap();
            let expected = [head, b":", tail].concat();
            assert_eq!(token68.decode_base64(&mut decoded).unwrap(), expected, "{len} {cut}");
        }
    }
}

// Refusing

#[track_caller]
fn refuses<T>(result: Result<T, InvalidInput>, rule: Rule, offset: usize) {
    let error = result.err().map(|error| (error.rule(), error.offset()));
    assert_eq!(error, Some((rule, offset)));
}

#[test]
fn a_quoted_string_contains_no_control_character_except_tab() {
    for byte in (0..=u8::MAX).filter(u8::is_ascii_control) {
        let text = [b'a', b'"', b'\\', byte, b'\n'];
        if byte == b'\t' {
            refuses(ParamValue::quoted(&text), Rule::QuotedString, 4);
        } else {
            refuses(ParamValue::quoted(&text), Rule::QuotedString, 3);
        }
    }
    for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_control()) {
        assert!(ParamValue::quoted(&[byte]).is_ok(), "{byte}");
    }
    assert!(ParamValue::quoted("").is_ok());
}

#[test]
fn a_token_consists_of_tchars_and_is_not_empty() {
    refuses(Token::new(""), Rule::Token, 0);
    refuses(ParamValue::token(""), Rule::Token, 0);
    refuses(Scheme::new(""), Rule::Token, 0);
    for byte in 0..0x80 {
        let text = String::from_utf8(vec![b'a', b'b', byte]).unwrap();
        if byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte) {
            assert_eq!(Token::new(&text).unwrap().to_str(), text);
        } else {
            refuses(Token::new(&text), Rule::Token, 2);
            refuses(ParamValue::token(&text), Rule::Token, 2);
            refuses(Scheme::new(&text), Rule::Token, 2);
        }
    }
    refuses(Token::new("aé"), Rule::Token, 1);
}

#[test]
fn a_token68_has_equals_signs_only_at_the_end() {
    for token68 in ["a", "a=", "a==", "a====", "-._~+/AZaz09", "/"] {
        assert_eq!(Token68::new(token68).unwrap().to_str(), token68);
    }
    for (text, offset) in [
        ("", 0),
        ("=", 0),
        ("==", 0),
        ("a=b", 2),
        ("a=\r", 2),
        ("ab\n", 2),
        ("a b", 1),
        ("a,", 1),
        ("a!", 1),
        ("a\"", 1),
        ("é", 0),
    ] {
        refuses(Token68::new(text), Rule::Token68, offset);
    }
}

#[test]
fn errors_name_the_rule_but_not_the_text() {
    let message = |result: Result<ParamValue<'_>, InvalidInput>| result.unwrap_err().to_string();
    assert_eq!(
        message(ParamValue::quoted("hunter2\n")),
        "invalid quoted-string at byte 7"
    );
    assert_eq!(message(ParamValue::token("hunter 2")), "invalid token at byte 6");
    assert_eq!(
        Token68::new("a=b").unwrap_err().to_string(),
        "invalid token68 at byte 2"
    );
}

// Quoting and escaping

#[test]
fn only_quotes_and_backslashes_are_escaped() {
    for (text, written) in [
        ("", r#""""#),
        ("a", r#""a""#),
        ("\"", r#""\"""#),
        ("\\", r#""\\""#),
        ("a\"b\\c", r#""a\"b\\c""#),
        ("\\\"", r#""\\\"""#),
        ("a,\t=;'é", "\"a,\t=;'é\""),
    ] {
        let param = AuthParam::new(token!("a"), ParamValue::quoted(text).unwrap());
        assert_eq!(param.to_string(), format!("a={written}"));
        assert_eq!(param.value().to_string(), text);
        assert_eq!(bytes(&param.value()), written.as_bytes());
    }
}

#[test]
fn a_token_can_be_written_in_quotes() {
    let token = ParamValue::token("UTF-8").unwrap();
    assert_eq!(bytes(&token), b"UTF-8");
    assert_eq!(bytes(&token.to_quoted()), b"\"UTF-8\"");
    assert_eq!(bytes(&token.to_quoted().to_quoted()), b"\"UTF-8\"");
    assert_eq!(token, token.to_quoted());
    let quoted = ParamValue::quoted("a\"").unwrap();
    assert_eq!(bytes(&quoted.to_quoted()), br#""a\"""#);
}

#[test]
fn a_quoted_string_that_was_read_keeps_its_escapes() {
    let value = br#"X a="\"\b\\c", b=d, c="e""#;
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    assert_eq!(bytes(&challenge), value);
    assert_eq!(challenge.to_string().as_bytes(), value);
    let first = challenge.param("a").unwrap();
    assert_eq!(bytes(&first.to_quoted()), br#""\"\b\\c""#);
    // A new quoted-string has only the necessary escapes.
    assert_eq!(bytes(&ParamValue::quoted(&first.to_string()).unwrap()), br#""\"b\\c""#);
}

#[test]
fn bytes_that_are_not_utf8_are_encoded_verbatim_but_displayed_as_replacement_characters() {
    let value = b"X a=\"\xE9\\\xFF\", b=\"\xC3\xA9\"";
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    assert_eq!(bytes(&challenge), value);
    assert_eq!(challenge.to_string(), "X a=\"\u{FFFD}\\\u{FFFD}\", b=\"é\"");
    assert_eq!(challenge.encode_string::<64>(), Err(StringError::NotUtf8 { offset: 5 }));

    let param = AuthParam::new(token!("a"), ParamValue::quoted(b"\xE9").unwrap());
    assert_eq!(bytes(&param), b"a=\"\xE9\"");
}

#[test]
fn a_leniently_read_challenge_is_written_strictly() {
    let value = r#"Digest,realm=a"b\c,qop=,nonce="d\"e"#;
    let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
    let written = challenge.to_string();
    assert_eq!(written, r#"Digest realm="a\"b\\c", qop="", nonce="d\"e""#);
    assert_eq!(Challenges::new(&written).next().unwrap().unwrap(), challenge);
}

#[test]
fn insignificant_spelling_is_not_kept() {
    let value = " Basic ,\trealm = \"x\",, Charset=UTF-8 ,";
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    assert_eq!(challenge.to_string(), "Basic realm=\"x\", Charset=UTF-8");
}

// Sinks

#[test]
fn encoding_needs_exactly_the_reported_space() {
    let params = [quoted("a", "\"b\\"), quoted("c", "é")];
    let challenge = Challenge::from_params(Scheme::Basic, &params);
    let written = br#"Basic a="\"b\\", c="#.len() + "\"é\"".len();
    assert_eq!(challenge.encoded_len(), written);

    let mut buffer = [b'.'; 64];
    assert_eq!(challenge.encode(&mut buffer).unwrap().len(), written);
    assert!(buffer[written..].iter().all(|&byte| byte == b'.'));
    assert_eq!(
        challenge.encode(&mut buffer[..written]).unwrap(),
        challenge.to_string().as_bytes()
    );
    for room in 0..written {
        let error = challenge.encode(&mut buffer[..room]).unwrap_err();
        assert_eq!(error, BufferTooSmall { needed: written });
    }
    assert_eq!(AuthenticationInfo::new(&[]).encode(&mut []).unwrap(), b"");
}

#[test]
fn a_string_of_fixed_capacity_accepts_a_value_that_fits() {
    let token68 = Token68::new("abc=").unwrap();
    let credentials = Credentials::from_token68(Scheme::Bearer, token68);
    assert_eq!(credentials.encode_string::<11>().unwrap(), "Bearer abc=");
    assert_eq!(credentials.encode_string::<64>().unwrap(), "Bearer abc=");
    let too_long = StringError::TooLong(BufferTooSmall { needed: 11 });
    assert_eq!(credentials.encode_string::<10>(), Err(too_long));
    assert_eq!(too_long.to_string(), "the buffer is too small: 11 bytes are needed");
}

#[test]
fn display_writes_to_any_sink_and_reports_a_full_one() {
    let challenge = Challenge::new(Scheme::Negotiate);
    let mut exact = heapless::String::<9>::new();
    write!(exact, "{challenge}").unwrap();
    assert_eq!(exact, "Negotiate");
    let mut short = heapless::String::<8>::new();
    assert!(write!(short, "{challenge}").is_err());

    let params = [quoted("a", "b"), quoted("c", "d")];
    let info = AuthenticationInfo::new(&params);
    let written = info.to_string();
    for room in 0..written.len() {
        struct Room(usize);
        impl Write for Room {
            fn write_str(&mut self, text: &str) -> std::fmt::Result {
                self.0 = self.0.checked_sub(text.len()).ok_or(std::fmt::Error)?;
                Ok(())
            }
        }
        assert!(write!(Room(room), "{info}").is_err(), "{room}");
    }
}

#[test]
fn written_values_read_back_equal() {
    let params = [quoted("realm", "a\\\", Basic realm=\"b"), quoted("x", "")];
    let challenge = Challenge::from_params(Scheme::Digest, &params);
    let written = challenge.to_string();
    let read = Challenges::new(&written).collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(read, [challenge]);

    let params = [quoted("a", "\\"), quoted("b", "\"")];
    let info = AuthenticationInfo::new(&params);
    assert_eq!(AuthenticationInfo::parse(&info.to_string()).unwrap(), info);
}

#[test]
fn equality_ignores_spelling() {
    let challenge = |value| Challenges::new(value).next().unwrap().unwrap();
    assert_eq!(challenge("BASIC Realm=x"), challenge("basic realm=\"\\x\""));
    for (one, other) in [
        ("Basic realm=x", "Basic realm=X"),
        ("Basic realm=x", "Digest realm=x"),
        ("Basic realm=x", "Basic realm=x, charset=UTF-8"),
        ("Basic a=1, b=2", "Basic b=2, a=1"),
        ("Basic realm", "Basic"),
        ("Basic abc", "Basic ABC"),
        ("Basic a==", "Basic a="),
    ] {
        assert_ne!(challenge(one), challenge(other));
    }
}
