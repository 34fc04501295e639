//! Tests that bugs of other implementations do not occur here.

#![cfg(test)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use proxy_auth::{
    AuthenticationInfo, Base64Error, Challenge, ChallengeResponse, Challenges, Credentials, Encode, FieldLine,
    ParamValue, ParseErrorKind, Rule, Scheme, SchemeError, Token68, basic,
};

// Superlinear time: urllib's Basic parser (CVE-2020-8492, CVE-2021-3733)

/// Reads `value` with each grammar, and looks at all parameters.
fn read(value: &str, lenient: bool) {
    let (challenges, credentials, info) = if lenient {
        (
            Challenges::new(value).lenient(),
            Credentials::parse_lenient(value),
            AuthenticationInfo::parse_lenient(value),
        )
    } else {
        (
            Challenges::new(value),
            Credentials::parse(value),
            AuthenticationInfo::parse(value),
        )
    };
    let challenges = challenges.flatten().map(|challenge| challenge.params());
    let credentials = credentials.iter().map(Credentials::params);
    let info = info.iter().map(AuthenticationInfo::params);
    for params in challenges.chain(credentials).chain(info) {
        black_box(params.get("x").is_some());
        black_box(params.once(["x", "a"]).is_ok());
        black_box(
            params
                .iter()
                .map(|param| param.value().unescaped().count())
                .sum::<usize>(),
        );
    }
}

/// Returns the shorter of `best` and the time for reading `value` that many times. Other processes only make a run longer.
fn fastest(best: Duration, value: &str, times: u32, lenient: bool) -> Duration {
    let started = Instant::now();
    for _ in 0..times {
        read(black_box(value), lenient);
    }
    best.min(started.elapsed())
}

/// Checks that reading takes linear time if `piece` is repeated between `start` and `end`: 16 times the input must take less
/// than 40 times the time. In quadratic time, it would take 256 times the time.
#[track_caller]
fn takes_linear_time(start: &str, piece: &str, end: &str) {
    let value = |len: usize| format!("{start}{}{end}", piece.repeat(len / piece.len()));
    for lenient in [false, true] {
        // Start with the smaller lengths, to detect quadratic time quickly.
        for len in [4 << 10, 64 << 10] {
            let (short, long) = (value(len), value(16 * len));
            let (mut sixteen_short, mut one_long) = (Duration::MAX, Duration::MAX);
            let started = Instant::now();
            for runs in 1.. {
                // Both read the same number of bytes, so that a busy machine affects them equally.
                sixteen_short = fastest(sixteen_short, &short, 16, lenient);
                one_long = fastest(one_long, &long, 1, lenient);
                if one_long < sixteen_short * 40 / 16 {
                    break;
                }
                assert!(
                    runs < 3 || started.elapsed() < Duration::from_secs(10),
                    "{start:?} {piece:?} {end:?}, lenient: {lenient}: {sixteen_short:?} in pieces, {one_long:?} in one",
                );
            }
        }
    }
}

#[test]
fn commas_take_linear_time() {
    takes_linear_time("", ",", "@");
    takes_linear_time("Basic ", ",", "realm");
    takes_linear_time("Basic realm=x", ",", "@");
    takes_linear_time("Basic abc=", ", ", "realm=x");
    takes_linear_time("", "A,", "");
    takes_linear_time("A", ", a=b", ",@");
}

#[test]
fn spaces_take_linear_time() {
    takes_linear_time("", " ", "@");
    takes_linear_time("Basic", " ", "@");
    takes_linear_time("Basic", "\t", "@");
    takes_linear_time("Basic realm", " ", "@");
    takes_linear_time("Basic realm =", " ", "@");
    takes_linear_time("Basic realm=x", " ", "@");
    takes_linear_time("Basic abc", " ", "def");
    takes_linear_time("Basic a=b", ", c  ", "");
}

#[test]
fn quotes_take_linear_time() {
    takes_linear_time("Basic realm=", "\"", "");
    takes_linear_time("Basic ", "realm=\"", "");
    takes_linear_time("Basic ", "realm=\"\",", "@");
    takes_linear_time("Basic realm=\"", "x", "");
    takes_linear_time("Basic realm=\"", "x, A y=", "\n");
    takes_linear_time("", "A b=\"", "");
    takes_linear_time("", "\"", "");
}

#[test]
fn escapes_take_linear_time() {
    takes_linear_time("Basic realm=\"", "\\", "");
    takes_linear_time("Basic realm=\"", "\\\"", "");
    takes_linear_time("Basic realm=\"", "\\\\", "\"");
    takes_linear_time("Basic realm=\"", "\\\"", "\n");
    takes_linear_time("", "\\", "");
}

