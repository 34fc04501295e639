//! Tests parameters and values that were read: lookup, comparison, unescaping, and copying.

#![cfg(test)]

use std::collections::HashSet;

use proxy_auth::{
    BufferTooSmall, Challenge, Challenges, Credentials, ParamValue, Params, Scheme, SchemeError, StringError, Token,
    basic, bearer, digest, private_token, scram,
};

/// Reads the challenges of a valid field value.
fn challenges<V: AsRef<[u8]> + ?Sized>(value: &V) -> Vec<Challenge<'_>> {
    Challenges::new(value).collect::<Result<_, _>>().unwrap()
}

/// Reads the value of the first parameter.
fn value<V: AsRef<[u8]> + ?Sized>(value: &V) -> ParamValue<'_> {
    challenges(value)[0].params().iter().next().unwrap().value()
}

// Parameters

#[test]
fn get_finds_the_first_parameter_with_a_name_in_any_case() {
    let challenge = challenges("X a=1, B=2, b=3, a=4")[0];
    assert_eq!(challenge.params().get("b").unwrap(), "2");
    assert_eq!(challenge.param("A").unwrap(), "1");
    assert!(challenge.param("c").is_none());
    assert!(challenge.param("").is_none());
    assert!(challenge.realm().is_none());
    assert_eq!(challenges("X realm=a, REALM=b")[0].realm().unwrap(), "a");
}

#[test]
fn once_refuses_a_second_parameter_with_a_given_name() {
    let params = challenges("X a=1, other=x, B=\"2\", other=y, b=3")[0].params();
    let [none, a] = params.once(["none", "A"]).unwrap();
    assert!(none.is_none());
    assert_eq!(a.unwrap(), "1");
    let duplicate = SchemeError::Duplicate { param: "b", offset: 34 };
    assert_eq!(params.once(["a", "b"]).unwrap_err(), duplicate);
    assert_eq!(duplicate.to_string(), "expected no second parameter \"b\" at byte 34");
}

#[test]
fn omitted_parameters_stay_omitted() {
    let params = challenges("X a=1, B=2, c=3, d=4, e=5, b=6")[0].params();
    assert_eq!(params.without(&["b", "a"]).to_string(), "c=3, d=4, e=5");
    assert!(params.without(&["b"]).get("b").is_none());
    assert_eq!(params.without(&[]), params);
    let some = params.without(&["b"]).without(&["C"]);
    assert_eq!(some.to_string(), "a=1, d=4, e=5");
    // A list takes no space if its names are already left out, or if none of them occurs.
    let unchanged = some.without(&["C"]).without(&["b"]).without(&[]).without(&["x", "B"]);
    assert_eq!(unchanged.to_string(), "a=1, d=4, e=5");
}

#[test]
fn a_third_list_of_names_omits_all_parameters() {
    let params = challenges("X a=1, b=2, c=3, d=4, e=5")[0].params();
    let two = params.without(&["a"]).without(&["b"]);
    assert_eq!(two.to_string(), "c=3, d=4, e=5");
    assert_eq!(two.without(&["c"]).to_string(), "");
    assert_eq!(two.without(&["c"]).without(&["a", "b", "c", "d"]).to_string(), "");
}

