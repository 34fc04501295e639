//! The configuration: what is accepted, and where errors are.

use proxy_auth_envoy::config::Config;

const SHA256: &str = "aladdin:apps:1e2d0ec2f29380e76c4c713ef341c90e7fba8ae991bc7a3a6d80a33278eced91";

fn error(json: &str) -> String {
    Config::parse(json.as_bytes())
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

fn with(schemes: &str, lines: &str, more: &str) -> String {
    format!(r#"{{"realm":"apps","schemes":{schemes},"users":{{"SHA-256":{lines}}}{more}}}"#)
}

#[test]
fn a_configuration_is_accepted() {
    let json = with(
        r#"["Digest SHA-256","Basic"]"#,
        &format!(r#"["{SHA256}"]"#),
        r#","user_header":"X-User""#,
    );
    assert_eq!(error(&json), "");
    let config = Config::parse(json.as_bytes()).unwrap();
    assert_eq!((config.user_header.as_deref(), config.slots), (Some("x-user"), 4096));
    assert!(config.offers_digest());
}

#[test]
fn errors_say_where() {
    let line = format!(r#"["{SHA256}"]"#);
    let twice = format!(r#"["{SHA256}","{SHA256}"]"#);
    let cases = [
        (String::new(), "line 1 column 0"),
        (with("[]", &line, ""), "schemes"),
        (with(r#"["Basic"]"#, "[]", ""), "users: there are none"),
        (with(r#"["Basic"]"#, &twice, ""), "users.SHA-256[1]: a second line"),
        (
            with(r#"["Basic"]"#, r#"["aladdin:apps:00"]"#, ""),
            "users.SHA-256[0]: expected a hash",
        ),
        (
            with(r#"["Basic"]"#, &line.replace("apps", "x"), ""),
            "users.SHA-256[0]: the realm",
        ),
        (
            with(r#"["Digest MD5"]"#, &line, ""),
            "users.MD5: no line for \"aladdin\"",
        ),
        (with(r#"["Bearer"]"#, &line, ""), "tokens: "),
        (with(r#"["Bearer"]"#, &line, r#","tokens":{"ci":"a b"}"#), "tokens.ci: "),
        (with(r#"["Basic"]"#, &line, r#","slots":0"#), "slots: "),
        (
            with(r#"["Basic"]"#, &line, r#","max_age_seconds":0"#),
            "max_age_seconds: ",
        ),
        (with(r#"["Basic"]"#, &line, r#","user_header":"a b""#), "user_header: "),
        (
            with(r#"["Basic"]"#, &line, r#","user_header":"proxy-authorization""#),
            "user_header: ",
        ),
        (with(r#"["Basic"]"#, &line, r#","other":1"#), "unknown field `other`"),
    ];
    for (json, expected) in cases {
        assert!(error(&json).contains(expected), "{json}: {}", error(&json));
    }
}

#[test]
fn an_error_contains_no_secret() {
    let json = with(r#"["Basic"]"#, r#""open sesame""#, "");
    assert!(!error(&json).is_empty());
    assert!(!error(&json).contains("open sesame"));
}
