//! Tests lenient reading: its tolerances, their limits, and how it resumes after damage.

#![cfg(test)]

use std::ops::Range;

use proxy_auth::{AuthenticationInfo, Challenges, Credentials, ParseErrorKind, SchemeError, basic, digest};

/// A challenge as it would be written, followed by "!" and the offset if it is damaged, or the offset of an error and the
/// skipped range.
type Outcome = Result<&'static str, (usize, Range<usize>)>;

/// Checks the result of reading `value` leniently.
#[track_caller]
fn reads(value: &str, expected: &[Outcome]) {
    let found: Vec<_> = Challenges::new(value)
        .lenient()
        .map(|challenge| match challenge {
            Ok(challenge) => Ok(match challenge.damage() {
                Some(damage) => format!("{challenge} !{}", damage.offset()),
                None => challenge.to_string(),
            }),
            Err(error) => Err((error.offset(), error.skipped())),
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .cloned()
        .map(|outcome| outcome.map(str::to_owned))
        .collect();
    assert_eq!(found, expected, "{value:?}");
}

/// Checks that lenient reading tolerates `value`, and that strict reading refuses it.
#[track_caller]
fn tolerates(value: &str, expected: &[&'static str]) {
    assert!(Challenges::new(value).any(|challenge| challenge.is_err()), "{value:?}");
    reads(value, &expected.iter().copied().map(Ok).collect::<Vec<_>>());
}

/// Checks the same for credentials.
#[track_caller]
fn tolerates_credentials(value: &str, expected: &str) {
    assert!(Credentials::parse(value).is_err(), "{value:?}");
    let credentials = Credentials::parse_lenient(value).map(|credentials| credentials.to_string());
    assert_eq!(credentials.as_deref(), Ok(expected), "{value:?}");
}

/// Checks the same for Proxy-Authentication-Info.
#[track_caller]
fn tolerates_info(value: &str, expected: &str) {
    assert!(AuthenticationInfo::parse(value).is_err(), "{value:?}");
    let info = AuthenticationInfo::parse_lenient(value).map(|info| info.to_string());
    assert_eq!(info.as_deref(), Ok(expected), "{value:?}");
}

// Tolerances

#[test]
fn the_closing_quote_may_be_missing_at_the_end() {
    tolerates("Basic realm=\"basic", &["Basic realm=\"basic\""]);
    tolerates(
        "NTLM, Basic realm=\"x\", charset=\"",
        &["NTLM", "Basic realm=\"x\", charset=\"\""],
    );
    // White space at the end of a field value is not part of it.
    tolerates("Basic realm=\"basic \t", &["Basic realm=\"basic\""]);
    // The text that looks like a challenge is part of the value.
    tolerates(
        "Basic realm=\"a, Digest nonce=b",
        &["Basic realm=\"a, Digest nonce=b\""],
    );
    tolerates(r#"Basic realm="a\""#, &[r#"Basic realm="a\"""#]);
    tolerates_credentials("Digest a=b, username=\"x, y", "Digest a=b, username=\"x, y\"");
    tolerates_info("qop=auth, nextnonce=\"x", "qop=auth, nextnonce=\"x\"");
}

#[test]
fn a_value_may_lack_its_quotes() {
    tolerates("Basic realm=foobar@baz.com", &["Basic realm=\"foobar@baz.com\""]);
    tolerates(
        "Basic realm=a/b, charset=UTF-8",
        &["Basic realm=\"a/b\", charset=UTF-8"],
    );
    tolerates(
        "Basic realm=@\t, Digest nonce==",
        &["Basic realm=\"@\"", "Digest nonce=="],
    );
    tolerates("Basic realm=x, nonce==", &["Basic realm=x, nonce=\"=\""]);
    tolerates("Basic realm=grün", &["Basic realm=\"grün\""]);
    tolerates_credentials(
        "AWS4-HMAC-SHA256 Credential=AKID/2015/aws4_request, SignedHeaders=content-type;host, Signature=5d",
        "AWS4-HMAC-SHA256 Credential=\"AKID/2015/aws4_request\", SignedHeaders=\"content-type;host\", Signature=5d",
    );
    tolerates_info("nextnonce=a/b=, qop=auth", "nextnonce=\"a/b=\", qop=auth");
}

#[test]
fn a_value_without_quotes_may_hold_spaces() {
    tolerates("Basic realm=my realm", &["Basic realm=\"my realm\""]);
    tolerates("Basic realm='Sandstorm API'", &["Basic realm=\"'Sandstorm API'\""]);
    tolerates(
        "Bearer error=invalid_token, error_description=The token expired , NTLM",
        &[
            "Bearer error=invalid_token, error_description=\"The token expired\"",
            "NTLM",
        ],
    );
    tolerates(
        "Basic realm=a \t b  c, charset=UTF-8",
        &["Basic realm=\"a \t b  c\", charset=UTF-8"],
    );
    tolerates("Basic realm=a \"b\" =c", &["Basic realm=\"a \\\"b\\\" =c\""]);
    tolerates_credentials(
        "Digest username=Mufasa the King, realm=x",
        "Digest username=\"Mufasa the King\", realm=x",
    );
    tolerates_info("nextnonce=a b", "nextnonce=\"a b\"");
}

#[test]
fn a_value_without_quotes_does_not_swallow_the_next_challenge() {
    reads(
        "Basic realm=x Digest nonce=\"y, z\", qop=auth, NTLM",
        &[Ok("Basic realm=x !14"), Ok("NTLM")],
    );
    reads("Basic realm=my own realm qop = x", &[Ok("Basic realm=my !15")]);
    reads("Basic realm=a@b c d=e", &[Ok("Basic realm=\"a@b\" !16")]);
    assert_eq!(Credentials::parse_lenient("Digest a=b c d=e").unwrap_err().offset(), 11);
    assert_eq!(AuthenticationInfo::parse_lenient("a=b c d=e").unwrap_err().offset(), 4);
}

#[test]
fn a_comma_between_parameters_may_be_missing() {
    tolerates(
        "Digest realm=\"CUPS\" nonce=\"127.0.0.1\"",
        &["Digest realm=\"CUPS\", nonce=\"127.0.0.1\""],
    );
    tolerates(
        "Digest realm=a nonce = b\topaque=\"c\"  qop=auth, NTLM",
        &["Digest realm=a, nonce=b, opaque=\"c\", qop=auth", "NTLM"],
    );
    tolerates(
        "Digest realm=\"a\" nonce=\"b\", opaque=\"c\",, qop = auth , Basic realm=x",
        &[
            "Digest realm=\"a\", nonce=\"b\", opaque=\"c\", qop=auth",
            "Basic realm=x",
        ],
    );
    tolerates_credentials("Digest a=b c=d", "Digest a=b, c=d");
    tolerates_info("qop=auth nc=\"1\" cnonce=x", "qop=auth, nc=\"1\", cnonce=x");
}

#[test]
fn duplicates_of_the_same_value_are_read_once() {
    let once = |value: &str| {
        let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
        let [algorithm] = challenge.params().once(["algorithm"])?;
        Ok(algorithm.unwrap().to_string())
    };
    assert_eq!(once("Digest algorithm=MD5, algorithm=\"MD5\""), Ok("MD5".to_owned()));
    assert_eq!(
        once("Digest algorithm=MD5, algorithm=md5"),
        Err(SchemeError::Duplicate {
            param: "algorithm",
            offset: 32
        })
    );
    let strict = Challenges::new("Digest algorithm=MD5, algorithm=MD5")
        .next()
        .unwrap()
        .unwrap();
    assert!(strict.params().once(["algorithm"]).is_err());
    let credentials = Credentials::parse_lenient("Digest a=b, a=b").unwrap();
    assert!(credentials.params().once(["a"]).is_ok());
    let info = AuthenticationInfo::parse_lenient("a=b, a=b").unwrap();
    assert!(info.params().once(["a"]).is_ok());
    assert!(
        AuthenticationInfo::parse("a=b, a=b")
            .unwrap()
            .params()
            .once(["a"])
            .is_err()
    );
}

#[test]
fn basic_may_lack_its_realm() {
    let basic = |value: &'static str| {
        let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
        basic::Challenge::read(&challenge)
    };
    for value in ["Basic", "Basic charset=UTF-8", "Basic realm=\"\u{1}\"", "Basic @"] {
        let challenge = basic(value).unwrap();
        assert_eq!((challenge.has_realm(), challenge.realm().len()), (false, 0), "{value}");
        assert!(challenge.to_string().starts_with("Basic realm=\"\""));
    }
    assert!(basic("Basic realm=\"\"").unwrap().has_realm());
    let strict = Challenges::new("Basic").next().unwrap().unwrap();
    assert_eq!(
        basic::Challenge::read(&strict),
        Err(SchemeError::Missing { param: "realm" })
    );
}

#[test]
fn an_empty_qop_counts_as_absent() {
    let qop = |value: &'static str| {
        let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
        digest::Challenge::read(&challenge).map(|challenge| challenge.qop())
    };
    assert_eq!(qop("Digest realm=x, nonce=y, qop=\"\""), Ok(None));
    assert_eq!(qop("Digest realm=x, qop=, nonce=y"), Ok(None));
    assert!(qop("Digest realm=x, nonce=y, qop=\"crazy\"").is_err());
    let strict = Challenges::new("Digest realm=x, nonce=y, qop=\"\"")
        .next()
        .unwrap()
        .unwrap();
    assert!(digest::Challenge::read(&strict).is_err());
}

#[test]
fn backslashes_and_quotes_are_literal_in_a_value_without_quotes() {
    let challenge = Challenges::new(r#"Basic realm=\f"\"#)
        .lenient()
        .next()
        .unwrap()
        .unwrap();
    let realm = challenge.realm().unwrap();
    assert_eq!(realm, r#"\f"\"#);
    assert_eq!(realm.to_str(), Some(r#"\f"\"#));
    assert_eq!(realm.len(), 4);
    assert!(realm.is_quoted());
    assert_eq!(challenge.to_string(), r#"Basic realm="\\f\"\\""#);
}

#[test]
fn a_comma_may_replace_the_space_after_the_scheme() {
    tolerates("Basic, realm=\"x\"", &["Basic realm=\"x\""]);
    tolerates("Basic,realm=x,charset=UTF-8", &["Basic realm=x, charset=UTF-8"]);
    tolerates("Basic\t,, ,realm =x", &["Basic realm=x"]);
    tolerates(
        "NTLM, Basic, realm=x, Digest, nonce=y",
        &["NTLM", "Basic realm=x", "Digest nonce=y"],
    );
    tolerates_credentials("Digest, username=\"x\"", "Digest username=\"x\"");
    tolerates_credentials("Digest,", "Digest");
    // Without a parameter after it, the comma separates challenges.
    reads("Negotiate,NTLM, abc", &[Ok("Negotiate"), Ok("NTLM"), Ok("abc")]);
}

#[test]
fn a_tab_may_replace_the_space_after_the_scheme() {
    tolerates("Basic\trealm=x", &["Basic realm=x"]);
    tolerates("Basic \t realm=x", &["Basic realm=x"]);
    tolerates("Negotiate\tabc=, NTLM\t\tdef", &["Negotiate abc=", "NTLM def"]);
    tolerates_credentials("Basic\tYTpi", "Basic YTpi");
    tolerates_credentials("Digest\tusername=\"x\"", "Digest username=\"x\"");
}

#[test]
fn a_parameter_may_lack_its_value() {
    tolerates("Digest realm=x, qop=, nonce=y", &["Digest realm=x, qop=\"\", nonce=y"]);
    tolerates("Digest realm=x, qop= \t", &["Digest realm=x, qop=\"\""]);
    tolerates("Digest realm=x, qop = , NTLM", &["Digest realm=x, qop=\"\"", "NTLM"]);
    tolerates("Digest qop=, realm=x", &["Digest qop=\"\", realm=x"]);
    tolerates_credentials("Digest qop=, realm=x", "Digest qop=\"\", realm=x");
    tolerates_info("qop=,nc=", "qop=\"\", nc=\"\"");
}

#[test]
fn a_strictly_valid_token68_is_not_read_as_a_parameter_without_value() {
    reads("Negotiate a=", &[Ok("Negotiate a=")]);
    reads("Negotiate a= ,", &[Ok("Negotiate a=")]);
    reads(
        "Negotiate a=, Basic realm=x",
        &[Ok("Negotiate a="), Ok("Basic realm=x")],
    );
    assert_eq!(
        Credentials::parse_lenient("Basic a=")
            .unwrap()
            .token68()
            .unwrap()
            .to_str(),
        "a="
    );
}

#[test]
fn tolerances_can_be_combined() {
    tolerates(
        "Digest, realm=a@b, qop=,\tnonce=\"c, Basic, realm=d",
        &["Digest realm=\"a@b\", qop=\"\", nonce=\"c, Basic, realm=d\""],
    );
}

// Damage

#[test]
fn a_damaged_challenge_keeps_its_scheme_and_the_parameters_before_the_damage() {
    // The values are from a real proxy, from a client that does not escape, and invented.
    reads(
        "Basic realm=\"\"Proxy\"\", NTLM",
        &[Ok("Basic realm=\"\" !14"), Ok("NTLM")],
    );
    reads(
        "Basic realm=\"pe \"ers\", NTLM",
        &[Ok("Basic realm=\"pe \" !17"), Ok("NTLM")],
    );
    reads(
        "Digest realm=\"x\", nonce=\"a\u{1}b, c\", qop=auth, NTLM",
        &[Ok("Digest realm=\"x\" !26"), Ok("NTLM")],
    );
    reads("Negotiate a!, NTLM", &[Ok("Negotiate !12"), Ok("NTLM")]);
    reads("Negotiate abc def, NTLM", &[Ok("Negotiate !14"), Ok("NTLM")]);
}

#[test]
fn control_characters_are_not_tolerated() {
    reads("Basic realm=\"a\nb\", NTLM", &[Ok("Basic !14"), Ok("NTLM")]);
    reads("Basic realm=\"a\\\0b\", NTLM", &[Ok("Basic !15"), Ok("NTLM")]);
    reads("Basic realm=a\u{1}b, NTLM", &[Ok("Basic realm=a !13"), Ok("NTLM")]);
    reads("Basic realm=a b\u{1}c, NTLM", &[Ok("Basic realm=a !14"), Ok("NTLM")]);
    reads("Basic realm=\u{7f}, NTLM", &[Ok("Basic realm=\"\" !12"), Ok("NTLM")]);
    reads("Basic realm=x\r\n y, NTLM", &[Ok("Basic realm=x !13"), Ok("NTLM")]);
    reads("Basic\r\nrealm=x", &[Err((5, 0..14))]);
    reads("Basic realm=\"a\n", &[Ok("Basic !14")]);
    assert!(Credentials::parse_lenient("Digest realm=\"a\rb\"").is_err());
    assert!(AuthenticationInfo::parse_lenient("a=b\0").is_err());
}

#[test]
fn a_backslash_at_the_end_is_not_tolerated() {
    for value in ["Basic realm=\"a\\", "Basic realm=\"a\\ \t"] {
        let challenge = Challenges::new(value).lenient().next().unwrap().unwrap();
        let damage = challenge.damage().unwrap();
        assert_eq!(
            (damage.kind(), damage.offset()),
            (ParseErrorKind::ExpectedClosingQuote, 15)
        );
    }
    assert_eq!(Credentials::parse_lenient("Digest a=\"\\").unwrap_err().offset(), 11);
    assert_eq!(AuthenticationInfo::parse_lenient("a=\"\\").unwrap_err().offset(), 4);
}

#[test]
fn a_token68_takes_no_parameters() {
    reads(
        "Negotiate abc, realm=x, NTLM",
        &[Ok("Negotiate abc"), Err((20, 15..22)), Ok("NTLM")],
    );
    reads("Negotiate a==, realm=x", &[Ok("Negotiate a=="), Err((20, 15..22))]);
    assert!(Credentials::parse_lenient("Basic abc, realm=x").is_err());
}

#[test]
fn text_after_a_padded_token68_does_not_make_it_a_parameter() {
    reads("Negotiate abc== def, NTLM", &[Ok("Negotiate !16"), Ok("NTLM")]);
    reads("Negotiate abc==\t=, NTLM", &[Ok("Negotiate !16"), Ok("NTLM")]);
    reads("Negotiate\tabc==\u{1}, NTLM", &[Ok("Negotiate !15"), Ok("NTLM")]);
    for value in ["Basic YTpi==,", "Basic YTpi==, realm=x", "Basic YTpi== x"] {
        assert_eq!(Credentials::parse_lenient(value).unwrap_err().offset(), 12, "{value:?}");
    }
    for value in ["Basic YTpi=,", "Basic YTpi=, , x", "Basic YTpi=, @"] {
        assert_eq!(Credentials::parse_lenient(value).unwrap_err().offset(), 11, "{value:?}");
    }
    // A value may start with "=", and may consist of it where no token68 can be.
    tolerates("Digest nonce==x", &["Digest nonce=\"=x\""]);
    tolerates("Digest, nonce== x", &["Digest nonce=\"= x\""]);
}

#[test]
fn a_list_of_credentials_is_not_tolerated() {
    for (value, offset) in [
        ("Basic YTpi,", 10),
        ("Digest a=b, Basic", 17),
        ("Digest a=b, Basic c=d", 18),
    ] {
        assert_eq!(
            Credentials::parse_lenient(value).unwrap_err().offset(),
            offset,
            "{value:?}"
        );
    }
    assert_eq!(Credentials::parse_lenient("").unwrap_err().offset(), 0);
}

#[test]
fn text_directly_after_a_quoted_value_is_not_tolerated() {
    reads("Digest realm=\"a\"b, NTLM", &[Ok("Digest realm=\"a\" !16"), Ok("NTLM")]);
    reads(
        "Digest realm=\"a\"nonce=b, NTLM",
        &[Ok("Digest realm=\"a\" !16"), Ok("NTLM")],
    );
    reads(
        "Digest realm=\"a\" b, NTLM",
        &[Ok("Digest realm=\"a\" !17"), Ok("NTLM")],
    );
    // Two tokens before "=" are not a parameter, and do not start a challenge without a comma.
    reads(
        "Basic realm=\"a\" Digest nonce=\"b, c\", NTLM",
        &[Ok("Basic realm=\"a\" !16"), Ok("NTLM")],
    );
}

#[test]
fn a_parameter_without_a_name_or_scheme_is_not_tolerated() {
    reads("realm=x, NTLM", &[Err((5, 0..7)), Ok("NTLM")]);
    reads("=x, NTLM", &[Err((0, 0..2)), Ok("NTLM")]);
    reads("Basic =x, NTLM", &[Err((6, 0..8)), Ok("NTLM")]);
    reads("\"Basic\" realm=x, NTLM", &[Err((0, 0..15)), Ok("NTLM")]);
    assert_eq!(AuthenticationInfo::parse_lenient("=b").unwrap_err().offset(), 0);
    assert_eq!(AuthenticationInfo::parse_lenient("a, b=c").unwrap_err().offset(), 1);
}

// Resuming

#[test]
fn reading_resumes_at_the_challenge_after_the_damage() {
    reads(
        "close Basic realm=x, Digest realm=y\"\u{1}, Negotiate abc, @, NTLM",
        &[
            Ok("close !12"),
            Ok("Digest realm=\"y\\\"\" !36"),
            Ok("Negotiate abc"),
            Err((54, 54..55)),
            Ok("NTLM"),
        ],
    );
}

#[test]
fn parameters_after_the_damage_are_skipped() {
    reads(
        "Digest realm=\"a\"b nonce=\"b\", opaque=\"c\",, qop = auth , Basic realm=x",
        &[Ok("Digest realm=\"a\" !16"), Ok("Basic realm=x")],
    );
    reads("Digest a b, c=d", &[Ok("Digest !9")]);
}

#[test]
fn challenges_before_the_damage_are_read() {
    reads(
        "NTLM, Basic realm=x, Digest @",
        &[Ok("NTLM"), Ok("Basic realm=x"), Ok("Digest !28")],
    );
}

#[test]
fn skipped_ranges_exclude_separators() {
    reads(" , @ ,\t, @ , ", &[Err((3, 3..5)), Err((9, 9..11))]);
}

#[test]
fn skipped_ranges_count_from_the_start_of_the_field_line() {
    let skipped: Vec<_> = Challenges::from_lines(["@, NTLM", "NTLM, @"])
        .lenient()
        .filter_map(Result::err)
        .map(|error| (error.line(), error.skipped()))
        .collect();
    assert_eq!(skipped, [(0, 0..1), (1, 6..7)]);
}

#[test]
fn a_quoted_value_is_never_structure() {
    let value = "Digest title=\"a, Basic realm=x\", nonce=\"b\\\", NTLM\"";
    reads(value, &[Ok(value)]);
    assert_eq!(Challenges::new(value).count(), 1);
}

#[test]
fn a_quoted_value_in_a_damaged_challenge_is_never_structure() {
    // Quoted values before, at and after the damage, with escapes, white space around "=", and control characters.
    for value in [
        "Digest title=\"a, Basic realm=x\" @, NTLM",
        "Digest title=\"a, Basic realm=x\nb, Basic realm=y\", NTLM",
        "Digest @, title=\"a, Basic realm=x\", NTLM",
        "Digest a b, title = \t\"a, Basic realm=x\", NTLM",
        "Digest a b, title=\"a\\\", Basic realm=x\", NTLM",
        "Digest a b, title=\"a\\\\\", NTLM",
        "Digest a b title=\"a, Basic realm=x\", NTLM",
    ] {
        let found: Vec<_> = Challenges::new(value).lenient().map(Result::unwrap).collect();
        let damaged: Vec<_> = found.iter().map(|challenge| challenge.damage().is_some()).collect();
        assert_eq!(damaged, [true, false], "{value:?}");
        assert_eq!(found[1].to_string(), "NTLM", "{value:?}");
    }
}

#[test]
fn an_unclosed_quote_after_damage_extends_to_the_end() {
    reads("Digest @, title=\"a, Basic realm=x", &[Ok("Digest !7")]);
    reads("Digest @, title=\"a\\", &[Ok("Digest !7")]);
}

#[test]
fn resuming_pairs_ambiguous_quotes_as_reading_does() {
    // Reading takes `b="c` for a value without quotes, and `"e, F g"` for a value in quotes.
    reads(
        "A a=b=\"c, d=\"e, F g\" h, Basic realm=x",
        &[Ok("A a=\"b=\\\"c\", d=\"e, F g\" !21"), Ok("Basic realm=x")],
    );
}