#[test]
fn no_scheme_writes_parameters_that_another_omitted() {
    let value = "Digest username=eve, realm=r, uri=\"/\", nonce=n, qop=auth, nc=00000001, cnonce=c, own=1, \
                 response=\"0123456789abcdef0123456789abcdef\"";
    let credentials = Credentials::parse(value).unwrap();
    let digest = digest::Credentials::read(&credentials).unwrap();
    let scram = scram::Credentials::new(scram::Hash::Sha256, b"x").with_others(digest.others());
    assert_eq!(scram.to_string(), r#"SCRAM-SHA-256 data="eA==", own=1"#);
    let token = private_token::Credentials::new(b"x").with_others(scram.others());
    assert_eq!(token.to_string(), r#"PrivateToken token="eA==", own=1"#);
    let info = digest::Info::new().with_others(token.others());
    assert_eq!(info.to_string(), "own=1");

    let challenge = challenges("Digest realm=r, nonce=n, opaque=o, own=1")[0];
    let digest = digest::Challenge::read(&challenge).unwrap();
    let basic = basic::Challenge::new("x").unwrap().with_others(digest.others());
    assert_eq!(basic.to_string(), "Basic realm=\"x\", own=1");
    let bearer = bearer::Challenge::new("x").unwrap().with_others(basic.others());
    assert_eq!(bearer.to_string(), "Bearer realm=\"x\", own=1");
}

#[test]
fn a_challenge_has_a_token68_or_parameters_but_not_both() {
    let challenges = challenges("A b=, C d=e, F");
    assert_eq!(challenges[0].token68().unwrap().to_str(), "b=");
    assert_eq!(challenges[0].params(), Params::default());
    assert!(challenges[1].token68().is_none());
    assert_eq!(challenges[1].params().iter().count(), 1);
    assert!(challenges[2].token68().is_none());
    assert_eq!(challenges[2].params(), Params::default());
}

#[test]
fn parameters_can_be_iterated_again_and_the_iterator_is_fused() {
    let params = challenges("X ,a=1,, b=\"2,3\" ,c = 4")[0].params();
    let names = || {
        params
            .into_iter()
            .map(|param| param.name().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(), ["a", "b", "c"]);
    assert_eq!(names(), ["a", "b", "c"]);
    let mut iter = params.iter();
    assert_eq!(iter.by_ref().count(), 3);
    assert!(iter.next().is_none());
}

// Values

#[test]
fn a_token_equals_a_quoted_string() {
    let [token, quoted] = ["X a=abc", "X a=\"abc\""].map(value);
    assert_eq!(token, quoted);
    assert_eq!((token.is_quoted(), quoted.is_quoted()), (false, true));
    assert_eq!(token.raw(), quoted.raw());
    assert_ne!(value("X a=abc"), value("X a=abC"));
    assert_ne!(value("X a=abc"), value("X a=abcd"));
}

#[test]
fn an_escape_means_the_byte_after_the_backslash() {
    let escaped = value(r#"X a="\a\"\\\\b\	""#);
    assert_eq!(escaped.raw(), br#"\a\"\\\\b\	"#);
    assert_eq!(escaped.unescaped().collect::<Vec<_>>(), b"a\"\\\\b\t");
    assert_eq!(escaped.len(), 6);
    assert_eq!(escaped, "a\"\\\\b\t");
    assert_eq!(escaped, b"a\"\\\\b\t"[..]);
    assert_eq!(escaped.to_string(), "a\"\\\\b\t");
    assert_eq!((escaped.to_bytes(), escaped.to_str()), (None, None));
}

#[test]
fn a_value_without_escapes_needs_no_copy() {
    let plain = value("X a=\"b, c=d\"");
    assert_eq!(plain.to_bytes(), Some(&b"b, c=d"[..]));
    assert_eq!(plain.to_str(), Some("b, c=d"));
    assert_eq!((plain.len(), plain.is_empty()), (6, false));
    let empty = value("X a=\"\"");
    assert_eq!((empty.len(), empty.is_empty(), empty.to_str()), (0, true, Some("")));
}

#[test]
fn the_iterator_over_unescaped_bytes_has_bounds_and_is_fused() {
    for (text, longest) in [("X a=\"\\\"\\\\\"", 4), ("X a=\"abc\"", 3), ("X a=abc", 3)] {
        let mut bytes = value(text).unescaped();
        let (shortest, most) = bytes.size_hint();
        let len = bytes.by_ref().count();
        assert!(shortest <= len && len <= longest, "{text}");
        assert_eq!(most, Some(longest), "{text}");
        assert!(bytes.next().is_none());
    }
}

#[test]
fn copying_needs_exactly_the_unescaped_length() {
    let escaped = value(r#"X a="\"x\\y""#);
    let mut buffer = *b"........";
    assert_eq!(escaped.copy_to(&mut buffer).unwrap(), b"\"x\\y");
    assert_eq!(&buffer, b"\"x\\y....");
    assert_eq!(escaped.copy_to(&mut buffer[..4]).unwrap(), b"\"x\\y");
    let mut buffer = *b"...";
    assert_eq!(escaped.copy_to(&mut buffer), Err(BufferTooSmall { needed: 4 }));
    assert_eq!(&buffer, b"...");

    assert_eq!(escaped.copy_to_string::<4>().unwrap(), "\"x\\y");
    assert_eq!(
        escaped.copy_to_string::<3>(),
        Err(StringError::TooLong(BufferTooSmall { needed: 4 }))
    );
}

#[test]
fn values_can_be_compared_without_case() {
    let escaped = value(r#"X a="UT\F-8""#);
    assert!(escaped.eq_ignore_ascii_case("utf-8"));
    assert_ne!(escaped, "utf-8");
    for other in ["utf-", "utf-80", "utf_8", ""] {
        assert!(!escaped.eq_ignore_ascii_case(other), "{other}");
    }
    // Only ASCII letters are compared without case.
    assert!(!value("X a=\"Ä\"").eq_ignore_ascii_case("ä"));
}

#[test]
fn bytes_that_are_not_utf8_are_kept_but_displayed_as_replacement_characters() {
    let latin1 = value(b"X a=\"caf\xE9 \\\xFF\"");
    assert_eq!(latin1.to_str(), None);
    assert_eq!(latin1, b"caf\xE9 \xFF"[..]);
    assert_eq!(latin1.to_string(), "caf\u{FFFD} \u{FFFD}");
    assert_eq!(latin1.copy_to_string::<16>(), Err(StringError::NotUtf8 { offset: 3 }));

    let utf8 = value("X a=\"caf\\é\"");
    assert_eq!(utf8, "café");
    assert_eq!(utf8.to_string(), "café");
    assert_eq!(value("X a=\"1 £, 1 €, 1 𐆖\"").to_string(), "1 £, 1 €, 1 𐆖");
    assert_eq!(utf8.copy_to_string::<5>().unwrap(), "café");
}

#[test]
fn a_character_with_an_escape_inside_is_displayed_whole() {
    // A backslash may precede any byte of obs-text, even the second byte of a character.
    let parted = value(b"X a=\"caf\xC3\\\xA9\"");
    assert_eq!(parted, "café");
    assert_eq!(parted.copy_to_string::<5>().unwrap(), "café");
    assert_eq!(parted.to_string(), "café");
}

#[test]
fn a_value_differs_from_other_text() {
    let challenge = Challenges::new(r#"A b="c\d""#).next().unwrap().unwrap();
    let value = challenge.param("b").unwrap();
    for other in ["", "c", r"c\d", "cd ", "CD"] {
        assert_ne!(value, other);
        assert_ne!(value, *other);
        assert_ne!(value, *other.as_bytes());
        assert_ne!(value, ParamValue::quoted(other).unwrap());
    }
    assert_eq!(value, "cd");
}

// Names

#[test]
fn equal_schemes_have_equal_hashes() {
    let spelled = |name| Scheme::new(name).unwrap();
    let other = |name| Scheme::Other(Token::new(name).unwrap());
    let schemes = HashSet::from([Scheme::Basic, spelled("X-Own"), Scheme::ScramSha1]);
    for scheme in [
        spelled("BASIC"),
        other("basic"),
        other("bASIC"),
        spelled("x-own"),
        other("X-OWN"),
        other("scram-sha-1"),
    ] {
        assert!(schemes.contains(&scheme), "{scheme}");
    }
    for scheme in [Scheme::Bearer, other("basi"), other("x-own2"), Scheme::ScramSha256] {
        assert!(!schemes.contains(&scheme), "{scheme}");
    }
    // The boundary between two schemes is part of their hash.
    let pairs = HashSet::from([(other("a"), other("bc"))]);
    assert!(pairs.contains(&(other("A"), other("Bc"))) && !pairs.contains(&(other("ab"), other("c"))));
}