#[test]
fn tokens_and_equals_signs_take_linear_time() {
    takes_linear_time("Basic ", "a", "@");
    takes_linear_time("", "a", "@");
    takes_linear_time("Basic a", "=", "@");
    takes_linear_time("", "=", "");
    takes_linear_time("", "A a=, ", "@");
    takes_linear_time("", "A a==, ", "b=c");
}

#[test]
fn damage_takes_linear_time() {
    takes_linear_time("", "@", "");
    takes_linear_time("", "@,", "");
    takes_linear_time("", "A b c,", "");
    takes_linear_time("A b c", ", d=\"e\"", "");
    takes_linear_time("", "A b=\"c\" d, ", "");
}

#[test]
fn damage_with_ambiguous_quotes_takes_linear_time() {
    // Reading takes `b="` for a value without quotes, and `"e, A a=b="` for a value in quotes.
    takes_linear_time("", "A a=b=\", d=\"e, ", "\u{1}");
    takes_linear_time("", "A a=\"b\\\", c=d\"\"e, ", "\u{1}");
}

// Reads past the end (parsers in C)

#[test]
fn an_unterminated_quoted_string_ends_with_the_value() {
    let buffer = "Basic realm=\"x, y=\\\"z\\\\\"";
    for end in 13..buffer.len() {
        // The bytes after the end would complete the value.
        let value = &buffer[..end];
        let error = Challenges::new(value).next().unwrap().unwrap_err();
        let text = value.trim_end().len();
        assert_eq!(
            (error.kind(), error.offset()),
            (ParseErrorKind::ExpectedClosingQuote, text)
        );
        assert_eq!(Credentials::parse(value).unwrap_err().offset(), text);
        let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
        if challenge.damage().is_none() {
            assert_eq!(challenge.realm().unwrap().raw(), &value.as_bytes()[13..text]);
        }
    }
    assert!(Credentials::parse(buffer).is_ok());
}

#[test]
fn a_lone_backslash_at_the_end_escapes_nothing() {
    let value = &"Basic realm=\"x\\\""[..15];
    let broken = (ParseErrorKind::ExpectedClosingQuote, 15);
    let mut challenges = Challenges::new(value);
    let error = challenges.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.offset()), broken);
    assert!(challenges.next().is_none());
    let mut challenges = Challenges::new(value).lenient();
    let challenge = challenges.next().unwrap().unwrap();
    let damage = challenge.damage().unwrap();
    assert_eq!((damage.kind(), damage.offset()), broken);
    assert!(challenge.params().iter().next().is_none());
    assert!(challenges.next().is_none());
    let error = Credentials::parse_lenient(value).unwrap_err();
    assert_eq!((error.kind(), error.offset()), broken);
}

// Invalid base64 (Squid CVE-2019-12529)

#[test]
fn base64_is_decoded_only_if_it_is_entirely_valid() {
    let mut buffer = [0; 64];
    let mut decode = |token68: &str| {
        let credentials = Credentials::from_token68(Scheme::Basic, Token68::new(token68).unwrap());
        basic::Credentials::decode(&credentials, &mut buffer).map(|basic| {
            let part = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            (part(basic.user_id()), part(basic.password()))
        })
    };
    let parts = |user_id: &str, password: &str| Ok((user_id.to_owned(), password.to_owned()));
    let invalid = |rule| Err(SchemeError::InvalidContent { rule });

    assert_eq!(decode("YTpi"), parts("a", "b"));
    for wrong in ["YTpiY", "YTo", "YTp=", "YTp-", "YTpi="] {
        assert!(
            matches!(decode(wrong), Err(SchemeError::Base64(Base64Error::Invalid { .. }))),
            "{wrong}"
        );
    }
    assert_eq!(decode("YWI="), invalid(Rule::UserPass)); // `ab`
    assert_eq!(decode("OmI="), parts("", "b"));
    assert_eq!(decode("YTo="), parts("a", ""));
    assert_eq!(decode("YQA6Yg=="), invalid(Rule::UserId)); // `a\0:b`
    assert_eq!(decode("YTpiAA=="), invalid(Rule::Password)); // `a:b\0`
}

// Injected field lines

#[test]
fn text_that_ends_a_line_is_refused() {
    for end in ["\r\n", "\n", "\r", "\0"] {
        let text = format!("x{end}Set-Cookie: a=b");
        assert!(basic::Challenge::new(&text).is_err());
        assert!(basic::Credentials::new(&text, "x").is_err());
        assert!(basic::Credentials::new("x", &text).is_err());
        assert!(Token68::new(&text).is_err());
        assert!(ParamValue::quoted(&text).is_err());
        assert!(ParamValue::token(&text).is_err());
        assert!(Scheme::new(&text).is_err());
        assert!(FieldLine::new("x", &text).is_err());
        assert!(FieldLine::new(&text, "x").is_err());
        let challenge = Challenge::new(Scheme::Negotiate);
        assert!(ChallengeResponse::new(&challenge).with_date(&text).is_err());
    }
}

