//! Tests the reading of field lines, the use of the caller's memory, and realms that need escapes.

use proxy_auth::{Account, Gate, ParseErrorKind, Password, Reason, Rule, SchemeError, basic};

use super::{BASIC, NAME, NOW, PASSWORD, challenges, connect, gate, refuse};

fn offer() -> Gate<&'static str> {
    gate().with_basic()
}

#[test]
fn names_of_fields_are_compared_without_case_among_all_others() {
    let (gate, request) = (offer(), connect());
    for name in ["Proxy-Authorization", "proxy-authorization", "PROXY-AUTHORIZATION"] {
        let fields = [
            ("Host", "x"),
            ("X-Proxy-Authorization", "damaged,"),
            (name, BASIC),
            ("Authorization", "x y z"),
        ];
        let mut scratch = [0; 64];
        assert_eq!(gate.read(&request, fields, &mut scratch).unwrap().name(), Some(NAME));
    }
}

#[test]
fn bytes_are_fields() {
    struct Header {
        name: String,
        value: Vec<u8>,
    }
    let headers = [Header {
        name: "proxy-authorization".to_owned(),
        value: BASIC.into(),
    }];
    let (gate, request, mut scratch) = (offer(), connect(), [0; 64]);
    let fields = headers.iter().map(|header| (&header.name, &header.value));
    assert!(gate.read(&request, fields, &mut scratch).is_ok());
}

#[test]
fn two_field_lines_are_damage_even_if_they_are_equal() {
    for second in [BASIC, "Basic YTpi", "", "Negotiate YQ=="] {
        let fields = [("Proxy-Authorization", BASIC), ("proxy-authorization", second)];
        let refusal = refuse(&offer(), &connect(), &fields);
        let Reason::Damaged(error) = refusal.reason() else {
            panic!("{refusal}")
        };
        assert_eq!(error.kind(), ParseErrorKind::RepeatedField);
    }
}

#[test]
fn values_that_break_the_grammar_are_damaged() {
    for value in [
        "",
        " ",
        ",",
        "Basic YTpi,",
        "Basic YTpi x",
        "Basic \u{e9}",
        "Basic\tYTpi",
        "\"Basic\" YTpi",
        "A=b",
    ] {
        let refusal = refuse(&offer(), &connect(), &[("Proxy-Authorization", value)]);
        assert!(matches!(refusal.reason(), Reason::Damaged(_)), "{value:?}: {refusal}");
        assert!(!refusal.is_guess() && !refusal.is_stale());
        assert_eq!(challenges(&offer(), &refusal), [super::BASIC_CHALLENGE]);
    }
}

#[test]
fn values_that_break_a_rule_of_the_scheme_are_invalid() {
    let content = |rule| SchemeError::InvalidContent { rule };
    for (value, expected) in [
        ("Basic", SchemeError::MissingToken68),
        ("Basic realm=x", SchemeError::MissingToken68),
        ("Basic YWJj", content(Rule::UserPass)),
        ("Basic YTpiAA==", content(Rule::Password)),
        ("Basic AGE6Yg==", content(Rule::UserId)),
    ] {
        let refusal = refuse(&offer(), &connect(), &[("Proxy-Authorization", value)]);
        assert_eq!(refusal.reason(), &Reason::Invalid(expected), "{value}");
    }
    for value in ["Basic YTpiY", "Basic YTpiYw", "Basic YTpiY===", "Basic YTpi-_=="] {
        let refusal = refuse(&offer(), &connect(), &[("Proxy-Authorization", value)]);
        assert!(
            matches!(refusal.reason(), Reason::Invalid(SchemeError::Base64(_))),
            "{value}: {refusal}"
        );
    }
}

/// Returns the length that a gate says it needs.
fn needed(reason: &Reason) -> usize {
    match reason {
        Reason::TooLong { needed } => *needed,
        other => panic!("{other}"),
    }
}

#[test]
fn too_little_memory_is_a_refusal_with_the_length_that_suffices() {
    let (gate, request) = (offer(), connect());
    let fields = [("Proxy-Authorization", BASIC)];
    let length = NAME.len() + 1 + PASSWORD.len();
    for given in 0..length {
        let mut scratch = vec![0; given];
        let refusal = gate.read(&request, fields, &mut scratch).unwrap_err();
        assert_eq!(needed(refusal.reason()), length);
        assert!(!refusal.is_guess());
    }
    let mut scratch = vec![0; length];
    let attempt = gate.read(&request, fields, &mut scratch).unwrap();
    let account = Some(Account::new(NAME, Password::new(PASSWORD)));
    assert!(attempt.check(account, NOW).is_ok());
}

#[test]
fn realms_are_escaped_and_not_changed() {
    for (realm, written) in [
        ("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\""),
        ("", "\"\""),
        ("\u{e9}\u{20ac}\u{1f9de}", "\"\u{e9}\u{20ac}\u{1f9de}\""),
        ("a\tb, Basic realm=c", "\"a\tb, Basic realm=c\""),
    ] {
        let gate = Gate::new(realm).unwrap().with_basic().with_bearer();
        assert_eq!(gate.realm(), realm);
        let refusal = refuse(&gate, &connect(), &[]);
        let [basic, bearer] = &challenges(&gate, &refusal)[..] else {
            panic!("two challenges")
        };
        assert_eq!(basic, &format!("Basic realm={written}, charset=\"UTF-8\""));
        assert_eq!(bearer, &format!("Bearer realm={written}"));
        let challenge = proxy_auth::Challenges::new(basic).next().unwrap().unwrap();
        assert_eq!(basic::Challenge::read(&challenge).unwrap().realm(), realm);
    }
}

#[test]
fn realms_with_control_characters_are_errors() {
    for (realm, offset) in [("a\r\nX: y", 1), ("\0", 0), ("ab\u{7f}", 2)] {
        let error = Gate::new(realm).err().unwrap();
        assert_eq!(
            (error.rule(), error.offset()),
            (Rule::QuotedString, offset),
            "{realm:?}"
        );
    }
}

#[test]
fn a_realm_may_be_owned() {
    let request = connect();
    let gate = Gate::new(String::from("apps")).unwrap().with_basic();
    let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
    assert_eq!(
        gate.deny(&refusal, NOW, 1).challenges().next().unwrap().to_string(),
        super::BASIC_CHALLENGE
    );
    let realm = proxy_auth::heapless::String::<4>::try_from("apps").unwrap();
    let gate = Gate::new(realm).unwrap().with_basic();
    assert_eq!(gate.realm(), "apps");
    assert!(format!("{gate:?}").starts_with("Gate { realm: \"apps\", role: Proxy"));
}