// Quotes and backslashes in a realm, not escaped, or unescaped twice

#[test]
fn a_realm_with_quotes_and_backslashes_is_preserved() {
    for realm in ["a\"b", "\\", "\\\\", "\\\"", "\", charset=\"x", "a\\\\\"b", "\\n"] {
        let value = basic::Challenge::new(realm).unwrap().to_string();
        let list: Vec<_> = Challenges::new(&value).collect();
        let [Ok(challenge)] = list.as_slice() else {
            panic!("{value:?}")
        };
        let read = basic::Challenge::read(challenge).unwrap();
        assert_eq!(read.realm(), realm, "{value:?}");
        assert_eq!(read.realm().copy_to_string::<64>().unwrap(), realm);
        // Writing it again escapes it only once.
        assert_eq!(read.to_string(), value);
    }
}

// Quoted text mistaken for structure

#[test]
fn a_quoted_comma_does_not_end_a_value() {
    let value = "Newauth title=\"a, Basic realm=x\", realm=\"b\\\", Digest nonce=\\\"c\", Basic realm=y";
    let list = Challenges::new(value).collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(list[0].param("title").unwrap(), "a, Basic realm=x");
    assert_eq!(list[0].realm().unwrap(), "b\", Digest nonce=\"c");
    assert_eq!(list[1].realm().unwrap(), "y");
    assert!(list[1].param("nonce").is_none());
}

#[test]
fn a_name_in_a_value_or_a_longer_name_is_not_a_parameter() {
    let challenge = Challenges::new("Basic foo=\"realm=a\", xrealm=b, realm2=c, realm=d")
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(challenge.realm().unwrap(), "d");
}

// Values that http-auth and others do not read

#[test]
fn the_tokens_of_negotiate_and_ntlm_are_read_in_a_challenge() {
    let long = "YII".repeat(20_000) + "==";
    let value = format!("Negotiate {long}, NTLM TlRMTVNTUAACAAAA, Negotiate oRUw/+8=, NTLM");
    let tokens: Vec<_> = Challenges::new(&value)
        .map(|item| item.unwrap().token68().map(|token| token.to_str()))
        .collect();
    assert_eq!(
        tokens,
        [Some(long.as_str()), Some("TlRMTVNTUAACAAAA"), Some("oRUw/+8="), None]
    );
}

#[test]
fn every_field_line_is_read() {
    let lines = ["Negotiate", "NTLM", "Basic realm=\"x\""];
    let schemes: Vec<_> = Challenges::from_lines(lines)
        .map(|item| item.unwrap().scheme())
        .collect();
    assert_eq!(schemes, [Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic]);
}

// Case

#[test]
fn names_are_case_insensitive() {
    for value in ["BASIC REALM=\"x\"", "basic realm=\"x\"", "bAsIc ReAlM=\"x\""] {
        let challenge = Challenges::new(value).next().unwrap().unwrap();
        assert_eq!(challenge.scheme(), Scheme::Basic);
        assert_eq!(basic::Challenge::read(&challenge).unwrap().realm(), "x");
    }
    assert!(basic::Credentials::decode(&Credentials::parse("BASIC Og==").unwrap(), &mut [0; 1]).is_ok());
}

#[test]
fn values_are_read_in_either_form_and_any_case() {
    let value = "Digest realm=x, stale=\"TRUE\", qop=\"auth-int,auth\", algorithm=\"SHA-256\", nonce=\"y\"";
    let challenge = Challenges::new(value).next().unwrap().unwrap();
    assert!(challenge.param("stale").unwrap().eq_ignore_ascii_case("true"));
    assert_eq!(challenge.param("qop").unwrap().to_str(), Some("auth-int,auth"));
    assert_eq!(challenge.param("algorithm").unwrap(), "SHA-256");
    assert_eq!(challenge.param("Realm").unwrap(), "x");
}

// Passwords in logs

#[test]
fn a_password_does_not_appear_in_debug_output_or_errors() {
    let credentials = basic::Credentials::new("aladdin", "open sesame").unwrap();
    let value = credentials.to_string();
    let generic = Credentials::parse(&value).unwrap();
    let too_long = format!("{value},");
    let shown = [
        format!("{credentials:?} {generic:?} {:?}", generic.token68()),
        format!("{:?}", Credentials::parse(&too_long).unwrap_err()),
        Credentials::parse(&too_long).unwrap_err().to_string(),
        format!("{:?}", basic::Credentials::decode(&generic, &mut []).unwrap_err()),
        format!("{:?}", basic::Credentials::new("aladdin", "open sesame\n").unwrap_err()),
        credentials.encode(&mut []).unwrap_err().to_string(),
    ];
    for shown in shown {
        for secret in ["aladdin", "sesame", "YWxhZGRpb"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
